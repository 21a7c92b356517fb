//! The wish of a person or of the system that this program ends.

use std::io;

/// Calls `end` each time that the program is asked to end: by Ctrl+C, or by whoever runs it.
///
/// # Errors
///
/// Where the system lets nobody listen.
#[cfg(unix)]
pub fn on_end(mut end: impl FnMut() + Send + 'static) -> io::Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM])?;
    std::thread::spawn(move || signals.forever().for_each(|_| end()));
    Ok(())
}

/// Elsewhere the system ends the program.
///
/// # Errors
///
/// None.
#[cfg(not(unix))]
pub fn on_end(_: impl FnMut() + Send + 'static) -> io::Result<()> {
    Ok(())
}

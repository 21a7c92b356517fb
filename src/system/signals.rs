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

/// Calls `end` each time that the program is asked to end by Ctrl+C. Whoever closes its console ends it at once.
///
/// # Errors
///
/// Where the system lets nobody listen.
#[cfg(not(unix))]
pub fn on_end(mut end: impl FnMut() + Send + 'static) -> io::Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    const INTERVAL: std::time::Duration = std::time::Duration::from_millis(100);
    let is_asked = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&is_asked))?;
    }
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(INTERVAL);
            if is_asked.swap(false, Ordering::SeqCst) {
                end();
            }
        }
    });
    Ok(())
}

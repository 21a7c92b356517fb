//! Files that another program has open: Unix renames and deletes them all the same, Windows refuses to.
//!
//! Windows says of some of them what it says of what this program may not do at all. So it waits for that, too, but where the first
//! wait was for nothing, the others are short: a folder of a thousand files that may not be touched is told in seconds.

use std::io;
#[cfg(any(not(unix), test))]
use std::sync::atomic::{AtomicBool, Ordering};
#[cfg(any(not(unix), test))]
use std::time::Duration;

/// The pauses between the attempts: together two seconds, in which a virus scanner, an indexer or a web server is done.
#[cfg(any(not(unix), test))]
const PAUSES: [Duration; 8] = [
    Duration::from_millis(2),
    Duration::from_millis(8),
    Duration::from_millis(30),
    Duration::from_millis(60),
    Duration::from_millis(150),
    Duration::from_millis(350),
    Duration::from_millis(600),
    Duration::from_millis(800),
];

/// How many of the pauses are made for what is most likely not allowed: 40 ms.
#[cfg(any(not(unix), test))]
const SHORT: usize = 3;

/// Does what renames, replaces or deletes, once.
///
/// # Errors
///
/// Those of `attempt`.
#[cfg(unix)]
pub fn patiently<T>(mut attempt: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    attempt()
}

/// Does what renames, replaces or deletes, and again for two seconds at most where another program has the file open.
///
/// # Errors
///
/// Those of `attempt`.
#[cfg(not(unix))]
pub fn patiently<T>(attempt: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    static PATIENCE: Patience = Patience::new(&PAUSES);
    PATIENCE.with(refusal, attempt)
}

/// What an error of Windows says of a file.
#[cfg(not(unix))]
fn refusal(error: &io::Error) -> Refusal {
    match error.raw_os_error() {
        // ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION
        Some(32 | 33) => Refusal::Open,
        // ERROR_ACCESS_DENIED
        Some(5) => Refusal::OpenOrForbidden,
        _ => Refusal::Lasting,
    }
}

/// What an error says of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg(any(not(unix), test))]
enum Refusal {
    /// Another program has it open.
    Open,
    /// Another program has it open, or it is being deleted, or nobody here may touch it.
    OpenOrForbidden,
    /// Something that waiting does not change.
    Lasting,
}

/// How long a program waits for files that others have open.
#[derive(Debug)]
#[cfg(any(not(unix), test))]
struct Patience {
    pauses: &'static [Duration],
    /// Whether the last wait for what could have been open was for nothing.
    was_in_vain: AtomicBool,
}

#[cfg(any(not(unix), test))]
impl Patience {
    const fn new(pauses: &'static [Duration]) -> Self {
        Self {
            pauses,
            was_in_vain: AtomicBool::new(false),
        }
    }

    /// Attempts something, and again after each pause as long as it fails in a way that may pass.
    fn with<T>(
        &self,
        refusal: impl Fn(&io::Error) -> Refusal,
        mut attempt: impl FnMut() -> io::Result<T>,
    ) -> io::Result<T> {
        let mut is_first = true;
        for (index, pause) in self.pauses.iter().enumerate() {
            match attempt() {
                Ok(done) => {
                    if !is_first {
                        self.was_in_vain.store(false, Ordering::Relaxed);
                    }
                    return Ok(done);
                }
                Err(error) => match refusal(&error) {
                    Refusal::Lasting => return Err(error),
                    Refusal::OpenOrForbidden
                        if index >= SHORT && self.was_in_vain.load(Ordering::Relaxed) =>
                    {
                        return Err(error);
                    }
                    Refusal::Open | Refusal::OpenOrForbidden => std::thread::sleep(*pause),
                },
            }
            is_first = false;
        }
        let last = attempt();
        if let Err(error) = &last
            && refusal(error) == Refusal::OpenOrForbidden
        {
            self.was_in_vain.store(true, Ordering::Relaxed);
        }
        last
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};

    use super::*;

    const NO_TIME: [Duration; 8] = [Duration::ZERO; 8];

    /// What becomes of a work that fails with these errors and then succeeds, and how often it is tried.
    fn tried(patience: &Patience, errors: &[ErrorKind]) -> (Result<(), ErrorKind>, usize) {
        let refusal = |error: &Error| match error.kind() {
            ErrorKind::ResourceBusy => Refusal::Open,
            ErrorKind::PermissionDenied => Refusal::OpenOrForbidden,
            _ => Refusal::Lasting,
        };
        let mut left = errors.iter();
        let mut count = 0;
        let done = patience.with(refusal, || {
            count += 1;
            left.next().map_or(Ok(()), |kind| Err(Error::from(*kind)))
        });
        (done.map_err(|error| error.kind()), count)
    }

    #[test]
    fn what_is_open_is_tried_again_and_nothing_else_is() {
        let (denied, missing) = (ErrorKind::PermissionDenied, ErrorKind::NotFound);
        let patience = Patience::new(&NO_TIME);
        assert_eq!(tried(&patience, &[]), (Ok(()), 1));
        assert_eq!(tried(&patience, &[denied, denied]), (Ok(()), 3));
        assert_eq!(tried(&patience, &[denied, missing]), (Err(missing), 2));
        assert_eq!(tried(&patience, &[ErrorKind::ResourceBusy; 8]), (Ok(()), 9));
        assert_eq!(PAUSES.iter().sum::<Duration>(), Duration::from_secs(2));
        assert_eq!(
            PAUSES[..SHORT].iter().sum::<Duration>(),
            Duration::from_millis(40)
        );
    }

    #[test]
    fn many_files_that_may_not_be_touched_take_one_long_wait() {
        let (denied, busy) = (ErrorKind::PermissionDenied, ErrorKind::ResourceBusy);
        let patience = Patience::new(&NO_TIME);
        assert_eq!(tried(&patience, &[denied; 20]), (Err(denied), 9));
        assert_eq!(tried(&patience, &[denied; 20]), (Err(denied), SHORT + 1));
        // What is surely open is waited for as before.
        assert_eq!(tried(&patience, &[busy; 20]), (Err(busy), 9));
        assert_eq!(tried(&patience, &[denied; 20]), (Err(denied), SHORT + 1));
        // So is everything once a wait was worth it.
        assert_eq!(tried(&patience, &[denied; 2]), (Ok(()), 3));
        assert_eq!(tried(&patience, &[denied; 7]), (Ok(()), 8));
    }
}

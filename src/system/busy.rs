//! Files that another program has open: Unix renames and deletes them all the same, Windows refuses to.

use std::io;
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
    // ERROR_ACCESS_DENIED, of what is open or is being deleted; ERROR_SHARING_VIOLATION; ERROR_LOCK_VIOLATION.
    let is_busy = |error: &io::Error| matches!(error.raw_os_error(), Some(5 | 32 | 33));
    again_while(is_busy, &PAUSES, attempt)
}

/// Attempts something, and again after each pause as long as it fails in a way that passes.
#[cfg(any(not(unix), test))]
fn again_while<T>(
    is_passing: impl Fn(&io::Error) -> bool,
    pauses: &[Duration],
    mut attempt: impl FnMut() -> io::Result<T>,
) -> io::Result<T> {
    for pause in pauses {
        match attempt() {
            Err(error) if is_passing(&error) => std::thread::sleep(*pause),
            done => return done,
        }
    }
    attempt()
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};

    use super::*;

    #[test]
    fn what_is_open_is_tried_again_and_nothing_else_is() {
        let tried = |errors: &[ErrorKind]| {
            let mut left = errors.iter();
            let mut count = 0;
            let done = again_while(
                |error| error.kind() == ErrorKind::PermissionDenied,
                &PAUSES[..2],
                || {
                    count += 1;
                    left.next().map_or(Ok(()), |kind| Err(Error::from(*kind)))
                },
            );
            (done.map_err(|error| error.kind()), count)
        };
        let (denied, missing) = (ErrorKind::PermissionDenied, ErrorKind::NotFound);
        assert_eq!(tried(&[]), (Ok(()), 1));
        assert_eq!(tried(&[denied, denied]), (Ok(()), 3));
        assert_eq!(tried(&[denied, missing]), (Err(missing), 2));
        assert_eq!(tried(&[denied; 9]), (Err(denied), 3));
    }
}

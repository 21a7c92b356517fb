//! What the system says of a connection, or of a look-up of a name, that failed.

use std::io;

/// Whether the system has no file left for a connection (`ENFILE` and `EMFILE`; `WSAEMFILE` of Windows).
pub fn has_no_file(error: &io::Error) -> bool {
    #[cfg(unix)]
    return matches!(error.raw_os_error(), Some(23 | 24));
    #[cfg(not(unix))]
    return error.raw_os_error() == Some(10_024);
}

/// Whether a number of a failed look-up says that there was no answer, and not that the name has no addresses. On Unix the
/// libraries of C say in words why one failed, and a number is that of another failure (`WSATRY_AGAIN` and
/// `WSANO_RECOVERY` of Windows).
pub fn is_without_answer(error: &io::Error) -> bool {
    #[cfg(unix)]
    return error.raw_os_error().is_some();
    #[cfg(not(unix))]
    return matches!(error.raw_os_error(), Some(11_002 | 11_003));
}

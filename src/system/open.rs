//! Opening a file to read it.

use std::fs::File;
use std::io;
use std::path::Path;

/// Opens what stands below a folder, where no link is on the way: nobody can put one there in between.
///
/// # Errors
///
/// Where a link is on the way, it cannot be opened, or the system cannot look for links by itself ([`is_unsupported`]).
#[cfg(target_os = "linux")]
pub fn beneath(root: &Path, path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags, ResolveFlags, open, openat2};
    let folder = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let root = open(root, folder, Mode::empty())?;
    let file = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let inside = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
    let opened = openat2(&root, path, file, Mode::empty(), inside)?;
    Ok(File::from(opened))
}

/// Opens what stands below a folder, where no link is on the way: nobody can put one there in between.
///
/// # Errors
///
/// Where a link is on the way, it cannot be opened, or the system cannot look for links by itself ([`is_unsupported`]).
#[cfg(not(target_os = "linux"))]
pub fn beneath(_: &Path, _: &Path) -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Whether a system, or what a container lets through of it, has no call that looks for links.
pub fn is_unsupported(error: &io::Error) -> bool {
    #[cfg(target_os = "linux")]
    if let Some(code) = rustix::io::Errno::from_io_error(error) {
        use rustix::io::Errno;
        return [Errno::NOSYS, Errno::PERM, Errno::INVAL].contains(&code);
    }
    error.kind() == io::ErrorKind::Unsupported
}

/// Opens a file, and waits for no writer of a FIFO.
///
/// # Errors
///
/// Where it cannot be opened.
pub fn at_once(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }
    options.open(path)
}

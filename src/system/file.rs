//! What the system says of a file or a folder.

use std::fmt::{self, Display};
use std::fs::{FileType, Metadata};
use std::path::Path;
use std::time::SystemTime;

/// What tells a file or folder from every other one that is there now, whatever name it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    disk: u64,
    number: u64,
}

impl Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.disk, self.number)
    }
}

impl Identity {
    /// The identity of what stands at a path, links not followed; `None` where nothing does, or the system does not tell.
    #[cfg(unix)]
    pub fn at(path: &Path) -> Option<Self> {
        Self::of(&std::fs::symlink_metadata(path).ok()?)
    }

    /// The identity of what stands at a path, links not followed; `None` where nothing does, or the system does not tell.
    #[cfg(not(unix))]
    pub fn at(path: &Path) -> Option<Self> {
        const NOT_BEHIND_LINKS: u32 = 0x0020_0000;
        identity(path, NOT_BEHIND_LINKS)
    }

    /// The identity of a file, where its metadata hold it.
    #[cfg(unix)]
    pub fn of(metadata: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        Some(Self {
            disk: metadata.dev(),
            number: metadata.ino(),
        })
    }

    /// The identity of a file, where its metadata hold it: they do not.
    #[cfg(not(unix))]
    pub fn of(_: &Metadata) -> Option<Self> {
        None
    }
}

/// The disk on which something lies, links followed; `None` where nothing is there, or the system does not tell.
pub fn disk(path: &Path) -> Option<u64> {
    #[cfg(unix)]
    let identity = Identity::of(&std::fs::metadata(path).ok()?);
    #[cfg(not(unix))]
    let identity = identity(path, 0);
    Some(identity?.disk)
}

/// What an open file says of itself, where a path does not.
#[cfg(not(unix))]
fn identity(path: &Path, flags: u32) -> Option<Identity> {
    use std::os::windows::fs::OpenOptionsExt as _;
    const FOLDERS_TOO: u32 = 0x0200_0000;
    let mut options = std::fs::File::options();
    // To look at it alone, which no other program forbids.
    options.access_mode(0).custom_flags(FOLDERS_TOO | flags);
    let handle = winapi_util::Handle::from_file(options.open(path).ok()?);
    let information = winapi_util::file::information(&handle).ok()?;
    Some(Identity {
        disk: information.volume_serial_number(),
        number: information.file_index(),
    })
}

/// When anything about a file was changed last, its times and its name too, which nobody can choose; `None` where the system
/// does not tell.
#[cfg(unix)]
pub fn changed(metadata: &Metadata) -> Option<SystemTime> {
    use std::os::unix::fs::MetadataExt as _;
    let since = std::time::Duration::new(
        metadata.ctime().try_into().ok()?,
        metadata.ctime_nsec().try_into().ok()?,
    );
    Some(SystemTime::UNIX_EPOCH + since)
}

/// When anything about a file was changed last, its times and its name too, which nobody can choose; `None` where the system
/// does not tell.
#[cfg(not(unix))]
pub fn changed(_: &Metadata) -> Option<SystemTime> {
    None
}

/// What something is that is neither a file nor a folder.
#[cfg(unix)]
pub fn special(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;
    if kind.is_fifo() {
        "a FIFO"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

/// What something is that is neither a file nor a folder.
#[cfg(not(unix))]
pub fn special(_: FileType) -> &'static str {
    "something else"
}

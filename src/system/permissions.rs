//! Who may read and write what lies on the disk: by owner, group and mode on Unix, and elsewhere by what a folder hands on to
//! all that is made in it.

use std::fs::{DirBuilder, File, Metadata, OpenOptions};
use std::io;
use std::path::Path;

/// Gives an open file the permissions of another one, and its owner and group as far as the system lets this program.
///
/// # Errors
///
/// Where the permissions cannot be given.
pub fn give(file: &File, other: &Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, fchown};
        // Only root may give a file away; the group may be one of those of whoever runs this.
        if fchown(file, Some(other.uid()), Some(other.gid())).is_err() {
            let _ = fchown(file, None, Some(other.gid()));
        }
    }
    file.set_permissions(other.permissions())
}

/// Gives a folder the permissions of another one, and its owner and group as far as the system lets this program.
///
/// # Errors
///
/// Where the permissions cannot be given.
pub fn give_folder(folder: &Path, other: &Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, chown};
        // Only root may give a folder away; the group may be one of those of whoever runs this.
        if chown(folder, Some(other.uid()), Some(other.gid())).is_err() {
            let _ = chown(folder, None, Some(other.gid()));
        }
    }
    std::fs::set_permissions(folder, other.permissions())
}

/// Sees to it that these permissions of a mode are given, which the mask of the process may have taken away (`umask`).
///
/// # Errors
///
/// Where they cannot be given.
#[cfg(unix)]
pub fn allow(path: &Path, mode: u32) -> io::Result<()> {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;
    let mut permissions = fs::metadata(path)?.permissions();
    let given = permissions.mode();
    if given & mode == mode {
        return Ok(());
    }
    permissions.set_mode(given & 0o7777 | mode);
    fs::set_permissions(path, permissions)
}

/// Sees to it that these permissions of a mode are given: there are none.
///
/// # Errors
///
/// None.
#[cfg(not(unix))]
pub fn allow(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

/// Takes all permissions for a folder from everybody but its owner.
///
/// # Errors
///
/// Where they cannot be taken.
#[cfg(unix)]
pub fn hide(folder: &Path) -> io::Result<()> {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;
    let mut permissions = fs::metadata(folder)?.permissions();
    permissions.set_mode(permissions.mode() & 0o7700);
    fs::set_permissions(folder, permissions)
}

/// Takes all permissions for a folder from everybody but its owner: nothing is done, so that whoever may look into the folder
/// above may look into it, too.
///
/// # Errors
///
/// None.
#[cfg(not(unix))]
pub fn hide(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Has a new folder be made with a mode.
pub fn folder_with(builder: &mut DirBuilder, mode: u32) {
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(builder, mode);
    #[cfg(not(unix))]
    let _ = (builder, mode);
}

/// Has a new file be made with a mode.
pub fn file_with(options: &mut OpenOptions, mode: u32) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, mode);
    #[cfg(not(unix))]
    let _ = (options, mode);
}

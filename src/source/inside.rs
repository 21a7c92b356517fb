//! The one place that decides what lies inside of a site, and opens it.
//!
//! A path lies inside where it is made of names alone (no `..`, no root), and where no link on it leads out of
//! the site's real folder or into the repository that git keeps in `.git`. A link to another place in the site is
//! followed, so that a folder of a ConfigMap works, and so is one on the way to the site itself.
//!
//! Only files are opened: a FIFO would have a build wait for its writer, and a device may never end. The type is that of
//! what was opened, not of what stood there before.

use std::fmt::Display;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read as _};

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use crate::diagnostic::{Code, Diagnostic};
use crate::error::Error;
use crate::system::file::special;
use crate::system::open;
use crate::system::path::real_utf8;

/// Why something in a site's folder is not read.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Nothing is there.
    Missing,
    /// This path leads out of the site: the one that was asked for, or a link on the way to it.
    Outside(Utf8PathBuf),
    /// This link, on the way to it or it itself, leads to nothing.
    ToNothing(Utf8PathBuf),
    /// It is this, and not a file.
    NoFile(&'static str),
    /// It has more bytes than are read.
    TooLarge(Size),
    /// The system refused.
    System(io::Error),
}

/// The size of a file that is too large, in bytes.
#[derive(Debug)]
pub(super) struct Size {
    /// The size that the file says it has.
    said: u64,
    /// The most that is read.
    largest: u64,
}

/// The hint where something else stands in the place of a file.
pub(super) const WANTS_FILE: &str = "put a file in its place, or remove it";

impl Refusal {
    /// The finding about the file at a path from the site's folder.
    pub(super) fn diagnostic(self, path: &Utf8Path) -> Diagnostic {
        match self {
            Self::Missing => unreadable(path, &"there is no such file"),
            Self::Outside(path) if !is_outside_git(&path) => {
                let message = "what git keeps for itself is no part of the site";
                Diagnostic::file_error(Code::OutsideSite, path, message)
                    .hint("move it out of this folder")
            }
            Self::Outside(link) => Diagnostic::file_error(
                Code::OutsideSite,
                link,
                "this link leads out of the site's folder",
            )
            .hint("copy what it leads to into the site: what is published must be in the site's history"),
            Self::ToNothing(link) => {
                Diagnostic::file_error(Code::UnreadableFile, link, "this link leads to nothing")
                    .hint("bring back what it leads to, or put a file in its place")
            }
            Self::NoFile(what) => {
                let message = format!("this is {what}, not a file");
                Diagnostic::file_error(Code::SpecialFile, path, message).hint(WANTS_FILE)
            }
            Self::TooLarge(Size { said, largest }) => {
                let most = largest >> 20;
                let message = match said > largest {
                    true => format!(
                        "this file has {} MB, more than the {most} MB that are read",
                        said >> 20
                    ),
                    false => format!("this file goes on behind the {most} MB that are read"),
                };
                Diagnostic::file_error(Code::FileTooLarge, path, message).hint("split it")
            }
            Self::System(error) => unreadable(path, &error),
        }
    }

    /// The failure of a command that meant the file at `path`.
    pub(super) fn error(self, action: &'static str, path: &Utf8Path) -> Error {
        match self {
            Self::Missing => Error::io(action, path)(ErrorKind::NotFound.into()),
            Self::Outside(link) => Error::OutsideSite(link),
            Self::ToNothing(link) => Error::LinkToNothing(link),
            Self::NoFile(what) => Error::NoFile {
                path: path.to_owned(),
                what,
            },
            Self::TooLarge(_) => Error::io(action, path)(ErrorKind::FileTooLarge.into()),
            Self::System(error) => Error::io(action, path)(error),
        }
    }
}

/// The finding that a file cannot be read.
fn unreadable(path: &Utf8Path, why: &dyn Display) -> Diagnostic {
    let message = format!("cannot be read: {why}");
    Diagnostic::file_error(Code::UnreadableFile, path, message)
}

/// The real path of what stands at a path from the site's real folder `root`.
pub(super) fn real(root: &Utf8Path, path: &Utf8Path) -> Result<Utf8PathBuf, Refusal> {
    if !is_plain(path) {
        return Err(Refusal::Outside(path.to_owned()));
    }
    let mut at = Utf8PathBuf::new();
    for part in path.components() {
        at.push(part);
        let metadata =
            fs::symlink_metadata(root.join(&at)).map_err(|error| match error.kind() {
                ErrorKind::NotFound | ErrorKind::NotADirectory => Refusal::Missing,
                _ => Refusal::System(error),
            })?;
        if metadata.is_symlink() {
            follow(root, &at)?;
        }
    }
    real_utf8(&root.join(path)).map_err(Refusal::System)
}

/// The real path of what a link of the site leads to.
pub(super) fn follow(root: &Utf8Path, link: &Utf8Path) -> Result<Utf8PathBuf, Refusal> {
    match real_utf8(&root.join(link)) {
        Ok(real) if real.strip_prefix(root).is_ok_and(is_outside_git) => Ok(real),
        Ok(_) => Err(Refusal::Outside(link.to_owned())),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Err(Refusal::ToNothing(link.to_owned()))
        }
        Err(error) => Err(Refusal::System(error)),
    }
}

/// Whether a path is made of names alone.
fn is_plain(path: &Utf8Path) -> bool {
    let mut parts = path.components();
    parts.all(|part| matches!(part, Utf8Component::Normal(_))) && is_outside_git(path)
}

/// Whether a path leads past what git keeps for itself.
fn is_outside_git(path: &Utf8Path) -> bool {
    let mut parts = path.components();
    !parts.any(|part| part.as_str().eq_ignore_ascii_case(".git"))
}

/// Reads a file of the site, at most so many bytes.
pub(super) fn read(root: &Utf8Path, path: &Utf8Path, largest: u64) -> Result<Vec<u8>, Refusal> {
    all(open(root, path)?, largest)
}

/// Reads a file that need not be one of the site, at most so many bytes.
pub(super) fn read_anywhere(path: &Utf8Path, largest: u64) -> Result<Vec<u8>, Refusal> {
    let metadata = fs::metadata(path).map_err(Refusal::System)?;
    if let Some(what) = no_file(&metadata) {
        return Err(Refusal::NoFile(what));
    }
    all(
        open::at_once(path.as_std_path()).map_err(Refusal::System)?,
        largest,
    )
}

/// Everything in a file; its size is what is read, whatever it says before.
fn all(file: File, largest: u64) -> Result<Vec<u8>, Refusal> {
    let metadata = file.metadata().map_err(Refusal::System)?;
    if let Some(what) = no_file(&metadata) {
        return Err(Refusal::NoFile(what));
    }
    let said = metadata.len();
    let too_large = || Refusal::TooLarge(Size { said, largest });
    if said > largest {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(said).unwrap_or_default() + 1);
    let read = file.take(largest + 1).read_to_end(&mut bytes);
    read.map_err(Refusal::System)?;
    match bytes.len() as u64 > largest {
        true => Err(too_large()),
        false => Ok(bytes),
    }
}

/// Opens a file of the site.
fn open(root: &Utf8Path, path: &Utf8Path) -> Result<File, Refusal> {
    if !is_plain(path) {
        return Err(Refusal::Outside(path.to_owned()));
    }
    if let Ok(file) = open::beneath(root.as_std_path(), path.as_std_path()) {
        return Ok(file);
    }
    // A link is on the way, nothing is there, or the system cannot look for links by itself.
    let real = real(root, path)?;
    let metadata = fs::symlink_metadata(&real).map_err(Refusal::System)?;
    if let Some(what) = no_file(&metadata) {
        return Err(Refusal::NoFile(what));
    }
    let inside = real.strip_prefix(root).unwrap_or(&real);
    match open::beneath(root.as_std_path(), inside.as_std_path()) {
        Err(error) if open::is_unsupported(&error) => {
            open::at_once(real.as_std_path()).map_err(Refusal::System)
        }
        opened => opened.map_err(Refusal::System),
    }
}

/// What something is that is not a file; `None` for a file.
pub(super) fn no_file(metadata: &Metadata) -> Option<&'static str> {
    let kind = metadata.file_type();
    if kind.is_file() {
        return None;
    }
    if kind.is_dir() {
        return Some("a folder");
    }
    Some(special(kind))
}

/// Whether a folder of the site is there: what is missing is not empty.
pub(super) fn has_folder(root: &Utf8Path, folder: &Utf8Path) -> Result<bool, Box<Diagnostic>> {
    let missing = |path: &Utf8Path, message: &str, hint: &str| {
        let finding = Diagnostic::file_error(Code::MissingFolder, path, message);
        Box::new(finding.hint(hint))
    };
    let real = match real(root, folder) {
        Ok(real) => real,
        Err(Refusal::Missing) => return Ok(false),
        Err(Refusal::ToNothing(link)) => {
            let hint = "bring back what it leads to, as a mount or a submodule, or remove the link";
            return Err(missing(&link, "this link leads to nothing", hint));
        }
        Err(refusal) => return Err(Box::new(refusal.diagnostic(folder))),
    };
    let metadata = fs::metadata(&real).map_err(|error| Box::new(unreadable(folder, &error)))?;
    if metadata.is_dir() {
        return Ok(true);
    }
    let what = match metadata.is_file() {
        true => "a file",
        false => special(metadata.file_type()),
    };
    let message = format!("this is {what}, where a folder is meant");
    let hint = "put the folder in its place, or remove it";
    Err(missing(folder, &message, hint))
}

/// The path at which a command writes a file of the site in `folder`, which need not be there yet: `path` in that
/// folder, or where the links on it lead, which stay what they are.
///
/// # Errors
///
/// Where it leads out of the site, or something else than a file stands there.
pub fn target(folder: &Utf8Path, path: &Utf8Path) -> Result<Utf8PathBuf, Error> {
    let named = match folder.as_str() {
        "." | "" => path.to_owned(),
        _ => folder.join(path),
    };
    let refused = |refusal: Refusal| match refusal {
        Refusal::NoFile(_) => refusal.error("write", &named),
        refusal => refusal.error("write", path),
    };
    if !is_plain(path) {
        return Err(Error::OutsideSite(path.to_owned()));
    }
    let Ok(root) = root_of(folder) else {
        // The folder is made together with the file.
        return Ok(named);
    };
    let mut below = Utf8PathBuf::new();
    for above in path.ancestors() {
        match real(&root, above) {
            Err(Refusal::Missing) => {}
            Ok(real) => {
                let whole = match below.as_str() {
                    "" => real.clone(),
                    below => real.join(below),
                };
                let metadata = fs::metadata(&real)
                    .map_err(Refusal::System)
                    .map_err(refused)?;
                let is_whole = below.as_str().is_empty();
                if let Some(what) = no_file(&metadata).filter(|_| is_whole) {
                    return Err(refused(Refusal::NoFile(what)));
                }
                let is_as_named = whole == root.join(path);
                return Ok(if is_as_named { named } else { whole });
            }
            Err(refusal) => return Err(refused(refusal)),
        }
        let name = above.file_name().unwrap_or_default();
        below = match below.as_str() {
            "" => name.into(),
            below => Utf8Path::new(name).join(below),
        };
    }
    Ok(named)
}

/// The real path of a site's folder.
pub(super) fn root_of(folder: &Utf8Path) -> io::Result<Utf8PathBuf> {
    match folder.as_str() {
        "" => real_utf8(Utf8Path::new(".")),
        _ => real_utf8(folder),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    #[cfg(unix)]
    use std::os::unix::fs::symlink;

    use super::*;

    /// A folder `outside` with a file, and a site beside it.
    fn site() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let base = Utf8Path::from_path(folder.path()).unwrap();
        let base = real_utf8(base).unwrap();
        fs::create_dir_all(base.join("outside")).unwrap();
        fs::write(base.join("outside/secret"), "secret").unwrap();
        let root = base.join("site");
        fs::create_dir_all(root.join("a")).unwrap();
        fs::write(root.join("a/file"), "text").unwrap();
        (folder, root)
    }

    #[test]
    fn a_path_of_names_is_inside_and_no_other() {
        let (_folder, root) = site();
        assert_eq!(read(&root, "a/file".into(), 10).unwrap(), b"text");
        for path in [
            "../outside/secret",
            "a/../../outside/secret",
            "a/../a/file",
            "/etc/hosts",
            ".git/x",
            "",
        ] {
            let refused = read(&root, path.into(), 10);
            assert!(
                matches!(refused, Err(Refusal::Outside(_) | Refusal::NoFile(_))),
                "{path}: {refused:?}"
            );
        }
        assert!(matches!(
            read(&root, "a/none".into(), 10),
            Err(Refusal::Missing)
        ));
        assert!(matches!(
            read(&root, "a".into(), 10),
            Err(Refusal::NoFile("a folder"))
        ));
        assert!(matches!(
            read(&root, "a/file".into(), 3),
            Err(Refusal::TooLarge(_))
        ));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_as_long_as_they_stay_inside() {
        let (_folder, root) = site();
        let link = |target: &str, name: &str| symlink(target, root.join(name)).unwrap();
        link("a", "b");
        link("b/file", "again");
        link("../site/a/file", "around");
        link("../outside", "out");
        link("out", "twice");
        link("nowhere", "nothing");
        link("self", "self");
        for path in ["b/file", "again", "around"] {
            assert_eq!(read(&root, path.into(), 10).unwrap(), b"text", "{path}");
        }
        for (path, at) in [("out/secret", "out"), ("twice/secret", "twice")] {
            match read(&root, path.into(), 10) {
                Err(Refusal::Outside(link)) => assert_eq!(link, at),
                other => assert!(other.is_err_and(|_| false), "{path}"),
            }
        }
        assert!(matches!(
            read(&root, "nothing".into(), 10),
            Err(Refusal::ToNothing(_))
        ));
        assert!(matches!(
            read(&root, "nothing/x".into(), 10),
            Err(Refusal::ToNothing(_))
        ));
        assert!(matches!(
            read(&root, "self".into(), 10),
            Err(Refusal::System(_))
        ));
    }

    /// Files of the kernel's say that they are empty; some of them never end.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_read_has_an_end_whatever_a_file_says_of_itself() {
        let text = read_anywhere("/proc/self/status".into(), 1 << 20).unwrap();
        assert!(!text.is_empty());
        let cut = read_anywhere("/proc/self/status".into(), 10);
        assert!(matches!(cut, Err(Refusal::TooLarge(_))), "{cut:?}");
        let device = read_anywhere("/dev/zero".into(), 10);
        assert!(
            matches!(device, Err(Refusal::NoFile("a device"))),
            "{device:?}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_command_writes_where_links_inside_lead() {
        let (_folder, root) = site();
        symlink("a", root.join("b")).unwrap();
        symlink("../outside", root.join("out")).unwrap();
        assert_eq!(
            target(&root, "new/x.md".into()).unwrap(),
            root.join("new/x.md")
        );
        assert_eq!(target(&root, "b/x.md".into()).unwrap(), root.join("a/x.md"));
        assert_eq!(target(&root, "b/file".into()).unwrap(), root.join("a/file"));
        for path in [
            "out/x.md",
            "out/new/x.md",
            "../x.md",
            "/x.md",
            "a/../../x.md",
        ] {
            let refused = target(&root, path.into());
            assert!(matches!(refused, Err(Error::OutsideSite(_))), "{path}");
        }
        assert!(matches!(
            target(&root, "a".into()),
            Err(Error::NoFile { .. })
        ));
        let new = root.join("none");
        assert_eq!(target(&new, "x.md".into()).unwrap(), new.join("x.md"));
    }
}

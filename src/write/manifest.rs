//! The list of the files that this program made in an output folder: the only ones that it may overwrite or delete.

use std::fs;
use std::io;

use camino::Utf8Path;

use super::{path, staging};
use crate::error::Error;

/// The manifest's name in the output folder.
pub(super) const NAME: &str = ".allclear-manifest";

/// The manifest's first line, which names its version.
const TAG: &str = "allclear manifest 1";

/// The text of the manifest of `folder`; `None` for a folder that is empty.
pub(super) fn read(folder: &Utf8Path) -> Result<Option<String>, Error> {
    let file = folder.join(NAME);
    let unsafe_output = |reason| Error::UnsafeOutput {
        path: folder.to_owned(),
        reason,
    };
    match fs::symlink_metadata(&file) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => return Err(unsafe_output("its `.allclear-manifest` is not a file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return if is_empty(folder)? {
                Ok(None)
            } else {
                Err(Error::ForeignOutput(folder.to_owned()))
            };
        }
        Err(error) => return Err(Error::io("read", &file)(error)),
    }
    let bytes = fs::read(&file).map_err(Error::io("read", &file))?;
    match String::from_utf8(bytes) {
        Ok(text) if text.lines().next() == Some(TAG) => Ok(Some(text)),
        _ => Err(unsafe_output(
            "its `.allclear-manifest` is damaged or of another version of allclear",
        )),
    }
}

/// Whether `folder` holds nothing, or only what a first build that was killed left behind.
fn is_empty(folder: &Utf8Path) -> Result<bool, Error> {
    for entry in fs::read_dir(folder).map_err(Error::io("list", folder))? {
        if entry.map_err(Error::io("list", folder))?.file_name() != staging::NAME {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The paths in a manifest's text. Lines that this program cannot have written are left out.
pub(super) fn paths(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .skip(1)
        .filter(|line| path::danger(line).is_none())
}

/// A manifest's text: sorted, each path once.
pub(super) fn text(mut paths: Vec<&str>) -> String {
    paths.sort_unstable();
    paths.dedup();
    let mut text = String::with_capacity(
        paths.iter().map(|path| path.len() + 1).sum::<usize>() + TAG.len() + 1,
    );
    for line in std::iter::once(TAG).chain(paths) {
        text.push_str(line);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{paths, text};

    #[test]
    fn a_manifest_is_sorted_and_reads_back() {
        let manifest = text(vec!["b", "a/index.html", "b"]);
        assert_eq!(manifest, "allclear manifest 1\na/index.html\nb\n");
        assert_eq!(paths(&manifest).collect::<Vec<_>>(), ["a/index.html", "b"]);
    }

    #[test]
    fn lines_that_no_build_wrote_do_not_count() {
        let manifest = "allclear manifest 1\n../up\n/etc/passwd\n\na/../../b\n.git/config\n.allclear-x\ngood\n";
        assert_eq!(paths(manifest).collect::<Vec<_>>(), ["good"]);
    }
}

//! The list of the files that this program made in an output folder: the only ones that it may overwrite or delete.

use std::fs;
use std::io;

use camino::Utf8Path;

use super::{path, staging};
use crate::error::Error;
use crate::system::lock;

/// The manifest's name in the output folder.
pub(super) const NAME: &str = ".allclear-manifest";

/// The manifest's first line, which names its version.
const TAG: &str = "allclear manifest 1";

/// The manifest's last line, which no path is: what ends otherwise lacks its end.
const END: &str = "/end";

/// A manifest as it was found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Manifest {
    /// Its text: of one that is torn, the lines that are whole.
    pub(super) text: String,
    /// Whether a part of it is missing, as after a power cut.
    pub(super) is_torn: bool,
}

/// The manifest of `folder`; `None` for a folder that is empty.
pub(super) fn read(folder: &Utf8Path) -> Result<Option<Manifest>, Error> {
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
    let reason = "its `.allclear-manifest` is damaged or of another version of allclear";
    found(bytes).map(Some).ok_or_else(|| unsafe_output(reason))
}

/// The manifest of these bytes; `None` where they are none, or one of another version.
///
/// What a power cut tears ends early, or has zeros for an end.
fn found(mut bytes: Vec<u8>) -> Option<Manifest> {
    let length = bytes.len();
    let zeros = bytes.iter().position(|byte| *byte == 0);
    bytes.truncate(zeros.unwrap_or(length));
    let first = format!("{TAG}\n");
    if !bytes.starts_with(first.as_bytes()) {
        return first.as_bytes().starts_with(&bytes).then_some(Manifest {
            text: first,
            is_torn: true,
        });
    }
    let lines = bytes.iter().rposition(|byte| *byte == b'\n');
    bytes.truncate(lines.map_or(0, |at| at + 1));
    let is_cut = bytes.len() < length;
    let text = String::from_utf8(bytes).ok()?;
    let is_torn = is_cut || text.lines().next_back() != Some(END);
    Some(Manifest { text, is_torn })
}

/// The file that an agent locks before its first build.
pub(super) const HELD: &str = ".allclear-agent";

/// Whether `folder` holds nothing, or only what an agent at work or a first build that was killed left behind.
fn is_empty(folder: &Utf8Path) -> Result<bool, Error> {
    for entry in fs::read_dir(folder).map_err(Error::io("list", folder))? {
        let name = entry.map_err(Error::io("list", folder))?.file_name();
        if ![staging::NAME, HELD, lock::NAME]
            .iter()
            .any(|own| name == *own)
        {
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
    let lines = [TAG].into_iter().chain(paths).chain([END]);
    let length = lines.clone().map(|line| line.len() + 1).sum();
    let mut text = String::with_capacity(length);
    for line in lines {
        text.push_str(line);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Manifest, found, paths, text};

    #[test]
    fn a_manifest_is_sorted_and_reads_back() {
        let manifest = text(vec!["b", "a/index.html", "b"]);
        assert_eq!(manifest, "allclear manifest 1\na/index.html\nb\n/end\n");
        assert_eq!(paths(&manifest).collect::<Vec<_>>(), ["a/index.html", "b"]);
    }

    #[test]
    fn a_torn_manifest_keeps_its_whole_lines() {
        let manifest = |text: &str, is_torn| {
            let text = text.to_owned();
            Some(Manifest { text, is_torn })
        };
        let first = "allclear manifest 1\n";
        for (bytes, expected) in [
            (
                &b"allclear manifest 1\na\nb\n/end\n"[..],
                manifest("allclear manifest 1\na\nb\n/end\n", false),
            ),
            (
                b"allclear manifest 1\n/end\n",
                manifest("allclear manifest 1\n/end\n", false),
            ),
            (
                b"allclear manifest 1\na\n/end",
                manifest("allclear manifest 1\na\n", true),
            ),
            (
                b"allclear manifest 1\na\n/end\n\0",
                manifest("allclear manifest 1\na\n/end\n", true),
            ),
            (
                b"allclear manifest 1\na\n",
                manifest("allclear manifest 1\na\n", true),
            ),
            (
                b"allclear manifest 1\na\nb",
                manifest("allclear manifest 1\na\n", true),
            ),
            (
                b"allclear manifest 1\na\n\xd8",
                manifest("allclear manifest 1\na\n", true),
            ),
            (
                b"allclear manifest 1\na\n\0\0",
                manifest("allclear manifest 1\na\n", true),
            ),
            (b"allclear manifest 1\na\0\0\n/end\n", manifest(first, true)),
            (b"allclear manifest 1", manifest(first, true)),
            (b"all", manifest(first, true)),
            (b"", manifest(first, true)),
            (b"\0\0\0", manifest(first, true)),
            (b"allclear manifest 2\na\n", None),
            (b"allclear manifest 12\n", None),
            (b"allclear manifest 1\n\xd8\n", None),
            (b"a\n", None),
        ] {
            assert_eq!(
                found(bytes.to_vec()),
                expected,
                "{:?}",
                bytes.escape_ascii().to_string()
            );
        }
    }

    #[test]
    fn lines_that_no_build_wrote_do_not_count() {
        let manifest = "allclear manifest 1\n../up\n/etc/passwd\n\na/../../b\n.git/config\n.allclear-x\ngood\n";
        assert_eq!(paths(manifest).collect::<Vec<_>>(), ["good"]);
    }
}

//! All files of the page in the order of their paths, with those that no folder could hold.

use super::file::Output;
use super::path;

/// The files of the page, sorted by the keys of their paths, and everything that is wrong with these.
///
/// A folder can hold the files where there is no flaw: `check` reports them all, and nothing is written while there
/// is one.
#[derive(Debug)]
pub(crate) struct Arrangement<'a> {
    /// The files.
    pub(crate) files: Vec<Keyed<'a>>,
    /// The flaws: first those of single paths.
    pub(crate) flaws: Vec<Flaw<'a>>,
}

/// A file of the page with the key that it is sorted by.
#[derive(Debug)]
pub(crate) struct Keyed<'a> {
    /// The key of its path.
    pub(crate) key: String,
    /// The file.
    pub(crate) output: &'a Output,
}

impl<'a> Keyed<'a> {
    /// Its path from the output folder.
    pub(crate) fn path(&self) -> &'a str {
        self.output.path.as_str()
    }
}

/// Why a file of the page cannot be written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Flaw<'a> {
    /// No file can lie at its path.
    Path {
        /// The file.
        output: &'a Output,
        /// The reason.
        reason: &'static str,
    },
    /// Two files cannot both be written.
    Clash {
        /// The first by path: a file, or one in a folder, of the other's name.
        first: &'a Output,
        /// The other.
        second: &'a Output,
    },
}

/// Sorts the files of the page, and finds those that cannot be written.
pub(crate) fn arrange<'a>(outputs: impl IntoIterator<Item = &'a Output>) -> Arrangement<'a> {
    let keyed = outputs.into_iter().map(|output| Keyed {
        key: path::key(output.path.as_str()),
        output,
    });
    let mut files: Vec<Keyed<'a>> = keyed.collect();
    files.sort_by(|a, b| a.key.cmp(&b.key).then_with(|| a.path().cmp(b.path())));
    let of_paths = files.iter().filter_map(|keyed| {
        let reason = path::flaw(keyed.path())?;
        let output = keyed.output;
        Some(Flaw::Path { output, reason })
    });
    let mut flaws: Vec<Flaw<'a>> = of_paths.collect();
    // The file with which those after it are compared: several of them may lie in it as in a folder.
    let mut first: Option<&'a Output> = None;
    for keyed in &files {
        let second = keyed.output;
        match first.filter(|first| path::clash(first.path.as_str(), keyed.path())) {
            Some(first) => flaws.push(Flaw::Clash { first, second }),
            None => first = Some(second),
        }
    }
    Arrangement { files, flaws }
}

#[cfg(test)]
mod tests {
    use super::{Flaw, Output, arrange};

    fn flaws(paths: &[&str]) -> Vec<String> {
        let outputs: Vec<Output> = paths.iter().map(|path| Output::new(*path, "")).collect();
        let flaws = arrange(&outputs).flaws.into_iter();
        let shown = flaws.map(|flaw| match flaw {
            Flaw::Path { output, reason } => format!("{}: {reason}", output.path),
            Flaw::Clash { first, second } => format!("{} {}", first.path, second.path),
        });
        shown.collect()
    }

    #[test]
    fn every_fault_is_found() {
        assert_eq!(flaws(&["a/index.html", "A.png", "b/c", "b-c"]), [""; 0]);
        assert_eq!(
            flaws(&[
                "b/x", "a/c", "A/b", "b", "b/y", "a:b", "é", "e\u{301}", "a/d"
            ]),
            [
                "a:b: Windows allows none of `: * ? \" < > |` in a name",
                "A/b a/c",
                "A/b a/d",
                "b b/x",
                "b b/y",
                "e\u{301} é",
            ]
        );
    }
}

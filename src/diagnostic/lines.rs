//! Lines and columns of places, with each file looked through once.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Place, SourceFile};

/// The bytes between two counts of characters.
const STEP: usize = 1024;

/// The lines of the files of many diagnostics.
///
/// A place knows its line by itself, but counts from the beginning of its file: a report of many places of one
/// large file would take hours.
#[derive(Debug, Default)]
pub struct Lines(HashMap<*const SourceFile, FileLines>);

/// The lines of a file.
#[derive(Debug)]
struct FileLines {
    /// The file, so that no other one takes its place in memory.
    file: Arc<SourceFile>,
    /// Where each line starts.
    starts: Vec<usize>,
    /// The number of characters that start before each [`STEP`] bytes.
    characters: Vec<usize>,
}

impl Lines {
    /// Line and column of the first byte of a place, as [`Place::line_column`] counts them.
    pub fn line_column(&mut self, place: &Place) -> (usize, usize) {
        let file = (self.0)
            .entry(Arc::as_ptr(&place.file))
            .or_insert_with(|| FileLines::new(&place.file));
        file.line_column(place.span.start)
    }

    /// The number of files that were looked through.
    #[cfg(test)]
    pub(super) fn files(&self) -> usize {
        self.0.len()
    }
}

impl FileLines {
    fn new(file: &Arc<SourceFile>) -> Self {
        let text = &file.text;
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        let mut characters = vec![0];
        for step in text.as_bytes().chunks(STEP) {
            let before = characters.last().copied().unwrap_or_default();
            characters.push(before + count(step));
        }
        Self {
            file: Arc::clone(file),
            starts: std::iter::once(0).chain(starts).collect(),
            characters,
        }
    }

    fn line_column(&self, at: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= at);
        let start = line.checked_sub(1).map_or(0, |line| self.starts[line]);
        (line, self.before(at) - self.before(start) + 1)
    }

    /// The number of characters that start before a byte.
    fn before(&self, at: usize) -> usize {
        let step = at / STEP;
        self.characters[step] + count(&self.file.text.as_bytes()[step * STEP..at])
    }
}

/// The number of characters that start in some bytes of UTF-8.
fn count(bytes: &[u8]) -> usize {
    let is_start = |byte: &&u8| **byte & 0xc0 != 0x80;
    bytes.iter().filter(is_start).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_place_has_the_line_and_column_that_counting_gives(
            pieces in prop::collection::vec(prop::sample::select(&["\n", "\r\n", "a", "\u{e9}", "\u{96f6}", "words of a line"][..]), 0..900),
        ) {
            let text = pieces.concat();
            let file = Arc::new(SourceFile { path: "a.md".into(), text });
            let mut lines = Lines::default();
            for at in 0..=file.text.len() {
                let place = Place::new(&file, at..at);
                prop_assert_eq!(lines.line_column(&place), place.line_column(), "{}", at);
            }
            prop_assert_eq!(lines.files(), 1);
        }
    }
}

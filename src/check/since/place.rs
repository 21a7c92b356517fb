//! Places in two versions of a site.

use crate::diagnostic::Place;

/// Two versions of a place.
#[derive(Debug, Clone)]
pub(super) struct BeforeAfter {
    pub(super) before: Place,
    pub(super) after: Place,
}

/// The first line of a front matter that begins with a key, or else its beginning.
pub(super) fn line_of(front_matter: &Place, key: &str) -> Place {
    let text = &front_matter.file.text;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with(key) {
            let end = start + line.trim_end().len();
            return Place::new(&front_matter.file, start..end);
        }
        start += line.len();
        if start > front_matter.span.end {
            break;
        }
    }
    front_matter.clone()
}

/// The first words in which two texts differ in more than white space.
pub(super) fn difference(before: &Place, after: &Place) -> Option<BeforeAfter> {
    let (was, is) = (words(before), words(after));
    let first = (0..was.len().max(is.len()))
        .find(|at| was.get(*at).map(|(_, word)| word) != is.get(*at).map(|(_, word)| word))?;
    let at = |place: &Place, words: &[(usize, &str)]| {
        let (start, word) = words.get(first).or(words.last())?;
        Some(Place::new(&place.file, *start..start + word.len()))
    };
    Some(BeforeAfter {
        before: at(before, &was)?,
        after: at(after, &is)?,
    })
}

/// The words of a text, each with where it begins in its file.
fn words(place: &Place) -> Vec<(usize, &str)> {
    let mut start = place.span.start;
    let pieces = place.text().split_inclusive(char::is_whitespace);
    pieces
        .map(|piece| {
            let at = start;
            start += piece.len();
            (at, piece.trim_end())
        })
        .filter(|(_, word)| !word.is_empty())
        .collect()
}

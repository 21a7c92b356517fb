//! Guesses at the name that somebody who wrote an unknown one most likely meant.

use super::code::Code;

/// A name that leads to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownName {
    /// The code of its diagnostic, where it stands in a file.
    pub code: Code,
    /// The problem, without a full stop.
    pub message: String,
    /// The way to fix it: the nearest known name, where there is one.
    pub hint: Option<String>,
}

/// The longest name that may be a slip of the pen, in bytes.
const LONGEST: usize = 1_000;

/// The known name that somebody who wrote `name` most likely meant.
///
/// The measure is the optimal string alignment distance, which counts two swapped letters as one
/// slip; a name more than a third wrong is no guess. A word of one name alone stands for that: `major` for
/// `major_outage`.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > LONGEST {
        return None;
    }
    let lowered = name.to_lowercase();
    let known: Vec<&str> = known.into_iter().collect();
    let mut with_word = known.iter().filter(|it| has_word(it, &lowered));
    if let (Some(only), None) = (with_word.next(), with_word.next()) {
        return Some(only);
    }
    if let Some(other) = known.iter().find(|it| is_other_number(&lowered, it)) {
        return Some(other);
    }
    known
        .into_iter()
        .map(|candidate| (distance(&lowered, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| is_guess(*distance, candidate))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Whether of two names one is the plural of the other.
fn is_other_number(name: &str, known: &str) -> bool {
    let is_plural = |one: &str, many: &str| match one.strip_suffix('y') {
        Some(stem) => many.strip_suffix("ies") == Some(stem),
        None => many.strip_suffix('s') == Some(one),
    };
    is_plural(name, known) || is_plural(known, name)
}

/// Whether a name has a word, which stands in small letters.
pub(super) fn has_word(name: &str, word: &str) -> bool {
    name.split(['_', '-']).any(|part| part == word)
}

/// How far two names in small letters are from each other.
pub(super) fn distance(name: &str, known: &str) -> usize {
    strsim::osa_distance(name, known)
}

/// Whether a name so far from an unknown one may be meant by it.
pub(super) fn is_guess(distance: usize, known: &str) -> bool {
    distance <= known.chars().count() / 3
}

/// A hint that names the nearest known name, or all of them where none is near.
pub fn nearest_hint<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let known: Vec<&str> = known.into_iter().collect();
    if let Some(near) = nearest(name, known.iter().copied()) {
        return Some(format!("did you mean `{near}`?"));
    }
    match known.as_slice() {
        [] => None,
        all => Some(format!("known: {}", code_list(all))),
    }
}

/// The number of names that a list holds at most.
pub(crate) const LISTED: usize = 12;

/// `a`, `b`, `c`: at most twelve, then how many more.
pub fn code_list(names: &[&str]) -> String {
    code_list_of(names.iter().copied(), names.len())
}

/// The same of `count` names.
pub(crate) fn code_list_of<'a>(names: impl Iterator<Item = &'a str>, count: usize) -> String {
    let mut list = names
        .take(LISTED)
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ");
    if count > LISTED {
        list.push_str(&format!(" and {} more", count - LISTED));
    }
    list
}

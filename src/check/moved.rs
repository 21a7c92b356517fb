//! Updates that are known again although their time or state has changed.

use std::collections::HashMap;

use crate::locale::LanguageIndex;
use crate::site::update::{LocalizedMarkdown, Update};
use crate::time::Instant;

/// The updates of a post by what is left of one whose time or state has changed.
pub(super) struct Moved<'a> {
    by_time: HashMap<Instant, usize>,
    by_words: HashMap<Vec<&'a str>, usize>,
}

impl<'a> Moved<'a> {
    pub(super) fn of(updates: &'a [Update]) -> Self {
        let mut moved = Self {
            by_time: HashMap::new(),
            by_words: HashMap::new(),
        };
        for (index, update) in updates.iter().enumerate() {
            moved.by_time.entry(update.at).or_insert(index);
            let words = original_words(&update.text);
            if !words.is_empty() {
                moved.by_words.entry(words).or_insert(index);
            }
        }
        moved
    }

    /// The first update at the time of an earlier one, or with its words.
    pub(super) fn instead_of(&self, before: &'a Update) -> Option<usize> {
        let of_time = self.by_time.get(&before.at);
        let of_words = self.by_words.get(&original_words(&before.text));
        of_time.into_iter().chain(of_words).min().copied()
    }
}

/// The words of a text in the language in which it was first written.
pub(super) fn original_words(prose: &LocalizedMarkdown) -> Vec<&str> {
    let text = prose
        .get(LanguageIndex::DEFAULT)
        .map_or("", |(text, _)| text);
    text.split_whitespace().collect()
}

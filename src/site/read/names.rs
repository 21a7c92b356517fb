//! The names that an incident file may use.

use std::ops::Range;

use chrono_tz::Tz;

use crate::diagnostic::Code;
use crate::locale::{Language, LanguageIndex, Locale};
use crate::site::component::{Component, ComponentIndex};
use crate::site::lookup::{self, Directory};
use crate::site::region::{Region, RegionIndex};
use crate::site::signal::Signal;
use crate::site::vocabulary::{State, Status, Word};
use crate::syntax::{Reader, Spanned, Value};

/// The names that an incident file may use, with what they stand for.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// The site's components.
    pub components: &'a Directory<'a, Component>,
    /// The site's regions.
    pub regions: &'a Directory<'a, Region>,
    /// The site's signals.
    pub signals: &'a Directory<'a, Signal>,
    /// The site's languages.
    pub languages: &'a [Language],
    /// The same languages with their words.
    pub locales: &'a [Locale],
    /// The site's zone.
    pub zone: Tz,
}

impl<'a> Names<'a> {
    /// The component of an id, or a diagnostic with the nearest one.
    pub fn component(
        &self,
        reader: &mut Reader<'_>,
        id: &str,
        span: &Range<usize>,
    ) -> Option<ComponentIndex> {
        reader.known(span, self.components.component(id))
    }

    /// The component of an id, or of one of `others`, and the region behind an `@`; or a diagnostic with the nearest one.
    pub(super) fn place(
        &self,
        reader: &mut Reader<'_>,
        words: &str,
        span: &Range<usize>,
        others: &[&str],
    ) -> Option<(ComponentIndex, Option<RegionIndex>)> {
        let (id, region) = lookup::parts_of_place(words);
        // What is quoted has another length than it says.
        let at = reader.file.text[span.clone()].find('@');
        let (before, behind) = match (region, at) {
            (Some(_), Some(at)) => (span.start..span.start + at, span.start + at + 1..span.end),
            _ => (span.clone(), span.clone()),
        };
        let component = reader.known(&before, self.components.find_beside(others, id));
        let region = match region {
            Some(id) => Some(self.region(reader, id, &behind)?),
            None => None,
        };
        Some((ComponentIndex(component?), region))
    }

    /// The region of an id, or a diagnostic with the nearest one.
    fn region(
        &self,
        reader: &mut Reader<'_>,
        id: &str,
        span: &Range<usize>,
    ) -> Option<RegionIndex> {
        reader.known(span, self.regions.region(id))
    }

    /// The regions of a list, each once.
    pub(super) fn regions_of(
        &self,
        reader: &mut Reader<'_>,
        node: &Spanned<Value>,
    ) -> Vec<RegionIndex> {
        let mut regions = Vec::new();
        for (id, node) in reader.texts(node) {
            let region = self.region(reader, id, &node.span);
            regions.extend(region.filter(|it| !regions.contains(it)));
        }
        regions
    }

    /// Reports a region behind a component that cannot have one.
    fn without_region(&self, reader: &mut Reader<'_>, id: &str, node: &Spanned<Value>) {
        if let (_, Some(region)) = lookup::parts_of_place(id) {
            let message = "only an incident names a region behind a component";
            let hint = format!("write `regions: [{region}]`, for all of its components");
            reader.error(Code::NotForKind, &node.span, message, hint);
        }
    }

    /// The components of a list.
    pub(super) fn components_of(
        &self,
        reader: &mut Reader<'_>,
        node: &Spanned<Value>,
    ) -> Vec<ComponentIndex> {
        let texts = reader.texts(node);
        texts
            .into_iter()
            .filter_map(|(id, node)| {
                self.without_region(reader, id, node);
                let (id, _) = lookup::parts_of_place(id);
                self.component(reader, id, &node.span)
            })
            .collect()
    }
}

/// The state that words name, in English, in the language of the file or in another of the site.
pub(super) fn state(words: &str, language: LanguageIndex, names: &Names<'_>) -> Option<State> {
    let words = words.trim();
    if words.is_empty() || words.len() > 80 {
        return None;
    }
    let word = words.to_lowercase().replace([' ', '\u{a0}', '-'], "_");
    State::parse(&word)
        .or(match word.as_str() {
            "post_mortem" => Some(State::Postmortem),
            "canceled" => Some(State::Cancelled),
            _ => None,
        })
        .or_else(|| said_in(names.locales.get(language.0)?, words))
        .or_else(|| said_in_another(words, names))
}

/// The state that words say in a language.
fn said_in(locale: &Locale, words: &str) -> Option<State> {
    locale.update_state(words).and_then(State::parse)
}

/// The state that words say in any language of the site, where all that know them agree: a file that was written before
/// another language became the first says what it said.
fn said_in_another(words: &str, names: &Names<'_>) -> Option<State> {
    let mut said = names.locales.iter().filter_map(|it| said_in(it, words));
    let first = said.next()?;
    said.all(|other| other == first).then_some(first)
}

/// The status that a word says, or a diagnostic.
pub(super) fn status(reader: &mut Reader<'_>, word: &str, span: &Range<usize>) -> Option<Status> {
    reader.known(span, lookup::status(word))
}

/// The first line of a span, to which a report about the whole points.
pub(super) fn first_line(reader: &Reader<'_>, span: Range<usize>) -> Range<usize> {
    let text = &reader.file.text[span.clone()];
    span.start..span.start + text.lines().next().map_or(0, str::len)
}

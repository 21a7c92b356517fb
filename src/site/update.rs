//! Updates of incidents and maintenances, and texts by language.

use std::ops::Range;
use std::sync::Arc;

use chrono::TimeDelta;

use super::component::ComponentIndex;
use super::region::RegionIndex;
use super::vocabulary::{State, Status};
use crate::diagnostic::{Place, SourceFile};
use crate::locale::LanguageIndex;
use crate::time::Instant;

/// One update.
#[derive(Debug, Clone)]
pub struct Update {
    /// The state that it announces.
    pub state: State,
    /// The instant at which it was posted.
    pub at: Instant,
    /// The components that change with it, with their new status.
    pub changes: Vec<Change>,
    /// The instant for which the next update is promised.
    pub next: Option<Instant>,
    /// Whether subscribers are told of it (`notify=no`).
    pub telling: Telling,
    /// Its text.
    pub text: LocalizedMarkdown,
    /// Its heading, for diagnostics.
    pub place: Place,
}

/// The status that a post gives a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Change {
    /// The component.
    pub component: ComponentIndex,
    /// The region in which it has that status; `None` for everywhere that the post concerns.
    pub region: Option<RegionIndex>,
    /// The status.
    pub status: Status,
}

impl Change {
    /// The status of a component everywhere that a post concerns.
    pub fn everywhere(component: ComponentIndex, status: Status) -> Self {
        Self {
            component,
            region: None,
            status,
        }
    }
}

/// How long an update is news: one that is first seen later is told to nobody.
pub const NEWS: TimeDelta = TimeDelta::days(1);

/// Whether subscribers are told of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Telling {
    /// They are.
    #[default]
    Aloud,
    /// They are not: it stands on the page and in the feeds alone.
    Silent,
}

/// A text of a file, in the languages that it was written in.
///
/// It keeps byte ranges instead of copies: ten thousand incidents are read for every build.
#[derive(Debug, Clone, Default)]
pub struct LocalizedMarkdown {
    parts: Vec<(LanguageIndex, Arc<SourceFile>, Range<usize>)>,
}

impl LocalizedMarkdown {
    /// The bytes `span` of a file in a language; no text where they are blank.
    pub fn new(language: LanguageIndex, file: &Arc<SourceFile>, span: Range<usize>) -> Self {
        let is_blank = file.text[span.clone()].trim().is_empty();
        let parts = match is_blank {
            true => Vec::new(),
            // Room for one: to push to an empty list makes room for four.
            false => vec![(language, Arc::clone(file), span)],
        };
        Self { parts }
    }

    /// Adds a text in another language.
    pub fn adopt(&mut self, other: Self) {
        self.parts.extend(other.parts);
    }

    /// The files in which it stands.
    pub fn files(&self) -> impl Iterator<Item = &Arc<SourceFile>> {
        self.parts.iter().map(|(_, file, _)| file)
    }

    /// Where it stands in each language in which it was written.
    pub fn places(&self) -> impl Iterator<Item = (LanguageIndex, Place)> {
        let parts = self.parts.iter();
        parts.map(|(language, file, span)| (*language, Place::new(file, span.clone())))
    }

    /// The Markdown in a language, else in the first that it was written in, with its language;
    /// `None` where there is no text.
    pub fn get(&self, language: LanguageIndex) -> Option<(&str, LanguageIndex)> {
        self.parts
            .iter()
            .find(|(at, _, _)| *at == language)
            .or_else(|| self.parts.first())
            .map(|(at, file, span)| (&file.text[span.clone()], *at))
    }

    /// Where it stands in a language in which it was written.
    pub fn place(&self, language: LanguageIndex) -> Option<Place> {
        let mut places = self.places();
        places.find_map(|(at, place)| (at == language).then_some(place))
    }
}

//! The names that an incident file may use, and the words that it says of them.

use std::ops::Range;

use chrono_tz::Tz;

use crate::diagnostic::{Code, nearest_hint};
use crate::locale::{Language, Locale};
use crate::site::component::{Component, ComponentIndex, Status};
use crate::site::signal::Signal;
use crate::syntax::{Reader, Spanned, Value};

/// What an incident file may refer to.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// The site's components.
    pub components: &'a [Component],
    /// The site's signals.
    pub signals: &'a [Signal],
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
        id: &str,
        span: &Range<usize>,
        reader: &mut Reader<'_>,
    ) -> Option<ComponentIndex> {
        self.component_or(id, None, span, reader)
    }

    /// The component of an id where `other` may stand too, or a diagnostic with the nearest of both.
    pub fn component_or(
        &self,
        id: &str,
        other: Option<&str>,
        span: &Range<usize>,
        reader: &mut Reader<'_>,
    ) -> Option<ComponentIndex> {
        let found = self
            .components
            .iter()
            .position(|component| component.id == id);
        if found.is_none() {
            let message = format!("there is no component `{id}`");
            let hint = nearest_hint(id, self.component_ids().chain(other)).unwrap_or_else(|| {
                "add it to `allclear.toml` as a `[[components]]` table".to_owned()
            });
            reader.error(Code::UnknownComponent, span, message, hint);
        }
        found.map(ComponentIndex)
    }

    /// The ids of all components.
    pub fn component_ids(&self) -> impl Iterator<Item = &'a str> {
        self.components
            .iter()
            .map(|component| component.id.as_str())
    }

    /// The components of a list.
    pub(super) fn components_of(
        &self,
        node: &Spanned<Value>,
        reader: &mut Reader<'_>,
    ) -> Vec<ComponentIndex> {
        let texts = reader.texts(node);
        texts
            .into_iter()
            .filter_map(|(id, node)| self.component(id, &node.span, reader))
            .collect()
    }
}

/// The status that a word says, or a diagnostic.
pub(super) fn status(word: &str, span: &Range<usize>, reader: &mut Reader<'_>) -> Option<Status> {
    let status = Status::parse(word);
    if status.is_none() {
        let message = match word.parse::<Status>() {
            Ok(_) => format!("`{word}` follows from evidence; nobody can say it"),
            Err(_) => format!("`{word}` is no component status"),
        };
        let hint = nearest_hint(word, Status::SAID.map(Status::as_str));
        reader.error(Code::UnknownStatus, span, message, hint);
    }
    status
}

/// The first line of a span, to which a report about the whole points.
pub(super) fn first_line(reader: &Reader<'_>, span: Range<usize>) -> Range<usize> {
    let text = &reader.file.text[span.clone()];
    span.start..span.start + text.lines().next().map_or(0, str::len)
}

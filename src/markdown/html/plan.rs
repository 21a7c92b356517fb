//! The ids and footnotes of a whole body, which must be known before any of it is written.

use std::collections::BTreeMap;
use std::ops::Range;

use percent_encoding::percent_decode_str;
use pulldown_cmark::{Event, Tag, TagEnd};

use crate::markdown::summary;

/// The headings and footnotes of a body.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// Where each heading starts, and its id without the prefix; in the order of the source.
    headings: Vec<(usize, String)>,
    /// The ids, each with the number of its last repetition.
    heading_ids: BTreeMap<String, usize>,
    /// The footnotes, in the order of the source.
    notes: Vec<Note>,
    /// The first footnote of each label, in lower case as the parser compares them.
    labels: BTreeMap<String, usize>,
    /// The footnotes that have a number, by number less one.
    numbered: Vec<usize>,
    /// No footnote before this one is without a number.
    unnumbered: usize,
}

#[derive(Debug)]
struct Note {
    /// Its start and its end among the events.
    events: Range<usize>,
    number: Option<usize>,
    references: usize,
}

impl Plan {
    pub(crate) fn new(events: &[Event<'_>]) -> Self {
        let mut plan = Self::default();
        let mut open_notes = Vec::new();
        let mut heading: Option<(usize, String)> = None;
        for (at, event) in events.iter().enumerate() {
            match event {
                Event::Start(Tag::Heading { .. }) => heading = Some((at, String::new())),
                Event::End(TagEnd::Heading(_)) => {
                    if let Some((start, text)) = heading.take() {
                        plan.add_heading(start, &text);
                    }
                }
                Event::Start(Tag::FootnoteDefinition(label)) => {
                    let index = plan.notes.len();
                    open_notes.push(index);
                    plan.labels.entry(label.to_lowercase()).or_insert(index);
                    plan.notes.push(Note {
                        events: at..at,
                        number: None,
                        references: 0,
                    });
                }
                Event::End(TagEnd::FootnoteDefinition) => {
                    if let Some(index) = open_notes.pop() {
                        plan.notes[index].events.end = at;
                    }
                }
                event => {
                    if let Some((_, text)) = &mut heading {
                        summary::push_inline(text, event);
                    }
                }
            }
        }
        plan
    }

    /// Gives a heading the id that GitHub gives it, so that a table of contents leads somewhere.
    fn add_heading(&mut self, start: usize, text: &str) {
        let mut slug = String::with_capacity(text.len());
        for c in text.trim().chars().flat_map(char::to_lowercase) {
            match c {
                ' ' => slug.push('-'),
                c if c.is_alphanumeric() || matches!(c, '-' | '_') => slug.push(c),
                _ => {}
            }
        }
        if slug.is_empty() {
            slug.push_str("section");
        }
        let mut id = slug.clone();
        while self.heading_ids.contains_key(&id) {
            let last = self.heading_ids.entry(slug.clone()).or_default();
            *last += 1;
            id = format!("{slug}-{last}");
        }
        self.heading_ids.insert(id.clone(), 0);
        self.headings.push((start, id));
    }

    /// The id of the heading that starts at `start`, without the prefix.
    pub(super) fn heading_id(&self, start: usize) -> &str {
        let found = self.headings.binary_search_by_key(&start, |(at, _)| *at);
        found.map_or("", |index| &self.headings[index].1)
    }

    /// Whether a heading has this id, which may be percent-encoded.
    pub(crate) fn is_heading_id(&self, id: &str) -> bool {
        let id = percent_decode_str(id).decode_utf8();
        id.is_ok_and(|id| self.heading_ids.contains_key(&*id))
    }

    /// Where the footnote that starts at `start` ends.
    pub(super) fn note_end(&self, start: usize) -> usize {
        let found = self
            .notes
            .binary_search_by_key(&start, |note| note.events.start);
        found.map_or(start, |index| self.notes[index].events.end)
    }

    pub(super) fn has_no_notes(&self) -> bool {
        self.notes.is_empty()
    }

    /// The number of the footnote `label`, and how many references to it there are now.
    pub(super) fn refer(&mut self, label: &str) -> Option<(usize, usize)> {
        let index = *self.labels.get(&label.to_lowercase())?;
        let number = match self.notes[index].number {
            Some(number) => number,
            None => self.give_number(index),
        };
        let note = &mut self.notes[index];
        note.references += 1;
        Some((number, note.references))
    }

    fn give_number(&mut self, index: usize) -> usize {
        self.numbered.push(index);
        self.notes[index].number = Some(self.numbered.len());
        self.numbered.len()
    }

    /// The events of the footnote `number`. Once all numbers are taken, the next footnote of the
    /// source that has none gets one.
    pub(super) fn note(&mut self, number: usize) -> Option<Range<usize>> {
        if number > self.numbered.len() {
            while self.notes.get(self.unnumbered)?.number.is_some() {
                self.unnumbered += 1;
            }
            self.give_number(self.unnumbered);
        }
        let events = &self.notes[*self.numbered.get(number - 1)?].events;
        Some(events.start + 1..events.end)
    }

    /// The number of references to the footnote `number` so far.
    pub(super) fn references(&self, number: usize) -> usize {
        let index = number
            .checked_sub(1)
            .and_then(|index| self.numbered.get(index));
        index.map_or(0, |index| self.notes[*index].references)
    }
}

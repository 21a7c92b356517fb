//! The headings of updates: `Investigating · 2022-12-28 19:45 {web=partial_outage next=30m}`.

use std::ops::Range;

use super::lookalike::{Lookalike, Meaning, SEPARATORS, canonical_time, label};
use super::names::{Names, state, status};
use crate::diagnostic::Code;
use crate::locale::LanguageIndex;
use crate::markdown::{Section, Standing};
use crate::site::update::{Change, Telling};
use crate::site::vocabulary::{State, Word};
use crate::syntax::Reader;
use crate::time::{self, Instant, TimeError};

/// The data in the heading of an update.
#[derive(Debug)]
pub(super) struct Heading {
    /// The word at its head.
    pub state: State,
    /// The instant at which the update was posted.
    pub at: Instant,
    /// The components that change with it.
    pub changes: Vec<Change>,
    /// The instant for which the next update is promised.
    pub next: Option<Instant>,
    /// Whether subscribers are told of it.
    pub telling: Telling,
    /// The bytes of its text.
    pub span: Range<usize>,
}

/// The meaning of a level-2 heading.
#[derive(Debug)]
pub(super) enum HeadingMeaning {
    /// The heading of an update.
    Update(Heading),
    /// Content of the update that it stands in.
    Prose,
    /// A broken heading of an update, with diagnostics that say why it is none.
    Broken,
}

/// Reads a level-2 heading; `span` is its text in the file, `base` the start of the body.
pub(super) fn read(
    reader: &mut Reader<'_>,
    section: &Section,
    span: Range<usize>,
    base: usize,
    language: LanguageIndex,
    names: &Names<'_>,
) -> HeadingMeaning {
    let text = &reader.file.text[span.clone()];
    let reading = match split(text, language, names) {
        Split::Prose => return prose(reader, span, language, names),
        Split::NoTime(state) => {
            timeless(reader, &span, state, language, names);
            return HeadingMeaning::Broken;
        }
        Split::Update(state, time) => (state, time),
    };
    let (state, clock) = reading;
    if let Some(open) = text.find('{') {
        let message = "this `{` opens attributes, and no `}` ends them".to_owned();
        let hint = "write them at the end of the line, as `{web=operational next=30m}`".to_owned();
        let at = span.start + open..span.end;
        reader.error(Code::BadUpdateHeading, &at, message, hint);
        return HeadingMeaning::Broken;
    }
    let clock_span = span.start + clock.start..span.start + clock.end;
    let clock = &text[clock];
    let at = match time::parse(clock, names.zone) {
        Err(TimeError::Malformed) => {
            let message = format!("`{}` is not a time", clock.trim());
            let hint = match canonical_time(clock, language, names) {
                Some(time) => format!("write `{time}`"),
                None => form(state, language, names),
            };
            reader.error(Code::BadUpdateHeading, &clock_span, message, hint);
            None
        }
        _ => reader.instant_at(clock, &clock_span, names.zone),
    };
    let Attributes {
        changes,
        next,
        telling,
    } = attributes(reader, section, base, at, names);
    match at {
        Some(at) => HeadingMeaning::Update(Heading {
            state,
            at,
            changes,
            next,
            telling,
            span,
        }),
        None => HeadingMeaning::Broken,
    }
}

/// Reports an update that says what is, and not when.
fn timeless(
    reader: &mut Reader<'_>,
    span: &Range<usize>,
    state: State,
    language: LanguageIndex,
    names: &Names<'_>,
) {
    let message = format!("this update says `{}`, but not when", state.as_str());
    let hint = form(state, language, names);
    reader.error(Code::BadUpdateHeading, span, message, hint);
}

/// The hint that shows the form of an update's heading.
fn form(state: State, language: LanguageIndex, names: &Names<'_>) -> String {
    let label = label(state, language, names);
    format!("write a status word, `·` and a time: `## {label} · 2022-12-28 19:45`")
}

/// A heading that is none of an update: prose, unless somebody meant an update.
fn prose(
    reader: &mut Reader<'_>,
    span: Range<usize>,
    language: LanguageIndex,
    names: &Names<'_>,
) -> HeadingMeaning {
    // Of a heading of several lines the last may be meant, if no empty line parts it from the text above.
    let whole = &reader.file.text[span.clone()];
    let start = whole.rfind('\n').map_or(0, |at| at + 1);
    let span = span.start + start..span.end;
    let text = &whole[start..];
    if let Some(state) =
        Lookalike::timeless(text, language, names).and_then(|it| it.said_alone(text))
    {
        timeless(reader, &span, state, language, names);
        return HeadingMeaning::Broken;
    }
    let found = Lookalike::read(text, language, names);
    let Some(found) = found.filter(|found| found.is_meant(&Standing::Section)) else {
        return HeadingMeaning::Prose;
    };
    let hint = found.hint(language, names);
    let (span, message) = match found.meaning {
        Meaning::Word(_) => (
            span,
            "this reads like an update, but is not read as one".to_owned(),
        ),
        _ => {
            let start = span.start + text.find(&found.words).unwrap_or_default();
            let message = format!("`{}` is no status word", found.words);
            (start..start + found.words.len(), message)
        }
    };
    reader.error(Code::BadUpdateHeading, &span, message, hint);
    HeadingMeaning::Broken
}

/// The parts of a heading's text; positions are in the text.
enum Split {
    /// A status word and a time, or what stands where a time should.
    Update(State, Range<usize>),
    /// A status word without a time.
    NoTime(State),
    /// Anything else.
    Prose,
}

/// The most bytes before the separator of an update: more than a status word has in any language.
const LONGEST_WORDS: usize = 200;

fn split(text: &str, language: LanguageIndex, names: &Names<'_>) -> Split {
    let state = |words: &str| state(words, language, names);
    let separators = || {
        text.char_indices()
            .filter(|(_, character)| SEPARATORS.contains(character))
            .take_while(|(at, _)| *at <= LONGEST_WORDS)
    };
    for (at, separator) in separators() {
        let rest = at + separator.len_utf8()..text.len();
        if let Some(state) = state(&text[..at]) {
            return if text[rest.clone()].trim().is_empty() {
                Split::NoTime(state)
            } else {
                Split::Update(state, trimmed(text, rest))
            };
        }
    }
    // A time without a separator before it.
    let digit = text.find(|character: char| character.is_ascii_digit());
    if let Some(at) = digit
        && let Some(state) = state(&text[..at])
        && starts_like_a_time(&text[at..])
    {
        return Split::Update(state, trimmed(text, at..text.len()));
    }
    Split::Prose
}

/// Whether a text starts with digits as in `19:45` or `2022-12`.
fn starts_like_a_time(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text.as_bytes().get(digits..digits + 2) {
        Some([b':', next]) => digits <= 2 && next.is_ascii_digit(),
        Some([b'-', next]) => digits == 4 && next.is_ascii_digit(),
        _ => false,
    }
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + (part.len() - part.trim_start().len());
    start..start + part.trim().len()
}

/// What a heading's braces say.
#[derive(Default)]
struct Attributes {
    changes: Vec<Change>,
    next: Option<Instant>,
    telling: Telling,
}

/// What a heading's braces say.
fn attributes(
    reader: &mut Reader<'_>,
    section: &Section,
    base: usize,
    at: Option<Instant>,
    names: &Names<'_>,
) -> Attributes {
    let mut found = Attributes::default();
    for attribute in &section.attributes {
        let span = base + attribute.span.start..base + attribute.span.end;
        let key = attribute.key.as_str();
        match &attribute.value {
            None => {
                let message = format!("`{key}` says nothing of an update");
                let hint = "write `component=status`, as in `{web=operational}`, or `next=30m`";
                reader.error(Code::UnknownAttribute, &span, message, hint.to_owned());
            }
            Some(value) if value.is_empty() => {
                let message = format!("nothing stands behind `{key}=`");
                let hint = "write `component=status`, as in `{web=operational}`, or `next=30m`";
                reader.error(Code::UnknownAttribute, &span, message, hint.to_owned());
            }
            Some(value) if key == "next" => found.next = promise(reader, value, &span, at, names),
            // A component may have this name.
            Some(value) if key == "notify" && value == "no" => found.telling = Telling::Silent,
            Some(value) => {
                let value_span = span.end - value.len().min(span.len())..span.end;
                let key_span = span.start..span.start + key.len().min(span.len());
                if key == "notify" && names.components.component(key).is_err() {
                    let message =
                        format!("`{value}` does not say whether subscribers are told of this");
                    let hint = "write `notify=no`, or leave it out: then they are".to_owned();
                    reader.error(Code::UnknownAttribute, &span, message, hint);
                    continue;
                }
                let place = names.place(reader, key, &key_span, &["next", "notify"]);
                let change = place.zip(status(reader, value, &value_span));
                let change = change.map(|((component, region), status)| Change {
                    component,
                    region,
                    status,
                });
                found.changes.extend(change);
            }
        }
    }
    found
}

/// The instant of `next=30m` or `next=2022-12-28T20:15`.
fn promise(
    reader: &mut Reader<'_>,
    value: &str,
    span: &Range<usize>,
    at: Option<Instant>,
    names: &Names<'_>,
) -> Option<Instant> {
    let at = at?;
    if let Some(delay) = time::parse_duration(value) {
        return at.checked_add_signed(delay);
    }
    let next = match time::parse(value, names.zone) {
        Err(TimeError::Malformed) => {
            let message = format!("`{value}` is neither a duration nor a time");
            let hint = "write `next=30m`, or `next=2022-12-28T20:15`";
            reader.error(Code::BadTime, span, message, hint.to_owned());
            return None;
        }
        _ => reader.instant_at(value, span, names.zone)?,
    };
    if next <= at {
        let message = "the next update is promised for a time before this one";
        reader.error(
            Code::BadTime,
            span,
            message,
            "write `next=30m`, or a later time".to_owned(),
        );
        return None;
    }
    Some(next)
}

#[cfg(test)]
mod tests;

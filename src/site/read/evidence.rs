//! Files of component states, from JSON Lines and CSV.
//!
//! A correct line is read in one go; only one with a problem is looked at again,
//! key by key, to say what is wrong with it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use chrono_tz::Tz;
use serde::Deserialize;

use super::cell::{each_line, instant, within};
use super::csv::{Columns, each_record};
use super::json_line::{self, Shape};
use super::last_line::{Form, read_line};
use crate::diagnostic::{Code, Diagnostics, SourceFile, UnknownName};
use crate::locale::LocalizedText;
use crate::site::component::Component;
use crate::site::lookup::{self, Directory};
use crate::site::observation::{OPERATOR, Observation, Override};
use crate::syntax::Reader;

/// The observations of each source, in the order of the file.
pub type States = BTreeMap<String, Arc<Vec<Observation>>>;

/// The name of a source that a line does not name.
const UNNAMED: &str = "monitor";

/// The keys of a line of component states, in the order in which messages name them.
const KEYS: [&str; 7] = [
    "component",
    "status",
    "from",
    "to",
    "source",
    "reason",
    "until",
];

/// A line of component states, for messages.
const OBSERVATION: Shape = Shape {
    what: "an observation",
    broken: Code::BadObservation,
    texts: &KEYS,
    numbers: &[],
    required: &[],
    example: r#"{"component":"web","status":"operational","from":"2022-12-28T23:00:00Z"}"#,
};

/// A line of component states, as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct StateLine<'a> {
    #[serde(borrow, default, deserialize_with = "json_line::text")]
    component: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "json_line::text")]
    status: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "json_line::text")]
    from: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "json_line::text")]
    to: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "json_line::text")]
    source: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "json_line::text")]
    reason: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "json_line::text")]
    until: Option<Cow<'a, str>>,
}

/// A line of component states by itself, as a file of them is put into another form.
#[derive(Debug, Clone)]
pub struct PlacedLine {
    /// The name of the source.
    pub source: String,
    /// The observation.
    pub seen: Observation,
    /// The bytes of the line, without its line end.
    pub span: Range<usize>,
}

/// A line of component states that can be read.
#[derive(Debug)]
pub(super) struct ReadLine<'a> {
    /// The source.
    pub(super) source: Cow<'a, str>,
    /// The observation.
    pub(super) observation: Observation,
    /// The bytes of the line.
    pub(super) span: Range<usize>,
}

/// Reads component states, one a line.
pub fn states(
    file: &Arc<SourceFile>,
    components: &Directory<'_, Component>,
    zone: Tz,
    diagnostics: &mut Diagnostics,
) -> States {
    let mut observed: BTreeMap<String, Vec<Observation>> = BTreeMap::new();
    each_observation(file, components, zone, diagnostics, |line| {
        match observed.get_mut(&*line.source) {
            Some(observations) => observations.push(line.observation),
            None => {
                observed.insert(line.source.into_owned(), vec![line.observation]);
            }
        }
    });
    let states = observed.into_iter().map(|(source, mut observations)| {
        observations.sort_by_key(Observation::order);
        observations.shrink_to_fit();
        (source, Arc::new(observations))
    });
    states.collect()
}

/// The lines of component states that can be read, each with its place, in the order of the file.
pub fn placed(
    file: &Arc<SourceFile>,
    components: &Directory<'_, Component>,
    zone: Tz,
    diagnostics: &mut Diagnostics,
) -> Vec<PlacedLine> {
    let mut placed = Vec::new();
    each_observation(file, components, zone, diagnostics, |line| {
        placed.push(PlacedLine {
            source: line.source.into_owned(),
            seen: line.observation,
            span: line.span,
        });
    });
    placed
}

/// Hands on each line of component states that can be read, in the order of the file.
pub(super) fn each_observation(
    file: &Arc<SourceFile>,
    components: &Directory<'_, Component>,
    zone: Tz,
    diagnostics: &mut Diagnostics,
    mut add: impl FnMut(ReadLine<'_>),
) {
    let mut reader = Reader { file, diagnostics };
    if file.path.extension() == Some("csv") {
        each_record(
            &mut reader,
            &Columns {
                broken: Code::BadObservation,
                known: &KEYS,
                required: &["component", "status", "from"],
            },
            |reader, cells, span| {
                let cell = |key: usize| {
                    cells[key]
                        .filter(|text| !text.is_empty())
                        .map(Cow::Borrowed)
                };
                let line = StateLine {
                    component: cell(0),
                    status: cell(1),
                    from: cell(2),
                    to: cell(3),
                    source: cell(4),
                    reason: cell(5),
                    until: cell(6),
                };
                read_line(reader, Form::Csv, span, |reader| {
                    observation(reader, &line, span, components, zone).map(&mut add);
                });
            },
        );
    } else {
        each_line(&file.text, |text, span| {
            read_line(
                &mut reader,
                Form::Json,
                &span,
                |reader| match json_line::object::<StateLine<'_>>(text) {
                    Ok(line) => {
                        observation(reader, &line, &span, components, zone).map(&mut add);
                    }
                    Err(error) => json_line::explain(reader, &OBSERVATION, text, &span, &error),
                },
            );
        });
    }
}

/// The content of a line, or diagnostics that say what is wrong with it.
fn observation<'a>(
    reader: &mut Reader<'_>,
    line: &'a StateLine<'_>,
    span: &Range<usize>,
    components: &Directory<'_, Component>,
    zone: Tz,
) -> Option<ReadLine<'a>> {
    let StateLine {
        component,
        status,
        from,
        to,
        source,
        reason,
        until,
    } = line;
    let component = needed(reader, "component", component.as_deref(), span).and_then(|id| {
        let found = components.component(id);
        known(reader, found, "component", id, span)
    });
    let status = needed(reader, "status", status.as_deref(), span)
        .and_then(|word| known(reader, lookup::status(word), "status", word, span));
    let from = needed(reader, "from", from.as_deref(), span)
        .and_then(|text| instant(reader, "from", text, span, zone));
    let to = match to.as_deref() {
        Some(text) => Some(instant(reader, "to", text, span, zone)?),
        None => from,
    };
    let source = source
        .as_deref()
        .map(str::trim)
        .filter(|source| !source.is_empty())
        .unwrap_or(UNNAMED);
    let source = reader.cleaned(source, span);
    let claim = match &*source {
        OPERATOR => Some(Box::new(claim(
            reader,
            reason.as_deref(),
            until.as_deref(),
            span,
            zone,
        )?)),
        _ => {
            no_claim(reader, line, span);
            None
        }
    };
    let observation = Observation {
        component: component?,
        status: status?,
        from: from?,
        to: to?,
        claim,
    };
    is_in_order(reader, &observation, line, span).then(|| ReadLine {
        source,
        observation,
        span: span.clone(),
    })
}

/// Reports what only an operator may say, in a line of another source.
fn no_claim(reader: &mut Reader<'_>, line: &StateLine<'_>, span: &Range<usize>) {
    for (key, value) in [("reason", &line.reason), ("until", &line.until)] {
        if let Some(value) = value {
            let at = within(reader, span, key, value);
            let message = format!("only the source `{OPERATOR}` gives a `{key}`");
            let hint = format!("leave it out, or write `\"source\":\"{OPERATOR}\"`");
            reader.error(Code::OverrideIncomplete, &at, message, hint);
        }
    }
}

/// Whether an observation ends after it starts; the first end that does not is reported.
fn is_in_order(
    reader: &mut Reader<'_>,
    observation: &Observation,
    line: &StateLine<'_>,
    span: &Range<usize>,
) -> bool {
    let until = observation.claim.as_ref().map(|claim| claim.until);
    let ends = [
        ("to", Some(observation.to), &line.to),
        ("until", until, &line.until),
    ];
    for (key, end, written) in ends {
        if end.is_some_and(|end| end < observation.from) {
            let at = within(reader, span, key, written.as_deref().unwrap_or_default());
            let message = "this observation ends before it starts";
            let hint = format!("`{key}` must not be earlier than `from`");
            reader.error(Code::EndsBeforeItStarts, &at, message, hint);
            return false;
        }
    }
    true
}

/// The reason and the end of an operator's word.
fn claim(
    reader: &mut Reader<'_>,
    reason: Option<&str>,
    until: Option<&str>,
    span: &Range<usize>,
    zone: Tz,
) -> Option<Override> {
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
    for (key, missing) in [("reason", reason.is_none()), ("until", until.is_none())] {
        if missing {
            let message = format!("an operator's word needs `{key}`");
            let hint = match key {
                "reason" => "say why in a sentence: readers see it".to_owned(),
                _ => "say until when it holds: nobody's word holds for ever".to_owned(),
            };
            reader.error(Code::OverrideIncomplete, span, message, hint);
        }
    }
    let until = instant(reader, "until", until?, span, zone)?;
    let reason = reader.cleaned(reason?, span).into_owned();
    Some(Override {
        reason: LocalizedText::plain(reason),
        until,
    })
}

/// The meaning of a key's word, or a diagnostic at the word's place in the line.
fn known<T>(
    reader: &mut Reader<'_>,
    found: Result<T, UnknownName>,
    key: &str,
    word: &str,
    span: &Range<usize>,
) -> Option<T> {
    let place = match found {
        Ok(_) => span.clone(),
        Err(_) => within(reader, span, key, word),
    };
    reader.known(&place, found)
}

/// The value of a key that must be there, or a diagnostic.
fn needed<'a>(
    reader: &mut Reader<'_>,
    key: &str,
    value: Option<&'a str>,
    span: &Range<usize>,
) -> Option<&'a str> {
    let value = value.map(str::trim).filter(|text| !text.is_empty());
    if value.is_none() {
        reader.error(
            Code::MissingKey,
            span,
            format!("an observation needs `{key}`"),
            None,
        );
    }
    value
}

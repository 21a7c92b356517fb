//! Files of evidence: component states and samples, from JSON Lines, CSV and Prometheus.
//!
//! A line that is as it should be is read in one go; only a line that is not is looked at again,
//! key by key, to say what is wrong with it.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use chrono_tz::Tz;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::signal::Sample;
use super::state::{OPERATOR, Observation, Override};
use crate::component::{Component, ComponentIndex, Status};
use crate::diagnostic::{Code, Diagnostics, SourceFile, nearest_hint};
use crate::text::LocalText;
use crate::time::{self, Instant};
use crate::tree::Reader;

/// An observation with the name of its source.
#[derive(Debug)]
pub struct Observed {
    /// Who saw it.
    pub source: String,
    /// What was seen.
    pub observation: Observation,
}

/// The name of a source that a line does not name.
const UNNAMED: &str = "monitor";

/// What a line of component states may hold, in the order in which messages name it.
const KEYS: [&str; 7] = [
    "component",
    "status",
    "from",
    "to",
    "source",
    "reason",
    "until",
];

/// A line of component states, as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    #[serde(borrow, default)]
    component: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    status: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    from: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    to: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    source: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    reason: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    until: Option<Cow<'a, str>>,
}

/// Reads component states, one a line.
pub fn states(
    file: &Arc<SourceFile>,
    components: &[Component],
    zone: Tz,
) -> (Vec<Observed>, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let mut observed = Vec::new();
    let mut reader = Reader {
        file,
        diagnostics: &mut diagnostics,
    };
    if file.path.extension() == Some("csv") {
        each_record(
            &mut reader,
            &KEYS,
            &["component", "status", "from"],
            |cells, span, reader| {
                let cell = |key: usize| {
                    cells[key]
                        .filter(|text| !text.is_empty())
                        .map(Cow::Borrowed)
                };
                let line = Line {
                    component: cell(0),
                    status: cell(1),
                    from: cell(2),
                    to: cell(3),
                    source: cell(4),
                    reason: cell(5),
                    until: cell(6),
                };
                observed.extend(observation(&line, span, components, zone, reader));
            },
        );
    } else {
        each_line(&file.text, |text, span| match object::<Line<'_>>(text) {
            Ok(line) => observed.extend(observation(&line, &span, components, zone, &mut reader)),
            Err(error) => not_a_line(text, &span, &error, &KEYS, &mut reader),
        });
    }
    (observed, diagnostics)
}

/// Reads a JSON object. A list is refused, although its items could stand for the keys in turn.
fn object<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, serde_json::Error> {
    if text.starts_with('[') {
        return Err(serde::de::Error::custom("a list where an object should be"));
    }
    serde_json::from_str(text)
}

/// The lines of a text that hold something, each with its place.
fn each_line(text: &str, mut read: impl FnMut(&str, Range<usize>)) {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if !trimmed.is_empty() {
            let at = start + (line.len() - line.trim_start().len());
            read(trimmed, at..at + trimmed.len());
        }
        start += line.len();
    }
}

/// Says what is wrong with a line of JSON Lines.
fn not_a_line(
    text: &str,
    span: &Range<usize>,
    error: &serde_json::Error,
    keys: &[&str],
    reader: &mut Reader<'_>,
) {
    let Ok(object) = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text)
    else {
        let at = span.start + column(text, error.column());
        let message = match serde_json::from_str::<IgnoredAny>(text) {
            Ok(_) => "this line is not a JSON object".to_owned(),
            Err(_) => format!("this line is not JSON: {}", without_place(error)),
        };
        let at = at.min(span.end.saturating_sub(1));
        reader.error(
            Code::BadObservation,
            &(at..span.end),
            message,
            "write one object a line".to_owned(),
        );
        return;
    };
    let mut told = false;
    for (key, value) in &object {
        let quoted = format!("\"{key}\"");
        let at = text.find(&quoted).map_or(span.clone(), |at| {
            span.start + at..span.start + at + quoted.len()
        });
        if !keys.contains(&key.as_str()) {
            let message = format!("an observation has no `{key}`");
            reader.error(
                Code::UnknownKey,
                &at,
                message,
                nearest_hint(key, keys.iter().copied()),
            );
            told = true;
        } else if !value.is_string() && !value.is_null() {
            let message = format!("`{key}` should be text");
            reader.error(
                Code::WrongType,
                &at,
                message,
                "put its value in quotes".to_owned(),
            );
            told = true;
        }
    }
    if !told {
        reader.error(
            Code::BadObservation,
            span,
            format!("this line cannot be read: {}", without_place(error)),
            None,
        );
    }
}

/// What a JSON error says, without its line and column, which are those of one line.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// The byte of a column, which counts bytes from 1.
fn column(text: &str, column: usize) -> usize {
    text.floor_char_boundary(column.saturating_sub(1))
}

/// Reads each record of a CSV text whose first line names its columns; `#` begins a comment line.
fn each_record(
    reader: &mut Reader<'_>,
    known: &[&str],
    required: &[&str],
    mut read: impl FnMut(&[Option<&str>], &Range<usize>, &mut Reader<'_>),
) {
    let text = &reader.file.text;
    let mut csv = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let Ok(headers) = csv.headers().cloned() else {
        return;
    };
    let header_start = headers
        .position()
        .map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
    let header_start = skip_comments(text, header_start);
    let header_span = header_start
        ..text[header_start..]
            .find('\n')
            .map_or(text.len(), |at| header_start + at);
    let mut columns = vec![None; known.len()];
    for (at, name) in headers.iter().enumerate() {
        match known.iter().position(|key| *key == name) {
            Some(key) => columns[key] = Some(at),
            None => {
                let message = format!("there is no column `{name}`");
                reader.error(
                    Code::UnknownKey,
                    &header_span,
                    message,
                    nearest_hint(name, known.iter().copied()),
                );
                return;
            }
        }
    }
    for key in required {
        let present = known
            .iter()
            .position(|name| name == key)
            .and_then(|at| columns[at])
            .is_some();
        if !present {
            let hint = format!(
                "the first line names the columns, as `{}`",
                required.join(",")
            );
            reader.error(
                Code::MissingKey,
                &header_span,
                format!("the column `{key}` is missing"),
                hint,
            );
            return;
        }
    }
    let mut record = csv::StringRecord::new();
    loop {
        let start = usize::try_from(csv.position().byte()).unwrap_or(0);
        let more = csv.read_record(&mut record);
        let end = usize::try_from(csv.position().byte())
            .unwrap_or(text.len())
            .min(text.len());
        let start = skip_comments(text, start.min(end)).min(end);
        let span = start..start + text[start..end].trim_end().len();
        match more {
            Ok(false) => return,
            Ok(true) => {
                let cells: Vec<Option<&str>> = columns
                    .iter()
                    .map(|column| column.and_then(|at| record.get(at)))
                    .collect();
                read(&cells, &span, reader);
            }
            Err(error) => {
                let message = match error.kind() {
                    csv::ErrorKind::UnequalLengths {
                        expected_len, len, ..
                    } => {
                        format!(
                            "this line has {len} cells, but the first line names {expected_len} columns"
                        )
                    }
                    _ => format!("this line is not CSV: {error}"),
                };
                reader.error(Code::BadObservation, &span, message, None);
            }
        }
    }
}

/// Where the first line at or after `start` begins that is neither empty nor a comment.
fn skip_comments(text: &str, start: usize) -> usize {
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let content = line.trim_start();
        if !content.is_empty() && !content.starts_with('#') {
            return at + (line.len() - content.len());
        }
        at += line.len();
    }
    at
}

/// The observation of a line, or diagnostics that say what is wrong with it.
fn observation(
    line: &Line<'_>,
    span: &Range<usize>,
    components: &[Component],
    zone: Tz,
    reader: &mut Reader<'_>,
) -> Option<Observed> {
    let Line {
        component,
        status,
        from,
        to,
        source,
        reason,
        until,
    } = line;
    let component = needed("component", component.as_deref(), span, reader).and_then(|id| {
        let found = components.iter().position(|component| component.id == id);
        if found.is_none() {
            let hint = nearest_hint(id, components.iter().map(|component| component.id.as_str()));
            let at = within(reader, span, id);
            reader.error(
                Code::UnknownComponent,
                &at,
                format!("there is no component `{id}`"),
                hint,
            );
        }
        found.map(ComponentIndex)
    });
    let status = needed("status", status.as_deref(), span, reader).and_then(|word| {
        let status = Status::parse(word);
        if status.is_none() {
            let hint = nearest_hint(word, Status::SAID.map(Status::as_str));
            let at = within(reader, span, word);
            reader.error(
                Code::UnknownStatus,
                &at,
                format!("`{word}` is no component status"),
                hint,
            );
        }
        status
    });
    let from = needed("from", from.as_deref(), span, reader)
        .and_then(|text| instant(text, span, zone, reader));
    let to = match to.as_deref() {
        Some(text) => Some(instant(text, span, zone, reader)?),
        None => from,
    };
    let source = source
        .as_deref()
        .map(str::trim)
        .filter(|source| !source.is_empty())
        .unwrap_or(UNNAMED);
    let claim = if source == OPERATOR {
        Some(claim(
            reason.as_deref(),
            until.as_deref(),
            span,
            zone,
            reader,
        )?)
    } else {
        for (key, value) in [("reason", reason), ("until", until)] {
            if value.is_some() {
                let message = format!("only the source `{OPERATOR}` gives a `{key}`");
                let hint = format!("leave it out, or write `\"source\":\"{OPERATOR}\"`");
                reader.error(Code::OverrideIncomplete, span, message, hint);
            }
        }
        None
    };
    let (component, status, from, to) = (component?, status?, from?, to?);
    if to < from {
        let message = "this observation ends before it starts";
        reader.error(
            Code::EndsBeforeItStarts,
            span,
            message,
            "`to` must not be earlier than `from`".to_owned(),
        );
        return None;
    }
    Some(Observed {
        source: source.to_owned(),
        observation: Observation {
            component,
            status,
            from,
            to,
            claim,
        },
    })
}

/// What an operator's line rests on.
fn claim(
    reason: Option<&str>,
    until: Option<&str>,
    span: &Range<usize>,
    zone: Tz,
    reader: &mut Reader<'_>,
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
    let until = instant(until?, span, zone, reader)?;
    Some(Override {
        reason: LocalText::plain(reason?.to_owned()),
        until,
    })
}

fn needed<'a>(
    key: &str,
    value: Option<&'a str>,
    span: &Range<usize>,
    reader: &mut Reader<'_>,
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

fn instant(text: &str, span: &Range<usize>, zone: Tz, reader: &mut Reader<'_>) -> Option<Instant> {
    if let Ok(instant) = time::parse(text, zone) {
        return Some(instant);
    }
    let at = within(reader, span, text);
    time::read_text(reader, text, &at, zone)
}

/// Where a text stands in a line.
fn within(reader: &Reader<'_>, span: &Range<usize>, text: &str) -> Range<usize> {
    match reader.file.text[span.clone()].find(text) {
        Some(at) => span.start + at..span.start + at + text.len(),
        None => span.clone(),
    }
}

/// A line of samples, as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleLine<'a> {
    #[serde(borrow)]
    time: Cow<'a, str>,
    value: Option<f64>,
}

/// Reads the samples of a signal, by time; of several at one instant the last counts. A value that
/// is no number (`NaN`, an infinity, nothing) is a gap.
pub fn samples(file: &Arc<SourceFile>, zone: Tz) -> (Vec<Sample>, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let mut reader = Reader {
        file,
        diagnostics: &mut diagnostics,
    };
    let mut samples = Vec::new();
    let mut push = |at: Instant, value: f64| {
        if value.is_finite() {
            samples.push(Sample { at, value });
        }
    };
    match file.path.extension() {
        Some("csv") => each_record(
            &mut reader,
            &["time", "value"],
            &["time", "value"],
            |cells, span, reader| {
                let (time, value) = (cells[0].unwrap_or_default(), cells[1].unwrap_or_default());
                let at = instant(time, span, zone, reader);
                let number = if value.is_empty() {
                    Ok(f64::NAN)
                } else {
                    value.parse::<f64>()
                };
                match (at, number) {
                    (Some(at), Ok(number)) => push(at, number),
                    (_, Ok(_)) => {}
                    (_, Err(_)) => {
                        let at = within(reader, span, value);
                        reader.error(
                            Code::BadSample,
                            &at,
                            format!("`{value}` is not a number"),
                            None,
                        );
                    }
                }
            },
        ),
        Some("json") => match serde_json::from_str::<QueryRange>(&file.text) {
            Ok(answer) => prometheus(answer, &mut push, &mut reader),
            Err(error) => {
                let line_start: usize = file
                    .text
                    .split_inclusive('\n')
                    .take(error.line().saturating_sub(1))
                    .map(str::len)
                    .sum();
                let at = (line_start + error.column().saturating_sub(1)).min(file.text.len());
                let message = format!(
                    "this is no answer of Prometheus to `query_range`: {}",
                    without_place(&error)
                );
                let hint = "save what `/api/v1/query_range` answers, as it is";
                reader.error(Code::BadSample, &(at..at + 1), message, hint.to_owned());
            }
        },
        _ => each_line(&file.text, |text, span| {
            match object::<SampleLine<'_>>(text) {
                Ok(line) => {
                    if let Some(at) = instant(&line.time, &span, zone, &mut reader) {
                        push(at, line.value.unwrap_or(f64::NAN));
                    }
                }
                Err(error) => {
                    let message = format!("this is no sample: {}", without_place(&error));
                    let hint = r#"write one object a line, as `{"time":"2022-12-28T23:00:00Z","value":12}`"#;
                    reader.error(Code::BadSample, &span, message, hint.to_owned());
                }
            }
        }),
    }
    // Stable, so that of several samples at one instant the last of the file is the last here.
    samples.sort_by_key(|sample| sample.at);
    let mut unique: Vec<Sample> = Vec::with_capacity(samples.len());
    for sample in samples {
        match unique.last_mut() {
            Some(last) if last.at == sample.at => *last = sample,
            _ => unique.push(sample),
        }
    }
    (unique, diagnostics)
}

/// An answer of Prometheus to `query_range`, as its HTTP API documents it.
#[derive(Debug, Deserialize)]
struct QueryRange {
    data: Matrix,
}

#[derive(Debug, Deserialize)]
struct Matrix {
    result: Vec<Series>,
}

#[derive(Debug, Deserialize)]
struct Series {
    values: Vec<(f64, String)>,
}

fn prometheus(answer: QueryRange, push: &mut impl FnMut(Instant, f64), reader: &mut Reader<'_>) {
    let series = answer.data.result;
    if series.len() > 1 {
        let message = format!(
            "this answer has {} series, but a signal is one",
            series.len()
        );
        let hint = "put `sum(...)` or `max(...)` around the query";
        reader.error(Code::BadSample, &(0..1), message, hint.to_owned());
        return;
    }
    for (seconds, value) in series.into_iter().flat_map(|series| series.values) {
        let at = chrono::DateTime::from_timestamp_millis((seconds * 1000.0) as i64);
        match (at, value.parse::<f64>()) {
            (Some(at), Ok(value)) => push(at, value),
            _ => {
                let at = within(reader, &(0..reader.file.text.len()), &value);
                reader.error(
                    Code::BadSample,
                    &at,
                    format!("`{value}` is not a number at a time"),
                    None,
                );
            }
        }
    }
}

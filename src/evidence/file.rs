//! Files of evidence: component states and samples, from JSON Lines, CSV and Prometheus.
//!
//! A line that is as it should be is read in one go; only a line that is not is looked at again,
//! key by key, to say what is wrong with it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use chrono_tz::Tz;
use serde::Deserialize;

use super::csv::{each_record, skip_comments};
use super::json_line::{self, Shape};
use super::prometheus;
use super::signal::Sample;
use super::state::{OPERATOR, Observation, Override};
use crate::component::{Component, ComponentIndex, Status};
use crate::diagnostic::{Code, Diagnostics, SourceFile, nearest_hint};
use crate::text::LocalText;
use crate::time::{self, Instant};
use crate::tree::Reader;

/// The observations of each source, in the order of the file.
pub type States = BTreeMap<String, Vec<Observation>>;

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

/// A line of component states, for messages.
const OBSERVATION: Shape = Shape {
    what: "an observation",
    broken: Code::BadObservation,
    texts: &KEYS,
    numbers: &[],
    required: &[],
    example: r#"{"component":"web","status":"operational","from":"2022-12-28T23:00:00Z"}"#,
};

/// A line of samples, for messages.
const SAMPLE: Shape = Shape {
    what: "a sample",
    broken: Code::BadSample,
    texts: &["time"],
    numbers: &["value"],
    required: &["time"],
    example: r#"{"time":"2022-12-28T23:00:00Z","value":12}"#,
};

/// Whether a file holds samples, by its first line.
pub fn holds_samples(file: &SourceFile) -> bool {
    if file.path.extension() == Some("csv") {
        let first = &file.text[skip_comments(&file.text, 0)..];
        let mut names = first.lines().next().unwrap_or_default().split(',');
        return names.all(|name| SAMPLE_KEYS.contains(&name.trim()));
    }
    let first = file.text.lines().find(|line| !line.trim().is_empty());
    first.is_some_and(|line| json_line::object::<SampleLine<'_>>(line.trim()).is_ok())
}

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
pub fn states(file: &Arc<SourceFile>, components: &[Component], zone: Tz) -> (States, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let mut observed = States::new();
    let mut add = |read: Option<(&str, Observation)>| {
        if let Some((source, observation)) = read {
            match observed.get_mut(source) {
                Some(observations) => observations.push(observation),
                None => {
                    observed.insert(source.to_owned(), vec![observation]);
                }
            }
        }
    };
    let mut reader = Reader {
        file,
        diagnostics: &mut diagnostics,
    };
    if file.path.extension() == Some("csv") {
        each_record(
            &mut reader,
            Code::BadObservation,
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
                add(observation(&line, span, components, zone, reader));
            },
        );
    } else {
        each_line(&file.text, |text, span| {
            match json_line::object::<Line<'_>>(text) {
                Ok(line) => add(observation(&line, &span, components, zone, &mut reader)),
                Err(error) => json_line::explain(&OBSERVATION, text, &span, &error, &mut reader),
            }
        });
    }
    (observed, diagnostics)
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

/// The source and the observation of a line, or diagnostics that say what is wrong with it.
fn observation<'a>(
    line: &'a Line<'_>,
    span: &Range<usize>,
    components: &[Component],
    zone: Tz,
    reader: &mut Reader<'_>,
) -> Option<(&'a str, Observation)> {
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
            let at = within(reader, span, "component", id);
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
            let at = within(reader, span, "status", word);
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
        .and_then(|text| instant("from", text, span, zone, reader));
    let to = match to.as_deref() {
        Some(text) => Some(instant("to", text, span, zone, reader)?),
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
            if let Some(value) = value {
                let at = within(reader, span, key, value);
                let message = format!("only the source `{OPERATOR}` gives a `{key}`");
                let hint = format!("leave it out, or write `\"source\":\"{OPERATOR}\"`");
                reader.error(Code::OverrideIncomplete, &at, message, hint);
            }
        }
        None
    };
    let (component, status, from, to) = (component?, status?, from?, to?);
    let ends = [
        ("to", Some(to), line.to.as_deref()),
        (
            "until",
            claim.as_ref().map(|claim| claim.until),
            line.until.as_deref(),
        ),
    ];
    for (key, end, written) in ends {
        if end.is_some_and(|end| end < from) {
            let at = within(reader, span, key, written.unwrap_or_default());
            let message = "this observation ends before it starts";
            let hint = format!("`{key}` must not be earlier than `from`");
            reader.error(Code::EndsBeforeItStarts, &at, message, hint);
            return None;
        }
    }
    let observation = Observation {
        component,
        status,
        from,
        to,
        claim,
    };
    Some((source, observation))
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
    let until = instant("until", until?, span, zone, reader)?;
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

fn instant(
    key: &str,
    text: &str,
    span: &Range<usize>,
    zone: Tz,
    reader: &mut Reader<'_>,
) -> Option<Instant> {
    if let Ok(instant) = time::parse(text, zone) {
        return Some(instant);
    }
    let at = within(reader, span, key, text);
    reader.instant_at(text, &at, zone)
}

/// Where a text stands in a line: in JSON behind its key.
fn within(reader: &Reader<'_>, span: &Range<usize>, key: &str, text: &str) -> Range<usize> {
    let line = &reader.file.text[span.clone()];
    let quoted = format!("\"{key}\"");
    let behind = line.find(&quoted).map_or(0, |at| at + quoted.len());
    match line[behind..].find(text) {
        Some(at) => span.start + behind + at..span.start + behind + at + text.len(),
        None => span.clone(),
    }
}

/// What a line of samples holds.
const SAMPLE_KEYS: [&str; 2] = ["time", "value"];

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
    let mut samples: Vec<Sample> = Vec::new();
    let mut push = |at: Instant, value: f64| {
        if value.is_finite() {
            samples.push(Sample { at, value });
        }
    };
    match file.path.extension() {
        Some("csv") if plain(&file.text, zone, &mut push).is_some() => {}
        Some("csv") => each_record(
            &mut reader,
            Code::BadSample,
            &SAMPLE_KEYS,
            &SAMPLE_KEYS,
            |cells, span, reader| {
                let (time, value) = (cells[0].unwrap_or_default(), cells[1].unwrap_or_default());
                let at = instant("time", time, span, zone, reader);
                let number = if value.is_empty() {
                    Ok(f64::NAN)
                } else {
                    value.parse::<f64>()
                };
                match (at, number) {
                    (Some(at), Ok(number)) => push(at, number),
                    (_, Ok(_)) => {}
                    (_, Err(_)) => {
                        let at = within(reader, span, "value", value);
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
        Some("json") => prometheus::read(&mut push, &mut reader),
        _ => each_line(&file.text, |text, span| {
            match json_line::object::<SampleLine<'_>>(text) {
                Ok(line) => {
                    if let Some(at) = instant("time", &line.time, &span, zone, &mut reader) {
                        push(at, line.value.unwrap_or(f64::NAN));
                    }
                }
                Err(error) => json_line::explain(&SAMPLE, text, &span, &error, &mut reader),
            }
        }),
    }
    // Stable, so that of several samples at one instant the last of the file is the last here.
    samples.sort_by_key(|sample| sample.at);
    samples.dedup_by(|later, kept| {
        let is_same = later.at == kept.at;
        if is_same {
            *kept = *later;
        }
        is_same
    });
    (samples, diagnostics)
}

/// Reads a CSV text that is as programs write it, `time,value` and lines of two cells without quotes;
/// `None`, with nothing lost but time, where a line is anything else.
fn plain(text: &str, zone: Tz, push: &mut impl FnMut(Instant, f64)) -> Option<()> {
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let read = |line: &str| {
        let (time, value) = line.split_once(',')?;
        Some((time::parse(time, zone).ok()?, value.parse::<f64>().ok()?))
    };
    if lines.next()? != SAMPLE_KEYS.join(",") {
        return None;
    }
    // All or nothing: what is wrong is told by the other reader, which begins again.
    let samples: Vec<(Instant, f64)> = lines.map(read).collect::<Option<_>>()?;
    for (at, value) in samples {
        push(at, value);
    }
    Some(())
}

//! Samples of a signal, from CSV, JSON Lines and Prometheus.

use std::borrow::Cow;
use std::sync::Arc;

use chrono_tz::Tz;
use serde::Deserialize;

use super::cell::{each_line, instant, within};
use super::csv::{Columns, each_record, skip_comments};
use super::json_line::{self, Shape};
use super::prometheus;
use crate::diagnostic::{Code, Diagnostics, SourceFile};
use crate::site::signal::Sample;
use crate::syntax::Reader;
use crate::time::{self, Instant};

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

/// The keys of a line of samples.
const SAMPLE_KEYS: [&str; 2] = ["time", "value"];

/// A line of samples, as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleLine<'a> {
    #[serde(borrow)]
    time: Cow<'a, str>,
    value: Option<f64>,
}

/// Reads the samples of a signal, by time; of several at one instant the last counts. Where there is no number (`NaN`,
/// nothing), the sample says that nothing is known from then on.
pub fn samples(file: &Arc<SourceFile>, zone: Tz, diagnostics: &mut Diagnostics) -> Vec<Sample> {
    let mut reader = Reader { file, diagnostics };
    let mut samples: Vec<Sample> = Vec::new();
    let mut push = |at: Instant, value: f64| samples.push(Sample { at, value });
    match file.path.extension() {
        Some("csv") if plain(&file.text, zone, &mut push).is_some() => {}
        Some("csv") => each_record(
            &mut reader,
            &Columns {
                broken: Code::BadSample,
                known: &SAMPLE_KEYS,
                required: &SAMPLE_KEYS,
            },
            |reader, cells, span| {
                let (time, value) = (cells[0].unwrap_or_default(), cells[1].unwrap_or_default());
                let at = instant(reader, "time", time, span, zone);
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
        Some("json") => prometheus::read(&mut reader, &mut push),
        _ => each_line(&file.text, |text, span| {
            match json_line::object::<SampleLine<'_>>(text) {
                Ok(line) => {
                    if let Some(at) = instant(&mut reader, "time", &line.time, &span, zone) {
                        push(at, line.value.unwrap_or(f64::NAN));
                    }
                }
                Err(error) => json_line::explain(&mut reader, &SAMPLE, text, &span, &error),
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
    samples
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
    // All or nothing: the other reader, which begins again, reports what is wrong.
    let samples: Vec<(Instant, f64)> = lines.map(read).collect::<Option<_>>()?;
    for (at, value) in samples {
        push(at, value);
    }
    Some(())
}

//! Samples of a signal, from CSV, JSON Lines and Prometheus.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use chrono_tz::Tz;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer};

use super::cell::{each_line, instant, number};
use super::counts::holds_counts;
use super::csv::{Columns, each_record, skip_comments};
use super::json_line::{self, Shape};
use super::last_line::{Form, read_line};
use super::prometheus;
use crate::diagnostic::{Code, Diagnostics, SourceFile};
use crate::site::reports::is_reports;
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

/// Whether a file holds samples, or counts of which they are the sums, by its place and its first line.
pub fn holds_samples(file: &SourceFile) -> bool {
    if is_reports(&file.path) || holds_counts(file) {
        return true;
    }
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
    #[serde(default, deserialize_with = "number_or_its_word")]
    value: Option<f64>,
}

/// Reads a number, or the text of one that is not finite, which JSON cannot write otherwise.
fn number_or_its_word<'de, D: Deserializer<'de>>(value: D) -> Result<Option<f64>, D::Error> {
    struct Number;

    impl Visitor<'_> for Number {
        type Value = Option<f64>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a number")
        }

        fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
            Ok(Some(value))
        }

        #[expect(
            clippy::cast_precision_loss,
            reason = "samples are floating-point numbers"
        )]
        fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
            Ok(Some(value as f64))
        }

        #[expect(
            clippy::cast_precision_loss,
            reason = "samples are floating-point numbers"
        )]
        fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
            Ok(Some(value as f64))
        }

        fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Self::Value, E> {
            let number: f64 = value.parse().map_err(E::custom)?;
            match number.is_finite() {
                true => Err(E::custom("a number needs no quotes")),
                false => Ok(Some(number)),
            }
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
    }

    value.deserialize_any(Number)
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
                read_line(reader, Form::Csv, span, |reader| {
                    if let Some(Sample { at, value }) = sample(reader, cells, span, zone) {
                        push(at, value);
                    }
                });
            },
        ),
        Some("json") => prometheus::read(&mut reader, &mut push),
        _ => each_line(&file.text, |text, span| {
            read_line(
                &mut reader,
                Form::Json,
                &span,
                |reader| match json_line::object::<SampleLine<'_>>(text) {
                    Ok(line) => {
                        if let Some(at) = instant(reader, "time", &line.time, &span, zone) {
                            push(at, line.value.unwrap_or(f64::NAN));
                        }
                    }
                    Err(error) => json_line::explain(reader, &SAMPLE, text, &span, &error),
                },
            );
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

/// The sample of a line of CSV, or diagnostics that say what is wrong with it.
fn sample(
    reader: &mut Reader<'_>,
    cells: &[Option<&str>],
    span: &Range<usize>,
    zone: Tz,
) -> Option<Sample> {
    let (time, value) = (cells[0].unwrap_or_default(), cells[1].unwrap_or_default());
    let at = instant(reader, "time", time, span, zone);
    let value = number(reader, value, span);
    Some(Sample {
        at: at?,
        value: value?,
    })
}

/// The bytes of the line with the sample of an instant; the beginning of the file where it has no such line.
pub(super) fn line_of(file: &SourceFile, at: Instant, zone: Tz) -> Range<usize> {
    let mut found = 0..0;
    each_line(&file.text, |line, span| {
        let is_it = |part: &str| time::parse(part.trim(), zone) == Ok(at);
        if found.is_empty() && line.split([',', '"']).any(is_it) {
            found = span;
        }
    });
    found
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

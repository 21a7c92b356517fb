//! The `[[signals]]` of `allclear.toml`.

use std::ops::Range;

use camino::Utf8PathBuf;

use super::field::{between, id, name, whole};
use crate::diagnostic::{Code, nearest_hint};
use crate::locale::{Language, LocalizedText};
use crate::site::config::{
    DEFAULT_VALID_FOR, LEAST_DAYS, Limit, LimitConfig, SamplesFrom, SignalConfig,
};
use crate::syntax::{Reader, Spanned, TableReader, Value};

pub(super) fn signal(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    languages: &[Language],
) -> Option<SignalConfig> {
    let id = id(reader, table);
    let name = name(reader, table, id.as_ref(), languages);
    let components = table
        .require(reader, "components")
        .map_or_else(Vec::new, |node| reader.texts(node))
        .into_iter()
        .map(|(text, node)| node.with(text.to_owned()))
        .collect();
    let samples = samples(reader, table);
    let by = table.take("by");
    let kinds = table.take("kinds").map(|node| {
        let kinds = reader.texts(node).into_iter();
        kinds
            .map(|(text, node)| node.with(text.to_owned()))
            .collect()
    });
    let unit = table
        .take("unit")
        .and_then(|node| reader.localized_text(node, languages));
    let unit = unit.or_else(|| usual_unit(samples.as_ref()));
    let by_region = by.and_then(|node| by_region(reader, node, samples.as_ref()));
    let limit = limit(reader, table, by.is_some());
    let sustained = table.take("for").and_then(|node| reader.duration(node));
    let valid_for = table
        .take("valid_for")
        .and_then(|node| reader.duration(node));
    Some(SignalConfig {
        id: id?,
        name: name?,
        components,
        samples,
        by_region,
        kinds,
        unit,
        limit: limit.unwrap_or(LimitConfig::Same(Limit::Threshold(f64::INFINITY))),
        sustained: sustained.unwrap_or_default(),
        valid_for: valid_for.unwrap_or(DEFAULT_VALID_FOR),
    })
}

/// Where the samples come from: exactly one of `file` and `latency`.
fn samples(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Option<SamplesFrom> {
    match (table.take("file"), table.take("latency")) {
        (Some(file), None) => {
            let path = Utf8PathBuf::from(reader.text(file)?);
            Some(SamplesFrom::File(file.with(path)))
        }
        (None, Some(latency)) => {
            let id = reader.text(latency)?.to_owned();
            Some(SamplesFrom::Latency(latency.with(id)))
        }
        (file, latency) => {
            let message = "a signal needs either `file` or `latency`";
            let (span, hint) = match file.and(latency) {
                Some(latency) => (&latency.span, "keep one of them"),
                None => (
                    &table.span,
                    "name the file of its samples, as `file = \"evidence/reports.csv\"`, or the component whose latency they are, as `latency = \"web\"`",
                ),
            };
            reader.error(Code::MissingKey, span, message, hint.to_owned());
            None
        }
    }
}

/// The unit of samples where the configuration says none.
fn usual_unit(samples: Option<&SamplesFrom>) -> Option<LocalizedText> {
    let is_latency = matches!(samples, Some(SamplesFrom::Latency(_)));
    is_latency.then(|| LocalizedText::plain("ms".to_owned()))
}

/// Where a signal says that it is one for each region.
fn by_region(
    reader: &mut Reader<'_>,
    node: &Spanned<Value>,
    samples: Option<&SamplesFrom>,
) -> Option<Range<usize>> {
    let word = reader.text(node)?;
    if word != REGION {
        let message = format!("a signal cannot be told apart by `{word}`");
        let hint = nearest_hint(word, [REGION]);
        reader.error(Code::OutOfRange, &node.span, message, hint);
        return None;
    }
    if let Some(SamplesFrom::Latency(_)) = samples {
        let message = "only a `file` of counts tells regions apart";
        let hint = "leave `by` out, or name a file whose rows name regions".to_owned();
        reader.error(Code::OutOfRange, &node.span, message, hint);
        return None;
    }
    Some(node.span.clone())
}

/// The one thing by which a signal can be told apart.
const REGION: &str = "region";

fn limit(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    is_by_region: bool,
) -> Option<LimitConfig> {
    let same = match (table.take("threshold"), table.take("baseline")) {
        (
            Some(Spanned {
                value: Value::Table(entries),
                span,
            }),
            None,
        ) if is_by_region => {
            if entries.is_empty() {
                let message = "this table has no threshold";
                let hint = "write one for each region by its id, and for all together, as `{ jp = 50, total = 100 }`";
                reader.error(Code::MissingKey, span, message, hint.to_owned());
            }
            let of_each = entries.iter().filter_map(|(key, node)| {
                let id = Spanned {
                    value: key.name.clone(),
                    span: key.span.clone(),
                };
                Some((id, reader.number(node)?))
            });
            return Some(LimitConfig::Thresholds(of_each.collect()));
        }
        (Some(threshold), None) => reader.number(threshold).map(Limit::Threshold),
        (None, Some(baseline)) => {
            let mut table = reader.table(baseline, "`baseline`")?;
            let days = table
                .require(reader, "days")
                .and_then(|node| whole(reader, node, LEAST_DAYS, 366));
            let factor = table
                .require(reader, "factor")
                .and_then(|node| between(reader, node, 0.0, 1e9));
            let floor = table
                .require(reader, "floor")
                .and_then(|node| reader.number(node));
            table.finish(reader);
            Some(Limit::Baseline {
                days: days?,
                factor: factor?,
                floor: floor?,
            })
        }
        (found, _) => {
            let message = "a signal needs either `threshold` or `baseline`";
            let (span, hint) = match found {
                Some(node) => (&node.span, "keep one of them"),
                None => (
                    &table.span,
                    "write from where on a value is too high, as `threshold = 500`",
                ),
            };
            reader.error(Code::MissingKey, span, message, hint.to_owned());
            None
        }
    };
    same.map(LimitConfig::Same)
}

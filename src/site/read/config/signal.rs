//! The `[[signals]]` of `allclear.toml`.

use camino::Utf8PathBuf;

use super::field::{between, id, name, whole};
use crate::diagnostic::Code;
use crate::locale::{Language, LocalizedText};
use crate::site::config::{DEFAULT_VALID_FOR, LEAST_DAYS, Limit, SamplesFrom, SignalConfig};
use crate::syntax::{Reader, TableReader};

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
    let unit = table
        .take("unit")
        .and_then(|node| reader.localized_text(node, languages));
    let unit = unit.or_else(|| usual_unit(samples.as_ref()));
    let limit = limit(reader, table);
    let sustained = table.take("for").and_then(|node| reader.duration(node));
    let valid_for = table
        .take("valid_for")
        .and_then(|node| reader.duration(node));
    Some(SignalConfig {
        id: id?,
        name: name?,
        components,
        samples,
        unit,
        limit: limit.unwrap_or(Limit::Threshold(f64::INFINITY)),
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

fn limit(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Option<Limit> {
    match (table.take("threshold"), table.take("baseline")) {
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
    }
}

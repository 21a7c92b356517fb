//! The `[[signals]]` of `allclear.toml`.

use camino::Utf8PathBuf;

use super::field::{between, id, name, whole};
use crate::diagnostic::Code;
use crate::locale::Language;
use crate::site::config::{DEFAULT_VALID_FOR, LEAST_DAYS, Limit, SignalConfig};
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
    let file = table
        .require_text(reader, "file")
        .map(|(text, node)| node.with(Utf8PathBuf::from(text)));
    let unit = table
        .take("unit")
        .and_then(|node| reader.localized_text(node, languages));
    let limit = limit(reader, table);
    let sustained = table.take("for").and_then(|node| reader.duration(node));
    let valid_for = table
        .take("valid_for")
        .and_then(|node| reader.duration(node));
    Some(SignalConfig {
        id: id?,
        name: name?,
        components,
        file,
        unit,
        limit: limit.unwrap_or(Limit::Threshold(f64::INFINITY)),
        sustained: sustained.unwrap_or_default(),
        valid_for: valid_for.unwrap_or(DEFAULT_VALID_FOR),
    })
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

//! The entries of `allclear.toml`: groups, components and sources.

use chrono_tz::Tz;

use super::field::{each, id, name, quorum, section};
use crate::diagnostic::Code;
use crate::locale::Language;
use crate::site::config::{ComponentConfig, DEFAULT_VALID_FOR, GroupConfig, Silence, SourceConfig};
use crate::syntax::{Reader, Spanned, TableReader};

pub(super) fn group(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    languages: &[Language],
) -> Option<GroupConfig> {
    let id = id(reader, table);
    let name = name(reader, table, id.as_ref(), languages);
    Some(GroupConfig {
        id: id?,
        name: name?,
    })
}

pub(super) fn component(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    languages: &[Language],
) -> Option<ComponentConfig> {
    let id = id(reader, table);
    let name = name(reader, table, id.as_ref(), languages);
    let description = table
        .take("description")
        .and_then(|node| reader.localized_text(node, languages));
    let group = table
        .text(reader, "group")
        .map(|(text, node)| node.with(text.to_owned()));
    let since = table.take("since").and_then(|node| reader.date(node));
    let mut required = None;
    let mut valid_for = None;
    let mut sources = None;
    if let Some(mut states) = section(reader, table, "states", "`states`") {
        required = states
            .take("required")
            .and_then(|node| reader.boolean(node));
        valid_for = states
            .take("valid_for")
            .and_then(|node| reader.duration(node));
        sources = quorum(reader, &mut states);
        states.finish(reader);
    }
    Some(ComponentConfig {
        id: id?,
        name: name?,
        description,
        group,
        since,
        required,
        valid_for: valid_for.unwrap_or(DEFAULT_VALID_FOR),
        quorum: sources,
    })
}

pub(super) fn sources(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    languages: &[Language],
    zone: Tz,
) -> Vec<SourceConfig> {
    let Some(sources) = section(reader, table, "sources", "`sources`") else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for (key, node) in sources.entries() {
        let Some(mut source) = reader.table(node, "a source") else {
            continue;
        };
        let ignore = each(
            reader,
            &mut source,
            "ignore",
            "`ignore`",
            |reader, table| {
                let from = table
                    .require(reader, "from")
                    .and_then(|node| reader.instant(node, zone));
                let until = table
                    .require(reader, "until")
                    .map(|node| (node, reader.instant(node, zone)));
                let reason = table
                    .require(reader, "reason")
                    .and_then(|node| reader.localized_text(node, languages));
                let (node, until) = until?;
                let (from, until) = (from?, until?);
                if until <= from {
                    let message = "this ends before it starts";
                    reader.error(
                        Code::EndsBeforeItStarts,
                        &node.span,
                        message,
                        "`until` must be later than `from`".to_owned(),
                    );
                    return None;
                }
                Some(Silence {
                    from,
                    until,
                    reason: reason?,
                })
            },
        );
        source.finish(reader);
        all.push(SourceConfig {
            name: Spanned {
                value: key.name.clone(),
                span: key.span.clone(),
            },
            ignore,
        });
    }
    all
}

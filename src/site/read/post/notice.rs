//! The keys that only the file of a notice has.

use super::course::SaidTimes;
use super::maintenance::{components, window};
use crate::diagnostic::Code;
use crate::site::post::Notice;
use crate::site::read::names::{Names, first_line};
use crate::site::update::Update;
use crate::syntax::{Reader, TableReader};

/// Reads the keys of a notice.
pub(super) fn notice(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    updates: &[Update],
    names: &Names<'_>,
    said: &mut SaidTimes,
) -> Option<Notice> {
    let components = components(reader, table, names);
    let starts = table
        .take("starts")
        .map(|node| reader.instant(node, names.zone));
    let ends = table
        .take("ends")
        .map(|node| (node, reader.instant(node, names.zone)));
    let starts = match (starts, updates.first()) {
        (Some(starts), _) => starts?,
        (None, Some(first)) => first.at,
        (None, None) => {
            let span = first_line(reader, table.span.clone());
            let hint = "write `starts: ...`, or an update such as `## Update · 2022-12-28 19:45`";
            reader.error(
                Code::NoUpdates,
                &span,
                "nothing says from when this notice is shown",
                hint.to_owned(),
            );
            return None;
        }
    };
    let ends = match ends {
        Some((node, ends)) => Some({
            said.end = Some(reader.place(&node.span));
            window(reader, starts, ends?, node, names.zone)?.ends()
        }),
        None => None,
    };
    Some(Notice {
        starts,
        ends,
        components,
    })
}

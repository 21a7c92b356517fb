//! What the file of a maintenance or a notice announces.

use std::ops::Range;

use chrono_tz::Tz;

use super::{Known, first_line, ids};
use crate::component::{ComponentIndex, Status};
use crate::diagnostic::Code;
use crate::incident::{Kind, Maintenance, heading};
use crate::maintenance::Window;
use crate::time::{self, Instant};
use crate::tree::{Node, Reader, Table, Value};
use crate::update::Update;

pub(super) fn maintenance(
    table: &mut Table<'_>,
    updates: &[Update],
    known: &Known<'_>,
    reader: &mut Reader<'_>,
) -> Option<Maintenance> {
    let components = announced(table, known, reader);
    let starts = table
        .require("starts", reader)
        .and_then(|node| time::read(reader, node, known.zone));
    let ends = table
        .require("ends", reader)
        .map(|node| (node, time::read(reader, node, known.zone)));
    for update in updates {
        for (_, status) in &update.changes {
            let span = in_braces(*status, &update.place.span, &reader.file.text);
            not_an_outage(*status, &span, reader);
        }
    }
    let (node, ends) = ends?;
    Some(Maintenance {
        window: window(starts?, ends?, node, known.zone, reader)?,
        components,
    })
}

fn window(
    starts: Instant,
    ends: Instant,
    node: &Node,
    zone: Tz,
    reader: &mut Reader<'_>,
) -> Option<Window> {
    let window = Window::new(starts, ends);
    if window.is_none() {
        let starts = time::with_offset(starts, zone);
        let hint = format!("it starts at {starts}; look at both times");
        reader.error(
            Code::EndsBeforeItStarts,
            &node.span,
            "this window ends before it starts",
            hint,
        );
    }
    window
}

/// The components of a maintenance or a notice: a list, or a table in which none is worse than
/// under maintenance.
fn announced(
    table: &mut Table<'_>,
    known: &Known<'_>,
    reader: &mut Reader<'_>,
) -> Vec<ComponentIndex> {
    let Some(node) = table.take("components") else {
        return Vec::new();
    };
    let entries = match &node.value {
        Value::Table(entries) => entries,
        Value::List(_) => return ids(node, known, reader),
        _ => {
            reader.wrong_type(node, "a list of components");
            return Vec::new();
        }
    };
    let mut components = Vec::new();
    for (key, value) in entries {
        components.extend(known.component(&key.name, &key.span, reader));
        let status = reader
            .text(value)
            .and_then(|word| heading::status(word, &value.span, reader));
        if let Some(status) = status {
            not_an_outage(status, &value.span, reader);
        }
    }
    components
}

/// Where a status stands behind the text of a heading.
fn in_braces(status: Status, heading: &Range<usize>, text: &str) -> Range<usize> {
    let line = text[heading.end..].lines().next().unwrap_or_default();
    match line.find(status.as_str()) {
        Some(at) => heading.end + at..heading.end + at + status.as_str().len(),
        None => heading.clone(),
    }
}

fn not_an_outage(status: Status, span: &Range<usize>, reader: &mut Reader<'_>) {
    if status > Status::UnderMaintenance {
        let message = format!("a maintenance makes no component `{}`", status.as_str());
        let hint = "its components are `under_maintenance` while it lasts; write an incident of its own for what goes wrong";
        reader.error(Code::NotInMaintenance, span, message, hint.to_owned());
    }
}

pub(super) fn notice(
    table: &mut Table<'_>,
    updates: &[Update],
    known: &Known<'_>,
    reader: &mut Reader<'_>,
) -> Option<Kind> {
    let components = announced(table, known, reader);
    let starts = table
        .take("starts")
        .map(|node| time::read(reader, node, known.zone));
    let ends = table
        .take("ends")
        .map(|node| (node, time::read(reader, node, known.zone)));
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
        Some((node, ends)) => Some(window(starts, ends?, node, known.zone, reader)?.ends()),
        None => None,
    };
    Some(Kind::Notice {
        starts,
        ends,
        components,
    })
}

//! The keys that only the file of a maintenance has.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::course::SaidTimes;
use crate::diagnostic::Code;
use crate::site::component::ComponentIndex;
use crate::site::post::Maintenance;
use crate::site::read::names::{self, Names};
use crate::site::update::Update;
use crate::site::vocabulary::{Status, Word};
use crate::syntax::{Reader, Spanned, TableReader, Value};
use crate::time;
use crate::time::{Instant, Recurrence, Window};

pub(super) fn maintenance(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    updates: &[Update],
    names: &Names<'_>,
    said: &mut SaidTimes,
) -> Option<Maintenance> {
    let components = components(reader, table, names);
    let starts = table.require(reader, "starts").and_then(|node| {
        said.start = Some(reader.place(&node.span));
        reader.instant(node, names.zone)
    });
    let ends = table
        .require(reader, "ends")
        .map(|node| (node, reader.instant(node, names.zone)));
    for update in updates {
        for change in &update.changes {
            let span = in_braces(change.status, &update.place.span, &reader.file.text);
            not_an_outage(reader, change.status, &span);
        }
    }
    let repeat = table.text(reader, "repeat");
    let except = table.take("except");
    let (node, ends) = ends?;
    said.end = Some(reader.place(&node.span));
    let first = window(reader, starts?, ends?, node, names.zone)?;
    let repeat = match (repeat, except) {
        (Some((rule, node)), except) => {
            Some(repeated(reader, first, &node.with(rule), except, names)?)
        }
        (None, None) => None,
        (None, Some(except)) => {
            let message = "this excepts days from a rule, and there is no `repeat`";
            let hint = "add the rule, as `repeat: FREQ=WEEKLY`, or take this key out";
            reader.error(Code::BadRepeat, &except.span, message, hint.to_owned());
            return None;
        }
    };
    Some(Maintenance {
        window: (repeat.as_ref()).map_or(Some(first), |repeat| repeat.windows().next())?,
        components,
        first_update: updates.first().map(|update| update.at),
        recurrence: repeat.map(Arc::new),
    })
}

/// The rule of a maintenance, without the days that its file excepts.
fn repeated(
    reader: &mut Reader<'_>,
    first: Window,
    rule: &Spanned<&str>,
    except: Option<&Spanned<Value>>,
    names: &Names<'_>,
) -> Option<Recurrence> {
    let repeat = match Recurrence::new(rule.value, first, names.zone) {
        Ok(repeat) => repeat,
        Err(error) => {
            let (message, hint) = error.in_words(rule.value);
            reader.error(Code::BadRepeat, &rule.span, message, hint);
            return None;
        }
    };
    let items = except
        .and_then(|node| reader.list(node))
        .unwrap_or_default();
    let days: Vec<(NaiveDate, &Spanned<Value>)> = (items.iter())
        .filter_map(|node| Some((reader.date(node)?, node)))
        .collect();
    let last = days.iter().map(|(day, _)| *day).max();
    let window_days: BTreeSet<NaiveDate> = (repeat.windows())
        .map(|window| repeat.day(window))
        .take_while(|day| Some(*day) <= last)
        .collect();
    for (day, node) in &days {
        if !window_days.contains(day) {
            let message = format!("the rule has no window on {day}");
            let before = window_days.range(..day).next_back();
            let hint = before.map_or_else(
                || format!("its first is on {}", repeat.day(first)),
                |before| format!("the one before that is on {before}"),
            );
            reader.error(Code::BadRepeat, &node.span, message, hint);
        }
    }
    let repeat = repeat.without(days.into_iter().map(|(day, _)| day));
    if repeat.windows().next().is_none() {
        let message = "no window is left of this rule";
        let hint = "write a maintenance without `repeat`, or except fewer days";
        reader.error(Code::BadRepeat, &rule.span, message, hint.to_owned());
        return None;
    }
    Some(repeat)
}

pub(super) fn window(
    reader: &mut Reader<'_>,
    starts: Instant,
    ends: Instant,
    node: &Spanned<Value>,
    zone: Tz,
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
pub(super) fn components(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    names: &Names<'_>,
) -> Vec<ComponentIndex> {
    let Some(node) = table.take("components") else {
        return Vec::new();
    };
    let entries = match &node.value {
        Value::Table(entries) => entries,
        Value::List(_) => return names.components_of(reader, node),
        _ => {
            reader.wrong_type(node, "a list of components");
            return Vec::new();
        }
    };
    let mut components = Vec::new();
    for (key, value) in entries {
        components.extend(names.component(reader, &key.name, &key.span));
        let status = reader
            .text(value)
            .and_then(|word| names::status(reader, word, &value.span));
        if let Some(status) = status {
            not_an_outage(reader, status, &value.span);
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

fn not_an_outage(reader: &mut Reader<'_>, status: Status, span: &Range<usize>) {
    if status > Status::UnderMaintenance {
        let message = format!("a maintenance makes no component `{}`", status.as_str());
        let hint = "its components are `under_maintenance` while it lasts; write an incident of its own for what goes wrong";
        reader.error(Code::NotInMaintenance, span, message, hint.to_owned());
    }
}

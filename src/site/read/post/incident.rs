//! The keys that only the file of an incident proper has.

use chrono_tz::Tz;

use super::course::SaidTimes;
use crate::diagnostic::{Code, Diagnostic, nearest_hint};
use crate::site::post::Incident;
use crate::site::read::names::{self, Names, first_line};
use crate::site::signal::{SignalIndex, family};
use crate::site::update::{Change, Update};
use crate::site::vocabulary::{Impact, Word};
use crate::syntax::{Reader, Spanned, TableReader, Value};
use crate::time;
use crate::time::Instant;

/// Reads the keys of an incident.
pub(super) fn incident(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    updates: &[Update],
    names: &Names<'_>,
    said: &mut SaidTimes,
) -> Option<Incident> {
    let zone = names.zone;
    let impact = table.text(reader, "impact").and_then(|(word, node)| {
        let impact = Impact::parse(word);
        if impact.is_none() {
            let hint = nearest_hint(word, Impact::words());
            reader.error(
                Code::UnknownImpact,
                &node.span,
                format!("`{word}` is no impact"),
                hint,
            );
        }
        impact
    });
    let components = statuses(reader, table, impact, names);
    let started = table
        .take("started")
        .map(|node| (node, reader.instant(node, zone)));
    let detected = table
        .take("detected")
        .map(|node| (node, reader.instant(node, zone)));
    let ended = table
        .take("ended")
        .map(|node| (node, reader.instant(node, zone)));
    let place = |said: &Option<(&Spanned<Value>, _)>| {
        said.as_ref().map(|(node, _)| reader.place(&node.span))
    };
    *said = SaidTimes {
        start: place(&started),
        detected: place(&detected),
        end: place(&ended),
    };
    let signals = table
        .take("signals")
        .map_or_else(Vec::new, |node| signals(reader, node, names));

    let start = match (&started, updates.first()) {
        (Some((_, instant)), _) => (*instant)?,
        (None, Some(first)) => first.at,
        (None, None) => {
            let span = table.span.clone();
            let hint =
                "write `started: ...`, or an update such as `## Investigating · 2022-12-28 19:45`";
            reader.error(
                Code::NoUpdates,
                &first_line(reader, span),
                "nothing says when this incident began",
                hint.to_owned(),
            );
            return None;
        }
    };
    ends_after(
        reader,
        start,
        started.as_ref().map(|(node, _)| *node),
        ended,
        updates,
        zone,
    );
    Some(Incident {
        started: start,
        is_start_said: started.is_some(),
        detected: detected.and_then(|(_, instant)| instant),
        ended: ended.and_then(|(_, instant)| instant),
        impact,
        components,
        signals,
    })
}

/// Reports an incident that is over before it began, and a first update before the trouble.
fn ends_after(
    reader: &mut Reader<'_>,
    start: Instant,
    started: Option<&Spanned<Value>>,
    ended: Option<(&Spanned<Value>, Option<Instant>)>,
    updates: &[Update],
    zone: Tz,
) {
    let first = updates.first().map(|update| update.place.clone());
    let began = started.map(|node| reader.place(&node.span)).or(first);
    let hint = || {
        let start = time::with_offset(start, zone);
        format!("it began at {start}; look at both times")
    };
    let mut report = |diagnostic: Diagnostic| {
        let diagnostic = diagnostic.hint(hint());
        reader.diagnostics.push(match &began {
            Some(place) => diagnostic.related(place.clone(), "it began here"),
            None => diagnostic,
        });
    };
    if let Some((node, Some(end))) = ended
        && end < start
    {
        let place = crate::diagnostic::Place::new(reader.file, node.span.clone());
        report(Diagnostic::error(
            Code::EndsBeforeItStarts,
            place,
            "this incident ends before it starts",
        ));
    }
    for update in updates.iter().filter(|update| update.at < start) {
        let (code, message) = if update.state.ends_incident() {
            (
                Code::EndsBeforeItStarts,
                "this incident ends before it starts",
            )
        } else {
            (
                Code::UpdateBeforeStart,
                "this update is earlier than the incident's start",
            )
        };
        let diagnostic = if code == Code::EndsBeforeItStarts {
            Diagnostic::error(code, update.place.clone(), message)
        } else {
            Diagnostic::warning(code, update.place.clone(), message)
        };
        report(diagnostic);
    }
}

/// The `components` of an incident: a table, or a list whose status follows the impact.
fn statuses(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    impact: Option<Impact>,
    names: &Names<'_>,
) -> Vec<Change> {
    let Some(node) = table.take("components") else {
        return Vec::new();
    };
    let mut statuses = Vec::new();
    match &node.value {
        Value::Table(entries) => {
            for (key, value) in entries {
                let place = names.place(reader, &key.name, &key.span, &[]);
                let status = reader
                    .text(value)
                    .and_then(|word| names::status(reader, word, &value.span));
                let change = place.zip(status);
                statuses.extend(change.map(|((component, region), status)| Change {
                    component,
                    region,
                    status,
                }));
            }
        }
        Value::List(_) => {
            let status = impact.unwrap_or(Impact::Minor).status();
            for (words, node) in reader.texts(node) {
                let place = names.place(reader, words, &node.span, &[]);
                statuses.extend(place.map(|(component, region)| Change {
                    component,
                    region,
                    status,
                }));
            }
        }
        _ => reader.wrong_type(
            node,
            "a table of components with their statuses, or a list of components",
        ),
    }
    statuses
}

fn signals(reader: &mut Reader<'_>, node: &Spanned<Value>, names: &Names<'_>) -> Vec<SignalIndex> {
    let texts = reader.texts(node);
    let named = texts
        .into_iter()
        .filter_map(|(id, node)| reader.known(&node.span, names.signals.signal(id)));
    // An id names all that its entry is, region by region.
    let named: Vec<SignalIndex> = named.collect();
    let families = named.into_iter();
    families
        .flat_map(|it| family(names.signals.all(), it))
        .collect()
}

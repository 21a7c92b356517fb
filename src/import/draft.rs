//! The text of an incident file.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{SecondsFormat, Timelike as _};

use super::body::Converter;
use super::course::{Components, Course, Kind, Update};
use crate::site::vocabulary::{Impact, State};
use crate::time::Instant;

/// What stands before the id of an incident in the file that came from it.
const SOURCE: &str = "# imported from Statuspage: ";

/// The text of the file.
pub(super) fn text(course: &Course, converter: &Converter) -> String {
    let mut out = String::from("---\n");
    if let Some(id) = course.id.as_deref().and_then(plain_id) {
        out.push_str(&format!("{SOURCE}{id}\n"));
    }
    out.push_str(&format!("title: {}\n", scalar(&course.title)));
    front_matter(&mut out, course);
    out.push_str("---\n");
    let times = Times::of(&course.updates);
    for update in newest_first(&course.updates) {
        out.push_str(&format!(
            "\n## {} · {}",
            word(update.state),
            times.heading(update.at)
        ));
        if !update.changes.is_empty() {
            let changes: Vec<String> = update
                .changes
                .iter()
                .map(|(id, status)| format!("{id}={}", status.as_str()))
                .collect();
            out.push_str(&format!(" {{{}}}", changes.join(" ")));
        }
        out.push('\n');
        let body = converter.markdown(&update.body);
        if !body.is_empty() {
            out.push_str(&format!("\n{body}\n"));
        }
    }
    out
}

fn front_matter(out: &mut String, course: &Course) {
    match &course.kind {
        Kind::Incident {
            started,
            ended,
            impact,
            components,
        } => {
            let none = matches!(components, Components::Listed(ids) if ids.is_empty());
            if !(none && *impact == Impact::None) {
                out.push_str(&format!("impact: {}\n", impact.as_str()));
            }
            let first = course.updates.first().map(|update| update.at);
            if first.is_none_or(|first| (first - started).abs() >= chrono::TimeDelta::seconds(1)) {
                out.push_str(&format!("started: {}\n", written(*started)));
            }
            if let Some(ended) = ended {
                out.push_str(&format!("ended: {}\n", written(*ended)));
            }
            match components {
                Components::Listed(ids) => list(out, ids),
                Components::With(statuses) => {
                    out.push_str("components:\n");
                    for (id, status) in statuses {
                        out.push_str(&format!("  {}: {}\n", scalar(id), status.as_str()));
                    }
                }
            }
        }
        Kind::Maintenance {
            starts,
            ends,
            components,
        } => {
            out.push_str(&format!(
                "kind: maintenance\nstarts: {}\n",
                written(*starts)
            ));
            if let Some(ends) = ends {
                out.push_str(&format!("ends: {}\n", written(*ends)));
            }
            list(out, components);
        }
    }
}

fn list(out: &mut String, ids: &[String]) {
    if ids.is_empty() {
        return;
    }
    out.push_str("components:\n");
    for id in ids {
        out.push_str(&format!("  - {}\n", scalar(id)));
    }
}

/// The newest on top; of one instant those that were posted first, as a file is read.
fn newest_first(updates: &[Update]) -> Vec<&Update> {
    let mut updates: Vec<&Update> = updates.iter().collect();
    updates.sort_by_key(|update| std::cmp::Reverse(update.at));
    updates
}

/// The word of a state in a heading.
fn word(state: State) -> &'static str {
    match state {
        State::Investigating => "Investigating",
        State::Identified => "Identified",
        State::Monitoring => "Monitoring",
        State::Resolved => "Resolved",
        State::Postmortem => "Postmortem",
        State::Update => "Update",
        State::Scheduled => "Scheduled",
        State::InProgress => "In progress",
        State::Verifying => "Verifying",
        State::Completed => "Completed",
        State::Cancelled => "Cancelled",
    }
}

/// How many updates of a file share a second, for only those need more of their time.
struct Times(BTreeMap<i64, Instant>, Vec<i64>);

impl Times {
    fn of(updates: &[Update]) -> Self {
        let mut times = Self(BTreeMap::new(), Vec::new());
        for update in updates {
            let second = update.at.timestamp();
            if times
                .0
                .insert(second, update.at)
                .is_some_and(|other| other != update.at)
            {
                times.1.push(second);
            }
        }
        times
    }

    fn heading(&self, at: Instant) -> String {
        if self.1.contains(&at.timestamp()) {
            return at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        }
        written(at)
    }
}

/// An instant to the second, without the seconds where they are none.
fn written(at: Instant) -> String {
    let format = if at.second() == 0 {
        "%Y-%m-%d %H:%M UTC"
    } else {
        "%Y-%m-%d %H:%M:%S UTC"
    };
    at.format(format).to_string()
}

/// The id of the incident that a file came from.
pub(super) fn source_of(text: &str) -> Option<&str> {
    text.lines()
        .take(40)
        .find_map(|line| line.trim().strip_prefix(SOURCE))
        .map(str::trim)
}

/// How many updates a file seems to have: its lines that start with `## `.
pub(super) fn count_updates(text: &str) -> usize {
    text.lines().filter(|line| line.starts_with("## ")).count()
}

/// An id that can stand in a comment.
fn plain_id(id: &str) -> Option<&str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (!id.is_empty() && id.chars().all(plain)).then_some(id)
}

/// A YAML scalar that is this very text: as it is where it cannot be read as anything else.
fn scalar(text: &str) -> Cow<'_, str> {
    const RESERVED: [&str; 13] = [
        "true", "false", "yes", "no", "on", "off", "null", "nan", "inf", "infinity", "y", "n",
        "next",
    ];
    let harmless = |c: char| c.is_alphanumeric() || " -_,.()/'+!?;%".contains(c);
    if text.starts_with(char::is_alphabetic)
        && text.chars().all(harmless)
        && !text.ends_with(' ')
        && !RESERVED.contains(&text.to_lowercase().as_str())
    {
        return Cow::Borrowed(text);
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            // YAML takes neither these nor the line separators of Unicode as they are.
            c if c.is_control()
                || matches!(
                    c,
                    '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
                ) =>
            {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    Cow::Owned(out)
}

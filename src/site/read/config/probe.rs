//! The `[[probes]]` and the `[probe]` table of `allclear.toml`.

use chrono::TimeDelta;

use super::field::{section, whole};
use super::setting::truth;
use crate::diagnostic::{Code, Diagnostic};
use crate::fetch::Networks;
use crate::site::config::{ProbeConfig, SignalConfig};
use crate::site::evidence_file::{latency_file, states_file};
use crate::site::lookup;
use crate::site::observation::OPERATOR;
use crate::site::probe::address::host_and_port;
use crate::site::probe::{DEFAULT_EVERY, DEFAULT_TIMEOUT, Kind, KindReader, Probe, ProbeSettings};
use crate::site::vocabulary::Status;
use crate::syntax::{Reader, Spanned, TableReader, Value};

/// What a bad answer can mean.
const BAD: [Status; 3] = [
    Status::DegradedPerformance,
    Status::PartialOutage,
    Status::MajorOutage,
];

/// How long at most a probe waits for an answer.
const LONGEST_TIMEOUT: TimeDelta = TimeDelta::minutes(1);

/// How often at most a probe asks again before a bad answer counts.
const MOST_RETRIES: u32 = 10;

pub(super) fn probe(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Option<ProbeConfig> {
    let components = components(reader, table);
    let kind = kind(reader, table);
    let every = table.take("every").and_then(|node| reader.duration(node));
    let every = every.unwrap_or(DEFAULT_EVERY);
    let timeout = timeout(reader, table, every);
    let retries = table
        .take("retries")
        .and_then(|node| whole(reader, node, 0, MOST_RETRIES));
    let bad = bad(reader, table);
    let source = source(reader, table);
    let kind = kind?;
    Some(ProbeConfig {
        components,
        probe: Probe {
            components: Vec::new(),
            source: source.unwrap_or_else(|| kind.source()),
            kind,
            every,
            timeout,
            retries: retries.unwrap_or(1),
            bad: bad.unwrap_or(Status::MajorOutage),
            place: reader.place(&table.span),
        },
    })
}

/// How long it waits for an answer: so long that a look, which takes one and a half times that, is over before the next.
fn timeout(reader: &mut Reader<'_>, table: &mut TableReader<'_>, every: TimeDelta) -> TimeDelta {
    let usual = DEFAULT_TIMEOUT.min(every * 2 / 3);
    let Some(node) = table.take("timeout") else {
        return usual;
    };
    let Some(timeout) = reader.duration(node) else {
        return usual;
    };
    if timeout > LONGEST_TIMEOUT {
        let message = "no probe waits for more than a minute";
        let hint = "write at most `60s`: what takes longer is not up for whoever waits for it";
        reader.error(Code::OutOfRange, &node.span, message, hint.to_owned());
        return usual;
    }
    if timeout * 3 > every * 2 {
        let message = "a look may take longer than the time until the next one";
        let hint = "it takes up to one and a half times `timeout`: wait less, or raise `every`";
        reader.error(Code::BadProbe, &node.span, message, hint.to_owned());
        return usual;
    }
    timeout
}

/// Reports each probe that would write what it sees into the file of a signal.
pub(super) fn no_file_of_a_signal(
    reader: &mut Reader<'_>,
    probes: &[ProbeConfig],
    signals: &[SignalConfig],
) {
    for ProbeConfig { probe, .. } in probes {
        let source = &probe.source;
        let written = [states_file(source), latency_file(source)];
        let mut named = signals.iter().filter_map(SignalConfig::file);
        if let Some(file) = named.find(|file| written.contains(file)) {
            let message = format!("this probe writes into `{file}`, which is the file of a signal");
            let hint = format!("give it another name, as `source = \"{source}-probe\"`");
            let error = Diagnostic::error(Code::BadProbe, probe.place.clone(), message);
            reader.diagnostics.push(error.hint(hint));
        }
    }
}

/// The ids of the keys `component` and `components`.
fn components(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Vec<Spanned<String>> {
    let one = table
        .text(reader, "component")
        .map(|(text, node)| node.with(text.to_owned()));
    let several = table.take("components");
    match (one, several) {
        (Some(one), None) => vec![one],
        (None, Some(node)) => {
            let texts = reader.texts(node).into_iter();
            texts
                .map(|(text, node)| node.with(text.to_owned()))
                .collect()
        }
        (found, _) => {
            let message = "a probe asks about either `component` or `components`";
            let hint = match found {
                Some(_) => "keep one of them",
                None => "name a component, as `component = \"web\"`",
            };
            reader.error(Code::BadProbe, &table.span, message, hint.to_owned());
            Vec::new()
        }
    }
}

/// The kind, by the one key that names it.
fn kind(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Option<Kind> {
    let (mut found, mut names) = (Vec::new(), Vec::new());
    for (key, read) in Kind::KEYS {
        if let Some(node) = table.take(key) {
            found.push((node, read));
            names.push(*key);
        }
    }
    if let [(node, read)] = found[..] {
        return read(reader, table, node);
    }
    if found.is_empty()
        && let Some((node, read)) = misspelt(table)
    {
        // What else it has is known by its kind; the key itself is reported where the table ends.
        read(reader, table, node);
        return None;
    }
    let what_to_do = match names.is_empty() {
        true => "write one of",
        false => "keep one of",
    };
    if names.is_empty() {
        names.extend(Kind::KEYS.iter().map(|(key, _)| *key));
    }
    let keys: Vec<String> = names.iter().map(|key| format!("`{key}`")).collect();
    let message = "a probe asks exactly one question";
    let hint = format!("{what_to_do} {}", keys.join(", "));
    let span = found.get(1).map_or(&table.span, |(node, _)| &node.span);
    reader.error(Code::BadProbe, span, message, hint);
    None
}

/// The value of a key that is most likely that of a kind, and the reader of the kind.
fn misspelt<'n>(table: &TableReader<'n>) -> Option<(&'n Spanned<Value>, KindReader)> {
    let mut kinds = Kind::KEYS.iter();
    kinds.find_map(|(key, read)| Some((table.misspelt(key)?, *read)))
}

/// What a bad answer means.
fn bad(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Option<Status> {
    let (text, node) = table.text(reader, "bad")?;
    let status = reader.known(&node.span, lookup::status(text))?;
    if !BAD.contains(&status) {
        let message = format!("`{text}` is nothing that a bad answer can mean");
        let hint = "write `degraded_performance`, `partial_outage` or `major_outage`";
        reader.error(Code::BadProbe, &node.span, message, hint.to_owned());
        return None;
    }
    Some(status)
}

/// The name of the source.
fn source(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Option<String> {
    let (text, node) = table.text(reader, "source")?;
    let name = text.trim();
    if name.is_empty() || name == OPERATOR {
        let message = format!("`{name}` cannot be the source of what a probe saw");
        let hint = "name where it looks from, as `frankfurt`";
        reader.error(Code::BadProbe, &node.span, message, hint.to_owned());
        return None;
    }
    Some(name.to_owned())
}

/// The `[probe]` table.
pub(super) fn probe_settings(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
) -> ProbeSettings {
    let mut settings = ProbeSettings::default();
    if let Some(node) = table
        .take("probe")
        .filter(|it| matches!(it.value, Value::List(_)))
    {
        let message = "this is a list, but should be a table";
        let hint = "did you mean `[[probes]]`?".to_owned();
        reader.error(Code::WrongType, &node.span, message, hint);
        return settings;
    }
    let Some(mut table) = section(reader, table, "probe", "`probe`") else {
        return settings;
    };
    if let Some(node) = table.take("control") {
        let items = reader.list(node).unwrap_or_default();
        settings.control = items
            .iter()
            .filter_map(|node| host_and_port(reader, node))
            .collect();
    }
    let mut is_private = false;
    truth(reader, &mut table, "private", &mut is_private);
    if is_private {
        settings.networks = Networks::All;
    }
    table.finish(reader);
    settings
}

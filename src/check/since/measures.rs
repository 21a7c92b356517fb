//! The settings by which the past is measured: after the fact they are not made milder in silence.
//!
//! Each is looked at for what makes the past look better: weights of outages, the day from which uptime counts, time in
//! which a source is not believed, how long evidence holds and whether it is required, how many sources must agree, the
//! limits of signals, and components that are gone with their history. What only the future can show (`expected_every`)
//! and what moves nothing from bad to good (a time zone, names, groups) is none of it.

use std::collections::HashMap;
use std::sync::Arc;

use camino::Utf8PathBuf;
use chrono::NaiveDate;

use super::evidence;
use super::record::{NoticedComponents, Record, records};
use crate::check::earlier::Earlier;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, SourceFile};
use crate::locale::english::counted;
use crate::site::Site;
use crate::site::component::{Component, Requirement};
use crate::site::config::{Limit, Silence};
use crate::site::edit::time::duration;
use crate::site::observation::Source;
use crate::site::signal::Signal;
use crate::site::vocabulary::Word as _;
use crate::source::EVIDENCE;
use crate::syntax::{self, Spanned, SyntaxFormat, Value};
use crate::time::calendar::date;
use crate::time::{self, Instant};

/// A version of a site with the text of its `allclear.toml`.
#[derive(Debug, Clone, Copy)]
pub struct Version<'a> {
    /// The site.
    pub site: &'a Site,
    /// The text of its `allclear.toml`.
    pub config: &'a Arc<SourceFile>,
}

/// The findings about evidence of the past up to `now`, and settings that weigh it, by which the past looks better in
/// `new` than `old`, the site at `revision`, showed it.
///
/// What a new notice tells readers is not found: one that names the component, or none at all.
pub fn remeasured(old: Version<'_>, new: Version<'_>, revision: &str, now: Instant) -> Diagnostics {
    let settings = Settings {
        old: old.site,
        new: new.site,
        before: ConfigLines::of(old.config),
        after: ConfigLines::of(new.config),
        later: (new.site.components.iter())
            .map(|component| (component.id.as_str(), component))
            .collect(),
        earlier_sources: (old.site.sources.iter())
            .map(|source| (source.name.as_str(), source))
            .collect(),
        later_signals: (new.site.signals.iter())
            .map(|signal| (signal_key(new.site, signal), signal))
            .collect(),
        told: NoticedComponents::of(old.site, new.site, now),
        earlier: Earlier::at(revision),
        now,
    };
    let mut found = Vec::new();
    settings.weights(&mut found);
    let records = records(old.site, new.site, now);
    for (before, record) in old.site.components.iter().zip(records) {
        settings.component(before, record, &mut found);
    }
    for source in &new.site.sources {
        settings.silences(source, &mut found);
    }
    for before in &old.site.signals {
        settings.signal(before, &mut found);
    }
    settings.evidence(&mut found);
    Diagnostics::from(found)
}

/// An `allclear.toml`, in which places are looked up.
struct ConfigLines<'a> {
    file: &'a Arc<SourceFile>,
    root: Option<Spanned<Value>>,
}

impl<'a> ConfigLines<'a> {
    fn of(file: &'a Arc<SourceFile>) -> Self {
        let whole = 0..file.text.len();
        let root = syntax::parse(file, whole, SyntaxFormat::Toml, &mut Diagnostics::new());
        Self { file, root }
    }

    /// The last of the keys that is there, each in the table of the one before; the file's start where there is none.
    /// A key `=ID` is the entry of a list that has this `id`.
    fn place(&self, path: &[&str]) -> Place {
        let mut span = 0..0;
        let mut node = self.root.as_ref();
        for key in path {
            let next = match node.map(|node| &node.value) {
                Some(Value::Table(entries)) => (entries.iter())
                    .find(|(name, _)| name.name == *key)
                    .map(|(name, value)| (name.span.start..value.span.end, value)),
                Some(Value::List(items)) => (items.iter())
                    .find(|item| key.strip_prefix('=').is_some_and(|id| has_id(item, id)))
                    .map(|item| (item.span.clone(), item)),
                _ => None,
            };
            let Some((found, value)) = next else { break };
            span = found;
            node = Some(value);
        }
        let text = &self.file.text[span.clone()];
        let line = text.lines().next().unwrap_or_default();
        Place::new(self.file, span.start..span.start + line.len())
    }
}

/// Whether an entry of a list has an id.
fn has_id(item: &Spanned<Value>, id: &str) -> bool {
    let Value::Table(entries) = &item.value else {
        return false;
    };
    let mut entries = entries.iter();
    entries.any(|(key, value)| {
        key.name == "id" && matches!(&value.value, Value::Text(text) if text == id)
    })
}

/// Two versions of the settings.
struct Settings<'a> {
    old: &'a Site,
    new: &'a Site,
    before: ConfigLines<'a>,
    after: ConfigLines<'a>,
    /// The components of the later version, by id.
    later: HashMap<&'a str, &'a Component>,
    /// The sources of the earlier version, by name.
    earlier_sources: HashMap<&'a str, &'a Source>,
    /// The signals of the later version, by their ids and those of their regions.
    later_signals: HashMap<(&'a str, Option<&'a str>), &'a Signal>,
    told: NoticedComponents,
    earlier: Earlier<'a>,
    now: Instant,
}

impl Settings<'_> {
    /// An error at a setting, which shows both versions of it.
    fn error(&self, path: &[&str], message: String) -> Diagnostic {
        let code = Code::SoftenedMeasure;
        Diagnostic::error(code, self.after.place(path), message)
            .related(
                self.earlier.place(&self.before.place(path)),
                "what was published",
            )
            .hint(TELL)
    }

    fn weights(&self, found: &mut Vec<Diagnostic>) {
        let (old, new) = (&self.old.settings.weights, &self.new.settings.weights);
        let weights = [
            ("major_outage", old.major_outage, new.major_outage),
            ("partial_outage", old.partial_outage, new.partial_outage),
            (
                "degraded_performance",
                old.degraded_performance,
                new.degraded_performance,
            ),
        ];
        for (name, before, after) in weights {
            if after < before && !self.told.is_of_all() {
                let message = format!(
                    "`{name}` counted {before} of its time as down, and counts {after} now, in the past too"
                );
                found.push(self.error(&["uptime", "weights", name], message));
            }
        }
    }

    fn component(&self, before: &Component, record: Record, found: &mut Vec<Diagnostic>) {
        let id = before.id.as_str();
        let Some(first) = record.first.filter(|_| !self.told.is_of(id)) else {
            return;
        };
        let entry = format!("={id}");
        let Some(after) = self.later.get(id) else {
            let message = format!("`{id}` was published with its history, and is gone");
            found.push(self.error(&["components", &entry], message));
            return;
        };
        let mut add = |key: &[&str], message: String| {
            found.push(self.error(&[&["components", entry.as_str()], key].concat(), message));
        };
        let zone = self.old.settings.time_zone;
        if let Some((was, is)) = other_days(before.since, after.since, date(first, zone)) {
            let message = format!("uptime of `{id}` counted from {was}, and counts from {is} now");
            add(&["since"], message);
        }
        if rank(after.required) < rank(before.required) && record.is_observed {
            let message = format!(
                "evidence of `{id}` was {}, and is {} now",
                word(before),
                word(after)
            );
            add(&["states", "required"], message);
        }
        let is_longer = before.valid_for < after.valid_for && record.is_observed;
        let is_shorter = after.valid_for < before.valid_for && record.was_bad;
        if is_longer || is_shorter {
            let (was, is) = (duration(before.valid_for), duration(after.valid_for));
            let message = format!(
                "an observation of `{id}` held for {was}, and holds for {is} now, in the past too"
            );
            add(&["states", "valid_for"], message);
        }
        if before.quorum < after.quorum && record.was_bad {
            let was = counted(before.quorum, "source");
            let message = format!(
                "trouble of `{id}` counted once {was} saw it, and counts once {} do now, in the past too",
                after.quorum
            );
            // It may be the site's.
            let own = self
                .after
                .place(&["components", &entry, "states", "quorum"]);
            match own.text().starts_with("quorum") {
                true => add(&["states", "quorum"], message),
                false => found.push(self.error(&["evidence", "quorum"], message)),
            }
        }
    }

    /// Finds time in which a source is not believed any more, though it was, and saw trouble.
    fn silences(&self, source: &Source, found: &mut Vec<Diagnostic>) {
        let before = self.earlier_sources.get(source.name.as_str());
        let believed = before.map_or(&[] as &[Silence], |it| &it.silences);
        let is_silent = |silences: &[Silence], at: Instant| {
            let mut silences = silences.iter();
            silences.any(|it| it.from <= at && at < it.until)
        };
        let lost = source.observations.iter().find(|it| {
            let component = &self.new.components[it.component.0];
            let ends = (it.to + component.valid_for).min(self.now);
            // A silence may begin within the time for which it held.
            let starts = source.silences.iter();
            let mut moments = starts.map(|silence| silence.from.max(it.from));
            it.status.is_trouble()
                && it.from <= self.now
                && moments.any(|at| {
                    at <= ends && is_silent(&source.silences, at) && !is_silent(believed, at)
                })
                && !self.told.is_of(&component.id)
        });
        if let Some(lost) = lost {
            let (name, id) = (&source.name, &self.new.components[lost.component.0].id);
            let at = time::with_offset(lost.from, self.new.settings.time_zone);
            let status = lost.status.as_str().replace('_', " ");
            let message = format!(
                "`{name}` saw `{id}` in {status} at {at}, which was published, and is not believed now"
            );
            found.push(self.error(&["sources", name, "ignore"], message));
        }
    }

    fn signal(&self, before: &Signal, found: &mut Vec<Diagnostic>) {
        let id = before.id.as_str();
        let key = signal_key(self.old, before);
        let after = self.later_signals.get(&key);
        let later = after.and_then(|after| after.samples.first());
        let mut first = before.samples.first().into_iter().chain(later);
        let is_past = first.any(|sample| sample.at <= self.now);
        let named = before
            .components
            .first()
            .map(|it| self.old.components[it.0].id.as_str());
        if !is_past || named.map_or(self.told.is_of_all(), |named| self.told.is_of(named)) {
            return;
        }
        let entry = format!("={id}");
        let Some(after) = after else {
            let of_region = key.1.map_or_else(String::new, |it| format!(" of `{it}`"));
            let message = format!("the signal `{id}`{of_region} was published, and is gone");
            found.push(self.error(&["signals", &entry], message));
            return;
        };
        self.samples(before, after, found);
        let mut add = |key: &str, message: String| {
            found.push(self.error(&["signals", &entry, key], message));
        };
        if is_looser(before.limit, after.limit) {
            let (was, is) = (limit(before.limit), limit(after.limit));
            let key = match after.limit {
                Limit::Threshold(_) | Limit::Never => "threshold",
                Limit::Baseline { .. } => "baseline",
            };
            add(
                key,
                format!("`{id}` breached at {was}, and breaches at {is} now, in the past too"),
            );
        }
        if before.sustained < after.sustained {
            let (was, is) = (duration(before.sustained), duration(after.sustained));
            let message = format!(
                "`{id}` breached after {was}, and breaches after {is} now, in the past too"
            );
            add("for", message);
        }
        if after.valid_for < before.valid_for {
            let (was, is) = (duration(before.valid_for), duration(after.valid_for));
            let message = format!(
                "a sample of `{id}` held for {was}, and holds for {is} now, in the past too"
            );
            add("valid_for", message);
        }
        for component in &before.components {
            let component = &self.old.components[component.0].id;
            let is_there = self.later.contains_key(component.as_str());
            let mut named = after
                .components
                .iter()
                .map(|it| &self.new.components[it.0].id);
            if is_there && !named.any(|it| it == component) {
                add(
                    "components",
                    format!("`{id}` spoke of `{component}`, and does not now, in the past either"),
                );
            }
        }
    }

    /// Finds breaches of a signal that its samples do not show any more.
    fn samples(&self, before: &Signal, after: &Signal, found: &mut Vec<Diagnostic>) {
        let zone = self.new.settings.time_zone;
        let lost = evidence::lost_breaches(before, after, zone, self.now);
        let Some(first) = lost.first() else {
            return;
        };
        let id = before.id.as_str();
        let at = time::with_offset(first.since, zone);
        let more = match lost.len() {
            1 => String::new(),
            more => format!(", and {} more", counted(more - 1, "time")),
        };
        let message = format!(
            "`{id}` breached from {at} on{more}: that was published, and its file shows nothing like it now"
        );
        found.push(Diagnostic {
            code: Code::RemovedEvidence,
            ..self.error(&["signals", &format!("={id}"), "file"], message)
        });
    }

    /// Finds observations of trouble that are gone, or better than they were.
    fn evidence(&self, found: &mut Vec<Diagnostic>) {
        for lost in evidence::lost(self.old, self.new, self.now) {
            let id = &self.old.components[lost.first.component.0].id;
            if self.told.is_of(id) {
                continue;
            }
            let at = time::with_offset(lost.first.from, self.new.settings.time_zone);
            let status = lost.first.status.as_str().replace('_', " ");
            let more = match lost.count {
                1 => String::new(),
                more => format!(", and {} more", counted(more - 1, "observation")),
            };
            let message = format!(
                "`{}` saw `{id}` in {status} at {at}{more}: that was published, and is gone or better now",
                lost.source
            );
            let path = Utf8PathBuf::from(EVIDENCE);
            let error = Diagnostic::file_error(Code::RemovedEvidence, path, message);
            found.push(error.hint(SILENCE));
        }
    }
}

/// What tells a signal from others: its id, and that of its region.
fn signal_key<'a>(site: &'a Site, signal: &'a Signal) -> (&'a str, Option<&'a str>) {
    let region = signal
        .region
        .map(|region| site.regions[region.0].id.as_str());
    (&signal.id, region)
}

/// What to do about a setting that was changed.
const TELL: &str = "take the change back, or tell readers of it: a new notice that names the component, or none (`allclear new notice`)";

/// What to do about evidence that is gone.
const SILENCE: &str = "bring the lines back; where a source was wrong, say so for all to see: `[sources.NAME] ignore` and a new notice (`allclear new notice`)";

/// Two first days of uptime, where the later version counts other days of the past: `first` is the day of the first
/// record, which counts where nothing is said.
fn other_days(
    before: Option<NaiveDate>,
    after: Option<NaiveDate>,
    first: NaiveDate,
) -> Option<(NaiveDate, NaiveDate)> {
    let (was, is) = (before.unwrap_or(first), after?);
    (was != is).then_some((was, is))
}

/// How much a rule asks of evidence.
fn rank(required: Requirement) -> u8 {
    match required {
        Requirement::Always => 2,
        Requirement::OnceObserved => 1,
        Requirement::Never => 0,
    }
}

fn word(component: &Component) -> &'static str {
    match component.required {
        Requirement::Always => "always required",
        Requirement::OnceObserved => "required from its first observation on",
        Requirement::Never => "not required",
    }
}

/// Whether a limit lets pass what another one did not.
fn is_looser(before: Limit, after: Limit) -> bool {
    match (before, after) {
        (Limit::Never, _) => false,
        (Limit::Threshold(before), Limit::Threshold(after)) => before < after,
        (
            Limit::Baseline {
                days,
                factor,
                floor,
            },
            Limit::Baseline {
                days: later_days,
                factor: later_factor,
                floor: later_floor,
            },
        ) => days != later_days || factor < later_factor || floor < later_floor,
        _ => true,
    }
}

/// `500`, or `3 times the usual of 14 days, at least 50`.
fn limit(limit: Limit) -> String {
    match limit {
        Limit::Threshold(value) => value.to_string(),
        Limit::Never => "no value".to_owned(),
        Limit::Baseline {
            days,
            factor,
            floor,
        } => {
            format!("{factor} times the usual of {days} days, at least {floor}")
        }
    }
}

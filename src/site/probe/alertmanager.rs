//! `alertmanager`: whether an alert is active, of Alertmanager or of what has its API, as Mimir has.
//!
//! That no alert is active proves something only while alerts would arrive. So there must be one that is always active, as
//! the rules of kube-prometheus have it: `Watchdog`. Prometheus sends it again and again, and the instant at which
//! Alertmanager had it last is the instant of the result. Prometheus lets an alert end by itself after four times as long as
//! between two sendings, so that one which was not sent for half of that is not sent any more: earlier than any alert about a
//! component ends. An Alertmanager that has just started has not got all alerts again.
//!
//! | answer | it says |
//! | --- | --- |
//! | an active alert about the component | bad, or what `statuses` says of its `severity`, since it was last sent |
//! | none, and the watchdog is active | operational, since the watchdog was last sent |
//! | none, and the watchdog is not active, or was not sent again | nothing |
//! | none, and Alertmanager has just started | nothing |
//! | an alert or the watchdog was last sent longer ago than `stale_after` | nothing |
//! | an alert about the component that is silenced or inhibited, and no other | nothing |
//! | a refused filter, no answer, an answer of another kind | nothing |

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde::Deserialize;

use super::finding::{Finding, Found};
use super::monitor::{Monitor, answered, encoded, repeated};
use super::names::{Label, statuses};
use super::question::{Ask, Asked, Outcome, Question, Reading, Subject, Verdict};
use crate::diagnostic::Code;
use crate::site::vocabulary::Status;
use crate::syntax::{Reader, Spanned, TableReader, Value};
use crate::time::{self, Instant};

/// The alert that is always active, where nothing else is said.
const WATCHDOG: &str = "Watchdog";

/// The label with the name of an alert.
const NAME: &str = "alertname";

/// The label whose values `statuses` translates.
const SEVERITY: &str = "severity";

/// What is asked of an Alertmanager.
#[derive(Debug, Clone)]
pub struct Alertmanager {
    monitor: Monitor,
    /// The matchers of alerts that are about the components.
    filter: Vec<String>,
    /// The label that names components; without one, each alert is about all of them.
    label: Option<Label>,
    /// The matchers of the alert that is always active.
    watchdog: Vec<String>,
    /// What a severity means; one that is not there is bad.
    statuses: BTreeMap<String, Status>,
}

impl Alertmanager {
    /// Reads the keys of this kind.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        table: &mut TableReader<'_>,
        node: &Spanned<Value>,
    ) -> Option<Self> {
        let monitor = Monitor::read(reader, table, node, "Alertmanager");
        let filter = table.take("filter");
        let filter = filter.map_or_else(Vec::new, |node| matchers(reader, node));
        let label = Label::read(reader, table);
        let watchdog = table.take("watchdog");
        let watchdog = watchdog.map_or_else(|| vec![named(WATCHDOG)], |node| watch(reader, node));
        let statuses = statuses(reader, table);
        if table.take("filter").is_none() && table.take("label").is_none() {
            let message = "an Alertmanager has alerts about everything";
            let hint = "say which are about these components, by `filter` or by `label`";
            reader.error(Code::BadProbe, &node.span, message, hint.to_owned());
            return None;
        }
        Some(Self {
            monitor: monitor?,
            filter,
            label,
            watchdog,
            statuses,
        })
    }
}

/// The matcher of alerts of a name.
fn named(name: &str) -> String {
    let name = name.replace('\\', "\\\\").replace('"', "\\\"");
    format!("{NAME}=\"{name}\"")
}

/// The matchers of a list.
fn matchers(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Vec<String> {
    let mut all = Vec::new();
    for (text, node) in reader.texts(node) {
        let name = text.split(['=', '!']).next().unwrap_or_default().trim();
        let is_matcher = name.len() < text.trim().len() && !name.is_empty();
        if !is_matcher || name.contains(|it: char| it.is_whitespace() || "\"{},".contains(it)) {
            let message = format!("`{text}` is no matcher of labels");
            let hint = "write each as `severity=\"page\"`, with `=`, `!=`, `=~` or `!~`";
            reader.error(Code::BadProbe, &node.span, message, hint.to_owned());
        } else {
            all.push(text.trim().to_owned());
        }
    }
    all
}

/// The matchers of the watchdog: its name, or a list of matchers.
fn watch(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Vec<String> {
    match &node.value {
        Value::Text(name) => vec![named(name.trim())],
        Value::List(items) if items.is_empty() => {
            let message = "nothing says which alert is always active";
            let hint = format!("name it, as `watchdog = \"{WATCHDOG}\"`");
            reader.error(Code::BadProbe, &node.span, message, hint);
            Vec::new()
        }
        _ => matchers(reader, node),
    }
}

/// An alert of `/api/v2/alerts`.
#[derive(Debug, Deserialize)]
struct Alert {
    labels: BTreeMap<String, String>,
    #[serde(rename = "updatedAt")]
    updated_at: String,
    #[serde(rename = "endsAt")]
    ends_at: String,
    status: AlertStatus,
}

#[derive(Debug, Deserialize)]
struct AlertStatus {
    state: String,
}

/// The part of `/api/v2/status` that is needed.
#[derive(Debug, Deserialize)]
struct Process {
    /// The instant at which it started.
    uptime: String,
}

impl Alertmanager {
    fn alerts(&self, outcomes: &[Outcome], index: usize) -> Result<Vec<Alert>, String> {
        let answer = self.monitor.any_answer(outcomes, index)?;
        if answer.status == 200 {
            return self.monitor.json(answer);
        }
        let refusal = self.monitor.refusal(answer.status);
        let said: Option<String> = (answer.status == 400)
            .then(|| self.monitor.json(answer).ok())
            .flatten();
        Err(match said {
            Some(said) => format!("{refusal}: {}", repeated(&said)),
            None => refusal,
        })
    }

    /// What there is to say where no alert is active.
    fn quiet(&self, asked: Asked<'_>, outcomes: &[Outcome]) -> Finding {
        let watchdogs = self.alerts(outcomes, 1)?;
        let process = self.monitor.answer(outcomes, 2)?;
        // By its own clock, which the other instants are of.
        let now = answered(process, asked.at);
        let started = self.instant(&self.monitor.json::<Process>(process)?.uptime)?;
        let mut oldest: Option<Instant> = None;
        for watchdog in &watchdogs {
            let sent = self.instant(&watchdog.updated_at)?;
            let lasts = self.instant(&watchdog.ends_at)? - sent;
            if now - sent > lasts / 2 {
                return Err(format!(
                    "the alert with {} was last sent at {} and not again: does Prometheus still run, and reach Alertmanager?",
                    self.watched(),
                    time::rfc3339(sent)
                ));
            }
            if now - started < lasts {
                return Err(format!(
                    "Alertmanager started at {}: not all alerts may have arrived again",
                    time::rfc3339(started)
                ));
            }
            oldest = Some(oldest.map_or(sent, |oldest| oldest.min(sent)));
        }
        let at = oldest.ok_or_else(|| {
            format!(
                "no alert with {} is active, so nothing shows that alerts arrive: let one be always active, and name it with `watchdog`",
                self.watched()
            )
        })?;
        Ok(Found {
            status: Status::Operational,
            at,
            why: "no alert is active".to_owned(),
        })
    }

    /// The matchers of the watchdog, for people.
    fn watched(&self) -> String {
        self.watchdog.join(" and ")
    }

    fn findings(
        &self,
        probe: Subject<'_>,
        alerts: &[Alert],
        quiet: &Finding,
        component: &str,
    ) -> Vec<Finding> {
        let is_about = |alert: &&Alert| match &self.label {
            Some(label) => label.is_about(&alert.labels, component),
            None => true,
        };
        let active = alerts.iter().filter(is_about);
        let found = active.map(|alert| self.finding(probe, alert));
        found.chain([quiet.clone()]).collect()
    }

    fn finding(&self, probe: Subject<'_>, alert: &Alert) -> Finding {
        let name = alert.labels.get(NAME).map_or("an alert", String::as_str);
        let name = repeated(name);
        if alert.status.state == "suppressed" {
            return Err(format!(
                "`{name}` is silenced or inhibited: end that, or leave it out with `filter`"
            ));
        }
        let severity = alert.labels.get(SEVERITY);
        let status = severity.and_then(|severity| self.statuses.get(severity));
        Ok(Found {
            status: status.copied().unwrap_or(probe.bad),
            at: self.instant(&alert.updated_at)?,
            why: format!("`{name}` is active"),
        })
    }

    fn instant(&self, text: &str) -> Result<Instant, String> {
        time::parse(text, Tz::UTC).map_err(|_| self.monitor.strange())
    }
}

impl Question for Alertmanager {
    fn source(&self) -> String {
        self.monitor.source("alertmanager")
    }

    fn asks(&self) -> Vec<Ask> {
        // Also those that are silenced or inhibited: of these, nothing is said, neither good nor bad.
        let alerts = |matchers: &[String]| {
            let filters = matchers.iter().map(|it| format!("&filter={}", encoded(it)));
            let filters: String = filters.collect();
            let path = "/api/v2/alerts?active=true&silenced=true&inhibited=true";
            self.monitor.ask(&format!("{path}{filters}"))
        };
        vec![
            alerts(&self.filter),
            alerts(&self.watchdog),
            self.monitor.ask("/api/v2/status"),
        ]
    }

    fn read(&self, probe: Subject<'_>, asked: Asked<'_>, outcomes: &[Outcome]) -> Vec<Reading> {
        let quiet = self.quiet(asked, outcomes);
        match self.alerts(outcomes, 0) {
            Ok(alerts) => self.monitor.readings(probe, asked, |component| {
                self.findings(probe, &alerts, &quiet, &component.id)
            }),
            Err(why) => probe.of_all(Verdict::Silent, &why, None),
        }
    }
}

#[cfg(test)]
mod tests;

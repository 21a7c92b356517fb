//! `uptime_kuma`: the state of a monitor of Uptime Kuma.
//!
//! With `page`, the slug of a published status page, it needs no key, and each heartbeat has its instant. Without, it reads
//! `/metrics`, which needs an API key as the password of an address, `https://key:${KUMA_KEY}@kuma.example.com`, and has no
//! instants: a result is as old as the answer then, and a monitor that has stopped to look is not seen. A page is better.
//!
//! | answer | it says |
//! | --- | --- |
//! | up (1) | operational, since the newest heartbeat |
//! | down (0) | bad, since then |
//! | maintenance (3) | under maintenance, since then |
//! | pending (2): Uptime Kuma asks again before it says down | nothing |
//! | no such monitor or page, a monitor that is paused or has no heartbeat, a heartbeat older than `stale_after` | nothing |
//! | no answer, an error, a log-in page, an answer of another kind | nothing |

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde::Deserialize;

use super::exposition::{Sample, samples};
use super::finding::{Finding, Found};
use super::monitor::{Monitor, answered, encoded, repeated};
use super::names::Names;
use super::question::{Ask, Asked, Outcome, Question, Reading, Subject, Verdict};
use crate::diagnostic::nearest_hint;
use crate::site::vocabulary::Status;
use crate::syntax::{Reader, Spanned, TableReader, Value};
use crate::time::{self, Instant};

/// What is asked of an Uptime Kuma.
#[derive(Debug, Clone)]
pub struct UptimeKuma {
    monitor: Monitor,
    /// The slug of a status page that has the monitors.
    page: Option<String>,
    monitors: Names,
}

impl UptimeKuma {
    /// Reads the keys of this kind.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        table: &mut TableReader<'_>,
        node: &Spanned<Value>,
    ) -> Option<Self> {
        let monitor = Monitor::read(reader, table, node, "Uptime Kuma");
        let page = table.text(reader, "page");
        let monitors = Names::read(reader, table, "monitor");
        Some(Self {
            monitor: monitor?,
            page: page.map(|(slug, _)| slug.trim().to_owned()),
            monitors: monitors?,
        })
    }
}

/// A document of `/api/status-page/SLUG`.
#[derive(Debug, Deserialize)]
struct Page {
    #[serde(rename = "publicGroupList")]
    groups: Vec<Group>,
}

#[derive(Debug, Deserialize)]
struct Group {
    #[serde(rename = "monitorList")]
    monitors: Vec<Named>,
}

#[derive(Debug, Deserialize)]
struct Named {
    id: u64,
    name: String,
}

/// A document of `/api/status-page/heartbeat/SLUG`.
#[derive(Debug, Deserialize)]
struct Heartbeats {
    #[serde(rename = "heartbeatList")]
    by_id: BTreeMap<String, Vec<Heartbeat>>,
}

#[derive(Debug, Deserialize)]
struct Heartbeat {
    status: u8,
    /// In UTC, without an offset.
    time: String,
}

/// A monitor with its newest heartbeat.
#[derive(Debug)]
struct State {
    id: String,
    name: String,
    newest: Result<(u8, Instant), String>,
}

impl UptimeKuma {
    fn states(&self, asked: Asked<'_>, outcomes: &[Outcome]) -> Result<Vec<State>, String> {
        match &self.page {
            Some(slug) => self.states_of_page(slug, outcomes),
            None => self.states_of_metrics(asked, outcomes),
        }
    }

    fn states_of_page(&self, slug: &str, outcomes: &[Outcome]) -> Result<Vec<State>, String> {
        let answer = |index| {
            let answer = self.monitor.any_answer(outcomes, index)?;
            match answer.status {
                404 => Err(format!(
                    "Uptime Kuma has no status page `{}` (404): write the slug with which the address of a published one ends, or is the address not that of Uptime Kuma?",
                    repeated(slug)
                )),
                _ => self.monitor.answer(outcomes, index),
            }
        };
        let page: Page = self.monitor.json(answer(0)?)?;
        let heartbeats: Heartbeats = self.monitor.json(answer(1)?)?;
        let named = page.groups.into_iter().flat_map(|group| group.monitors);
        let state = |Named { id, name }| {
            let id = id.to_string();
            State {
                newest: self.newest(heartbeats.by_id.get(&id)),
                id,
                name,
            }
        };
        Ok(named.map(state).collect())
    }

    fn newest(&self, heartbeats: Option<&Vec<Heartbeat>>) -> Result<(u8, Instant), String> {
        let mut newest: Option<(u8, Instant)> = None;
        for heartbeat in heartbeats.into_iter().flatten() {
            let at = time::parse(&heartbeat.time, Tz::UTC).map_err(|_| self.monitor.strange())?;
            if newest.is_none_or(|(_, before)| before <= at) {
                newest = Some((heartbeat.status, at));
            }
        }
        newest.ok_or_else(|| "it has no heartbeat yet".to_owned())
    }

    fn states_of_metrics(
        &self,
        asked: Asked<'_>,
        outcomes: &[Outcome],
    ) -> Result<Vec<State>, String> {
        let answer = self.monitor.answer(outcomes, 0)?;
        let text = self.monitor.text(answer)?;
        let at = answered(answer, asked.at);
        let samples = samples(text, "monitor_status").map_err(|_| self.monitor.strange())?;
        let state = |sample: Sample| {
            let label = |name| sample.label(name).unwrap_or_default().to_owned();
            let status = (0..=3_u8).find(|status| f64::from(*status) == sample.value);
            State {
                id: label("monitor_id"),
                name: label("monitor_name"),
                newest: status
                    .map(|status| (status, at))
                    .ok_or_else(|| "it has no state yet".to_owned()),
            }
        };
        Ok(samples.into_iter().map(state).collect())
    }

    fn findings(&self, probe: Subject<'_>, states: &[State], name: &str) -> Vec<Finding> {
        let named = states.iter().filter(|it| it.name == name || it.id == name);
        let mut found: Vec<Finding> = named.map(|state| finding(probe, state)).collect();
        if found.is_empty() {
            let names = states.iter().map(|it| it.name.as_str());
            let hint = nearest_hint(name, names).unwrap_or_else(|| "there is none".to_owned());
            found.push(Err(format!(
                "no monitor `{name}`, or it is paused: {}",
                repeated(&hint)
            )));
        }
        found
    }
}

fn finding(probe: Subject<'_>, state: &State) -> Finding {
    let name = repeated(&state.name);
    let (status, at) = state
        .newest
        .clone()
        .map_err(|why| format!("`{name}`: {why}"))?;
    let (status, why) = match status {
        0 => (probe.bad, "down"),
        1 => (Status::Operational, "up"),
        3 => (Status::UnderMaintenance, "under maintenance"),
        _ => return Err(format!("`{name}` is pending: it is being asked again")),
    };
    let why = format!("`{name}` is {why}");
    Ok(Found { status, at, why })
}

impl Question for UptimeKuma {
    fn source(&self) -> String {
        self.monitor.source("uptime_kuma")
    }

    fn asks(&self) -> Vec<Ask> {
        match &self.page {
            Some(slug) => {
                let slug = encoded(slug);
                ["", "heartbeat/"]
                    .map(|part| self.monitor.ask(&format!("/api/status-page/{part}{slug}")))
                    .to_vec()
            }
            None => vec![self.monitor.ask("/metrics")],
        }
    }

    fn read(&self, probe: Subject<'_>, asked: Asked<'_>, outcomes: &[Outcome]) -> Vec<Reading> {
        match self.states(asked, outcomes) {
            Ok(states) => self.monitor.readings(probe, asked, |component| {
                let names = self.monitors.of(&component.id).into_iter();
                names
                    .flat_map(|name| self.findings(probe, &states, name))
                    .collect()
            }),
            Err(why) => probe.of_all(Verdict::Silent, &why, None),
        }
    }
}

#[cfg(test)]
mod tests;

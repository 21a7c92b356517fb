//! `gatus`: the last result of an endpoint of Gatus.
//!
//! `endpoint` is its key: `group_name` in small letters, in which blanks and ` /_,.#+&` have become `-`. The page of an endpoint has it in its
//! address.
//!
//! | answer | it says |
//! | --- | --- |
//! | the newest result is a success | operational, since then |
//! | it is none | bad, since then |
//! | no such endpoint, one without results, a result older than `stale_after` | nothing |
//! | no answer, an error, a log-in page, an answer of another kind | nothing |

use chrono_tz::Tz;
use serde::Deserialize;

use super::finding::{Finding, Found};
use super::monitor::{Monitor, repeated};
use super::names::Names;
use super::question::{Ask, Asked, Outcome, Question, Reading, Subject, Verdict};
use crate::diagnostic::nearest_hint;
use crate::site::vocabulary::Status;
use crate::syntax::{Reader, Spanned, TableReader, Value};
use crate::time::{self, Instant};

/// What is asked of a Gatus.
#[derive(Debug, Clone)]
pub struct Gatus {
    monitor: Monitor,
    endpoints: Names,
}

impl Gatus {
    /// Reads the keys of this kind.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        table: &mut TableReader<'_>,
        node: &Spanned<Value>,
    ) -> Option<Self> {
        let monitor = Monitor::read(reader, table, node, "Gatus");
        let endpoints = Names::read(reader, table, "endpoint");
        Some(Self {
            monitor: monitor?,
            endpoints: endpoints?,
        })
    }
}

/// An endpoint of `/api/v1/endpoints/statuses`.
#[derive(Debug, Deserialize)]
struct Endpoint {
    key: String,
    #[serde(default)]
    results: Vec<Outcomes>,
}

/// One result of an endpoint.
#[derive(Debug, Deserialize)]
struct Outcomes {
    success: bool,
    timestamp: String,
}

impl Gatus {
    fn finding(&self, probe: Subject<'_>, endpoints: &[Endpoint], key: &str) -> Finding {
        let Some(endpoint) = endpoints.iter().find(|it| it.key == key) else {
            let keys = endpoints.iter().map(|it| it.key.as_str());
            let hint = nearest_hint(key, keys).unwrap_or_else(|| "it has none at all".to_owned());
            return Err(format!(
                "Gatus has no endpoint `{key}`: {}",
                repeated(&hint)
            ));
        };
        let mut newest: Option<(Instant, bool)> = None;
        for result in &endpoint.results {
            let at = time::parse(&result.timestamp, Tz::UTC).map_err(|_| self.monitor.strange())?;
            if newest.is_none_or(|(before, _)| before <= at) {
                newest = Some((at, result.success));
            }
        }
        let (at, is_success) = newest.ok_or_else(|| format!("`{key}` was not checked yet"))?;
        Ok(match is_success {
            true => Found {
                status: Status::Operational,
                at,
                why: format!("`{key}` is well"),
            },
            false => Found {
                status: probe.bad,
                at,
                why: format!("`{key}` has failed"),
            },
        })
    }
}

impl Question for Gatus {
    fn source(&self) -> String {
        self.monitor.source("gatus")
    }

    fn asks(&self) -> Vec<Ask> {
        // The newest result of each endpoint: pages are counted from the newest.
        let path = "/api/v1/endpoints/statuses?page=1&pageSize=1";
        vec![self.monitor.ask(path)]
    }

    fn read(&self, probe: Subject<'_>, asked: Asked<'_>, outcomes: &[Outcome]) -> Vec<Reading> {
        let answer = self.monitor.answer(outcomes, 0);
        match answer.and_then(|answer| self.monitor.json::<Vec<Endpoint>>(answer)) {
            Ok(endpoints) => self.monitor.readings(probe, asked, |component| {
                let keys = self.endpoints.of(&component.id).into_iter();
                keys.map(|key| self.finding(probe, &endpoints, key))
                    .collect()
            }),
            Err(why) => probe.of_all(Verdict::Silent, &why, None),
        }
    }
}

#[cfg(test)]
mod tests;

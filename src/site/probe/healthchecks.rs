//! `healthchecks`: the state of a check of healthchecks.io, or of a Healthchecks of one's own.
//!
//! `check` is its name, its slug, its UUID, or the unique key that a read-only API key shows. The key is a header field:
//! `headers = { X-Api-Key = "${HEALTHCHECKS_KEY}" }`.
//!
//! A check is what a job has reported: `up` is as old as the last ping, so that `valid_for` must be longer than the time
//! between two pings. `down` is that no ping came until now, and is as old as the answer.
//!
//! | answer | it says |
//! | --- | --- |
//! | up | operational, since the last ping |
//! | down | bad, now |
//! | grace: the ping is late, but may come | nothing |
//! | new: there was no ping yet | nothing |
//! | paused | nothing |
//! | no such check, a last ping older than `stale_after` | nothing |
//! | no answer, a key that is refused, an answer of another kind | nothing |

use chrono_tz::Tz;
use serde::Deserialize;

use super::finding::{Finding, Found};
use super::monitor::{Monitor, answered, repeated};
use super::names::Names;
use super::question::{Ask, Asked, Outcome, Question, Reading, Subject, Verdict};
use crate::diagnostic::{Code, nearest_hint};
use crate::site::vocabulary::Status;
use crate::syntax::{Reader, Spanned, TableReader, Value};
use crate::time::{self, Instant};

/// The header field with the key.
const KEY: &str = "X-Api-Key";

/// What is asked of a Healthchecks.
#[derive(Debug, Clone)]
pub struct Healthchecks {
    monitor: Monitor,
    checks: Names,
}

impl Healthchecks {
    /// Reads the keys of this kind.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        table: &mut TableReader<'_>,
        node: &Spanned<Value>,
    ) -> Option<Self> {
        let monitor = Monitor::read(reader, table, node, "Healthchecks");
        let checks = Names::read(reader, table, "check");
        let monitor = monitor?;
        if !monitor.sends(KEY) {
            let message = "Healthchecks wants a key";
            let hint = format!("add `headers = {{ {KEY} = \"${{HEALTHCHECKS_KEY}}\" }}`");
            reader.error(Code::BadProbe, &node.span, message, hint);
            return None;
        }
        Some(Self {
            monitor,
            checks: checks?,
        })
    }
}

/// A document of `/api/v3/checks/`.
#[derive(Debug, Deserialize)]
struct Checks {
    checks: Vec<Check>,
}

/// A check. Which of its names are there depends on the key.
#[derive(Debug, Deserialize)]
struct Check {
    #[serde(default)]
    name: String,
    #[serde(default)]
    slug: String,
    uuid: Option<String>,
    unique_key: Option<String>,
    status: String,
    last_ping: Option<String>,
}

impl Check {
    fn is(&self, name: &str) -> bool {
        let keys = [self.uuid.as_deref(), self.unique_key.as_deref()];
        self.name == name || self.slug == name || keys.contains(&Some(name))
    }
}

impl Healthchecks {
    /// The checks, and the instant of the answer.
    fn checks(
        &self,
        asked: Asked<'_>,
        outcomes: &[Outcome],
    ) -> Result<(Vec<Check>, Instant), String> {
        let answer = self.monitor.answer(outcomes, 0)?;
        let Checks { checks } = self.monitor.json(answer)?;
        Ok((checks, answered(answer, asked.at)))
    }

    fn findings(
        &self,
        probe: Subject<'_>,
        checks: &[Check],
        now: Instant,
        name: &str,
    ) -> Vec<Finding> {
        let named = checks.iter().filter(|it| it.is(name));
        let mut found: Vec<Finding> = named
            .map(|check| self.finding(probe, check, now, name))
            .collect();
        if found.is_empty() {
            let names = checks.iter().map(|it| it.name.as_str());
            let hint = nearest_hint(name, names)
                .unwrap_or_else(|| "the key's project has none".to_owned());
            found.push(Err(format!("no check `{name}`: {}", repeated(&hint))));
        }
        found
    }

    fn finding(&self, probe: Subject<'_>, check: &Check, now: Instant, name: &str) -> Finding {
        let (status, at) = match check.status.as_str() {
            "up" => (Status::Operational, self.pinged(check)?),
            "down" => (probe.bad, now),
            "grace" => return Err(format!("`{name}` is late: its ping may still come")),
            "new" => return Err(format!("`{name}` has had no ping yet")),
            "paused" => return Err(format!("`{name}` is paused: resume it")),
            other => {
                let other = repeated(other);
                return Err(format!("`{name}` is `{other}`, which is not known here"));
            }
        };
        let why = format!("`{name}` is {}", check.status);
        Ok(Found { status, at, why })
    }

    fn pinged(&self, check: &Check) -> Result<Instant, String> {
        let text = check.last_ping.as_deref().unwrap_or_default();
        time::parse(text, Tz::UTC).map_err(|_| self.monitor.strange())
    }
}

impl Question for Healthchecks {
    fn source(&self) -> String {
        self.monitor.source("healthchecks")
    }

    fn asks(&self) -> Vec<Ask> {
        vec![self.monitor.ask("/api/v3/checks/")]
    }

    fn read(&self, probe: Subject<'_>, asked: Asked<'_>, outcomes: &[Outcome]) -> Vec<Reading> {
        match self.checks(asked, outcomes) {
            Ok((checks, now)) => self.monitor.readings(probe, asked, |component| {
                let names = self.checks.of(&component.id).into_iter();
                names
                    .flat_map(|name| self.findings(probe, &checks, now, name))
                    .collect()
            }),
            Err(why) => probe.of_all(Verdict::Silent, &why, None),
        }
    }
}

#[cfg(test)]
mod tests;

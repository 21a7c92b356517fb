//! `statuspage`: a component of an upstream's status page that has the API of Statuspage, version 2.
//!
//! `upstream` is the component's name there, or its id. Its own words count, unless `statuses` says what a word means here:
//! `statuses = { major_outage = "degraded_performance" }`.
//!
//! Such a page says nothing of how old it is: its `updated_at` is the last change. So a result is as old as the answer. Pages of
//! allclear say more: when they were built, until when it holds, the exact state, and how old its evidence is, which is then the
//! age of the result.
//!
//! | answer | it says |
//! | --- | --- |
//! | `operational`, `under_maintenance`, `degraded_performance`, `partial_outage`, `major_outage` | the same |
//! | a page of allclear whose claim has expired, or that was built longer ago than `stale_after` | nothing |
//! | a page of allclear that has not confirmed it: `unknown`, `suspected`, no known problems | nothing |
//! | no such component, another word | nothing |
//! | no answer, an error, an answer of another kind, one from a cache older than `stale_after` | nothing |

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde::Deserialize;

use super::finding::{Finding, Found};
use super::monitor::{Monitor, answered, repeated};
use super::names::{Names, statuses};
use super::question::{Ask, Asked, Outcome, Question, Reading, Subject, Verdict};
use crate::diagnostic::nearest_hint;
use crate::site::vocabulary::{Status, Word as _};
use crate::syntax::{Reader, Spanned, TableReader, Value};
use crate::time::{self, Instant};

/// What is asked of a status page.
#[derive(Debug, Clone)]
pub struct Statuspage {
    monitor: Monitor,
    upstream: Names,
    /// What a word there means here, where that is not the same.
    statuses: BTreeMap<String, Status>,
}

impl Statuspage {
    /// Reads the keys of this kind.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        table: &mut TableReader<'_>,
        node: &Spanned<Value>,
    ) -> Option<Self> {
        let monitor = Monitor::read(reader, table, node, "the status page");
        let upstream = Names::read(reader, table, "upstream");
        let statuses = statuses(reader, table);
        Some(Self {
            monitor: monitor?,
            upstream: upstream?,
            statuses,
        })
    }
}

/// A document of `/api/v2/summary.json`.
#[derive(Debug, Deserialize)]
struct Summary {
    components: Vec<Upstream>,
}

#[derive(Debug, Deserialize)]
struct Upstream {
    id: String,
    name: String,
    status: String,
    allclear: Option<Claims>,
}

/// What a page of allclear says of a component.
#[derive(Debug, Deserialize)]
struct Claims {
    state: String,
    #[serde(default)]
    confirmed: bool,
    valid_until: Option<String>,
    built_at: String,
    evidence: Option<Evidence>,
}

/// The evidence that such a page has of a component.
#[derive(Debug, Deserialize)]
struct Evidence {
    confirmed_at: String,
}

/// The circumstances of an answer.
#[derive(Debug, Clone, Copy)]
struct Circumstances {
    /// The instant at which it was there.
    now: Instant,
    /// The instant at which it left the page.
    answered: Instant,
}

impl Statuspage {
    fn components(
        &self,
        asked: Asked<'_>,
        outcomes: &[Outcome],
    ) -> Result<(Vec<Upstream>, Circumstances), String> {
        let answer = self.monitor.answer(outcomes, 0)?;
        let Summary { components } = self.monitor.json(answer)?;
        let when = Circumstances {
            now: asked.at,
            answered: answered(answer, asked.at),
        };
        Ok((components, when))
    }

    fn findings(&self, all: &[Upstream], when: Circumstances, name: &str) -> Vec<Finding> {
        let named = all.iter().filter(|it| it.id == name || it.name == name);
        let mut found: Vec<Finding> = named.map(|it| self.finding(it, when)).collect();
        if found.is_empty() {
            let names = all.iter().map(|it| it.name.as_str());
            let hint = nearest_hint(name, names).unwrap_or_else(|| "it has none".to_owned());
            found.push(Err(format!(
                "the status page has no component `{name}`: {}",
                repeated(&hint)
            )));
        }
        found
    }

    fn finding(&self, upstream: &Upstream, when: Circumstances) -> Finding {
        let (word, at) = match &upstream.allclear {
            Some(claims) => (claims.state.as_str(), self.claimed(claims, when.now)?),
            None => (upstream.status.as_str(), when.answered),
        };
        let own = || Status::parse(word);
        let Some(status) = self.statuses.get(word).copied().or_else(own) else {
            let word = repeated(word);
            return Err(format!(
                "the status page says `{word}`: name what it means with `statuses`, if it is a status"
            ));
        };
        let why = format!("the status page says `{}`", repeated(word));
        let is_unconfirmed = (upstream.allclear.as_ref()).is_some_and(|claims| !claims.confirmed);
        if status == Status::Operational && is_unconfirmed {
            return Err(format!("{why}, but knows only of no problem"));
        }
        Ok(Found { status, at, why })
    }

    /// The instant of what an allclear page claims, where that still holds: that of its evidence, else that of the page.
    fn claimed(&self, claims: &Claims, now: Instant) -> Result<Instant, String> {
        let instant = |text: &str| time::parse(text, Tz::UTC).map_err(|_| self.monitor.strange());
        if let Some(until) = &claims.valid_until
            && instant(until)? < now
        {
            return Err(format!(
                "what the status page says was good until {}: it was not renewed",
                repeated(until)
            ));
        }
        let built = instant(&claims.built_at)?;
        match &claims.evidence {
            // Trouble is somebody's word as well, which needs no evidence.
            Some(evidence) if claims.state == Status::Operational.as_str() => {
                Ok(instant(&evidence.confirmed_at)?.min(built))
            }
            _ => Ok(built),
        }
    }
}

impl Question for Statuspage {
    fn source(&self) -> String {
        self.monitor.source("statuspage")
    }

    fn asks(&self) -> Vec<Ask> {
        vec![self.monitor.ask("/api/v2/summary.json")]
    }

    fn read(&self, probe: Subject<'_>, asked: Asked<'_>, outcomes: &[Outcome]) -> Vec<Reading> {
        match self.components(asked, outcomes) {
            Ok((all, when)) => self.monitor.readings(probe, asked, |component| {
                let names = self.upstream.of(&component.id).into_iter();
                names
                    .flat_map(|name| self.findings(&all, when, name))
                    .collect()
            }),
            Err(why) => probe.of_all(Verdict::Silent, &why, None),
        }
    }
}

#[cfg(test)]
mod tests;

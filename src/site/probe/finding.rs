//! What a monitor has found out about a component, and what follows from several findings.

use chrono::TimeDelta;

use super::Probe;
use super::monitor::Monitor;
use super::question::{Asked, Reading, Verdict};
use crate::site::component::{Component, ComponentIndex};
use crate::site::vocabulary::Status;
use crate::time::{Instant, rfc3339};

/// How far a clock may be ahead.
const AHEAD: TimeDelta = TimeDelta::minutes(1);

/// A result of a monitor about a component, or why there is none.
pub(super) type Finding = Result<Found, String>;

/// A result of a monitor about a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// The status that it means.
    pub(super) status: Status,
    /// The instant of the result, by the monitor's clock.
    pub(super) at: Instant,
    /// What it is, for people.
    pub(super) why: String,
}

impl Monitor {
    /// What follows from the findings about each component of a probe.
    ///
    /// The worst trouble counts. Without trouble, each finding must be a result that is not old: what is not known could be
    /// trouble.
    pub(super) fn readings(
        &self,
        probe: &Probe,
        asked: Asked<'_>,
        findings: impl Fn(&Component) -> Vec<Finding>,
    ) -> Vec<Reading> {
        let components = probe.components.iter();
        let known = components.filter_map(|it| Some((*it, asked.components.get(it.0)?)));
        known
            .map(|(index, component)| {
                let limit = self
                    .stale_after
                    .unwrap_or(component.valid_for)
                    .min(component.valid_for);
                let findings = findings(component).into_iter();
                let fresh = findings.map(|found| fresh(found?, asked.at, limit));
                weighed(index, fresh.collect())
            })
            .collect()
    }
}

/// A finding, if it is neither old nor of the future.
fn fresh(found: Found, now: Instant, limit: TimeDelta) -> Finding {
    let age = now - found.at;
    if age < -AHEAD {
        return Err(format!(
            "the result is of {}, which is in the future: are the clocks of both machines right?",
            rfc3339(found.at)
        ));
    }
    if age > limit {
        return Err(format!(
            "the last result is of {}, which is too old: does the monitor still run, and does the component's `valid_for` fit how often it looks?",
            rfc3339(found.at)
        ));
    }
    Ok(Found {
        at: found.at.min(now),
        ..found
    })
}

/// What follows from the findings about a component.
fn weighed(component: ComponentIndex, findings: Vec<Finding>) -> Reading {
    let found = || findings.iter().filter_map(|it| it.as_ref().ok());
    let trouble = found().filter(|it| it.status.is_trouble());
    let (verdict, why) = match trouble.max_by_key(|it| (it.status, it.at)) {
        Some(worst) => (Verdict::Seen(worst.status, worst.at), worst.why.clone()),
        None => untroubled(&findings),
    };
    Reading {
        component,
        verdict,
        why,
        latency: None,
    }
}

/// What follows from findings none of which is trouble: it is true since the oldest of them.
fn untroubled(findings: &[Finding]) -> (Verdict, String) {
    let mut all = Vec::with_capacity(findings.len());
    for finding in findings {
        match finding {
            Ok(found) => all.push(found),
            Err(why) => return (Verdict::Silent, why.clone()),
        }
    }
    let worst = all.iter().max_by_key(|it| it.status);
    let oldest = all.iter().map(|it| it.at).min();
    match (worst, oldest) {
        (Some(worst), Some(oldest)) => (Verdict::Seen(worst.status, oldest), worst.why.clone()),
        _ => (Verdict::Silent, "there is no result".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;
    use crate::site::fixtures::at;

    fn found(status: Status, clock: &str) -> Finding {
        Ok(Found {
            status,
            at: at(clock),
            why: clock.to_owned(),
        })
    }

    fn verdict(findings: Vec<Finding>) -> Verdict {
        weighed(ComponentIndex(0), findings).verdict
    }

    #[test]
    fn trouble_counts_and_what_is_not_known_could_be_trouble() {
        use Status::{DegradedPerformance, MajorOutage, Operational, UnderMaintenance};
        let silent = || Err("nothing".to_owned());
        let seen = |status, clock| Verdict::Seen(status, at(clock));
        assert_eq!(verdict(vec![]), Verdict::Silent);
        assert_eq!(
            verdict(vec![found(Operational, "20:00"), silent()]),
            Verdict::Silent
        );
        assert_eq!(
            verdict(vec![
                found(DegradedPerformance, "20:01"),
                silent(),
                found(MajorOutage, "19:59"),
                found(MajorOutage, "20:00"),
                found(Operational, "20:02"),
            ]),
            seen(MajorOutage, "20:00")
        );
        assert_eq!(
            verdict(vec![
                found(Operational, "20:03"),
                found(Operational, "20:01")
            ]),
            seen(Operational, "20:01")
        );
        assert_eq!(
            verdict(vec![
                found(Operational, "20:01"),
                found(UnderMaintenance, "20:03")
            ]),
            seen(UnderMaintenance, "20:01")
        );
    }

    #[test]
    fn a_result_is_neither_old_nor_of_the_future() {
        let limit = TimeDelta::minutes(5);
        let of = |clock: &str| {
            let found =
                found(Status::Operational, clock).and_then(|it| fresh(it, at("20:00"), limit));
            found.map(|it| it.at)
        };
        assert_eq!(of("19:55"), Ok(at("19:55")));
        assert_eq!(of("20:01"), Ok(at("20:00")));
        let old = of("19:54:59").unwrap_err();
        assert!(
            old.starts_with("the last result is of 2022-12-28T19:54:59Z, which is too old"),
            "{old}"
        );
        let ahead = of("20:01:01").unwrap_err();
        assert!(ahead.contains("in the future"), "{ahead}");
    }
}

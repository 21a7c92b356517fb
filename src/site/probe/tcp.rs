//! `tcp`: whether a port takes connections.
//!
//! | answer | it says |
//! | --- | --- |
//! | a connection | operational |
//! | the same, but slower than `within` | degraded performance, once asked again |
//! | none: refused, no such host, no answer in time | bad, once asked again |
//! | the address may not be asked; this machine has no route, or cannot look the name up | nothing |

use std::time::Duration;

use super::address::{HostAndPort, expected, host_and_port, source, within};
use super::question::{
    Ask, Asked, Outcome, Question, Reading, Subject, Verdict, status_within, unanswered,
};
use crate::site::vocabulary::Status;
use crate::syntax::{Reader, Spanned, TableReader, Value};

/// A port, and how fast it should be.
#[derive(Debug, Clone)]
pub struct Tcp {
    address: HostAndPort,
    within: Option<Duration>,
}

impl Tcp {
    /// Reads the keys of this kind.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        table: &mut TableReader<'_>,
        node: &Spanned<Value>,
    ) -> Option<Self> {
        let address = host_and_port(reader, node);
        let within = expected(reader, table, within);
        Some(Self {
            address: address?,
            within,
        })
    }
}

impl Question for Tcp {
    fn source(&self) -> String {
        source("tcp", &self.address.to_string())
    }

    fn asks(&self) -> Vec<Ask> {
        vec![Ask::Tcp(self.address.clone())]
    }

    fn read(&self, probe: Subject<'_>, asked: Asked<'_>, outcomes: &[Outcome]) -> Vec<Reading> {
        let [Outcome::Tcp(took)] = *outcomes else {
            return unanswered(probe, outcomes);
        };
        let status = status_within(self.within, took);
        let why = match status {
            Status::Operational => "it takes connections",
            _ => "it takes connections, but that took too long",
        };
        probe.of_all(Verdict::Seen(status, asked.at), why, Some(took))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::FetchError;
    use crate::site::probe::fixtures::{ASKED_AT, said};

    const PROBE: &str = "tcp = 'db.example.com:5432'\nexpect = { within = '1000ms' }";

    #[test]
    fn a_port_that_takes_connections_is_operational_and_a_slow_one_degraded() {
        let slow = "it takes connections, but that took too long";
        for (millis, status, why) in [
            (12, Status::Operational, "it takes connections"),
            (1000, Status::Operational, "it takes connections"),
            (1001, Status::DegradedPerformance, slow),
        ] {
            let took = Duration::from_millis(millis);
            let reading = said(PROBE, &[Outcome::Tcp(took)]);
            assert_eq!(reading.verdict, Verdict::Seen(status, ASKED_AT));
            assert_eq!(reading.latency, Some(took));
            assert_eq!(reading.why, why);
        }
    }

    #[test]
    fn what_does_not_answer_has_failed_and_what_may_not_be_asked_says_nothing() {
        let private = FetchError::PrivateNetwork([10, 0, 0, 1].into());
        for (error, verdict) in [
            (FetchError::TimedOut, Verdict::Failed),
            (FetchError::UnknownHost, Verdict::Failed),
            (
                FetchError::Connection("refused".to_owned()),
                Verdict::Failed,
            ),
            (private, Verdict::Silent),
        ] {
            let reading = said(PROBE, &[Outcome::Failed(error.clone())]);
            assert_eq!((reading.verdict, reading.latency), (verdict, None));
            assert_eq!(reading.why, error.to_string());
        }
    }
}

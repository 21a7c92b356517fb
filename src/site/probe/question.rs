//! What a kind of probe asks, and what it makes of the answers.

use std::net::SocketAddr;
use std::time::Duration;

use super::address::HostAndPort;
use crate::fetch::{
    Answer, Certificate, EnvText, Excess, FetchError, NameAnswer, RecordKind, Request,
};
use crate::site::component::{Component, ComponentIndex};
use crate::site::vocabulary::Status;
use crate::time::Instant;

/// A kind of probe.
pub(super) trait Question {
    /// The name of the source of its observations where none is said: the kind, and who is asked.
    fn source(&self) -> String;

    /// What is to be asked.
    fn asks(&self) -> Vec<Ask>;

    /// What the outcomes of [`Question::asks`], in their order, say of the probe's components.
    fn read(&self, probe: Subject<'_>, asked: Asked<'_>, outcomes: &[Outcome]) -> Vec<Reading>;
}

/// One question to another machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// A request over HTTP.
    Http {
        /// The request.
        request: Request,
        /// How many redirects are followed.
        redirects: u32,
        /// How much of the body is read, in bytes.
        body: u64,
        /// What becomes of a longer one.
        excess: Excess,
    },
    /// A connection, over which nothing is sent.
    Tcp(HostAndPort),
    /// The certificate that a host shows.
    Tls(HostAndPort),
    /// The records of a name.
    Dns {
        /// The name.
        name: String,
        /// The kind of its records.
        kind: RecordKind,
        /// The server that is asked; without one, the system is.
        server: Option<SocketAddr>,
    },
}

impl Ask {
    /// The texts in it that may hold secrets.
    pub fn texts(&self) -> Vec<&EnvText> {
        match self {
            Self::Http { request, .. } => request.texts().collect(),
            Self::Tcp(_) | Self::Tls(_) | Self::Dns { .. } => Vec::new(),
        }
    }
}

/// The circumstances of an asking.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The instant at which the last answer was there.
    pub at: Instant,
    /// The components of the site.
    pub components: &'a [Component],
}

/// What came of one question.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// An answer over HTTP.
    Http(Answer),
    /// A connection, and how long it took.
    Tcp(Duration),
    /// A certificate.
    Tls(Certificate),
    /// Records of a name.
    Dns(NameAnswer),
    /// None.
    Failed(FetchError),
}

/// What a probe says of one component.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The component.
    pub component: ComponentIndex,
    /// What is said.
    pub verdict: Verdict,
    /// Why, for people; without any secret.
    pub why: String,
    /// How long a good answer took.
    pub latency: Option<Duration>,
}

/// What can be said after an asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A status, and the instant at which it was seen: that of the result, not of the asking.
    Seen(Status, Instant),
    /// The service did not answer as it should. It counts as bad once it was asked again, and a control address showed that
    /// it is not our own network.
    Failed,
    /// Nothing.
    Silent,
}

/// What a probe asks about, and what a bad answer means.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The components.
    pub components: &'a [ComponentIndex],
    /// What a bad answer means.
    pub bad: Status,
}

impl Subject<'_> {
    /// The same reading of each of the components.
    pub(crate) fn of_all(
        self,
        verdict: Verdict,
        why: &str,
        latency: Option<Duration>,
    ) -> Vec<Reading> {
        let reading = |component: &ComponentIndex| Reading {
            component: *component,
            verdict,
            why: why.to_owned(),
            latency,
        };
        self.components.iter().map(reading).collect()
    }
}

impl FetchError {
    /// Whether it says nothing of who was asked: something is missing here, or the question may not be asked.
    pub(super) fn is_ours(&self) -> bool {
        matches!(
            self,
            Self::MissingVariable(_)
                | Self::BadAddress(_)
                | Self::Lookup(_)
                | Self::Machine(_)
                | Self::PrivateNetwork(_)
                | Self::NoAuthorities
        )
    }
}

/// The verdict of a kind that looks itself, where there was no answer.
pub(super) fn unanswered(probe: Subject<'_>, outcomes: &[Outcome]) -> Vec<Reading> {
    let verdict = match outcomes {
        [Outcome::Failed(error)] if !error.is_ours() => Verdict::Failed,
        _ => Verdict::Silent,
    };
    probe.of_all(verdict, &why(outcomes), None)
}

/// The status of a good answer that took some time.
pub(super) fn status_within(within: Option<Duration>, took: Duration) -> Status {
    match within.is_some_and(|within| took > within) {
        true => Status::DegradedPerformance,
        false => Status::Operational,
    }
}

/// Why the first of some outcomes is no answer; empty where all are.
pub(super) fn why(outcomes: &[Outcome]) -> String {
    let mut failures = outcomes.iter().filter_map(|outcome| match outcome {
        Outcome::Failed(error) => Some(error.to_string()),
        _ => None,
    });
    failures.next().unwrap_or_default()
}

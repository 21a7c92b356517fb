//! Probes: questions to the outside about components (`[[probes]]`).
//!
//! One file a kind has its configuration, its requests as plain values, and its reading of the answers; nothing here opens a
//! connection. Two families: some look at the service themselves, and a failed look speaks of the service; others ask a
//! monitor that a team has, and a failed look says nothing.

use chrono::TimeDelta;

pub use self::address::HostAndPort;
use self::question::{Ask, Asked, Outcome, Question, Reading, Subject};
use super::component::ComponentIndex;
use super::vocabulary::Status;
use crate::diagnostic::Place;
use crate::fetch::Networks;
use crate::syntax::{Reader, Spanned, TableReader, Value};

pub(crate) mod address;
mod alertmanager;
mod dns;
mod exposition;
mod finding;
#[cfg(test)]
pub(crate) mod fixtures;
mod gatus;
mod healthchecks;
mod http;
mod monitor;
mod names;
mod prometheus;
pub mod question;
#[cfg(test)]
mod recorded;
mod statuspage;
mod tcp;
mod tls;
mod uptime_kuma;

/// How often a probe asks where nothing else is said.
pub const DEFAULT_EVERY: TimeDelta = TimeDelta::minutes(1);

/// How long a probe waits for an answer where nothing else is said.
pub const DEFAULT_TIMEOUT: TimeDelta = TimeDelta::seconds(10);

/// A probe of a site, as its index in [`crate::site::Site::probes`]; it always exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProbeIndex(pub usize);

/// A probe.
#[derive(Debug, Clone)]
pub struct Probe {
    /// The components that it asks about.
    pub components: Vec<ComponentIndex>,
    /// What it asks.
    pub kind: Kind,
    /// How often it asks.
    pub every: TimeDelta,
    /// How long it waits for an answer.
    pub timeout: TimeDelta,
    /// How often it asks again before a bad answer counts.
    pub retries: u32,
    /// What a bad answer means.
    pub bad: Status,
    /// The name under which its observations are kept.
    pub source: String,
    /// Its place in `allclear.toml`.
    pub place: Place,
}

/// What holds for all probes (`[probe]`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeSettings {
    /// Hosts with ports, of which one must answer before a failed look counts: else it was our own network.
    pub control: Vec<HostAndPort>,
    /// The networks that may be asked.
    pub networks: Networks,
}

impl Default for ProbeSettings {
    fn default() -> Self {
        Self {
            // Two operators, each with many places; a name, so that a broken lookup of names is seen, too.
            control: ["one.one.one.one", "dns.quad9.net"]
                .map(|host| HostAndPort {
                    host: host.to_owned(),
                    port: 443,
                })
                .to_vec(),
            networks: Networks::Public,
        }
    }
}

/// What a probe asks.
#[derive(Debug, Clone)]
pub enum Kind {
    /// Whether an address answers as it should.
    Http(http::Http),
    /// Whether a port takes connections.
    Tcp(tcp::Tcp),
    /// Whether a certificate is good, and for how long.
    Tls(tls::Tls),
    /// Whether a name is known.
    Dns(dns::Dns),
    /// What a query of Prometheus says.
    Prometheus(prometheus::Prometheus),
    /// Whether an alert of Alertmanager is active.
    Alertmanager(alertmanager::Alertmanager),
    /// The last result of an endpoint of Gatus.
    Gatus(gatus::Gatus),
    /// The state of a monitor of Uptime Kuma.
    UptimeKuma(uptime_kuma::UptimeKuma),
    /// The state of a check of Healthchecks.
    Healthchecks(healthchecks::Healthchecks),
    /// A component of an upstream's status page.
    Statuspage(statuspage::Statuspage),
}

/// The reader of a kind: from the value of its key, and the rest of its table.
pub type KindReader = fn(&mut Reader<'_>, &mut TableReader<'_>, &Spanned<Value>) -> Option<Kind>;

impl Kind {
    /// Each kind by its key in a `[[probes]]` table.
    pub const KEYS: &'static [(&'static str, KindReader)] = &[
        ("http", |reader, table, node| {
            http::Http::read(reader, table, node).map(Self::Http)
        }),
        ("tcp", |reader, table, node| {
            tcp::Tcp::read(reader, table, node).map(Self::Tcp)
        }),
        ("tls", |reader, table, node| {
            tls::Tls::read(reader, table, node).map(Self::Tls)
        }),
        ("dns", |reader, table, node| {
            dns::Dns::read(reader, table, node).map(Self::Dns)
        }),
        ("prometheus", |reader, table, node| {
            prometheus::Prometheus::read(reader, table, node).map(Self::Prometheus)
        }),
        ("alertmanager", |reader, table, node| {
            alertmanager::Alertmanager::read(reader, table, node).map(Self::Alertmanager)
        }),
        ("gatus", |reader, table, node| {
            gatus::Gatus::read(reader, table, node).map(Self::Gatus)
        }),
        ("uptime_kuma", |reader, table, node| {
            uptime_kuma::UptimeKuma::read(reader, table, node).map(Self::UptimeKuma)
        }),
        ("healthchecks", |reader, table, node| {
            healthchecks::Healthchecks::read(reader, table, node).map(Self::Healthchecks)
        }),
        ("statuspage", |reader, table, node| {
            statuspage::Statuspage::read(reader, table, node).map(Self::Statuspage)
        }),
    ];

    /// What all kinds have in common.
    fn question(&self) -> &dyn Question {
        match self {
            Self::Http(http) => http,
            Self::Tcp(tcp) => tcp,
            Self::Tls(tls) => tls,
            Self::Dns(dns) => dns,
            Self::Prometheus(prometheus) => prometheus,
            Self::Alertmanager(alertmanager) => alertmanager,
            Self::Gatus(gatus) => gatus,
            Self::UptimeKuma(uptime_kuma) => uptime_kuma,
            Self::Healthchecks(healthchecks) => healthchecks,
            Self::Statuspage(statuspage) => statuspage,
        }
    }

    /// The name of a source whose probes do not say one: the kind, and who is asked.
    pub fn source(&self) -> String {
        self.question().source()
    }

    /// What is to be asked; all of it is, whatever the first answer says.
    pub fn asks(&self) -> Vec<Ask> {
        self.question().asks()
    }
}

impl Probe {
    /// What it asks about, and what a bad answer means.
    pub fn subject(&self) -> Subject<'_> {
        Subject {
            components: &self.components,
            bad: self.bad,
        }
    }

    /// What the outcomes of its questions, in their order, say of its components.
    pub fn read(&self, asked: Asked<'_>, outcomes: &[Outcome]) -> Vec<Reading> {
        self.kind.question().read(self.subject(), asked, outcomes)
    }
}

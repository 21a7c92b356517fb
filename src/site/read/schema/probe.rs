//! The shape of `[[probes]]` and `[probe]`.

#![allow(dead_code, reason = "these types are described, and never made")]

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

use super::form::{Duration, Wait};
use crate::site::vocabulary::Status;

/// A question about components: exactly one of the keys that name a kind says which.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Probe {
    /// The id of the component that it asks about.
    component: Option<String>,
    /// Instead of `component`, the ids of several.
    components: Option<Vec<String>>,
    /// An address that shall answer. Secrets stand in it as `${NAME}`, and are taken from the environment.
    http: Option<String>,
    /// Instead, a host with a port that shall take connections.
    tcp: Option<String>,
    /// Instead, a host with a port that shall show a good certificate.
    tls: Option<String>,
    /// Instead, a name that shall be known.
    dns: Option<String>,
    /// The method of a request over HTTP; by default `GET`.
    method: Option<Method>,
    /// The kind of records of a name; by default `A`.
    record: Option<String>,
    /// The server that is asked for them, by its address; by default the system looks them up.
    server: Option<String>,
    /// The address of a Prometheus, or of what has its API; it may have a path.
    prometheus: Option<String>,
    /// Of Prometheus: the query whose series say how the components are.
    query: Option<String>,
    /// Of Prometheus: the query for the instants of what `query` computes; by default the timestamps of `query`.
    timestamps: Option<String>,
    /// Of Prometheus: what a good value is like; by default `>= 1`.
    up: Option<String>,
    /// Of Prometheus and Alertmanager: the label whose values name components, by their ids or by `map`.
    label: Option<String>,
    /// What a monitor calls components: its name for one, then the component's id.
    map: Option<BTreeMap<String, String>>,
    /// The address of an Alertmanager.
    alertmanager: Option<String>,
    /// Of Alertmanager: the matchers of alerts about these components, as `severity="page"`.
    filter: Option<Vec<String>>,
    /// Of Alertmanager: the name of the alert that is always active, or a list of its matchers; by default `Watchdog`.
    watchdog: Option<Value>,
    /// Of Alertmanager and status pages: what a `severity`, or a status there, means here.
    statuses: Option<BTreeMap<String, Status>>,
    /// The address of a Gatus.
    gatus: Option<String>,
    /// Of Gatus: the key of an endpoint.
    endpoint: Option<String>,
    /// The address of an Uptime Kuma.
    uptime_kuma: Option<String>,
    /// Of Uptime Kuma: the slug of a status page; without one, its metrics are read.
    page: Option<String>,
    /// Of Uptime Kuma: the name or the id of a monitor.
    monitor: Option<String>,
    /// The address of a Healthchecks.
    healthchecks: Option<String>,
    /// Of Healthchecks: the name, slug, UUID or unique key of a check.
    check: Option<String>,
    /// The address of a status page that has the API of Statuspage.
    statuspage: Option<String>,
    /// Of status pages: the name or the id of a component there.
    upstream: Option<String>,
    /// Of monitors: the age from which on a result is none; by default the component's `valid_for`, which it cannot exceed.
    stale_after: Option<Duration>,
    /// Header fields of the request.
    headers: Option<BTreeMap<String, String>>,
    /// What a good answer is like.
    expect: Option<Expect>,
    /// How often it asks; by default `1m`.
    every: Option<Duration>,
    /// How long it waits for an answer; by default `10s`.
    timeout: Option<Duration>,
    /// How often it asks again before a bad answer counts; by default 1.
    #[schemars(range(min = 0, max = 10))]
    retries: Option<u32>,
    /// What a bad answer means; by default `major_outage`.
    bad: Option<Bad>,
    /// The name under which what it sees is kept; by default the kind and the host.
    source: Option<String>,
}

/// What a good answer is like.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Expect {
    /// The status code, a class of them as `2xx`, or a list; by default `2xx`.
    status: Option<Value>,
    /// A text that the body has, or for `dns` a record.
    contains: Option<String>,
    /// A text that the body does not have.
    absent: Option<String>,
    /// The days that a certificate holds at least, with fewer of which it is degraded performance; by default 3.
    #[schemars(range(min = 0, max = 366))]
    days: Option<u32>,
    /// The time from which on an answer is slow: degraded performance.
    within: Option<Wait>,
}

/// A method that changes nothing.
#[derive(JsonSchema)]
#[schemars(rename_all = "UPPERCASE")]
enum Method {
    Get,
    Head,
}

/// What a bad answer can mean.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum Bad {
    DegradedPerformance,
    PartialOutage,
    MajorOutage,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ProbeSettings {
    /// Hosts with ports, one of which must answer before a failed look counts.
    control: Option<Vec<String>>,
    /// Whether addresses of private networks may be asked; by default they may not.
    private: Option<bool>,
}

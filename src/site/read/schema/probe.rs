//! The shape of `[[probes]]` and `[probe]`.

#![allow(dead_code, reason = "these types are described, and never made")]

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

use super::form::{Duration, Wait};
use crate::site::vocabulary::Status;

/// A question about components. Exactly one of `http`, `tcp`, `tls`, `dns`, `prometheus`, `alertmanager`, `gatus`, `uptime_kuma`,
/// `healthchecks` and `statuspage` is there and says of which kind it is.
#[derive(JsonSchema)]
#[schemars(
    deny_unknown_fields,
    extend("examples" = [{
        "component": "web",
        "http": "https://www.acme.example/health",
        "expect": { "status": "2xx", "contains": "ok", "within": "2s" },
    }])
)]
pub(super) struct Probe {
    /// The id of the component that it asks about. Either this or `components` is needed.
    component: Option<String>,
    /// The ids of several components, instead of `component`.
    components: Option<Vec<String>>,
    /// A request over HTTP: the address that must answer. Secrets stand in it as `${NAME}`, and are taken from the environment.
    http: Option<String>,
    /// A connection: the host with the port that must take it, as `db.example.com:5432`.
    tcp: Option<String>,
    /// A certificate: the host with the port that must show a good one, as `example.com:443`.
    tls: Option<String>,
    /// A name in the DNS that must be known, as `www.example.com`.
    dns: Option<String>,
    /// Of HTTP: the method of the request.
    #[schemars(extend("default" = "GET"))]
    method: Option<Method>,
    /// Of DNS: the kind of records that is asked for.
    #[schemars(extend("default" = "A"))]
    record: Option<String>,
    /// Of DNS: the address of the server that is asked; by default the system looks the name up.
    server: Option<String>,
    /// A query of Prometheus, or of what has its API: the address, which may have a path.
    prometheus: Option<String>,
    /// Of Prometheus: the query whose series say how the components are.
    query: Option<String>,
    /// Of Prometheus: the query for the instants of what `query` computes; by default the timestamps of `query`.
    timestamps: Option<String>,
    /// Of Prometheus: what a good value is like.
    #[schemars(extend("default" = ">= 1"))]
    up: Option<String>,
    /// Of Prometheus and Alertmanager: the label whose values name components, by their ids or by `map`.
    label: Option<String>,
    /// What a monitor calls components: its name for one, then the component's id.
    map: Option<BTreeMap<String, String>>,
    /// The alerts of an Alertmanager: its address.
    alertmanager: Option<String>,
    /// Of Alertmanager: the matchers of alerts about these components, as `severity="page"`.
    filter: Option<Vec<String>>,
    /// Of Alertmanager: the name of the alert that is always active, or a list of its matchers.
    #[schemars(extend("default" = "Watchdog"))]
    watchdog: Option<Value>,
    /// Of Alertmanager and status pages: the status that a `severity`, or a status there, means here, by its name there.
    statuses: Option<BTreeMap<String, Status>>,
    /// An endpoint of a Gatus: the address of the Gatus.
    gatus: Option<String>,
    /// Of Gatus: the key of the endpoint, `group_name` in small letters, as it stands in the address of its page.
    endpoint: Option<String>,
    /// A monitor of an Uptime Kuma: the address of the Uptime Kuma.
    uptime_kuma: Option<String>,
    /// Of Uptime Kuma: the slug of a status page there; without one its metrics are read, which say less.
    page: Option<String>,
    /// Of Uptime Kuma: the name or the id of the monitor.
    monitor: Option<String>,
    /// A check of healthchecks.io, or of a Healthchecks of your own: the address.
    healthchecks: Option<String>,
    /// Of Healthchecks: the name, the slug, the UUID or the unique key of the check.
    check: Option<String>,
    /// A component of another status page that has the API of Statuspage: the address of the page.
    statuspage: Option<String>,
    /// Of status pages: the name or the id of the component there.
    upstream: Option<String>,
    /// Of monitors: the age from which on a result says nothing; by default the component's `valid_for`, which it cannot
    /// exceed.
    stale_after: Option<Duration>,
    /// Header fields of the request, by their names; secrets stand in them as `${NAME}`.
    headers: Option<BTreeMap<String, String>>,
    /// What a good answer is like.
    expect: Option<Expect>,
    /// How often it asks, for what asks again and again.
    #[schemars(extend("default" = "1m"))]
    every: Option<Duration>,
    /// How long it waits for an answer.
    #[schemars(extend("default" = "10s"))]
    timeout: Option<Duration>,
    /// How often it asks again before a bad answer counts.
    #[schemars(range(min = 0, max = 10), extend("default" = 1))]
    retries: Option<u32>,
    /// The status of the component that a bad answer means.
    #[schemars(extend("default" = "major_outage"))]
    bad: Option<Bad>,
    /// The source under which what it sees is kept, as `frankfurt`; by default the kind and the host.
    source: Option<String>,
}

/// What a good answer is like.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Expect {
    /// Of HTTP: the status code, a class of them as `2xx`, or a list.
    #[schemars(extend("default" = "2xx"))]
    status: Option<Value>,
    /// A text that must be in the body; of DNS, in a record.
    contains: Option<String>,
    /// A text that must not be in the body.
    absent: Option<String>,
    /// Of TLS: the days for which the certificate must still hold; with fewer it is degraded performance.
    #[schemars(range(min = 0, max = 366), extend("default" = 3))]
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
    /// Hosts with ports, one of which must take a connection before a failed look counts: else it was our own network. An
    /// empty list asks none.
    #[schemars(extend("default" = ["one.one.one.one:443", "dns.quad9.net:443"]))]
    control: Option<Vec<String>>,
    /// Whether addresses of private networks may be asked.
    #[schemars(extend("default" = false))]
    private: Option<bool>,
}

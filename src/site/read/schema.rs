//! JSON Schemas (draft 07) of the files that people and programs write, for editors and pipelines.
//!
//! The types here are the shapes of the files, from which the schemas are made; the readers know more,
//! as which ids there are. Tests hold both against each other: they know the same keys, and what a schema
//! refuses, a reader refuses.

#![allow(dead_code, reason = "these types are described, and never made")]

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::Value;

use crate::diagnostic::RuleLevel;
use crate::site::vocabulary::{FormatName, Impact, PostKind, Status};

/// The schema of `allclear.toml`.
pub fn site() -> String {
    document::<SiteFile>("allclear.toml")
}

/// The schema of the front matter of an incident, a maintenance or a notice.
pub fn incident() -> String {
    document::<IncidentFile>("Front matter of an incident, a maintenance or a notice")
}

/// The schema of a line of component states in JSON Lines.
pub fn evidence() -> String {
    document::<ObservationLine>("A line of component states")
}

fn document<T: JsonSchema>(title: &str) -> String {
    let generator = SchemaSettings::draft07().into_generator();
    let mut schema: Schema = generator.into_root_schema_for::<T>();
    schema.insert("title".to_owned(), Value::from(title));
    format!("{:#}\n", schema.as_value())
}

/// A text for readers: one string, or one for each language of the site.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum LocalText {
    /// The same in every language.
    Plain(String),
    /// By BCP 47 tag.
    ByLanguage(BTreeMap<String, String>),
}

/// A duration: one or more whole numbers, each with `s`, `m`, `h`, `d` or `w` behind it, as `1h30m`.
#[derive(JsonSchema)]
struct Duration(#[schemars(regex(pattern = r"^\s*([0-9]+\s*[smhdw]\s*)+$"))] String);

/// The time that an answer takes: a duration, or one in milliseconds as `200ms`.
#[derive(JsonSchema)]
struct Wait(#[schemars(regex(pattern = r"^\s*([0-9]+\s*ms|([0-9]+\s*[smhdw]\s*)+)\s*$"))] String);

/// RFC 3339, or `2022-12-28 19:45` followed by nothing (the site's zone), `UTC`, an offset or an IANA zone.
#[derive(JsonSchema)]
struct Time(#[schemars(regex(pattern = r"^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]"))] String);

/// A recurrence rule of RFC 5545, section 3.3.10.
#[derive(JsonSchema)]
struct Rule(
    #[schemars(regex(
        pattern = r"^\s*([Rr][Rr][Uu][Ll][Ee]:)?[A-Za-z]+=[^;=]+(;[A-Za-z]+=[^;=]+)*$"
    ))]
    String,
);

/// A day, as `2022-12-28`.
#[derive(JsonSchema)]
struct Day(#[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))] String);

/// Small letters, digits, `-` and `_`.
#[derive(JsonSchema)]
struct Id(#[schemars(regex(pattern = r"^[a-z0-9][a-z0-9_-]{0,63}$"))] String);

/// The site: its titles, languages, time zone, components, signals and theme.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct SiteFile {
    /// The site's title.
    title: LocalText,
    /// The whole address under which the page is published.
    base_url: String,
    /// BCP 47 tags; the first is the default. Without any, English.
    languages: Option<Vec<String>>,
    /// An IANA name, as `Europe/Paris`: day bars and times without a zone use it. Without it, UTC.
    time_zone: Option<String>,
    /// `default`, `plain`, or a folder in `themes/`.
    theme: Option<String>,
    /// What the theme offers; `allclear theme list` shows it.
    theme_options: Option<BTreeMap<String, Value>>,
    /// A picture beside the title, as a path in the site's folder.
    logo: Option<Logo>,
    /// Links beside the title, to other places and to pages of the site's own.
    links: Option<Vec<Link>>,
    /// Groups of components, in the order in which they are shown.
    groups: Option<Vec<Group>>,
    /// Components, in the order in which they are shown.
    components: Option<Vec<Component>>,
    /// What is counted: a breach that no open incident covers makes its components suspected.
    signals: Option<Vec<Signal>>,
    /// What is said of sources of evidence, by their names.
    sources: Option<BTreeMap<String, Source>>,
    /// Questions that `allclear probe` and `allclear agent` ask about components.
    probes: Option<Vec<Probe>>,
    /// What holds for all probes.
    probe: Option<ProbeSettings>,
    /// Where subscribers are told what the page says.
    channels: Option<Vec<channel::Channel>>,
    /// What holds for all channels.
    notify: Option<channel::Notify>,
    /// What `allclear agent` does beside probing and building.
    agent: Option<Agent>,
    /// How evidence is weighed.
    evidence: Option<Evidence>,
    /// How uptime is computed.
    uptime: Option<Uptime>,
    /// The API for programs.
    api: Option<Api>,
    /// What is promised of builds.
    build: Option<Build>,
    /// How much the site makes of a rule, by the rule's name.
    check: Option<BTreeMap<String, RuleLevel>>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum Logo {
    /// On all pages.
    One(String),
    /// On light pages, and on dark ones.
    Two(LogoPair),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct LogoPair {
    /// For light pages.
    light: String,
    /// For dark pages.
    dark: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(
    deny_unknown_fields,
    extend("anyOf" = [{ "required": ["name", "url"] }, { "required": ["page"] }])
)]
struct Link {
    /// Its text; a `page` goes by its title where there is none.
    name: Option<LocalText>,
    /// An `https`, `http`, `mailto` or `tel` address, or one from the site's root: `imprint/` for `pages/imprint.md`,
    /// `terms.pdf` for `static/terms.pdf`.
    url: Option<LocalText>,
    /// Instead of `url`, a page of the site's own: `imprint` for `pages/imprint.md`.
    page: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Group {
    /// Its id.
    id: Id,
    /// Its name; without one, its id.
    name: Option<LocalText>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Component {
    /// Its id, as incidents and evidence name it.
    id: Id,
    /// Its name; without one, its id.
    name: Option<LocalText>,
    /// What it is, for readers.
    description: Option<LocalText>,
    /// The id of its group.
    group: Option<String>,
    /// The first day that counts towards its uptime, as `2022-01-01`.
    since: Option<String>,
    /// What its evidence must be like.
    states: Option<States>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct States {
    /// Whether time without evidence is unknown; by default as soon as there is any.
    required: Option<bool>,
    /// How long an observation holds; by default `1h`.
    valid_for: Option<Duration>,
    /// How many sources must agree before a bad state counts.
    #[schemars(range(min = 1, max = 1000))]
    quorum: Option<u32>,
}

#[derive(JsonSchema)]
#[schemars(
    deny_unknown_fields,
    extend("oneOf" = [{ "required": ["file"] }, { "required": ["latency"] }])
)]
struct Signal {
    /// Its id.
    id: Id,
    /// Its name; without one, its id.
    name: Option<LocalText>,
    /// The ids of the components that it speaks of.
    components: Vec<String>,
    /// The file of its samples, from the site's folder; or else `latency`.
    file: Option<String>,
    /// The id of the component whose latency its samples are, instead of `file`.
    latency: Option<String>,
    /// What its values count, as `reports`; of latency by default `ms`.
    unit: Option<LocalText>,
    /// At or above this value it is too high.
    threshold: Option<f64>,
    /// It is too high compared with what is usual at that time of day.
    baseline: Option<Baseline>,
    /// How long it must stay too high before it counts; by default at once.
    r#for: Option<Duration>,
    /// How long a sample holds; by default `1h`.
    valid_for: Option<Duration>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Baseline {
    /// Over how many days the usual is taken; it counts once it has seen half of them, and at least three.
    #[schemars(range(min = 3, max = 366))]
    days: u32,
    /// How many times the usual is too high.
    factor: f64,
    /// The least value that is ever too high.
    floor: f64,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Source {
    /// When it is not believed.
    ignore: Option<Vec<Silence>>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Silence {
    /// From when.
    from: Time,
    /// Until when.
    until: Time,
    /// Why, for readers.
    reason: LocalText,
}

/// A question about components: exactly one of the keys that name a kind says which.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Probe {
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
struct ProbeSettings {
    /// Hosts with ports, one of which must answer before a failed look counts.
    control: Option<Vec<String>>,
    /// Whether addresses of private networks may be asked; by default they may not.
    private: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Agent {
    /// The branch whose commits it takes over, as `origin/main`, or `false`; by default the upstream of the branch that is
    /// checked out.
    follow: Option<FollowedBranch>,
    /// How often it asks for them; by default `1m`.
    every: Option<Duration>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum FollowedBranch {
    /// A branch of a remote repository.
    Name(String),
    /// `false`: none.
    None(bool),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Evidence {
    /// How many sources must agree before a bad state counts; by default 1.
    #[schemars(range(min = 1, max = 1000))]
    quorum: Option<u32>,
    /// Whether the component states are published as `evidence/states.jsonl`; by default they are.
    publish: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Api {
    /// Whether the API may say `maintenance` for its indicator; by default it says `none`, for strict clients.
    maintenance_indicator: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Uptime {
    /// How much of an outage counts as down, from 0 to 1.
    weights: Option<Weights>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Weights {
    /// By default 1.
    #[schemars(range(min = 0, max = 1))]
    major_outage: Option<f64>,
    /// By default 0.3.
    #[schemars(range(min = 0, max = 1))]
    partial_outage: Option<f64>,
    /// By default 0.
    #[schemars(range(min = 0, max = 1))]
    degraded_performance: Option<f64>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Build {
    /// How often the page is promised to be built: after twice that it says that it is old.
    expected_every: Option<Duration>,
    /// Whether search engines may keep the pages; by default they may.
    index: Option<bool>,
    /// Whether compressed copies (`.gz`, `.br`) lie beside the files; by default they do not.
    precompress: Option<bool>,
    /// What is published beside the pages; by default all of it.
    formats: Option<Vec<FormatName>>,
}

/// The front matter of an incident, a maintenance or a notice.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct IncidentFile {
    /// As readers see it.
    title: LocalText,
    /// What it is; by default an incident.
    kind: Option<PostKind>,
    /// What it touches: a table of id and status, or a list of ids, whose status follows `impact`.
    components: Option<Components>,
    /// How bad it is; by default from the worst status of its components.
    impact: Option<Impact>,
    /// When the trouble began; by default with the first update.
    started: Option<Time>,
    /// When the team knew.
    detected: Option<Time>,
    /// When it was over; by default with the update that says so.
    ended: Option<Time>,
    /// When the window of a maintenance opens, or from when a notice is shown.
    starts: Option<Time>,
    /// When the window of a maintenance closes, or until when a notice is shown.
    ends: Option<Time>,
    /// By what rule of RFC 5545 a maintenance takes place again, as `FREQ=WEEKLY`.
    repeat: Option<Rule>,
    /// The days on which a maintenance that repeats does not take place.
    except: Option<Vec<Day>>,
    /// The ids of the signals to chart; by default those of its components that breached.
    signals: Option<Vec<String>>,
    /// What was changed after publication, for readers.
    corrections: Option<Vec<Correction>>,
    /// Whether it is built only with `--drafts`.
    draft: Option<bool>,
    /// Whether it stays on top.
    pinned: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum Components {
    /// Ids with the status from `started` on.
    Statuses(BTreeMap<String, Status>),
    /// Ids.
    List(Vec<String>),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Correction {
    /// When.
    at: Time,
    /// What and why.
    note: LocalText,
}

/// What a monitor saw of a component, or what an operator says.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ObservationLine {
    /// The component's id.
    component: String,
    /// How it was.
    status: Status,
    /// From when.
    from: Time,
    /// To when; without it, `from`.
    to: Option<Time>,
    /// Who saw it; `operator` is an override, which needs `reason` and `until`.
    source: Option<String>,
    /// Why an operator says so, for readers.
    reason: Option<String>,
    /// Until when an operator's word holds.
    until: Option<Time>,
}

mod channel;
#[cfg(test)]
mod tests;

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

use self::form::{Duration, Id, LocalText, Time};
use self::incident::IncidentFile;
use self::observation::ObservationLine;
use self::probe::{Probe, ProbeSettings};
use crate::diagnostic::RuleLevel;
use crate::site::vocabulary::FormatName;

mod channel;
mod form;
mod incident;
mod observation;
mod probe;

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

/// The site: its titles, languages, time zone, components, signals and theme.
#[derive(JsonSchema)]
#[schemars(
    deny_unknown_fields,
    extend("examples" = [{
        "title": "Acme Status",
        "base_url": "https://status.acme.example/",
        "languages": ["en", "ar"],
        "time_zone": "Europe/Paris",
    }])
)]
struct SiteFile {
    /// The title of the page, as readers see it.
    title: LocalText,
    /// The whole address at which the page is published, as `https://status.example.com/`; one with a path works too.
    /// Feeds, calendars, the API and links in messages lead to it.
    base_url: String,
    /// The languages of the page, as BCP 47 tags. The first is the default and stands at the root of the address; others are
    /// built below `/TAG/`.
    #[schemars(extend("default" = ["en"]))]
    languages: Option<Vec<String>>,
    /// The zone in which times without one are read and all times are shown, as an IANA name: `Europe/Paris`. Set it first:
    /// a change moves the times in files.
    #[schemars(extend("default" = "UTC"))]
    time_zone: Option<String>,
    /// A built-in theme, `default` or `plain` (for text browsers and weak networks), or the name of a folder in `themes/`.
    #[schemars(extend("default" = "default"))]
    theme: Option<String>,
    /// The values of the options that the theme offers, by their names; `allclear theme list` shows these.
    theme_options: Option<BTreeMap<String, Value>>,
    /// A picture beside the title, as a path in the site's folder; or one for light and one for dark pages.
    logo: Option<Logo>,
    /// Links beside the title, to other places and to pages of the site's own.
    links: Option<Vec<Link>>,
    /// Groups of components, in the order in which they are shown.
    groups: Option<Vec<Group>>,
    /// The parts of the service of which the page tells, in the order in which they are shown.
    components: Option<Vec<Component>>,
    /// Numbers over time, as reports of users: while one is too high and no open incident covers it, its components are
    /// suspected.
    signals: Option<Vec<Signal>>,
    /// The parts of the world that are told apart, in the order in which they are shown.
    regions: Option<Vec<Region>>,
    /// Sources of evidence that are not believed for a while, by their names.
    sources: Option<BTreeMap<String, Source>>,
    /// The form by which readers report that something fails, and what becomes of it.
    reports: Option<Reports>,
    /// Questions that `allclear probe` and `allclear agent` ask about components.
    probes: Option<Vec<Probe>>,
    /// The settings of all probes.
    probe: Option<ProbeSettings>,
    /// Places where `allclear notify` and the agent tell subscribers what the page says.
    channels: Option<Vec<channel::Channel>>,
    /// The settings of all channels.
    notify: Option<channel::Notify>,
    /// The settings of `allclear agent`, beside those of what it does.
    agent: Option<Agent>,
    /// The places to which `allclear publish` and the agent bring the page.
    publish: Option<Publish>,
    /// The settings of evidence for all components.
    evidence: Option<Evidence>,
    /// The settings of uptime.
    uptime: Option<Uptime>,
    /// The settings of the API for programs.
    api: Option<Api>,
    /// The settings of what is built.
    build: Option<Build>,
    /// The weights of the rules of `allclear check`, by their names, as `empty-update = "off"`. `allclear explain` lists them.
    check: Option<BTreeMap<String, RuleLevel>>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum Logo {
    /// One for all pages.
    One(String),
    /// One for light pages, and one for dark ones.
    Two(LogoPair),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct LogoPair {
    /// The picture on light pages.
    light: String,
    /// The picture on dark pages; by default the one on light pages.
    dark: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(
    deny_unknown_fields,
    extend("anyOf" = [{ "required": ["name", "url"] }, { "required": ["page"] }]),
    extend("examples" = [{ "name": "Help", "url": "https://help.acme.example/" }])
)]
struct Link {
    /// The text of the link; by default the title of the `page`.
    name: Option<LocalText>,
    /// An `https`, `http`, `mailto` or `tel` address, or one from the site's root: `imprint/` for `pages/imprint.md`,
    /// `terms.pdf` for `static/terms.pdf`.
    url: Option<LocalText>,
    /// Instead of `url`, a page of the site's own: `imprint` for `pages/imprint.md`.
    page: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(
    deny_unknown_fields,
    extend("examples" = [{ "id": "clients", "name": { "en": "Clients", "ar": "التطبيقات" } }])
)]
struct Group {
    /// The name by which components name the group; no two groups have the same.
    id: Id,
    /// The name that readers see; by default the id.
    name: Option<LocalText>,
}

#[derive(JsonSchema)]
#[schemars(
    deny_unknown_fields,
    extend("examples" = [{
        "id": "web",
        "name": "Web",
        "description": "The site in a browser",
        "group": "clients",
        "states": { "valid_for": "15m" },
    }])
)]
struct Component {
    /// The name by which incidents, evidence, probes and addresses name the component; no two have the same, and a change
    /// cuts it off from its history.
    id: Id,
    /// The name that readers see; by default the id.
    name: Option<LocalText>,
    /// A sentence that tells readers what it is.
    description: Option<LocalText>,
    /// The id of the group in which it is shown; by default it stands in none, below all groups.
    group: Option<String>,
    /// The first day that counts towards its uptime, as `2022-01-01`; by default the first of which the files know anything.
    since: Option<String>,
    /// What evidence of it must be like.
    states: Option<States>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct States {
    /// Whether the component is unconfirmed while it has no fresh evidence; by default yes, once there is any. With `false`
    /// missing evidence takes nothing back.
    required: Option<bool>,
    /// How long an observation holds after its end: as long as two looks of the monitor are apart, and some time for slips.
    #[schemars(extend("default" = "1h"))]
    valid_for: Option<Duration>,
    /// The number of sources that must agree before a bad state counts; by default that of `[evidence]`.
    #[schemars(range(min = 1, max = 1000))]
    quorum: Option<u32>,
}

#[derive(JsonSchema)]
#[schemars(
    deny_unknown_fields,
    extend("oneOf" = [{ "required": ["file"] }, { "required": ["latency"] }]),
    extend("examples" = [{
        "id": "reports",
        "name": "User reports",
        "components": ["web"],
        "file": "evidence/reports/web.csv",
        "unit": "reports",
        "threshold": 500,
        "for": "15m",
    }])
)]
struct Signal {
    /// The name by which incidents and addresses name the signal; no two have the same.
    id: Id,
    /// The name that readers see; by default the id.
    name: Option<LocalText>,
    /// The ids of the components that are suspected while it is too high.
    components: Vec<String>,
    /// The file of its samples, as a path in the site's folder: `.csv`, `.jsonl`, or an answer of Prometheus as `.json`. Where
    /// a `.csv` file has a column `region`, `kind` or `capped` beside `time` and `value`, the rows of a time add up.
    file: Option<String>,
    /// With `region`, it is one signal for each of `[[regions]]`, of the rows that name it, and one of all rows together.
    by: Option<By>,
    /// The kinds of reports that count, by the column `kind`; by default all.
    kinds: Option<Vec<String>>,
    /// The id of a component whose latency, as probes measure it, its samples are.
    latency: Option<String>,
    /// The unit of its values, as `reports`; of latency by default `ms`.
    unit: Option<LocalText>,
    /// The value from which on it is too high. Either this or `baseline` is needed. With `by`, it holds for each region and
    /// for all together; or it is a table by ids of regions and `total`, where one that is left out has none.
    threshold: Option<Threshold>,
    /// What is too high, compared with what is usual at that time of day; instead of `threshold`.
    baseline: Option<Baseline>,
    /// How long it must stay too high before that counts; by default not at all.
    r#for: Option<Duration>,
    /// How long a sample holds, until the next one.
    #[schemars(extend("default" = "1h"))]
    valid_for: Option<Duration>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum By {
    /// By region.
    Region,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum Threshold {
    /// One value.
    Same(f64),
    /// A value for each of some regions, and for all together as `total`.
    #[schemars(extend("minProperties" = 1))]
    ByRegion(BTreeMap<String, f64>),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Baseline {
    /// The days over which the usual is taken, as the median of the same time of each. It counts once half of them have
    /// been seen, and at least three.
    #[schemars(range(min = 3, max = 366))]
    days: u32,
    /// The number of times the usual from which on a value is too high.
    factor: f64,
    /// The least value that is ever too high, so that a quiet night makes no alarm.
    floor: f64,
}

#[derive(JsonSchema)]
#[schemars(
    deny_unknown_fields,
    extend("examples" = [{ "id": "jp", "name": { "en": "Japan", "ar": "اليابان" }, "sources": ["tokyo", "osaka"] }])
)]
struct Region {
    /// The name by which incidents, updates and counts of reports name the region; no two have the same.
    id: Id,
    /// The name that readers see, behind "in"; by default the id.
    name: Option<LocalText>,
    /// The names of the sources of evidence that look from there; a source that is named as the region is one anyway.
    sources: Option<Vec<String>>,
    /// What else a proxy calls it in `region_header` of `[reports]`, as countries: `["US", "CA"]`. Case does not count.
    codes: Option<Vec<String>>,
}

#[derive(JsonSchema)]
#[schemars(
    deny_unknown_fields,
    extend("examples" = [{
        "url": "https://reports.acme.example/",
        "kinds": ["unreachable", "slow", { "id": "payment", "name": "A payment fails" }, "other"],
        "region_header": "CF-IPCountry",
        "proxies": ["127.0.0.1"],
    }])
)]
struct Reports {
    /// The whole address at which readers' browsers reach `allclear collect`. Without this table there is no form.
    url: String,
    /// What may fail, as the form offers it; by default all words that each language has a text for.
    #[schemars(length(max = 20), extend("default" = ["unreachable", "error", "slow", "login", "other"]))]
    kinds: Option<Vec<ReportKind>>,
    /// The header in which a proxy says from which region a request comes, as `CF-IPCountry`; by default readers choose.
    region_header: Option<String>,
    /// The header in which a proxy says from which address a request comes.
    #[schemars(extend("default" = "X-Forwarded-For"))]
    address_header: Option<String>,
    /// The addresses and networks of the proxies whose headers are believed, as `["127.0.0.1", "10.0.0.0/8"]`; by default none.
    proxies: Option<Vec<String>>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum ReportKind {
    /// One that each language has a text for.
    Known(KnownKind),
    /// One of the site's own.
    Own(OwnKind),
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum KnownKind {
    /// It cannot be reached.
    Unreachable,
    /// It shows an error.
    Error,
    /// It is slow.
    Slow,
    /// Logging in fails.
    Login,
    /// Something else.
    Other,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct OwnKind {
    /// The name by which counts name the kind.
    id: Id,
    /// The text that readers see; by default the id.
    name: Option<LocalText>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Source {
    /// The times in which the source is not believed. The page `about/` lists them.
    ignore: Option<Vec<Silence>>,
}

#[derive(JsonSchema)]
#[schemars(
    deny_unknown_fields,
    extend("examples" = [{
        "from": "2022-11-30 02:00",
        "until": "2022-11-30 05:30",
        "reason": "The probe had lost its network.",
    }])
)]
struct Silence {
    /// The first instant at which the source is not believed.
    from: Time,
    /// The instant from which on it is believed again.
    until: Time,
    /// Why it is not believed, for readers.
    reason: LocalText,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("examples" = [{ "follow": "origin/main", "every": "1m" }]))]
struct Agent {
    /// The branch whose commits it takes over, as `origin/main`; `false` for none; by default the upstream of the branch
    /// that is checked out.
    follow: Option<FollowedBranch>,
    /// How often it asks for new commits.
    #[schemars(extend("default" = "1m"))]
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
#[schemars(deny_unknown_fields, extend("examples" = [{ "to": ["s3://acme-status", "/srv/www/status"] }]))]
struct Publish {
    /// One place or several, in the order in which they get the page: `s3://BUCKET/PREFIX`, `gs://`, `az://`, or a folder
    /// that a web server reads. Later ones never lead.
    to: Option<Places>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum Places {
    /// One place.
    One(String),
    /// Several, of which the later ones may lag behind the first.
    List(Vec<String>),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("examples" = [{ "quorum": 2 }]))]
struct Evidence {
    /// The number of sources that must agree before a bad state counts; trouble of which fewer are fresh is suspected.
    #[schemars(range(min = 1, max = 1000), extend("default" = 1))]
    quorum: Option<u32>,
    /// Whether component states and latency are published in `evidence/`, from where `allclear pull` brings them back.
    #[schemars(extend("default" = true))]
    publish: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Api {
    /// Whether the indicator of the API says `maintenance` while there is one; strict clients refuse that word, so that it
    /// says `none` otherwise.
    #[schemars(extend("default" = false))]
    maintenance_indicator: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("examples" = [{ "weights": { "partial_outage": 0.5 } }]))]
struct Uptime {
    /// The shares of outages that count as down, from 0 to 1, by the status of the component.
    weights: Option<Weights>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Weights {
    /// The share of a major outage that counts as down.
    #[schemars(range(min = 0, max = 1), extend("default" = 1.0))]
    major_outage: Option<f64>,
    /// The share of a partial outage that counts as down.
    #[schemars(range(min = 0, max = 1), extend("default" = 0.3))]
    partial_outage: Option<f64>,
    /// The share of degraded performance that counts as down.
    #[schemars(range(min = 0, max = 1), extend("default" = 0.0))]
    degraded_performance: Option<f64>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("examples" = [{ "expected_every": "1d", "precompress": true }]))]
struct Build {
    /// How often the page is promised to be built: after twice that time without a build it says that it is old.
    expected_every: Option<Duration>,
    /// Whether search engines may keep the pages. With `false` each page says `noindex`, and there is no `sitemap.xml`.
    #[schemars(extend("default" = true))]
    index: Option<bool>,
    /// Whether compressed copies (`.gz`, `.br`) lie beside each text above 1 KB, for web servers that send these.
    #[schemars(extend("default" = false))]
    precompress: Option<bool>,
    /// The formats that are published beside the pages; by default all.
    formats: Option<Vec<FormatName>>,
}

#[cfg(test)]
mod tests;

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
    /// Where the page is published.
    publish: Option<Publish>,
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
struct Publish {
    /// The places that `allclear publish` brings the page to, in this order: `s3://BUCKET/PREFIX`, `gs://`, `az://`, or a
    /// folder that a web server reads.
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

#[cfg(test)]
mod tests;

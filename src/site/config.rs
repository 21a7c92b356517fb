//! The contents of `allclear.toml`.
//!
//! Names that point at something else, as a component's group, are still names here:
//! [`crate::site::read`] resolves them.

use std::ops::Range;

use camino::Utf8PathBuf;
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;

use super::base_url::BaseUrl;
use super::channel::{Channel, NotifySettings};
use super::place::PlaceName;
use super::probe::{Probe, ProbeSettings};
use super::reports::ReportSettings;
use super::vocabulary::FormatName;
use crate::diagnostic::{Code, RuleLevel};
use crate::locale::{Language, LanguageIndex, LocalizedText};
use crate::syntax::{Key, Spanned, Value};
use crate::time::Instant;

/// The time for which an observation holds where nothing else is said.
pub const DEFAULT_VALID_FOR: TimeDelta = TimeDelta::hours(1);

/// The kinds of pictures that every browser shows, by the ends of their names.
pub const PICTURES: [&str; 7] = ["svg", "png", "webp", "avif", "jpg", "jpeg", "gif"];

/// The contents of the whole file.
#[derive(Debug, Clone)]
pub struct Config {
    /// The settings of the site as a whole.
    pub settings: Settings,
    /// Groups of components, in the order in which they are shown.
    pub groups: Vec<GroupConfig>,
    /// Components, in the order in which they are shown.
    pub components: Vec<ComponentConfig>,
    /// Signals.
    pub signals: Vec<SignalConfig>,
    /// Regions, in the order in which they are shown.
    pub regions: Vec<RegionConfig>,
    /// Links beside the title, in the order in which they are shown.
    pub links: Vec<LinkConfig>,
    /// The configuration of sources of evidence.
    pub sources: Vec<SourceConfig>,
    /// Probes.
    pub probes: Vec<ProbeConfig>,
    /// Channels.
    pub channels: Vec<ChannelConfig>,
    /// The number of sources that must agree before a bad status counts; 1 where nothing is said.
    pub quorum: usize,
}

/// The settings of a site: what its file says of the site as a whole.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The site's title.
    pub title: LocalizedText,
    /// Where the site is published.
    pub base_url: BaseUrl,
    /// The languages of the site; the first is the default.
    pub languages: Vec<Language>,
    /// The zone of day bars and of times without a zone.
    pub time_zone: Tz,
    /// The name of the theme.
    pub theme: Spanned<String>,
    /// The entries of `theme_options`; the theme says what they may be.
    pub theme_options: Vec<(Key, Spanned<Value>)>,
    /// The picture beside the title.
    pub logo: Option<Logo>,
    /// The share of its time that an outage counts as down.
    pub weights: Weights,
    /// How it is built and what is published of it.
    pub build: Build,
    /// What holds for all probes.
    pub probe: ProbeSettings,
    /// What holds for all channels.
    pub notify: NotifySettings,
    /// How readers' reports are asked for; `None` where they are not.
    pub reports: Option<ReportSettings>,
    /// What `allclear agent` does beside probing and building.
    pub agent: AgentSettings,
    /// Where `allclear publish` brings the page, in this order; the others may lag behind the first, and never lead.
    pub publish_to: Vec<PlaceName>,
    /// The levels of the rules of `check` that the site sets.
    pub rules: Vec<(Code, RuleLevel)>,
}

impl Settings {
    /// One of its languages.
    pub fn language(&self, index: LanguageIndex) -> &Language {
        &self.languages[index.0]
    }
}

/// The `[build]` table, with what other tables say of publishing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// The longest time between builds that a site without evidence promises.
    pub expected_every: Option<TimeDelta>,
    /// Whether search engines may keep its pages; `true` where nothing is said.
    pub index: bool,
    /// Whether compressed copies lie beside its files; `false` where nothing is said.
    pub precompress: bool,
    /// The formats that are published beside the pages; all where nothing is said.
    pub formats: Vec<FormatName>,
    /// Whether the component states are published (`[evidence] publish`); `true` where nothing is said.
    pub publishes_evidence: bool,
    /// Whether the API may say `maintenance` for its indicator (`[api] maintenance_indicator`), which strict clients
    /// refuse; `false` where nothing is said: it is `none` then.
    pub maintenance_indicator: bool,
}

impl Build {
    /// The instant from which on a page that was built at `at` is late: two builds that were promised since are missing.
    pub fn late_from(&self, at: Instant) -> Option<Instant> {
        Some(at + self.expected_every? * 2)
    }
}

impl Default for Build {
    fn default() -> Self {
        Self {
            expected_every: None,
            index: true,
            precompress: false,
            formats: FormatName::ALL.to_vec(),
            publishes_evidence: true,
            maintenance_indicator: false,
        }
    }
}

/// The `[agent]` table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentSettings {
    /// The branch whose commits the agent takes over.
    pub follow: Follow,
    /// How often it asks for them; a minute where nothing is said.
    pub every: TimeDelta,
}

impl Default for AgentSettings {
    fn default() -> Self {
        Self {
            follow: Follow::Upstream,
            every: TimeDelta::minutes(1),
        }
    }
}

/// The branch whose commits the agent takes over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Follow {
    /// The one that git has for the upstream of the branch that is checked out, if there is one.
    Upstream,
    /// A branch of a remote repository.
    Branch {
        /// The name of the remote repository: `origin`.
        remote: String,
        /// The name of the branch there: `main`.
        branch: String,
    },
    /// None: somebody else sees to the files.
    Nothing,
}

/// The picture beside the title, as files of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// Its path from the site's folder; inside of it.
    pub light: Spanned<Utf8PathBuf>,
    /// Another one for readers who prefer dark pages.
    pub dark: Option<Spanned<Utf8PathBuf>>,
}

/// A `[[links]]` table: a link to another place, as a help page, or to a page or file of the site's own.
#[derive(Debug, Clone)]
pub struct LinkConfig {
    /// Its text; a link to a page may go by the page's title.
    pub name: Option<LocalizedText>,
    /// The place to which it leads.
    pub to: Spanned<LinkedName>,
}

/// The name of what a link leads to.
#[derive(Debug, Clone)]
pub enum LinkedName {
    /// A `page`: the name of a file in `pages/`, without its extension.
    Page(String),
    /// A `url`: an `https`, `http`, `mailto` or `tel` address, or one from the site's root, as `imprint/`.
    Url(LocalizedText),
}

/// A `[[groups]]` table.
#[derive(Debug, Clone)]
pub struct GroupConfig {
    /// Its id.
    pub id: Spanned<String>,
    /// Its name.
    pub name: LocalizedText,
}

/// A `[[components]]` table.
#[derive(Debug, Clone)]
pub struct ComponentConfig {
    /// Its id.
    pub id: Spanned<String>,
    /// Its name.
    pub name: LocalizedText,
    /// Its description, for readers.
    pub description: Option<LocalizedText>,
    /// The id of its group.
    pub group: Option<Spanned<String>>,
    /// The first day that counts towards its uptime.
    pub since: Option<NaiveDate>,
    /// Whether time that no observation covers is unknown; by default it is as soon as an
    /// observation exists.
    pub required: Option<bool>,
    /// The time for which an observation holds.
    pub valid_for: TimeDelta,
    /// The number of sources that must agree before a bad status counts, where it is not the site's.
    pub quorum: Option<usize>,
}

/// A `[[signals]]` table.
#[derive(Debug, Clone)]
pub struct SignalConfig {
    /// Its id.
    pub id: Spanned<String>,
    /// Its name.
    pub name: LocalizedText,
    /// The ids of the components that it speaks of.
    pub components: Vec<Spanned<String>>,
    /// Where its samples come from; `None` only beside a diagnostic.
    pub samples: Option<SamplesFrom>,
    /// Where it says `by = "region"`, so that it is one signal for each region and one of all together.
    pub by_region: Option<Range<usize>>,
    /// The ids of the kinds of reports that alone count; `None` where all do.
    pub kinds: Option<Vec<Spanned<String>>>,
    /// The unit of its values.
    pub unit: Option<LocalizedText>,
    /// The limit from which on a value is too high.
    pub limit: LimitConfig,
    /// The time for which the value must stay too high before it counts.
    pub sustained: TimeDelta,
    /// The time for which a sample holds.
    pub valid_for: TimeDelta,
}

/// Where the samples of a signal come from.
#[derive(Debug, Clone)]
pub enum SamplesFrom {
    /// A `file`, by its path from the site's folder.
    File(Spanned<Utf8PathBuf>),
    /// The `latency` of a component, by its id: each row of each source is a sample.
    Latency(Spanned<String>),
}

impl SignalConfig {
    /// The file of its samples, where they come from one.
    pub fn file(&self) -> Option<&Utf8PathBuf> {
        match &self.samples {
            Some(SamplesFrom::File(path)) => Some(&path.value),
            Some(SamplesFrom::Latency(_)) | None => None,
        }
    }
}

/// The limit of a signal as its entry says it.
#[derive(Debug, Clone)]
pub enum LimitConfig {
    /// One, which holds for each region by itself and for all together.
    Same(Limit),
    /// A threshold for each of some regions by their ids, and for all together by [`TOTAL`].
    Thresholds(Vec<(Spanned<String>, f64)>),
}

/// The word for all regions together.
pub const TOTAL: &str = "total";

/// The least number of days on which a baseline must have seen the same time of day before it counts.
pub const LEAST_DAYS: u32 = 3;

/// The limit from which on a signal's value is too high.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    /// At or above this value.
    Threshold(f64),
    /// None: no value is too high.
    Never,
    /// At or above what is usual at this time of day.
    Baseline {
        /// The number of days over which the usual is taken.
        days: u32,
        /// The multiple of the usual that is too high.
        factor: f64,
        /// The least value that is ever too high.
        floor: f64,
    },
}

/// A `[[regions]]` table.
#[derive(Debug, Clone)]
pub struct RegionConfig {
    /// Its id.
    pub id: Spanned<String>,
    /// Its name.
    pub name: LocalizedText,
    /// The names of the sources of evidence that look from there.
    pub sources: Vec<Spanned<String>>,
    /// What else programs call it.
    pub codes: Vec<Spanned<String>>,
}

/// A `[[probes]]` table.
#[derive(Debug, Clone)]
pub struct ProbeConfig {
    /// The ids of the components that it asks about.
    pub components: Vec<Spanned<String>>,
    /// The probe, whose components are not resolved yet.
    pub probe: Probe,
}

/// A `[[channels]]` table.
#[derive(Debug, Clone)]
pub struct ChannelConfig {
    /// The ids of the components whose news it is told.
    pub components: Option<Vec<Spanned<String>>>,
    /// The channel, whose components are not resolved yet.
    pub channel: Channel,
}

/// A `[sources.NAME]` table.
#[derive(Debug, Clone)]
pub struct SourceConfig {
    /// The source's name.
    pub name: Spanned<String>,
    /// The times in which it is not believed.
    pub ignore: Vec<Silence>,
}

/// A time in which a source is not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence {
    /// Its start.
    pub from: Instant,
    /// Its end.
    pub until: Instant,
    /// The reason, for readers.
    pub reason: LocalizedText,
}

/// The share of its time that an outage counts as down, each from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// The weight of a major outage; 1 where nothing is said.
    pub major_outage: f64,
    /// The weight of a partial outage; 0.3 where nothing is said.
    pub partial_outage: f64,
    /// The weight of degraded performance; 0 where nothing is said.
    pub degraded_performance: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            major_outage: 1.0,
            partial_outage: 0.3,
            degraded_performance: 0.0,
        }
    }
}

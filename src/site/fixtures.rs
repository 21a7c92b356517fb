//! Small sites for tests.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;

use super::channel::NotifySettings;
use super::component::{Component, ComponentIndex, Requirement};
use super::config::{AgentSettings, Build, Limit, Settings, Silence, Weights};
use super::observation::{OPERATOR, Observation, Override, Source};
use super::post::{Incident, Kind, Maintenance, Notice, Post};
use super::probe::ProbeSettings;
use super::region::Region;
use super::signal::{Sample, Signal};
use super::update::{Change, LocalizedMarkdown, Telling, Update};
use super::vocabulary::{Impact, State, Status};
use super::{Site, base_url::BaseUrl, slug::Slug};
use crate::diagnostic::{Place, SourceFile};
use crate::locale::{Language, Locale, LocalizedText};
use crate::syntax::Spanned;
use crate::time::{self, Instant, Window};

/// `20:15` on 28 December 2022, or with the day before it, `29 01:00`; in UTC.
pub(crate) fn at(text: &str) -> Instant {
    let (day, clock) = text.split_once(' ').unwrap_or(("28", text));
    time::parse(&format!("2022-12-{day} {clock}"), chrono_tz::UTC).unwrap()
}

/// A site in UTC with as many components, which need no evidence and whose observations hold for
/// an hour.
pub(crate) fn site(components: usize) -> Site {
    Site {
        settings: Settings {
            title: text("Sample"),
            base_url: BaseUrl::parse("https://status.example.com/").unwrap(),
            languages: vec![Language::parse("en").unwrap()],
            time_zone: chrono_tz::UTC,
            theme: Spanned {
                value: "default".to_owned(),
                span: 0..0,
            },
            theme_options: Vec::new(),
            logo: None,
            weights: Weights::default(),
            build: Build::default(),
            probe: ProbeSettings::default(),
            notify: NotifySettings::default(),
            reports: None,
            agent: AgentSettings::default(),
            publish_to: Vec::new(),
            rules: Vec::new(),
        },
        groups: Vec::new(),
        components: (0..components).map(component).collect(),
        signals: Vec::new(),
        regions: Vec::new(),
        sources: Vec::new(),
        latency: Vec::new(),
        probes: Vec::new(),
        channels: Vec::new(),
        disbelieved: BTreeSet::new(),
        posts: Vec::new(),
        own_pages: Vec::new(),
        links: Vec::new(),
        locales: Arc::new([Locale::new(&Language::english())]),
    }
}

fn component(index: usize) -> Component {
    Component {
        id: format!("c{index}"),
        name: text("Component"),
        description: None,
        group: None,
        since: None,
        required: Requirement::Never,
        valid_for: TimeDelta::hours(1),
        quorum: 1,
    }
}

/// A signal of a component that breaches from 5 on, and whose samples hold for an hour.
pub(crate) fn signal(component: usize, sustained: TimeDelta, samples: &[(Instant, f64)]) -> Signal {
    Signal {
        id: "signal".to_owned(),
        region: None,
        name: text("Signal"),
        components: vec![ComponentIndex(component)],
        unit: None,
        limit: Limit::Threshold(5.0),
        sustained,
        valid_for: TimeDelta::hours(1),
        samples: Arc::new(
            samples
                .iter()
                .map(|(at, value)| Sample {
                    at: *at,
                    value: *value,
                })
                .collect(),
        ),
        capped: Arc::default(),
        place: place(),
    }
}

impl Site {
    /// The same site, in which every component needs evidence.
    pub(crate) fn with_evidence_required(mut self) -> Self {
        for component in &mut self.components {
            component.required = Requirement::Always;
        }
        self
    }

    /// The same site with regions of these ids.
    pub(crate) fn with_regions(mut self, ids: &[&str]) -> Self {
        let regions = ids.iter().map(|id| Region {
            id: (*id).to_owned(),
            name: text(id),
            sources: Vec::new(),
            codes: Vec::new(),
        });
        self.regions = regions.collect();
        self
    }

    /// The same site with another post.
    pub(crate) fn with(mut self, post: Post) -> Self {
        self.posts.push(Arc::new(post));
        self
    }

    /// The same site with the observations of a source.
    pub(crate) fn observed(mut self, name: &str, observations: &[Observation]) -> Self {
        let mut observations = observations.to_vec();
        observations.sort_by_key(Observation::order);
        self.sources.push(Source {
            name: name.to_owned(),
            silences: Vec::new(),
            observations: Arc::new(observations),
        });
        self.sources.sort_by(|a, b| a.name.cmp(&b.name));
        self
    }

    /// The same site, in which no source is believed from `from` until `until`.
    pub(crate) fn silenced(mut self, from: Instant, until: Instant) -> Self {
        for source in &mut self.sources {
            source.silences.push(Silence {
                from,
                until,
                reason: text("broken"),
            });
        }
        self
    }
}

/// An observation of a monitor.
pub(crate) fn saw(component: usize, status: Status, from: Instant, to: Instant) -> Observation {
    Observation {
        component: ComponentIndex(component),
        status,
        from,
        to,
        claim: None,
    }
}

/// An observation of an operator, for [`OPERATOR`].
pub(crate) fn word(component: usize, status: Status, from: Instant, until: Instant) -> Observation {
    Observation {
        claim: Some(Box::new(Override {
            reason: text("by hand"),
            until,
        })),
        ..saw(component, status, from, from)
    }
}

/// The same site with the observations of an operator.
pub(crate) fn overridden(site: Site, words: &[Observation]) -> Site {
    site.observed(OPERATOR, words)
}

/// An update.
pub(crate) fn update(state: State, at: Instant, changes: &[(usize, Status)]) -> Update {
    Update {
        state,
        at,
        changes: indexed(changes),
        next: None,
        telling: Telling::Aloud,
        text: LocalizedMarkdown::default(),
        place: place(),
    }
}

/// An incident.
pub(crate) fn incident(
    started: Instant,
    components: &[(usize, Status)],
    updates: &[Update],
) -> Post {
    post(
        Kind::Incident(Incident {
            started,
            is_start_said: true,
            detected: None,
            ended: None,
            impact: Some(Impact::Minor),
            components: indexed(components),
            signals: Vec::new(),
        }),
        updates,
    )
}

/// The same incident, over at the end that its file says.
pub(crate) fn ended(mut post: Post, end: Instant) -> Post {
    if let Kind::Incident(incident) = &mut post.kind {
        incident.ended = Some(end);
    }
    post
}

/// A maintenance.
pub(crate) fn maintenance(
    starts: Instant,
    ends: Instant,
    components: &[usize],
    updates: &[Update],
) -> Post {
    post(
        Kind::Maintenance(Maintenance {
            window: Window::new(starts, ends).unwrap(),
            components: components.iter().copied().map(ComponentIndex).collect(),
            first_update: updates.iter().map(|update| update.at).min(),
            recurrence: None,
        }),
        updates,
    )
}

/// A notice.
pub(crate) fn notice(starts: Instant, ends: Option<Instant>) -> Post {
    let components = Vec::new();
    post(
        Kind::Notice(Notice {
            starts,
            ends,
            components,
        }),
        &[],
    )
}

fn post(kind: Kind, updates: &[Update]) -> Post {
    let mut updates = updates.to_vec();
    updates.sort_by_key(|update| update.at);
    Post {
        slug: Slug::parse("sample").unwrap(),
        title: text("Sample"),
        kind,
        regions: Vec::new(),
        summary: LocalizedMarkdown::default(),
        updates,
        corrections: Vec::new(),
        draft: false,
        pinned: false,
        place: place(),
    }
}

fn indexed(statuses: &[(usize, Status)]) -> Vec<Change> {
    statuses
        .iter()
        .map(|(component, status)| Change::everywhere(ComponentIndex(*component), *status))
        .collect()
}

fn text(text: &str) -> LocalizedText {
    LocalizedText::plain(text.to_owned())
}

pub(crate) fn place() -> Place {
    let file = SourceFile {
        path: "incidents/sample.md".into(),
        text: String::new(),
    };
    Place::new(&Arc::new(file), 0..0)
}

//! The rules read naively: what is known of a site at every half hour, from which follows what its page may say.
//!
//! It shares no code with the program.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

/// The number of half hours in a day.
pub(super) const DAY: i64 = 48;

/// The instant of a step of half an hour; the first is a few days before the clocks change in New York.
pub(super) fn instant(step: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_792_540_800, 0).unwrap() + TimeDelta::minutes(30 * step)
}

fn written(step: i64) -> String {
    instant(step).format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The statuses of the design, worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Status {
    Operational,
    UnderMaintenance,
    Unknown,
    Suspected,
    DegradedPerformance,
    PartialOutage,
    MajorOutage,
}

impl Status {
    /// Its word in files.
    fn word(self) -> &'static str {
        match self {
            Self::Operational => "operational",
            Self::UnderMaintenance => "under_maintenance",
            Self::Unknown => "unknown",
            Self::Suspected => "suspected",
            Self::DegradedPerformance => "degraded_performance",
            Self::PartialOutage => "partial_outage",
            Self::MajorOutage => "major_outage",
        }
    }

    fn is_outage(self) -> bool {
        self >= Self::PartialOutage
    }

    fn weight(self) -> f64 {
        match self {
            Self::MajorOutage => 1.0,
            Self::PartialOutage => 0.3,
            _ => 0.0,
        }
    }
}

/// A component: the step of whose day is its `since`, and what it says of evidence.
#[derive(Debug, Clone)]
pub(super) struct Component {
    pub(super) since: Option<i64>,
    pub(super) required: Option<bool>,
}

/// An incident of one component: when it began, the status that it gives, how long after that each update came.
#[derive(Debug, Clone)]
pub(super) struct Incident {
    pub(super) component: usize,
    pub(super) started: i64,
    pub(super) status: Status,
    pub(super) updates: Vec<(i64, Said)>,
}

/// What an update of an incident says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    Identified,
    Resolved,
    /// It is open again, with a partial outage.
    Reopened,
    Postmortem,
}

/// A maintenance of one component: its window, and when it was announced.
#[derive(Debug, Clone)]
pub(super) struct Maintenance {
    pub(super) component: usize,
    pub(super) starts: i64,
    pub(super) ends: i64,
    pub(super) announced: Option<i64>,
}

/// An observation by one of two sources.
#[derive(Debug, Clone)]
pub(super) struct Observation {
    pub(super) source: usize,
    pub(super) component: usize,
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) status: Status,
}

/// A site in facts.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub(super) zone: Tz,
    pub(super) theme: &'static str,
    pub(super) components: Vec<Component>,
    pub(super) incidents: Vec<Incident>,
    pub(super) maintenances: Vec<Maintenance>,
    pub(super) notices: Vec<i64>,
    pub(super) observations: Vec<Observation>,
}

/// The time that counts of some days, in half hours.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(super) struct Known {
    pub(super) counts: i64,
    pub(super) known: i64,
    pub(super) down: i64,
    weighted: f64,
}

impl Known {
    /// The ratio, where enough is known for one.
    pub(super) fn ratio(&self) -> Option<f64> {
        let is_enough = self.known >= DAY && self.known * 10 >= self.counts;
        is_enough.then(|| 1.0 - self.weighted / self.known as f64)
    }

    pub(super) fn measured(&self) -> f64 {
        match self.counts {
            0 => 0.0,
            counts => self.known as f64 / counts as f64,
        }
    }
}

impl Facts {
    pub(super) fn date(&self, step: i64) -> NaiveDate {
        instant(step).with_timezone(&self.zone).date_naive()
    }

    /// The files of the site.
    pub(super) fn files(&self) -> Vec<(String, String)> {
        let mut config = format!(
            "title = \"Random\"\nbase_url = \"https://status.example.com/\"\ntime_zone = \"{}\"\ntheme = \"{}\"\n",
            self.zone, self.theme
        );
        for (index, component) in self.components.iter().enumerate() {
            let _ = write!(
                config,
                "\n[[components]]\nid = \"c{index}\"\nname = \"C{index}\"\n"
            );
            if let Some(since) = component.since {
                let _ = writeln!(config, "since = {}", self.date(since));
            }
            if let Some(required) = component.required {
                let _ = writeln!(config, "states = {{ required = {required} }}");
            }
        }
        let mut files = vec![("allclear.toml".to_owned(), config)];
        for (index, incident) in self.incidents.iter().enumerate() {
            let mut text = format!(
                "---\ntitle: Incident {index}\nstarted: {}\ncomponents: {{c{}: {}}}\n---\n",
                written(incident.started),
                incident.component,
                incident.status.word()
            );
            for (later, said) in &incident.updates {
                let at = written(incident.started + later);
                let _ = match said {
                    Said::Identified => write!(text, "\n## Identified · {at}\n\nText.\n"),
                    Said::Resolved => write!(text, "\n## Resolved · {at}\n\nText.\n"),
                    Said::Reopened => write!(
                        text,
                        "\n## Investigating · {at} {{c{}=partial_outage}}\n\nText.\n",
                        incident.component
                    ),
                    Said::Postmortem => write!(text, "\n## Postmortem · {at}\n\nText.\n"),
                };
            }
            files.push((format!("incidents/incident-{index}.md"), text));
        }
        for (index, work) in self.maintenances.iter().enumerate() {
            let mut text = format!(
                "---\ntitle: Work {index}\nkind: maintenance\ncomponents: [c{}]\nstarts: {}\nends: {}\n---\n",
                work.component,
                written(work.starts),
                written(work.ends)
            );
            if let Some(at) = work.announced {
                let _ = write!(text, "\n## Scheduled · {}\n\nText.\n", written(at));
            }
            files.push((format!("incidents/work-{index}.md"), text));
        }
        for (index, starts) in self.notices.iter().enumerate() {
            let text = format!(
                "---\ntitle: Notice {index}\nkind: notice\nstarts: {}\n---\n\nText.\n",
                written(*starts)
            );
            files.push((format!("incidents/notice-{index}.md"), text));
        }
        let lines: String = (self.observations.iter())
            .map(|it| {
                format!(
                    "{{\"component\":\"c{}\",\"status\":\"{}\",\"from\":\"{}\",\"to\":\"{}\",\"source\":\"s{}\"}}\n",
                    it.component, it.status.word(), written(it.from), written(it.to), it.source
                )
            })
            .collect();
        files.push(("evidence/states.jsonl".to_owned(), lines));
        files
    }

    /// The incidents that readers know of.
    fn published(&self, now: i64) -> impl Iterator<Item = &Incident> {
        self.incidents.iter().filter(move |it| {
            let first = it.updates.first().map_or(0, |(later, _)| *later);
            it.started + first <= now
        })
    }

    fn announced(&self, now: i64) -> impl Iterator<Item = &Maintenance> {
        let is_announced = move |it: &&Maintenance| it.announced.is_none_or(|at| at <= now);
        self.maintenances.iter().filter(is_announced)
    }

    /// Days count from here, unless the component says otherwise.
    fn first_known(&self, now: i64) -> Option<i64> {
        let incidents = self.published(now).map(|it| it.started);
        let work = self
            .announced(now)
            .map(|it| it.announced.unwrap_or(it.starts).min(it.starts));
        let notices = self.notices.iter().copied();
        let observed = self.observations.iter().map(|it| it.from);
        let known = incidents.chain(work).chain(notices).chain(observed);
        known.filter(|at| *at <= now).min()
    }

    /// The first day of a component that counts.
    pub(super) fn first_day(&self, component: usize, now: i64) -> Option<NaiveDate> {
        let since = self.components[component].since.or(self.first_known(now));
        since.map(|step| self.date(step))
    }

    /// The first day of which a list of days may say that it was quiet.
    pub(super) fn first_quiet_day(&self, now: i64) -> Option<NaiveDate> {
        let since = self.components.iter().filter_map(|it| it.since);
        let first = since
            .chain(self.first_known(now))
            .map(|step| self.date(step));
        first.min()
    }

    /// Whether an incident is open from a step up to the next.
    fn is_open(incident: &Incident, step: i64, now: i64) -> Option<Status> {
        if step < incident.started {
            return None;
        }
        let mut status = Some(incident.status);
        for (later, said) in &incident.updates {
            if incident.started + later > step.min(now) {
                break;
            }
            status = match said {
                Said::Identified => status,
                Said::Resolved | Said::Postmortem => None,
                Said::Reopened => Some(Status::PartialOutage),
            };
        }
        status
    }

    /// What fresh sources say.
    fn seen(&self, component: usize, step: i64, now: i64) -> Vec<Status> {
        let mut fresh = Vec::new();
        for source in 0..2 {
            let of_source = self.observations.iter().filter(|it| {
                (it.source, it.component) == (source, component) && it.from <= step.min(now)
            });
            let last = of_source.max_by_key(|it| it.from);
            // It holds for an hour after it was last seen.
            fresh.extend(
                last.filter(|it| step < it.to.min(now) + 2)
                    .map(|it| it.status),
            );
        }
        fresh
    }

    /// The status of a component from a step up to the next.
    pub(super) fn status(&self, component: usize, step: i64, now: i64) -> Status {
        let incidents = self.published(now).filter(|it| it.component == component);
        let posted = incidents
            .filter_map(|it| Self::is_open(it, step, now))
            .max();
        let is_window =
            |it: &Maintenance| it.component == component && it.starts <= step && step < it.ends;
        let window = self
            .announced(now)
            .any(is_window)
            .then_some(Status::UnderMaintenance);
        let seen = self.seen(component, step, now).into_iter().max();
        let observed = self
            .observations
            .iter()
            .filter(|it| it.component == component);
        let first = observed.map(|it| it.from).filter(|from| *from <= now).min();
        let is_expected = match (self.components[component].required, first) {
            (Some(false), _) | (None, None) => false,
            (Some(true), None) => true,
            (_, Some(first)) => first <= step,
        };
        let evidence = match (seen, window) {
            (Some(seen), Some(window)) => seen.min(window),
            (Some(seen), None) => seen,
            (None, _) if is_expected => Status::Unknown,
            (None, _) => Status::Operational,
        };
        [posted, window]
            .into_iter()
            .flatten()
            .fold(evidence, Status::max)
    }

    /// Whether fresh evidence says that a component works.
    pub(super) fn is_confirmed(&self, component: usize, now: i64) -> bool {
        self.status(component, now, now) == Status::Operational
            && !self.seen(component, now, now).is_empty()
    }

    /// Whether the page may say that all is clear.
    pub(super) fn is_all_clear(&self, now: i64) -> bool {
        let mut components = 0..self.components.len();
        let is_quiet = self
            .published(now)
            .all(|it| Self::is_open(it, now, now).is_none());
        is_quiet && components.all(|component| self.is_confirmed(component, now))
    }

    /// The steps of a day up to `now`.
    pub(super) fn steps(&self, day: NaiveDate, now: i64) -> impl Iterator<Item = i64> {
        let noon = day.and_hms_opt(12, 0, 0).unwrap().and_utc() - instant(0);
        let middle = noon.num_minutes() / 30;
        (middle - 2 * DAY..middle + 2 * DAY).filter(move |it| *it < now && self.date(*it) == day)
    }

    /// What is known of a component on a day.
    pub(super) fn known(&self, component: usize, day: NaiveDate, now: i64) -> Known {
        let mut known = Known::default();
        if self
            .first_day(component, now)
            .is_none_or(|first| day < first)
        {
            return known;
        }
        for step in self.steps(day, now) {
            let status = self.status(component, step, now);
            known.counts += 1;
            known.known += i64::from(status != Status::Unknown);
            known.down += i64::from(status.is_outage());
            known.weighted += status.weight();
        }
        known
    }

    /// Whether the bar of a day may be that of a day on which all was well.
    pub(super) fn is_green(&self, component: usize, day: NaiveDate, now: i64) -> bool {
        let known = self.known(component, day, now);
        let is_well = |step| {
            let status = self.status(component, step, now);
            matches!(status, Status::Operational | Status::Unknown)
        };
        known.counts > 0 && known.known * 2 >= known.counts && self.steps(day, now).all(is_well)
    }

    /// Whether something happened on a day: an incident or a window was open, an update was posted, a notice began, or
    /// evidence shows trouble.
    pub(super) fn is_eventful(&self, day: NaiveDate, now: i64) -> bool {
        let is_of = |step: i64| step <= now && self.date(step) == day;
        let updated = self.published(now).any(|it| {
            let mut updates = it.updates.iter();
            is_of(it.started) || updates.any(|(later, _)| is_of(it.started + later))
        });
        let announced = self.announced(now).filter_map(|it| it.announced).any(is_of);
        let told = self.notices.iter().copied().any(is_of);
        let components = || 0..self.components.len();
        let went_on = self.steps(day, now).any(|step| {
            let open = self
                .published(now)
                .any(|it| Self::is_open(it, step, now).is_some());
            let works = self
                .announced(now)
                .any(|it| it.starts <= step && step < it.ends);
            let mut counted = components()
                .filter(|it| self.first_day(*it, now).is_some_and(|first| first <= day));
            open || works || counted.any(|it| self.status(it, step, now) >= Status::Suspected)
        });
        updated || announced || told || went_on
    }
}

/// The sum of what is known on some days.
pub(super) fn sum(days: impl Iterator<Item = Known>) -> Known {
    days.fold(Known::default(), |sum, day| Known {
        counts: sum.counts + day.counts,
        known: sum.known + day.known,
        down: sum.down + day.down,
        weighted: sum.weighted + day.weighted,
    })
}

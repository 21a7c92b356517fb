//! A day of an agent in fast time: its clock is an input, and so is what probes see.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use allclear::agent::{
    Agent, Followed, Line, Look, NewPage, Outside, PublishEnd, Published as Sent, Report, Told,
    Wake,
};
use allclear::error::Error;
use allclear::probe::{self, Kept, Looked};
use allclear::site::Site;
use allclear::site::component::ComponentIndex;
use allclear::site::config::Follow;
use allclear::site::place::PlaceName;
use allclear::site::probe::ProbeIndex;
use allclear::site::probe::question::{Reading, Verdict};
use allclear::site::vocabulary::Status;
use allclear::time::Instant;
use camino::Utf8PathBuf;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::site_test::SiteTest;

pub(super) const CONFIG: &str = r#"
title = "T"
base_url = "https://status.example.com/"

[[components]]
id = "web"
name = "Web"
states = { valid_for = "10m" }

[[components]]
id = "api"
name = "API"
states = { valid_for = "1h" }

[[probes]]
component = "web"
http = "https://web.example.com/"
source = "probe-web"

[[probes]]
component = "api"
http = "https://api.example.com/"
every = "5m"
source = "probe-api"
"#;

/// The time for which an observation of `web` holds.
const VALID_FOR: TimeDelta = TimeDelta::minutes(10);

/// An instant of the day, as `14:05:30`.
pub(super) fn at(clock: &str) -> Instant {
    let seconds = if clock.len() == 5 { ":00" } else { "" };
    format!("2024-05-14T{clock}{seconds}Z")
        .parse::<DateTime<Utc>>()
        .unwrap()
}

/// A page that reached its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Published {
    at: Instant,
    pub(super) state: String,
    valid_until: Option<Instant>,
}

/// A world in which a day passes in a moment.
pub(super) struct World {
    folder: Utf8PathBuf,
    pub(super) now: Instant,
    /// What a probe of `web` sees at an instant.
    pub(super) web: fn(Instant) -> Verdict,
    /// Whether the disk has room.
    pub(super) has_room: fn(Instant) -> bool,
    /// How a publication to a place ends that begins at an instant; `None` where it hangs.
    pub(super) place: fn(&str, Instant) -> Option<PublishEnd>,
    /// When somebody wants the agent to end.
    pub(super) stop: Option<Instant>,
    looks: VecDeque<Look>,
    /// What comes in later.
    later: VecDeque<(Instant, Wake)>,
    pages: Vec<Published>,
    /// What was published and told: when, where, and the state that it says.
    pub(super) brought: Vec<String>,
    pub(super) log: Vec<String>,
    /// When `web` was last seen to work.
    last_good: Option<Instant>,
}

impl World {
    pub(super) fn new(site: &SiteTest, begin: &str) -> Self {
        Self {
            folder: Utf8PathBuf::from_path_buf(site.path("")).unwrap(),
            now: at(begin),
            web: |now| Verdict::Seen(Status::Operational, now),
            has_room: |_| true,
            place: |_, _| Some(PublishEnd::Brought("taken".to_owned())),
            stop: None,
            looks: VecDeque::new(),
            later: VecDeque::new(),
            pages: Vec::new(),
            brought: Vec::new(),
            log: Vec::new(),
            last_good: None,
        }
    }

    /// Has an agent work up to an instant.
    pub(super) fn run(&mut self, agent: &mut Agent, until: &str) {
        while self.now < at(until) {
            let next = agent.round(self);
            assert!(self.now < next, "time stands still at {}", self.now);
            let wake = self.wait(next);
            agent.woke(wake, self);
        }
    }

    /// The states of the pages, each with the instant from which on it is shown.
    pub(super) fn states(&self) -> Vec<String> {
        let mut states: Vec<String> = Vec::new();
        for page in self.pages.iter() {
            if states
                .last()
                .is_none_or(|last| !last.ends_with(&page.state))
            {
                states.push(format!("{} {}", page.at.format("%H:%M:%S"), page.state));
            }
        }
        states
    }

    /// The lines of the log about problems and their ends.
    pub(super) fn problems(&self) -> Vec<&str> {
        let lines = self.log.iter().map(String::as_str);
        lines
            .filter(|line| line.contains('!') || line.contains("again"))
            .collect()
    }
}

impl Outside for World {
    fn now(&self) -> Instant {
        self.now
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn wait(&mut self, until: Instant) -> Wake {
        if let Some(look) = self.looks.pop_front() {
            // An answer takes a second.
            self.now += TimeDelta::seconds(1);
            return Wake::Looked(look);
        }
        if let Some(stop) = self.stop.take_if(|stop| *stop <= until) {
            self.now = self.now.max(stop);
            return Wake::Stop;
        }
        let soonest = self.later.iter().map(|(at, _)| *at).min();
        if let Some(soonest) = soonest.filter(|soonest| *soonest <= until) {
            let at = self.later.iter().position(|(at, _)| *at == soonest);
            self.now = self.now.max(soonest);
            return self.later.remove(at.unwrap()).unwrap().1;
        }
        self.now = until;
        Wake::Time
    }

    fn look(&mut self, site: &Arc<Site>, due: Vec<ProbeIndex>) {
        let looked = due.iter().map(|probe| {
            let verdict = match probe.0 {
                0 => (self.web)(self.now),
                _ => Verdict::Seen(Status::Operational, self.now),
            };
            if let (0, Verdict::Seen(Status::Operational, at)) = (probe.0, verdict) {
                self.last_good = Some(at);
            }
            let reading = Reading {
                component: ComponentIndex(probe.0),
                verdict,
                why: "as the test says".to_owned(),
                latency: None,
            };
            Looked {
                probe: *probe,
                readings: vec![reading],
                took: Duration::from_secs(1),
                obstacle: None,
            }
        });
        let seen = Ok(looked.collect());
        self.looks.push_back(Look {
            site: Arc::clone(site),
            probes: due,
            seen,
        });
    }

    fn keep(&mut self, site: &Site, looked: &[Looked]) -> Result<Kept, Error> {
        match (self.has_room)(self.now) {
            true => probe::keep(&self.folder, site, looked),
            false => Err(full()),
        }
    }

    fn follow(&mut self, _: &Follow) -> Result<Option<Followed>, String> {
        Ok(None)
    }

    fn publish(&mut self, place: &PlaceName, page: &Arc<NewPage>) {
        let (name, state) = (place.to_string(), said(page).state);
        let begun = self.now.format("%H:%M:%S");
        let Some(end) = (self.place)(&name, self.now) else {
            self.brought.push(format!("{begun} {name} hangs {state}"));
            return;
        };
        let how = match &end {
            PublishEnd::Brought(_) => "takes",
            PublishEnd::Outrun(_) => "is ahead of",
            PublishEnd::Failed(_) => "refuses",
        };
        self.brought.push(format!("{begun} {name} {how} {state}"));
        let sent = Sent {
            place: place.clone(),
            page: Arc::clone(page),
            end,
            took: Duration::from_secs(1),
        };
        let at = self.now + TimeDelta::seconds(1);
        self.later.push_back((at, Wake::Published(sent)));
    }

    fn notify(&mut self, page: &NewPage) -> bool {
        let (now, state) = (self.now.format("%H:%M:%S"), said(page).state);
        self.brought.push(format!("{now} told {state}"));
        let at = self.now + TimeDelta::seconds(1);
        self.later.push_back((at, Wake::Told(Told::default())));
        true
    }

    fn write(&mut self, page: &NewPage) -> Result<String, String> {
        if !(self.has_room)(self.now) {
            return Err(full().to_string());
        }
        let page = Published {
            at: self.now,
            ..said(page)
        };
        // No all-clear that evidence does not carry.
        if let Some(until) = page.valid_until {
            assert!(until <= self.last_good.unwrap() + VALID_FOR, "{page:?}");
        }
        self.pages.push(page);
        Ok(String::new())
    }

    fn tell(&mut self, line: &Line) {
        let mark = if line.is_problem { "! " } else { "" };
        let time = line.at.format("%H:%M:%S");
        self.log
            .push(format!("{time} {} {mark}{}", line.about, line.text));
    }

    fn show(&mut self, _: &Report) {}
}

/// What a page says to programs.
fn said(page: &NewPage) -> Published {
    let mut outputs = page.generated.outputs.iter();
    let summary = outputs.find(|it| it.path == "api/v2/summary.json").unwrap();
    let summary: Value = serde_json::from_slice(&summary.bytes).unwrap();
    let words = &summary["page"]["allclear"];
    let until = words["valid_until"].as_str();
    Published {
        at: page.status.now(),
        state: words["state"].as_str().unwrap().to_owned(),
        valid_until: until.map(|it| it.parse::<DateTime<Utc>>().unwrap()),
    }
}

fn full() -> Error {
    Error::Io {
        action: "write",
        path: "public".into(),
        source: std::io::ErrorKind::StorageFull.into(),
    }
}

pub(super) fn agent(world: &World) -> Agent {
    Agent::new(&world.folder, None)
}

/// A service that fails, flaps and returns; then a network that goes away.
#[test]
fn a_day_is_told_as_it_was() {
    let site = SiteTest::empty().file("allclear.toml", CONFIG);
    let mut world = World::new(&site, "00:00");
    world.web = |now| {
        let is_between = |from: &str, until: &str| at(from) <= now && now < at(until);
        let is_odd = now.timestamp() / 60 % 2 == 1;
        if is_between("06:00", "06:20") || is_between("10:00", "10:06") && is_odd {
            Verdict::Seen(Status::MajorOutage, now)
        } else if is_between("14:00", "15:00") {
            Verdict::Silent
        } else {
            Verdict::Seen(Status::Operational, now)
        }
    };
    let mut agent = agent(&world);
    world.run(&mut agent, "23:59");
    let states = world.states();
    let expected = [
        "00:00", "06:00", "06:20", "10:01", "10:02", "10:03", "10:04", "10:05", "10:06",
    ];
    let words = ["all_clear", "partial_outage"].into_iter().cycle();
    for ((found, minute), word) in states.iter().zip(expected).zip(words) {
        let is_at = found.starts_with(minute) && found.ends_with(word);
        assert!(is_at, "{minute} {word}: {states:#?}");
    }
    // Nobody knows from ten minutes after the last answer on, and the first one after that ends it.
    let rest: Vec<&str> = states[9..].iter().map(|it| &it[..5]).collect();
    assert_eq!(rest, ["14:09", "15:00"], "{states:#?}");
    assert!(
        states[9].ends_with("unknown") && states[10].ends_with("all_clear"),
        "{states:#?}"
    );
    assert!(world.problems().is_empty(), "{:?}", world.problems());
    // Its word was good at each moment of the quiet hours, and was not renewed each minute.
    let quiet: Vec<&Published> = (world.pages.iter())
        .filter(|page| at("00:01") < page.at && page.at < at("05:59"))
        .collect();
    for pages in quiet.windows(2) {
        assert!(pages[1].at < pages[0].valid_until.unwrap(), "{pages:?}");
    }
    assert!((36..=90).contains(&quiet.len()), "{} pages", quiet.len());
}

/// A disk that is full keeps neither evidence nor page: both are said once, and come back.
#[test]
fn a_full_disk_leaves_the_word_to_end_by_itself() {
    let site = SiteTest::empty().file("allclear.toml", CONFIG);
    let mut world = World::new(&site, "10:00");
    world.has_room = |now| !(at("12:00") <= now && now < at("12:30"));
    let mut agent = agent(&world);
    world.run(&mut agent, "13:00");
    let last = world
        .pages
        .iter()
        .rfind(|page| page.at < at("12:00"))
        .unwrap();
    assert!(last.valid_until.unwrap() < at("12:10"), "{last:?}");
    let next = world
        .pages
        .iter()
        .find(|page| page.at > at("12:00"))
        .unwrap();
    assert!(at("12:30") <= next.at && next.at < at("12:36"), "{next:?}");
    assert_eq!(world.pages.last().unwrap().state, "all_clear");
    let problems = world.problems();
    let starts = |text: &str| {
        problems
            .iter()
            .filter(|it| it[9..].starts_with(text))
            .count()
    };
    let counts = [
        "probe ! ",
        "write ! ",
        "probe it works again",
        "write it works again",
    ]
    .map(starts);
    assert_eq!(counts, [1, 1, 1, 1], "{problems:#?}");
}

/// A window opens and closes at its instants, though no answer comes in at them.
#[test]
fn a_window_is_shown_from_its_first_moment_to_its_last() {
    let window = "---\ntitle: Work\nkind: maintenance\ncomponents: [web]\nstarts: 2024-05-14 11:00:17\nends: 2024-05-14 11:30:42\n---\n";
    let site = SiteTest::empty()
        .file("allclear.toml", CONFIG)
        .file("incidents/work.md", window);
    let mut world = World::new(&site, "10:00");
    let mut agent = agent(&world);
    world.run(&mut agent, "12:00");
    let expected = [
        "10:00:01 all_clear",
        "11:00:17 maintenance",
        "11:30:42 all_clear",
    ];
    assert_eq!(world.states(), expected);
}

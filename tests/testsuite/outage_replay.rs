//! The night of 28 December 2022 in fast time: readers report to the collector, an agent builds the page, and nobody is at the
//! keyboard.
//!
//! The monitors of the team see nothing all night. What rises and falls is what readers report: by the known points (from
//! midnight UTC on, more than 10,000 in the United States at the peak, about 2,500 each in Japan and in Great Britain, a sharp
//! fall the same night) and, between them, by the illustrative curve of the demo. Each request speaks for ten readers, and the
//! thresholds are a tenth of the demo's.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use allclear::agent::{Agent, Followed, Line, Look, NewPage, Outside, Report, Wake};
use allclear::collect::{self, Collector, Settings};
use allclear::diagnostic::Diagnostics;
use allclear::error::Error;
use allclear::generate;
use allclear::locale::{Language, Locale};
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
use scraper::Html;
use serde_json::Value;

use crate::pages::texts;
use crate::site_test::SiteTest;

const CONFIG: &str = r#"
title = "Twitter Status (a reconstruction)"
base_url = "https://status.example.com/"
languages = ["en", "ar"]
time_zone = "America/New_York"

[[components]]
id = "web"
name = "Web"
states = { required = true, valid_for = "15m" }

[[components]]
id = "login"
name = "Log-in"
states = { required = true, valid_for = "15m" }

[[regions]]
id = "us"
name = "the United States"

[[regions]]
id = "jp"
name = "Japan"

[[regions]]
id = "gb"
name = "Great Britain"

[reports]
url = "https://reports.example.com/"
region_header = "CF-IPCountry"
proxies = ["127.0.0.1"]

[[signals]]
id = "reports"
name = "User reports"
components = ["web", "login"]
file = "evidence/reports/web.csv"
by = "region"
unit = "reports"
threshold = { us = 50, jp = 15, gb = 15 }
for = "15m"

[[probes]]
component = "web"
http = "https://web.example.com/"
every = "5m"

[[probes]]
component = "login"
http = "https://login.example.com/"
every = "5m"
"#;

/// How many readers a request speaks for.
const READERS: usize = 10;

fn at(text: &str) -> Instant {
    format!("2022-12-{text}:00Z")
        .parse::<DateTime<Utc>>()
        .unwrap()
}

/// What readers reported in each quarter of an hour, by its end: in the United States, in Japan and in Great Britain.
fn curve(site: &SiteTest) -> BTreeMap<Instant, [usize; 3]> {
    let mut curve = BTreeMap::<Instant, [usize; 3]>::new();
    for line in site.read("evidence/reports/web.csv").lines() {
        let cells: Vec<&str> = line.split(',').collect();
        let (Ok(time), [_, region, _, value, ..]) = (cells[0].parse::<DateTime<Utc>>(), &cells[..])
        else {
            continue;
        };
        let region = ["us", "jp", "gb"].iter().position(|it| it == region);
        curve.entry(time).or_default()[region.unwrap()] += value.parse::<usize>().unwrap();
    }
    curve
}

/// The world around an agent and a collector, which have the same clock.
struct World {
    folder: Utf8PathBuf,
    clock: Arc<Mutex<Instant>>,
    collector: Collector,
    looks: Vec<Look>,
    /// The pages: when each was written, the state of its headline, and what the headline says in each language.
    pages: Vec<(Instant, String, [String; 2])>,
    problems: Vec<String>,
}

impl World {
    /// Has an agent work up to an instant.
    fn run(&mut self, agent: &mut Agent, until: Instant) {
        while self.now() < until {
            let next = agent.round(self).min(until);
            let wake = self.wait(next);
            agent.woke(wake, self);
        }
    }

    /// The instants from which on each state was shown.
    fn states(&self) -> Vec<(Instant, &str)> {
        let mut states: Vec<(Instant, &str)> = Vec::new();
        for (at, state, _) in &self.pages {
            if states.last().is_none_or(|(_, last)| last != state) {
                states.push((*at, state));
            }
        }
        states
    }
}

impl Outside for World {
    fn now(&self) -> Instant {
        *self.clock.lock().unwrap()
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn wait(&mut self, until: Instant) -> Wake {
        if let Some(look) = self.looks.pop() {
            return Wake::Looked(look);
        }
        // The collector looks at the clock each second: to one that leaps it was away.
        while self.now() < until {
            let next = until.min(self.now() + TimeDelta::seconds(10));
            *self.clock.lock().unwrap() = next;
            self.collector.settle();
        }
        Wake::Time
    }

    fn look(&mut self, site: &Arc<Site>, due: Vec<ProbeIndex>) {
        let now = self.now();
        let looked = due.iter().map(|probe| Looked {
            probe: *probe,
            readings: vec![Reading {
                component: ComponentIndex(probe.0),
                verdict: Verdict::Seen(Status::Operational, now),
                why: "200".to_owned(),
                latency: None,
            }],
            took: Duration::from_millis(80),
            obstacle: None,
        });
        let seen = Ok(looked.collect());
        let (site, probes) = (Arc::clone(site), due);
        self.looks.push(Look { site, probes, seen });
    }

    fn keep(&mut self, site: &Site, looked: &[Looked]) -> Result<Kept, Error> {
        probe::keep(&self.folder, site, looked)
    }

    fn follow(&mut self, _: &Follow) -> Result<Option<Followed>, String> {
        Ok(None)
    }

    fn publish(&mut self, place: &PlaceName, _: &Arc<NewPage>) {
        panic!("this site is published nowhere, but to {place}");
    }

    fn notify(&mut self, _: &NewPage) -> bool {
        false
    }

    fn write(&mut self, page: &NewPage) -> Result<String, String> {
        let text = |path: &str| {
            let mut outputs = page.generated.outputs.iter();
            let found = outputs.find(|it| it.path == path).unwrap();
            String::from_utf8(found.bytes.to_vec()).unwrap()
        };
        let summary: Value = serde_json::from_str(&text("api/v2/summary.json")).unwrap();
        let state = summary["page"]["allclear"]["state"].as_str().unwrap();
        let headlines = ["index.html", "ar/index.html"].map(|path| headline(&text(path)));
        self.pages
            .push((page.status.now(), state.to_owned(), headlines));
        Ok(String::new())
    }

    fn tell(&mut self, line: &Line) {
        if line.is_problem {
            self.problems
                .push(format!("{} {} {}", line.at, line.about, line.text));
        }
    }

    fn show(&mut self, _: &Report) {}
}

/// The headline of an index page.
fn headline(page: &str) -> String {
    let page = Html::parse_document(page);
    texts(&page, ".headline h1").join(" / ")
}

/// Reports as a proxy on this machine passes them on, each from another reader, over one connection.
fn report(collector: SocketAddr, quarter: usize, country: usize, reports: usize) {
    if reports == 0 {
        return;
    }
    let name = ["US", "JP", "GB"][country];
    let mut requests = String::new();
    for reader in 0..reports {
        // What fails is mostly the site in a browser; some cannot log in.
        let kind = ["unreachable", "unreachable", "login"][reader % 3];
        let form = format!("component=web&kind={kind}&language=en");
        let end = if reader + 1 == reports {
            "Connection: close\r\n"
        } else {
            ""
        };
        requests += &format!(
            "POST / HTTP/1.1\r\nHost: reports.example.com\r\nX-Forwarded-For: {}.{}.{}.{}\r\nCF-IPCountry: {name}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n{end}\r\n{form}",
            20 + country,
            reader / 256,
            reader % 256,
            quarter % 256,
            form.len()
        );
    }
    let mut stream = TcpStream::connect(collector).unwrap();
    let mut answers = stream.try_clone().unwrap();
    let sending = std::thread::spawn(move || stream.write_all(requests.as_bytes()));
    let mut text = String::new();
    answers.read_to_string(&mut text).unwrap();
    sending.join().unwrap().unwrap();
    assert_eq!(
        text.matches("HTTP/1.1 303 ").count(),
        reports,
        "{name}: {text}"
    );
}

/// The night, and how long after the rise of the reports the page tells of them.
#[test]
fn the_page_tells_of_the_outage_though_nobody_writes_a_word() {
    let curve = curve(&SiteTest::demo());
    let site = SiteTest::empty().file("allclear.toml", CONFIG);
    let folder = Utf8PathBuf::from_path_buf(site.path("")).unwrap();
    let begin = at("28T22:00");
    let time = Arc::new(Mutex::new(begin));
    let mut found = Diagnostics::new();
    let read = generate::read_config(&folder, &mut found).unwrap().unwrap();
    assert_eq!(found.errors(), 0);
    let (clock, told) = (Arc::clone(&time), Arc::new(Mutex::new(String::new())));
    let log = Arc::clone(&told);
    let outside = collect::Outside {
        clock: Box::new(move || *clock.lock().unwrap()),
        tell: Box::new(move |line| *log.lock().unwrap() += line),
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = Settings::of(&read, None);
    let collector = Collector::start(&listener, &folder, settings, outside).unwrap();
    let mut world = World {
        folder: folder.clone(),
        clock: time,
        collector,
        looks: Vec::new(),
        pages: Vec::new(),
        problems: Vec::new(),
    };
    let mut agent = Agent::new(&folder, None);

    let quarter = TimeDelta::minutes(15);
    let night = curve.range(begin + quarter..=at("29T04:30"));
    let mut sent = 0;
    for (number, (end, reports)) in night.enumerate() {
        // They come in while the quarter lasts, and are counted at its end.
        world.run(&mut agent, *end - quarter / 2);
        for (country, reports) in reports.iter().enumerate() {
            report(
                world.collector.address(),
                number,
                country,
                reports / READERS,
            );
            sent += reports / READERS;
        }
        world.run(&mut agent, *end);
        world.collector.settle();
    }
    world.run(&mut agent, at("29T04:45"));
    world.collector.stop().unwrap();
    assert_eq!(*told.lock().unwrap(), "");
    assert_eq!(world.problems, [""; 0]);

    // Nothing was lost on the way.
    let counts = site.read("evidence/reports/web.csv");
    let values = counts
        .lines()
        .skip(1)
        .map(|row| row.split(',').nth(3).unwrap());
    assert_eq!(
        values.map(|it| it.parse::<usize>().unwrap()).sum::<usize>(),
        sent
    );
    assert!(sent > 9_000, "{sent} reports");

    let states = world.states();
    let words: Vec<&str> = states.iter().map(|(_, state)| *state).collect();
    // Nothing is known of reports in the first quarter of an hour, so that it gives no all-clear either.
    let expected = ["no_known_problems", "all_clear", "suspected", "all_clear"];
    assert_eq!(words, expected, "{states:?}");
    // The rise begins at midnight; the fall is below each threshold by a quarter to four.
    let (turned, fell) = (states[2].0, states[3].0);
    assert!(
        at("29T00:00") < turned && turned <= at("29T00:30"),
        "{states:?}"
    );
    assert!(
        at("29T03:00") < fell && fell <= at("29T03:46"),
        "{states:?}"
    );
    // Until then no page gave an all-clear, in either language.
    let during = world
        .pages
        .iter()
        .filter(|(at, ..)| turned <= *at && *at < fell);
    let mut seen = 0;
    for (at, state, headlines) in during {
        assert_eq!(state, "suspected", "{at}");
        // At last only the United States report more than usual, and it says so.
        let is_last = *at >= at_of_the_last_region();
        let expected = ["en", "ar"].map(|tag| problems_reported(tag, is_last));
        assert_eq!(headlines, &expected, "{at}");
        seen += 1;
    }
    assert!(seen >= 12, "{seen} pages");

    in_each_language(&site, turned);
}

/// The end of the quarter of an hour from which on only one region still reports more than its threshold.
fn at_of_the_last_region() -> Instant {
    at("29T03:15")
}

/// What a headline says while problems are reported, in a language: everywhere, or in the United States alone.
fn problems_reported(tag: &str, is_regional: bool) -> String {
    let locale = Locale::new(&Language::parse(tag).unwrap());
    let region = locale.isolate("the United States");
    match is_regional {
        true => locale.text("headline-suspected-region", &[("region", &region)]),
        false => locale.text("headline-suspected", &[]),
    }
    .into_owned()
}

/// The page as it was at an instant says in every language that problems are reported.
fn in_each_language(site: &SiteTest, now: Instant) {
    let mut tags: Vec<&str> = Language::supported().collect();
    // The first one is at the root.
    tags.sort_by_key(|tag| *tag != "en");
    assert!(tags.len() >= 20, "{tags:?}");
    let config = CONFIG.replace(r#"["en", "ar"]"#, &format!("{tags:?}"));
    site.write("allclear.toml", config);
    let now = now.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    site.run(&["build", "--quiet", "--now", &now]);
    for tag in tags {
        let path = if tag == "en" {
            "index.html".to_owned()
        } else {
            format!("{tag}/index.html")
        };
        let page = site.read(&format!("public/{path}"));
        assert_eq!(headline(&page), problems_reported(tag, false), "{tag}");
    }
}

//! A quarter of updates, told by hosts that are killed anywhere.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use allclear::fetch::{Answer, FetchError};
use allclear::generate::{Generated, Memory, Request, generate};
use allclear::notify::{JustBrought, Ledger, Most, Patience, Sender, State, Telling, Tools, tell};
use allclear::publish::{Condition, Content, Refused, Store, Version};
use allclear::site::channel::sending::{Outcome, Parcel};
use allclear::time::Instant;
use bytes::Bytes;
use camino::Utf8Path;
use chrono::TimeDelta;

use crate::site_test::SiteTest;

/// The number of incidents, each with four updates, in ninety days.
const INCIDENTS: i64 = 24;

/// The first instant.
fn begin() -> Instant {
    "2022-10-01T00:00:00Z".parse().unwrap()
}

/// Numbers that look random, the same in each run.
struct Dice(AtomicU64);

impl Dice {
    fn below(&self, end: u64) -> u64 {
        let mut state = self.0.load(Ordering::Relaxed);
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        self.0.store(state, Ordering::Relaxed);
        (state >> 11) % end
    }
}

/// The store of the ledger, and the services.
#[derive(Default)]
struct World {
    file: Mutex<Option<(Bytes, u64)>>,
    writes: AtomicU64,
    /// How often each message arrived, by the address of the service and the identity of the update.
    heard: Mutex<BTreeMap<(String, String), usize>>,
}

/// A host that is killed after so many steps.
struct Host<'a> {
    world: &'a World,
    left: AtomicI64,
}

impl Host<'_> {
    fn step(&self) -> Result<(), Refused> {
        match self.left.fetch_sub(1, Ordering::SeqCst) > 0 {
            true => Ok(()),
            false => Err(Refused::Failed("killed".to_owned())),
        }
    }
}

fn version(number: u64) -> Version {
    Version {
        e_tag: Some(number.to_string()),
        generation: None,
        mark: None,
    }
}

impl Store for Host<'_> {
    fn read(&self, _: &str) -> Result<Option<(Bytes, Version)>, Refused> {
        self.step()?;
        let file = self.world.file.lock().unwrap();
        Ok(file
            .as_ref()
            .map(|(bytes, number)| (bytes.clone(), version(*number))))
    }

    fn version(&self, _: &str) -> Result<Option<Version>, Refused> {
        self.step()?;
        let file = self.world.file.lock().unwrap();
        Ok(file.as_ref().map(|(_, number)| version(*number)))
    }

    fn write(
        &self,
        _: &str,
        content: Content<'_>,
        condition: Condition<'_>,
    ) -> Result<Version, Refused> {
        self.step()?;
        let mut file = self.world.file.lock().unwrap();
        let there = file.as_ref().map(|(_, number)| version(*number));
        let holds = match condition {
            Condition::New => there.is_none(),
            Condition::Unchanged(wanted) => there.as_ref() == Some(wanted),
        };
        if !holds {
            return Err(Refused::Changed);
        }
        let number = self.world.writes.fetch_add(1, Ordering::SeqCst);
        *file = Some((content.bytes.clone(), number));
        drop(file);
        // Killed between the write and the answer.
        self.step().map(|()| version(number))
    }

    fn delete(&self, _: &str, _: &Version) -> Result<(), Refused> {
        panic!("nobody deletes the ledger")
    }
}

impl Sender for Host<'_> {
    fn send(&self, parcel: &Parcel) -> Outcome {
        #[allow(irrefutable_let_patterns, reason = "there may be others, too")]
        let Parcel::Http { request, .. } = parcel else {
            panic!("only requests are sent here");
        };
        let failed = |why: &str| Outcome::Failed(FetchError::Connection(why.to_owned()));
        if self.step().is_err() {
            return failed("connection refused");
        }
        let body: serde_json::Value =
            serde_json::from_slice(request.body.as_deref().unwrap()).unwrap();
        let id = match body.get("data") {
            Some(data) => data["status_report"]["update"]["url"]
                .as_str()
                .unwrap()
                .to_owned(),
            None => {
                let link = body["blocks"].as_array().unwrap().last().unwrap();
                let link = link["elements"][0]["text"].as_str().unwrap();
                let (_, link) = link.split_once('<').unwrap();
                link.split_once('|').unwrap().0.to_owned()
            }
        };
        let heard = (request.url.as_written().to_owned(), id);
        *self.world.heard.lock().unwrap().entry(heard).or_default() += 1;
        // Killed between the sending and the answer.
        match self.step() {
            Ok(()) => Outcome::Http(Answer {
                status: 200,
                headers: Vec::new(),
                body: Vec::new(),
                took: Duration::ZERO,
            }),
            Err(_) => failed("it was ended"),
        }
    }
}

/// The updates of an incident, oldest first.
fn updates(number: i64) -> Vec<(Instant, &'static str)> {
    let start = begin() + TimeDelta::hours(90 * number) + TimeDelta::minutes(7 * number);
    ["Investigating", "Identified", "Monitoring", "Resolved"]
        .into_iter()
        .enumerate()
        .map(|(step, word)| (start + TimeDelta::minutes(20 * step as i64), word))
        .collect()
}

/// Writes what an incident says at an instant, if anybody knows of it by then.
fn write(site: &SiteTest, number: i64, now: Instant) {
    let known: Vec<_> = updates(number)
        .into_iter()
        .filter(|(at, _)| *at <= now)
        .collect();
    let texts = known.iter().rev().map(|(at, word)| {
        format!(
            "## {word} · {}\n\nAbout {number}.\n",
            at.format("%Y-%m-%d %H:%M UTC")
        )
    });
    let text: String = texts.collect();
    if !known.is_empty() {
        let head =
            format!("---\ntitle: Incident {number}\ncomponents: {{web: major_outage}}\n---\n\n");
        site.write(&format!("incidents/i{number}.md"), head + &text);
    }
}

fn page(site: &SiteTest, now: Instant, memory: &mut Memory) -> Generated {
    let folder = site.path("");
    let folder = Utf8Path::from_path(&folder).unwrap();
    let page = generate(&Request::new(folder, now), memory).unwrap();
    assert_eq!(page.diagnostics.errors(), 0);
    page
}

fn run(host: &Host<'_>, page: &Generated, now: Instant, name: &str) {
    let site = page.site.as_ref().unwrap();
    let telling = Telling {
        channels: &site.channels,
        news: &page.announced.news,
        page: &JustBrought {
            now,
            outputs: &page.outputs,
        },
        store: host,
        ledger: "notified.json",
        now,
        zone: site.settings.time_zone,
        patience: Patience::Waits,
        most: Most::OfSite(20),
        run: name,
    };
    let tools = Tools {
        sender: host,
        elapsed: &|| std::time::Duration::ZERO,
        pause: &|_| {},
        dice: &|| 0.5,
    };
    tell(telling, &tools);
}

#[test]
fn a_quarter_of_updates_is_heard_as_often_as_promised() {
    let site = SiteTest::empty().file(
        "allclear.toml",
        "title = \"A\"\nbase_url = \"https://status.example/\"\n\n[[components]]\nid = \"web\"\n\n[build]\nformats = []\n\n[[channels]]\nname = \"one\"\nslack = \"${ONE}\"\n\n[[channels]]\nname = \"two\"\nslack = \"${TWO}\"\n\n[[channels]]\nwebhook = \"${PROGRAM}\"\n",
    );
    fs::create_dir(site.path("incidents")).unwrap();
    let (world, dice) = (World::default(), Dice(AtomicU64::new(7)));
    let mut memory = Memory::default();
    let (mut runs, mut killed, mut doubtful) = (0, 0, 0);
    let mut all_doubtful = std::collections::BTreeSet::new();
    for number in 0..INCIDENTS {
        for (at, _) in updates(number) {
            // A run at once, one some minutes later, and one when whoever was killed is known to be.
            for (wait, is_safe) in [(0, false), (3, false), (9, number % 3 == 0)] {
                let now = at + TimeDelta::minutes(wait);
                write(&site, number, now);
                // Again and again on a disk that is empty.
                if runs % 9 == 0 {
                    memory = Memory::default();
                }
                let page = page(&site, now, &mut memory);
                let steps = match is_safe || dice.below(3) == 0 {
                    true => i64::MAX,
                    false => 1 + dice.below(24) as i64,
                };
                let host = Host {
                    world: &world,
                    left: AtomicI64::new(steps),
                };
                run(&host, &page, now, &format!("run{runs}"));
                runs += 1;
                killed += usize::from(host.left.load(Ordering::SeqCst) <= 0);
            }
        }
        // Hours later all is settled.
        let now = updates(number)[3].0 + TimeDelta::hours(3);
        let page = page(&site, now, &mut memory);
        for again in 0..3 {
            let host = Host {
                world: &world,
                left: AtomicI64::new(i64::MAX),
            };
            run(
                &host,
                &page,
                now + TimeDelta::hours(again),
                &format!("last{number}-{again}"),
            );
        }
        let file = world.file.lock().unwrap();
        let (bytes, _) = file.as_ref().unwrap();
        let ledger = Ledger::parse(bytes).unwrap();
        // It does not grow for ever.
        assert!(ledger.entries.len() <= 4 * 5, "{}", ledger.entries.len());
        for (step, (at, _)) in updates(number).into_iter().enumerate() {
            let key = format!("i{number}@{}", at.format("%Y-%m-%dT%H:%M:%SZ"));
            for (channel, place) in [("one", "${ONE}"), ("two", "${TWO}")] {
                if ledger.state(&key, channel) == Some(&State::Doubtful) {
                    doubtful += 1;
                    all_doubtful.insert((place, number, step));
                }
            }
        }
    }
    let heard = world.heard.lock().unwrap();
    let mut counts: BTreeMap<(&str, usize), usize> = BTreeMap::new();
    for number in 0..INCIDENTS {
        for step in 0..4 {
            let id = format!(
                "https://status.example/incidents/i{number}/#update-{}",
                step + 1
            );
            for place in ["${ONE}", "${TWO}", "${PROGRAM}"] {
                let times = heard
                    .get(&(place.to_owned(), id.clone()))
                    .copied()
                    .unwrap_or(0);
                *counts.entry((place, times)).or_default() += 1;
                match place {
                    "${PROGRAM}" => assert!(times >= 1, "{place} never heard {id}"),
                    _ => {
                        assert!(times <= 1, "{place} heard {id} {times} times");
                        let is_doubtful = all_doubtful.contains(&(place, number, step));
                        assert!(
                            times == 1 || is_doubtful,
                            "{place} never heard {id}, and nobody says so"
                        );
                    }
                }
            }
        }
    }
    eprintln!("{runs} runs, {killed} killed, {doubtful} in doubt; heard so often: {counts:?}");
    assert!(
        killed > 50 && doubtful > 0,
        "{killed} killed, {doubtful} in doubt"
    );
}

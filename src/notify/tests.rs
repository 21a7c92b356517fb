//! Each channel hears each piece of news as often as it was promised, whoever is killed and however many run at once.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail loudly, and says what it has counted"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use bytes::Bytes;
use chrono::TimeDelta;

use super::{
    Ledger, Most, Patience, Readable, Report, Sender, State, Telling, Tools, foresee, tell,
};
use crate::fetch::{Answer, FetchError};
use crate::locale::LanguageIndex;
use crate::output::pages::{Announcement, Cause};
use crate::publish::{Condition, Content, Refused, Store, Version};
use crate::site::channel::fixtures::{channels, message};
use crate::site::channel::message::About;
use crate::site::channel::sending::{Outcome, Parcel};
use crate::site::channel::{Channel, Voice};
use crate::site::component::ComponentIndex;
use crate::site::fixtures::at;
use crate::site::update;
use crate::site::vocabulary::{Impact, PostKind};
use crate::time::{Instant, rfc3339};

/// Numbers that look random, the same in each run of a test.
struct Dice(AtomicU64);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1))
    }

    /// A number below `end`.
    fn below(&self, end: u64) -> u64 {
        let mut state = self.0.load(Ordering::Relaxed);
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        self.0.store(state, Ordering::Relaxed);
        (state >> 11) % end
    }
}

/// A store with one file, and the services: what is outside of every host.
#[derive(Default)]
struct World {
    file: Mutex<Option<(Bytes, u64)>>,
    writes: AtomicU64,
    /// How often each message arrived: by channel and identity.
    heard: Mutex<BTreeMap<(String, String), usize>>,
}

/// A host that is killed after so many steps: nothing that it does from then on reaches anything.
struct Host<'a> {
    world: &'a World,
    left: AtomicI64,
    dice: Dice,
    /// How many of ten requests fail, each in its way.
    failures: u64,
}

impl<'a> Host<'a> {
    fn new(world: &'a World, steps: i64, seed: u64, failures: u64) -> Self {
        Self {
            world,
            left: AtomicI64::new(steps),
            dice: Dice::new(seed),
            failures,
        }
    }

    fn healthy(world: &'a World) -> Self {
        Self::new(world, i64::MAX, 1, 0)
    }

    fn step(&self) -> Result<(), Refused> {
        std::thread::yield_now();
        match self.left.fetch_sub(1, Ordering::Relaxed) > 0 {
            true => Ok(()),
            false => Err(Refused::Failed("killed".to_owned())),
        }
    }

    fn is_alive(&self) -> bool {
        self.left.load(Ordering::Relaxed) > 0
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
        let number = self.world.writes.fetch_add(1, Ordering::Relaxed);
        *file = Some((content.bytes.clone(), number));
        drop(file);
        // The answer may be lost.
        match self.dice.below(10) < self.failures {
            true => Err(Refused::Failed("no answer".to_owned())),
            false => self.step().map(|()| version(number)),
        }
    }

    fn delete(&self, _: &str, _: &Version) -> Result<(), Refused> {
        panic!("nobody deletes the ledger")
    }
}

impl Sender for Host<'_> {
    fn send(&self, parcel: &Parcel) -> Outcome {
        let Parcel::Http { request, .. } = parcel else {
            panic!("this is no mail");
        };
        let unheard = |error: &str| Outcome::Failed(FetchError::Connection(error.to_owned()));
        if !self.is_alive() {
            return unheard("connection refused");
        }
        let failure = match self.dice.below(10) < self.failures {
            true => self.dice.below(4),
            false => 4,
        };
        let answer = |status| {
            Outcome::Http(Answer {
                status,
                headers: Vec::new(),
                body: Vec::new(),
                took: std::time::Duration::ZERO,
            })
        };
        match failure {
            0 => return unheard("connection refused"),
            1 => return answer(429),
            _ => {}
        }
        let body: serde_json::Value =
            serde_json::from_slice(request.body.as_deref().unwrap()).unwrap();
        let channel = request.url.as_written().to_owned();
        // The title of each message is its identity.
        let title = match body.get("blocks") {
            Some(blocks) => blocks[0]["text"]["text"].clone(),
            None => body["data"]["status_report"]["title"].clone(),
        };
        let heard = (channel, title.as_str().unwrap().to_owned());
        *self.world.heard.lock().unwrap().entry(heard).or_default() += 1;
        if self.step().is_err() {
            return unheard("it was ended");
        }
        match failure {
            2 => answer(502),
            3 => Outcome::Failed(FetchError::TimedOut),
            _ => answer(200),
        }
    }
}

/// A page whose every file says everything.
struct Whole(Instant);

impl Readable for Whole {
    fn now(&self) -> Instant {
        self.0
    }

    fn file(&self, _: &str) -> Result<Option<Bytes>, String> {
        Ok(Some(Bytes::from_static(b"<h3 id=\"update-1\">")))
    }
}

/// A page that was never published.
struct Nothing;

impl Readable for Nothing {
    fn now(&self) -> Instant {
        Instant::MIN_UTC
    }

    fn file(&self, _: &str) -> Result<Option<Bytes>, String> {
        Ok(None)
    }
}

/// An update of an incident by its number, which is its title, too.
fn news(number: usize, at: Instant) -> Announcement {
    let mut message = message();
    message.title = format!("n{number}");
    message.at = at;
    message.id = format!("https://status.example/n{number}@{}", rfc3339(at));
    if let About::Post(post) = &mut message.about {
        post.title = format!("n{number}");
        post.slug = format!("n{number}");
        post.address = format!("https://status.example/incidents/n{number}/");
    }
    Announcement {
        voice: Voice {
            language: LanguageIndex::DEFAULT,
            template: None,
        },
        key: format!("n{number}@{}", rfc3339(at)),
        cause: Cause::Person,
        digest: format!("d{number}"),
        components: vec![ComponentIndex(0)],
        telling: update::Telling::Aloud,
        file: format!("incidents/n{number}/index.html"),
        anchor: Some("update-1".to_owned()),
        message,
    }
}

/// Two chats and a program.
fn three() -> Vec<Channel> {
    channels(
        "[[channels]]\nname = 'one'\nslack = '${ONE}'\n[[channels]]\nname = 'two'\nslack = '${TWO}'\n[[channels]]\nwebhook = '${PROGRAM}'\n",
    )
}

const PLACES: [&str; 3] = ["${ONE}", "${TWO}", "${PROGRAM}"];

/// A run of a host.
fn run(
    host: &Host<'_>,
    channels: &[Channel],
    news: &[Announcement],
    now: Instant,
    most: Most,
) -> Report {
    run_with(host, channels, news, now, most, &Whole(now))
}

fn run_with(
    host: &Host<'_>,
    channels: &[Channel],
    news: &[Announcement],
    now: Instant,
    most: Most,
    page: &dyn Readable,
) -> Report {
    let name = format!("run{}", host.dice.below(1 << 40));
    let telling = Telling {
        run: &name,
        ..telling(host, channels, news, now, most, page)
    };
    let tools = Tools {
        sender: host,
        pause: &|_| {},
        dice: &|| 0.5,
    };
    tell(telling, &tools)
}

fn telling<'a>(
    store: &'a dyn Store,
    channels: &'a [Channel],
    news: &'a [Announcement],
    now: Instant,
    most: Most,
    page: &'a dyn Readable,
) -> Telling<'a> {
    Telling {
        channels,
        news,
        page,
        store,
        ledger: "notified.json",
        now,
        zone: chrono_tz::UTC,
        patience: Patience::Waits,
        most,
        run: "run",
    }
}

fn ledger(world: &World) -> Ledger {
    let file = world.file.lock().unwrap();
    file.as_ref()
        .map_or_else(Ledger::default, |(bytes, _)| Ledger::parse(bytes).unwrap())
}

const ALL: Most = Most::OfSite(1_000);

fn heard(world: &World, place: &str, title: &str) -> usize {
    let heard = world.heard.lock().unwrap();
    heard
        .get(&(place.to_owned(), title.to_owned()))
        .copied()
        .unwrap_or(0)
}

fn words(report: &Report) -> Vec<String> {
    let words = report
        .lines
        .iter()
        .map(|line| format!("{} {} {}", line.channel, line.title, line.end.word()));
    words.collect()
}

#[test]
fn news_are_told_once_to_everybody_and_never_again() {
    let (world, channels, now) = (World::default(), three(), at("12:00"));
    let news = [news(1, at("11:00")), news(2, at("11:30"))];
    let host = Host::healthy(&world);
    let first = run(&host, &channels, &news, now, ALL);
    assert_eq!(first.count("told"), 6, "{first:?}");
    assert_eq!(first.trouble, Vec::<String>::new());
    let writes = world.writes.load(Ordering::Relaxed);
    let second = run(&host, &channels, &news, now + TimeDelta::hours(3), ALL);
    assert_eq!(second, Report::default());
    assert_eq!(
        world.writes.load(Ordering::Relaxed),
        writes,
        "nothing is written where nothing is new"
    );
    assert!(PLACES.iter().all(|place| heard(&world, place, "n1") == 1));
}

#[test]
fn what_is_older_than_a_day_when_it_is_first_seen_is_told_to_nobody() {
    let (world, channels) = (World::default(), three());
    let old = [news(1, at("27 11:59:59")), news(2, at("27 12:00:00"))];
    let report = run(
        &Host::healthy(&world),
        &channels,
        &old,
        at("28 12:00:00"),
        ALL,
    );
    assert_eq!(
        words(&report),
        ["one n2 told", "two n2 told", "webhook n2 told"]
    );
    // The ledger is lost, or a channel is new.
    *world.file.lock().unwrap() = None;
    let report = run(&Host::healthy(&world), &channels, &old, at("29 12:00"), ALL);
    assert_eq!(report, Report::default());
}

#[test]
fn a_new_channel_hears_what_is_news_and_not_what_is_known() {
    let (world, channels) = (World::default(), three());
    let all = [news(1, at("27 13:00")), news(2, at("28 13:00"))];
    run(
        &Host::healthy(&world),
        &channels[..2],
        &all,
        at("28 13:00"),
        ALL,
    );
    let report = run(&Host::healthy(&world), &channels, &all, at("28 14:00"), ALL);
    assert_eq!(words(&report), ["webhook n2 told"]);
}

#[test]
fn filters_and_silence_keep_news_from_a_channel_for_good() {
    let world = World::default();
    let channels = channels(
        "[[channels]]\nname = 'all'\nslack = '${ONE}'\n[[channels]]\nname = 'none'\nslack = '${TWO}'\ncomponents = ['api']\n[[channels]]\nname = 'notices'\nslack = '${TWO}'\nkinds = ['notice']\n[[channels]]\nname = 'bad'\nslack = '${TWO}'\nimpact = 'critical'\n",
    );
    let mut minor = news(1, at("11:00"));
    if let About::Post(post) = &mut minor.message.about {
        post.impact = Impact::Minor;
    }
    let silent = Announcement {
        telling: update::Telling::Silent,
        ..news(2, at("11:10"))
    };
    let host = Host::healthy(&world);
    let report = run(&host, &channels, &[minor, silent], at("12:00"), ALL);
    assert_eq!(
        words(&report),
        [
            "all n1 told",
            "none n1 silent",
            "notices n1 silent",
            "bad n1 silent",
            "all n2 silent",
            "none n2 silent",
            "notices n2 silent",
            "bad n2 silent"
        ]
    );
    assert_eq!(world.heard.lock().unwrap().len(), 1);
}

#[test]
fn what_readers_cannot_read_yet_waits_for_the_page() {
    let (world, channels, now) = (World::default(), three(), at("12:00"));
    let news = [news(1, at("11:00"))];
    let host = Host::healthy(&world);
    let early = run_with(&host, &channels, &news, now, ALL, &Nothing);
    assert_eq!(early.count("waits"), 3, "{early:?}");
    assert!(!early.is_problem());
    // The page is there, but of an instant before.
    let stale = run_with(&host, &channels, &news, now, ALL, &Whole(at("10:59")));
    assert_eq!(stale.count("waits"), 3, "{stale:?}");
    let later = run(&host, &channels, &news, now + TimeDelta::hours(20), ALL);
    assert_eq!(later.count("told"), 3, "{later:?}");
}

#[test]
fn news_of_maintenance_wait_for_the_end_of_quiet_hours() {
    let world = World::default();
    let channels =
        channels("[[channels]]\nslack = '${ONE}'\nquiet = { from = '22:00', to = '07:00' }\n");
    let mut all = [news(1, at("28 22:30")), news(2, at("28 22:31"))];
    if let About::Post(post) = &mut all[0].message.about {
        post.kind = PostKind::Maintenance;
    }
    let host = Host::healthy(&world);
    let night = run(&host, &channels, &all, at("28 23:00"), ALL);
    assert_eq!(words(&night), ["slack n1 waits", "slack n2 told"]);
    assert_eq!(night.next, Some(at("29 07:00")));
    let still = run(&host, &channels, &all, at("29 06:59"), ALL);
    assert_eq!(words(&still), ["slack n1 waits"]);
    let morning = run(&host, &channels, &all, at("29 07:00"), ALL);
    assert_eq!(words(&morning), ["slack n1 told"]);
}

#[test]
fn what_is_too_much_for_a_run_is_held_until_a_person_lets_it_go() {
    let world = World::default();
    let channels = channels("[[channels]]\nslack = '${ONE}'\n");
    let mut all: Vec<Announcement> = (0..7).map(|number| news(number, at("11:00"))).collect();
    let host = Host::healthy(&world);
    let storm = run(&host, &channels, &all, at("12:00"), Most::OfSite(3));
    assert_eq!(
        (storm.count("told"), storm.count("held")),
        (3, 4),
        "{storm:?}"
    );
    assert!(storm.is_problem());
    // It does not trickle out, and what is new is told all the same.
    all.push(news(7, at("12:10")));
    let next = run(&host, &channels, &all, at("12:30"), Most::OfSite(3));
    assert_eq!((next.count("told"), next.count("held")), (1, 4), "{next:?}");
    let some = run(&host, &channels, &all, at("12:40"), Most::OfPerson(3));
    assert_eq!((some.count("told"), some.count("held")), (3, 1), "{some:?}");
    let rest = run(&host, &channels, &all, at("12:50"), Most::OfPerson(50));
    assert_eq!((rest.count("told"), rest.count("held")), (1, 0), "{rest:?}");
    assert!((0..8).all(|number| heard(&world, "${ONE}", &format!("n{number}")) == 1));
}

#[test]
fn an_update_that_is_moved_or_renamed_is_no_news() {
    let (world, channels) = (World::default(), three());
    let host = Host::healthy(&world);
    run(&host, &channels, &[news(1, at("11:00"))], at("11:01"), ALL);
    let mut moved = news(1, at("10:58"));
    moved.message.title = "moved".to_owned();
    let report = run(&host, &channels, &[moved.clone()], at("11:30"), ALL);
    assert_eq!(report.count("told"), 0, "{report:?}");
    // Another update of the same words at another time is news while the first one stands.
    let again = Announcement {
        key: "n1@again".to_owned(),
        ..news(1, at("11:40"))
    };
    let report = run(&host, &channels, &[moved, again], at("11:45"), ALL);
    assert_eq!(report.count("told"), 3, "{report:?}");
}

#[test]
fn operators_hear_of_evidence_and_subscribers_do_not() {
    let world = World::default();
    let channels = channels(
        "[[channels]]\nname = 'customers'\nslack = '${ONE}'\n[[channels]]\nname = 'team'\nslack = '${TWO}'\noperators = true\nkinds = ['notice']\n",
    );
    let mut stopped = news(1, at("11:00"));
    stopped.cause = Cause::Evidence;
    stopped.message.about = About::Evidence;
    stopped.anchor = None;
    let report = run(
        &Host::healthy(&world),
        &channels,
        &[stopped],
        at("11:30"),
        ALL,
    );
    assert_eq!(words(&report), ["customers n1 silent", "team n1 told"]);
}

#[test]
fn a_channel_that_fails_is_tried_again_later_and_later_and_delays_no_other() {
    let (world, channels) = (World::default(), three());
    let news = [news(1, at("11:00")), news(2, at("11:01"))];
    /// A way on which one place refuses connections.
    struct Partly<'a>(&'a Host<'a>);
    impl Sender for Partly<'_> {
        fn send(&self, parcel: &Parcel) -> Outcome {
            let Parcel::Http { request, .. } = parcel else {
                panic!("this is no mail");
            };
            match request.url.as_written() {
                "${TWO}" => {
                    Outcome::Failed(FetchError::Connection("connection refused".to_owned()))
                }
                _ => self.0.send(parcel),
            }
        }
    }
    let host = Host::healthy(&world);
    let go = |now, patience| {
        let page = Whole(now);
        let telling = Telling {
            patience,
            ..telling(&host, &channels, &news, now, ALL, &page)
        };
        tell(
            telling,
            &Tools {
                sender: &Partly(&host),
                pause: &|_| {},
                dice: &|| 0.5,
            },
        )
    };
    let first = go(at("11:02:00"), Patience::Waits);
    assert_eq!(
        words(&first),
        [
            "one n1 told",
            "two n1 failed",
            "webhook n1 told",
            "one n2 told",
            "two n2 waits",
            "webhook n2 told"
        ]
    );
    assert_eq!(first.next, Some(at("11:03:00")));
    assert_eq!(go(at("11:02:59"), Patience::Waits).count("waits"), 1);
    assert_eq!(go(at("11:02:59"), Patience::TriesAtOnce).count("failed"), 1);
    let third = go(at("11:10:00"), Patience::Waits);
    assert_eq!(third.next, Some(at("11:14:00")), "{third:?}");
    // A day later it is no news any more.
    let last = go(at("29 11:02:01"), Patience::Waits);
    assert_eq!(last.count("given up"), 2, "{last:?}");
    assert_eq!(heard(&world, "${ONE}", "n1"), 1);
    assert_eq!(heard(&world, "${TWO}", "n1"), 0);
}

#[test]
fn nothing_is_told_where_the_ledger_cannot_be_read_or_written() {
    let (world, channels) = (World::default(), three());
    *world.file.lock().unwrap() = Some((Bytes::from_static(b"{}"), 0));
    let news = [news(1, at("11:00"))];
    let report = run(&Host::healthy(&world), &channels, &news, at("11:30"), ALL);
    assert_eq!(
        report.trouble,
        ["`notified.json`: this is no ledger of this version of allclear"]
    );
    let dead = Host::new(&world, 0, 1, 0);
    let report = run(&dead, &channels, &news, at("11:30"), ALL);
    assert_eq!(report.trouble, ["`notified.json`: killed"]);
    assert!(world.heard.lock().unwrap().is_empty());
}

#[test]
fn what_is_foreseen_is_what_is_told_and_changes_nothing() {
    let (world, channels) = (World::default(), three());
    let news = [news(1, at("11:00"))];
    let host = Host::healthy(&world);
    let page = Whole(at("11:30"));
    let (foreseen, trouble) =
        foresee(telling(&host, &channels, &news, at("11:30"), ALL, &page)).unwrap();
    assert!(trouble.is_empty());
    assert_eq!(world.writes.load(Ordering::Relaxed), 0);
    let seen: Vec<_> = foreseen
        .iter()
        .map(|it| (it.line.channel.clone(), it.line.end.clone()))
        .collect();
    let told = run(&host, &channels, &news, at("11:30"), ALL);
    let told: Vec<_> = told
        .lines
        .into_iter()
        .map(|it| (it.channel, it.end))
        .collect();
    assert_eq!(seen, told);
    assert!(foreseen.iter().all(|it| it.parcel.is_some()));
}

/// How often each channel heard each piece of news in the end.
#[derive(Debug, Default)]
struct Counts {
    runs: usize,
    killed: usize,
    chat_once: usize,
    chat_never: usize,
    program_once: usize,
    program_again: usize,
}

#[test]
fn promises_hold_whoever_is_killed_and_however_many_run_at_once() {
    let channels = three();
    let mut counts = Counts::default();
    for round in 0..60 {
        let world = World::default();
        let dice = Dice::new(round + 1);
        let all: Vec<Announcement> = (0..6)
            .map(|number| news(number, at("11:00") + TimeDelta::minutes(7 * number as i64)))
            .collect();
        let mut now = at("11:05");
        for _ in 0..6 {
            // Several hosts at once, most of which are killed somewhere, with answers that fail or are lost.
            std::thread::scope(|scope| {
                for _ in 0..1 + dice.below(3) {
                    let steps = 1 + dice.below(60) as i64;
                    let host = Host::new(&world, steps, 1 + dice.below(1 << 40), dice.below(4));
                    let seen: Vec<Announcement> = all
                        .iter()
                        .filter(|it| it.message.at <= now)
                        .cloned()
                        .collect();
                    let channels = &channels;
                    counts.runs += 1;
                    let ended = scope.spawn(move || {
                        run(&host, channels, &seen, now, ALL);
                        host.is_alive()
                    });
                    if dice.below(2) == 0 {
                        counts.killed += usize::from(!ended.join().unwrap());
                    }
                }
            });
            now += TimeDelta::minutes(1 + dice.below(9) as i64);
        }
        // In the end one is not killed, and asks until nothing is left.
        now = at("13:00");
        for _ in 0..4 {
            now += TimeDelta::hours(1);
            run(&Host::healthy(&world), &channels, &all, now, ALL);
        }
        let ledger = ledger(&world);
        for number in 0..6 {
            let title = format!("n{number}");
            for place in ["${ONE}", "${TWO}"] {
                match heard(&world, place, &title) {
                    0 => {
                        let name = if place == "${ONE}" { "one" } else { "two" };
                        let state = ledger.state(&all[number].key, name);
                        assert_eq!(
                            state,
                            Some(&State::Doubtful),
                            "round {round}: {title} {name}"
                        );
                        counts.chat_never += 1;
                    }
                    1 => counts.chat_once += 1,
                    times => panic!("round {round}: {place} heard {title} {times} times"),
                }
            }
            match heard(&world, "${PROGRAM}", &title) {
                0 => panic!("round {round}: the program never heard {title}"),
                1 => counts.program_once += 1,
                _ => counts.program_again += 1,
            }
        }
    }
    println!("{counts:?}");
    assert!(
        counts.chat_never > 0 && counts.program_again > 0,
        "nothing was ever in doubt: {counts:?}"
    );
}

#[test]
fn without_a_kill_and_with_hosts_at_once_everybody_hears_all_once() {
    let channels = three();
    for round in 0..20 {
        let world = World::default();
        let all: Vec<Announcement> = (0..6).map(|number| news(number, at("11:00"))).collect();
        std::thread::scope(|scope| {
            for host in 0..4 {
                let (world, all, channels) = (&world, &all, &channels);
                scope.spawn(move || {
                    let host = Host::new(world, i64::MAX, 1 + 10 * round + host, 0);
                    run(&host, channels, all, at("11:05"), ALL)
                });
            }
        });
        let heard = world.heard.lock().unwrap();
        let times: BTreeSet<usize> = heard.values().copied().collect();
        assert_eq!(
            (heard.len(), times),
            (18, BTreeSet::from([1])),
            "round {round}"
        );
    }
}

//! The order in which a channel hears of a post, over runs and hosts.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use chrono::TimeDelta;

use super::world::{ALL, Host, Whole, World, ledger, news, run, telling, words};
use crate::fetch::Answer;
use crate::notify::{Entry, Ledger, Most, Readable, Report, Sender, State, Tools, tell};
use crate::output::pages::Announcement;
use crate::site::channel::Channel;
use crate::site::channel::fixtures::channels;
use crate::site::channel::message::About;
use crate::site::channel::sending::{Outcome, Parcel};
use crate::site::fixtures::at;
use crate::time::Instant;

/// The updates of one post, ten minutes after each other from an instant on.
fn updates(numbers: std::ops::Range<usize>, first: Instant) -> Vec<Announcement> {
    let begin = numbers.start;
    let updates = numbers.map(|number| {
        let later = TimeDelta::minutes(10 * (number - begin) as i64);
        of_one_post(news(number, first + later))
    });
    updates.collect()
}

/// The same news, of the post `disks`.
pub(super) fn of_one_post(mut news: Announcement) -> Announcement {
    if let About::Post(post) = &mut news.message.about {
        post.slug = "disks".to_owned();
        post.address = "https://status.example/incidents/disks/".to_owned();
    }
    news
}

fn one() -> Vec<Channel> {
    channels("[[channels]]\nname = 'one'\nslack = '${ONE}'\n")
}

/// A way on which one message gets an answer of its own.
struct Answering<'a> {
    host: &'a Host<'a>,
    title: &'static str,
    status: u16,
}

impl Sender for Answering<'_> {
    fn send(&self, parcel: &Parcel) -> Outcome {
        let Parcel::Http { request, .. } = parcel else {
            panic!("this is no mail");
        };
        let body = request.body.as_deref().unwrap();
        match String::from_utf8_lossy(body).contains(self.title) {
            true => Outcome::Http(Answer {
                status: self.status,
                headers: Vec::new(),
                body: Vec::new(),
                took: Duration::ZERO,
            }),
            false => self.host.send(parcel),
        }
    }
}

/// A run in which one message gets an answer of its own.
fn run_answering(
    host: &Host<'_>,
    news: &[Announcement],
    now: Instant,
    title: &'static str,
    status: u16,
) -> Report {
    let (page, channels) = (Whole(now), one());
    let telling = telling(host, &channels, news, now, ALL, &page);
    let sender = Answering {
        host,
        title,
        status,
    };
    tell(
        telling,
        &Tools {
            sender: &sender,
            elapsed: &|| Duration::ZERO,
            pause: &|_| {},
            dice: &|| 0.5,
        },
    )
}

#[test]
fn nothing_overtakes_what_failed_before_it() {
    let world = World::default();
    let host = Host::healthy(&world);
    let mut all = updates(1..2, at("11:00"));
    let first = run_answering(&host, &all, at("11:01"), "n1", 429);
    assert_eq!(words(&first), ["one n1 failed"]);
    all.extend(updates(2..3, at("11:01:10")));
    all.push(news(3, at("11:01:20")));
    let early = run(&host, &one(), &all, at("11:01:30"), ALL);
    assert_eq!(
        words(&early),
        ["one n1 waits", "one n2 waits", "one n3 told"]
    );
    let later = run(&host, &one(), &all, at("11:02:30"), ALL);
    assert_eq!(words(&later), ["one n1 told", "one n2 told"]);
}

#[test]
fn what_is_refused_for_good_keeps_nothing_back_and_is_not_told_behind_it() {
    let world = World::default();
    let host = Host::healthy(&world);
    let all = updates(1..3, at("11:00"));
    let first = run_answering(&host, &all, at("11:15"), "n1", 400);
    assert_eq!(words(&first), ["one n1 failed", "one n2 told"]);
    let later = run(&host, &one(), &all, at("12:15"), ALL);
    assert_eq!(words(&later), ["one n1 given up"]);
    // The same where it is seen in a run before.
    let world = World::default();
    let host = Host::healthy(&world);
    let all = [updates(1..2, at("11:00")), updates(2..3, at("11:01:10"))].concat();
    run_answering(&host, &all[..1], at("11:01"), "n1", 400);
    let later = run(&host, &one(), &all, at("11:01:30"), ALL);
    assert_eq!(words(&later), ["one n1 waits", "one n2 told"]);
}

#[test]
fn what_is_held_keeps_back_what_follows_it_until_a_person_lets_both_go() {
    let world = World::default();
    let host = Host::healthy(&world);
    let mut all = updates(1..4, at("11:00"));
    let storm = run(&host, &one(), &all, at("11:25"), Most::OfSite(1));
    assert_eq!(
        words(&storm),
        ["one n1 told", "one n2 held", "one n3 waits"]
    );
    all.extend(updates(4..5, at("11:30")));
    let next = run(&host, &one(), &all, at("11:31"), Most::OfSite(1));
    assert_eq!(
        words(&next),
        ["one n2 held", "one n3 waits", "one n4 waits"]
    );
    let all_go = run(&host, &one(), &all, at("11:40"), Most::OfPerson(9));
    assert_eq!(
        words(&all_go),
        ["one n2 told", "one n3 told", "one n4 told"]
    );
}

#[test]
fn what_is_held_for_a_day_is_no_news_any_more() {
    let world = World::default();
    let host = Host::healthy(&world);
    let all = updates(1..3, at("28 11:00"));
    run(&host, &one(), &all, at("28 11:15"), Most::OfSite(1));
    let later = run(&host, &one(), &all, at("29 11:16"), Most::OfPerson(9));
    assert_eq!(words(&later), ["one n2 given up"]);
}

/// Puts an update into the ledger that another host is telling.
fn claimed_by_another(world: &World, news: &Announcement, now: Instant) {
    let mut ledger = ledger(world);
    let entry = ledger.entries.entry(news.key.clone());
    let entry = entry.or_insert_with(|| Entry {
        at: news.message.at,
        seen: now,
        post: "disks".to_owned(),
        digest: news.digest.clone(),
        channels: BTreeMap::new(),
    });
    let state = State::Sending {
        by: "another".to_owned(),
        at: now,
        tries: 0,
        left: None,
    };
    entry.channels.insert("one".to_owned(), state);
    put(world, &ledger);
}

fn put(world: &World, ledger: &Ledger) {
    let mut file = world.file.lock().unwrap();
    let number = file.as_ref().map_or(1_000, |(_, number)| number + 1_000);
    *file = Some((Bytes::from(ledger.text()), number));
}

#[test]
fn nothing_overtakes_what_another_host_is_telling() {
    let now = at("11:11");
    let all = updates(1..3, at("11:00"));
    let world = World::default();
    claimed_by_another(&world, &all[0], now);
    let report = run(&Host::healthy(&world), &one(), &all, now, ALL);
    assert_eq!(words(&report), ["one n1 waits", "one n2 waits"]);
    // The other one claims it while this one looks at the page.
    struct Racing<'a>(&'a World, &'a Announcement, Instant);
    impl Readable for Racing<'_> {
        fn now(&self) -> Instant {
            self.2
        }
        fn file(&self, path: &str) -> Result<Option<Bytes>, String> {
            claimed_by_another(self.0, self.1, self.2);
            Whole(self.2).file(path)
        }
    }
    let world = World::default();
    let page = Racing(&world, &all[0], now);
    let host = Host::healthy(&world);
    let report = super::world::run_with(&host, &one(), &all, now, ALL, &page);
    assert_eq!(report.count("told"), 0, "{report:?}");
    assert!(world.heard.lock().unwrap().is_empty());
}

#[test]
fn what_is_older_than_what_a_channel_has_heard_of_a_post_is_silent() {
    let world = World::default();
    let host = Host::healthy(&world);
    let mut all = updates(2..4, at("11:10"));
    run(&host, &one(), &all, at("11:30"), ALL);
    all.extend(updates(1..2, at("11:15")));
    all.push(news(5, at("11:16")));
    let report = run(&host, &one(), &all, at("11:31"), ALL);
    assert_eq!(words(&report), ["one n1 silent", "one n5 told"]);
}

#[test]
fn a_claim_is_counted_from_its_own_instant_however_long_the_run_has_lasted() {
    /// A way on which each message takes six minutes.
    struct Slow<'a> {
        host: &'a Host<'a>,
        minutes: AtomicU64,
        claimed: Mutex<Vec<Instant>>,
    }
    impl Sender for Slow<'_> {
        fn send(&self, parcel: &Parcel) -> Outcome {
            let ledger = ledger(self.host.world);
            let states = ledger.entries.values().flat_map(|it| it.channels.values());
            let claimed = states.filter_map(|state| match state {
                State::Sending { at, .. } => Some(*at),
                _ => None,
            });
            self.claimed.lock().unwrap().extend(claimed);
            self.minutes.fetch_add(6, Ordering::Relaxed);
            self.host.send(parcel)
        }
    }
    let (world, channels, now) = (World::default(), one(), at("12:00"));
    let host = Host::healthy(&world);
    let all = updates(1..3, at("11:00"));
    let page = Whole(now);
    let sender = Slow {
        host: &host,
        minutes: AtomicU64::new(0),
        claimed: Mutex::default(),
    };
    let tools = Tools {
        sender: &sender,
        elapsed: &|| Duration::from_secs(60 * sender.minutes.load(Ordering::Relaxed)),
        pause: &|_| {},
        dice: &|| 0.5,
    };
    let report = tell(telling(&host, &channels, &all, now, ALL, &page), &tools);
    assert_eq!(report.count("told"), 2, "{report:?}");
    assert_eq!(*sender.claimed.lock().unwrap(), [now, at("12:06")]);
}

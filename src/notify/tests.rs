//! Each channel hears each piece of news as often as it was promised, whoever is killed and however many run at once.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail loudly, and says what it has counted"
)]

use std::sync::atomic::Ordering;

use bytes::Bytes;
use chrono::TimeDelta;

use self::world::{
    ALL, Host, Nothing, PLACES, Whole, World, heard, news, run, run_with, telling, three, words,
};
use super::{Most, Patience, Report, Sender, Telling, Tools, foresee, tell};
use crate::fetch::FetchError;
use crate::output::pages::{Announcement, Cause};
use crate::site::channel::fixtures::channels;
use crate::site::channel::message::About;
use crate::site::channel::sending::{Outcome, Parcel};
use crate::site::fixtures::at;
use crate::site::update;
use crate::site::vocabulary::{Impact, PostKind};

mod identity;
mod kills;
mod order;
mod world;

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
fn a_new_channel_hears_nothing_that_others_have_heard_before() {
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
    assert_eq!(words(&report), ["webhook n2 silent"]);
    let next = [all[1].clone(), news(3, at("28 14:30"))];
    let report = run(
        &Host::healthy(&world),
        &channels,
        &next,
        at("28 14:31"),
        ALL,
    );
    assert_eq!(
        words(&report),
        ["one n3 told", "two n3 told", "webhook n3 told"]
    );
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
                elapsed: &|| std::time::Duration::ZERO,
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

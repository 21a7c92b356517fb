#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::memory::Memory;
use super::{Again, Failure, Live, Publication, publish};
use crate::output::Output;

/// Numbers that look random, the same in each run.
struct Dice(u64);

impl Dice {
    /// A number below `end`.
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

fn digits(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A build: each page says of which build it is, and names the paths that it needs.
fn build(number: u64) -> Vec<Output> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let style = format!("assets/style.{}.css", number / 7);
    files.insert(style.clone(), format!("style {}", number / 7));
    // Pages come, change, go and come again.
    let pages: Vec<String> = (0..12)
        .filter(|page| (number / (page + 2)) % 3 != 0)
        .map(|page| format!("incidents/{page}/index.html"))
        .collect();
    for page in &pages {
        files.insert(page.clone(), format!("{number} {style}"));
    }
    files.insert(
        "history/index.html".to_owned(),
        format!("{number} {style} {}", pages.join(" ")),
    );
    files.insert("api/v2/status.json".to_owned(), format!("{number}"));
    files.insert(
        "index.html".to_owned(),
        format!("{number} {style} history/index.html {}", pages.join(" ")),
    );
    files.insert("robots.txt".to_owned(), "always the same".to_owned());
    files.insert("api/flag.json".to_owned(), format!("{}", number / 2 % 2));
    let records: BTreeMap<&String, _> = files
        .iter()
        .map(|(path, text)| {
            let record = json!({"sha256": digits(text.as_bytes()), "size": text.len(), "type": "text/plain", "cache": "no-cache"});
            (path, record)
        })
        .collect();
    let now = crate::time::rfc3339(
        crate::site::fixtures::at("29 00:00") + chrono::TimeDelta::seconds(number as i64),
    );
    let manifest = json!({"now": now, "base_url": "https://status.example.com/", "files": records});
    let mut outputs: Vec<Output> = files
        .into_iter()
        .map(|(path, text)| Output::new(path, text))
        .collect();
    outputs.push(Output::new("build.json", manifest.to_string()));
    outputs
}

fn publication(outputs: &[Output]) -> Publication<'_> {
    Publication {
        outputs,
        again: Again::Keep,
        progress: &|_, _| {},
    }
}

/// Checks that what is live is this build and no more than that and what the manifest keeps.
fn assert_whole(store: &Memory, number: u64) {
    let live = Live::parse(&store.get("build.json").unwrap()).unwrap();
    assert_eq!(live.unsettled, None);
    for output in build(number) {
        if output.path != "build.json" {
            assert_eq!(
                store.get(output.path.as_str()).as_ref(),
                Some(&output.bytes),
                "{}",
                output.path
            );
        }
    }
    for path in store.paths() {
        let is_known =
            live.files.contains_key(&path) || live.former.contains(&path) || path == "build.json";
        assert!(is_known, "{path} was left behind");
    }
}

#[test]
fn only_what_differs_is_sent() {
    let store = Memory::default();
    let first = publish(&store.way(i64::MAX), publication(&build(1))).unwrap();
    assert_eq!(first.sent, build(1).len() - 1);
    assert_whole(&store, 1);
    let again = publish(&store.way(i64::MAX), publication(&build(1))).unwrap();
    assert_eq!((again.sent, again.unchanged), (0, first.sent));
    let second = publish(&store.way(i64::MAX), publication(&build(2))).unwrap();
    // The style and `robots.txt` are the same.
    assert_eq!(second.unchanged, 2);
    assert_whole(&store, 2);
    let third = publish(&store.way(i64::MAX), publication(&build(3))).unwrap();
    // The flag, too.
    assert_eq!(third.unchanged, 3);
    assert_whole(&store, 3);
}

#[test]
fn an_older_build_is_refused_unless_it_is_forced() {
    let store = Memory::default();
    publish(&store.way(i64::MAX), publication(&build(5))).unwrap();
    let older = build(4);
    let refused = publish(&store.way(i64::MAX), publication(&older));
    assert!(matches!(refused, Err(Failure::Newer { .. })), "{refused:?}");
    assert_whole(&store, 5);
    let forced = Publication {
        again: Again::Replace,
        ..publication(&older)
    };
    publish(&store.way(i64::MAX), forced).unwrap();
    assert_whole(&store, 4);
}

#[test]
fn a_publisher_that_is_killed_at_any_request_is_finished_by_the_next() {
    for requests in 0..200 {
        let store = Memory::default();
        publish(&store.way(i64::MAX), publication(&build(3))).unwrap();
        let killed = publish(&store.way(requests), publication(&build(11)));
        publish(&store.way(i64::MAX), publication(&build(12))).unwrap();
        assert_whole(&store, 12);
        if killed.is_ok() {
            return;
        }
    }
    panic!("it was never finished");
}

#[test]
fn what_a_killed_publisher_has_sent_is_not_sent_again() {
    let all = build(1).len() - 1;
    let store = Memory::default();
    // The manifest is read and claimed, and five files are written.
    assert!(publish(&store.way(7), publication(&build(1))).is_err());
    let summary = publish(&store.way(i64::MAX), publication(&build(1))).unwrap();
    assert_eq!(summary.sent, all - 5);
    assert_whole(&store, 1);
}

#[test]
fn a_write_that_comes_late_takes_nothing_back() {
    // 4 and 5 differ from 2, 3 and 6, 7 in their flag.
    for (before, older, newer) in [(2, 4, 6), (2, 4, 5), (4, 6, 8)] {
        let store = Memory::default();
        publish(&store.way(i64::MAX), publication(&build(before))).unwrap();
        let was_overtaken = AtomicBool::new(false);
        let overtake = |path: &str| {
            if path == "api/flag.json" && !was_overtaken.swap(true, Ordering::Relaxed) {
                publish(&store.way(i64::MAX), publication(&build(newer))).unwrap();
            }
        };
        let late = publish(&store.way_after(&overtake), publication(&build(older)));
        assert!(matches!(late, Err(Failure::Newer { .. })), "{late:?}");
        assert!(was_overtaken.into_inner());
        assert_whole(&store, newer);
    }
}

/// The number of the build that a page is of, with the paths that it needs.
fn page(text: &[u8]) -> (u64, Vec<String>) {
    let text = str::from_utf8(text).unwrap();
    let mut words = text.split(' ');
    let number = words.next().unwrap().parse().unwrap();
    (number, words.map(str::to_owned).collect())
}

#[test]
fn two_publishers_never_take_the_page_back_and_readers_miss_nothing() {
    const ROUNDS: usize = 1000;
    let mut order: Vec<u64> = (1..=ROUNDS as u64).collect();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    // Builds come in about their order, often later than the next ones.
    for at in 0..order.len() {
        let other = (at + dice.below(8) as usize).min(order.len() - 1);
        order.swap(at, other);
    }
    let store = Memory::default();
    let next = AtomicUsize::new(0);
    let is_over = AtomicBool::new(false);
    let killed = AtomicUsize::new(0);
    let (mut newest, mut reads) = (0, 0_u64);
    std::thread::scope(|scope| {
        let publishers = [7, 11].map(|seed| {
            let (store, next, order, killed) = (&store, &next, &order, &killed);
            scope.spawn(move || {
                let mut dice = Dice(seed);
                while let Some(number) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let requests = match dice.below(2) {
                        0 => dice.below(60) as i64,
                        _ => i64::MAX,
                    };
                    match publish(&store.way(requests), publication(&build(*number))) {
                        Ok(_) | Err(Failure::Newer { .. }) => {}
                        Err(Failure::Store { .. }) => {
                            killed.fetch_add(1, Ordering::Relaxed);
                        }
                        Err(failure) => panic!("{failure}"),
                    }
                }
            })
        });
        let reader = scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                for path in ["index.html", "history/index.html"] {
                    let Some(text) = store.get(path) else {
                        continue;
                    };
                    let (number, needed) = page(&text);
                    if path == "index.html" {
                        assert!(number >= newest, "{newest} went back to {number}");
                        newest = number;
                    }
                    for needed in needed.iter().filter(|needed| store.get(needed).is_none()) {
                        // A reader who is slower than two whole publications has an old page.
                        let (present, _) = page(&store.get(path).unwrap());
                        assert!(present > number, "{path} of {number} needs {needed}");
                    }
                    reads += 1;
                }
                std::thread::yield_now();
            }
        });
        for publisher in publishers {
            publisher.join().unwrap();
        }
        is_over.store(true, Ordering::Relaxed);
        reader.join().unwrap();
    });
    let killed = killed.into_inner();
    assert!(killed > 50 && reads > 100, "{killed} killed, {reads} reads");
    publish(&store.way(i64::MAX), publication(&build(ROUNDS as u64))).unwrap();
    assert_whole(&store, ROUNDS as u64);
}

/// Two publishers and a real store, whose address and variables the environment names.
#[cfg(feature = "agent")]
#[test]
fn a_real_store_keeps_the_promise() {
    let Ok(address) = std::env::var("ALLCLEAR_TEST_STORE") else {
        eprintln!("not run: no ALLCLEAR_TEST_STORE");
        return;
    };
    let rounds: u64 = std::env::var("ALLCLEAR_TEST_ROUNDS").map_or(20, |it| it.parse().unwrap());
    let variables: Vec<(String, String)> = std::env::vars().collect();
    let tools = super::Tools {
        client: &crate::fetch::Client::new(),
        variables: &variables,
    };
    let name = crate::site::place::PlaceName::parse(&address).unwrap();
    let place = super::Place::open(&name, "".into(), &tools).unwrap();
    let bucket = place.store();
    let begin = std::time::Instant::now();
    let next = std::sync::atomic::AtomicU64::new(1);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number > rounds {
                        return;
                    }
                    match publish(bucket, publication(&build(number))) {
                        Ok(summary) => eprintln!("{number}: {summary:?}"),
                        Err(Failure::Newer { .. }) => eprintln!("{number}: newer"),
                        Err(failure) => panic!("{number}: {failure}"),
                    }
                }
            });
        }
    });
    publish(bucket, publication(&build(rounds))).unwrap();
    let read = |path: &str| bucket.read(path).unwrap().map(|(bytes, _)| bytes);
    for output in build(rounds) {
        if output.path != "build.json" {
            assert_eq!(
                read(output.path.as_str()).as_ref(),
                Some(&output.bytes),
                "{}",
                output.path
            );
        }
    }
    eprintln!("{rounds} rounds in {:?}", begin.elapsed());
}

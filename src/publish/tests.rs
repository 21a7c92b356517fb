#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail loudly, and says what it tried"
)]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::memory::{Memory, cut_after, disturbed, way};
use super::{Again, Failure, Live, Publication, Store, publish};
use crate::output::Output;

/// Numbers that look random, the same in each run.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: u64) -> u64 {
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
pub(super) fn build(number: u64) -> Vec<Output> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let style = format!("assets/style.{}.css", number / 7);
    files.insert(style.clone(), format!("style {}", number / 7));
    // Pages come, change, go and come again.
    let pages: Vec<String> = (0..12)
        .filter(|page| !(number / (page + 2)).is_multiple_of(3))
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

pub(super) fn publication(outputs: &[Output]) -> Publication<'_> {
    Publication {
        outputs,
        again: Again::Keep,
        is_behind: &|_| false,
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
    let first = publish(&way(&store), publication(&build(1))).unwrap();
    assert_eq!(first.sent, build(1).len() - 1);
    assert_whole(&store, 1);
    let again = publish(&way(&store), publication(&build(1))).unwrap();
    assert_eq!((again.sent, again.unchanged), (0, first.sent));
    let second = publish(&way(&store), publication(&build(2))).unwrap();
    // The style and `robots.txt` are the same.
    assert_eq!(second.unchanged, 2);
    assert_whole(&store, 2);
    let third = publish(&way(&store), publication(&build(3))).unwrap();
    // The flag, too.
    assert_eq!(third.unchanged, 3);
    assert_whole(&store, 3);
}

#[test]
fn an_older_build_is_refused_unless_it_is_forced() {
    let store = Memory::default();
    publish(&way(&store), publication(&build(5))).unwrap();
    let older = build(4);
    let refused = publish(&way(&store), publication(&older));
    assert!(matches!(refused, Err(Failure::Newer { .. })), "{refused:?}");
    assert_whole(&store, 5);
    let forced = Publication {
        again: Again::Replace,
        ..publication(&older)
    };
    publish(&way(&store), forced).unwrap();
    assert_whole(&store, 4);
}

#[test]
fn a_publisher_that_is_killed_at_any_request_is_finished_by_the_next() {
    for requests in 0..200 {
        let store = Memory::default();
        publish(&way(&store), publication(&build(3))).unwrap();
        let killed = publish(&cut_after(requests, &store), publication(&build(11)));
        publish(&way(&store), publication(&build(12))).unwrap();
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
    // The manifest is read and claimed, a condition tried, and five files are written.
    assert!(publish(&cut_after(8, &store), publication(&build(1))).is_err());
    let summary = publish(&way(&store), publication(&build(1))).unwrap();
    assert_eq!(summary.sent, all - 5);
    assert_whole(&store, 1);
}

#[test]
fn a_first_publication_is_resumed_however_often_it_is_killed() {
    let store = Memory::default();
    let mut sent = Vec::new();
    // Each time the manifest is read and claimed, and three files are sent or found.
    for _ in 0..40 {
        let way = cut_after(14, &store);
        if let Ok(summary) = publish(&way, publication(&build(1))) {
            sent.push(summary.sent);
        }
    }
    let whole = publish(&way(&store), publication(&build(1))).unwrap();
    assert_eq!(whole.sent, 0, "{sent:?}");
    assert_whole(&store, 1);
}

#[test]
fn what_comes_late_is_put_right_by_the_next_publication() {
    // 4 and 5 differ from 2, 3 and 6, 7 in their flag.
    for (before, older, newer) in [(2, 4, 6), (2, 4, 5), (4, 6, 8)] {
        let store = Memory::default();
        publish(&way(&store), publication(&build(before))).unwrap();
        let was_overtaken = AtomicBool::new(false);
        let overtake = |path: &str| {
            if path == "api/flag.json" && !was_overtaken.swap(true, Ordering::Relaxed) {
                publish(&way(&store), publication(&build(newer))).unwrap();
            }
        };
        let late = publish(&disturbed(&store, &overtake), publication(&build(older)));
        assert!(matches!(late, Err(Failure::Newer { .. })), "{late:?}");
        assert!(was_overtaken.into_inner());
        publish(&way(&store), publication(&build(newer + 1))).unwrap();
        assert_whole(&store, newer + 1);
    }
}

#[test]
fn a_file_that_is_deleted_late_comes_back_with_the_next_publication() {
    let mut tried = 0;
    for older in 2..60 {
        let store = Memory::default();
        for number in 0..older {
            publish(&way(&store), publication(&build(number))).unwrap();
        }
        let newer = older + 1;
        let was_overtaken = AtomicBool::new(false);
        let paths: Vec<String> = build(older).iter().map(|it| it.path.to_string()).collect();
        let overtake = |path: &str| {
            let is_deleted = !paths.iter().any(|it| it == path);
            if is_deleted && !was_overtaken.swap(true, Ordering::Relaxed) {
                publish(&way(&store), publication(&build(newer))).unwrap();
            }
        };
        let _ = publish(&disturbed(&store, &overtake), publication(&build(older)));
        tried += usize::from(was_overtaken.into_inner());
        publish(&way(&store), publication(&build(newer))).unwrap();
        publish(&way(&store), publication(&build(newer + 1))).unwrap();
        assert_whole(&store, newer + 1);
    }
    assert!(tried > 10, "{tried}");
}

#[test]
fn of_two_builds_for_one_instant_one_is_newer_while_both_are_published() {
    let changed = |text: &str| {
        let mut outputs = build(7);
        let manifest = outputs
            .iter_mut()
            .find(|it| it.path == "build.json")
            .unwrap();
        let known = digits(b"always the same");
        let old = String::from_utf8(manifest.bytes.to_vec()).unwrap();
        manifest.bytes = old.replace(&known, &digits(text.as_bytes())).into();
        let robots = outputs
            .iter_mut()
            .find(|it| it.path == "robots.txt")
            .unwrap();
        robots.bytes = text.to_owned().into();
        outputs
    };
    let (one, other) = (changed("one 3456789abcd"), changed("two 3456789abcd"));
    let outcomes = [(&one, &other), (&other, &one)].map(|(first, second)| {
        let store = Memory::default();
        let was_overtaken = AtomicBool::new(false);
        let in_between = std::sync::Mutex::new(None);
        let overtake = |path: &str| {
            if path == "index.html" && !was_overtaken.swap(true, Ordering::Relaxed) {
                *in_between.lock().unwrap() = Some(publish(&way(&store), publication(second)));
            }
        };
        let first = publish(&disturbed(&store, &overtake), publication(first));
        let second = in_between.into_inner().unwrap().unwrap();
        (first.is_ok(), second.is_ok())
    });
    // Whichever comes first: the same one wins.
    let mut outcomes = outcomes.to_vec();
    outcomes.sort_unstable();
    assert_eq!(outcomes[0].0, outcomes[1].1, "{outcomes:?}");
    // One after the other is a correction.
    let store = Memory::default();
    for build in [&one, &other, &one] {
        publish(&way(&store), publication(build)).unwrap();
    }
}

#[test]
fn a_page_that_comes_while_a_newer_one_is_replaced_stays() {
    let store = Memory::default();
    publish(&way(&store), publication(&build(5))).unwrap();
    let was_overtaken = AtomicBool::new(false);
    let overtake = |path: &str| {
        if path == "index.html" && !was_overtaken.swap(true, Ordering::Relaxed) {
            publish(&way(&store), publication(&build(9))).unwrap();
        }
    };
    let older = build(4);
    let forced = Publication {
        again: Again::Replace,
        ..publication(&older)
    };
    let forced = publish(&disturbed(&store, &overtake), forced);
    assert!(matches!(forced, Err(Failure::Newer { .. })), "{forced:?}");
    publish(&way(&store), publication(&build(10))).unwrap();
    assert_whole(&store, 10);
}

#[test]
fn a_store_that_takes_everything_is_refused() {
    let mut store = Memory::default();
    store.is_careless = true;
    let refused = publish(&way(&store), publication(&build(1)));
    assert_eq!(refused, Err(Failure::Unconditional));
}

/// The number of the build that a page is of, with the paths that it needs.
pub(super) fn page(text: &[u8]) -> (u64, Vec<String>) {
    let text = str::from_utf8(text).unwrap();
    let mut words = text.split(' ');
    let number = words.next().unwrap().parse().unwrap();
    (number, words.map(str::to_owned).collect())
}

/// Two publishers, whose builds come in about their order and who are often killed, and a reader all the while.
///
/// Between two builds each publisher rests for up to `pause` milliseconds. Returns how many publications reached their end, and how many were killed.
fn race(store: &dyn Store, rounds: u64, pause: u64) -> Tally {
    let mut order: Vec<u64> = (1..=rounds).collect();
    let mut dice = Dice::new(1);
    for few in order.chunks_mut(4) {
        few.rotate_left(dice.below(few.len() as u64) as usize);
    }
    let next = AtomicUsize::new(0);
    let is_over = AtomicBool::new(false);
    let (published, killed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let publishers = [7, 11].map(|seed| {
            let (next, order, published, killed) = (&next, &order, &published, &killed);
            scope.spawn(move || {
                let mut dice = Dice::new(seed);
                while let Some(number) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let requests = match dice.below(3) {
                        0 => dice.below(60) as i64,
                        _ => i64::MAX,
                    };
                    let way = cut_after(requests, store);
                    match publish(&way, publication(&build(*number))) {
                        Ok(_) => {
                            published.fetch_add(1, Ordering::Relaxed);
                        }
                        Err(Failure::Newer { .. }) => {}
                        Err(Failure::Store { why, .. }) if why == "killed" => {
                            killed.fetch_add(1, Ordering::Relaxed);
                        }
                        Err(failure) => panic!("{number}: {failure}"),
                    }
                    // Else each would be overtaken by the next one before it has ended.
                    std::thread::sleep(Duration::from_millis(dice.below(pause)));
                }
            })
        });
        let reader = scope.spawn(|| follow_links(store, &is_over));
        let publishers = publishers.map(|publisher| publisher.join());
        is_over.store(true, Ordering::Relaxed);
        let reads = reader.join().unwrap();
        assert!(publishers.iter().all(Result::is_ok));
        assert!(reads > rounds / 10, "{reads} reads");
    });
    publish(store, publication(&build(rounds))).unwrap();
    Tally {
        published: published.into_inner(),
        killed: killed.into_inner(),
    }
}

/// How publications ended, but for those that were refused because a newer page was live.
struct Tally {
    published: usize,
    killed: usize,
}

/// A reader, who never sees the page go back, and misses nothing that a page needs; returns how often pages were read.
fn follow_links(store: &dyn Store, is_over: &AtomicBool) -> u64 {
    let read = |path: &str| store.read(path).unwrap().map(|(bytes, _)| bytes);
    let is_there = |path: &&String| store.version(path).unwrap().is_some();
    let (mut newest, mut reads) = (0, 0);
    while !is_over.load(Ordering::Relaxed) {
        for path in ["index.html", "history/index.html"] {
            let Some(text) = read(path) else {
                continue;
            };
            let (number, needed) = page(&text);
            if path == "index.html" {
                assert!(number >= newest, "{newest} went back to {number}");
                newest = number;
            }
            for needed in needed.iter().filter(|needed| !is_there(needed)) {
                // A reader who is slower than two whole publications has an old page.
                let (present, _) = page(&read(path).unwrap());
                assert!(present > number, "{path} of {number} needs {needed}");
            }
            reads += 1;
        }
        std::thread::yield_now();
    }
    reads
}

#[test]
fn two_publishers_never_take_the_page_back_and_readers_miss_nothing() {
    let store = Memory::default();
    let Tally { published, killed } = race(&store, 1_000, 20);
    assert!(
        published > 50 && killed > 50,
        "{published} published, {killed} killed"
    );
    assert_whole(&store, 1_000);
}

/// The same against a real store, whose address and variables the environment names.
#[cfg(feature = "agent")]
#[test]
#[ignore = "it needs a store: `tests/stores/run` has some"]
fn a_real_store_keeps_the_promise() {
    let address = std::env::var("ALLCLEAR_TEST_STORE").unwrap();
    let rounds: u64 = std::env::var("ALLCLEAR_TEST_ROUNDS").map_or(100, |it| it.parse().unwrap());
    let variables = super::credentials::variables(std::env::vars());
    let tools = super::Tools {
        client: &crate::fetch::Client::new(),
        variables: &variables,
    };
    let name = crate::site::place::PlaceName::parse(&address).unwrap();
    let place = super::Place::open(&name, "".into(), &tools).unwrap();
    let store = place.store();
    let begin = std::time::Instant::now();
    let Tally { published, killed } = race(store, rounds, 400);
    let read = |path: &str| store.read(path).unwrap().map(|(bytes, _)| bytes);
    let live = Live::parse(&read("build.json").unwrap()).unwrap();
    assert_eq!(live.unsettled, None);
    for output in build(rounds) {
        let is_manifest = output.path == "build.json";
        let there = read(output.path.as_str());
        assert!(
            is_manifest || there.as_ref() == Some(&output.bytes),
            "{}",
            output.path
        );
    }
    let took = begin.elapsed().as_secs();
    println!(
        "{address}: {rounds} rounds by two publishers: {published} published, {killed} killed, the others older, in {took} s"
    );
}

//! Several who write at once: nobody's text is lost, and everybody is told the truth.

use std::collections::BTreeSet;
use std::fs;

use crate::posting::{AT, HEAD, with};
use crate::site_test::{NOW, Outcome, SiteTest, files_below};

/// The incident file of [`with`].
const FILE: &str = "incidents/2022-12-28-log-in-fails.md";

/// What the outcomes of a program are that runs so many times at once, each with arguments of its own.
fn at_once(
    site: &SiteTest,
    count: usize,
    arguments: impl Fn(usize) -> Vec<String> + Sync,
) -> Vec<Outcome> {
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..count)
            .map(|number| {
                let arguments = &arguments;
                scope.spawn(move || {
                    let arguments = arguments(number);
                    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
                    Outcome::of(site.command(&words).assert())
                })
            })
            .collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    })
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Fails where one of the outcomes is no success.
#[track_caller]
fn all_succeed(outcomes: &[Outcome]) {
    for outcome in outcomes {
        assert_eq!(outcome.code(), 0, "{}", outcome.stderr());
    }
}

/// The times of the updates of a file, from its top to its end.
fn times(text: &str) -> Vec<&str> {
    let headings = text.lines().filter_map(|line| line.strip_prefix("## "));
    headings
        .filter_map(|heading| heading.split(" · ").nth(1))
        .collect()
}

/// Forty people who post at once have posted forty updates, each with its text, in the order of their times.
#[test]
fn forty_updates_at_once_all_stand() {
    let before = format!("{HEAD}Summary.\n\n## Investigating · 2022-12-28 19:45\n\nWe look.\n");
    let site = with(&before);
    let outcomes = at_once(&site, 40, |number| {
        let text = format!("Text {number}.");
        words(&["update", "log-in", "update", "-m", &text, "--now", AT, "-q"])
    });
    all_succeed(&outcomes);
    let text = site.read(FILE);
    for number in 0..40 {
        assert_eq!(text.matches(&format!("\nText {number}.\n")).count(), 1);
    }
    let times = times(&text);
    assert_eq!(times.len(), 41, "{text}");
    assert!(times.is_sorted_by(|newer, older| newer >= older), "{text}");
    // What was there is there, to the byte.
    assert!(text.starts_with(&format!("{HEAD}Summary.\n\n## Update · ")));
    assert!(text.ends_with("\n\n## Investigating · 2022-12-28 19:45\n\nWe look.\n"));
    assert_eq!(files_below(&site.path("incidents")).len(), 1);
    site.run(&["check", "--strict", "--now", "2022-12-29T01:31:00Z"]);
}

/// The same as of the present, where each waits until the page shows what was posted.
#[test]
fn updates_of_one_second_keep_their_order() {
    let site = with(&format!(
        "{HEAD}## Investigating · 2022-12-28 19:45\n\nWe look.\n"
    ));
    for text in ["One.", "Two.", "Three."] {
        site.run(&["update", "log-in", "update", "-m", text, "-q"]);
    }
    let text = site.read(FILE);
    let place = |needle: &str| text.find(needle).unwrap();
    assert!(place("Three.") < place("Two.") && place("Two.") < place("One."));
    let times = times(&text);
    assert!(times.is_sorted_by(|newer, older| newer > older), "{text}");
}

/// However many post in a second: the page reads them in the order in which they were posted, and none is dated so far
/// ahead that the next one is refused.
#[test]
fn more_updates_than_seconds_keep_their_order() {
    let site = with(&format!(
        "{HEAD}## Investigating · 2022-12-28 19:45\n\nWe look.\n"
    ));
    for number in 0..12 {
        let text = format!("Text {number}.");
        site.run(&["update", "log-in", "update", "-m", &text, "--now", AT, "-q"]);
    }
    site.run(&["build", "--now", "2022-12-29T01:31:00Z"]);
    let page = site.read("public/incidents/2022-12-28-log-in-fails/index.html");
    let places: Vec<_> = (0..12)
        .map(|number| page.find(&format!("Text {number}.")).unwrap())
        .collect();
    assert!(places.is_sorted_by(|older, newer| older > newer), "{page}");
}

/// Wherever the file lies, and under whatever name it is known: the text is what matters.
#[test]
fn updates_at_once_stand_in_folders_and_behind_links() {
    let text = format!("{HEAD}## Investigating · 2022-12-28 19:45\n\nWe look.\n");
    let site = SiteTest::new()
        .file("incidents/log-in/index.md", &text)
        .file("incidents/2022/12/search.md", &text)
        .file("texts/linked.md", &text);
    std::os::unix::fs::symlink("../texts/linked.md", site.path("incidents/linked.md")).unwrap();
    let slugs = ["log-in", "search", "linked"];
    let outcomes = at_once(&site, 15, |number| {
        let text = format!("Text {number}.");
        let slug = slugs[number % 3];
        words(&["update", slug, "update", "-m", &text, "--now", AT, "-q"])
    });
    all_succeed(&outcomes);
    for (at, file) in [
        "incidents/log-in/index.md",
        "incidents/2022/12/search.md",
        "texts/linked.md",
    ]
    .iter()
    .enumerate()
    {
        let text = site.read(file);
        for number in (at..15).step_by(3) {
            assert!(text.contains(&format!("\nText {number}.\n")), "{text}");
        }
        assert_eq!(times(&text).len(), 6, "{text}");
    }
    // A link stays one.
    assert!(site.path("incidents/linked.md").is_symlink());
    assert_eq!(files_below(&site.path("texts")), ["linked.md"]);
}

/// A mark at the start of a file, by which some editors know UTF-8, stays where it is.
#[test]
fn an_update_keeps_a_byte_order_mark() {
    let before = format!("\u{feff}{HEAD}## Investigating · 2022-12-28 19:45\n\nWe look.\n");
    let site = with(&before);
    site.run(&["update", "log-in", "update", "-m", "More.", "--now", AT]);
    let update = "## Update · 2022-12-28 20:30\n\nMore.\n\n## Investigating";
    assert_eq!(site.read(FILE), before.replace("## Investigating", update));
}

/// Thirty people who see the same trouble write thirty files, each of them whole.
#[test]
fn thirty_new_incidents_at_once_are_thirty_files() {
    let site = SiteTest::new();
    let outcomes = at_once(&site, 30, |number| {
        let text = format!("Text {number}.");
        let web = "web=partial_outage";
        words(&[
            "new",
            "incident",
            "Pages fail",
            "-c",
            web,
            "-m",
            &text,
            "--now",
            AT,
            "-q",
        ])
    });
    all_succeed(&outcomes);
    let files = files_below(&site.path("incidents"));
    let told: BTreeSet<String> = (outcomes.iter())
        .map(|outcome| outcome.stdout().trim().replace("incidents/", ""))
        .collect();
    assert_eq!(files.len(), 30, "{files:?}");
    assert_eq!(told, files.iter().cloned().collect());
    let texts: Vec<String> = (files.iter())
        .map(|file| site.read(&format!("incidents/{file}")))
        .collect();
    for number in 0..30 {
        let text = format!("\nText {number}.\n");
        let holders = texts.iter().filter(|it| it.contains(&text));
        assert_eq!(holders.count(), 1, "{text}");
    }
    site.run(&["check", "--now", "2022-12-29T01:31:00Z"]);
}

/// A name that a file has which is no incident yet, or only another spelling of one, is taken.
#[test]
fn a_new_incident_takes_the_next_name() {
    let site = SiteTest::new().file("incidents/2022-12-28-pages-fail.md", "---\ntitle: [\n---\n");
    let new = ["new", "incident", "Pages fail", "-c", "web=major_outage"];
    let new = [&new[..], &["-m", "We look.", "--now", AT, "-q"]].concat();
    site.run(&new)
        .expect_stdout("incidents/2022-12-28-pages-fail-2.md\n");
    assert_eq!(
        site.read("incidents/2022-12-28-pages-fail.md"),
        "---\ntitle: [\n---\n"
    );
}

/// Of two who say that it is over, one has said it, and the other is told so.
#[test]
fn one_of_two_resolves() {
    let site = with(&format!(
        "{HEAD}## Investigating · 2022-12-28 19:45\n\nWe look.\n"
    ));
    let outcomes = at_once(&site, 2, |number| {
        let text = format!("Text {number}.");
        words(&["resolve", "log-in", "-m", &text, "--now", AT, "-q"])
    });
    let mut codes: Vec<i32> = outcomes.iter().map(Outcome::code).collect();
    codes.sort_unstable();
    assert_eq!(codes, [0, 2]);
    let told = outcomes.iter().find(|it| it.code() == 2).unwrap().stderr();
    assert!(told.contains("`2022-12-28-log-in-fails` is over"), "{told}");
    let text = site.read(FILE);
    assert_eq!(text.matches("## Resolved").count(), 1, "{text}");
}

/// Monitors that write by themselves lose no line to those that use `record`, and none is half.
#[test]
fn record_leaves_room_for_others_who_append() {
    let site = SiteTest::new().file("evidence/states.jsonl", "");
    let states = site.path("evidence/states.jsonl");
    let line = |source: &str| {
        format!(
            "{{\"component\":\"api\",\"status\":\"operational\",\"from\":\"2022-12-29T01:00:00Z\",\"source\":\"{source}\"}}\n"
        )
    };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0..200 {
                use std::io::Write as _;
                let mut file = fs::File::options().append(true).open(&states).unwrap();
                let line = line(&format!("own-{number}"));
                file.write_all(line.as_bytes()).unwrap();
                std::thread::sleep(std::time::Duration::from_millis(2));
            }
        });
        let outcomes = at_once(&site, 30, |number| {
            let source = format!("s{}", number % 10);
            words(&[
                "record",
                "web",
                "operational",
                "--source",
                &source,
                "--now",
                NOW,
                "-q",
            ])
        });
        all_succeed(&outcomes);
    });
    let text = site.read("evidence/states.jsonl");
    for number in 0..200 {
        assert_eq!(text.matches(&format!("\"own-{number}\"")).count(), 1);
    }
    for number in 0..10 {
        assert_eq!(text.matches(&format!("\"s{number}\"")).count(), 1, "{text}");
    }
    site.run(&["check", "--now", NOW]);
}

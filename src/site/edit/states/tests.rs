#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::sync::Arc;

use chrono::TimeDelta;
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::diagnostic::{Diagnostics, SourceFile};
use crate::site::Site;
use crate::site::fixtures::at;
use crate::site::lookup::Directory;
use crate::site::observation::PULLED;
use crate::site::read::{AsOf, Drafts, Memos, evidence, read};
use crate::site::vocabulary::Status;
use crate::source::Files;
use crate::status::{SiteStatus, shortest};
use crate::time;

/// Two components whose observations hold for half an hour, and a source that is not believed for ten minutes.
const CONFIG: &str = r#"
title = "Sample"
base_url = "https://status.example.com/"
[[components]]
id = "web"
states = { valid_for = "30m" }
[[components]]
id = "api"
states = { valid_for = "30m" }
[sources.west]
ignore = [{ from = "2022-12-28T12:00:00Z", until = "2022-12-28T12:10:00Z", reason = "Broken." }]
"#;

fn file(path: &str, text: &str) -> Arc<SourceFile> {
    Arc::new(SourceFile {
        path: path.into(),
        text: text.to_owned(),
    })
}

/// The site with these files of evidence.
fn site(evidence: &[(&str, &str)]) -> Site {
    let mut evidence: Vec<_> = (evidence.iter())
        .map(|(path, text)| file(path, text))
        .collect();
    evidence.sort_by(|a, b| a.path.cmp(&b.path));
    let files = Files {
        config: Some(file("allclear.toml", CONFIG)),
        evidence,
        ..Files::default()
    };
    let mut found = Diagnostics::new();
    let memos = &mut Memos::default();
    let site = read(&files, Drafts::LeftOut, AsOf::History, memos, &mut found);
    assert_eq!(found.errors(), 0, "{found:?}");
    site.unwrap()
}

fn states(path: &str, text: &str, site: &Site) -> States {
    let components = Directory::new(&site.components);
    let mut found = Diagnostics::new();
    let file = file(path, text);
    let states = evidence::states(&file, &components, chrono_tz::UTC, &mut found);
    assert_eq!(found.errors(), 0, "{found:?}");
    states
}

/// What is published of a site.
fn published(site: &Site, now: Instant) -> String {
    let records = shortest(site, now);
    let sources = site.sources.iter().zip(&records);
    let lines = sources.flat_map(|(source, seen)| seen.iter().map(move |it| (source, it)));
    let line = |(source, seen): (&crate::site::observation::Source, &Observation)| {
        line(NamedObservation {
            source: &source.name,
            component: &site.components[seen.component.0].id,
            seen,
        })
    };
    lines.map(line).collect()
}

/// The text of what was pulled, after `live` was pulled, too.
fn pull(own: &[(&str, &str)], before: &str, live: &str, now: Instant) -> PulledText {
    let site = site(own);
    let records = shortest(&site, now);
    let names = site.sources.iter().map(|source| source.name.as_str());
    let known = names.zip(records).collect();
    let (before, live) = (states(PULLED, before, &site), states("live", live, &site));
    pulled(&site.components, &before, &live, &known, now)
}

/// A file in its shortest form, beside others.
fn compact(path: &str, text: &str, others: &[(&str, &str)]) -> String {
    let all: Vec<(&str, &str)> = others.iter().copied().chain([(path, text)]).collect();
    let site = site(&all);
    let components = Directory::new(&site.components);
    let mut bounds = Bounds::new();
    for (path, text) in others {
        let read = evidence::placed(
            &file(path, text),
            &components,
            chrono_tz::UTC,
            &mut Diagnostics::new(),
        );
        for line in read {
            let key = (line.source, line.seen.component);
            bounds
                .entry(key)
                .or_default()
                .extend([line.seen.from, line.seen.to]);
        }
    }
    bounds.values_mut().for_each(|it| it.sort());
    let silences = site.sources.iter().map(|source| {
        let silences = source.silences.iter().map(|it| (it.from, it.until));
        (source.name.clone(), silences.collect())
    });
    let around = Around {
        valid_for: &[TimeDelta::minutes(30); 2],
        ids: &["web", "api"],
        others: &bounds,
        silences: &silences.collect(),
        present: at("20:00"),
    };
    let lines = evidence::placed(
        &file(path, text),
        &components,
        chrono_tz::UTC,
        &mut Diagnostics::new(),
    );
    compacted(text, &lines, &around)
}

/// A line of a source about `web`, as somebody wrote it by hand.
fn by_hand(status: &str, from: &str, to: &str) -> String {
    format!(
        "{{ \"source\":\"probe\", \"component\":\"web\",\"status\":\"{status}\",\"from\":\"2022-12-28 {from}Z\",\"to\":\"2022-12-28 {to}Z\"}}\n"
    )
}

#[test]
fn the_same_again_becomes_one_line_and_others_stay() {
    let operator = "{\"component\":\"web\",\"status\":\"major_outage\",\"from\":\"2022-12-28 10:05Z\",\"source\":\"operator\",\"reason\":\"By hand.\",\"until\":\"2022-12-28 11:00Z\"}\n";
    let text = [
        &by_hand("operational", "10:00", "10:00"),
        &operator.to_owned(),
        &by_hand("operational", "10:10", "10:20"),
        &by_hand("operational", "10:50", "10:50"),
        &by_hand("major_outage", "11:00", "11:00"),
        &by_hand("operational", "11:10", "11:10"),
        &by_hand("operational", "11:41", "11:41"),
    ]
    .map(String::as_str)
    .concat();
    let long = "{\"component\":\"web\",\"status\":\"operational\",\"from\":\"2022-12-28T10:00:00Z\",\"to\":\"2022-12-28T10:50:00Z\",\"source\":\"probe\"}\n";
    let rest: Vec<&str> = text.lines().skip(4).collect();
    let expected = format!("{long}{operator}{}\n", rest.join("\n"));
    assert_eq!(compact("evidence/a.jsonl", &text, &[]), expected);
    assert_eq!(compact("evidence/a.jsonl", &expected, &[]), expected);
}

#[test]
fn what_another_file_says_in_between_keeps_lines_apart() {
    let text = by_hand("operational", "10:00", "10:00") + &by_hand("operational", "10:20", "10:20");
    let between = by_hand("major_outage", "10:10", "10:10");
    assert_eq!(
        compact("evidence/a.jsonl", &text, &[("evidence/b.jsonl", &between)]),
        text
    );
    let late = by_hand("operational", "19:50", "19:50") + &by_hand("operational", "20:01", "20:01");
    assert_eq!(
        compact("evidence/a.jsonl", &late, &[]),
        late,
        "nobody can have seen that yet"
    );
}

#[test]
fn only_what_is_new_is_pulled() {
    let own = by_hand("operational", "10:00", "10:20") + &by_hand("operational", "10:40", "11:00");
    let live = by_hand("operational", "09:00", "09:10") + &by_hand("operational", "10:00", "10:50");
    let pulled = pull(&[("evidence/a.jsonl", &own)], "", &live, at("20:00"));
    assert_eq!(
        pulled,
        PulledText {
            text: "{\"component\":\"web\",\"status\":\"operational\",\"from\":\"2022-12-28T09:00:00Z\",\"to\":\"2022-12-28T09:10:00Z\",\"source\":\"probe\"}\n".to_owned(),
            added: 1,
        }
    );
}

/// An operator takes a word back by deleting its line; once it is over it is history.
#[test]
fn an_operators_word_is_pulled_once_it_is_over() {
    let word = "{\"component\":\"web\",\"status\":\"major_outage\",\"from\":\"2022-12-28T10:05:00Z\",\"source\":\"operator\",\"reason\":\"By hand.\",\"until\":\"2022-12-28T11:00:00Z\"}\n";
    let meanwhile = pull(&[], "", word, at("10:59"));
    assert_eq!((meanwhile.text.as_str(), meanwhile.added), ("", 0));
    let later = pull(&[], "", word, at("11:00"));
    assert_eq!((later.text.as_str(), later.added), (word, 1));
    // Where the site says several things of that instant, it knows each of them.
    let both = [word, &word.replace("major_outage", "operational")].concat();
    let known = pull(&[("evidence/words.jsonl", &both)], "", word, at("11:00"));
    assert_eq!(known.added, 0);
}

/// A line that another file has of the same source speaks again at its end.
#[test]
fn lines_between_which_another_file_ends_are_not_one() {
    let trouble = [
        by_hand("major_outage", "10:30", "10:34"),
        by_hand("major_outage", "10:54", "10:54"),
    ];
    let text = trouble.concat();
    let pulled = by_hand("operational", "10:00", "10:50");
    assert_eq!(
        compact("evidence/a.jsonl", &text, &[(PULLED, &pulled)]),
        text
    );
}

/// Lines of three sources about two components, an operator's among them.
fn lines() -> impl Strategy<Value = String> {
    let words = [
        Status::Operational,
        Status::DegradedPerformance,
        Status::MajorOutage,
    ];
    let line = (
        0..3_usize,
        0..2_usize,
        0..3_usize,
        0..300_i64,
        prop_oneof![Just(0_i64), Just(4), Just(50)],
    );
    vec(line, 0..14).prop_map(move |lines| {
        let lines = lines.into_iter().map(|(source, component, word, minute, length)| {
            let source = ["operator", "probe", "west"][source];
            let from = at("10:00") + TimeDelta::minutes(minute);
            let to = time::rfc3339(from + TimeDelta::minutes(length));
            let rest = match source {
                "operator" => format!(",\"reason\":\"{length}\",\"until\":\"{to}\""),
                _ => format!(",\"to\":\"{to}\""),
            };
            format!(
                "{{\"component\":\"{}\",\"status\":\"{}\",\"from\":\"{}\",\"source\":\"{source}\"{rest}}}\n",
                ["web", "api"][component],
                words[word].as_str(),
                time::rfc3339(from),
            )
        });
        lines.collect()
    })
}

/// What is derived of a site, with the names of sources.
fn derived(site: &Site, now: Instant) -> String {
    let SiteStatus {
        snapshot,
        forecast,
        interventions,
        ..
    } = SiteStatus::new(site, now);
    // A silence is listed only of a source of which there is something, and what is silenced is not published.
    let overrides = interventions.overrides;
    let text = format!("{snapshot:?} {forecast:?} {overrides:?}");
    let sources = site.sources.iter().enumerate();
    sources.fold(text, |text, (index, source)| {
        text.replace(&format!("SourceIndex({index})"), &source.name)
    })
}

/// Of two states of one instant the last one counts, whatever they are.
#[test]
fn states_of_one_instant_keep_their_order() {
    for (first, second) in [
        ("operational", "major_outage"),
        ("major_outage", "operational"),
    ] {
        let text = [
            by_hand("operational", "09:50", "09:55"),
            by_hand(first, "10:00", "10:20"),
            by_hand(second, "10:00", "10:10"),
        ];
        let now = at("10:15");
        let before = site(&[("evidence/a.jsonl", &text.concat())]);
        let live = published(&before, now);
        let after = site(&[(PULLED, &pull(&[], "", &live, now).text)]);
        assert_eq!(published(&after, now), live);
        assert_eq!(derived(&before, now), derived(&after, now));
        let said = SiteStatus::new(&after, now).snapshot.components[0].status;
        assert_eq!(said.as_str(), second);
    }
}

/// A long look in the middle of which the source says something else holds only up to that: what is said later is news.
#[test]
fn what_a_longer_look_seems_to_cover_is_pulled() {
    let text = [
        by_hand("operational", "11:36", "11:36"),
        by_hand("major_outage", "11:30", "12:20"),
        by_hand("major_outage", "11:37", "11:37"),
    ];
    let now = at("11:37");
    let before = site(&[("evidence/a.jsonl", &text.concat())]);
    let live = published(&before, now);
    let pulled = pull(&[], "", &live, now);
    assert_eq!((pulled.text.as_str(), pulled.added), (live.as_str(), 3));
    let after = site(&[(PULLED, &pulled.text)]);
    assert_eq!(published(&after, now), live);
    assert_eq!(derived(&before, now), derived(&after, now));
    let said = SiteStatus::new(&after, now).snapshot.components[0].status;
    assert_eq!(said, Status::MajorOutage);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn a_compact_file_means_the_same(text in lines(), other in lines(), live in lines(), now in 0..500_i64) {
        let others = [("evidence/b.jsonl", other.as_str()), (PULLED, live.as_str())];
        let compact = compact("evidence/a.jsonl", &text, &others);
        prop_assert!(compact.len() <= text.len());
        let with = |text: &str| {
            let all: Vec<(&str, &str)> = others.iter().copied().chain([("evidence/a.jsonl", text)]).collect();
            site(&all)
        };
        let (before, after) = (with(&text), with(&compact));
        // Later than all that is there nothing differs, and before that no status does.
        for later in [at("20:00"), at("29 10:00")] {
            prop_assert_eq!(derived(&before, later), derived(&after, later));
        }
        let now = at("10:00") + TimeDelta::minutes(now);
        let statuses = |site: &Site| {
            let components = SiteStatus::new(site, now).snapshot.components;
            components.iter().map(|it| it.status).collect::<Vec<_>>()
        };
        prop_assert_eq!(statuses(&before), statuses(&after));
    }

    /// In whatever order live pages are pulled, and however often.
    #[test]
    fn pages_are_pulled_in_any_order(own in lines(), a in lines(), b in lines(), early in 0..400_i64) {
        let now = at("20:00");
        let published_of = |text: &str, now| published(&site(&[("evidence/x.jsonl", text)]), now);
        // The one page is older than the other.
        let (a, b) = (published_of(&a, at("10:00") + TimeDelta::minutes(early)), published_of(&b, now));
        let own = [("evidence/a.jsonl", own.as_str())];
        let both = |first: &str, second: &str| {
            let first = pull(&own, "", first, now).text;
            pull(&own, &first, second, now).text
        };
        let meaning = |pulled: &str| derived(&site(&[own[0], (PULLED, pulled)]), now);
        let one = both(&a, &b);
        prop_assert_eq!(meaning(&one), meaning(&both(&b, &a)));
        for again in [&a, &b] {
            let again = pull(&own, &one, again, now);
            prop_assert_eq!((&again.text, again.added), (&one, 0));
        }
    }

    /// A page that is made of nothing but what was published, and of what an operator wrote, says the same, and publishes
    /// the same.
    #[test]
    fn an_empty_disk_goes_on_where_the_page_stopped(text in lines(), now in 0..500_i64) {
        let now = at("10:00") + TimeDelta::minutes(now);
        let before = site(&[("evidence/a.jsonl", &text)]);
        let live = published(&before, now);
        let is_word = |line: &&str| line.contains("operator");
        let words = text.lines().filter(is_word).map(|line| format!("{line}\n"));
        let words = words.collect::<String>();
        let own = [("evidence/words.jsonl", words.as_str())];
        let pulled = pull(&own, "", &live, now);
        prop_assert_eq!(pulled.added, live.lines().filter(|line| !is_word(line)).count());
        let after = site(&[own[0], (PULLED, &pulled.text)]);
        prop_assert_eq!(published(&after, now), live);
        prop_assert_eq!(derived(&before, now), derived(&after, now));
    }

    /// What the site's own files know of a time is known still after a pull.
    #[test]
    fn nothing_newer_is_taken_back(own in lines(), live in lines()) {
        let now = at("20:00");
        let own = [("evidence/a.jsonl", own.as_str())];
        let after = site(&[own[0], (PULLED, &pull(&own, "", &live, now).text)]);
        for (component, state) in SiteStatus::new(&site(&own), now).snapshot.components.iter().enumerate() {
            let Some(evidence) = &state.evidence else { continue };
            let pulled = &SiteStatus::new(&after, now).snapshot.components[component].evidence;
            prop_assert!(evidence.confirmed_at <= pulled.as_ref().unwrap().confirmed_at);
        }
    }
}

//! For random sites and instants: no output has a percentage, a green day, a quiet day or an all-clear that the rules
//! do not give.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, Days, NaiveDate};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, prop_oneof, proptest};
use proptest::sample::select;
use proptest::test_runner::Config;
use scraper::Html;

use self::reading::{
    Component, DAY, Facts, Incident, Known, Maintenance, Observation, Said, Status, instant, sum,
};
use crate::pages::{all, page, present, text, texts};
use crate::site_test::SiteTest;

mod reading;

/// The steps within which everything happens: twelve days.
const STEPS: i64 = 12 * DAY;

fn statuses() -> impl Strategy<Value = Status> {
    select(vec![
        Status::DegradedPerformance,
        Status::PartialOutage,
        Status::MajorOutage,
    ])
}

fn components() -> impl Strategy<Value = Vec<Component>> {
    let since = prop_oneof![2 => Just(None), 1 => (-3 * DAY..STEPS).prop_map(Some)];
    let required = select(vec![None, None, Some(true), Some(false)]);
    let component = (since, required).prop_map(|(since, required)| Component { since, required });
    vec(component, 1..=2)
}

fn incidents() -> impl Strategy<Value = Vec<Incident>> {
    let gap = || prop_oneof![1..6_i64, 1..4 * DAY];
    let incident = (
        0..2_usize,
        0..STEPS,
        statuses(),
        vec(gap(), 5),
        0..=5_usize,
        0..6_i64,
    );
    let incident = incident.prop_map(|(component, started, status, gaps, count, first)| {
        // Each is as long as how far it came.
        let said = [
            Said::Identified,
            Said::Resolved,
            Said::Reopened,
            Said::Resolved,
            Said::Postmortem,
        ];
        let mut later = first;
        let mut updates = Vec::new();
        for (said, gap) in said.into_iter().zip(gaps).take(count) {
            updates.push((later, said));
            later += gap;
        }
        Incident {
            component,
            started,
            status,
            updates,
        }
    });
    vec(incident, 0..3)
}

fn maintenances() -> impl Strategy<Value = Vec<Maintenance>> {
    let ahead = prop_oneof![Just(None), (1..3 * DAY).prop_map(Some)];
    let work = (0..2_usize, 0..STEPS, 1..20_i64, ahead);
    let work = work.prop_map(|(component, starts, length, ahead)| Maintenance {
        component,
        starts,
        ends: starts + length,
        announced: ahead.map(|ahead| starts - ahead),
    });
    vec(work, 0..2)
}

fn observations() -> impl Strategy<Value = Vec<Observation>> {
    let status = prop_oneof![6 => Just(Status::Operational), 1 => statuses()];
    let length = prop_oneof![0..4_i64, 0..5 * DAY];
    let one = (0..2_usize, 0..2_usize, 0..STEPS, length, status);
    vec(one, 0..8).prop_map(|all| {
        let mut known: BTreeMap<(usize, usize, i64), Observation> = BTreeMap::new();
        for (source, component, from, length, status) in all {
            let observation = Observation {
                source,
                component,
                from,
                to: from + length,
                status,
            };
            known.insert((source, component, from), observation);
        }
        // Those of a source follow one another.
        let next: Vec<Option<i64>> = known
            .keys()
            .map(|(source, component, from)| {
                let mut later = known.range((*source, *component, from + 1)..);
                let next = later.next().map(|(key, _)| *key);
                next.filter(|it| (it.0, it.1) == (*source, *component))
                    .map(|it| it.2)
            })
            .collect();
        let observations = known.into_values().zip(next);
        observations
            .map(|(it, next)| Observation {
                to: next.map_or(it.to, |next| it.to.min(next)),
                ..it
            })
            .collect()
    })
}

fn sites() -> impl Strategy<Value = Facts> {
    let zone = select(vec![
        chrono_tz::UTC,
        chrono_tz::America::New_York,
        chrono_tz::Asia::Kolkata,
        chrono_tz::Pacific::Apia,
    ]);
    let theme = select(vec!["default", "default", "plain"]);
    let posts = (incidents(), maintenances(), vec(0..STEPS, 0..2));
    (zone, theme, components(), posts, observations()).prop_map(
        |(zone, theme, components, (incidents, maintenances, notices), observations)| {
            let count = components.len();
            let mut facts = Facts {
                zone,
                theme,
                components,
                incidents,
                maintenances,
                notices,
                observations,
            };
            facts.incidents.retain(|it| it.component < count);
            facts.maintenances.retain(|it| it.component < count);
            facts.observations.retain(|it| it.component < count);
            facts
        },
    )
}

/// The last so many days up to today, oldest first.
fn last_days(facts: &Facts, now: i64, count: u64) -> Vec<NaiveDate> {
    let today = facts.date(now);
    let days = (0..count).rev().map(|back| today - Days::new(back));
    days.collect()
}

/// A percentage as pages print it, rounded down.
fn percent(share: f64, steps: f64) -> String {
    format!("{}%", (share * 100.0 * steps + 1e-9).floor() / steps)
}

/// The percentages that the uptime of some days may be said with.
fn allowed(known: &Known) -> Vec<String> {
    let ratio = known.ratio().map(|ratio| percent(ratio, 100.0));
    let measured = known.ratio().map(|_| percent(known.measured(), 10.0));
    ratio.into_iter().chain(measured).collect()
}

/// All that a reader of a page may read, or hear, or find in its head.
fn readable(page: &Html) -> String {
    let mut words = texts(page, "body").join(" ");
    for element in page.root_element().descendent_elements() {
        for attribute in ["title", "aria-label", "content", "data-title"] {
            if let Some(value) = element.attr(attribute) {
                words.push(' ');
                words.push_str(value);
            }
        }
    }
    // The weights of the formula are no claims.
    words.replace(
        "counts a major outage as 100% and a partial outage as 30% of",
        "",
    )
}

/// The percentages of a text.
fn percentages(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| c.is_whitespace() || ",;:()".contains(c));
    let words = words.filter(|word| word.contains('%'));
    words.map(str::to_owned).collect()
}

/// The dates of the bars of a class in a drawing whose first place is `first`.
fn bars(drawing: scraper::ElementRef<'_>, class: Option<&str>, first: NaiveDate) -> Vec<NaiveDate> {
    let mut days = Vec::new();
    let paths = drawing
        .descendent_elements()
        .filter(|it| it.value().name() == "path");
    for path in paths.filter(|it| class.is_none() || it.attr("class") == class) {
        let mut x = 0;
        for line in path.attr("d").unwrap().split(['m', 'M']).skip(1) {
            x += line.split(' ').next().unwrap().parse::<u64>().unwrap();
            days.push(first + Days::new((x - 2) / 6));
        }
    }
    days
}

/// Asserts that a drawing has no bar that the rules do not give.
fn check_bars(
    facts: &Facts,
    now: i64,
    component: usize,
    drawing: scraper::ElementRef<'_>,
    days: &[NaiveDate],
) {
    let known = |day: &NaiveDate| facts.known(component, *day, now);
    for day in bars(drawing, None, days[0]) {
        assert!(
            facts
                .first_day(component, now)
                .is_some_and(|first| first <= day),
            "c{component}: a bar on {day}"
        );
    }
    for day in bars(drawing, Some("operational"), days[0]) {
        assert!(
            facts.is_green(component, day, now),
            "c{component}: {day} is green"
        );
    }
    let all = sum(days.iter().map(known));
    let label = drawing.attr("aria-label").unwrap();
    if label.contains("without an outage") {
        assert!(
            all.ratio().is_some() && all.down == 0 && all.known == all.counts,
            "c{component}: {label}"
        );
    }
}

/// The rows of the last days: the days of each, and what stands there.
fn rows(facts: &Facts, now: i64, index: &Html) -> Vec<(Vec<NaiveDate>, String)> {
    let (days, words) = match facts.theme {
        "plain" => (texts(index, "main dl > dt"), {
            let rows = texts(index, "main dl").join(" ");
            vec![rows; all(index, "main dl > dt").len()]
        }),
        _ => (
            texts(index, ".days .day"),
            all(index, ".days > li").into_iter().map(text).collect(),
        ),
    };
    let mut day = facts.date(now);
    let mut rows = Vec::new();
    for (at, (label, words)) in days.iter().zip(words).enumerate() {
        // `Wed, Dec 28, 2022`, or `Thu, Dec 15, 2022 – Tue, Dec 27, 2022`.
        let first = label.split(" – ").next().unwrap();
        let mut covered = vec![day];
        while covered[covered.len() - 1]
            .format("%a, %b %-d, %Y")
            .to_string()
            != first
        {
            covered.push(covered[covered.len() - 1] - Days::new(1));
            assert!(covered.len() <= 14, "{label}");
        }
        day = covered[covered.len() - 1] - Days::new(1);
        let words = match facts.theme {
            // A list of terms and what belongs to them.
            "plain" => {
                let rest = words.split_once(label.as_str()).unwrap().1;
                let next = days
                    .get(at + 1)
                    .and_then(|next| rest.split_once(next.as_str()));
                next.map_or(rest, |(own, _)| own).to_owned()
            }
            _ => words,
        };
        rows.push((covered, words));
    }
    rows
}

fn check_json(facts: &Facts, now: i64, status: &serde_json::Value) {
    let is_all_clear = status["headline"]["state"] == "all_clear";
    assert!(!is_all_clear || facts.is_all_clear(now), "{status:#}");
    for (index, component) in status["components"].as_array().unwrap().iter().enumerate() {
        let days = last_days(facts, now, 90);
        let known = sum(days.iter().map(|day| facts.known(index, *day, now)));
        let (ratio, measured) = (
            component["uptime"]["ratio"].as_f64(),
            component["uptime"]["measured"].as_f64(),
        );
        match (ratio, known.ratio()) {
            (None, None) => {}
            (Some(ratio), Some(expected)) if (ratio - expected).abs() < 1e-9 => {}
            other => panic!("c{index}: {other:?}, {known:?}"),
        }
        assert!(
            (measured.unwrap() - known.measured()).abs() < 1e-9,
            "c{index}: {measured:?}, {known:?}"
        );
    }
}

fn check_index(facts: &Facts, now: i64, index: &Html) {
    let words = readable(index);
    let is_all_clear = texts(index, "h1") == ["All systems operational"]
        || words.contains("All systems operational");
    assert!(!is_all_clear || facts.is_all_clear(now), "{words}");
    let days = last_days(facts, now, 90);
    let components = 0..facts.components.len();
    let known = components.map(|it| sum(days.iter().map(|day| facts.known(it, *day, now))));
    let allowed: BTreeSet<String> = known.flat_map(|it| allowed(&it)).collect();
    let found = percentages(&words);
    assert!(found.is_subset(&allowed), "{found:?}, not {allowed:?}");
    for row in present(index, ".components > li") {
        let name = row
            .descendent_elements()
            .find(|it| it.value().name() == "bdi")
            .unwrap();
        let component: usize = text(name)[1..].parse().unwrap();
        let mut inside = row.descendent_elements();
        if let Some(drawing) = inside.find(|it| it.attr("preserveAspectRatio").is_some()) {
            check_bars(facts, now, component, drawing, &days);
        }
    }
    for (days, words) in rows(facts, now, index) {
        if words.contains("No incidents reported") {
            for day in days {
                assert!(!facts.is_eventful(day, now), "{day}: {words}");
                assert!(
                    facts.first_quiet_day(now).is_some_and(|first| first <= day),
                    "{day}: {words}"
                );
            }
        }
    }
}

fn check_component(facts: &Facts, now: i64, component: usize, page: &Html) {
    let days = last_days(facts, now, 90);
    let year = last_days(facts, now, 366);
    let known = |days: &[NaiveDate]| sum(days.iter().map(|day| facts.known(component, *day, now)));
    let mut months: BTreeMap<String, Vec<NaiveDate>> = BTreeMap::new();
    for day in year {
        months
            .entry(day.format("%B %Y").to_string())
            .or_default()
            .push(day);
    }
    // The figures above the bars count 90, 30 and 365 days.
    let mut may_be_said: BTreeSet<String> = [90, 30, 365]
        .into_iter()
        .flat_map(|count| allowed(&known(&last_days(facts, now, count))))
        .collect();
    for month in present(page, ".months > li") {
        let words = text(month);
        let name: Vec<&str> = words.split(' ').take(2).collect();
        let days = &months[&name.join(" ")];
        let allowed: BTreeSet<String> = allowed(&known(days)).into_iter().collect();
        assert!(
            percentages(&words).is_subset(&allowed),
            "c{component}: {words}"
        );
        may_be_said.extend(allowed);
        let mut inside = month.descendent_elements();
        let drawing = inside.find(|it| it.attr("preserveAspectRatio").is_some());
        check_bars(
            facts,
            now,
            component,
            drawing.unwrap(),
            &[vec![days[0].with_day(1).unwrap()], days.clone()].concat(),
        );
    }
    if facts.theme == "plain" {
        for days in months.values() {
            may_be_said.extend(allowed(&known(days)));
        }
    }
    let words = readable(page);
    let found = percentages(&words);
    assert!(
        found.is_subset(&may_be_said),
        "c{component}: {found:?}, not {may_be_said:?}"
    );
    if let Some(drawing) = present(page, ".bars svg").first() {
        check_bars(facts, now, component, *drawing, &days);
    }
    let is_well =
        texts(page, "header.headline .status, section.headline strong").concat() == "Operational";
    assert!(
        !is_well || facts.is_confirmed(component, now),
        "c{component}: {words}"
    );
    if words.contains("No incidents reported") {
        let named = facts
            .incidents
            .iter()
            .any(|it| it.component == component && it.started <= now && it.updates.is_empty());
        assert!(!named && known(&days).down == 0, "c{component}: {words}");
    }
}

proptest! {
    #![proptest_config(Config { cases: 48, max_shrink_iters: 200, failure_persistence: None, ..Config::default() })]

    #[test]
    fn nothing_is_said_that_the_rules_do_not_give(
        facts in sites(),
        now in prop_oneof![4 => 0..STEPS, 2 => STEPS..40 * DAY, 1 => STEPS..200 * DAY],
    ) {
        let site = SiteTest::empty();
        for (path, text) in facts.files() {
            site.write(&path, text);
        }
        let at = instant(now).to_rfc3339();
        site.command(&["build", "--now", &at]).assert().success();
        check_json(&facts, now, &site.status(&at));
        check_index(&facts, now, &page(&site, "index.html"));
        for component in 0..facts.components.len() {
            let path = format!("components/c{component}/index.html");
            check_component(&facts, now, component, &page(&site, &path));
        }
        for path in site.outputs() {
            let is_told = !path.starts_with("components/") && path != "index.html";
            if is_told && path.ends_with(".html") {
                let found = percentages(&readable(&page(&site, &path)));
                assert!(found.is_empty(), "{path}: {found:?}");
            }
            let endings = [".atom", ".rss", "feed.json", ".ics"];
            if endings.iter().any(|ending| path.ends_with(ending)) {
                let text = site.read(&format!("public/{path}"));
                assert!(!text.contains('%') && !text.contains("All systems"), "{path}: {text}");
            }
        }
    }
}

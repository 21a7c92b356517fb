//! Several claims about one component: which of them counts, what readers are told of it, and until when it holds.

use serde_json::Value;

use crate::pages::{all, page, text, texts};
use crate::site_test::SiteTest;

/// The instant of these tests.
const NOON: &str = "2024-05-14T12:00:00Z";

/// A site of one component, in UTC, whose states are these lines; each is `SOURCE STATUS FROM`.
fn site(config: &str, states: &[&str]) -> SiteTest {
    let lines: Vec<String> = states.iter().map(|state| line(state)).collect();
    SiteTest::empty()
        .file(
            "allclear.toml",
            format!(
                "title = \"Bakery\"\nbase_url = \"https://status.bakery.example/\"\n\n[[components]]\nid = \"oven\"\nname = \"Oven\"\n{config}\n"
            ),
        )
        .file("evidence/states.jsonl", lines.join("\n") + "\n")
}

/// `probe operational 11:30`, or an operator's word with its end: `operator operational 11:30 14:00`.
fn line(state: &str) -> String {
    let words: Vec<&str> = state.split(' ').collect();
    let at = |clock: &str| format!("2024-05-14T{clock}:00Z");
    let claim = words.get(3).map_or_else(String::new, |until| {
        format!(
            r#","reason":"We looked ourselves.","until":"{}""#,
            at(until)
        )
    });
    format!(
        r#"{{"component":"oven","source":"{}","status":"{}","from":"{}"{claim}}}"#,
        words[0],
        words[1],
        at(words[2])
    )
}

fn built(site: &SiteTest) {
    site.command(&["build", "--now", NOON]).assert().success();
}

/// The sentences and the claims under "How we know".
fn how_we_know(site: &SiteTest) -> Vec<String> {
    built(site);
    let page = page(site, "components/oven/index.html");
    let section = all(&page, "section")
        .into_iter()
        .find(|section| text(*section).starts_with("How we know"))
        .unwrap();
    let shown = scraper::Selector::parse("p, dt, dd").unwrap();
    section.select(&shown).map(text).collect()
}

/// When the headline of the index changes by itself, and what it says from then on.
fn foretold(site: &SiteTest) -> Vec<(String, String)> {
    built(site);
    let page = page(site, "index.html");
    all(&page, "section.headline ~ template[data-from]")
        .into_iter()
        .filter_map(|template| {
            let html = template.value().attr("data-html")?;
            let (_, state) = html.split_once("<section class=\"headline ")?;
            let (state, _) = state.split_once('"')?;
            let from = template.value().attr("data-from")?;
            Some((from.to_owned(), state.to_owned()))
        })
        .collect()
}

fn headline(site: &SiteTest, now: &str) -> Value {
    site.status(now)["headline"].clone()
}

#[test]
fn an_operator_who_sees_it_better_than_the_evidence_is_told_and_does_not_count_as_up() {
    let states = [
        "operator partial_outage 11:40 14:00",
        "probe major_outage 11:30",
    ];
    let site = site("", &states);
    let status = site.status(NOON);
    assert_eq!(status["components"][0]["status"], "partial_outage");
    let how = how_we_know(&site);
    assert!(
        how.iter().any(|it| it
            == "Our team says that it is better than the evidence shows. The status follows our team, but is never better than “Problems reported”; uptime counts the evidence."),
        "{how:#?}"
    );
    assert!(!how.iter().any(|it| it.contains("worst")), "{how:#?}");
    let claims = ["probe", "Major outage", "operator", "Partial outage"];
    let at = how.iter().position(|it| it == "probe").unwrap();
    assert_eq!(how[at..at + 4], claims);
    // Half an hour of a major outage, of which the operator softened twenty minutes.
    let ratio = |site: &SiteTest| site.status(NOON)["components"][0]["uptime"]["ratio"].clone();
    let unsoftened = self::site("", &states[1..]);
    assert_eq!(ratio(&site), ratio(&unsoftened));
}

#[test]
fn an_operator_who_says_that_it_works_leaves_it_suspected_and_down_in_its_uptime() {
    let states = [
        "operator operational 11:40 14:00",
        "probe major_outage 11:30",
    ];
    let site = site("", &states);
    let status = site.status(NOON);
    assert_eq!(status["components"][0]["status"], "suspected");
    let unsoftened = self::site("", &states[1..]).status(NOON);
    assert_eq!(
        status["components"][0]["uptime"]["ratio"],
        unsoftened["components"][0]["uptime"]["ratio"]
    );
}

/// The sentence below the headline, on the page and in its twin.
fn details(site: &SiteTest) -> [String; 2] {
    built(site);
    let shown = texts(&page(site, "index.html"), ".headline .detail").join("\n");
    let twin = site.read("public/index.md");
    let told = twin
        .lines()
        .find(|line| line.contains(": Oven"))
        .unwrap_or_default();
    [shown, told.to_owned()]
}

#[test]
fn trouble_that_no_signal_points_to_is_not_said_to_be_of_signals() {
    let signal = r#"
[[signals]]
id = "reports"
name = "User reports"
components = ["oven"]
file = "evidence/reports.csv"
unit = "reports"
threshold = 500
for = "15m"
"#;
    let word = "operator operational 11:40 14:00";
    let reported = "Problems reported: Oven.";
    let quiet = "time,value\n2024-05-14T11:00:00Z,3\n2024-05-14T11:50:00Z,4\n";
    let loud =
        "time,value\n2024-05-14T11:00:00Z,3\n2024-05-14T11:20:00Z,900\n2024-05-14T11:50:00Z,950\n";
    for (config, states, samples, expected) in [
        ("", &[word, "probe major_outage 11:30"][..], None, reported),
        (
            "[evidence]\nquorum = 2",
            &["east major_outage 11:30"],
            None,
            reported,
        ),
        (
            signal,
            &[word, "probe major_outage 11:30"],
            Some(quiet),
            reported,
        ),
        (
            signal,
            &["probe operational 11:30"],
            Some(loud),
            "Signals point to problems: Oven.",
        ),
    ] {
        let site = site(config, states);
        let site = match samples {
            Some(samples) => site.file("evidence/reports.csv", samples),
            None => site,
        };
        assert_eq!(details(&site), [expected, expected], "{config} {states:?}");
    }
}

#[test]
fn an_operator_who_sees_it_worse_counts() {
    let site = site(
        "",
        &[
            "operator major_outage 11:40 14:00",
            "probe degraded_performance 11:30",
        ],
    );
    assert_eq!(site.status(NOON)["components"][0]["status"], "major_outage");
    let how = how_we_know(&site);
    assert!(
        how.contains(
            &"Our team says that it is worse than the evidence shows, and that counts.".to_owned()
        ),
        "{how:#?}"
    );
}

#[test]
fn an_operator_who_calls_work_operational_changes_nothing() {
    let states = [
        "operator operational 11:40 14:00",
        "probe under_maintenance 11:30",
    ];
    let site = site("", &states);
    let status = site.status(NOON);
    assert_eq!(status["components"][0]["status"], "under_maintenance");
    let how = how_we_know(&site);
    assert!(!how.iter().any(|it| it.contains("counts")), "{how:#?}");
}

#[test]
fn too_few_fresh_sources_make_it_suspected_only() {
    let quorum = "states = { quorum = 2 }";
    let site = site(quorum, &["east major_outage 11:30"]);
    assert_eq!(site.status(NOON)["components"][0]["status"], "suspected");
    let how = how_we_know(&site);
    assert!(
        how.contains(&"Fewer sources are fresh than it takes (2 sources must agree), so the trouble that they show is not confirmed.".to_owned()),
        "{how:#?}"
    );
    assert!(how.contains(&"Major outage".to_owned()), "{how:#?}");
    // What is only suspected is no finding less.
    let report = site.run_fails(1, &["check", "--now", NOON]);
    assert!(
        report.stderr().contains(
            "error[unannounced-outage]: evidence of `east` suspects trouble of `oven`, of which too few sources are fresh to be sure, and no open incident names it"
        ),
        "{}",
        report.stderr()
    );
}

#[test]
fn enough_fresh_sources_overrule_one_that_is_bad() {
    let site = site(
        "states = { quorum = 2 }",
        &["east major_outage 11:30", "west operational 11:45"],
    );
    let status = site.status(NOON);
    assert_eq!(status["components"][0]["status"], "operational");
    assert_eq!(status["headline"]["state"], "all_clear");
    // Once west has run out, east alone is left.
    let site = self::site(
        "states = { quorum = 2 }",
        &["east major_outage 11:45", "west operational 11:30"],
    );
    let until = "2024-05-14T12:30:00Z";
    assert_eq!(headline(&site, NOON)["valid_until"], until);
    assert_eq!(
        foretold(&site)[0],
        (until.to_owned(), "suspected".to_owned())
    );
    assert_eq!(headline(&site, until)["state"], "suspected");
}

#[test]
fn an_all_clear_holds_as_long_as_one_source_is_fresh() {
    let site = site("", &["east operational 11:10", "west operational 11:50"]);
    let until = "2024-05-14T12:50:00Z";
    let status = site.status(NOON);
    assert_eq!(status["headline"]["valid_until"], until);
    assert_eq!(status["components"][0]["evidence"]["valid_until"], until);
    assert_eq!(foretold(&site), [(until.to_owned(), "unknown".to_owned())]);
    for path in ["index.html", "components/oven/index.html"] {
        let page = page(&site, path);
        let good = all(&page, ".headline time[datetime]");
        let shown: Vec<&str> = good
            .into_iter()
            .filter_map(|time| time.value().attr("datetime"))
            .collect();
        assert!(shown.contains(&until), "{path}: {shown:?}");
    }
    assert_eq!(
        headline(&site, "2024-05-14T12:49:59Z")["state"],
        "all_clear"
    );
    assert_eq!(headline(&site, until)["state"], "unknown");
    let over = site.status(until);
    assert_eq!(
        over["components"][0]["evidence"]["valid_until"],
        Value::Null
    );
}

#[test]
fn an_announced_window_ends_an_all_clear_and_an_update_to_come_does_not() {
    let work = |updates: &str| {
        format!(
            "---\ntitle: New door\nkind: maintenance\ncomponents: [oven]\nstarts: 2024-05-14 12:20\nends: 2024-05-14 12:40\n---\n\n## Scheduled · 2024-05-14 09:00\n\nThe door is changed.\n{updates}"
        )
    };
    let until = "2024-05-14T12:20:00Z";
    // Nobody has read yet that it will be called off.
    for updates in ["", "\n## Cancelled · 2024-05-14 12:10\n\nNot today.\n"] {
        let site = site("", &["probe operational 11:50"]).file("incidents/door.md", work(updates));
        assert_eq!(headline(&site, NOON)["valid_until"], until, "{updates}");
        assert_eq!(
            foretold(&site)[0],
            (until.to_owned(), "maintenance".to_owned())
        );
    }
}

#[test]
fn a_silence_that_ends_brings_an_outage_back() {
    let silence = "states = { required = false }\n\n[sources.probe]\nignore = [{ from = \"2024-05-14 11:40Z\", until = \"2024-05-14 12:15Z\", reason = \"Its network is rebuilt.\" }]";
    let site = site(
        silence,
        &["probe major_outage 11:30", "other operational 11:45"],
    );
    let ends = "2024-05-14T12:15:00Z";
    let now = headline(&site, NOON);
    assert_eq!(now["state"], "all_clear");
    assert_eq!(now["valid_until"], ends);
    assert_eq!(
        foretold(&site)[0],
        (ends.to_owned(), "major_outage".to_owned())
    );
    assert_eq!(headline(&site, ends)["state"], "major_outage");
}

/// The end of a silence may also be good news, which is earned by a build.
#[test]
fn a_silence_that_ends_never_brings_an_all_clear_back() {
    let silence = "\n[sources.probe]\nignore = [{ from = \"2024-05-14 11:40Z\", until = \"2024-05-14 12:15Z\", reason = \"Its network is rebuilt.\" }]";
    let site = site(silence, &["probe operational 11:30"]);
    assert_eq!(headline(&site, NOON)["state"], "unknown");
    assert_eq!(foretold(&site), []);
}

#[test]
fn an_override_that_ends_brings_an_outage_back() {
    let site = site(
        "",
        &[
            "operator operational 11:40 12:10",
            "probe major_outage 11:30",
        ],
    );
    assert_eq!(
        foretold(&site)[..1],
        [("2024-05-14T12:10:00Z".to_owned(), "major_outage".to_owned())]
    );
}

#[test]
fn what_gets_better_by_itself_is_not_foretold() {
    let site = site(
        "",
        &[
            "operator major_outage 11:40 12:10",
            "probe degraded_performance 11:30",
        ],
    );
    // At 12:10 it would be better, at 12:30 nobody knows.
    assert_eq!(
        foretold(&site),
        [("2024-05-14T12:30:00Z".to_owned(), "unknown".to_owned())]
    );
}

#[test]
fn evidence_of_the_component_holds_until_its_last_source_runs_out() {
    let silence = "\n[sources.east]\nignore = [{ from = \"2024-05-14 11:55Z\", until = \"2024-05-14 15:00Z\", reason = \"Its network is rebuilt.\" }]";
    let site = site(
        silence,
        &["west operational 11:20", "east operational 11:50"],
    );
    let status = site.status(NOON);
    let until = "2024-05-14T12:20:00Z";
    assert_eq!(status["headline"]["valid_until"], until);
    assert_eq!(status["components"][0]["evidence"]["valid_until"], until);
    let page_says = {
        built(&site);
        texts(&page(&site, "components/oven/index.html"), "dd")
    };
    assert!(
        page_says.iter().any(|it| it.contains("12:20")),
        "{page_says:?}"
    );
}

/// The page of a component says "Confirmed until" of its status alone; what a source saw may hold longer.
#[test]
fn until_when_evidence_holds_is_no_second_good_until() {
    let work = "---\ntitle: Work\nkind: maintenance\ncomponents: [oven]\nstarts: 2024-05-14 12:05Z\nends: 2024-05-14 14:00Z\n---\n";
    for theme in ["default", "plain"] {
        let site = site("", &["west operational 11:50"]).file("incidents/work.md", work);
        let config = site.read("allclear.toml");
        site.write("allclear.toml", format!("theme = \"{theme}\"\n{config}"));
        built(&site);
        let said = texts(&page(&site, "components/oven/index.html"), "main")[0].clone();
        assert_eq!(
            said.matches("Confirmed until").count(),
            1,
            "{theme}: {said}"
        );
        assert!(said.contains("Evidence holds until"), "{theme}: {said}");
    }
}

#[test]
fn a_silence_to_come_that_another_source_covers_ends_no_evidence() {
    let silence = "\n[sources.east]\nignore = [{ from = \"2024-05-14 12:05Z\", until = \"2024-05-14 12:10Z\", reason = \"Its network is rebuilt.\" }]";
    let site = site(
        silence,
        &["west operational 11:20", "east operational 11:50"],
    );
    let status = site.status(NOON);
    let until = "2024-05-14T12:50:00Z";
    assert_eq!(status["headline"]["valid_until"], until);
    assert_eq!(status["components"][0]["evidence"]["valid_until"], until);
    assert_eq!(
        headline(&site, "2024-05-14T12:49:00Z")["state"],
        "all_clear"
    );
}

/// Neither an operator's word nor a silenced source makes evidence required.
#[test]
fn what_is_not_believed_makes_no_evidence_required() {
    let states = ["probe major_outage 11:45"];
    let silence = "\n[sources.probe]\nignore = [{ from = \"2024-05-14 11:00Z\", until = \"2024-05-14 15:00Z\", reason = \"It is tried out.\" }]";
    let site = site(silence, &states);
    assert_eq!(headline(&site, NOON)["state"], "no_known_problems");
    // As history, nothing was known of what came later.
    let early = "2024-05-14T11:30:00Z";
    let site = self::site("", &states);
    assert_eq!(headline(&site, early)["state"], "no_known_problems");
    site.run(&["check", "--strict", "--now", early]);
    // A component that must have evidence, and has none, is unknown throughout.
    let site = self::site("states = { required = true }", &states);
    assert_eq!(headline(&site, early)["state"], "unknown");
    site.run(&["check", "--strict", "--now", early]);
}

//! Tests with recorded answers, written by hand from the documented shapes.

use crate::site::probe::question::Outcome;
use crate::site::probe::recorded::{answer, answer_with, asked, is_silent_without_answer, says};

const ONE: &str =
    "component = \"web\"\nstatuspage = \"https://status.upstream.example\"\nupstream = \"API\"\n";

fn component(status: &str, more: &str) -> String {
    format!(
        r#"{{"id":"x1y2z3","name":"API","status":"{status}","created_at":"2020-01-01T00:00:00.000Z","updated_at":"2020-01-02T00:00:00.000Z","position":1,"description":null,"showcase":true,"start_date":null,"group_id":null,"page_id":"p","group":false,"only_show_if_degraded":false{more}}}"#
    )
}

fn summary(headers: &[(&str, &str)], component: &str) -> Outcome {
    let body = format!(
        r#"{{"page":{{"id":"p","name":"Upstream","url":"https://status.upstream.example","time_zone":"Etc/UTC","updated_at":"2020-01-02T00:00:00.000Z"}},"components":[{component}],"incidents":[],"scheduled_maintenances":[],"status":{{"indicator":"none","description":"All Systems Operational"}}}}"#
    );
    answer_with(200, headers, &body)
}

fn of(headers: &[(&str, &str)], component: &str) -> Vec<String> {
    says(ONE, &[summary(headers, component)])
}

#[test]
fn the_summary_is_asked_for() {
    assert_eq!(
        asked(ONE),
        ["https://status.upstream.example/api/v2/summary.json"]
    );
}

#[test]
fn the_words_of_the_upstream_count_from_its_answer() {
    for word in [
        "operational",
        "under_maintenance",
        "degraded_performance",
        "partial_outage",
        "major_outage",
    ] {
        let said = of(
            &[("date", "Wed, 28 Dec 2022 19:59:58 GMT")],
            &component(word, ""),
        );
        assert_eq!(
            said,
            [format!("web {word} 19:59:58 the status page says `{word}`")]
        );
    }
    let by_id = says(
        &ONE.replace("API", "x1y2z3"),
        &[summary(
            &[],
            &component("operational", ",\"allclear\":null"),
        )],
    );
    assert_eq!(
        by_id,
        ["web operational 20:00:00 the status page says `operational`"]
    );
    let mild = format!(
        "{ONE}statuses = {{ major_outage = \"degraded_performance\", full_outage = \"partial_outage\" }}\n"
    );
    for (word, status) in [
        ("major_outage", "degraded_performance"),
        ("full_outage", "partial_outage"),
        ("partial_outage", "partial_outage"),
    ] {
        let said = says(&mild, &[summary(&[], &component(word, ""))]);
        assert_eq!(
            said,
            [format!(
                "web {status} 20:00:00 the status page says `{word}`"
            )]
        );
    }
}

#[test]
fn what_is_not_known_says_nothing() {
    assert_eq!(
        of(&[], &component("full_outage", "")),
        [
            "web silent the status page says `full_outage`: name what it means with `statuses`, if it is a status"
        ]
    );
    assert_eq!(
        of(&[], ""),
        ["web silent the status page has no component `API`: it has none"]
    );
    assert_eq!(
        says(
            &ONE.replace("API", "APIs"),
            &[summary(&[], &component("operational", ""))]
        ),
        ["web silent the status page has no component `APIs`: did you mean `API`?"]
    );
    for headers in [
        [("age", "1201")],
        [("date", "Wed, 28 Dec 2022 19:39:59 GMT")],
    ] {
        let old = of(&headers, &component("operational", ""));
        assert!(
            old[0].starts_with(
                "web silent the last result is of 2022-12-28T19:39:59Z, which is too old"
            ),
            "{old:?}"
        );
    }
    let ahead = of(
        &[("date", "Wed, 28 Dec 2022 20:01:01 GMT")],
        &component("operational", ""),
    );
    assert!(ahead[0].contains("which is in the future"), "{ahead:?}");
    is_silent_without_answer(ONE, "the status page", &[answer(200, "")]);
}

#[test]
fn a_page_of_allclear_counts_from_its_build_while_its_claim_holds() {
    let claims = |state: &str, until: &str| {
        let more = format!(
            r#","allclear":{{"state":"{state}","confirmed":true,"since":null,"valid_until":{until},"built_at":"2022-12-28T14:55:00.000-05:00","evidence":null,"uptime":null}}"#
        );
        of(&[], &component("degraded_performance", &more))
    };
    let until = r#""2022-12-28T15:00:00.000-05:00""#;
    assert_eq!(
        claims("operational", until),
        ["web operational 19:55:00 the status page says `operational`"]
    );
    assert_eq!(
        claims("major_outage", "null"),
        ["web major_outage 19:55:00 the status page says `major_outage`"]
    );
    for state in ["operational", "major_outage"] {
        assert_eq!(
            claims(state, r#""2022-12-28T14:59:59.000-05:00""#),
            [
                "web silent what the status page says was good until 2022-12-28T14:59:59.000-05:00: it was not renewed"
            ]
        );
    }
    for state in ["unknown", "suspected"] {
        assert_eq!(
            claims(state, until),
            [format!(
                "web silent the status page says `{state}`: name what it means with `statuses`, if it is a status"
            )]
        );
    }
    let old = of(
        &[],
        &component(
            "operational",
            r#","allclear":{"state":"operational","confirmed":true,"built_at":"2022-12-28T19:30:00Z"}"#,
        ),
    );
    assert!(
        old[0]
            .starts_with("web silent the last result is of 2022-12-28T19:30:00Z, which is too old"),
        "{old:?}"
    );
}

#[test]
fn a_page_of_allclear_that_knows_of_no_problem_has_confirmed_nothing() {
    let claims = |claims: &str| {
        let more = format!(
            r#","allclear":{{{claims},"since":null,"valid_until":null,"built_at":"2022-12-28T19:55:00Z","evidence":null,"uptime":null}}"#
        );
        of(&[], &component("operational", &more))
    };
    for unconfirmed in [
        r#""state":"operational","confirmed":false"#,
        r#""state":"operational""#,
    ] {
        assert_eq!(
            claims(unconfirmed),
            ["web silent the status page says `operational`, but knows only of no problem"]
        );
    }
    // Somebody there has said so, and nobody needs to confirm trouble.
    assert_eq!(
        claims(r#""state":"partial_outage","confirmed":false"#),
        ["web partial_outage 19:55:00 the status page says `partial_outage`"]
    );
}

#[test]
fn a_page_of_allclear_is_no_newer_than_its_evidence() {
    let seen = |confirmed_at: &str| {
        let more = format!(
            r#","allclear":{{"state":"operational","confirmed":true,"since":null,"valid_until":"2022-12-28T20:30:00Z","built_at":"2022-12-28T19:59:00Z","evidence":{{"sources":1,"confirmed_at":"{confirmed_at}","valid_until":"2022-12-28T20:30:00Z"}},"uptime":null}}"#
        );
        of(&[], &component("operational", &more))
    };
    assert_eq!(
        seen("2022-12-28T19:45:00Z"),
        ["web operational 19:45:00 the status page says `operational`"]
    );
    // That of a page whose clock is behind that of its monitor.
    assert_eq!(
        seen("2022-12-28T19:59:30Z"),
        ["web operational 19:59:00 the status page says `operational`"]
    );
    let old = seen("2022-12-28T19:30:00Z");
    assert!(
        old[0]
            .starts_with("web silent the last result is of 2022-12-28T19:30:00Z, which is too old"),
        "{old:?}"
    );
}

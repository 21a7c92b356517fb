//! Tests with recorded answers, written by hand from the documented shapes.

use crate::site::probe::question::Outcome;
use crate::site::probe::recorded::{
    answer, answer_with, asked, faults, is_silent_without_answer, says,
};

const ONE: &str = "component = \"web\"\nhealthchecks = \"https://healthchecks.io\"\ncheck = \"Nightly backup\"\nheaders = { x-api-key = \"${HC_KEY}\" }\n";

fn check(status: &str, last_ping: &str) -> String {
    format!(
        r#"{{"name":"Nightly backup","slug":"nightly-backup","tags":"prod","desc":"","grace":3600,"n_pings":9,"status":"{status}","started":false,"last_ping":{last_ping},"next_ping":null,"manual_resume":false,"methods":"","unique_key":"a6c7b0a8a66bed0df66abfdab3c77736861703ee","timeout":86400}}"#
    )
}

fn checks(all: &[String]) -> Outcome {
    answer(200, &format!(r#"{{"checks":[{}]}}"#, all.join(",")))
}

fn of(status: &str, last_ping: &str) -> Vec<String> {
    says(ONE, &[checks(&[check(status, last_ping)])])
}

#[test]
fn all_checks_of_a_project_are_asked_for() {
    assert_eq!(asked(ONE), ["https://healthchecks.io/api/v3/checks/"]);
}

#[test]
fn up_is_as_old_as_the_ping_and_down_is_now() {
    let ping = r#""2022-12-28T19:50:01+00:00""#;
    assert_eq!(
        of("up", ping),
        ["web operational 19:50:01 `Nightly backup` is up"]
    );
    assert_eq!(
        of("down", ping),
        ["web major_outage 20:00:00 `Nightly backup` is down"]
    );
    let late = answer_with(
        200,
        &[("date", "Wed, 28 Dec 2022 19:59:58 GMT")],
        &format!(r#"{{"checks":[{}]}}"#, check("down", "null")),
    );
    assert_eq!(
        says(ONE, &[late]),
        ["web major_outage 19:59:58 `Nightly backup` is down"]
    );
}

#[test]
fn what_is_not_known_says_nothing() {
    let ping = r#""2022-12-28T19:50:01+00:00""#;
    assert_eq!(
        of("grace", ping),
        ["web silent `Nightly backup` is late: its ping may still come"]
    );
    assert_eq!(
        of("new", "null"),
        ["web silent `Nightly backup` has had no ping yet"]
    );
    assert_eq!(
        of("paused", ping),
        ["web silent `Nightly backup` is paused: resume it"]
    );
    assert_eq!(
        of("asleep", ping),
        ["web silent `Nightly backup` is `asleep`, which is not known here"]
    );
    assert_eq!(
        of("up", "null"),
        ["web silent this is not what Healthchecks answers: is the address that of Healthchecks?"]
    );
    let old = of("up", r#""2022-12-27T20:00:00+00:00""#);
    assert!(
        old[0]
            .starts_with("web silent the last result is of 2022-12-27T20:00:00Z, which is too old"),
        "{old:?}"
    );
    is_silent_without_answer(ONE, "Healthchecks", &[checks(&[])]);
}

#[test]
fn a_check_goes_by_each_of_its_names() {
    let ping = r#""2022-12-28T19:50:01+00:00""#;
    for name in ["nightly-backup", "a6c7b0a8a66bed0df66abfdab3c77736861703ee"] {
        let probe = ONE.replace("Nightly backup", name);
        let said = says(&probe, &[checks(&[check("up", ping)])]);
        assert_eq!(said, [format!("web operational 19:50:01 `{name}` is up")]);
    }
    let probe = ONE.replace("Nightly backup", "Nightly backups");
    assert_eq!(
        says(&probe, &[checks(&[check("up", ping)])]),
        ["web silent no check `Nightly backups`: did you mean `Nightly backup`?"]
    );
    assert_eq!(
        says(ONE, &[checks(&[])]),
        ["web silent no check `Nightly backup`: the key's project has none"]
    );
}

#[test]
fn a_key_is_needed() {
    assert_eq!(
        faults("component = \"web\"\nhealthchecks = \"https://healthchecks.io\"\ncheck = \"a\"\n"),
        [
            "\"https://healthchecks.io\": Healthchecks wants a key (add `headers = { X-Api-Key = \"${HEALTHCHECKS_KEY}\" }`)"
        ]
    );
}

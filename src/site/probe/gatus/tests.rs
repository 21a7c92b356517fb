//! Tests with recorded answers, written by hand from the documented shapes.

use crate::site::probe::question::Outcome;
use crate::site::probe::recorded::{answer, asked, faults, is_silent_without_answer, says};

const ONE: &str =
    "component = \"web\"\ngatus = \"https://gatus.example\"\nendpoint = \"core_web\"\n";

fn result(success: bool, timestamp: &str) -> String {
    format!(
        r#"{{"status":200,"hostname":"example.com","duration":32010000,"conditionResults":[{{"condition":"[STATUS] == 200","success":{success}}}],"success":{success},"timestamp":"{timestamp}"}}"#
    )
}

fn endpoint(key: &str, results: &[String]) -> String {
    let results = results.join(",");
    format!(r#"{{"name":"of {key}","group":"core","key":"{key}","results":[{results}]}}"#)
}

fn endpoints(all: &[String]) -> Outcome {
    answer(200, &format!("[{}]", all.join(",")))
}

#[test]
fn the_newest_results_are_asked_for() {
    assert_eq!(
        asked(ONE),
        ["https://gatus.example/api/v1/endpoints/statuses?page=1&pageSize=1"]
    );
}

#[test]
fn the_newest_result_counts_from_its_instant() {
    let good = result(true, "2022-12-28T14:59:00.123456789-05:00");
    let bad = result(false, "2022-12-28T19:58:00Z");
    let of = |results: &[String]| {
        says(
            ONE,
            &[endpoints(&[
                endpoint("core_api", &[]),
                endpoint("core_web", results),
            ])],
        )
    };
    assert_eq!(
        of(&[bad.clone(), good.clone()]),
        ["web operational 19:59:00 `core_web` is well"]
    );
    assert_eq!(
        of(&[good, bad.clone()]),
        ["web operational 19:59:00 `core_web` is well"]
    );
    assert_eq!(
        of(&[bad]),
        ["web major_outage 19:58:00 `core_web` has failed"]
    );
}

#[test]
fn several_endpoints_speak_of_several_components() {
    let probe = "components = [\"web\", \"login\"]\ngatus = \"https://gatus.example\"\nmap = { core_web = \"web\", core_api = \"web\", core_sso = \"login\" }\n";
    let good = || result(true, "2022-12-28T19:59:00Z");
    let bad = || result(false, "2022-12-28T19:58:00Z");
    let all = |api: Vec<String>| {
        endpoints(&[
            endpoint("core_web", &[good()]),
            endpoint("core_api", &api),
            endpoint("core_sso", &[good()]),
        ])
    };
    assert_eq!(
        says(probe, &[all(vec![bad()])]),
        [
            "web major_outage 19:58:00 `core_api` has failed",
            "login operational 19:59:00 `core_sso` is well"
        ]
    );
    assert_eq!(
        says(probe, &[all(vec![])]),
        [
            "web silent `core_api` was not checked yet",
            "login operational 19:59:00 `core_sso` is well"
        ]
    );
}

#[test]
fn what_is_no_fresh_result_says_nothing() {
    let of = |key: &str, results: &[String]| says(ONE, &[endpoints(&[endpoint(key, results)])]);
    assert_eq!(
        of("core_wev", &[]),
        ["web silent Gatus has no endpoint `core_web`: did you mean `core_wev`?"]
    );
    assert_eq!(
        says(ONE, &[endpoints(&[])]),
        ["web silent Gatus has no endpoint `core_web`: it has none at all"]
    );
    let old = of("core_web", &[result(true, "2022-12-28T19:39:59Z")]);
    assert!(
        old[0]
            .starts_with("web silent the last result is of 2022-12-28T19:39:59Z, which is too old"),
        "{old:?}"
    );
    let strange = of("core_web", &[result(true, "yesterday")]);
    assert_eq!(
        strange,
        ["web silent this is not what Gatus answers: is the address that of Gatus?"]
    );
    is_silent_without_answer(ONE, "Gatus", &[endpoints(&[])]);
}

#[test]
fn a_configuration_that_cannot_be_asked_is_marked() {
    let bare = "component = \"web\"\ngatus = \"https://gatus.example\"\n";
    assert_eq!(
        faults(bare),
        [
            "[[probes]]: this probe needs either `endpoint` or `map` (write `endpoint`, or for several components `map = { \"its name there\" = \"web\" }`)"
        ]
    );
    assert_eq!(
        faults(&format!("{ONE}map = {{ a = \"web\" }}\n")),
        ["{ a = \"web\" }: this probe needs either `endpoint` or `map` (keep one of them)"]
    );
    assert_eq!(
        faults(&format!("{bare}endpoint = \" \"\n")),
        ["\" \": this text is empty (no hint)"]
    );
    assert_eq!(
        faults(&ONE.replace("https://", "")),
        [
            "\"gatus.example\": `gatus.example` is no address that can be asked (write the whole address, as `https://example.com/health`)"
        ]
    );
}

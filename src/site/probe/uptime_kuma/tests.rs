//! Tests with recorded answers, written by hand from the documented shapes.

use crate::site::probe::question::Outcome;
use crate::site::probe::recorded::{
    answer, answer_with, asked, is_silent_without, is_silent_without_answer, says,
};

const PAGE: &str = "component = \"web\"\nuptime_kuma = \"https://kuma.example\"\npage = \"my page\"\nmonitor = \"Web\"\n";

const METRICS: &str = "component = \"web\"\nuptime_kuma = \"https://key:${KUMA_KEY}@kuma.example\"\nmonitor = \"Web\"\n";

/// A status page with the monitors `Web` (3) and `Log-in` (14).
fn page() -> Outcome {
    answer(
        200,
        r#"{"config":{"slug":"my page","title":"Ours","theme":"auto","published":true},"incident":null,"publicGroupList":[{"id":1,"name":"Services","weight":1,"monitorList":[{"id":3,"name":"Web","sendUrl":0,"type":"http"}]},{"id":2,"name":"More","weight":2,"monitorList":[{"id":14,"name":"Log-in","sendUrl":0}]}],"maintenanceList":[]}"#,
    )
}

fn heartbeats(web: &str) -> Outcome {
    answer(
        200,
        &format!(
            r#"{{"heartbeatList":{{"3":[{web}],"14":[{{"status":1,"time":"2022-12-28 19:58:00.000","msg":"","ping":9}}]}},"uptimeList":{{"3_24":0.99,"14_24":1}}}}"#
        ),
    )
}

fn heartbeat(status: u8, clock: &str) -> String {
    format!(r#"{{"status":{status},"time":"2022-12-28 {clock}","msg":"","ping":null}}"#)
}

fn of(web: &[String]) -> Vec<String> {
    says(PAGE, &[page(), heartbeats(&web.join(","))])
}

#[test]
fn a_page_is_asked_for_its_monitors_and_their_heartbeats() {
    assert_eq!(
        asked(PAGE),
        [
            "https://kuma.example/api/status-page/my%20page",
            "https://kuma.example/api/status-page/heartbeat/my%20page",
        ]
    );
    assert_eq!(
        asked(METRICS),
        ["https://key:${KUMA_KEY}@kuma.example/metrics"]
    );
}

#[test]
fn the_newest_heartbeat_counts_from_its_instant() {
    let beat = heartbeat;
    assert_eq!(
        of(&[beat(0, "19:57:00.100"), beat(1, "19:58:00.527")]),
        ["web operational 19:58:00 `Web` is up"]
    );
    assert_eq!(
        of(&[beat(1, "19:57:00"), beat(0, "19:58:00")]),
        ["web major_outage 19:58:00 `Web` is down"]
    );
    assert_eq!(
        of(&[beat(3, "19:58:00")]),
        ["web under_maintenance 19:58:00 `Web` is under maintenance"]
    );
    assert_eq!(
        of(&[beat(1, "19:57:00"), beat(2, "19:58:00")]),
        ["web silent `Web` is pending: it is being asked again"]
    );
}

#[test]
fn several_monitors_speak_of_several_components() {
    let probe = "components = [\"web\", \"login\"]\nuptime_kuma = \"https://kuma.example\"\npage = \"ours\"\nmap = { Web = \"web\", 14 = \"login\" }\n";
    assert_eq!(
        says(probe, &[page(), heartbeats(&heartbeat(0, "19:58:00"))]),
        [
            "web major_outage 19:58:00 `Web` is down",
            "login operational 19:58:00 `Log-in` is up"
        ]
    );
}

#[test]
fn what_is_no_fresh_heartbeat_says_nothing() {
    assert_eq!(of(&[]), ["web silent `Web`: it has no heartbeat yet"]);
    let old = of(&[heartbeat(1, "19:30:00")]);
    assert!(
        old[0]
            .starts_with("web silent the last result is of 2022-12-28T19:30:00Z, which is too old"),
        "{old:?}"
    );
    assert_eq!(
        of(&[heartbeat(1, "25:00:00")]),
        [
            "web silent `Web`: this is not what Uptime Kuma answers: is the address that of Uptime Kuma?"
        ]
    );
    assert_eq!(
        says(
            &PAGE.replace("\"Web\"", "\"Wep\""),
            &[page(), heartbeats("")]
        ),
        ["web silent no monitor `Wep`, or it is paused: did you mean `Web`?"]
    );
    let missing = "Uptime Kuma has no status page `my page` (404): write the slug with which the address of a published one ends, or is the address not that of Uptime Kuma?";
    is_silent_without(PAGE, "Uptime Kuma", missing, &[page(), heartbeats("")]);
}

#[test]
fn metrics_are_as_old_as_the_answer() {
    let metrics = |state: &str, headers: &[(&str, &str)]| {
        let text = format!(
            "# HELP monitor_status Monitor Status (1 = UP, 0= DOWN, 2= PENDING, 3= MAINTENANCE)\n# TYPE monitor_status gauge\nmonitor_status{{monitor_name=\"Web\",monitor_type=\"http\",monitor_url=\"https://example.com/?a=\\\"b\\\"\",monitor_hostname=\"null\",monitor_port=\"null\"}} {state}\nmonitor_status{{monitor_name=\"Web 2\"}} 0\n"
        );
        says(METRICS, &[answer_with(200, headers, &text)])
    };
    assert_eq!(metrics("1", &[]), ["web operational 20:00:00 `Web` is up"]);
    let date = ("date", "Wed, 28 Dec 2022 19:59:57 GMT");
    assert_eq!(
        metrics("0", &[date]),
        ["web major_outage 19:59:57 `Web` is down"]
    );
    assert_eq!(
        metrics("3", &[date, ("age", "60")]),
        ["web under_maintenance 19:59:00 `Web` is under maintenance"]
    );
    assert_eq!(
        metrics("2", &[]),
        ["web silent `Web` is pending: it is being asked again"]
    );
    assert_eq!(
        metrics("NaN", &[]),
        ["web silent `Web`: it has no state yet"]
    );
    assert_eq!(
        says(
            METRICS,
            &[answer(200, "# TYPE process_cpu gauge\nprocess_cpu 1\n")]
        ),
        ["web silent no monitor `Web`, or it is paused: there is none"]
    );
    is_silent_without_answer(METRICS, "Uptime Kuma", &[answer(200, "# TYPE a gauge\n")]);
}

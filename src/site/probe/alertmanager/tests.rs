//! Tests with recorded answers, written by hand from the documented shapes.

use crate::site::probe::question::Outcome;
use crate::site::probe::recorded::{self, answer, asked, faults, is_silent_without_answer};

const ONE: &str =
    "component = \"web\"\nalertmanager = \"http://am:9093\"\nfilter = ['severity=\"page\"']\n";

const BOTH: &str =
    "components = [\"web\", \"login\"]\nalertmanager = \"http://am:9093\"\nlabel = \"component\"\n";

fn alert(labels: &str, state: &str, updated: &str) -> String {
    format!(
        r#"{{"annotations":{{"summary":"of an alert"}},"endsAt":"2022-12-28T20:03:50.000Z","fingerprint":"0a1b","receivers":[{{"name":"pager"}}],"startsAt":"2022-12-28T19:00:00.000Z","status":{{"inhibitedBy":[],"silencedBy":[],"state":"{state}"}},"updatedAt":"2022-12-28T{updated}.250Z","generatorURL":"http://prom/","labels":{{"alertname":"Down",{labels}}}}}"#
    )
}

fn alerts(all: &[String]) -> Outcome {
    answer(200, &format!("[{}]", all.join(",")))
}

fn watchdog() -> Outcome {
    alerts(&[alert(r#""severity":"none""#, "active", "19:59:50")])
}

/// The status of an Alertmanager that runs since an instant of the day.
fn process(since: &str) -> Outcome {
    answer(
        200,
        &format!(
            r#"{{"cluster":{{"name":"a","status":"ready","peers":[]}},"config":{{"original":"route: ..."}},"uptime":"2022-12-28T{since}.123Z","versionInfo":{{"version":"0.25.0"}}}}"#
        ),
    )
}

/// What a probe makes of alerts and a watchdog, of an Alertmanager that has run for long.
#[track_caller]
fn says(probe: &str, alerts_and_watchdog: &[Outcome]) -> Vec<String> {
    let outcomes = [alerts_and_watchdog, &[process("18:00:00")]].concat();
    recorded::says(probe, &outcomes)
}

#[test]
fn alerts_and_the_one_that_is_always_active_are_asked_for() {
    let path = "http://am:9093/api/v2/alerts?active=true&silenced=true&inhibited=true";
    assert_eq!(
        asked(ONE),
        [
            format!("{path}&filter=severity%3D%22page%22"),
            format!("{path}&filter=alertname%3D%22Watchdog%22"),
            "http://am:9093/api/v2/status".to_owned(),
        ]
    );
    assert_eq!(
        asked(&format!(
            "{BOTH}filter = [' team =~ \"a|b\" ', 'x!=\"\"']\nwatchdog = ['alertname=\"Dead\\Man\"', 'cluster=\"eu\"']\n"
        )),
        [
            format!("{path}&filter=team%20%3D~%20%22a%7Cb%22&filter=x%21%3D%22%22"),
            format!("{path}&filter=alertname%3D%22Dead%5CMan%22&filter=cluster%3D%22eu%22"),
            "http://am:9093/api/v2/status".to_owned(),
        ]
    );
    let quoted = asked(&format!("{ONE}watchdog = 'a \"b\" \\ c'\n"));
    assert_eq!(
        quoted[1],
        format!("{path}&filter=alertname%3D%22a%20%5C%22b%5C%22%20%5C%5C%20c%22")
    );
}

#[test]
fn an_active_alert_is_bad() {
    let page = |state| alert(r#""severity":"page""#, state, "19:59:10");
    assert_eq!(
        says(ONE, &[alerts(&[page("active")]), watchdog()]),
        ["web major_outage 19:59:10 `Down` is active"]
    );
    assert_eq!(
        says(ONE, &[alerts(&[page("unprocessed")]), alerts(&[])]),
        ["web major_outage 19:59:10 `Down` is active"]
    );
    assert_eq!(
        says(ONE, &[alerts(&[]), watchdog()]),
        ["web operational 19:59:50 no alert is active"]
    );
}

#[test]
fn no_alert_is_good_only_while_alerts_arrive() {
    assert_eq!(
        says(ONE, &[alerts(&[]), alerts(&[])]),
        [
            "web silent no alert with alertname=\"Watchdog\" is active, so nothing shows that alerts arrive: let one be always active, and name it with `watchdog`"
        ]
    );
    let dead = alerts(&[alert(r#""severity":"none""#, "active", "19:30:00")]);
    let said = says(ONE, &[alerts(&[]), dead]);
    assert!(
        said[0].starts_with("web silent the alert with alertname=\"Watchdog\" was last sent at 2022-12-28T19:30:00Z and not again: "),
        "{said:?}"
    );
    // It would end after four minutes: half of that is over before any other alert is.
    for (sent, status) in [("19:57:59", "operational"), ("19:56:00", "silent")] {
        let sent = alerts(&[alert(r#""severity":"none""#, "active", sent)]);
        let said = says(ONE, &[alerts(&[]), sent]);
        assert!(said[0].starts_with(&format!("web {status} ")), "{said:?}");
    }
    let started = [alerts(&[]), watchdog(), process("19:59:30")];
    assert_eq!(
        recorded::says(ONE, &started),
        [
            "web silent Alertmanager started at 2022-12-28T19:59:30Z: not all alerts may have arrived again"
        ]
    );
    // One that is silenced arrives all the same.
    let silenced = alerts(&[alert(r#""severity":"none""#, "suppressed", "19:59:50")]);
    assert_eq!(
        says(ONE, &[alerts(&[]), silenced]),
        ["web operational 19:59:50 no alert is active"]
    );
    let pages = alert(r#""severity":"page""#, "active", "19:30:00");
    let said = says(ONE, &[alerts(&[pages]), watchdog()]);
    assert!(
        said[0].starts_with("web silent the last result is of 2022-12-28T19:30:00Z"),
        "{said:?}"
    );
}

#[test]
fn an_alert_that_is_silenced_is_neither_good_nor_bad() {
    let of =
        |component: &str, state| alert(&format!(r#""component":"{component}""#), state, "19:59:00");
    assert_eq!(
        says(
            BOTH,
            &[
                alerts(&[of("web", "suppressed"), of("billing", "active")]),
                watchdog()
            ]
        ),
        [
            "web silent `Down` is silenced or inhibited: end that, or leave it out with `filter`",
            "login operational 19:59:50 no alert is active",
        ]
    );
    let both = alerts(&[
        of("web", "suppressed"),
        of("web", "active"),
        of("login", "active"),
    ]);
    assert_eq!(
        says(BOTH, &[both, watchdog()]),
        [
            "web major_outage 19:59:00 `Down` is active",
            "login major_outage 19:59:00 `Down` is active"
        ]
    );
}

#[test]
fn severities_mean_statuses() {
    let probe = format!(
        "{BOTH}map = {{ www = \"web\", sso = \"login\" }}\nstatuses = {{ warning = \"degraded_performance\", info = \"operational\" }}\nbad = \"partial_outage\"\n"
    );
    let of = |name: &str, severity: &str| {
        alert(
            &format!(r#""component":"{name}","severity":"{severity}""#),
            "active",
            "19:59:00",
        )
    };
    assert_eq!(
        says(
            &probe,
            &[
                alerts(&[of("www", "warning"), of("sso", "info")]),
                watchdog()
            ]
        ),
        [
            "web degraded_performance 19:59:00 `Down` is active",
            "login operational 19:59:00 no alert is active"
        ]
    );
    assert_eq!(
        says(
            &probe,
            &[
                alerts(&[of("www", "warning"), of("www", "page")]),
                watchdog()
            ]
        ),
        [
            "web partial_outage 19:59:00 `Down` is active",
            "login operational 19:59:50 no alert is active"
        ]
    );
}

#[test]
fn a_monitor_that_does_not_answer_says_nothing() {
    is_silent_without_answer(
        ONE,
        "Alertmanager",
        &[alerts(&[]), watchdog(), process("18:00:00")],
    );
    assert_eq!(
        says(
            ONE,
            &[answer(400, "\"bad matcher format: severity\""), watchdog()]
        ),
        ["web silent Alertmanager answers with an error (400): bad matcher format: severity"]
    );
}

#[test]
fn a_configuration_that_cannot_be_asked_is_marked() {
    let bare = "component = \"web\"\nalertmanager = \"http://am:9093\"\n";
    assert_eq!(
        faults(bare),
        [
            "\"http://am:9093\": an Alertmanager has alerts about everything (say which are about these components, by `filter` or by `label`)"
        ]
    );
    let hint = "(write each as `severity=\"page\"`, with `=`, `!=`, `=~` or `!~`)";
    assert_eq!(
        faults(&format!(
            "{bare}filter = ['page', '=\"x\"', 'a b=\"c\"', 'a=\"b\"']\nwatchdog = []\nstatuses = {{ a = \"down\" }}\n"
        )),
        [
            format!("'page': `page` is no matcher of labels {hint}"),
            format!("'=\"x\"': `=\"x\"` is no matcher of labels {hint}"),
            format!("'a b=\"c\"': `a b=\"c\"` is no matcher of labels {hint}"),
            "[]: nothing says which alert is always active (name it, as `watchdog = \"Watchdog\"`)"
                .to_owned(),
            "\"down\": `down` is no component status (did you mean `major_outage`?)".to_owned(),
        ]
    );
}

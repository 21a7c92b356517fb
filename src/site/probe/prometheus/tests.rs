//! Tests with recorded answers, written by hand from the documented shapes.

use crate::site::probe::question::Outcome;
use crate::site::probe::recorded::{answer, asked, faults, is_silent_without_answer, says};

const ONE: &str = "component = \"web\"\nprometheus = \"http://prom:9090/\"\nquery = 'probe_success{job=\"blackbox\"}'\n";

const BOTH: &str = "components = [\"web\", \"login\"]\nprometheus = \"http://prom:9090\"\nquery = \"probe_success\"\nlabel = \"component\"\nbad = \"partial_outage\"\n";

/// 20:00 on the day of the tests, in seconds since 1970.
const NOW: u32 = 1_672_257_600;

/// A series with a value, and a sample as many seconds ago.
fn series(labels: &str, value: &str, age: u32) -> String {
    let separator = if labels.is_empty() { "" } else { "," };
    let at = NOW - age;
    format!(
        r#"{{"metric":{{"__name__":"probe_success"{separator}{labels}}},"value":[{NOW}.123,"{value}"]}},
        {{"metric":{{"allclear":"timestamp"{separator}{labels}}},"value":[{NOW}.123,"{at}.5"]}}"#
    )
}

fn vector(all: &[String]) -> Outcome {
    let result = all.join(",");
    let body = format!(
        r#"{{"status":"success","data":{{"resultType":"vector","result":[{result}]}},"infos":["by the way"]}}"#
    );
    answer(200, &body)
}

fn of_one(all: &[String]) -> Vec<String> {
    says(ONE, &[vector(all)])
}

#[test]
fn values_and_the_instants_of_their_samples_are_asked_together() {
    assert_eq!(
        asked(
            "component = \"web\"\nprometheus = \"https://grafana/api/datasources/proxy/uid/a\"\nquery = 'up{a=\"${B}\"} # c'\nheaders = { Authorization = \"Bearer ${TOKEN}\" }\n"
        ),
        [
            "https://grafana/api/datasources/proxy/uid/a/api/v1/query?query=%28%0Aup%7Ba%3D%22%24%7BB%7D%22%7D%20%23%20c%0A%29%20or%20label_replace%28%0Atimestamp%28%0Aup%7Ba%3D%22%24%7BB%7D%22%7D%20%23%20c%0A%29%0A%2C%20%22allclear%22%2C%20%22timestamp%22%2C%20%22%22%2C%20%22%22%29"
        ]
    );
    let own = asked(
        "component = \"web\"\nprometheus = \"http://p\"\nquery = \"min(up)\"\ntimestamps = \"min(timestamp(up))\"\n",
    );
    assert!(
        own[0].contains("label_replace%28%0Amin%28timestamp%28up%29%29%0A%2C"),
        "{own:?}"
    );
}

#[test]
fn a_value_counts_from_the_instant_of_its_sample() {
    assert_eq!(
        of_one(&[series("", "1", 30)]),
        ["web operational 19:59:30 the value is 1"]
    );
    assert_eq!(
        of_one(&[series("", "0", 30)]),
        ["web major_outage 19:59:30 the value is 0"]
    );
    assert_eq!(
        of_one(&[series("", "0.5", 30)]),
        ["web major_outage 19:59:30 the value is 0.5"]
    );
    assert_eq!(
        of_one(&[series("", "+Inf", 30)]),
        ["web operational 19:59:30 the value is inf"]
    );
    // Without a label, all series are about the component.
    assert_eq!(
        of_one(&[series(r#""a":"1""#, "1", 40), series(r#""a":"2""#, "3", 60)]),
        ["web operational 19:59:00 the value is 3"]
    );
    assert_eq!(
        of_one(&[
            series(r#""a":"1""#, "1", 40),
            series(r#""a":"2""#, "0", 60),
            series(r#""a":"3""#, "NaN", 10)
        ]),
        ["web major_outage 19:59:00 the value is 0"]
    );
}

#[test]
fn what_is_no_fresh_value_says_nothing() {
    assert_eq!(
        of_one(&[]),
        ["web silent the query selects no series: is it still scraped?"]
    );
    assert_eq!(
        of_one(&[
            series(r#""a":"1""#, "1", 40),
            series(r#""a":"2""#, "NaN", 10)
        ]),
        ["web silent the value is NaN: nothing was measured"]
    );
    let old = "the last result is of 2022-12-28T19:39:59Z, which is too old: does the monitor still run, and does the component's `valid_for` fit how often it looks?";
    assert_eq!(
        of_one(&[series("", "1", 1201)]),
        [format!("web silent {old}")]
    );
    assert_eq!(
        of_one(&[series("", "0", 1201)]),
        [format!("web silent {old}")]
    );
    let stale = says(
        &format!("{ONE}stale_after = \"1m\"\n"),
        &[vector(&[series("", "1", 61)])],
    );
    assert!(
        stale[0].starts_with("web silent the last result is of 2022-12-28T19:58:59Z"),
        "{stale:?}"
    );
    let ahead = series("", "1", 0).replace(&format!("\"{NOW}.5\""), &format!("\"{}\"", NOW + 61));
    assert_eq!(
        of_one(&[ahead]),
        [
            "web silent the result is of 2022-12-28T20:01:01Z, which is in the future: are the clocks of both machines right?"
        ]
    );
    let instant = r#"{"metric":{"allclear":"timestamp","b":"2"},"value":[1,"2"]}"#;
    let value = r#"{"metric":{"a":"1"},"value":[1,"1"]}"#;
    assert_eq!(
        of_one(&[instant.to_owned(), value.to_owned()]),
        [
            "web silent a series has no instant: let `timestamps` answer with labels that the series has"
        ]
    );
    let histogram = r#"{"metric":{"a":"1"},"histogram":[1,{"count":"3","sum":"4"}]}"#;
    assert_eq!(
        of_one(&[histogram.to_owned()]),
        ["web silent the query answers with a histogram, not with a number"]
    );
}

#[test]
fn a_label_names_components() {
    let web = |value| series(r#""component":"web""#, value, 20);
    let other = series(r#""component":"billing""#, "0", 20);
    let lacks = "silent no series has `component=\"login\"`: is it still scraped, and does the query select it?";
    assert_eq!(
        says(BOTH, &[vector(&[web("1"), other])]),
        [
            "web operational 19:59:40 the value is 1".to_owned(),
            format!("login {lacks}")
        ]
    );
    assert_eq!(
        says(
            BOTH,
            &[vector(&[
                web("0"),
                series(r#""component":"login""#, "1", 10)
            ])]
        ),
        [
            "web partial_outage 19:59:40 the value is 0",
            "login operational 19:59:50 the value is 1"
        ]
    );
    // Instants that were aggregated have fewer labels.
    let map = format!(
        "{BOTH}map = {{ \"www.example.com\" = \"web\", \"id\" = \"login\", \"sso\" = \"login\" }}\n"
    );
    let value = |name: &str, value: &str| {
        format!(r#"{{"metric":{{"component":"{name}","instance":"a"}},"value":[1,"{value}"]}}"#)
    };
    let instant = format!(r#"{{"metric":{{"allclear":"timestamp"}},"value":[1,"{NOW}"]}}"#);
    assert_eq!(
        says(
            &map,
            &[vector(&[
                value("www.example.com", "1"),
                value("id", "1"),
                value("sso", "0"),
                instant
            ])]
        ),
        [
            "web operational 20:00:00 the value is 1",
            "login partial_outage 20:00:00 the value is 0"
        ]
    );
}

#[test]
fn a_comparison_says_what_is_good() {
    for (up, value, is_up) in [
        ("> 0", "0", false),
        (">0", "0.1", true),
        (">= 2", "2", true),
        ("< 0.05", "0.05", false),
        ("<= 0.05", "0.05", true),
        ("== 0", "0", true),
        ("!= 0", "0", false),
        ("< 1e3", "-Inf", true),
    ] {
        let probe = format!("{ONE}up = \"{up}\"\n");
        let said = says(&probe, &[vector(&[series("", value, 0)])]);
        let status = if is_up {
            "web operational "
        } else {
            "web major_outage "
        };
        assert!(said[0].starts_with(status), "{up} {value}: {said:?}");
    }
}

#[test]
fn warnings_and_errors_say_nothing_good() {
    let warned = |value| {
        let result = series("", value, 0);
        answer(
            200,
            &format!(
                r#"{{"status":"success","data":{{"resultType":"vector","result":[{result}]}},"warnings":["a store is gone"]}}"#
            ),
        )
    };
    assert_eq!(
        says(ONE, &[warned("1")]),
        ["web silent Prometheus warns that its answer may lack series"]
    );
    assert_eq!(
        says(ONE, &[warned("0")]),
        ["web major_outage 20:00:00 the value is 0"]
    );
    for (kind, result) in [
        ("scalar", r#"[1672257600,"1"]"#),
        ("matrix", "[]"),
        ("string", r#"[1,"a"]"#),
    ] {
        let body =
            format!(r#"{{"status":"success","data":{{"resultType":"{kind}","result":{result}}}}}"#);
        assert_eq!(
            says(ONE, &[answer(200, &body)]),
            [format!(
                "web silent the query answers with a {kind}, not with an instant vector: let it select series"
            )]
        );
    }
    let refused = |status| {
        answer(
            status,
            r#"{"status":"error","errorType":"bad_data","error":"2:5: parse\n error: unexpected <op:*>"}"#,
        )
    };
    assert_eq!(
        says(ONE, &[refused(400)]),
        [
            "web silent Prometheus answers with an error (400): line 1, column 5 of `query`: unexpected <op:*>"
        ]
    );
    assert_eq!(
        says(ONE, &[refused(503)]),
        ["web silent Prometheus answers with an error (503)"]
    );
    is_silent_without_answer(ONE, "Prometheus", &[vector(&[])]);
}

/// The place of a mistake is one of the query in the file, not of what is asked.
#[test]
fn a_mistake_in_a_query_is_placed() {
    let two =
        "component = \"web\"\nprometheus = \"http://prom\"\nquery = \"\"\"sum(\n  up))\"\"\"\n";
    let with = format!("{two}timestamps = \"timestamp(up\"\n");
    let refused = |probe: &str, place: &str| {
        let said = format!(
            r#"{{"status":"error","error":"invalid parameter \"query\": {place}: parse error: unexpected"}}"#
        );
        let said = says(probe, &[answer(400, &said)]);
        let why = said[0].split_once("(400): ").map(|(_, why)| why);
        why.map(str::to_owned)
    };
    for (probe, place, shown) in [
        (two, "2:4", "line 1, column 4 of `query`: unexpected"),
        (two, "3:6", "line 2, column 6 of `query`: unexpected"),
        (two, "4:1", "the end of `query`: unexpected"),
        (&with, "5:9", "line 1, column 9 of `timestamps`: unexpected"),
        (
            two,
            "1:1",
            "invalid parameter \"query\": 1:1: parse error: unexpected",
        ),
        (two, "7:35", "the end of `query`: unexpected"),
        (
            &with,
            "6:35",
            "the end of `query` or of `timestamps`: unexpected",
        ),
    ] {
        assert_eq!(refused(probe, place).as_deref(), Some(shown), "{place}");
    }
}

#[test]
fn a_configuration_that_cannot_be_asked_is_marked() {
    let prometheus = "component = \"web\"\nprometheus = \"http://prom\"\n";
    assert_eq!(
        faults(prometheus),
        ["[[probes]]: a probe needs `query` (no hint)"]
    );
    assert_eq!(
        faults(&format!(
            "{prometheus}query = \" \"\nup = \"1\"\nmap = {{ a = \"web\" }}\n"
        )),
        [
            "\" \": this query is empty (write one whose series say how the component is, as `probe_success{job=\"blackbox\"}`)",
            "{ a = \"web\" }: `map` needs `label` (name the label whose values it maps, as `label = \"component\"`)",
            "\"1\": `1` is no comparison with a number (write what a good value is like, as `> 0`, `>= 1` or `< 0.05`)",
        ]
    );
    assert_eq!(
        faults(&format!("{BOTH}map = {{ a = \"web\", b = \"logn\" }}\n")),
        ["\"logn\": this probe does not ask about `logn` (it asks about `web`, `login`)"]
    );
    assert_eq!(
        faults(&format!("{BOTH}map = {{ a = \"web\" }}\n")),
        [
            "{ a = \"web\" }: `map` has no name for `login` (add what the monitor calls it, as `\"its name there\" = \"login\"`)"
        ]
    );
    assert_eq!(
        faults(&ONE.replace("9090/", "9090/graph?g0.expr=up")),
        [
            "\"http://prom:9090/graph?g0.expr=up\": `http://prom:9090/graph?g0.expr=up` is no address below which Prometheus answers (write it without a query: what is asked is added to it)"
        ]
    );
    let unknown = faults(&format!("{ONE}watchdog = \"Watchdog\"\n"));
    assert!(
        unknown[0].starts_with("watchdog: a probe has no key `watchdog` (known: "),
        "{unknown:?}"
    );
}

#[test]
fn a_query_over_a_range_of_time_says_when_its_samples_were() {
    let with = |query: &str, more: &str| {
        faults(&format!(
            "component = \"web\"\nprometheus = \"http://prom:9090/\"\nquery = '''{query}'''\n{more}"
        ))
    };
    for query in [
        "avg_over_time(up[1h])",
        "increase(errors_total{a=\"[\"}[30m])",
        "up # [\n + rate(a[5m])",
        "max_over_time(up[1h:1m])",
    ] {
        let found = with(query, "");
        assert_eq!(found.len(), 1, "{query}: {found:?}");
        assert!(found[0].contains("timestamps"), "{found:?}");
        assert_eq!(with(query, "timestamps = \"timestamp(up)\""), [""; 0]);
    }
    for query in [
        "up{job=~\"[ab]\"}",
        "up{job=~'[ab]\\'['}",
        "up{job=~`[ab]`}",
        "up # [5m]",
    ] {
        assert_eq!(with(query, ""), [""; 0], "{query}");
    }
}

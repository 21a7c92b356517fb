//! Prometheus, Alertmanager and the blackbox exporter, as the system's packages have them.

use std::fs;
use std::io::{Write, stderr};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use allclear::fetch::{Client, EnvText, Excess, Limits, Method, Networks, Request};

use super::program_says;
use super::server::Server;

/// The programs of this test.
const PROGRAMS: [&str; 3] = [
    "prometheus",
    "prometheus-alertmanager",
    "prometheus-blackbox-exporter",
];

/// A program that runs until it goes out of scope.
struct Running(Child);

impl Running {
    fn start(program: &str, folder: &Path, arguments: &[&str]) -> Self {
        let log = fs::File::create(folder.join(format!("{program}.log"))).unwrap();
        let child = Command::new(program)
            .current_dir(folder)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn();
        Self(child.unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An address on which nobody listens.
fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

/// Says something that is shown although the test passes.
fn say(text: &str) {
    // Not by a macro, whose text is kept back where the test passes.
    stderr().write_all(format!("{text}\n").as_bytes()).unwrap();
}

/// Asks again and again until a probe says this of `web`, and answers with the last that it said.
#[track_caller]
fn until(probe: &str, wanted: &str) -> Vec<String> {
    until_but_never(probe, wanted, "nothing")
}

/// The same where it must not say something else in between.
#[track_caller]
fn until_but_never(probe: &str, wanted: &str, forbidden: &str) -> Vec<String> {
    let mut said = Vec::new();
    for _ in 0..240 {
        said = program_says(probe);
        assert!(!said[0].starts_with(forbidden), "{said:?}");
        if said[0].starts_with(wanted) {
            return said;
        }
        thread::sleep(Duration::from_millis(250));
    }
    panic!("never `{wanted}`, at last {said:?}");
}

/// Writes what the three programs are told.
fn configure(folder: &Path, service: &str, blackbox: &str, alertmanager: &str) {
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    write(
        "blackbox.yml",
        "modules:\n  up: { prober: http, timeout: 2s, http: { preferred_ip_protocol: ip4 } }\n",
    );
    write(
        "alertmanager.yml",
        "route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n",
    );
    write(
        "rules.yml",
        "groups:
  - name: all
    rules:
      - { alert: Watchdog, expr: vector(1), labels: { severity: none } }
      - { alert: Down, expr: probe_success == 0, labels: { severity: page } }
      - { alert: Broken, expr: probe_success == 0, labels: { severity: ticket } }
",
    );
    write(
        "prometheus.yml",
        &format!(
            "global: {{ scrape_interval: 1s, evaluation_interval: 1s }}
rule_files: [rules.yml]
alerting: {{ alertmanagers: [{{ static_configs: [{{ targets: ['{alertmanager}'] }}] }}] }}
scrape_configs:
  - job_name: blackbox
    metrics_path: /probe
    params: {{ module: [up], target: ['{service}/health'] }}
    static_configs: [{{ targets: ['{blackbox}'], labels: {{ component: web }} }}]
"
        ),
    );
}

#[test]
fn prometheus_and_alertmanager_know_how_a_service_is() {
    let is_there = |program: &&str| Command::new(program).arg("--version").output().is_ok();
    if let Some(lacks) = PROGRAMS.iter().find(|it| !is_there(it)) {
        return say(&format!(
            "not run: Prometheus and Alertmanager, because there is no {lacks}"
        ));
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let service = Server::start();
    service.answers("/health", 200, "ok");
    let [blackbox, alertmanager, prometheus] = [(); 3].map(|()| free_address());
    configure(folder, &service.address, &blackbox, &alertmanager);
    let listen = |address: &str| format!("--web.listen-address={address}");
    let _blackbox = Running::start(
        PROGRAMS[2],
        folder,
        &["--config.file=blackbox.yml", &listen(&blackbox)],
    );
    let _alertmanager = Running::start(
        PROGRAMS[1],
        folder,
        &[
            "--config.file=alertmanager.yml",
            "--storage.path=alerts",
            "--cluster.listen-address=",
            &listen(&alertmanager),
        ],
    );
    let running = Running::start(
        PROGRAMS[0],
        folder,
        &[
            "--config.file=prometheus.yml",
            "--storage.tsdb.path=data",
            "--rules.alert.resend-delay=1s",
            &listen(&prometheus),
        ],
    );

    let asks = |query: &str| {
        format!(
            "components = [\"web\", \"login\"]\nprometheus = \"http://{prometheus}\"\nlabel = \"component\"\nquery = '{query}'\n"
        )
    };
    let series = asks("probe_success{job=\"blackbox\"} # of the service");
    let alerts = format!(
        "component = \"web\"\nalertmanager = \"http://{alertmanager}\"\nfilter = ['severity=\"page\"', 'component=~\"we.\"']\n"
    );

    let no_login = "login silent no series has `component=\"login\"`: is it still scraped, and does the query select it?";
    let up = until(&series, "web operational");
    assert_eq!(up, ["web operational the value is 1", no_login]);
    assert_eq!(
        until(&alerts, "web operational"),
        ["web operational no alert is active"]
    );

    service.answers("/health", 500, "broken");
    let down = until(&series, "web major_outage");
    assert_eq!(down, ["web major_outage the value is 0", no_login]);
    assert_eq!(
        until(&alerts, "web major_outage"),
        ["web major_outage `Down` is active"]
    );

    queries_that_say_nothing(&asks, no_login);
    silenced(&alertmanager, &alerts);
    let tickets = alerts.replace("page", "ticket");
    let trouble = until(&tickets, "web major_outage");
    assert_eq!(trouble, ["web major_outage `Broken` is active"]);

    drop(running);
    let gone = program_says(&series);
    assert!(
        gone[0].starts_with("web silent Prometheus did not answer: "),
        "{gone:?}"
    );
    // Its alerts end some seconds later, and that is no all-clear at any time.
    until_but_never(&tickets, "web silent no alert with", "web operational");
    say("tried: Prometheus, Alertmanager, blackbox exporter");
}

/// Checks what a running Prometheus says nothing with.
fn queries_that_say_nothing(asks: &impl Fn(&str) -> String, no_login: &str) {
    let no_web = no_login.replace("login", "web");
    assert_eq!(
        program_says(&asks("probe_success{job=\"none\"}")),
        [&no_web, no_login]
    );
    // A scrape may come late on a busy machine, so that these are asked until their series is there.
    let nan = "web silent the value is NaN: nothing was measured";
    assert_eq!(until(&asks("probe_success * NaN"), nan)[0], nan);
    let refused = program_says(&asks("probe_success{"));
    assert!(
        refused[0].starts_with("web silent Prometheus answers with an error (400): "),
        "{refused:?}"
    );
    let range =
        program_says(&(asks("probe_success[5m]") + "timestamps = \"timestamp(probe_success)\"\n"));
    assert!(
        range[0].starts_with("web silent Prometheus answers with an error (400): "),
        "{range:?}"
    );
    // The instants of what is computed are asked for by a query of their own.
    let computed = asks("min by (component) (probe_success)");
    let with_instants =
        format!("{computed}timestamps = \"min by (component) (timestamp(probe_success))\"\n");
    for probe in [computed, with_instants] {
        let said = until(&probe, "web major_outage");
        assert_eq!(said, ["web major_outage the value is 0", no_login]);
    }
    let old = asks("probe_success offset 3s") + "stale_after = \"1s\"\n";
    until(&old, "web silent the last result is of ");
}

/// Checks that an alert that is silenced is neither good nor bad.
fn silenced(alertmanager: &str, alerts: &str) {
    let body = r#"{"matchers":[{"name":"alertname","value":"Down","isRegex":false}],"startsAt":"2022-01-01T00:00:00Z","endsAt":"2099-01-01T00:00:00Z","createdBy":"a test","comment":"of silence"}"#;
    let request = Request {
        method: Method::Post,
        body: Some(body.as_bytes().to_owned()),
        ..Request::get(EnvText::new(format!(
            "http://{alertmanager}/api/v2/silences"
        )))
    };
    let request = request.with_header("Content-Type", EnvText::new("application/json"));
    let limits = Limits {
        timeout: Duration::from_secs(10),
        redirects: 0,
        body: 1 << 20,
        excess: Excess::Refused,
        networks: Networks::All,
    };
    let answer = Client::new()
        .ask(&request, limits, &|_: &str| None)
        .unwrap();
    assert_eq!(
        answer.status,
        200,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    let said = until(alerts, "web silent `Down`");
    assert_eq!(
        said,
        ["web silent `Down` is silenced or inhibited: end that, or leave it out with `filter`"]
    );
}

//! `allclear notify`, with services on this machine that are told something.

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use snapbox::str;

use self::receiver::Receiver;
use crate::site_test::{NOW, Outcome, SiteTest};

mod receiver;
mod replay;
mod services;

const INCIDENT: &str = "---\ntitle: Log-in <fails> & more\ncomponents: {web: major_outage}\nstarted: 2022-12-28 19:00\n---\n\n## Monitoring · 2022-12-28 20:10 {web=degraded_performance}\n\nA fix is out: see [the docs](https://docs.example.com/a?b&c).\n\n## Investigating · 2022-12-28 19:30\n\nNobody can log in.\n";

/// A site with an incident that is published in the folder `live`, and these lines behind its configuration.
fn site(lines: &str) -> SiteTest {
    let site = SiteTest::new();
    let config = site.read("allclear.toml");
    site.file("incidents/log-in.md", INCIDENT).file(
        "allclear.toml",
        format!("{config}\n[publish]\nto = \"live\"\n\n[notify]\nprivate = true\n{lines}"),
    )
}

/// Runs the program at [`NOW`] with the variables that the channels name.
fn run(site: &SiteTest, variables: &[(&str, &str)], arguments: &[&str]) -> Outcome {
    run_at(NOW, site, variables, arguments)
}

fn run_at(now: &str, site: &SiteTest, variables: &[(&str, &str)], arguments: &[&str]) -> Outcome {
    let all = [&["notify", "--now", now], arguments].concat();
    let command = site.command(&all).envs(variables.iter().copied());
    Outcome::of(command.assert())
}

fn publish(site: &SiteTest) {
    site.run(&["publish", "--quiet", "--now", NOW]);
}

const SLACK: &str = "\n[[channels]]\nname = \"customers\"\nslack = \"${SLACK}\"\n";

#[test]
fn a_channel_hears_each_update_once_and_only_what_is_live() {
    let slack = Receiver::taking();
    let url = slack.url("/services/T0/B0/secret");
    let site = site(SLACK);
    let variables = [("SLACK", url.as_str())];
    let early = run(&site, &variables, &[]);
    assert_eq!(early.code(), 0);
    early.expect_stdout(str![[r#"
  customers  waits     Investigating: Log-in <fails> & more (the live page does not say it yet)
  customers  waits     Monitoring: Log-in <fails> & more (the live page does not say it yet)
0 messages told, 2 waits

"#]]);
    publish(&site);
    let told = run(&site, &variables, &[]);
    assert_eq!((told.code(), told.stderr()), (0, ""));
    told.expect_stdout(str![[r#"
  customers  told      Investigating: Log-in <fails> & more
  customers  told      Monitoring: Log-in <fails> & more
2 messages told

"#]]);
    run(&site, &variables, &[]).expect_stdout(str![[r#"
0 messages told

"#]]);
    let received = slack.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[1].line, "POST /services/T0/B0/secret");
    assert_eq!(received[1].header("content-type"), Some("application/json"));
    let body = received[1].json();
    assert_eq!(body["text"], "Monitoring: Log-in &lt;fails&gt; &amp; more");
    assert_eq!(
        body["blocks"][1]["text"]["text"],
        "Web (Degraded performance)\n\nA fix is out: see the docs (<https://docs.example.com/a?b&amp;c>)."
    );
    let link = body["blocks"][2]["elements"][0]["text"].as_str().unwrap();
    assert!(
        link.contains("<https://status.example.com/incidents/log-in/#update-2|"),
        "{link}"
    );
    // What it was told stands beside the page, without its address.
    let ledger = site.read("live/notified.json");
    assert!(ledger.contains("log-in@2022-12-29T01:10:00Z"), "{ledger}");
    assert!(!ledger.contains("services"), "{ledger}");
    // A publication leaves it alone.
    publish(&site);
    assert_eq!(site.read("live/notified.json"), ledger);
}

#[test]
fn a_dry_run_prints_what_would_be_sent_without_secrets_and_sends_nothing() {
    let hook = Receiver::taking();
    let site = site(
        "\n[[channels]]\nwebhook = \"${HOOK}\"\nsecret = \"${KEY}\"\nheaders = { Authorization = \"Bearer ${TOKEN}\" }\n",
    );
    publish(&site);
    let url = hook.url("/hook");
    let variables = [("HOOK", url.as_str()), ("KEY", "k3y"), ("TOKEN", "t0ken")];
    let foreseen = run(&site, &variables, &["--dry-run"]);
    assert_eq!(foreseen.code(), 0);
    let text = foreseen.stdout();
    for part in [
        "  webhook  told      Investigating: Log-in <fails> & more\n",
        "      POST ${HOOK}\n",
        "      Authorization: Bearer ${TOKEN}\n",
        "      X-Hub-Signature-256: HMAC-SHA256, keyed with ${KEY}\n",
        "2 messages would be sent\n",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains("k3y") && !text.contains("t0ken") && !text.contains("127.0.0.1"));
    let json = run(&site, &variables, &["--dry-run", "--format", "json"]).json();
    let sent = &json["messages"][1]["sent"];
    assert_eq!(
        sent["body"]["data"]["status_report"]["update"]["status"],
        "monitoring"
    );
    assert!(hook.received().is_empty());
    assert!(!site.path("live/notified.json").exists());
}

/// HMAC-SHA256 of a body with a short key, by the definition.
fn hmac(key: &[u8], body: &[u8]) -> String {
    let padded = |pad: u8| {
        let mut block = vec![pad; 64];
        block.iter_mut().zip(key).for_each(|(at, key)| *at ^= key);
        block
    };
    let inner = Sha256::digest([&padded(0x36)[..], body].concat());
    let outer = Sha256::digest([&padded(0x5c)[..], &inner[..]].concat());
    outer.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_program_gets_signed_requests_and_what_it_did_not_take_again() {
    // It is busy, then it is gone behind its proxy, then it takes all.
    let hook = Receiver::new(|number, _| match number {
        0 => (429, "Retry-After: 0\r\n", ""),
        1 => (502, "", "<html>"),
        _ => (204, "", ""),
    });
    let site = site(
        "\n[[channels]]\nwebhook = \"${HOOK}\"\nsecret = \"${KEY}\"\nheaders = { Authorization = \"Bearer ${TOKEN}\" }\n",
    );
    publish(&site);
    let url = hook.url("/hook");
    let variables = [("HOOK", url.as_str()), ("KEY", "k3y"), ("TOKEN", "t0ken")];
    let told = run(&site, &variables, &["--format", "json"]);
    assert_eq!(told.code(), 0, "{}", told.stderr());
    let received = hook.received();
    let number = |at: usize| received[at].json()["data"]["status_report"]["update"]["id"].clone();
    assert_eq!(received.len(), 4);
    assert_eq!((number(0), number(1)), (number(1), number(2)));
    assert_ne!(number(2), number(3));
    for request in &received {
        assert_eq!(request.header("authorization"), Some("Bearer t0ken"));
        let signature = format!("sha256={}", hmac(b"k3y", &request.body));
        assert_eq!(
            request.header("x-hub-signature-256"),
            Some(signature.as_str())
        );
        assert_eq!(request.json()["version"], "1");
    }
}

#[test]
fn a_channel_that_refuses_is_told_later_and_keeps_nothing_from_the_others() {
    let slack = Receiver::new(|number, _| match number {
        0 | 1 => (404, "", "no_service"),
        _ => (200, "", "ok"),
    });
    let hook = Receiver::taking();
    let site = site(&format!(
        "{SLACK}\n[[channels]]\nwebhook = \"{}\"\n",
        hook.url("/")
    ));
    publish(&site);
    let url = slack.url("/services/x");
    let failed = run(&site, &[("SLACK", &url)], &[]);
    assert_eq!(failed.code(), 2);
    failed.expect_stdout(str![[r#"
! customers  failed    Investigating: Log-in <fails> & more (it answered 404 (no_service))
  webhook    told      Investigating: Log-in <fails> & more
! customers  failed    Monitoring: Log-in <fails> & more (it answered 404 (no_service))
  webhook    told      Monitoring: Log-in <fails> & more
2 messages told, 2 failed

"#]]);
    let again = run(&site, &[("SLACK", &url)], &[]);
    assert_eq!(again.code(), 0);
    assert_eq!((slack.received().len(), hook.received().len()), (4, 2));
    // A variable that is missing is named.
    let unset = self::site(SLACK);
    publish(&unset);
    let failed = run(&unset, &[], &[]);
    assert_eq!(failed.code(), 2);
    assert!(
        failed
            .stdout()
            .contains("the environment variable SLACK is not set")
    );
}

#[test]
fn a_chat_that_may_have_taken_a_message_does_not_get_it_again() {
    let slack = Receiver::new(|_, _| (500, "", "rollup_error"));
    let site = site(SLACK);
    publish(&site);
    let url = slack.url("/services/x");
    let first = run(&site, &[("SLACK", &url)], &[]);
    assert_eq!(first.code(), 2);
    let doubt = "! customers  doubtful  Investigating: Log-in <fails> & more (it answered 500 (rollup_error))";
    assert!(first.stdout().contains(doubt), "{}", first.stdout());
    run(&site, &[("SLACK", &url)], &[]);
    run(&site, &[("SLACK", &url)], &[]);
    assert_eq!(slack.received().len(), 2, "each of both once");
}

#[test]
fn a_channel_is_tried_with_a_message_that_says_so() {
    let slack = Receiver::taking();
    let site = site(&format!("{SLACK}language = \"ar\"\n"));
    let url = slack.url("/services/x");
    let try_channel = |name| {
        let command = site.command(&["notify", "test", name]);
        Outcome::of(command.env("SLACK", &url).assert())
    };
    let tried = try_channel("customers");
    assert_eq!(
        (tried.code(), tried.stdout()),
        (0, "customers: it has taken the test\n")
    );
    let body = slack.received()[0].json();
    assert_eq!(body["text"], "اختبار: Example Status");
    let unknown = try_channel("custmers");
    assert_eq!(unknown.code(), 2);
    assert!(
        unknown.stderr().contains("the channels are `customers`"),
        "{}",
        unknown.stderr()
    );
}

#[test]
fn nobody_is_told_of_an_update_with_notify_no_and_of_what_is_old() {
    let slack = Receiver::taking();
    let site = site(SLACK).file(
        "incidents/quiet.md",
        "---\ntitle: Quiet\n---\n\n## Update · 2022-12-28 20:20\n\nThis is told.\n\n## Investigating · 2022-12-28 20:00 {notify=no}\n",
    ).file(
        "incidents/old.md",
        "---\ntitle: Old\n---\n\n## Resolved · 2022-12-27 20:00\n\n## Investigating · 2022-12-27 19:00\n",
    );
    publish(&site);
    let url = slack.url("/services/x");
    let told = run(&site, &[("SLACK", &url)], &["--format", "json"]);
    let ends = told.json()["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            format!(
                "{} {}",
                it["title"].as_str().unwrap(),
                it["end"].as_str().unwrap()
            )
        })
        .collect::<Vec<_>>();
    assert_eq!(
        ends,
        [
            "Investigating: Log-in <fails> & more told",
            "Investigating: Quiet silent",
            "Monitoring: Log-in <fails> & more told",
            "Update: Quiet told",
        ]
    );
}

#[test]
fn a_template_of_the_site_words_the_messages() {
    let slack = Receiver::taking();
    let site = site(&format!("{SLACK}template = \"notify/slack.txt\"\n")).file(
        "notify/slack.txt",
        "{% for it in components %}{{ it.name }} is {{ it.status }}. {% endfor %}{{ subject }} ({{ impact }})\n\n{{ text }}\n",
    );
    publish(&site);
    let url = slack.url("/services/x");
    run(&site, &[("SLACK", &url)], &[]);
    let body = slack.received()[1].json();
    let text = body["blocks"][1]["text"]["text"].as_str().unwrap();
    assert!(
        text.starts_with(
            "Web is degraded_performance. Log-in &lt;fails&gt; &amp; more (critical)\n\nWeb ("
        ),
        "{text}"
    );
    site.write("notify/slack.txt", "{% if %}\n");
    let refused = run(&site, &[("SLACK", &url)], &[]);
    assert_eq!(refused.code(), 1);
    assert!(
        refused.stderr().contains("nobody was told"),
        "{}",
        refused.stderr()
    );
}

#[test]
fn a_plan_says_when_the_work_is_and_on_what() {
    let site = site("\n[[channels]]\nname = \"planned\"\nkinds = [\"maintenance\"]\nslack = \"${SLACK}\"\n").file(
        "incidents/disks.md",
        "---\ntitle: New disks\nkind: maintenance\ncomponents: [web, login]\nstarts: 2022-12-29 05:00\nends: 2022-12-29 06:00\n---\n\n## Scheduled · 2022-12-28 20:20\n\nWe add disks.\n",
    );
    publish(&site);
    let foreseen = run(&site, &[], &["--dry-run"]);
    let text = foreseen.stdout();
    assert!(text.contains("Dec 29, 2022, 5:00"), "{text}");
    assert!(text.contains("EST – Dec 29, 2022, 6:00"), "{text}");
    assert!(
        text.contains("EST · Web · Log-in\\n\\nWe add disks."),
        "{text}"
    );
}

#[test]
fn a_template_that_fails_for_some_news_keeps_nothing_from_readers() {
    let slack = Receiver::taking();
    // It works until somebody tells of something without a component.
    let site = site(&format!("{SLACK}template = \"notify/slack.txt\"\n"))
        .file("notify/slack.txt", "{{ components[0].name }}: {{ text }}\n")
        .file(
            "incidents/other.md",
            "---\ntitle: Other\nstarted: 2022-12-28 20:15\n---\n\n## Investigating · 2022-12-28 20:20\n\nSomething else.\n",
        );
    let found = site.run_warns(&["check", "--now", NOW]);
    let text = found.stderr();
    assert_eq!(text.matches("warning[bad-channel]").count(), 1, "{text}");
    assert!(text.contains("notify/slack.txt:1:4"), "{text}");
    publish(&site);
    assert!(site.path("live/incidents/other/index.html").exists());
    let url = slack.url("/services/x");
    let told = run(&site, &[("SLACK", &url)], &[]);
    assert_eq!(told.code(), 0, "{}", told.stderr());
    let texts: Vec<String> = slack
        .received()
        .iter()
        .map(|it| it.json()["blocks"][1]["text"]["text"].to_string())
        .collect();
    assert_eq!(texts.len(), 3, "{texts:?}");
    assert!(texts[0].starts_with("\"Web: "), "{texts:?}");
    assert_eq!(texts[2], "\"Something else.\"");
}

#[test]
fn each_message_says_how_the_components_are_after_it() {
    let (hook, slack) = (Receiver::taking(), Receiver::taking());
    let lines = format!("\n[[channels]]\nwebhook = \"${{HOOK}}\"\n{SLACK}");
    let site = site(&lines).file(
        "incidents/log-in.md",
        "---\ntitle: Log-in fails\ncomponents: {web: degraded_performance, login: major_outage}\nstarted: 2022-12-28 19:00\n---\n\n## Resolved · 2022-12-28 20:20\n\nDone.\n\n## Monitoring · 2022-12-28 20:10 {login=operational}\n\nA fix is out.\n\n## Investigating · 2022-12-28 19:30\n\nLook.\n",
    );
    publish(&site);
    let (hook_url, slack_url) = (hook.url("/hook"), slack.url("/services/x"));
    let variables = [("HOOK", hook_url.as_str()), ("SLACK", slack_url.as_str())];
    let told = run(&site, &variables, &[]);
    assert_eq!(told.code(), 0, "{}", told.stderr());
    let told: Vec<String> = hook
        .received()
        .iter()
        .map(|it| {
            let report = &it.json()["data"]["status_report"];
            let components = report["components"].as_array().unwrap().iter();
            let components = components.map(|it| {
                let (impact, changed) = (it["impact"].as_str().unwrap(), &it["changed"]);
                format!(" {impact} {changed}")
            });
            let status = report["update"]["status"].as_str().unwrap();
            format!("{status}:{}", components.collect::<String>())
        })
        .collect();
    assert_eq!(
        told,
        [
            "investigating: degraded_performance true major_outage true",
            "monitoring: degraded_performance false operational true",
            "resolved: operational true operational false",
        ]
    );
    let texts: Vec<String> = slack
        .received()
        .iter()
        .map(|it| {
            it.json()["blocks"][1]["text"]["text"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(
        texts,
        [
            "Web (Degraded performance) · Log-in (Major outage)\n\nLook.",
            "Web (Degraded performance) · Log-in (Operational)\n\nA fix is out.",
            "Web (Operational) · Log-in (Operational)\n\nDone.",
        ]
    );
}

#[test]
fn a_window_that_opens_and_closes_by_itself_is_told() {
    let slack = Receiver::taking();
    let site = site(SLACK).file(
        "incidents/work.md",
        "---\ntitle: New disks\nkind: maintenance\nstarts: 2022-12-28 20:40\nends: 2022-12-28 21:40\ncomponents: [api]\n---\n\n## Scheduled · 2022-12-20 12:00\n",
    );
    let url = slack.url("/services/x");
    for now in [
        NOW,
        "2022-12-29T02:20:00Z",
        "2022-12-29T02:50:00Z",
        "2022-12-29T03:00:00Z",
    ] {
        site.run(&["publish", "--quiet", "--now", now]);
        let told = run_at(now, &site, &[("SLACK", &url)], &[]);
        assert_eq!(told.code(), 0, "{}", told.stdout());
    }
    let titles: Vec<String> = slack
        .received()
        .iter()
        .map(|it| it.json()["text"].as_str().unwrap().to_owned())
        .collect();
    // It was planned more than a week ago, and is ahead when it is first seen.
    assert_eq!(titles[0], "Scheduled: New disks");
    assert_eq!(
        titles[3..],
        ["In progress: New disks", "Completed: New disks"]
    );
}

#[test]
fn a_window_all_of_whose_updates_are_silent_opens_and_closes_in_silence() {
    let slack = Receiver::taking();
    let site = site(SLACK).file(
        "incidents/work.md",
        "---\ntitle: New disks\nkind: maintenance\nstarts: 2022-12-28 20:40\nends: 2022-12-28 21:40\ncomponents: [api]\n---\n\n## Scheduled · 2022-12-28 12:00 {notify=no}\n",
    );
    let url = slack.url("/services/x");
    for now in [NOW, "2022-12-29T02:20:00Z", "2022-12-29T02:50:00Z"] {
        site.run(&["publish", "--quiet", "--now", now]);
        let told = run_at(now, &site, &[("SLACK", &url)], &[]);
        assert_eq!(told.code(), 0, "{}", told.stdout());
    }
    let told = slack.received();
    assert_eq!(told.len(), 2, "both are of the incident: {told:?}");
}

#[test]
fn what_is_wrong_with_a_channel_is_told_at_its_place() {
    for (lines, told) in [
        ("[[channels]]\n", "a channel is of exactly one kind"),
        (
            "[[channels]]\nslack = \"${A}\"\nwebhook = \"https://a.example/\"\n",
            "a channel is of exactly one kind",
        ),
        (
            "[[channels]]\nslack = \"https://hooks.slack.com/services/T0/B0/hunter2\"\n",
            "this is a secret, and stands in a file that many can read",
        ),
        (
            "[[channels]]\nslack = \"${A}\"\n[[channels]]\nslack = \"${B}\"\n",
            "another channel is named `slack`, too",
        ),
        (
            "[[channels]]\nslack = \"${A}\"\ncomponents = [\"wbe\"]\n",
            "there is no component `wbe`",
        ),
        (
            "[[channels]]\nslack = \"${A}\"\nkinds = [\"incidents\"]\n",
            "`incidents` is no kind",
        ),
        (
            "[[channels]]\nslack = \"${A}\"\nkinds = []\n",
            "a channel for no kind is told nothing",
        ),
        (
            "[[channels]]\nslack = \"${A}\"\nimpact = \"bad\"\n",
            "`bad` is no impact",
        ),
        (
            "[[channels]]\nslack = \"${A}\"\nlanguage = \"de\"\n",
            "`de` is no language of this site",
        ),
        (
            "[[channels]]\nslack = \"${A}\"\nquiet = { from = \"22\", to = \"07:00\" }\n",
            "`22` is no time of the day",
        ),
        (
            "[[channels]]\nslack = \"${A}\"\nquiet = { from = \"07:00\", to = \"07:00\" }\n",
            "these hours never begin, or never end",
        ),
        (
            "[[channels]]\nslack = \"${A}\"\ntemplate = \"../a.txt\"\n",
            "`../a.txt` is no path of a file of this site",
        ),
        (
            "[[channels]]\nslack = \"${A}\"\ntemplate = \"a.txt\"\n",
            "`a.txt` cannot be read: there is no such file",
        ),
        (
            "[[channels]]\nslack = \"${A}\"\nname = \"\"\n",
            "`` cannot be the name of a channel",
        ),
        ("[notify]\nmost = 0\n", "0 is not between 1 and 10000"),
        (
            "[notify]\nledger = \"ftp://x\"\n",
            "`ftp://x` is no place to publish to: it begins with none of `s3://`, `gs://` and `az://`",
        ),
    ] {
        let site = SiteTest::new();
        let config = site.read("allclear.toml");
        let site = site.file("allclear.toml", format!("{config}\n{lines}"));
        let command = site.command(&["check", "--format", "json", "--now", NOW]);
        let refused = Outcome::of(command.assert().code(1));
        let text = format!("{}{}", refused.stdout(), refused.stderr());
        assert!(text.contains(told), "{lines}: {text}");
        assert!(!text.contains("hunter2"), "{text}");
    }
}

/// What the page says by its evidence alone its team hears, and customers hear once somebody has a word for it.
#[test]
fn operators_hear_of_an_outage_that_nobody_has_announced() {
    let team = "\n[[channels]]\nname = \"team\"\nslack = \"${SLACK}\"\noperators = true\n";
    let site = site(&format!("{SLACK}{team}"));
    std::fs::remove_file(site.path("incidents/log-in.md")).unwrap();
    site.write(
        "evidence/states.jsonl",
        "{\"component\":\"web\",\"status\":\"partial_outage\",\"from\":\"2022-12-29T01:10:00Z\",\"to\":\"2022-12-29T01:25:00Z\",\"source\":\"probe\"}\n",
    );
    site.run_warns(&["publish", "--now", NOW]);
    let variables = [("SLACK", "https://hooks.example.com/x")];
    let said = run(&site, &variables, &["--dry-run"]);
    said.expect_stdout(str![[r#"
  customers  silent    Partial outage
  team  told      Partial outage
      POST ${SLACK}
      Content-Type: application/json
      {
        "blocks": [
          {
            "text": {
              "emoji": false,
              "text": "Partial outage",
              "type": "plain_text"
            },
            "type": "header"
          },
          {
            "text": {
              "text": "Partly down: Web.",
              "type": "mrkdwn",
              "verbatim": true
            },
            "type": "section"
          },
          {
            "elements": [
              {
                "text": "Dec 28, 2022, 8:10 PM EST · <https://status.example.com/|All of it is on its page>",
                "type": "mrkdwn",
                "verbatim": true
              }
            ],
            "type": "context"
          }
        ],
        "text": "Partial outage",
        "unfurl_links": false,
        "unfurl_media": false
      }
1 message would be sent

"#]]);
    // Once it is announced, it is no news of evidence.
    site.write("incidents/log-in.md", INCIDENT);
    publish(&site);
    let said = run(&site, &variables, &["--dry-run"]);
    assert!(!said.stdout().contains("Minor outage"), "{}", said.stdout());
    assert!(
        said.stdout().contains("Monitoring: Log-in"),
        "{}",
        said.stdout()
    );
}

#[test]
fn without_channels_or_a_place_for_the_ledger_it_says_so() {
    let none = site("");
    let said = run(&none, &[], &[]);
    assert_eq!(said.code(), 0);
    assert!(
        said.stderr().contains("there are no `[[channels]]`"),
        "{}",
        said.stderr()
    );
    let plain = SiteTest::new();
    let config = plain.read("allclear.toml");
    let plain = plain.file("allclear.toml", format!("{config}{SLACK}"));
    let said = run(&plain, &[], &[]);
    assert_eq!(said.code(), 2);
    assert!(
        said.stderr()
            .contains("nothing says where it is kept what was told"),
        "{}",
        said.stderr()
    );
}

/// The page of a host that deploys by itself is read over HTTP, and the ledger is in a place of its own.
#[test]
fn a_page_that_a_host_deploys_is_read_at_its_address() {
    let slack = Receiver::taking();
    let site = site("");
    site.build();
    let (page, manifest) = (
        site.read("public/incidents/log-in/index.html"),
        site.read("public/build.json"),
    );
    let (page, manifest): (&'static str, &'static str) = (page.leak(), manifest.leak());
    let host = Receiver::new(move |_, request| match request.line.as_str() {
        "GET /build.json" => (200, "", manifest),
        "GET /incidents/log-in/" => (200, "", page),
        _ => (404, "", ""),
    });
    let config = SiteTest::new().read("allclear.toml");
    let base = host.url("/");
    let moved = config.replace("https://status.example.com/", &base);
    site.write(
        "allclear.toml",
        format!("{moved}\n[notify]\nprivate = true\nledger = \"told\"\n{SLACK}"),
    );
    let url = slack.url("/services/x");
    let other = run(&site, &[("SLACK", &url)], &[]);
    assert_eq!(other.code(), 2);
    assert!(
        other
            .stderr()
            .contains("is for https://status.example.com/, and not for"),
        "{}",
        other.stderr()
    );
    let manifest: Value = serde_json::from_str(manifest).unwrap();
    assert_eq!(manifest["base_url"], "https://status.example.com/");
    let own = Receiver::new(move |_, request| match request.line.as_str() {
        "GET /incidents/log-in/" => (200, "", page),
        "GET /build.json" => (200, "", OWN.get().map_or("", String::as_str)),
        _ => (404, "", ""),
    });
    let base = own.url("/");
    let mut manifest = manifest;
    manifest["base_url"] = base.as_str().into();
    OWN.set(manifest.to_string()).unwrap();
    let moved = config.replace("https://status.example.com/", &base);
    site.write(
        "allclear.toml",
        format!("{moved}\n[notify]\nprivate = true\nledger = \"told\"\n{SLACK}"),
    );
    let told = run(&site, &[("SLACK", &url)], &[]);
    assert_eq!(told.code(), 0, "{}", told.stderr());
    assert_eq!(slack.received().len(), 2);
    assert!(site.path("told/notified.json").exists());
}

static OWN: std::sync::OnceLock<String> = std::sync::OnceLock::new();

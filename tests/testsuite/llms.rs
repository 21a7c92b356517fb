//! What `llms.txt` promises, and how it is written in other languages.

use snapbox::str;

use crate::site_test::{NOW, SiteTest};

/// The sentences that say what the page says now.
#[track_caller]
fn summary(site: &SiteTest) -> String {
    let text = site.read("public/llms.txt");
    let mut lines = text.lines().filter(|line| line.starts_with('>'));
    lines.next().unwrap().to_owned() + "\n"
}

/// A site of one component with a promised rhythm, which was well at one o'clock.
fn promising() -> SiteTest {
    SiteTest::empty()
        .file(
            "allclear.toml",
            "title = \"Harbour\"\nbase_url = \"https://status.example.com/\"\n\n[build]\nexpected_every = \"1d\"\n\n[[components]]\nid = \"ferry\"\nname = \"Ferry\"\n",
        )
        .file(
            "evidence/states.jsonl",
            "{\"component\":\"ferry\",\"status\":\"operational\",\"from\":\"2022-12-28T00:00:00Z\",\"to\":\"2022-12-29T01:00:00Z\",\"source\":\"probe\"}\n",
        )
}

/// The promise of another build is no promise that what is said holds until then.
#[test]
fn a_promised_rhythm_makes_nothing_valid() {
    let site = promising();
    let said = ["2022-12-29T01:30:00Z", "2022-12-29T09:30:00Z"].map(|now| {
        site.run(&["build", "--quiet", "--now", now]);
        let build: serde_json::Value =
            serde_json::from_str(&site.read("public/build.json")).unwrap();
        format!("{}\n{}", build["valid_until"], summary(&site))
    });
    snapbox::assert_data_eq!(
        said.join("\n"),
        str![[r#"
"2022-12-29T02:00:00Z"
> A status page. What it said at 2022-12-29 01:30 UTC: All systems operational. Valid until 2022-12-29 02:00 UTC; after that, treat every status here as unconfirmed and fetch this file again. A newer version is promised before 2022-12-31 01:30 UTC: if there is none by then, nobody keeps this page up to date.

null
> A status page. What it said at 2022-12-29 09:30 UTC: Status unconfirmed since Dec 29, 2022, 2:00 AM UTC. No fresh evidence: Ferry. The last check is too old to say that all is well. It names no time up to which this is valid: fetch this file again before you rely on it. A newer version is promised before 2022-12-31 09:30 UTC: if there is none by then, nobody keeps this page up to date.

"#]]
    );
}

#[test]
fn nothing_of_an_outage_is_valid_until_it_would_be_worse() {
    let site = SiteTest::demo();
    site.run(&["build", "--quiet", "--now", NOW]);
    snapbox::assert_data_eq!(
        summary(&site),
        str![[r#"
> A status page. What it said at 2022-12-29 01:30 UTC: Partial outage. Down: Log-in. Partly down: Web. Slow or unreliable: iOS app, Android app, and Notifications. It names no time up to which this is valid: fetch this file again before you rely on it.

"#]]
    );
}

#[test]
fn a_sentence_has_one_full_stop_in_every_language() {
    let said = ["zh", "ja", "hi"].map(|language| {
        let site = promising();
        let config = site.read("allclear.toml");
        let config = config.replace(
            "\n\n[build]\nexpected_every = \"1d\"",
            &format!("\nlanguages = [\"{language}\"]"),
        );
        site.write("allclear.toml", config);
        site.write(
            "incidents/fog.md",
            "---\ntitle: X\ncomponents: { ferry: partial_outage }\nstarted: 2022-12-29 01:00\n---\n\nX.\n",
        );
        site.run(&["build", "--quiet", "--now", NOW]);
        summary(&site)
    });
    snapbox::assert_data_eq!(
        said.join(""),
        str![[r#"
> A status page. What it said at 2022-12-29 01:30 UTC: 部分中断. 部分无法使用：Ferry。 It names no time up to which this is valid: fetch this file again before you rely on it.
> A status page. What it said at 2022-12-29 01:30 UTC: 一部障害. 一部停止中：Ferry。 It names no time up to which this is valid: fetch this file again before you rely on it.
> A status page. What it said at 2022-12-29 01:30 UTC: आंशिक रुकावट. आंशिक रूप से बंद: Ferry। It names no time up to which this is valid: fetch this file again before you rely on it.

"#]]
    );
}

//! Slips of the pen in what a site says of its probes.

use super::{probe, site};
use crate::site_test::{NOW, SiteTest};

/// What `check` says is wrong, each with what it says to do.
fn told(site: &SiteTest) -> Vec<String> {
    let report = site.run_fails(1, &["check", "--now", NOW]);
    let lines = report.stderr().lines().map(str::trim_start);
    let told = lines.filter(|it| it.starts_with("error") || it.starts_with("= help: "));
    told.map(str::to_owned).collect()
}

const HTTP: &str = "http = \"https://example.com/\"";

#[test]
fn a_misspelt_key_is_reported_and_not_what_follows_from_it() {
    let lines =
        "htpp = \"https://example.com/\"\nexpect = { status = 204 }\nheaders = { A = \"b\" }";
    assert_eq!(
        told(&site(&probe("web", lines))),
        [
            "error[unknown-key]: a probe has no key `htpp`",
            "= help: did you mean `http`?"
        ]
    );
    assert_eq!(
        told(&site(&probe("web", &format!("{HTTP}\nretry = 2")))),
        [
            "error[unknown-key]: a probe has no key `retry`",
            "= help: did you mean `retries`?"
        ]
    );
}

#[test]
fn a_list_of_probes_in_the_singular_is_answered_with_its_name() {
    let one = probe("web", HTTP).replace("[[probes]]", "[[probe]]");
    let config = SiteTest::new().read("allclear.toml");
    let alone = SiteTest::new().file("allclear.toml", format!("{config}{one}"));
    assert_eq!(
        told(&alone),
        [
            "error[wrong-type]: this is a list, but should be a table",
            "= help: did you mean `[[probes]]`?"
        ]
    );
    let both = [
        "error[bad-syntax]: this is not TOML: a table and a list of tables have the name `probe`",
        "= help: did you mean `[[probes]]`?",
    ];
    assert_eq!(told(&site(&one)), both);
    let list_first = format!("{config}{one}\n[probe]\ncontrol = []\n");
    assert_eq!(
        told(&SiteTest::new().file("allclear.toml", list_first)),
        both
    );
}

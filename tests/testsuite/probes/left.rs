//! Sources that no probe has any more, and that still speak.

use snapbox::str;

use super::{probe, site};
use crate::site_test::NOW;

const OLD: &str = "evidence/http-old.example.com.jsonl";

fn line(status: &str, to: &str, source: &str) -> String {
    format!(
        "{{\"component\":\"web\",\"status\":\"{status}\",\"from\":\"2022-12-29T01:00:00Z\",\"to\":\"{to}\",\"source\":\"{source}\"}}\n"
    )
}

/// An address was wrong for a while, and was put right: what the wrong one said is named with its file.
#[test]
fn a_source_that_no_probe_has_any_more_is_named_while_it_tells_of_trouble() {
    let said = line(
        "major_outage",
        "2022-12-29T01:10:00Z",
        "http-old.example.com",
    );
    let good = line(
        "operational",
        "2022-12-29T01:29:00Z",
        "http-new.example.com",
    );
    let site = site(&probe("web", "http = \"https://new.example.com/\""))
        .file(OLD, &said)
        .file("evidence/http-new.example.com.jsonl", good);
    site.run_fails(1, &["check", "--now", NOW])
        .expect_stderr(str![[r#"
error[unannounced-outage]: evidence of `http-old.example.com` shows `web` in major outage, and no open incident names it
--> allclear.toml
 = help: open one with `allclear new incident "TITLE" -c web=major_outage`

warning[left-source]: no probe is the source `http-old.example.com` any more, but what it said counts until 2022-12-29T02:10:00Z: `web` is in major outage
--> evidence/http-old.example.com.jsonl
 = help: where it asked a wrong address, write `[sources."http-old.example.com"]` into `allclear.toml` with `ignore = [{ from = 2022-12-29T01:00:00Z, until = 2022-12-29T02:10:00Z, reason = "..." }]`, or delete this file

1 error and 1 warning; `allclear explain CODE` says more of each

"#]]);
    // What the help says is a way out.
    let config = site.read("allclear.toml");
    let ignore = "\n[sources.\"http-old.example.com\"]\nignore = [{ from = 2022-12-29T01:00:00Z, until = 2022-12-29T02:10:00Z, reason = \"A wrong address\" }]\n";
    site.write("allclear.toml", format!("{config}{ignore}"));
    site.run(&["check", "--now", NOW]);
    site.write("allclear.toml", &config);
    // Once it is over it is history.
    site.write(
        OLD,
        said.replace("T01:10", "T00:10").replace("T01:00", "T00:00"),
    );
    site.run(&["check", "--now", NOW]);
    // Nobody is misled by what was good, or by what has a name of its own.
    site.write(
        OLD,
        line(
            "operational",
            "2022-12-29T01:10:00Z",
            "http-old.example.com",
        ),
    );
    site.run(&["check", "--now", NOW]);
    site.write(
        OLD,
        line("major_outage", "2022-12-29T01:10:00Z", "frankfurt"),
    );
    let told = site.run_fails(1, &["check", "--now", NOW]);
    assert!(!told.stderr().contains("left-source"), "{}", told.stderr());
}

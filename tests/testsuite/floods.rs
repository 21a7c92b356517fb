//! Many findings: what is summed up, and which of them stop a pipeline.

use snapbox::str;

use crate::site_test::{NOW, SiteTest};

/// A site whose only incident has many links that lead nowhere, and one image without words.
fn flood(links: usize) -> SiteTest {
    let links: String = (0..links)
        .map(|at| format!("[here](nowhere-{at}/)\n"))
        .collect();
    let text = format!(
        "---\ntitle: Pages fail\ncomponents: [web]\n---\n\n## Investigating · 2022-12-28 19:00\n\n{links}\n\n![](graph.png)\n"
    );
    SiteTest::new().file("incidents/pages.md", text)
}

#[test]
fn a_flood_of_one_kind_is_summed_up() {
    let site = flood(420);
    let commands: [&[&str]; 2] = [&["check", "--now", NOW], &["build", "--now", NOW]];
    for command in commands {
        let outcome = site.run_warns(command);
        let said = outcome.stderr();
        // The picture is not there either, and it has no words.
        assert_eq!(said.matches("warning[broken-link]").count(), 3, "{said}");
        assert_eq!(
            said.matches("418 more like this: `allclear check --all`\n")
                .count(),
            1,
            "{said}"
        );
        assert_eq!(said.matches("warning[wordless-image]").count(), 1, "{said}");
        assert!(said.contains("422 warnings; "), "{said}");
    }
    let outcome = site.run_warns(&["check", "--all", "--now", NOW]);
    assert_eq!(
        outcome.stderr().matches("warning[broken-link]").count(),
        421
    );
    assert!(!outcome.stderr().contains("more like this"));
    let outcome = site.run(&["check", "--format", "json", "--now", NOW]);
    assert_eq!(outcome.stdout().matches("broken-link").count(), 421);
    // A few are no flood.
    let outcome = flood(5).run_warns(&["check", "--now", NOW]);
    assert_eq!(outcome.stderr().matches("warning[broken-link]").count(), 6);
}

#[test]
fn a_kind_may_be_denied_or_only_warned_of() {
    let site = flood(1);
    site.run_fails(
        1,
        &[
            "check",
            "--deny",
            "wordless-image,empty-update",
            "--now",
            NOW,
        ],
    );
    site.run_warns(&["check", "--deny", "empty-update", "--now", NOW]);
    site.run_warns(&[
        "check",
        "--strict",
        "--warn",
        "wordless-image,broken-link",
        "--now",
        NOW,
    ]);
    site.run_fails(2, &["check", "--deny", "wordles-image"])
        .expect_stderr(str![[r#"
error: `--deny wordles-image`: there is no diagnostic `wordles-image`
  help: did you mean `wordless-image`?

"#]]);
    site.run_fails(2, &["check", "--warn", "bad-time"])
        .expect_stderr(str![[r#"
error: `--warn bad-time`: this is no warning: it stands in the way of a page that is true
  help: `--warn` takes `contradiction`, `unannounced-outage` and the rules that `[check]` weighs

"#]]);
}

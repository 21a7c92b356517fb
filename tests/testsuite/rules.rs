//! Rules that a site may set to `error`, `warning` or `off`.

use snapbox::str;

use crate::site_test::{NOW, SiteTest};

/// A site in which each rule finds something.
fn site(levels: &str) -> SiteTest {
    let site = SiteTest::new();
    let config = site.read("allclear.toml").replace(
        "name = \"API\"",
        "name = \"API\"\nstates = { required = true }",
    );
    site.file("allclear.toml", config + levels)
        .file("incidents/forgotten.md", "---\ntitle: Forgotten\ncomponents: {web: partial_outage}\nstarted: 2022-12-20 10:00\n---\n\n## Investigating · 2022-12-20 10:00\n\nWe look.\n")
        .file("incidents/promised.md", "---\ntitle: Promised\ncomponents: {web: partial_outage}\nstarted: 2022-12-28 19:00\n---\n\n## Investigating · 2022-12-28 19:00 {next=30m}\n\nWe look.\n")
        .file("incidents/work.md", "---\ntitle: Work\nkind: maintenance\ncomponents: [api]\nstarts: 2022-12-28 10:00\nends: 2022-12-28 11:00\n---\n\n## In progress · 2022-12-28 11:30\n")
        .file(
            "incidents/over/index.md",
            "---\ntitle: Over\ncomponents: {login: partial_outage}\nstarted: 2022-12-01 10:00\n---\n\n## Investigating · 2022-12-01 10:00\n\n![](graph.png) and ![Words](no-such.png), [here](#update-1), [there](../forgotten/#update-1), [nowhere](../forgoten/), [no place](../forgotten/#u9),\n[us](../../), [history](../../history/2022-12/), [mail](mailto:a@example.com), [away](https://example.com/x).\n\n## Resolved · 2022-12-01 11:00\n\nGood.\n",
        )
        .file("incidents/over/graph.png", "x")
        .file("incidents/over/index.ar.md", "---\ntitle: انتهى\n---\n\n## Investigating · 2022-12-01 10:00\n\n[هنا](../forgotten/)\n")
}

#[test]
fn each_rule_finds_what_it_is_for() {
    site("")
        .run_warns(&["check", "--now", NOW])
        .expect_stderr(str![[r#"
warning[missing-evidence]: `api` requires evidence, and no file mentions it
--> allclear.toml
 = help: record some with `allclear record api operational --source NAME`

warning[silent-incident]: this incident is open, and readers hear nothing: the last update is of 2022-12-20T15:00:00Z
 --> incidents/forgotten.md:2:1
  |
2 | title: Forgotten
  | ^^^^^^^^^^^^^^^^
  |
  = help: post one with `allclear update`, or say that it is over with `allclear resolve`

warning[wordless-image]: this image has no words for those who do not see it
 --> incidents/over/index.md:9:1
  |
9 | ![](graph.png) and ![Words](no-such.png), [here](#update-1), [there](../forgotten/#update-1), [nowhere](../forgoten/), [no place](../...
  | ^^^^^^^^^^^^^^
  |
  = help: say in the brackets what it shows: `![Errors per minute](graph.png)`

warning[broken-link]: `no-such.png` leads to no page or file of the site
 --> incidents/over/index.md:9:20
  |
9 | ![](graph.png) and ![Words](no-such.png), [here](#update-1), [there](../forgotten/#update-1), [nowhere](../forgoten/), [no place](../...
  |                    ^^^^^^^^^^^^^^^^^^^^^
  |
  = help: links are relative to the page of the incident, as `../OTHER-SLUG/`; images lie beside an `index.md`

warning[broken-link]: `../forgoten/` leads to no page or file of the site
 --> incidents/over/index.md:9:95
  |
9 | ![](graph.png) and ![Words](no-such.png), [here](#update-1), [there](../forgotten/#update-1), [nowhere](../forgoten/), [no place](../...
  |                                                                                               ^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: links are relative to the page of the incident, as `../OTHER-SLUG/`; images lie beside an `index.md`

warning[broken-link]: the page has no place `#u9`
 --> incidents/over/index.md:9:120
  |
9 | ...(../forgotten/#update-1), [nowhere](../forgoten/), [no place](../forgotten/#u9),
  |                                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: links are relative to the page of the incident, as `../OTHER-SLUG/`; images lie beside an `index.md`

warning[stale-translation]: the translation into `ar` lacks this update
  --> incidents/over/index.md:12:4
   |
12 | ## Resolved · 2022-12-01 11:00
   |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^
   |
   = help: until it has it, readers see the original, marked as such

warning[silent-incident]: this incident is open, and readers hear nothing: an update was promised by 2022-12-29T00:30:00Z
 --> incidents/promised.md:2:1
  |
2 | title: Promised
  | ^^^^^^^^^^^^^^^
  |
  = help: post one with `allclear update`, or say that it is over with `allclear resolve`

warning[overdue-maintenance]: this maintenance was to end by 2022-12-28T16:00:00Z, and nobody said that it has
 --> incidents/work.md:2:1
  |
2 | title: Work
  | ^^^^^^^^^^^
  |
  = help: post `completed` with `allclear update`, or move `ends`

warning[empty-update]: this update has no text
 --> incidents/work.md:9:4
  |
9 | ## In progress · 2022-12-28 11:30
  |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: say below it what readers should know

10 warnings; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn a_site_weighs_rules() {
    let levels = "\n[check]\nsilent-incident = \"error\"\nbroken-link = \"off\"\nwordless-image = \"off\"\nstale-translation = \"off\"\nmissing-evidence = \"off\"\noverdue-maintenance = \"off\"\n";
    let site = site(levels);
    let said = site.run_fails(1, &["check", "--now", NOW]);
    let heads: Vec<&str> = said
        .stderr()
        .lines()
        .filter(|line| line.contains("]: "))
        .collect();
    assert_eq!(
        heads,
        [
            "error[silent-incident]: this incident is open, and readers hear nothing: the last update is of 2022-12-20T15:00:00Z",
            "error[silent-incident]: this incident is open, and readers hear nothing: an update was promised by 2022-12-29T00:30:00Z",
            "warning[empty-update]: this update has no text",
        ]
    );
    site.run_fails(1, &["build", "--now", NOW]);
}

#[test]
fn what_is_no_rule_cannot_be_set() {
    let site = site(
        "\n[check]\ncontradiction = \"off\"\nbroken-lnik = \"off\"\nempty-update = \"of\"\nbroken-link = false\n",
    );
    site.run_fails(1, &["check", "--now", NOW])
        .expect_stderr(str![[r#"
error[unknown-key]: `contradiction` cannot be set: it is always as it is
  --> allclear.toml:20:1
   |
20 | contradiction = "off"
   | ^^^^^^^^^^^^^
   |
   = help: the rules are `impossible-course`, `future-update`, `future-evidence`, `unfinished-line`, `unused-file`, `unused-key`, `incident-may-be-over`, `silent-incident`, `empty-update`, `broken-link`, `wordless-image`, `overdue-maintenance`, `stale-translation`, `missing-evidence`, `slow-evidence`, `slow-probe`, `left-source`, `unread-reports`, `missing-threshold`, `scaffold-value`, `missing-message`

error[unknown-key]: there is no rule `broken-lnik`
  --> allclear.toml:21:1
   |
21 | broken-lnik = "off"
   | ^^^^^^^^^^^
   |
   = help: did you mean `broken-link`?

error[out-of-range]: `of` is no weight of a rule
  --> allclear.toml:22:16
   |
22 | empty-update = "of"
   |                ^^^^
   |
   = help: write `error`, `warning` or `off`

error[wrong-type]: this is true or false, but should be text
  --> allclear.toml:23:15
   |
23 | broken-link = false
   |               ^^^^^
   |
   = help: put it in quotes

4 errors; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn a_link_to_a_heading_of_its_own_text_leads_somewhere() {
    let text = |heading: &str| {
        format!(
            "---\ntitle: X\ncomponents: [web]\n---\n\n[Why](#root-cause) [et](#%C3%A9t%C3%A9)\n\n### Root cause\n\n### Été\n\n## Investigating · 2022-12-28 19:45\n\n[Why](#{heading}).\n\n### Half an hour\n"
        )
    };
    let site = SiteTest::new().file("incidents/x.md", text("half-an-hour"));
    site.run(&["check", "--now", NOW]);
    site.write("incidents/x.md", text("root-cause"));
    let found = site.run_warns(&["check", "--now", NOW]);
    assert!(
        found
            .stderr()
            .contains("the page has no place `#root-cause`")
    );
    assert!(
        found.stderr().contains("incidents/x.md:14:1\n"),
        "{}",
        found.stderr()
    );
    let page = site
        .build_with_warnings()
        .read("public/incidents/x/index.html");
    for id in ["summary-root-cause", "summary-%C3%A9t%C3%A9"] {
        assert!(page.contains(&format!("href=\"#{id}\"")), "{id}");
    }
}

#[test]
fn check_warns_of_what_a_new_site_says_until_somebody_changes_it() {
    let site = SiteTest::empty();
    site.run(&["init"]);
    site.run_warns(&["check"])
        .expect_stdout("2 components and 0 incidents checked: no errors\n")
        .expect_stderr(str![[r#"
warning[scaffold-value]: readers see this title, which stands for that of your page
 --> allclear.toml:5:10
  |
5 | title = "Your Service Status"
  |          ^^^^^^^^^^^^^^^^^^^
  |
  = help: name your page in `title`

warning[scaffold-value]: feeds and the API lead to this address, which stands for that of your page
 --> allclear.toml:6:13
  |
6 | base_url = "https://status.your-service.example/"   # where the page is published; a sub-path works too
  |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: write into `base_url` where the page will be published

2 warnings; `allclear explain CODE` says more of each

"#]]);
    // At another address only the title is left.
    let built = site.run_warns(&["build", "--base-url", "https://status.acme.example/"]);
    assert_eq!(built.stderr().matches("[scaffold-value]").count(), 1);
    let config = site.read("allclear.toml");
    site.write(
        "allclear.toml",
        config.clone() + "\n[check]\nscaffold-value = \"error\"\n",
    );
    site.run_fails(1, &["check"]);

    // Whoever says both from the start is told nothing.
    let site = SiteTest::empty();
    let named = [
        "init",
        "--title",
        "The \"Acme\" page",
        "--base-url",
        "https://status.acme.example/",
    ];
    site.run(&named).expect_stdout(
        "Wrote allclear.toml and .gitignore. Next:
  1. Name your components in allclear.toml.
  2. Run `allclear new incident \"What goes wrong\"` when something does.
  3. Run `allclear build`, and publish the folder `public`.
",
    );
    site.run(&["check", "--strict"])
        .expect_stdout("2 components and 0 incidents checked: nothing to fix\n");
    site.run_fails(2, &named).expect_stderr(str![[r#"
error: `allclear.toml` is there already
  help: nothing was changed; move it away or choose another name

"#]]);
    site.run_fails(2, &["init", "other", "--base-url", "acme.example"])
        .expect_stderr(str![[r#"
error: `--base-url acme.example`: this is no address for a site: must start with `https://` or `http://`
  help: write it as `https://status.example.com/`

"#]]);
    assert!(!site.path("other").exists());
}

/// Looks of a monitor, one every so many hours, up to [`NOW`].
fn looks_every(hours: usize) -> String {
    let days = (20..=28).flat_map(|day| (0..24).step_by(hours).map(move |hour| (day, hour)));
    let line = |(day, hour)| {
        format!(
            "{{\"component\":\"web\",\"status\":\"operational\",\"from\":\"2022-12-{day}T{hour:02}:00:00Z\",\"source\":\"schedule\"}}\n"
        )
    };
    days.map(line).collect()
}

#[test]
fn evidence_that_comes_too_seldom_for_an_all_clear_is_found() {
    let site = SiteTest::new().file("evidence/states.jsonl", looks_every(4));
    site.run_warns(&["check", "--now", NOW])
        .expect_stderr(str![[r#"
warning[slow-evidence]: the all-clear of `web` cannot hold: its evidence holds for 1h, and 53 times in the last two weeks nothing came for longer, in the middle for 4h
--> allclear.toml
 = help: see that evidence comes more often, or write `valid_for = "4h"` into its `states`: 95 of 100 gaps are no longer than 4h

1 warning; `allclear explain CODE` says more of each

"#]]);
    // As it was a week before, of which less is known.
    site.run(&["check", "--now", "2022-12-20T17:00:00Z"]);
    // What is written instead is enough.
    let config = site.read("allclear.toml").replace(
        "name = \"Web\"",
        "name = \"Web\"\nstates = { valid_for = \"4h\" }",
    );
    site.write("allclear.toml", &config);
    site.run(&["check", "--now", NOW]);
    // So is that evidence need not be there.
    let config = config.replace("valid_for = \"4h\"", "required = false");
    site.write("allclear.toml", config);
    site.run(&["check", "--now", NOW]);
}

#[test]
fn an_impossible_course_names_both_places() {
    SiteTest::new()
        .file(
            "incidents/trouble.md",
            "---\ntitle: Trouble\ncomponents: {web: major_outage}\n---\n\n## Investigating · 2022-12-20 10:00\n\nWe look.\n\n## Resolved · 2022-12-20 11:00 {next=2d}\n\nGood.\n",
        )
        .run_warns(&["check", "--now", NOW])
        .expect_stdout("3 components and 1 incident checked: no errors\n")
        .expect_stderr(str![[r#"
warning[impossible-course]: this promises an update, and nobody waits for one: it is over
  --> incidents/trouble.md:10:33
   |
10 | ## Resolved · 2022-12-20 11:00 {next=2d}
   |                                 ^^^^^^^
   |
  ::: incidents/trouble.md:10:4
   |
10 | ## Resolved · 2022-12-20 11:00 {next=2d}
   |    --------------------------- it is over from here on
   |
   = help: take `next` out, or say in the text what will follow

1 warning; `allclear explain CODE` says more of each

"#]]);
}

//! What is typed on the command line: times, words of a status, and the options that are wrong.

use snapbox::str;

use crate::site_test::{NOW, Outcome, SiteTest};

/// The instant of the posts: 20 seconds past a minute, so that rounding shows. In New York it is 20:30:20.
pub(crate) const AT: &str = "2022-12-29T01:30:20Z";

/// A line of the file that `new` writes.
fn line(site: &SiteTest, arguments: &[&str], key: &str) -> String {
    let arguments = [&["new"], arguments, &["-q", "--now", AT]].concat();
    let path = site.run(&arguments).stdout().trim().to_owned();
    let text = site.read(&path);
    let line = text.lines().find(|line| line.starts_with(key));
    line.unwrap_or_else(|| panic!("no `{key}` in\n{text}"))
        .to_owned()
}

#[test]
fn a_time_is_typed_as_people_say_it() {
    let site = SiteTest::new();
    for (typed, written) in [
        ("19:05", "2022-12-28 19:05"),
        ("7:05 pm", "2022-12-28 19:05"),
        ("5pm", "2022-12-28 17:00"),
        ("yesterday 22:00", "2022-12-27 22:00"),
        ("yesterday at 10pm", "2022-12-27 22:00"),
        ("now", "2022-12-28 20:30"),
        ("-20m", "2022-12-28 20:10"),
        ("20 minutes ago", "2022-12-28 20:10"),
        ("00:05 UTC", "2022-12-28 19:05"),
        // What files may say stands there as it was typed.
        ("2022-12-28 23:00 UTC", "2022-12-28 23:00 UTC"),
        ("2022-12-28T23:00:00Z", "2022-12-28T23:00:00Z"),
    ] {
        let started = [
            "incident",
            "X",
            "-c",
            "web=major_outage",
            "--started",
            typed,
        ];
        assert_eq!(
            line(&site, &started, "started"),
            format!("started: {written}")
        );
    }
    for (typed, written) in [
        ("tomorrow 02:00", "2022-12-29 02:00"),
        ("in 2h", "2022-12-28 22:30"),
        ("90 min", "2022-12-28 22:00"),
        ("23:00", "2022-12-28 23:00"),
    ] {
        let starts = ["maintenance", "X", "--starts", typed, "--ends", "2 hours"];
        assert_eq!(line(&site, &starts, "starts"), format!("starts: {written}"));
    }
    let ends = ["maintenance", "X", "--starts", "tomorrow 02:00", "--ends"];
    for (typed, written) in [
        ("90 min", "2022-12-29 03:30"),
        ("+2h", "2022-12-29 04:00"),
        ("tomorrow 4am", "2022-12-29 04:00"),
    ] {
        let ends = [&ends[..], &[typed]].concat();
        assert_eq!(line(&site, &ends, "ends"), format!("ends: {written}"));
    }
    for (typed, written) in [
        ("30 min", "next=30m"),
        ("1h 30min", "next=1h30m"),
        ("21:15", "next=2022-12-28T21:15"),
        ("2022-12-29 03:00 UTC", "next=2022-12-29T03:00UTC"),
    ] {
        let next = ["incident", "X", "-c", "web=major_outage", "--next", typed];
        assert_eq!(
            line(&site, &next, "## "),
            format!("## Investigating · 2022-12-28 20:30 {{{written}}}")
        );
    }
    site.run(&["check", "--now", AT]);
}

#[test]
fn now_is_typed_in_the_zone_of_the_site() {
    let site = SiteTest::new();
    // As some editors write it, with a byte-order mark.
    let config = format!("\u{feff}{}", site.read("allclear.toml"));
    site.write("allclear.toml", config);
    let is = |typed: &str| {
        let arguments = ["status", "--format", "json", "--now", typed];
        // The present of a test.
        let command = site
            .command(&arguments)
            .env("SOURCE_DATE_EPOCH", "1672277420");
        let outcome = Outcome::of(command.assert().success());
        outcome.json()["now"].as_str().unwrap().to_owned()
    };
    for (typed, instant) in [
        ("2022-12-28 20:30", "2022-12-29T01:30:00Z"),
        ("2022-12-28 20:30 UTC", "2022-12-28T20:30:00Z"),
        ("20:15", "2022-12-29T01:15:00Z"),
        ("yesterday 22:00", "2022-12-28T03:00:00Z"),
        ("-20m", "2022-12-29T01:10:20Z"),
        ("now", "2022-12-29T01:30:20Z"),
    ] {
        assert_eq!(is(typed), instant, "{typed}");
    }
}

/// The file of an incident that goes on, before its updates.
pub(crate) const HEAD: &str = "---\ntitle: Log-in fails\ncomponents: {login: major_outage}\nstarted: 2022-12-28 19:00\n---\n\n";

#[test]
fn an_error_names_the_option_and_what_was_typed() {
    let text = format!("{HEAD}## Investigating · 2022-12-28 19:45\n\nWe look.\n");
    let work = "---\ntitle: Work\nkind: maintenance\ncomponents: [web]\nstarts: 2022-12-28 20:00\nends: 2022-12-28 22:00\n---\n\n## In progress · 2022-12-28 20:00\n\nWe work.\n";
    let site = SiteTest::new()
        .file("incidents/log-in.md", &text)
        .file("incidents/work.md", work)
        .file(
            "incidents/templates/odd.md",
            "---\ntitle: \"{{ title }}\"\nimpact: huge\n---\n",
        );
    let update = ["update", "log-in", "update", "-m", "x"];
    let incident = ["new", "incident", "X", "-m", "x"];
    let maintenance = ["new", "maintenance", "X", "-m", "x"];
    let planned = [
        &maintenance[..],
        &["--starts", "2023-01-14 02:00", "--ends", "1h"],
    ]
    .concat();
    let mut all = Vec::new();
    for (start, more) in [
        (&update[..], &["--next", "soon"][..]),
        (&update, &["--next", "20:15"]),
        (&update, &["-c", "login=down"]),
        (&update, &["-c", "logn=operational"]),
        (
            &update,
            &["-c", "web=operational", "-c", "web=major_outage"],
        ),
        (
            &["update", "log-in", "resolved", "-m", "x"],
            &["--next", "30m"],
        ),
        (&["update", "log-in", "completed", "-m", "x"], &[]),
        (
            &["update", "work", "update", "-m", "x"],
            &["-c", "web=major_outage"],
        ),
        (
            &["update", "log-in", "update"],
            &["-m", "x\n\n## Identified · soon\n"],
        ),
        (&["resolve", "log-in", "-m", "x"], &["--ended", "18:00"]),
        (&["resolve", "log-in", "-m", "x"], &["--ended", "in 1h"]),
        (&["resolve", "work", "-m", "x"], &["--ended", "-5m"]),
        (
            &incident,
            &["-c", "web=operational", "-c", "web=major_outage"],
        ),
        (&incident, &["--started", "23:50"]),
        (&incident, &["--started", "30m"]),
        (&incident, &["--started", "yesterday"]),
        (&incident, &["--started", "-20m", "--detected", "-30m"]),
        (&incident, &["--next", "yesterday 10:00"]),
        (
            &["new", "incident", "X"],
            &["-m", "x\n\n## Resolved · soon"],
        ),
        (&["new", "incident", "X"], &["--template", "odd"]),
        (&["new", "incident", "X"], &["--template", "od"]),
        (&maintenance, &[]),
        (&maintenance, &["--starts", "2023-01-14 02:00\ndraft: true"]),
        (&maintenance, &["--starts", "2022-11-06 01:30"]),
        (&maintenance, &["--starts", "2023-03-12 02:30"]),
        (&maintenance, &["--starts", "tomorrow 25:00"]),
        (&maintenance, &["--starts", "tomorrow 02:00 CEST"]),
        (
            &maintenance,
            &["--starts", "tomorrow 02:00", "--ends", "04:00"],
        ),
        (&planned, &["--repeat", "WEEKLY"]),
        (&planned, &["--repeat", "FREQ=WEEKLY;BYDAY=MO"]),
        (&planned, &["--repeat", " "]),
        (&planned, &["-c", "web=under_maintenance"]),
        (&["record", "web", "up", "--source", "x"], &[]),
        (&["record", "web", "operational", "--source", " "], &[]),
        (&["update", "log-in", "down", "-m", "x"], &[]),
        (&["update", "log-in", "operational", "-m", "x"], &[]),
        (&["check"], &["--now", "tomorrow"]),
    ] {
        let mut arguments = [start, more].concat();
        if !arguments.contains(&"--now") {
            arguments.extend(["--now", AT]);
        }
        all.push(site.run_fails(2, &arguments).stderr().to_owned());
    }
    assert_eq!(site.read("incidents/log-in.md"), text);
    assert_eq!(site.read("incidents/work.md"), work);
    site.run(&["check", "--now", AT])
        .expect_stdout("3 components, 1 incident and 1 maintenance checked: nothing to fix\n");
    snapbox::assert_data_eq!(
        all.join("----\n"),
        str![[r#"
error: `--next soon`: this is not a time
  help: write `10:30` (today), `yesterday 22:00`, `5pm`, `now`, `-20m`, `in 2h`, `30m` or `2022-12-28 19:45`
----
error: `--next 20:15`: that has passed: it was 2022-12-28 20:15 -05:00
  help: write how long it will take, as `30m`, or `tomorrow 20:15`
----
error: `-c login=down`: `down` is no component status
  help: did you mean `major_outage`?
----
error: `-c logn=operational`: there is no component `logn`
  help: did you mean `login`?
----
error: `-c web=major_outage`: `web` was named before
  help: name it once
----
error: `--next 30m`: no update is promised once this is `resolved`
  help: leave it out, or post another state first
----
error: `log-in` is an incident, which is never `completed`
  help: an incident may be `investigating`, `identified`, `monitoring`, `resolved`, `postmortem`, `update`
----
error: `-c web=major_outage`: a maintenance makes no component `major_outage`
  help: open an incident for what goes wrong: `allclear new incident "TITLE" -c web=major_outage`
----
error: the text for readers (`-m`) would make a file that is wrong: `soon` is not a time
  help: write a status word, `·` and a time: `## Identified · 2022-12-28 19:45`
----
error: `--ended 18:00`: that is before it began, at 2022-12-28 19:00 -05:00
  help: say a later one; if it began earlier, say so with `started` in its file
----
error: `--ended in 1h`: that is still to come, at 2022-12-28 21:30 -05:00
  help: name a time that has passed
----
error: `--ended -5m`: only an incident has an end of its own
  help: leave it out: a maintenance is over with the update that completes it
----
error: `-c web=major_outage`: `web` was named before
  help: name it once
----
error: `--started 23:50`: that is still to come, at 2022-12-28 23:50 -05:00
  help: did you mean `yesterday 23:50`?
----
error: `--started 30m`: that is still to come, at 2022-12-28 21:00 -05:00
  help: write `-30m`, or `30m ago`
----
error: `--started yesterday`: this says a day, and no time of day
  help: write `yesterday 10:30`
----
error: `--detected -30m`: that is before it began, at 2022-12-28 20:10 -05:00
  help: say with `--started` when it began
----
error: `--next yesterday 10:00`: that has passed: it was 2022-12-27 10:00 -05:00
  help: write how long it will take, as `30m`, or a time to come
----
error: the text for readers (`-m`) would make a file that is wrong: `soon` is not a time
  help: write a status word, `·` and a time: `## Resolved · 2022-12-28 19:45`
----
error: `--template odd` would make a file that is wrong: nothing says when this incident began; `huge` is no impact
  help: write `started: ...`, or an update such as `## Investigating · 2022-12-28 19:45`
----
error: `--template od`: there is no template `od`
  help: did you mean `odd`?
----
error: nothing says when the maintenance begins
  help: say it with `--starts`, as `--starts "tomorrow 02:00"`
----
error: `--starts 2023-01-14 02:00�draft: true`: `draft: true` is no time zone
  help: write `UTC`, or an IANA name such as `America/New_York`
----
error: `--starts 2022-11-06 01:30`: this happened twice in America/New_York: the clocks went back
  help: write `2022-11-06 01:30 -04:00` or `2022-11-06 01:30 -05:00`
----
error: `--starts 2023-03-12 02:30`: this never happened in America/New_York: the clocks went forward
  help: write `2023-03-12 03:30 -04:00` or `2023-03-12 01:30 -05:00`
----
error: `--starts tomorrow 25:00`: there is no such time
  help: look at the day of the month and at the hour
----
error: `--starts tomorrow 02:00 CEST`: `CEST` is no time zone
  help: write `UTC`, or an IANA name such as `America/New_York`
----
error: `--ends 04:00`: that is 2022-12-28 04:00 -05:00, and it begins at 2022-12-29 02:00 -05:00
  help: write how long it lasts, as `2h`, or the end with its day
----
error: `--repeat WEEKLY`: this is no rule of RFC 5545: `WEEKLY` is not of the form `NAME=VALUE`
  help: write `FREQ=WEEKLY`
----
error: `--repeat FREQ=WEEKLY;BYDAY=MO`: `starts` is on none of the days of this rule
  help: its first day after that is 2023-01-16: begin there
----
error: `--repeat`: this is no rule of RFC 5545: `` is not of the form `NAME=VALUE`
  help: write it as `FREQ=WEEKLY`, `FREQ=MONTHLY;BYDAY=1SA` or the like
----
error: `-c web=under_maintenance`: only an incident gives a component a status
  help: write `-c web`
----
error: `up` is no component status
  help: did you mean `operational`?
----
error: `--source`: this cannot be the source of what a monitor saw
  help: name the monitor; an operator's word needs a reason and an end, so write its line by hand
----
error: `down` is no state of an incident or a maintenance
  help: say how a component is with `-c ID=major_outage`
----
error: `operational` is no state of an incident or a maintenance
  help: did you mean `resolved`? Say how a component is with `-c ID=operational`
----
error: `--now tomorrow`: this says a day, and no time of day
  help: write `tomorrow 10:30`

"#]]
    );
}

/// People say that an incident is over in more words than the page has.
#[test]
fn a_word_that_people_use_is_answered_with_the_state_that_is_meant() {
    for (word, meant) in [
        ("fixed", "did you mean `resolved`?"),
        ("closed", "did you mean `resolved`?"),
        ("done", "did you mean `resolved` or `completed`?"),
        ("watching", "did you mean `monitoring`?"),
        ("rca", "did you mean `postmortem`?"),
    ] {
        let site = SiteTest::new().file(
            "incidents/slow.md",
            "---\ntitle: Slow\ncomponents: {web: partial_outage}\n---\n\n## Investigating · 2022-12-28 19:45\n\nWe look.\n",
        );
        let outcome = site.run_fails(2, &["update", "slow", word, "-m", "x", "--now", NOW]);
        assert!(
            outcome.stderr().contains(meant),
            "{word}: {}",
            outcome.stderr()
        );
    }
}

/// The status that a word means is named wherever a status can be said.
#[test]
fn a_word_that_people_use_is_answered_with_the_status_that_is_meant() {
    for (word, meant) in [
        ("down", "did you mean `major_outage`?"),
        ("DOWN", "did you mean `major_outage`?"),
        ("up", "did you mean `operational`?"),
        ("ok", "did you mean `operational`?"),
        ("fixed", "did you mean `operational`?"),
        ("degraded", "did you mean `degraded_performance`?"),
        ("slow", "did you mean `degraded_performance`?"),
        (
            "broken",
            "did you mean `major_outage`, or `partial_outage` where a part of it works?",
        ),
        (
            "outage",
            "did you mean `major_outage`, or `partial_outage` where a part of it works?",
        ),
        ("partial", "did you mean `partial_outage`?"),
        ("major", "did you mean `major_outage`?"),
        ("maintenance", "did you mean `under_maintenance`?"),
        ("Major-Outage", "did you mean `major_outage`?"),
    ] {
        let hint = format!("  help: {meant}\n");
        let site = SiteTest::new();
        let argument = format!("web={word}");
        site.run_fails(2, &["new", "incident", "X", "-c", &argument])
            .expect_stderr(format!(
                "error: `-c {argument}`: `{word}` is no component status\n{hint}"
            ));
        let recorded = site.run_fails(2, &["record", "web", word, "--source", "x"]);
        assert!(recorded.stderr().ends_with(&hint), "{}", recorded.stderr());
        let in_files = [
            (
                "incidents/a.md",
                format!(
                    "---\ntitle: A\ncomponents: {{web: {word}}}\nstarted: 2022-12-28 19:00\n---\n"
                ),
            ),
            (
                "incidents/b.md",
                format!(
                    "---\ntitle: B\nstarted: 2022-12-28 19:00\n---\n\n## Identified · 2022-12-28 19:00 {{web={word}}}\n\nB\n"
                ),
            ),
            (
                "evidence/c.jsonl",
                format!(
                    "{{\"component\":\"web\",\"status\":\"{word}\",\"from\":\"2022-12-28T19:00:00Z\"}}\n"
                ),
            ),
            (
                "evidence/d.csv",
                format!("component,status,from\nweb,{word},2022-12-28T19:00:00Z\n"),
            ),
        ];
        for (path, text) in in_files {
            let site = SiteTest::new().file(path, text);
            let said = site.run_fails(1, &["check", "--now", NOW]);
            let hint = format!("= help: {meant}\n");
            assert!(
                said.stderr().contains("error[unknown-status]"),
                "{path}: {}",
                said.stderr()
            );
            assert!(said.stderr().contains(&hint), "{path}: {}", said.stderr());
        }
    }
}

#[test]
fn the_delays_of_an_incident_are_said_where_it_is_opened_and_closed() {
    let site = SiteTest::new();
    let opened = [
        "new",
        "incident",
        "Down",
        "-c",
        "web=major_outage",
        "-m",
        "We look.",
    ];
    let times = [
        "--started",
        "-40m",
        "--detected",
        "20:05",
        "-q",
        "--now",
        AT,
    ];
    site.run(&[&opened[..], &times].concat());
    let path = "incidents/2022-12-28-down.md";
    let text = site.read(path);
    assert!(
        text.contains("\nstarted: 2022-12-28 19:50\ndetected: 2022-12-28 20:05\n---\n"),
        "{text}"
    );
    let resolve = ["resolve", "-m", "Good.", "--ended", "20:45", "-q", "--now"];
    site.run(&[&resolve[..], &["2022-12-29T02:00:00Z"]].concat());
    let after = site.read(path);
    assert!(
        after.contains("\ndetected: 2022-12-28 20:05\nended: 2022-12-28 20:45\n---\n\n## Resolved · 2022-12-28 21:00\n"),
        "{after}"
    );
    site.run(&["check", "--now", "2022-12-29T02:00:00Z"]);

    // In TOML a key behind a table would be the table's; and what is written by hand stays as it is.
    let toml = "+++\r\ntitle = \"Down\"\r\nstarted = 2022-12-28T19:50:00\r\n[components]\r\nweb = \"major_outage\"\r\n+++\r\n\r\n## Investigating · 2022-12-28 20:00\r\n\r\nWe look.\r\n";
    let site = SiteTest::new().file("incidents/down.md", toml);
    site.run(&[&resolve[..], &["2022-12-29T02:00:00Z"]].concat());
    let ended = toml.replace(
        "+++\r\ntitle",
        "+++\r\nended = \"2022-12-28 20:45\"\r\ntitle",
    );
    let resolved = "## Resolved · 2022-12-28 21:00\r\n\r\nGood.\r\n\r\n## Investigating";
    assert_eq!(
        site.read("incidents/down.md"),
        ended.replace("## Investigating", resolved)
    );

    // An end that stands there already is somebody's word.
    let ended = format!(
        "{}## Investigating · 2022-12-28 19:45\n\nWe look.\n",
        HEAD.replace("started:", "ended: 2022-12-28 23:00\nstarted:")
    );
    let site = SiteTest::new().file("incidents/down.md", &ended);
    site.run_fails(2, &[&resolve[..], &["2022-12-29T02:00:00Z"]].concat())
        .expect_stderr(str![[r#"
error: `--ended 20:45`: `ended` is 2022-12-28 23:00 -05:00 already
  help: change it in `incidents/down.md`, or leave it as it is

"#]]);
    assert_eq!(site.read("incidents/down.md"), ended);
}

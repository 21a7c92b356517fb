//! Writing during an outage: new incidents, updates and their end.

use snapbox::str;

use crate::pages::{page, texts};
use crate::site_test::{Outcome, SiteTest};

/// The instant of the posts: 20 seconds past a minute, so that rounding shows.
pub(crate) const AT: &str = "2022-12-29T01:30:20Z";

/// A site with one incident file.
pub(crate) fn with(text: &str) -> SiteTest {
    SiteTest::new().file("incidents/2022-12-28-log-in-fails.md", text)
}

/// Posts an update, and gives the file's new text.
fn posted(text: &str, arguments: &[&str]) -> String {
    let site = with(text);
    let arguments = [&["update"], arguments, &["--now", AT, "--quiet"]].concat();
    site.run(&arguments).expect_stdout(str![""]);
    site.read("incidents/2022-12-28-log-in-fails.md")
}

/// The front matter of an incident file, with a comment in it.
pub(crate) const HEAD: &str = "---\ntitle: Log-in fails   # of all things\ncomponents: {login: major_outage}\nstarted: 2022-12-28 19:00\n---\n\n";

#[test]
fn an_update_goes_to_the_top_and_leaves_everything_else_as_it_is() {
    let newest_first = format!(
        "{HEAD}Summary.\n\n## Identified · 2022-12-28 20:00 {{next=30m}}\n\nA disk.  \n<!-- why? -->\n\n## Investigating · 2022-12-28 19:45\n\nWe look.\n"
    );
    let after = posted(
        &newest_first,
        &[
            "monitoring",
            "-m",
            "A fix\nis out.\n",
            "-c",
            "login=degraded_performance",
            "--next",
            "2022-12-28 21:15",
        ],
    );
    let update = "## Monitoring · 2022-12-28 20:30 {login=degraded_performance next=2022-12-28T21:15}\n\nA fix\nis out.\n\n";
    assert_eq!(
        after,
        newest_first.replace("## Identified", &format!("{update}## Identified"))
    );
}

#[test]
fn a_file_that_tells_them_oldest_first_goes_on_so() {
    let oldest_first = format!(
        "{HEAD}## Investigating · 2022-12-28 19:45\n\nWe look.\n\n## Identified · 2022-12-28 20:00\n\nA disk."
    );
    let after = posted(&oldest_first, &["log-in", "update", "-m", "Still."]);
    assert_eq!(
        after,
        format!("{oldest_first}\n\n## Update · 2022-12-28 20:30\n\nStill.")
    );
}

#[test]
fn line_ends_and_the_end_of_the_file_stay() {
    let windows =
        format!("{HEAD}## Investigating · 2022-12-28 19:45\n\nWe look.").replace('\n', "\r\n");
    let after = posted(&windows, &["identified", "-m", "One\ntwo"]);
    let update = "## Identified · 2022-12-28 20:30\r\n\r\nOne\r\ntwo\r\n\r\n";
    assert_eq!(
        after,
        windows.replace("## Investigating", &format!("{update}## Investigating"))
    );
}

#[test]
fn a_file_without_updates_gets_its_first() {
    let bare = format!("{HEAD}Only a summary.\n");
    let after = posted(&bare, &["identified", "-m", "A disk."]);
    assert_eq!(
        after,
        format!("{bare}\n## Identified · 2022-12-28 20:30\n\nA disk.\n")
    );
}

#[test]
fn two_updates_in_a_minute_keep_their_order() {
    let text = format!("{HEAD}## Investigating · 2022-12-28 20:30\n\nWe look.\n");
    let site = with(&text);
    for (state, now) in [
        ("monitoring", AT),
        ("resolved", AT),
        ("postmortem", "2022-12-29T01:30:40Z"),
    ] {
        site.run(&["update", "log", state, "-m", "x", "--now", now]);
    }
    let text = site.read("incidents/2022-12-28-log-in-fails.md");
    let headings: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("## "))
        .collect();
    assert_eq!(
        headings,
        [
            "## Postmortem · 2022-12-28 20:30:40",
            "## Resolved · 2022-12-28 20:30:21",
            "## Monitoring · 2022-12-28 20:30:20",
            "## Investigating · 2022-12-28 20:30",
        ]
    );
    site.run(&["check", "--now", "2022-12-29T01:31:00Z"]);
}

#[test]
fn what_the_page_will_say_is_printed() {
    let site = with(&format!(
        "{HEAD}## Investigating · 2022-12-28 19:45\n\nWe look.\n"
    ));
    site.run(&["resolve", "-m", "It works again.", "--now", AT])
        .expect_stdout(str![[r#"
Wrote incidents/2022-12-28-log-in-fails.md. Once it is built, the page will say:

No known problems

Components
  Web     operational           not measured long enough  (no evidence)
  API     operational           not measured long enough  (no evidence)
  Log-in  operational           not measured long enough  since 2022-12-29T01:30:00Z  (no evidence)

"#]]);
}

#[test]
fn what_cannot_be_posted_changes_nothing() {
    let text = format!("{HEAD}## Investigating · 2022-12-28 19:45\n\nWe look.\n");
    let site = with(&text).file(
        "incidents/2022-12-20-log-in-slow.md",
        "---\ntitle: Slow\ncomponents: {login: degraded_performance}\nstarted: 2022-12-20 19:00\n---\n\n## Investigating · 2022-12-20 19:45\n\n## Resolved · 2022-12-20 20:45\n",
    );
    let refused = |arguments: &[&str]| {
        let outcome = site.run_fails(2, &[arguments, &["--now", AT]].concat());
        outcome.stderr().to_owned()
    };
    let all = [
        refused(&["update", "monitorng", "-m", "x"]),
        refused(&["update", "api", "monitoring", "-m", "x"]),
        refused(&["update", "monitoring"]),
        refused(&["update", "log-in"]),
        refused(&["update", "monitoring", "-m", "x", "-c", "login"]),
        refused(&["update", "monitoring", "-m", "x", "-c", "logn=operational"]),
        refused(&["update", "monitoring", "-m", "x", "-c", "login:operational"]),
        refused(&[
            "update",
            "monitoring",
            "-m",
            "x",
            "-c",
            "login,web=operational",
        ]),
        refused(&["update", "monitoring", "-m", "x", "-c", "login=fine"]),
        refused(&["update", "monitoring", "-m", "x", "--next", "soon"]),
        refused(&["update", "completed", "-m", "x"]),
        refused(&["update", "log-in", "completed", "-m", "x"]),
        refused(&["new", "incident"]),
        refused(&["new", "incident", "x", "--template", "y"]),
        refused(&["new", "maintenance", "x", "--starts", "soon"]),
        refused(&["new", "maintenance", "x", "--ends", "2h"]),
        refused(&[
            "new",
            "maintenance",
            "x",
            "--starts",
            "2023-01-14 02:00\ndraft: true",
        ]),
    ];
    assert_eq!(site.read("incidents/2022-12-28-log-in-fails.md"), text);
    snapbox::assert_data_eq!(
        all.join("----\n"),
        str![[r#"
error: `monitorng` is no state of an incident or a maintenance
  help: did you mean `monitoring`?
----
error: no incident has `api` in its name
  help: known: `2022-12-20-log-in-slow`, `2022-12-28-log-in-fails`
----
error: there is no text for readers
  help: say it with `-m TEXT`, or pipe it in with `-m -`
----
error: there is no state
  help: say one of investigating, identified, monitoring, resolved, postmortem, update
----
error: `-c login`: this does not say how the component is
  help: write `-c login=operational`, or another status
----
error: `-c logn=operational`: there is no component `logn`
  help: did you mean `login`?
----
error: `-c login:operational`: there is no component `login:operational`
  help: write `-c ID=STATUS`, once for each component
----
error: `-c login,web=operational`: there is no component `login,web`
  help: write `-c ID=STATUS`, once for each component
----
error: `-c login=fine`: `fine` is no component status
  help: did you mean `operational`?
----
error: `--next soon`: this is not a time
  help: write `10:30` (today), `yesterday 22:00`, `5pm`, `now`, `-20m`, `in 2h`, `30m` or `2022-12-28 19:45`
----
error: nothing is open
  help: name the incident, or start one with `allclear new incident`
----
error: `2022-12-28-log-in-fails` is an incident, which is never `completed`
  help: an incident may be `investigating`, `identified`, `monitoring`, `resolved`, `postmortem`, `update`
----
error: there is no title
  help: say in a few words what readers notice
----
error: `--template y`: there is no template `y`
  help: write it as `incidents/templates/y.md`
----
error: `--starts soon`: this is not a time
  help: write `10:30` (today), `yesterday 22:00`, `5pm`, `now`, `-20m`, `in 2h`, `30m` or `2022-12-28 19:45`
----
error: nothing says when the maintenance begins
  help: say it with `--starts`, as `--starts "tomorrow 02:00"`
----
error: `--starts 2023-01-14 02:00�draft: true`: `draft: true` is no time zone
  help: write `UTC`, or an IANA name such as `America/New_York`

"#]]
    );
}

#[test]
fn what_would_not_be_true_is_not_written() {
    let incident = format!(
        "{HEAD}## Resolved · 2022-12-28 20:00\n\nGood.\n\n## Investigating · 2022-12-28 19:45\n\nWe look.\n"
    );
    let open = "---\ntitle: Slow\ncomponents: {api: degraded_performance}\nstarted: 2022-12-28 19:00\n---\n";
    let planned = "---\ntitle: Move\nkind: maintenance\nstarts: 2023-01-14 02:00\nends: 2023-01-14 03:00\n---\n";
    let site = with(&incident).file("incidents/move.md", planned);
    let refused = |arguments: &[&str]| {
        let output = site.run_fails(2, &[arguments, &["--now", AT]].concat());
        output.stderr().to_owned()
    };
    let mut all = vec![
        refused(&["resolve", "-m", "x"]),
        refused(&["resolve", "move", "-m", "x"]),
        refused(&["resolve", "log-in", "-m", "x"]),
    ];
    // Called off once it is over, which would rewrite history; and after word from the future.
    let over = planned.replace("2023-01-14", "2022-12-14");
    site.write("incidents/done.md", &over);
    site.write(
        "incidents/ahead.md",
        HEAD.to_owned() + "## Investigating · 2022-12-29 09:00\n",
    );
    all.extend([
        refused(&["update", "done", "cancelled", "-m", "x"]),
        refused(&["update", "ahead", "identified", "-m", "x"]),
    ]);
    assert_eq!(site.read("incidents/done.md"), over);
    std::fs::remove_file(site.path("incidents/ahead.md")).unwrap();
    site.write("incidents/slow.md", open);
    all.extend([
        refused(&["resolve", "-m", " "]),
        refused(&["resolve", "-m", "x", "-c", "api=degraded_performance"]),
        refused(&[
            "update",
            "update",
            "-m",
            "x\n\n## Resolved · 2022-12-28 20:20\n",
        ]),
    ]);
    assert_eq!(site.read("incidents/2022-12-28-log-in-fails.md"), incident);
    assert_eq!(site.read("incidents/slow.md"), open);
    assert_eq!(site.read("incidents/move.md"), planned);
    snapbox::assert_data_eq!(
        all.join("----\n"),
        str![[r#"
error: nothing is open
  help: name what is only planned: move
----
error: `move` has not begun
  help: say that it has with `allclear update move in_progress`, or call it off with `cancelled`
----
error: `2022-12-28-log-in-fails` is over
  help: add what was learnt with `allclear update 2022-12-28-log-in-fails postmortem`
----
error: `done` is over
  help: say what there is to say of it with `update`
----
error: the newest update is dated 2022-12-29 09:00, which is still to come
  help: look at that time, and at `time_zone` in `allclear.toml`; nothing was changed
----
error: the text for readers is empty
  help: say what they should know
----
error: `-c api=degraded_performance`: once this is `resolved`, every component of it is operational
  help: leave it out, or post another state first
----
error: a heading in this text reads as an update of its own
  help: write it with `###`; nothing was changed

"#]]
    );
}

#[test]
fn text_is_piped_in_and_a_part_of_the_name_is_enough() {
    let site = with(&format!(
        "{HEAD}## Investigating · 2022-12-28 19:45\n\nWe look.\n"
    ));
    let arguments = [
        "update",
        "LOG-IN",
        "Under investigation",
        "-m",
        "-",
        "--now",
        AT,
    ];
    let command = site.command(&arguments).stdin("Über alles.\n");
    let outcome = Outcome::of(command.assert().success());
    assert_eq!(outcome.stderr(), "");
    assert_eq!(
        site.read("incidents/2022-12-28-log-in-fails.md"),
        format!(
            "{HEAD}## Investigating · 2022-12-28 20:30\n\nÜber alles.\n\n## Investigating · 2022-12-28 19:45\n\nWe look.\n"
        )
    );
}

#[test]
fn a_maintenance_is_updated_too() {
    let planned = "---\ntitle: Database\nkind: maintenance\ncomponents: [api]\nstarts: 2022-12-28 20:00\nends: 2022-12-28 21:00\n---\n\n## Scheduled · 2022-12-20 10:00\n\nSoon.\n";
    let site = SiteTest::new().file("incidents/database.md", planned);
    site.run(&["update", "verifying", "-m", "We look.", "--now", AT]);
    site.run(&[
        "resolve",
        "database",
        "-m",
        "Done.",
        "--now",
        "2022-12-29T01:40:00Z",
    ]);
    assert_eq!(
        site.read("incidents/database.md"),
        planned.replace(
            "## Scheduled",
            "## Completed · 2022-12-28 20:40\n\nDone.\n\n## Verifying · 2022-12-28 20:30\n\nWe look.\n\n## Scheduled"
        )
    );
}

/// As a script posts them: what was posted is on the page that is built next.
#[test]
fn updates_that_follow_at_once_are_published_at_once() {
    let site = SiteTest::new();
    let down = ["new", "incident", "Log-in fails", "-c", "web=major_outage"];
    site.run(&[&down[..], &["-m", "x"]].concat());
    for state in ["identified", "monitoring", "resolved"] {
        site.run(&["update", "log-in", state, "-m", "x", "--quiet"]);
    }
    site.run(&["check", "--strict"]);
    site.run(&["build", "--quiet"]);
    let index = page(&site, "index.html");
    assert_eq!(texts(&index, "h1"), ["No known problems"]);
}

/// Errors that were there before do not keep an incident from being opened.
#[test]
fn a_window_that_closed_by_itself_does_not_get_longer_in_silence() {
    let planned = "---\ntitle: Move\nkind: maintenance\ncomponents: [api]\nstarts: 2022-12-28 17:00\nends: 2022-12-28 18:00\n---\n";
    let post = |arguments: &[&str]| {
        let site = SiteTest::new().file("incidents/move.md", planned);
        let all = [arguments, &["move", "-m", "x", "--now", AT]].concat();
        site.run_warns(&all)
    };
    post(&["resolve"]).expect_stderr(str![[r#"
note: its window closed at 2022-12-28 18:00 -05:00, and this says that the work went on until 2022-12-28 20:30 -05:00
  help: if it did not, take the update out of `incidents/move.md` again, or write the time at which the work ended


"#]]);
    let silent = SiteTest::new().file("incidents/move.md", planned);
    silent.run(&[
        "resolve",
        "move",
        "-m",
        "x",
        "--now",
        "2022-12-28T22:40:00Z",
    ]);
    silent.run(&["update", "move", "update", "-m", "x", "--now", AT]);
}

#[test]
fn a_new_incident_beside_a_broken_file_is_written_with_a_warning() {
    let site = SiteTest::new().file(
        "incidents/2022-01-01-broken.md",
        "---\ntitle: Broken\nimpact: huge\n---\n",
    );
    site.run_warns(&[
        "new",
        "incident",
        "Log-in fails",
        "-c",
        "login=major_outage",
        "--now",
        AT,
    ])
    .expect_stderr(str![[r#"
no text was said, so the page says "We are looking for the cause."; say another with `-m TEXT`
but nothing is built before the errors in other files are fixed; `allclear check` lists them

"#]]);
}

/// What is posted and counts for nothing is told where it is posted.
#[test]
fn an_update_that_contradicts_its_file_is_told() {
    let over = "---\ntitle: Log-in fails\ncomponents: {login: major_outage}\nstarted: 2022-12-28 19:00\nended: 2022-12-28 19:50\n---\n\n## Resolved · 2022-12-28 20:00\n\nGood.\n\n## Investigating · 2022-12-28 19:45\n\nWe look.\n";
    let update = [
        "update",
        "log-in",
        "identified",
        "-m",
        "Again.",
        "--now",
        AT,
    ];
    let told = with(over).run_warns(&update);
    let quiet = [&update[..], &["-c", "login=major_outage", "-q"]].concat();
    with(over).run(&quiet).expect_stdout("");
    snapbox::assert_data_eq!(
        told.stderr(),
        str![[r#"
warning[impossible-course]: this opens the incident again (identified) and does not say what is affected
  --> incidents/2022-12-28-log-in-fails.md:8:4
   |
 8 | ## Identified · 2022-12-28 20:30
   |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   |
  ::: incidents/2022-12-28-log-in-fails.md:12:4
   |
12 | ## Resolved · 2022-12-28 20:00
   |    --------------------------- it was over from here on
   |
   = help: all was operational when it was over: name what is not, as `{web=partial_outage}`

1 warning; `allclear explain CODE` says more of each

"#]]
    );
}

//! What somebody typed who gets an error, and the help that answers it.

use snapbox::str;

use crate::site_test::SiteTest;
use crate::typed::{AT, HEAD};

#[test]
fn the_help_says_what_is_meant() {
    let text = format!("{HEAD}## Investigating · 2022-12-28 19:45\n\nWe look.\n");
    let config = SiteTest::new()
        .read("allclear.toml")
        .replace("\"ar\"", "\"de\"");
    let site = SiteTest::new()
        .file("allclear.toml", config)
        .file("incidents/log-in.md", &text);
    let incident = ["new", "incident", "X", "-c", "web=major_outage"];
    let update = ["update", "log-in", "monitoring"];
    let mut all = Vec::new();
    for (start, more) in [
        (&incident[..], &["--started", "+2h"][..]),
        (&incident, &["--started", ""]),
        (&incident, &["--started", "24:00"]),
        (&incident, &["--started", "2022-12-31 24:00"]),
        (&incident, &["--started", "1h30"]),
        (&incident, &["--started", "20"]),
        (&incident, &["--started", "noon"]),
        // The words of the site's languages.
        (&["new", "incident", "X"], &["-c", "web=Teilausfall"]),
        (&["new", "incident", "X"], &["-c", "web=schwerer ausfall"]),
        (&["record", "web", "In Betrieb"], &["--source", "x"]),
        (&["update", "log-in", "done", "-m", "x"], &[]),
        (&["update", "log-in", "closed", "-m", "x"], &[]),
        (&["update", "log-in", "geschlossen", "-m", "x"], &[]),
        (&["update", "log-in", "monitorin", "-m", "x"], &[]),
        (&["update", "log-in", "whatever", "-m", "x"], &[]),
        // Before a text for readers is asked for, which would be lost.
        (&update, &["--next", "soon"]),
        (&["resolve", "log-in"], &["--ended", "tomorrow 10:00"]),
        (&["check"], &["--deny", "unused-fil"]),
        (&["check"], &["--warn", "bad-titel"]),
        (&["check"], &["--warn", "missing-key"]),
        (&["build"], &["--base-url", "acme"]),
    ] {
        let arguments = [start, more, &["--now", AT]].concat();
        all.push(site.run_fails(2, &arguments).stderr().to_owned());
    }
    snapbox::assert_data_eq!(
        all.join("----\n"),
        str![[r#"
error: `--started +2h`: that is still to come, at 2022-12-28 22:30 -05:00
  help: write `-2h`, or `2h ago`
----
error: `--started`: this is empty
  help: write `10:30` (today), `yesterday 22:00`, `5pm`, `now`, `-20m`, `in 2h`, `30m` or `2022-12-28 19:45`
----
error: `--started 24:00`: there is no such time
  help: write `00:00` of the next day
----
error: `--started 2022-12-31 24:00`: there is no such time
  help: write `00:00` of the next day
----
error: `--started 1h30`: this is not a time
  help: write `10:30` (today), `yesterday 22:00`, `5pm`, `now`, `-20m`, `in 2h`, `30m` or `2022-12-28 19:45`
----
error: `--started 20`: this is not a time
  help: write `10:30` (today), `yesterday 22:00`, `5pm`, `now`, `-20m`, `in 2h`, `30m` or `2022-12-28 19:45`
----
error: `--started noon`: this is not a time
  help: write `10:30` (today), `yesterday 22:00`, `5pm`, `now`, `-20m`, `in 2h`, `30m` or `2022-12-28 19:45`
----
error: `-c web=Teilausfall`: `Teilausfall` is no component status
  help: did you mean `partial_outage`?
----
error: `-c web=schwerer ausfall`: `schwerer ausfall` is no component status
  help: did you mean `major_outage`?
----
error: `In Betrieb` is no component status
  help: did you mean `operational`?
----
error: `done` is no state of an incident or a maintenance
  help: did you mean `resolved` or `completed`?
----
error: `closed` is no state of an incident or a maintenance
  help: did you mean `resolved`?
----
error: `geschlossen` is no state of an incident or a maintenance
  help: did you mean `resolved`?
----
error: `monitorin` is no state of an incident or a maintenance
  help: did you mean `monitoring`?
----
error: `whatever` is no state of an incident or a maintenance
  help: the states are `investigating`, `identified`, `monitoring`, `resolved`, `postmortem`, `update`, `scheduled`, `in_progress`, `verifying`, `completed`, `cancelled`
----
error: `--next soon`: this is not a time
  help: write `10:30` (today), `yesterday 22:00`, `5pm`, `now`, `-20m`, `in 2h`, `30m` or `2022-12-28 19:45`
----
error: `--ended tomorrow 10:00`: that is still to come, at 2022-12-29 10:00 -05:00
  help: name a time that has passed
----
error: `--deny unused-fil`: there is no diagnostic `unused-fil`
  help: did you mean `unused-file`?
----
error: `--warn bad-titel`: there is no diagnostic `bad-titel`
  help: did you mean `bad-time`?
----
error: `--warn missing-key`: this is no warning: it stands in the way of a page that is true
  help: `--warn` takes `contradiction`, `unannounced-outage` and the rules that `[check]` weighs
----
error: `--base-url acme`: this is no address for a site: must start with `https://` or `http://`
  help: write it as `https://status.example.com/`

"#]]
    );
}

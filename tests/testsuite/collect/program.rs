//! The program itself: its options, its signals, and a disk that fails at each of its operations.

use std::net::SocketAddr;
use std::process::Command;

use snapbox::str;

use super::{ask, request, rows, site};
use crate::agent::running::Running;
use crate::site_test::SiteTest;

/// The command that takes reports of a site from an instant on.
fn command(clock: &str) -> Command {
    let mut command = Command::new(snapbox::cmd::cargo_bin!("allclear"));
    command.args(["collect", "--listen", "127.0.0.1:0"]);
    command.env("ALLCLEAR_CLOCK", format!("2022-12-28T{clock}Z"));
    command
}

/// Where a program takes reports, as soon as it does.
#[track_caller]
fn address(running: &Running) -> SocketAddr {
    running.wait_for("takes reports at http://");
    let log = running.log();
    let (_, rest) = log.split_once("takes reports at http://").unwrap();
    rest.split('/').next().unwrap().parse().unwrap()
}

#[track_caller]
fn report(address: SocketAddr, reader: &str) {
    let answer = ask(address, request(reader, "JP", "component=web&kind=login"));
    assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
}

/// A site whose collector was stopped with reports of a quarter that has not ended.
fn pending() -> SiteTest {
    let site = site();
    let mut collect = Running::spawn(&site, command("19:00:00"));
    let address = address(&collect);
    report(address, "198.51.100.1");
    report(address, "198.51.100.2");
    collect.signal("TERM");
    assert_eq!(collect.wait().code(), Some(0));
    assert!(
        collect
            .log()
            .ends_with("ended, as it was asked to: all that was counted is kept, and the next start goes on from there\n")
    );
    assert_eq!(rows(&site, "web"), [""; 0]);
    site
}

const COUNTED: &str = "2022-12-28T19:15:00Z,jp,login,2,";

#[test]
fn a_stop_writes_what_was_counted_and_a_start_appends_it() {
    let site = pending();
    let collect = Running::spawn(&site, command("19:20:00"));
    let first = address(&collect);
    let expected = format!(
        "takes reports at http://{first}/, for the form that is sent to https://reports.example.com/problem/\n"
    );
    assert_eq!(collect.log(), expected);
    assert_eq!(rows(&site, "web"), [COUNTED]);
    // Only one counts the reports of a site, and one that was killed is in nobody's way.
    let refused = site.run_fails(2, &["collect", "--listen", "127.0.0.1:0"]);
    refused.expect_stderr(str![[r#"
error: another collector counts reports into `evidence/reports`
  help: nothing was done; one collector counts all reports of a site, by itself or as part of its agent, so end the other one first

"#]]);
    collect.kill();
    let collect = Running::spawn(&site, command("19:40:00"));
    report(address(&collect), "198.51.100.1");
    assert_eq!(rows(&site, "web"), [COUNTED]);
}

#[test]
fn a_site_that_asks_for_no_reports_is_told_how() {
    SiteTest::new().run_fails(2, &["collect"]).expect_stderr(str![[r#"
error: the site asks for no reports: there is no `[reports]` in allclear.toml
  help: add `[reports]` and below it `url = "https://reports.example.com/"`: the address at which readers reach this program

"#]]);
    let site = site();
    site.run_fails(2, &["collect", "--base-url", "status"])
        .expect_stderr(str![[r#"
error: `--base-url status`: this is no address for a site: must start with `https://` or `http://`
  help: write it as `https://status.example.com/`

"#]]);
    // What is wrong with a site is said as `check` does.
    let config = site
        .read("allclear.toml")
        .replace("time_zone", "time_zones");
    site.write("allclear.toml", config);
    let outcome = site.run_fails(1, &["collect"]);
    assert!(
        outcome.stderr().contains("error[unknown-key]"),
        "{}",
        outcome.stderr()
    );
}

/// Where a proxy cannot work as it is set, that is said at once.
#[test]
fn a_region_header_of_nobody_is_said() {
    let site = site();
    let config = site.read("allclear.toml");
    site.write(
        "allclear.toml",
        config.replace("proxies = [\"127.0.0.1\", \"10.9.0.0/16\"]\n", ""),
    );
    let collect = Running::spawn(&site, command("19:00:00"));
    collect.wait_for(" reports ! `region_header` is set, but no proxy is believed, so that cf-ipcountry says nothing: name the proxy in `proxies` of `[reports]`\n");
}

/// The site may change while reports are taken: the page offers a new component as soon as it is built.
#[test]
fn a_changed_site_is_taken_over() {
    let site = site();
    let mut collect = Running::spawn(&site, command("19:00:00"));
    let address = address(&collect);
    let status = |component: &str| {
        let form = format!("component={component}&kind=slow");
        let answer = ask(address, request("198.51.100.1", "JP", &form));
        answer.split(' ').nth(1).unwrap_or_default().to_owned()
    };
    let old = site.read("allclear.toml");
    let add = |id: &str| format!("{old}\n[[components]]\nid = \"{id}\"\n");
    assert_eq!(status("mail"), "400");
    site.write("allclear.toml", add("mail"));
    crate::agent::wait_for("the new component", || {
        (status("mail") == "303").then_some(())
    });
    // What cannot be read changes nothing, and is said once.
    site.write(
        "allclear.toml",
        add("mail").replace("time_zone", "time_zones"),
    );
    collect.wait_for(" reports ! allclear.toml:");
    collect.wait_for("; reports are taken as before, until it can be read\n");
    assert_eq!(status("mail"), "303");
    std::thread::sleep(std::time::Duration::from_secs(3));
    assert_eq!(
        collect.log().matches(" reports ! ").count(),
        1,
        "{}",
        collect.log()
    );
    site.write("allclear.toml", add("chat"));
    crate::agent::wait_for("another component", || {
        (status("chat") == "303").then_some(())
    });
    collect.wait_for(" reports ! allclear.toml can be read again\n");
    assert_eq!(status("mail"), "400");
    // A site that asks for none any more gets none.
    site.write("allclear.toml", old.replace(super::REPORTS, ""));
    crate::agent::wait_for("no reports", || (status("web") == "503").then_some(()));
    collect.wait_for(" reports ! allclear.toml has no `[reports]` any more: none are taken\n");
    site.write("allclear.toml", &old);
    crate::agent::wait_for("reports again", || (status("web") == "303").then_some(()));
    collect.signal("TERM");
    assert_eq!(collect.wait().code(), Some(0));
}

/// What could not be written to its file in the end is not lost, and the way to it is said.
#[test]
fn a_stop_that_cannot_write_says_where_the_counts_are() {
    let site = pending();
    std::fs::create_dir(site.path("evidence/reports/web.csv")).unwrap();
    let mut collect = Running::spawn(&site, command("19:20:00"));
    address(&collect);
    collect.signal("TERM");
    assert_eq!(collect.wait().code(), Some(2));
    let log = collect.log();
    assert!(
        log.contains("error: what was counted could not all be written: "),
        "{log}"
    );
    assert!(
        log.ends_with("  help: put that right: the next start writes what is missing from `evidence/reports/.counts.json`\n"),
        "{log}"
    );
    std::fs::remove_dir(site.path("evidence/reports/web.csv")).unwrap();
    let collect = Running::spawn(&site, command("19:40:00"));
    address(&collect);
    assert_eq!(rows(&site, "web"), [COUNTED]);
}

/// The agent takes reports, too, and what the site asks for anew.
#[test]
fn an_agent_takes_reports() {
    let site = site();
    let mut command = Command::new(snapbox::cmd::cargo_bin!("allclear"));
    command.args(["agent", "--collect", "127.0.0.1:0"]);
    let mut agent = Running::spawn(&site, command);
    let address = address(&agent);
    report(address, "198.51.100.1");
    let config = site.read("allclear.toml");
    site.write(
        "allclear.toml",
        format!("{config}\n[[components]]\nid = \"mail\"\n"),
    );
    crate::agent::wait_for("the new component", || {
        let answer = ask(
            address,
            request("198.51.100.1", "JP", "component=mail&kind=slow"),
        );
        answer.starts_with("HTTP/1.1 303 ").then_some(())
    });
    agent.signal("TERM");
    assert_eq!(agent.wait().code(), Some(0));
    let journal = site.read("evidence/reports/.counts.json");
    for counted in [
        r#""mail":[{"region":"jp","kind":"slow","value":1,"capped":false}]"#,
        r#""web":[{"region":"jp","kind":"login","value":1,"capped":false}]"#,
    ] {
        assert!(journal.contains(counted), "{journal}");
    }
    let plain = SiteTest::new();
    let refused = plain.run_fails(2, &["agent", "--collect", "127.0.0.1:0"]);
    assert!(refused.stderr().contains("the site asks for no reports"));
}

/// Whichever operation of the disk fails, and whether the process dies of it: each row is there once in the end.
#[test]
fn rows_are_appended_once_whatever_the_disk_does() {
    let pending = pending();
    let files = crate::site_test::files_below(&pending.path(""));
    let (mut died, mut went_on) = (0, 0);
    for fault in ["killed", "killed-halfway", "half-written", "broken"] {
        for number in 1.. {
            let site = SiteTest::empty();
            for file in &files {
                site.write(file, pending.read(file));
            }
            let mut failing = command("19:20:00");
            failing.env("ALLCLEAR_FAIL_AT", format!("{number} {fault}"));
            let mut failing = Running::spawn(&site, failing);
            let is_up = crate::agent::wait_for("start or end", || {
                let is_up = failing.log().contains("takes reports at");
                let has_ended = failing.has_ended();
                (is_up || has_ended).then_some(is_up)
            });
            // Each of its files is made anew in some operations; behind the last one nothing fails.
            let is_whole = is_up && !failing.log().contains('!') && rows(&site, "web") == [COUNTED];
            if is_up {
                failing.signal("TERM");
                failing.wait();
                went_on += 1;
            } else {
                died += 1;
            }
            drop(failing);
            let mut again = Running::spawn(&site, command("19:21:00"));
            address(&again);
            again.signal("TERM");
            assert_eq!(again.wait().code(), Some(0), "{fault} {number}");
            assert_eq!(rows(&site, "web"), [COUNTED], "{fault} {number}");
            if is_whole {
                assert!(number > 10, "{fault}: only {number} operations");
                break;
            }
        }
    }
    assert!(died > 10 && went_on > 10, "{died} {went_on}");
}

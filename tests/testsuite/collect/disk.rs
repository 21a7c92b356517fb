//! What is on the disk, and what a restart makes of it.

use std::fs;

use super::{Night, rows, site};
use crate::site_test::{SiteTest, files_below};

const FORM: &str = "component=web&kind=login";

/// What a machine that breaks down at this moment leaves of a site.
fn killed(site: &SiteTest) -> SiteTest {
    let copy = SiteTest::empty();
    for file in files_below(&site.path("")) {
        copy.write(&file, fs::read(site.path(&file)).unwrap());
    }
    copy
}

fn report(night: &Night, n: usize) {
    let reader = format!("198.51.{}.{}", n / 200, n % 200);
    let status = night.report(&reader, "JP", FORM);
    assert_eq!(status, "HTTP/1.1 303 See Other");
}

#[test]
fn who_is_killed_loses_at_most_a_minute() {
    let site = site();
    let night = Night::begin(&site, "19:00:00");
    (0..5).for_each(|n| report(&night, n));
    night.go_to("19:01:00");
    (5..9).for_each(|n| report(&night, n));
    night.go_to("19:01:59");
    let left = killed(&site);
    let night = Night::begin(&left, "19:02:30");
    report(&night, 10);
    // Who was counted is not known any more.
    report(&night, 0);
    night.go_to("19:15:00");
    assert_eq!(rows(&left, "web"), ["2022-12-28T19:15:00Z,jp,login,7,"]);
    // It was away for a minute and a half, in which nobody can be said to have had a problem.
    assert_eq!(rows(&left, "api"), ["2022-12-28T19:15:00Z,,,0,"]);
    assert_eq!(night.told(), "");
}

#[test]
fn quarters_in_which_nobody_listened_have_no_row() {
    let site = site();
    let night = Night::begin(&site, "19:00:00");
    report(&night, 0);
    night.go_to("19:01:00");
    let left = killed(&site);
    let night = Night::begin(&left, "20:07:00");
    assert_eq!(rows(&left, "web"), ["2022-12-28T19:15:00Z,jp,login,1,"]);
    assert_eq!(rows(&left, "api"), [""; 0]);
    night.go_to("20:15:00");
    night.go_to("20:30:00");
    assert_eq!(rows(&left, "api"), ["2022-12-28T20:30:00Z,,,0,"]);
    assert_eq!(rows(&left, "web").len(), 2);
}

#[test]
fn an_end_that_is_asked_for_loses_nothing() {
    let site = site();
    let night = Night::begin(&site, "19:00:00");
    night.go_to("19:03:00");
    report(&night, 0);
    night.collector.stop().unwrap();
    night.collector.stop().unwrap();
    let status = night.report("198.51.100.2", "JP", FORM);
    assert_eq!(status, "HTTP/1.1 503 Service Unavailable");
    let night = Night::begin(&site, "19:04:00");
    report(&night, 1);
    night.go_to("19:15:00");
    assert_eq!(rows(&site, "web"), ["2022-12-28T19:15:00Z,jp,login,2,"]);
}

/// Nothing of a reader is on the disk, and no site reads the journal.
#[test]
fn the_journal_names_nobody_and_is_no_evidence() {
    let site = site();
    let night = Night::begin(&site, "19:00:00");
    report(&night, 77);
    night.go_to("19:01:00");
    let journal = site.read("evidence/reports/.counts.json");
    assert_eq!(
        journal,
        "{\"saved\":\"2022-12-28T19:01:00Z\",\"written\":null,\"quarters\":[{\"end\":\"2022-12-28T19:15:00Z\",\"missed\":0,\"closed\":false,\
         \"components\":{\"\":[],\"api\":[],\"login\":[],\"web\":[{\"region\":\"jp\",\"kind\":\"login\",\"value\":1,\"capped\":false}]}}]}\n"
    );
    let config = site.read("allclear.toml") + "\n[check]\nunread-reports = \"off\"\n";
    site.write("allclear.toml", config);
    site.run(&["check", "--now", "2022-12-28T19:02:00Z"]);
}

#[test]
fn a_journal_that_cannot_be_read_is_said_and_replaced() {
    for journal in ["", "{", "{}", "{\"saved\":\"yesterday\"}"] {
        let site = site().file("evidence/reports/.counts.json", journal);
        let night = Night::begin(&site, "19:00:00");
        let told = night.told();
        assert!(
            told.starts_with("cannot read `evidence/reports/.counts.json`: "),
            "{told}"
        );
        report(&night, 0);
        night.go_to("19:15:00");
        assert_eq!(rows(&site, "web"), ["2022-12-28T19:15:00Z,jp,login,1,"]);
    }
}

/// A file that cannot be written is said once, the others are written, and it is tried again.
#[test]
fn what_cannot_be_written_is_kept_and_tried_again() {
    let site = site();
    fs::create_dir_all(site.path("evidence/reports/web.csv")).unwrap();
    let night = Night::begin(&site, "19:00:00");
    report(&night, 0);
    night.go_to("19:15:00");
    assert_eq!(rows(&site, "api"), ["2022-12-28T19:15:00Z,,,0,"]);
    report(&night, 1);
    for clock in ["19:15:10", "19:16:00", "19:30:00"] {
        night.go_to(clock);
    }
    let health = super::ask(night.address(), "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    assert!(health.starts_with("HTTP/1.1 503 "), "{health}");
    // The log alone says why, for that names files.
    assert!(
        health.ends_with("\r\n\r\ncounts cannot be written\n"),
        "{health}"
    );
    fs::remove_dir(site.path("evidence/reports/web.csv")).unwrap();
    night.go_to("19:40:00");
    assert_eq!(
        rows(&site, "web"),
        [
            "2022-12-28T19:15:00Z,jp,login,1,",
            "2022-12-28T19:30:00Z,jp,login,1,"
        ]
    );
    assert_eq!(rows(&site, "api").len(), 2);
    let told = night.told();
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 2, "{told}");
    assert!(lines[0].contains("evidence/reports/web.csv"), "{told}");
    assert!(
        lines[0].ends_with("; reports are kept in memory, and it is tried again"),
        "{told}"
    );
    assert_eq!(lines[1], "reports can be written again");
}

/// A process that was halted, or a machine that slept, has not listened: it does not know that nobody has reported anything.
#[test]
fn who_was_halted_does_not_say_that_nobody_reported() {
    for (halted_until, expected) in [
        ("19:09:00", vec!["2022-12-28T19:15:00Z,,,0,"]),
        ("19:10:00", Vec::new()),
    ] {
        let site = site();
        let night = Night::begin(&site, "19:00:00");
        night.go_to("19:07:10");
        report(&night, 0);
        night.set(halted_until);
        night.go_to("19:15:00");
        assert_eq!(rows(&site, "api"), expected, "{halted_until}");
        assert_eq!(rows(&site, "web"), ["2022-12-28T19:15:00Z,jp,login,1,"]);
        // The next quarter is whole again.
        night.go_to("19:30:00");
        assert_eq!(rows(&site, "api").len(), expected.len() + 1);
    }
}

/// Nor does it know it of a time in which it took no reports, however often the site has changed.
#[test]
fn who_took_no_reports_does_not_say_that_nobody_reported() {
    let site = site();
    let night = Night::begin(&site, "19:00:00");
    night.go_to("19:05:00");
    night.collector.adopt(None);
    night.go_to("19:08:00");
    night.collector.adopt(super::settings(&site));
    night.go_to("19:15:00");
    assert_eq!(rows(&site, "api"), [""; 0]);
    night.go_to("19:20:00");
    night.collector.adopt(None);
    night.go_to("19:21:00");
    night.collector.adopt(super::settings(&site));
    night.go_to("19:30:00");
    assert_eq!(rows(&site, "api"), ["2022-12-28T19:30:00Z,,,0,"]);
}

/// A clock that is set back by more than a quarter of an hour leads into quarters that are in the file. Their rows may be the
/// same again, and count all the same.
#[test]
fn what_is_reported_after_the_clock_was_set_back_is_written() {
    let site = site();
    let config = site.read("allclear.toml");
    let signal = "[[signals]]\nid = \"reports\"\ncomponents = [\"web\"]\nfile = \"evidence/reports/web.csv\"\nthreshold = 2\n";
    site.write("allclear.toml", format!("{config}\n{signal}"));
    let night = Night::begin(&site, "09:46:00");
    report(&night, 0);
    night.go_to("10:00:00");
    report(&night, 1);
    night.go_to("10:15:00");
    night.collector.stop().unwrap();
    let night = Night::begin(&site, "09:59:55");
    report(&night, 2);
    night.go_to("10:00:00");
    assert_eq!(
        rows(&site, "web"),
        [
            "2022-12-28T10:00:00Z,jp,login,1,",
            "2022-12-28T10:15:00Z,jp,login,1,",
            "2022-12-28T10:00:00Z,jp,login,1,"
        ]
    );
    night.collector.stop().unwrap();
    // Rows of the same quarter add up.
    let status = site.run_exits(3, &["status", "--now", "2022-12-28T10:01:00Z"]);
    let signal = "reports (web): 2, at or above 2 since 2022-12-28T10:00:00Z";
    assert!(status.stdout().contains(signal), "{}", status.stdout());
}

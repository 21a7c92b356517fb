//! Twins in Markdown as they are, whole: every status stands beside its own component, in the order of the page.

use snapbox::file;

use crate::site_test::SiteTest;

/// Compares a twin of the demo, built for an instant.
#[track_caller]
fn check(site: &SiteTest, twin: &str, expected: snapbox::Data) {
    snapbox::assert_data_eq!(site.read(&format!("public/{twin}")), expected.raw());
}

#[test]
fn the_twins_of_the_demo() {
    let site = SiteTest::demo();
    site.run(&["build", "--quiet", "--now", "2022-12-28T12:01:00Z"]);
    check(&site, "index.md", file!["snapshots/index-clear.md"]);

    site.run(&["build", "--quiet", "--now", "2022-12-29T01:30:00Z"]);
    check(&site, "index.md", file!["snapshots/index-outage.md"]);
    check(
        &site,
        "components/login/index.md",
        file!["snapshots/component.md"],
    );
    check(&site, "about/index.md", file!["snapshots/about.md"]);
    check(
        &site,
        "history/2022-12/index.md",
        file!["snapshots/month.md"],
    );

    site.run(&["build", "--quiet", "--now", "2022-12-30T12:00:00Z"]);
    check(&site, "index.md", file!["snapshots/index-expired.md"]);
}

//! The bars of a component's last days: what they show, what they say, and where they lead.

use scraper::Html;

use crate::pages::{all, page};
use crate::site_test::{NOW, SiteTest};

/// An incident of the web on one day.
fn incident(title: &str, day: &str, status: &str) -> String {
    format!(
        "---\ntitle: {title}\ncomponents: {{web: {status}}}\n---\n\n\
         ## Investigating · {day} 10:00\n\nLooking.\n\n## Resolved · {day} 10:30\n\nDone.\n"
    )
}

/// What the bars of the first component of the index say.
fn label(index: &Html) -> String {
    let labels = all(index, ".bars [aria-label], .bars[aria-label]");
    labels[0].attr("aria-label").unwrap().to_owned()
}

#[test]
fn a_day_that_looks_troubled_is_counted_in_words() {
    let site = SiteTest::new()
        .file(
            "incidents/slow.md",
            incident("Slow", "2022-12-20", "degraded_performance"),
        )
        .file(
            "incidents/work.md",
            "---\ntitle: Work\nkind: maintenance\ncomponents: [web]\nstarts: 2022-12-22 10:00\nends: 2022-12-22 11:00\n---\n",
        );
    site.build();
    assert_eq!(
        label(&page(&site, "index.html")),
        "9 days: 1 with minor problems, 1 with maintenance."
    );
}

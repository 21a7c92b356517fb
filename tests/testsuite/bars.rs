//! The bars of a component's last days: what they show, what they say, and where they lead.

use scraper::Html;

use crate::pages::{all, page};
use crate::site_test::SiteTest;

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

/// How tall the bar of each status is, by its class.
#[test]
fn the_worse_a_day_the_taller_its_bar() {
    let site = SiteTest::new()
        .file("incidents/a.md", incident("A", "2022-12-19", "major_outage"))
        .file("incidents/b.md", incident("B", "2022-12-20", "partial_outage"))
        .file("incidents/c.md", incident("C", "2022-12-21", "degraded_performance"))
        .file(
            "incidents/d.md",
            "---\ntitle: D\nkind: maintenance\ncomponents: [web]\nstarts: 2022-12-22 10:00\nends: 2022-12-22 11:00\n---\n",
        )
        .file(
            "evidence/web.jsonl",
            "{\"component\":\"web\",\"status\":\"operational\",\"from\":\"2022-12-19T05:00:00Z\",\"to\":\"2022-12-23T05:00:00Z\",\"source\":\"probe\"}\n\
             {\"component\":\"web\",\"status\":\"operational\",\"from\":\"2022-12-25T05:00:00Z\",\"to\":\"2022-12-29T01:30:00Z\",\"source\":\"probe\"}\n",
        );
    site.build();
    let index = page(&site, "index.html");
    let bars = all(&index, ".bars")[0];
    let heights: Vec<(&str, &str)> = bars
        .descendent_elements()
        .filter(|it| it.value().name() == "path")
        .map(|path| {
            let (_, height) = path.attr("d").unwrap().rsplit_once("v-").unwrap();
            (path.attr("class").unwrap(), height)
        })
        .collect();
    assert_eq!(
        heights,
        [
            ("operational", "12"),
            ("under_maintenance", "16"),
            ("unknown", "4"),
            ("degraded_performance", "20"),
            ("partial_outage", "24"),
            ("major_outage", "28"),
        ]
    );
}

/// The links in the bars of the first component: where they stand, what they say, and where they lead.
fn places(index: &Html) -> Vec<[String; 3]> {
    let bars = all(index, ".bars")[0];
    let links = bars.descendent_elements();
    let links = links.filter(|it| it.value().name() == "a");
    let of = |link: scraper::ElementRef<'_>, name: &str| link.attr(name).unwrap().to_owned();
    links
        .map(|link| [of(link, "class"), of(link, "aria-label"), of(link, "href")])
        .collect()
}

#[test]
fn a_place_leads_to_its_incident_or_to_the_month_of_several() {
    let site = SiteTest::new()
        .file(
            "incidents/first.md",
            incident("First", "2022-11-02", "major_outage"),
        )
        .file(
            "incidents/a.md",
            incident("A", "2022-12-24", "partial_outage"),
        )
        .file(
            "incidents/b.md",
            incident("B", "2022-12-28", "major_outage"),
        );
    site.build();
    let words = |day: &str, status: &str| format!("{day}: {status} for 30 min");
    let two = [
        words("Dec 24, 2022", "Partial outage"),
        words("Dec 28, 2022", "Major outage"),
    ];
    assert_eq!(
        places(&page(&site, "index.html")),
        [
            [
                "p6".to_owned(),
                words("Nov 2, 2022", "Major outage"),
                "./incidents/first/".to_owned()
            ],
            [
                "p15".to_owned(),
                two.join(" · "),
                "./history/2022-12/".to_owned()
            ],
        ]
    );
}

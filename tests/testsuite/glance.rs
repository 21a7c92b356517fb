//! The index at a glance, however large the site is and however much goes on.

use std::fmt::Write as _;

use crate::pages::{all, page, present, texts};
use crate::site_test::SiteTest;

/// A site of so many components in groups of ten.
fn site_of(components: usize) -> SiteTest {
    let mut config = "title = \"Large\"\nbase_url = \"https://status.example.com/\"\n".to_owned();
    for group in 0..components.div_ceil(10) {
        write!(
            config,
            "\n[[groups]]\nid = \"g{group}\"\nname = \"Group {group}\"\n"
        )
        .unwrap();
    }
    for at in 0..components {
        let group = at / 10;
        write!(
            config,
            "\n[[components]]\nid = \"c{at}\"\nname = \"Component {at}\"\ngroup = \"g{group}\"\n"
        )
        .unwrap();
    }
    SiteTest::empty().file("allclear.toml", config)
}

/// An open incident of a component; `next` promises an update.
fn open(title: &str, component: &str, started: &str, next: &str) -> String {
    format!(
        "---\ntitle: {title}\ncomponents: {{{component}: major_outage}}\nstarted: {started}\n---\n\n\
         ## Investigating · {started}{next}\n\nLooking.\n"
    )
}

#[test]
fn up_to_forty_components_are_never_folded() {
    let site = site_of(40).file("incidents/a.md", open("A", "c0", "2022-12-28 20:00Z", ""));
    site.build();
    let index = page(&site, "index.html");
    assert_eq!(all(&index, "#components details").len(), 0);
    assert_eq!(present(&index, "#components li").len(), 40);
}

#[test]
fn of_more_components_the_troubled_ones_stand_and_the_others_are_folded() {
    let site = site_of(50).file("incidents/a.md", open("A", "c11", "2022-12-28 20:00Z", ""));
    site.build();
    let index = page(&site, "index.html");
    assert_eq!(texts(&index, "#components > ul > li > a"), ["Component 11"]);
    let summaries = texts(&index, "#components > details > summary");
    assert_eq!(
        summaries,
        [
            "Group 0 No known problems",
            "9 others No known problems",
            "Group 2 No known problems",
            "Group 3 No known problems",
            "Group 4 No known problems",
        ]
    );
    assert_eq!(present(&index, "#components li").len(), 50);
}

/// Five open incidents: three are told, two are named, each day says how many there were, and what is overdue is said once.
#[test]
fn many_open_incidents_are_told_in_part() {
    let mut site = SiteTest::new();
    for (at, title) in ["A", "B", "C", "D", "E"].into_iter().enumerate() {
        let started = format!("2022-12-28 {}:00", 10 + at);
        site = site.file(
            &format!("incidents/{title}.md"),
            open(title, "web", &started, " {next=30m}"),
        );
    }
    site.build_with_warnings();
    let index = page(&site, "index.html");
    assert_eq!(texts(&index, ".event h3"), ["E", "D", "C"]);
    assert_eq!(
        texts(&index, ".event + .records > li"),
        [
            "B Investigating Since 11:00 AM EST",
            "A Investigating Since 10:00 AM EST"
        ]
    );
    assert_eq!(
        texts(&index, ".headline .overdue"),
        ["5 updates are overdue"]
    );
    assert_eq!(
        texts(&index, "#days li"),
        ["Wed, Dec 28, 2022 5 incidents · ongoing"]
    );
    let below = texts(&index, "nav.below a");
    assert_eq!(below, ["Components", "The last 14 days"]);
    let twin = site.read("public/index.md");
    assert!(twin.contains("**5 updates are overdue**"), "{twin}");
    assert!(twin.contains("5 incidents · ongoing"), "{twin}");
}

#[test]
fn an_update_says_the_state_that_lasts_and_leads_to_its_place() {
    let site = SiteTest::new().file(
        "incidents/slow.md",
        "---\ntitle: Slow\ncomponents: {web: degraded_performance}\n---\n\n\
         ## Investigating · 2022-12-28 18:00\n\nLooking.\n\n## Identified · 2022-12-28 18:10\n\nA disk.\n\n\
         ## Update · 2022-12-28 18:20\n\nIt is on its way.\n\n## Update · 2022-12-28 18:30\n\nIt is here.\n",
    );
    site.build();
    let index = page(&site, "index.html");
    assert_eq!(
        texts(&index, ".timeline strong"),
        ["Identified · Update", "Identified · Update", "Identified"]
    );
    let links = all(&index, ".posted a");
    let links: Vec<_> = links.iter().map(|it| it.attr("href").unwrap()).collect();
    assert_eq!(
        links,
        [
            "./incidents/slow/#update-4",
            "./incidents/slow/#update-3",
            "./incidents/slow/#update-2"
        ]
    );
    assert_eq!(texts(&index, ".event .more"), ["All 4 updates"]);
    let twin = site.read("public/index.md");
    assert!(twin.contains("**Identified** · **Update**"), "{twin}");
}

//! The updates of incidents and maintenances.

use serde_json::Value;
use snapbox::{IntoData as _, str};

use super::{documents, list, table, text};
use crate::site_test::SiteTest;

#[test]
fn updates_tell_what_they_changed() {
    let site = SiteTest::new().file(
        "incidents/a/index.md",
        "---\ntitle: Trouble\ncomponents:\n  web: partial_outage\nstarted: 2022-12-28 18:00\n---\n\nIn short.\n\n\
         ## Resolved · 2022-12-28 20:00\n\n## Update · 2022-12-28 19:30 {web=degraded_performance api=major_outage}\n\nSee [the graph](graph.png), [home](/) and *us*.\n\n\
         ## Identified · 2022-12-28 19:00\n\nFound.\n\n## Investigating · 2022-12-28 18:30\n\n### Why\n\nSee [why](#why).\n",
    )
    .file("incidents/a/graph.png", b"\x89PNG");
    let documents = documents(site.build());
    let incident = &documents["incidents/a.json"]["incident"];
    let updates = list(incident, "incident_updates");
    snapbox::assert_data_eq!(
        table(updates, &["id", "status", "display_at", "body"]),
        str![[r#"
a-update-4 | resolved | 2022-12-28T20:00:00.000-05:00 | 
a-update-3 | identified | 2022-12-28T19:30:00.000-05:00 | <p>See <a href="https://status.example.com/incidents/a/graph.png">the graph</a>, <a href="https://status.example.com/">home</a> and <em>us</em>.</p>

a-update-2 | identified | 2022-12-28T19:00:00.000-05:00 | <p>Found.</p>

a-update-1 | investigating | 2022-12-28T18:30:00.000-05:00 | <h4 id="u1-why">Why</h4>
<p>See <a href="https://status.example.com/incidents/a/#u1-why">why</a>.</p>


"#]].raw()
    );
    let affected = updates
        .iter()
        .flat_map(|it| list(it, "affected_components"));
    let affected: Vec<Value> = affected.cloned().collect();
    snapbox::assert_data_eq!(
        table(&affected, &["code", "name", "old_status", "new_status"]),
        str![[r#"
web | Web | degraded_performance | operational
api | API | major_outage | operational
web | Web | partial_outage | degraded_performance
api | API | operational | major_outage
web | Web | partial_outage | partial_outage
web | Web | operational | partial_outage

"#]]
        .raw()
    );
    assert_eq!(incident["allclear"]["summary"], "<p>In short.</p>\n");
    assert_eq!(incident["impact"], "critical");
}

/// An update that is only news has the state that it leaves as it is, whatever brought that about.
#[test]
fn news_have_the_state_of_what_they_are_news_of() {
    let site = SiteTest::new()
        .file(
            "incidents/incident.md",
            "---\ntitle: Trouble\nstarted: 2022-12-28 12:00\nended: 2022-12-28 15:00\n---\n\n## Update · 2022-12-28 13:00\n\nA.\n\n## Identified · 2022-12-28 14:00\n\nB.\n\n## Update · 2022-12-28 14:30\n\nC.\n\n## Update · 2022-12-28 15:30\n\nD.\n",
        )
        .file(
            "incidents/work.md",
            "---\ntitle: Work\nkind: maintenance\nstarts: 2022-12-28 12:00\nends: 2022-12-28 15:00\n---\n\n## Scheduled · 2022-12-27 13:00\n\nA.\n\n## Update · 2022-12-27 14:00\n\nB.\n\n## Update · 2022-12-28 13:00\n\nC.\n\n## Update · 2022-12-28 15:30\n\nD.\n",
        )
        .file(
            "incidents/called-off.md",
            "---\ntitle: Work\nkind: maintenance\nstarts: 2022-12-28 12:00\nends: 2022-12-28 15:00\n---\n\n## Scheduled · 2022-12-27 13:00\n\nA.\n\n## Cancelled · 2022-12-27 14:00\n\nB.\n\n## Update · 2022-12-28 13:00\n\nC.\n",
        );
    let documents = documents(site.build());
    let of = |slug: &str| {
        let incident = &documents[&format!("incidents/{slug}.json")]["incident"];
        let updates = table(list(incident, "incident_updates"), &["id", "status"]);
        format!(
            "{} {}\n{updates}",
            incident["status"], incident["resolved_at"]
        )
    };
    snapbox::assert_data_eq!(
        ["incident", "work", "called-off"].map(of).join("\n"),
        str![[r#"
"resolved" "2022-12-28T15:00:00.000-05:00"
incident-update-4 | resolved
incident-update-3 | identified
incident-update-2 | identified
incident-update-1 | investigating

"completed" "2022-12-28T15:00:00.000-05:00"
work-update-4 | completed
work-update-3 | in_progress
work-update-2 | scheduled
work-update-1 | scheduled

"completed" "2022-12-27T14:00:00.000-05:00"
called-off-update-3 | completed
called-off-update-2 | completed
called-off-update-1 | scheduled

"#]]
        .raw()
    );
}

/// A window without a text of its own has what was said when it was planned.
#[test]
fn a_window_tells_how_it_was_planned() {
    let site = SiteTest::new().file(
        "incidents/weekly.md",
        "---\ntitle: Work\nkind: maintenance\nstarts: 2022-12-22 20:00\nends: 2022-12-22 21:00\nrepeat: FREQ=WEEKLY;COUNT=2\n---\n\n\
         ## Scheduled · 2022-12-01 12:00\n\nFrom now on.\n\n## Completed · 2022-12-22 21:00\n\nDone.\n",
    );
    let documents = documents(site.build());
    let upcoming = &documents["scheduled-maintenances/upcoming.json"]["scheduled_maintenances"];
    let update = &upcoming[0]["incident_updates"][0];
    assert_eq!(text(update, "body"), "<p>From now on.</p>\n");
    assert_eq!(text(update, "status"), "scheduled");
}

/// A reader of the API learns of an incident of which nobody wrote an update.
#[test]
fn an_incident_without_an_update_has_its_summary_for_one() {
    let site = SiteTest::new().file(
        "incidents/a.md",
        "---\ntitle: Trouble\nstarted: 2022-12-28 18:00\n---\n\nWe do not know more.\n",
    );
    let documents = documents(site.build());
    let updates = list(
        &documents["incidents/unresolved.json"]["incidents"][0],
        "incident_updates",
    );
    snapbox::assert_data_eq!(
        table(updates, &["id", "status", "created_at", "body"]),
        str![[r#"
a-update-0 | investigating | 2022-12-28T18:00:00.000-05:00 | <p>We do not know more.</p>


"#]]
        .raw()
    );
}

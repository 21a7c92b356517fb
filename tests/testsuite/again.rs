//! A site that is built again and again, as `serve` and `watch` do: the same bytes as a build from nothing.

use std::fs;

use allclear::generate::{Memory, Request, generate};
use allclear::time;
use camino::Utf8PathBuf;

use crate::site_test::SiteTest;

/// An observation of a probe, on a line of its own.
const STATE: &str = "{\"component\":\"web\",\"status\":\"operational\",\"from\":\"2022-12-20T10:00:00Z\",\"source\":\"probe\"}\n";

/// An incident file, with more at its end.
fn incident(title: &str, at: &str, more: &str) -> String {
    format!(
        "---\ntitle: {title}\ncomponents: {{web: partial_outage}}\nstarted: {at}\n---\n\n## Investigating · {at}\n\nWe look.\n{more}"
    )
}

#[test]
fn a_build_that_remembers_gives_what_a_fresh_one_gives() {
    let resolved = "\n## Resolved · 2022-12-10 11:00\n\nGood.\n";
    let site = SiteTest::new();
    let config = site.read("allclear.toml")
        + "\n[[signals]]\nid = \"reports\"\ncomponents = [\"web\"]\nfile = \"evidence/reports.csv\"\nthreshold = 5\n";
    let site = site
        .file("allclear.toml", &config)
        .file(
            "evidence/reports.csv",
            "time,value\n2022-12-10T15:10:00Z,9\n",
        )
        .file(
            "incidents/one.md",
            incident("One", "2022-12-10 10:00", resolved),
        )
        .file("incidents/two.md", incident("Two", "2022-12-28 19:00", ""))
        .file(
            "incidents/three.md",
            incident(
                "Three",
                "2022-11-10 10:00",
                &resolved.replace("12-10", "11-10"),
            ),
        );
    let site = site
        .file(
            "incidents/backup.md",
            "---\ntitle: Backup\nkind: maintenance\ncomponents: [api]\nstarts: 2022-11-05 02:00\nends: 2022-11-05 03:00\nrepeat: FREQ=WEEKLY\n---\n",
        )
        .file("evidence/states.jsonl", STATE);
    let folder = Utf8PathBuf::from_path_buf(site.path("")).unwrap();
    let mut memory = Memory::default();
    let mut builds = 0;
    let mut same = |now: &str| {
        let now = time::parse(now, chrono_tz::UTC).unwrap();
        let request = Request::new(&folder, now);
        let again = generate(&request, &mut memory).unwrap();
        let fresh = generate(&request, &mut Memory::default()).unwrap();
        let paths = |outputs: &[allclear::output::Output]| -> Vec<String> {
            outputs
                .iter()
                .map(|output| output.path.to_string())
                .collect()
        };
        assert!(fresh.outputs.len() >= 20 || fresh.diagnostics.errors() > 0);
        assert_eq!(paths(&again.outputs), paths(&fresh.outputs));
        for (again, fresh) in again.outputs.iter().zip(&fresh.outputs) {
            assert_eq!(again.bytes, fresh.bytes, "build {builds}: {}", again.path);
        }
        let said = |generated: &allclear::generate::Generated| -> Vec<String> {
            let diagnostics = generated.diagnostics.iter();
            diagnostics
                .map(allclear::diagnostic::report::report)
                .collect()
        };
        assert_eq!(said(&again), said(&fresh));
        builds += 1;
    };
    same("2022-12-29T01:30:00Z");
    same("2022-12-29T01:30:00Z");
    // Time goes by: an hour after the end of an incident its charts stop growing.
    same("2022-12-29T02:30:00Z");
    site.write(
        "incidents/two.md",
        incident(
            "Two",
            "2022-12-28 19:00",
            &resolved.replace("12-10 11:00", "12-28 21:40"),
        ),
    );
    for now in [
        "2022-12-29T02:45:00Z",
        "2022-12-29T03:30:00Z",
        "2022-12-29T05:30:00Z",
        "2023-02-01T00:00:00Z",
    ] {
        same(now);
    }
    // Earlier than before, when it was still open.
    same("2022-12-10T15:30:00Z");
    same("2023-02-01T00:00:00Z");
    site.write(
        "incidents/one.md",
        incident("One, renamed", "2022-12-10 10:00", resolved),
    );
    site.write("incidents/three.ar.md", "---\ntitle: ثلاثة\n---\n");
    same("2023-02-01T00:00:00Z");
    site.write("incidents/three.ar.md", "---\ntitle: أخرى\n---\n");
    same("2023-02-01T00:00:00Z");
    fs::remove_file(site.path("incidents/two.md")).unwrap();
    same("2023-02-01T00:00:00Z");
    site.write(
        "evidence/reports.csv",
        "time,value\n2022-12-10T15:10:00Z,7\n",
    );
    same("2023-02-01T00:00:00Z");
    site.write("allclear.toml", config.replace("\"Web\"", "\"The site\""));
    same("2023-02-01T00:00:00Z");
    site.write("themes/default/theme.toml", "contract = 2\n");
    site.write(
        "themes/default/messages/en.toml",
        "state-resolved = \"Over\"\n",
    );
    same("2023-02-01T00:00:00Z");
    for states in [
        STATE.repeat(2),
        STATE.replace("operational", "major_outage"),
    ] {
        site.write("evidence/states.jsonl", states);
        same("2023-02-01T00:00:00Z");
    }
    fs::remove_file(site.path("evidence/states.jsonl")).unwrap();
    same("2023-02-01T00:00:00Z");
    // In the middle of a window, and after it.
    same("2023-02-04T07:30:00Z");
    same("2023-02-04T08:30:00Z");
    // Every page may ask whether there is a calendar.
    site.write(
        "themes/default/templates/base.html",
        "{% extends \"default/base.html\" %}{% block footer %}{{ site.calendar }}{% endblock %}",
    );
    same("2023-02-04T08:30:00Z");
    let backup = site.read("incidents/backup.md");
    fs::remove_file(site.path("incidents/backup.md")).unwrap();
    same("2023-02-04T08:30:00Z");
    site.write("incidents/backup.md", backup);
    same("2023-02-04T08:30:00Z");
    // A problem is reported again, and fixed again.
    site.write("incidents/one.md", "---\ntitle: One\n");
    same("2023-02-01T00:00:00Z");
    same("2023-02-01T00:00:00Z");
    site.write(
        "incidents/one.md",
        incident("One", "2022-12-10 10:00", resolved),
    );
    same("2023-02-01T00:00:00Z");
    for file in ["one.md", "three.md", "three.ar.md"] {
        fs::remove_file(site.path("incidents").join(file)).unwrap();
    }
    same("2023-02-01T00:00:00Z");
}

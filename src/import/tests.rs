#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::collections::BTreeMap;

use camino::Utf8Path;
use chrono_tz::Tz;

use super::catalogue::{Catalogue, NewComponent};
use super::draft::{Draft, DraftComponents, DraftKind, DraftUpdate};
use super::format::{Document, Export, Format};
use super::tally::{Loss, Losses};
use super::{Imported, Target, import};
use crate::site::edit::heading::NewStatus;
use crate::site::vocabulary::{Impact, State, Status};
use crate::time;
use crate::time::Instant;

/// A format whose documents have an incident on each line: `ID TIME COMPONENT TITLE`.
const LINES: Format = Format {
    command: "lines",
    name: "Lines",
    extension: "txt",
    about: "",
    details: "",
    examples: "",
    read,
};

fn read(documents: &[Document<'_>], zone: Tz, catalogue: &mut Catalogue) -> Export {
    let mut export = Export::default();
    export.losses_of_whole.lose(Loss::Field("lines".to_owned()));
    for line in documents.iter().flat_map(|document| document.text.lines()) {
        let words: Vec<&str> = line.splitn(4, ' ').collect();
        let started = time::parse(words[1], zone).unwrap();
        let component = catalogue.component(&NewComponent {
            name: words[2],
            ..NewComponent::default()
        });
        export.drafts.push(Draft {
            id: Some(words[0].to_owned()),
            title: words[3].to_owned(),
            kind: DraftKind::Incident {
                started,
                ended: None,
                impact: Impact::Minor,
                components: DraftComponents::With(vec![NewStatus {
                    component: component.into_id(),
                    status: Status::PartialOutage,
                }]),
            },
            updates: vec![DraftUpdate {
                state: State::Resolved,
                at: started,
                changes: Vec::new(),
                body: "Done.".to_owned(),
            }],
            losses: Losses::default(),
        });
    }
    export
}

/// An instant after everything that is imported.
const AFTERWARDS: Instant = Instant::from_timestamp_nanos(4_000_000_000_000_000_000);

fn imported(text: &str, config: &str, incidents: &BTreeMap<String, String>) -> Imported {
    let document = Document {
        path: Utf8Path::new("export.txt"),
        text,
    };
    let target = Target {
        config,
        incidents,
        zone: Tz::UTC,
        now: AFTERWARDS,
    };
    import(&LINES, &[document], &target)
}

#[test]
fn a_format_needs_nothing_but_drafts() {
    let text = "b 2022-12-28T02:00Z Web Log-in\na 2022-12-28T01:00Z Web Log-in";
    let first = imported(text, "", &BTreeMap::new());
    let [(second_path, second), (first_path, _)] = first.files.as_slice() else {
        panic!("{:?}", first.files);
    };
    assert_eq!(first_path, "incidents/2022-12-28-log-in.md");
    assert_eq!(second_path, "incidents/2022-12-28-log-in-2.md");
    assert_eq!(
        second,
        "---\n# imported from Lines: b\ntitle: Log-in\nimpact: minor\ncomponents:\n  web: partial_outage\n---\n\n\
         ## Resolved · 2022-12-28 02:00 UTC\n\nDone.\n"
    );
    let config = first.config.unwrap();
    assert_eq!(config, "[[components]]\nid = \"web\"\nname = \"Web\"\n");
    assert_eq!(
        first.tally.to_string(),
        "imported 2 incidents with 2 updates; 0 were there already\n\
         added 1 component to allclear.toml\n  1 field `lines` is not carried over"
    );
    let files = first.files.iter();
    let site = files.map(|(path, text)| (path.file_stem().unwrap().to_owned(), text.clone()));
    let again = imported(text, &config, &site.collect());
    assert_eq!((again.files, again.config), (Vec::new(), None));
    assert_eq!(
        again.tally.to_string(),
        "imported 0 incidents with 0 updates; 2 were there already"
    );
}

#[test]
fn a_file_of_another_format_is_another_incident() {
    let other = "---\n# imported from Statuspage: a\ntitle: Log-in\n---\n".to_owned();
    let site = BTreeMap::from([("2022-12-28-log-in".to_owned(), other)]);
    let imported = imported("a 2022-12-28T01:00Z Web Log-in", "", &site);
    assert_eq!(imported.files[0].0, "incidents/2022-12-28-log-in-2.md");
}

#[test]
fn what_could_pass_for_news_is_told_to_nobody() {
    let text = "1 2022-12-28T20:00 web Log-in fails\n";
    let document = Document {
        path: Utf8Path::new("export.txt"),
        text,
    };
    let imported = |now: &str| {
        let target = Target {
            config: "title = \"A\"\nbase_url = \"https://a.example/\"\n",
            incidents: &BTreeMap::new(),
            zone: Tz::UTC,
            now: time::parse(now, Tz::UTC).unwrap(),
        };
        import(&LINES, &[document], &target).files[0].1.clone()
    };
    let (soon, later) = (imported("2022-12-29 19:59"), imported("2022-12-29 20:01"));
    assert!(soon.contains("notify=no"), "{soon}");
    assert!(!later.contains("notify=no"), "{later}");
}

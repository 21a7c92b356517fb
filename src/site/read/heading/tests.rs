use std::sync::Arc;

use super::*;
use crate::diagnostic::{Diagnostics, SourceFile};
use crate::locale::{Language, Locale};
use crate::markdown;
use crate::site::fixtures;
use crate::site::lookup::Directory;

/// What the first heading of a body means: what its update says, `prose`, or each problem as its place, what is wrong,
/// and what to do.
fn meaning(heading: &str) -> String {
    let front_matter = "---\n---\n";
    let file = Arc::new(SourceFile {
        path: "incidents/sample.md".into(),
        text: format!("{front_matter}Before.\n\n{heading}\n\nBehind 5.\n"),
    });
    let languages: Vec<Language> = Language::parse("en").into_iter().collect();
    let locales: Vec<Locale> = languages.iter().map(Locale::new).collect();
    let site = fixtures::site(2);
    let names = Names {
        components: &Directory::new(&site.components),
        regions: &Directory::new(&[]),
        signals: &Directory::new(&[]),
        languages: &languages,
        locales: &locales,
        zone: chrono_tz::UTC,
    };
    let base = front_matter.len();
    let outline = markdown::outline(&file.text[base..]);
    let section = &outline.sections[0];
    let span = base + section.heading.start..base + section.heading.end;
    let mut diagnostics = Diagnostics::default();
    let reader = &mut Reader {
        file: &file,
        diagnostics: &mut diagnostics,
    };
    let read = read(reader, section, span, base, LanguageIndex::DEFAULT, &names);
    let mut said: Vec<String> = match read {
        HeadingMeaning::Update(it) => {
            let changes = it.changes.iter();
            let changes = changes.map(|it| {
                let region = it
                    .region
                    .map_or_else(String::new, |it| format!("@{}", it.0));
                format!(" {}{region}={}", it.component.0, it.status.as_str())
            });
            let next = it.next.map(|at| format!(" next {}", time::rfc3339(at)));
            vec![format!(
                "{} {}{}{}{}",
                it.state.as_str(),
                time::rfc3339(it.at),
                changes.collect::<String>(),
                next.unwrap_or_default(),
                match it.telling {
                    Telling::Silent => " silent",
                    Telling::Aloud => "",
                }
            )]
        }
        HeadingMeaning::Prose => vec!["prose".to_owned()],
        HeadingMeaning::Broken => Vec::new(),
    };
    said.extend(diagnostics.iter().map(|it| {
        let place = it.location.place().map_or("", |place| place.text());
        let hint = it.hint.as_deref().unwrap_or_default();
        format!("{place}: {}: {hint}", it.message)
    }));
    said.join("\n")
}

#[test]
fn a_status_word_and_a_time_are_an_update() {
    for (heading, update) in [
        (
            "## Resolved · 2022-12-28 19:45",
            "resolved 2022-12-28T19:45:00Z",
        ),
        (
            "## Resolved 2022-12-28 19:45",
            "resolved 2022-12-28T19:45:00Z",
        ),
        (
            "##  In progress  -  2022-12-28 19:45 ",
            "in_progress 2022-12-28T19:45:00Z",
        ),
        (
            "Monitoring @ 2022-12-28 19:45\n---",
            "monitoring 2022-12-28T19:45:00Z",
        ),
        (
            "## Update · 2022-12-28 19:45 {c0=partial_outage c1=operational next=30m}",
            "update 2022-12-28T19:45:00Z 0=partial_outage 1=operational next 2022-12-28T20:15:00Z",
        ),
        (
            "## Update · 2022-12-28 19:45 {next=2022-12-28T20:00}",
            "update 2022-12-28T19:45:00Z next 2022-12-28T20:00:00Z",
        ),
        (
            "## Update · 2022-12-28 19:45 {notify=no}",
            "update 2022-12-28T19:45:00Z silent",
        ),
    ] {
        assert_eq!(meaning(heading), update, "{heading}");
    }
}

#[test]
fn what_no_update_can_be_is_prose() {
    for heading in [
        "## What happened",
        "## Update 5 servers",
        "## Update 123:45 of them",
        "## Update 20:x",
        "## Update 12-34",
        "## Update 2022-x",
        "## Resolved in 2022-12",
    ] {
        assert_eq!(meaning(heading), "prose", "{heading}");
    }
}

#[test]
fn a_broken_heading_is_told_at_its_place() {
    let resolved = "write a status word, `·` and a time: `## Resolved · 2022-12-28 19:45`";
    let cancelled = "write a status word, `·` and a time: `## Cancelled · 2022-12-28 19:45`";
    let postmortem = "write a status word, `·` and a time: `## Postmortem · 2022-12-28 19:45`";
    let words = "the status words are `investigating`, `identified`, `monitoring`, `resolved`, `postmortem`, `update`, `scheduled`, `in_progress`, `verifying`, `completed`, `cancelled`, as in `## Investigating · 2022-12-28 22:10`; if it is no update, keep the time out of it";
    for (heading, problem, hint) in [
        (
            "## Resolved",
            "Resolved: this update says `resolved`, but not when",
            resolved,
        ),
        (
            "## canceled",
            "canceled: this update says `cancelled`, but not when",
            cancelled,
        ),
        (
            "## Post mortem",
            "Post mortem: this update says `postmortem`, but not when",
            postmortem,
        ),
        (
            "## Post-mortem",
            "Post-mortem: this update says `postmortem`, but not when",
            postmortem,
        ),
        (
            "## Resolved ·",
            "Resolved ·: this update says `resolved`, but not when",
            resolved,
        ),
        (
            "Before\nResolved\n---",
            "Resolved: this update says `resolved`, but not when",
            resolved,
        ),
        ("## Resolved · soon", "soon: `soon` is not a time", resolved),
        (
            "## Resolved ·  5 minutes ago ",
            "5 minutes ago: `5 minutes ago` is not a time",
            resolved,
        ),
        (
            "## Resolved 19:45",
            "19:45: `19:45` is not a time",
            resolved,
        ),
        (
            "## Resolved · 28.12.2022 19:45",
            "28.12.2022 19:45: `28.12.2022 19:45` is not a time",
            "write `2022-12-28 19:45`",
        ),
        (
            "## Resolved · 2022-12-28 25:00",
            "2022-12-28 25:00: there is no such time as `2022-12-28 25:00`",
            "look at the day of the month and at the hour",
        ),
        (
            "## Resolved · 2022-12-28 19:45 {c0=operational",
            "{c0=operational: this `{` opens attributes, and no `}` ends them",
            "write them at the end of the line, as `{web=operational next=30m}`",
        ),
        (
            "Before\n2022-12-28 22:10 · Resolved\n---",
            "2022-12-28 22:10 · Resolved: this reads like an update, but is not read as one",
            "write `## Resolved · 2022-12-28 22:10`",
        ),
        (
            "Before\n**Rolled back** · 2022-12-28 22:10\n---",
            "Rolled back: `Rolled back` is no status word",
            words,
        ),
    ] {
        assert_eq!(meaning(heading), format!("{problem}: {hint}"), "{heading}");
    }
}

#[test]
fn an_update_with_a_broken_attribute_is_one_without_it() {
    let component = "write `component=status`, as in `{web=operational}`, or `next=30m`";
    for (attribute, problem, hint) in [
        ("c0", "c0: `c0` says nothing of an update", component),
        ("c0=", "c0=: nothing stands behind `c0=`", component),
        (
            "c9=operational",
            "c9: there is no component `c9`",
            "known: `c0`, `c1`, `next`, `notify`",
        ),
        (
            "c0=operationl",
            "operationl: `operationl` is no component status",
            "did you mean `operational`?",
        ),
        (
            "notify=never",
            "notify=never: `never` does not say whether subscribers are told of this",
            "write `notify=no`, or leave it out: then they are",
        ),
        (
            "next=soon",
            "next=soon: `soon` is neither a duration nor a time",
            "write `next=30m`, or `next=2022-12-28T20:15`",
        ),
        (
            "next=2022-12-28T19:45",
            "next=2022-12-28T19:45: the next update is promised for a time before this one",
            "write `next=30m`, or a later time",
        ),
        (
            "next=2022-12-28T25:00",
            "next=2022-12-28T25:00: there is no such time as `2022-12-28T25:00`",
            "look at the day of the month and at the hour",
        ),
    ] {
        let heading = format!("## Update · 2022-12-28 19:45 {{{attribute}}}");
        let update = "update 2022-12-28T19:45:00Z";
        assert_eq!(meaning(&heading), format!("{update}\n{problem}: {hint}"));
    }
}

//! Recorded answers of monitors, read by the probe of a small site, for tests.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::sync::Arc;
use std::time::Duration;

use super::question::{Ask, Asked, Outcome, Verdict};
use crate::diagnostic::{Diagnostic, Diagnostics, Location, SourceFile};
use crate::fetch::{Answer, FetchError};
use crate::site::Site;
use crate::site::fixtures::at;
use crate::site::read::{AsOf, Drafts, Memos, read};
use crate::site::vocabulary::Word as _;
use crate::source::Files;
use crate::time::Instant;

/// The instant at which the answers were there.
pub(super) fn now() -> Instant {
    at("20:00")
}

/// A site with the components `web` and `login`, whose observations hold for 20 minutes, and a probe; or what is wrong with it.
fn site(probe: &str) -> Result<Site, Vec<String>> {
    let component =
        |id: &str| format!("[[components]]\nid = \"{id}\"\nstates = {{ valid_for = \"20m\" }}\n");
    let text = [
        "title = \"Sample\"\nbase_url = \"https://status.example.com/\"\n",
        &component("web"),
        &component("login"),
        "[[probes]]\n",
        probe,
    ]
    .concat();
    let files = Files {
        config: Some(Arc::new(SourceFile {
            path: "allclear.toml".into(),
            text,
        })),
        ..Files::default()
    };
    let mut diagnostics = Diagnostics::new();
    let mut memos = Memos::default();
    let site = read(
        &files,
        Drafts::Included,
        AsOf::Present(now()),
        &mut memos,
        &mut diagnostics,
    );
    let faults: Vec<String> = diagnostics.iter().map(fault).collect();
    match faults.is_empty() {
        true => Ok(site.unwrap()),
        false => Err(faults),
    }
}

/// What is wrong, after the line that is marked.
fn fault(fault: &Diagnostic) -> String {
    let Location::Text(place) = &fault.location else {
        return fault.message.clone();
    };
    let marked = place.file.text[place.span.clone()].lines().next();
    let hint = fault.hint.as_deref().unwrap_or("no hint");
    format!("{}: {} ({hint})", marked.unwrap_or_default(), fault.message)
}

/// What is wrong with the keys of a probe.
#[track_caller]
pub(super) fn faults(probe: &str) -> Vec<String> {
    site(probe).err().unwrap_or_default()
}

/// The addresses that a probe asks, after its own.
#[track_caller]
pub(super) fn asked(probe: &str) -> Vec<String> {
    let site = site(probe).unwrap();
    let asks = site.probes[0].kind.asks().into_iter();
    asks.map(|ask| match ask {
        Ask::Http { request, .. } => request.url.as_written().to_owned(),
        #[allow(unreachable_patterns, reason = "other kinds ask in other ways")]
        _ => "not over HTTP".to_owned(),
    })
    .collect()
}

/// An answer with a status code and a body.
pub(super) fn answer(status: u16, body: &str) -> Outcome {
    answer_with(status, &[], body)
}

/// An answer with header fields.
pub(super) fn answer_with(status: u16, headers: &[(&str, &str)], body: &str) -> Outcome {
    let headers = headers.iter();
    Outcome::Http(Answer {
        status,
        headers: headers
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: body.as_bytes().to_owned(),
        took: Duration::from_millis(7),
    })
}

/// What a probe makes of answers, as a line for each of its components: `web operational 19:59:30 why`, or `web silent why`.
#[track_caller]
pub(super) fn says(probe: &str, outcomes: &[Outcome]) -> Vec<String> {
    let site = site(probe).unwrap();
    let asked = Asked {
        at: now(),
        components: &site.components,
    };
    let readings = site.probes[0].read(asked, outcomes).into_iter();
    readings
        .map(|reading| {
            assert_eq!(reading.latency, None);
            let id = &site.components[reading.component.0].id;
            let verdict = match reading.verdict {
                Verdict::Seen(status, at) => format!("{} {}", status.as_str(), at.format("%T")),
                Verdict::Failed => "failed".to_owned(),
                Verdict::Silent => "silent".to_owned(),
            };
            format!("{id} {verdict} {}", reading.why)
        })
        .collect()
}

/// Checks that a probe says nothing where its monitor gives none of the answers that it should, each time with the reason; the
/// other answers, of those that it asks for, are as given.
#[track_caller]
pub(super) fn is_silent_without_answer(probe: &str, name: &str, good: &[Outcome]) {
    let missing = format!("{name} has nothing at this address (404): is it the right one?");
    is_silent_without(probe, name, &missing, good);
}

/// The same for a monitor that says something of its own where nothing is there.
#[track_caller]
pub(super) fn is_silent_without(probe: &str, name: &str, missing: &str, good: &[Outcome]) {
    let login = "<!DOCTYPE html><title>Log in</title><form>";
    let cases = [
        (
            Outcome::Failed(FetchError::TimedOut),
            format!("{name} did not answer: no answer in time"),
        ),
        (
            answer(200, login),
            format!(
                "{name} answers with a web page, not with data: is the address right, and is there a log-in before it?"
            ),
        ),
        (answer(200, " \n"), format!("{name} answers with nothing")),
        (
            answer(200, "{\"status\": 7, \"of\": [\"another\", \"kind\"]}"),
            format!("this is not what {name} answers: is the address that of {name}?"),
        ),
        (
            answer(200, "[[[[[[[["),
            format!("this is not what {name} answers: is the address that of {name}?"),
        ),
        (
            answer(302, ""),
            format!(
                "the address of {name} leads elsewhere (302): write the address to which it leads, or send a key with `headers` if that is a log-in"
            ),
        ),
        (
            Outcome::Failed(FetchError::Redirects(5)),
            format!(
                "the address of {name} leads elsewhere (302): write the address to which it leads, or send a key with `headers` if that is a log-in"
            ),
        ),
        (
            answer(401, "{\"message\": \"Bearer s3cret is not known\"}"),
            format!("{name} does not let us ask (401): send a key that it knows, with `headers`"),
        ),
        (answer(404, login), missing.to_owned()),
        (
            answer(429, ""),
            format!("{name} is asked too often (429): raise `every`"),
        ),
        (
            answer(502, login),
            format!("{name} answers with an error (502)"),
        ),
    ];
    for at in 0..good.len() {
        for (outcome, why) in &cases {
            let mut outcomes = good.to_owned();
            outcomes[at] = outcome.clone();
            let expected = vec![format!("web silent {why}")];
            assert_eq!(says(probe, &outcomes), expected, "answer {at}");
        }
    }
    let expected = vec![format!("web silent {name} was not asked")];
    assert_eq!(says(probe, &[]), expected);
}

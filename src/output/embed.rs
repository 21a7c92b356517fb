//! What other pages show of the site: a page for a frame, and a script with an element.
//!
//! The script holds the few words that it needs when nothing answers, in each language of the site; all others come from
//! `embed.json` in the reader's language, with the instants at which they change by themselves.

use serde::Serialize;

use super::badge::look::{Colors, Shape, colors, shape};
use super::file::Output;
use super::format::{Context, Format, Publish};
use super::pages::claim::{self, Claim};
use super::pages::{Edition, embed_page};
use super::route::Route;
use crate::locale::Direction;
use crate::site::vocabulary::FormatName;
use crate::time;

/// The row of [`super::OUTPUTS`] for what each language has.
pub(super) const FORMAT: Format = Format {
    name: Some(FormatName::Embed),
    publish: Publish::Language(publish),
    feed: None,
};

/// The row of [`super::OUTPUTS`] for the script, which all languages share.
pub(super) const SCRIPT_FORMAT: Format = Format {
    name: Some(FormatName::Embed),
    publish: Publish::Files(script),
    feed: None,
};

/// The script without its words.
const SCRIPT: &str = include_str!("embed/element.js");

/// The place of its words.
const WORDS: &str = "__WORDS__";

/// What an element on another page shows, now and later.
#[derive(Serialize)]
struct Data {
    /// In the order of their instants, the first of which is that of the build.
    states: Vec<State>,
}

/// A claim as the element shows it.
#[derive(Serialize)]
struct State {
    from: String,
    /// The instant from which on it is not made any more.
    until: Option<String>,
    state: &'static str,
    text: String,
    /// The title of the site, and the time that belongs to the claim.
    note: String,
    /// On light pages and on dark ones, as style sheets have it.
    color: String,
    line: &'static str,
    fill: &'static str,
}

fn publish(edition: &Edition<'_>, context: &mut Context<'_>) -> Vec<Output> {
    let mut outputs = vec![data(edition)];
    match embed_page(edition) {
        Ok(page) => outputs.push(page),
        Err(diagnostic) => context.diagnostics.push(*diagnostic),
    }
    outputs
}

/// The script, which finds out by itself which language its reader has.
fn script(editions: &[Edition<'_>], _: &[Output]) -> Vec<Output> {
    // The tag of a language, the words for "nothing is confirmed", and its direction where that is not the usual one.
    let words = editions.iter().map(|edition| {
        let language = edition.locale.language();
        let mut words = vec![language.as_str().to_owned()];
        words.push(edition.text("headline-unknown-never", &[]));
        if language.direction() == Direction::Rtl {
            words.push(Direction::Rtl.as_str().to_owned());
        }
        words
    });
    let words = words.collect::<Vec<_>>();
    let words = serde_json::to_string(&words).unwrap_or_default();
    let script = without_comments(SCRIPT).replace(WORDS, &words);
    vec![Output::new(Route::embed_script().file(), script)]
}

/// A script without its first comment, those that fill a line, and indents: each reader of another page fetches it.
fn without_comments(script: &str) -> String {
    let (_, script) = script.split_once("*/").unwrap_or_default();
    let lines = script.lines().map(str::trim_start);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

fn data(edition: &Edition<'_>) -> Output {
    let claims = claim::claims(edition).into_iter();
    let data = Data {
        states: claims.map(|claim| state(claim, edition)).collect(),
    };
    // Texts are always JSON.
    let json = serde_json::to_vec(&data).unwrap_or_default();
    Output::new(Route::embed_data(edition.prefix()).file(), json)
}

fn state(claim: Claim, edition: &Edition<'_>) -> State {
    let locale = edition.locale;
    let title = locale.isolate(edition.own(&edition.site.settings.title));
    let Colors { light, dark } = colors(claim.state);
    let Shape { line, fill } = shape(claim.icon, locale.language().base());
    State {
        from: time::rfc3339(claim.from),
        until: claim.until.map(time::rfc3339),
        state: claim.state,
        text: claim.text,
        note: format!("{title} · {}", claim.time),
        color: format!("light-dark({light}, {dark})"),
        line,
        fill,
    }
}

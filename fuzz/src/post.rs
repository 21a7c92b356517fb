//! Incident files: their front matter, their headings, and an update that is added to them.

use std::sync::Arc;

use allclear::characters;
use allclear::diagnostic::{Diagnostics, SourceFile};
use allclear::site::edit::heading::{NewHeading, NewUpdate};
use allclear::site::edit::incident::{FrontMatter, NewFile, scalar};
use allclear::site::edit::time::local;
use allclear::site::edit::update::with_update;
use allclear::site::post::Post;
use allclear::site::read::post::{self, Content};
use allclear::site::vocabulary::State;
use allclear::syntax::{Spanned, SyntaxFormat, Value, front_matter as head, parse};

use super::ground::Ground;
use super::sound::{assert_placed, file, text};

/// Front matter in YAML or TOML: values stand inside of the text, and a text that the program writes is read again.
pub fn front_matter(bytes: &[u8]) {
    let text = text(bytes);
    let file = file("incidents/2022-12-28-slow.md", text.clone());
    let mut diagnostics = Diagnostics::new();
    match head::split(&file, &mut diagnostics) {
        None => assert!(
            diagnostics.errors() > 0,
            "no front matter, and no word about it"
        ),
        Some(parts) => {
            assert!(parts.head.end <= parts.body.start && parts.body.end == text.len());
            let (head, format) = (parts.head.clone(), parts.format);
            let value = parse(&file, head.clone(), format, &mut diagnostics);
            match value {
                None => assert!(diagnostics.errors() > 0, "no value, and no word about it"),
                Some(value) => assert_inside(&value, &text, head.start..head.end),
            }
        }
    }
    assert_placed(&diagnostics);
    read(&file);
    assert_written(&text);
}

/// Asserts that a value and all below it stand in a part of the text.
fn assert_inside(node: &Spanned<Value>, text: &str, outer: std::ops::Range<usize>) {
    let span = &node.span;
    assert!(text.get(span.clone()).is_some(), "{span:?} of {node:?}");
    assert!(
        outer.start <= span.start && span.end <= outer.end,
        "{span:?} outside of {outer:?}"
    );
    match &node.value {
        Value::List(items) => items
            .iter()
            .for_each(|item| assert_inside(item, text, outer.clone())),
        Value::Table(entries) => {
            for (key, value) in entries {
                assert!(text.get(key.span.clone()).is_some(), "{key:?}");
                assert_inside(value, text, outer.clone());
            }
        }
        _ => {}
    }
}

/// Asserts that any text, written as a value into a new file, is read as that text.
fn assert_written(text: &str) {
    let mut front_matter = FrontMatter::default();
    front_matter.value("title", &scalar(text));
    let new = NewFile {
        front_matter,
        summary: String::new(),
        updates: Vec::new(),
    };
    let file = file("incidents/2022-12-28-slow.md", new.text());
    let mut diagnostics = Diagnostics::new();
    let parts = head::split(&file, &mut diagnostics).expect("a file with front matter");
    let value = parse(&file, parts.head, SyntaxFormat::Yaml, &mut diagnostics);
    let Some(Value::Table(entries)) = value.map(|value| value.value) else {
        panic!("not read: {}", file.text);
    };
    let title = entries.into_iter().map(|(_, value)| value.value).next();
    let Some(Value::Text(title)) = title else {
        panic!("{title:?} instead of a text: {}", file.text);
    };
    assert_eq!(title, characters::clean(text), "{}", file.text);
}

/// Headings of updates: one that is added leaves the rest of the file as it was, and is read again or reported.
pub fn heading(bytes: &[u8]) {
    let body = text(bytes);
    let head = "---\ntitle: Slow\ncomponents: [web, login]\nstarted: 2022-12-28 19:00\n---\n\n";
    let paths = [
        "incidents/2022-12-28-slow.md",
        "incidents/2022-12-28-slow.ja.md",
    ];
    for path in paths {
        let file = file(path, format!("{head}{body}"));
        let (content, diagnostics) = read(&file);
        if let Some(Content::Original(post)) = content
            && diagnostics.errors() == 0
        {
            assert_update_can_be_added(&post);
        }
    }
}

/// Reads an incident file, and asserts what holds of every reading.
fn read(file: &Arc<SourceFile>) -> (Option<Content>, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let content = Ground::get().with_names(|names| post::read(file, names, &mut diagnostics));
    assert_placed(&diagnostics);
    assert!(
        content.is_some() || diagnostics.errors() > 0,
        "no incident, and no word about it"
    );
    if let Some(Content::Original(post)) = &content {
        assert!(post.updates.is_sorted_by_key(|update| update.at));
        for update in &post.updates {
            assert!(file.text.get(update.place.span.clone()).is_some());
            for (_, place) in update.text.places() {
                assert!(file.text.get(place.span.clone()).is_some());
            }
        }
    }
    (content, diagnostics)
}

fn assert_update_can_be_added(post: &Post) {
    let ground = Ground::get();
    let zone = ground.site.settings.time_zone;
    let last = post.updates.last().map(|update| update.at);
    let at = last.unwrap_or_else(|| "2022-12-28T20:00:00Z".parse().expect("an instant"));
    let update = NewUpdate {
        heading: NewHeading::new(State::Update, &ground.locales[0], local(at, zone)),
        message: "One more.".to_owned(),
    };
    let old = &post.place.file.text;
    let new = with_update(post, &update);
    let before = old
        .bytes()
        .zip(new.bytes())
        .take_while(|(old, new)| old == new)
        .count();
    assert!(
        new.len() > old.len() && new.as_bytes().ends_with(&old.as_bytes()[before..]),
        "{new}"
    );
    let file = file(post.place.file.path.as_str(), new);
    let (content, diagnostics) = read(&file);
    if diagnostics.errors() == 0 {
        let Some(Content::Original(after)) = content else {
            panic!("no incident any more:\n{}", file.text);
        };
        assert_eq!(
            after.updates.len(),
            post.updates.len() + 1,
            "lost in silence:\n{}",
            file.text
        );
    }
}

//! The table of contents: it calls every page by its title, and what is needed in a hurry stands first.

use std::fs;

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use super::root;

/// The lines of SUMMARY.md that lead to a page, in their order: the page from `docs/`, and the words.
fn lines() -> Vec<(String, String)> {
    let text = fs::read_to_string(root().join("docs/SUMMARY.md")).unwrap();
    let (mut lines, mut link) = (Vec::new(), None);
    for event in Parser::new(&text) {
        match (event, &mut link) {
            (Event::Start(Tag::Link { dest_url, .. }), _) => {
                link = Some((dest_url.into_string(), String::new()));
            }
            (Event::Text(text) | Event::Code(text), Some((_, words))) => words.push_str(&text),
            (Event::End(TagEnd::Link), _) => lines.extend(link.take()),
            _ => {}
        }
    }
    lines
}

/// The title of a page: its first heading.
fn title(path: &str) -> String {
    let text = fs::read_to_string(root().join("docs").join(path)).unwrap();
    let (mut title, mut is_in) = (String::new(), false);
    for event in Parser::new(&text) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                assert_eq!(
                    level,
                    HeadingLevel::H1,
                    "docs/{path} begins without a title"
                );
                is_in = true;
            }
            Event::Text(text) | Event::Code(text) if is_in => title.push_str(&text),
            Event::End(TagEnd::Heading(_)) => break,
            _ => {}
        }
    }
    title
}

#[test]
fn a_page_has_the_title_that_the_contents_say() {
    let lines = lines();
    let wrong = lines.iter().filter_map(|(path, words)| {
        let title = title(path);
        (title != *words).then(|| format!("docs/{path}: `{title}`, in SUMMARY.md `{words}`"))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whoever needs it has no time to look for it.
#[test]
fn the_page_for_the_night_stands_first() {
    let page = "three-in-the-morning.md";
    assert_eq!(lines()[1].0, page);
    let index = fs::read_to_string(root().join("docs/README.md")).unwrap();
    let first = index.split("](").nth(1).unwrap();
    assert!(first.starts_with(page), "{first}");
}

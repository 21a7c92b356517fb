//! Links between documents lead somewhere, on a code host and in the book.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use percent_encoding::percent_decode_str;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{book, root};
use crate::site_test::files_below;

/// The documents outside of the book.
fn others() -> Vec<String> {
    let mut others: Vec<String> = [
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "tests/README.md",
    ]
    .map(str::to_owned)
    .to_vec();
    if root().join("examples").exists() {
        let examples = files_below(&root().join("examples")).into_iter();
        let readmes = examples.filter(|file| file.ends_with("README.md"));
        others.extend(readmes.map(|file| format!("examples/{file}")));
    }
    others
}

/// The links of a document, and the places in it.
struct Linked {
    links: Vec<(usize, String)>,
    anchors: BTreeSet<String>,
}

impl Linked {
    fn read(path: &str) -> Self {
        let text = fs::read_to_string(root().join(path)).unwrap();
        let line = |at: usize| text[..at].matches('\n').count() + 1;
        let mut links = Vec::new();
        let mut anchors = BTreeSet::new();
        let mut heading: Option<String> = None;
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
        for (event, range) in Parser::new_ext(&text, options).into_offset_iter() {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    links.push((line(range.start), dest_url.into_string()));
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::Text(text) | Event::Code(text) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&text);
                    }
                }
                Event::End(TagEnd::Heading(_)) => {
                    let anchor = anchor(&heading.take().unwrap_or_default());
                    // Both number those that are alike; whoever adds one would move the others.
                    let is_new = anchors.insert(anchor.clone());
                    assert!(is_new, "{path}: two headings have the place `#{anchor}`");
                }
                _ => {}
            }
        }
        Self { links, anchors }
    }
}

/// The place of a heading, as code hosts and mdBook name it.
fn anchor(heading: &str) -> String {
    let letters = heading.trim().to_lowercase();
    let letters = letters.chars().filter_map(|letter| match letter {
        letter if letter.is_alphanumeric() || matches!(letter, '_' | '-') => Some(letter),
        letter if letter.is_whitespace() => Some('-'),
        _ => None,
    });
    letters.collect()
}

/// A path without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            part => normal.push(part),
        }
    }
    normal
}

#[test]
fn every_link_leads_somewhere() {
    let paths: Vec<String> = book().into_iter().chain(others()).collect();
    let documents: BTreeMap<&str, Linked> = paths
        .iter()
        .map(|path| (path.as_str(), Linked::read(path)))
        .collect();
    let mut seen = 0;
    let mut wrong = Vec::new();
    for (path, document) in &documents {
        for (line, link) in &document.links {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            seen += 1;
            let (file, place) = link.split_once('#').unwrap_or((link, ""));
            let file = percent_decode_str(file).decode_utf8().unwrap();
            let target = match file.is_empty() {
                true => PathBuf::from(path),
                false => normal(&Path::new(path).with_file_name(&*file)),
            };
            let name = target.to_str().unwrap();
            let mut say = |what: &str| wrong.push(format!("{path}:{line}: {link}: {what}"));
            if !root().join(&target).exists() {
                say("there is no such file");
            } else if path.starts_with("docs/") && !name.starts_with("docs/") {
                say("the book has no such file");
            } else if path.starts_with("docs/") && root().join(&target).is_dir() {
                say("the book has no page for a folder");
            } else if !place.is_empty() {
                match documents.get(name) {
                    Some(document) if document.anchors.contains(place) => {}
                    Some(_) => say("there is no such heading"),
                    None => say("this is no document with places"),
                }
            }
        }
    }
    assert!(seen >= 100, "only {seen} links were found");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_book_has_each_page_once() {
    let mut listed: Vec<String> = Linked::read("docs/SUMMARY.md")
        .links
        .into_iter()
        .map(|(_, link)| format!("docs/{link}"))
        .collect();
    listed.sort();
    let mut pages = book();
    pages.retain(|page| page != "docs/SUMMARY.md");
    pages.sort();
    assert_eq!(listed, pages);
}

#[test]
fn the_index_of_the_reference_names_each_page() {
    let index = Linked::read("docs/reference/README.md");
    let links: BTreeSet<String> = index.links.into_iter().map(|(_, link)| link).collect();
    let mut pages: BTreeSet<String> = files_below(&root().join("docs/reference"))
        .into_iter()
        .collect();
    pages.remove("README.md");
    assert_eq!(links, pages);
}

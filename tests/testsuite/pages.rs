//! Checks that hold of every published page, whatever the site is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use scraper::{ElementRef, Html, Selector};

use crate::site_test::{NOW, SiteTest, files_below};

/// The elements of a page that match a selector.
pub(crate) fn all<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

/// The elements that match and are shown now: a `template` holds what may be said later.
pub(crate) fn present<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    let is_later = |element: &ElementRef<'_>| {
        let mut around = element.ancestors().filter_map(ElementRef::wrap);
        around.any(|element| element.value().name() == "template")
    };
    let mut found = all(page, selector);
    found.retain(|element| !is_later(element));
    found
}

/// The visible text of the elements that match, each without the white space around it.
pub(crate) fn texts(page: &Html, selector: &str) -> Vec<String> {
    present(page, selector).into_iter().map(text).collect()
}

/// The text of an element, its white space folded.
pub(crate) fn text(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A published page.
pub(crate) fn page(site: &SiteTest, path: &str) -> Html {
    Html::parse_document(&site.read(&format!("public/{path}")))
}

/// Asserts what holds of every page in `folder`, a site that is published under `base`, the path of
/// its address.
pub(crate) fn assert_sound(folder: &Path, base: &str) {
    let files: BTreeSet<String> = files_below(folder).into_iter().collect();
    let mut pages: BTreeMap<&str, Html> = BTreeMap::new();
    for path in files.iter().filter(|path| path.ends_with(".html")) {
        let source = std::fs::read_to_string(folder.join(path)).unwrap();
        pages.insert(path, Html::parse_document(&source));
    }
    assert!(!pages.is_empty());
    let mut wrong = Vec::new();
    for (path, page) in &pages {
        let found = document(path, page)
            .into_iter()
            .chain(outline(page))
            .chain(markup(page))
            .chain(ids(page))
            .chain(links(path, page, base, &files, &pages));
        wrong.extend(found.map(|problem| format!("{path}: {problem}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// One `html` with its language and direction, and a title.
fn document(path: &str, page: &Html) -> Vec<String> {
    let mut wrong = Vec::new();
    let root = page.root_element().value();
    if path.starts_with("ar/") != (root.attr("lang") == Some("ar")) {
        wrong.push(format!("lang is {:?}", root.attr("lang")));
    }
    let expected = match root.attr("lang") {
        Some("ar") => "rtl",
        Some(_) => "ltr",
        None => "missing",
    };
    if root.attr("dir") != Some(expected) {
        wrong.push(format!("dir should be {expected}"));
    }
    if texts(page, "head > title").iter().all(String::is_empty) {
        wrong.push("no title".to_owned());
    }
    let alternates = all(page, "link[rel=alternate][hreflang]");
    for alternate in alternates {
        if alternate
            .attr("href")
            .is_none_or(|href| !href.starts_with("https://"))
        {
            wrong.push("an alternate without a whole address".to_owned());
        }
    }
    for time in all(page, "time") {
        let at = time.attr("datetime").unwrap_or_default();
        let is_day = at.len() == 10;
        let is_instant = at.len() == 20 && at.ends_with('Z');
        if !is_day && !is_instant {
            wrong.push(format!("a time that is not UTC: {at:?}"));
        }
    }
    wrong
}

/// One first-level heading, and no gaps below it.
fn outline(page: &Html) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut level = 0;
    let mut first = 0;
    for heading in present(page, "h1, h2, h3, h4, h5, h6") {
        let own = heading.value().name()[1..].parse::<u8>().unwrap();
        if own > level + 1 {
            wrong.push(format!(
                "level {own} behind level {level}: {}",
                text(heading)
            ));
        }
        if text(heading).is_empty() {
            wrong.push("an empty heading".to_owned());
        }
        first += u8::from(own == 1);
        level = own;
    }
    if first != 1 {
        wrong.push(format!("{first} headings of the first level"));
    }
    wrong
}

/// Nothing that a strict policy would refuse.
fn markup(page: &Html) -> Vec<String> {
    let mut wrong = Vec::new();
    for element in all(page, "*") {
        let name = element.value().name();
        let is_inline = name == "script" && !text(element).is_empty();
        // The one form that there may be is that of reports.
        let is_form = name == "form" && element.attr("method") != Some("post");
        if is_inline || is_form || ["style", "iframe", "object"].contains(&name) {
            wrong.push(format!("<{name}>"));
        }
        for (attribute, _) in element.value().attrs() {
            if attribute == "style" || attribute.starts_with("on") {
                wrong.push(format!("<{name} {attribute}>"));
            }
        }
        if name == "img" && element.attr("alt").is_none() {
            wrong.push("an image without words".to_owned());
        }
    }
    wrong
}

/// Ids that stand once.
fn ids(page: &Html) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let ids = all(page, "[id]")
        .into_iter()
        .filter_map(|element| element.attr("id"));
    ids.filter(|id| !seen.insert(*id))
        .map(|id| format!("two elements are called {id:?}"))
        .collect()
}

/// Links, images and other files that lead to something that is published.
fn links(
    path: &str,
    page: &Html,
    base: &str,
    files: &BTreeSet<String>,
    pages: &BTreeMap<&str, Html>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for element in all(page, "[href], [src]") {
        let target = element.attr("href").or(element.attr("src")).unwrap();
        let is_elsewhere = ["https:", "http:", "mailto:", "tel:", "webcal:", "//"]
            .iter()
            .any(|start| target.starts_with(start));
        if is_elsewhere {
            continue;
        }
        let (place, fragment) = target.split_once('#').unwrap_or((target, ""));
        let file = match place {
            "" => path.to_owned(),
            place => resolve(path, place, base),
        };
        let found = match pages.get(file.as_str()) {
            Some(page) => {
                let fragment = decode(fragment);
                fragment.is_empty()
                    || all(page, "[id]")
                        .iter()
                        .any(|element| element.attr("id") == Some(&fragment))
            }
            None => files.contains(&file),
        };
        if !found {
            wrong.push(format!("{target:?} leads nowhere ({file})"));
        }
    }
    wrong
}

/// The file that a reference on the page `path` leads to, from the output folder.
fn resolve(path: &str, reference: &str, base: &str) -> String {
    let reference = decode(reference.split('?').next().unwrap());
    let mut parts: Vec<&str> = match reference.strip_prefix(base) {
        Some(_) => Vec::new(),
        None => path
            .split('/')
            .rev()
            .skip(1)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect(),
    };
    let relative = reference.strip_prefix(base).unwrap_or(&reference);
    for part in relative.split('/') {
        match part {
            "." | "" => {}
            ".." => assert!(
                parts.pop().is_some(),
                "{reference} on {path} leaves the site"
            ),
            part => parts.push(part),
        }
    }
    let is_folder = relative.is_empty() || relative.ends_with(['/', '.']);
    if is_folder {
        parts.push("index.html");
    }
    parts.join("/")
}

/// Text without its percent-encoding.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        rest = after;
        match (byte, after) {
            (b'%', [high, low, after @ ..]) => {
                let digits = [*high, *low];
                let digits = std::str::from_utf8(&digits).unwrap();
                bytes.push(u8::from_str_radix(digits, 16).unwrap());
                rest = after;
            }
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn what_rendering_adds_is_in_the_language_of_the_text() {
    let site = SiteTest::new().file(
        "incidents/x.md",
        "---\ntitle: X\ncomponents: [web]\n---\n\n## Investigating · 2022-12-28 19:45\n\nOne[^a] two[^b] three[^b].\n\n> [!NOTE]\n> Four.\n\n[^a]: A.\n[^b]: B.\n",
    );
    site.run(&["build", "--quiet", "--now", NOW]);
    for page in [
        "public/incidents/x/index.html",
        "public/ar/incidents/x/index.html",
    ] {
        let page = site.read(page);
        let (_, prose) = page.split_once("<div class=\"prose\"").unwrap();
        let (prose, _) = prose.split_once("</ol>\n</div>").unwrap();
        let labels: Vec<&str> = prose
            .split("aria-label=\"")
            .skip(1)
            .map(|rest| rest.split_once('"').unwrap().0)
            .collect();
        assert_eq!(
            labels,
            [
                "Footnotes",
                "Back to reference 1",
                "Back to reference 2",
                "Back to reference 2"
            ]
        );
        assert!(
            prose.contains("<p class=\"alert-title\">Note</p>"),
            "{prose}"
        );
    }
}

//! Properties that hold of every body, whatever it is.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::HashSet;

use proptest::prelude::*;
use pulldown_cmark::{Event, Parser};
use scraper::{ElementRef, Html, Selector};

use super::dialect::SYNTAX;
use super::html::tests::labels;
use super::{Document, Inline, Options, outline, plain_text, to_html};
use crate::characters::is_forbidden;

/// Pieces that mean something to the parser, a renderer or a browser.
const PIECES: &[&str] = &[
    "\n",
    "\n",
    "\n",
    "\n\n",
    " ",
    " ",
    "  ",
    "    ",
    "\t",
    "\r\n",
    "\r",
    "a",
    "b c",
    "é",
    "حالة",
    "\u{0}",
    "\u{1}",
    "\u{a0}",
    "\u{2028}",
    "\u{202e}",
    "#",
    "# ",
    "## ",
    "## ",
    "### ",
    "###### ",
    " ##",
    "---",
    "--",
    "-",
    "- ",
    "* ",
    "+ ",
    "1. ",
    "7) ",
    "> ",
    "> [!NOTE]\n",
    "> [!WARNING]\n",
    "===",
    "***",
    "```",
    "~~~",
    "````",
    "`",
    "``",
    "*",
    "**",
    "_",
    "~",
    "~~",
    "|",
    "|a|b|\n|-|:-:|\n",
    "| ",
    "[",
    "]",
    "](",
    "](a)",
    "](#a)",
    "[^1]",
    "[^1]: ",
    "[^2]",
    "[^2]: ",
    "[^a b]:",
    "[1]: ",
    "[1]",
    "\\",
    "&amp;",
    "&lt;",
    "&#106;",
    "&Tab;",
    "&colon;",
    "&NewLine;",
    "(",
    ")",
    "\"",
    "'",
    "<",
    ">",
    "/>",
    "</",
    "<!--",
    "-->",
    "<br>",
    "<br/>",
    "<ip>",
    "<div>",
    "</div>",
    "<pre>",
    "</pre>",
    "<script>",
    "</script>",
    "<style>",
    "<textarea>",
    "<svg onload=alert(1)>",
    "<a href=\"javascript:alert(1)\">",
    "<img src=x onerror=alert(1)>",
    "<?",
    "?>",
    "<![CDATA[",
    "]]>",
    "<!X",
    "javascript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "https://example.com/",
    "http://",
    "//example.com",
    "mailto:a@example.com",
    "a@example.com",
    "example.com",
    "<https://example.com>",
    "<a@example.com>",
    "<host:80>",
    "![",
    "![a](b.png)",
    "![a](https://example.com/b.png)",
    "[x] ",
    "[ ] ",
    "- [x] ",
    "{",
    "}",
    "{next=30m}",
    "{#a .b onclick=c}",
    "=",
    "next=30m",
    "web=operational",
];

/// Markdown that is dense in what matters.
fn dense() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..60).prop_map(|pieces| pieces.concat())
}

fn any_body() -> impl Strategy<Value = String> {
    prop_oneof![4 => dense(), 1 => any::<String>(), 1 => "[ -~\n]{0,200}"]
}

fn render(markdown: &str, id_prefix: &str, heading_level: u8) -> String {
    to_html(
        markdown,
        &Options {
            base: "",
            id_prefix,
            heading_level,
            labels: &labels(),
        },
    )
}

/// The attributes that an element may have, `None` for an element that may not occur.
fn allowed(element: &str) -> Option<&'static [&'static str]> {
    Some(match element {
        "p" => &["class"],
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => &["id"],
        "ul" | "blockquote" | "hr" | "br" | "em" | "strong" | "del" | "table" | "thead"
        | "tbody" | "tr" => &[],
        "ol" => &["start", "class", "aria-label"],
        "li" => &["class", "id"],
        "div" => &["class", "tabindex", "role", "aria-label"],
        "th" => &["scope", "class"],
        "td" => &["class"],
        "pre" => &["dir", "tabindex"],
        "code" => &["dir", "class"],
        "a" => &["href", "title", "dir", "class", "aria-label"],
        "img" => &["src", "alt", "title", "loading"],
        "sup" => &["class", "id"],
        "input" => &["type", "disabled", "checked", "aria-label"],
        _ => return None,
    })
}

/// Whether a browser would take the address to be one of those that are allowed, judged without
/// the code under test: browsers drop tabs, line ends and the controls at the start.
fn is_safe_address(address: &str) -> bool {
    let seen: String = address
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
        .collect();
    let seen = seen.trim_start_matches(|c| c <= ' ').to_lowercase();
    let scheme: String = seen
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "+-.".contains(*c))
        .collect();
    !seen[scheme.len()..].starts_with(':')
        || ["http", "https", "mailto", "tel"].contains(&scheme.as_str())
}

fn elements(page: &Html) -> Vec<ElementRef<'_>> {
    page.select(&Selector::parse("body *").unwrap()).collect()
}

fn visible(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !is_forbidden(*c) && *c != '\u{fffd}')
        .collect()
}

/// The names of the tags of `html`, ends with their slash.
fn tags(html: &str) -> Vec<&str> {
    html.split('<')
        .skip(1)
        .map(|tag| tag.split([' ', '>']).next().unwrap())
        .collect()
}

/// Everything that must hold of the output for `markdown`.
fn check(markdown: &str) {
    let output = render(markdown, "u7-", 4);
    let page = Html::parse_document(&format!(
        "<!DOCTYPE html><html><head><title>a</title></head><body>{output}</body></html>"
    ));
    // A parser that had to repair something writes other tags than it read.
    let body = page
        .select(&Selector::parse("body").unwrap())
        .next()
        .unwrap();
    assert_eq!(
        tags(&body.inner_html()),
        tags(&output),
        "{markdown:?}\n{output}"
    );

    let mut ids = HashSet::new();
    let mut level = 3;
    for element in elements(&page) {
        let name = element.value().name();
        let attributes = allowed(name);
        assert!(attributes.is_some(), "<{name}>\n{markdown:?}\n{output}");
        for (attribute, value) in element.value().attrs() {
            assert!(
                attributes.unwrap().contains(&attribute),
                "<{name} {attribute}>\n{markdown:?}\n{output}"
            );
            match attribute {
                "href" | "src" => {
                    assert!(is_safe_address(value), "{value:?}\n{markdown:?}\n{output}");
                    assert!(
                        !value.is_empty() && value.chars().all(|c| c.is_ascii_graphic()),
                        "{value:?}\n{markdown:?}"
                    );
                    if name == "img" {
                        assert!(
                            !value.starts_with("//") && !value.contains("://"),
                            "{value:?}\n{markdown:?}"
                        );
                    }
                }
                "id" => {
                    assert!(value.starts_with("u7-"), "{value:?}\n{markdown:?}");
                    assert!(
                        !value.contains(char::is_whitespace),
                        "{value:?}\n{markdown:?}"
                    );
                    assert!(
                        ids.insert(value.to_owned()),
                        "twice: {value:?}\n{markdown:?}\n{output}"
                    );
                }
                _ => {}
            }
        }
        if let Some(Ok(heading)) = name.strip_prefix('h').map(str::parse::<u8>) {
            assert!(
                (4..=6).contains(&heading) && heading <= level + 1,
                "h{heading}\n{markdown:?}\n{output}"
            );
            level = heading;
        }
        if name == "a" {
            let is_nested = element
                .ancestors()
                .filter_map(ElementRef::wrap)
                .any(|outer| outer.value().name() == "a");
            assert!(!is_nested, "{markdown:?}\n{output}");
        }
    }
    for element in elements(&page) {
        if let Some(id) = element
            .value()
            .attr("href")
            .and_then(|href| href.strip_prefix("#u7-fn"))
        {
            assert!(
                ids.contains(&format!("u7-fn{id}")),
                "to nowhere: {id}\n{markdown:?}\n{output}"
            );
        }
    }
    assert!(output.chars().all(|c| !is_forbidden(c)), "{markdown:?}");
}

/// The headings of HTML, by level, and its whole text.
fn told(html: &str) -> (Vec<String>, String) {
    // A picture of the site has a whole address in a document, where it is one of another site: a link.
    let mut parts = html.split("<img src=\"");
    let mut html = parts.next().unwrap().to_owned();
    for part in parts {
        let (source, rest) = part.split_once("\" alt=\"").unwrap();
        let (alt, rest) = rest.split_once('"').unwrap();
        let whole = format!("https://status.example.com/a/{source}");
        html += if alt.is_empty() { &whole } else { alt };
        html += rest.split_once('>').unwrap().1;
    }
    let html = &html;
    let page = Html::parse_fragment(html);
    let selector = Selector::parse("h1, h2, h3, h4, h5, h6").unwrap();
    // A heading without a word is none to a reader.
    let headings = page.select(&selector).filter_map(|heading| {
        let text: String = heading.text().collect();
        let text = visible(&text);
        (!text.is_empty()).then(|| format!("{} {text}", heading.value().name()))
    });
    let text: String = page.root_element().text().collect();
    (headings.collect(), visible(&text))
}

/// Everything that must hold of a text once it is written as Markdown again.
fn check_written(markdown: &str) {
    let html = render(markdown, "u7-", 4);
    // A heading without a word is left out, and those below it may rise to its level.
    let page = Html::parse_fragment(&html);
    let selector = Selector::parse("h4, h5, h6").unwrap();
    let is_empty = |text: String| visible(&text).is_empty();
    if page
        .select(&selector)
        .any(|it| is_empty(it.text().collect()))
    {
        return;
    }
    let mut document = Document::new("https://status.example.com/a/");
    document.prose(&html);
    let written = document.finish();
    for event in Parser::new_ext(&written, SYNTAX) {
        let is_html = matches!(event, Event::Html(_) | Event::InlineHtml(_));
        assert!(!is_html, "{event:?}\n{markdown:?}\n{written}");
    }
    let again = render(&written, "u7-", 4);
    assert_eq!(
        told(&again),
        told(&html),
        "{markdown:?}\n{html}\n{written}\n{again}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn output_is_well_formed_and_harmless(markdown in any_body()) {
        check(&markdown);
    }

    #[test]
    fn headings_stay_between_their_level_and_six(markdown in dense(), level in 0..=9_u8) {
        let page = Html::parse_fragment(&render(&markdown, "", level));
        for heading in page.select(&Selector::parse("h1, h2, h3, h4, h5, h6").unwrap()) {
            let heading: u8 = heading.value().name()[1..].parse().unwrap();
            prop_assert!((level.clamp(1, 6)..=6).contains(&heading));
        }
    }

    #[test]
    fn raw_html_stays_readable(
        html in "<[a-z/!?][a-zA-Z0-9 =\"'/:.@-]{0,20}>?",
        before in "[a-z ]{0,8}",
        after in "[a-z ]{0,8}",
    ) {
        prop_assume!(!html.contains("<!--") && !html.to_lowercase().starts_with("<br") && !html.starts_with("</br"));
        let markdown = format!("{before}{html}{after}\n");
        let page = Html::parse_fragment(&render(&markdown, "", 4));
        let shown: String = page.root_element().text().collect();
        let shown = visible(&shown);
        // An autolink is a link, whose brackets are not shown.
        let expected = visible(&markdown);
        let linked = expected.replacen('<', "", 1).replacen('>', "", 1);
        prop_assert!(shown == expected || shown == linked, "{markdown:?} shows {shown:?}");
    }

    #[test]
    fn two_updates_on_a_page_share_no_id(first in dense(), second in dense()) {
        let page = Html::parse_fragment(&format!("{}{}", render(&first, "a-", 4), render(&second, "b-", 4)));
        let mut ids = HashSet::new();
        for element in page.select(&Selector::parse("[id]").unwrap()) {
            prop_assert!(ids.insert(element.value().attr("id").unwrap().to_owned()));
        }
    }

    #[test]
    fn a_summary_is_one_short_line(markdown in any_body(), limit in 0..80_usize) {
        let line = plain_text(&markdown, limit);
        prop_assert!(line.chars().count() <= limit);
        prop_assert!(!line.contains(['\n', '\r', '\t']) && !line.contains("  "));
        prop_assert_eq!(line.trim(), &line);
    }

    #[test]
    fn an_outline_covers_its_body(body in any_body()) {
        let outline = outline(&body);
        let mut end = outline.before.end;
        prop_assert_eq!(outline.before.start, 0);
        for section in outline.sections {
            prop_assert_eq!(section.whole.start, end);
            prop_assert_eq!(section.whole.end, section.body.start);
            end = section.body.end;
            prop_assert!(section.whole.start <= section.heading.start && section.heading.end <= section.whole.end);
            prop_assert_eq!(body[section.heading.clone()].trim_ascii(), &body[section.heading]);
            for attribute in section.attributes {
                let word = match &attribute.value {
                    Some(value) => format!("{}={value}", attribute.key),
                    None => attribute.key,
                };
                prop_assert_eq!(&body[attribute.span], word);
            }
        }
        prop_assert_eq!(end, body.len());
    }

    #[test]
    fn a_text_that_is_written_again_says_the_same(markdown in any_body()) {
        check_written(&markdown);
    }

    #[test]
    fn no_title_is_more_than_text(title in any_body(), url in "https://[a-z/()&;?=]{1,20}") {
        let title = visible(&title);
        let mut document = Document::new("https://status.example.com/a/");
        let line = Inline::new().link(&title, &url).mark(" ").strong(&title);
        document.heading(2, &Inline::of(&title));
        document.item(&Inline::of(&title));
        document.item(&line);
        document.paragraph(&Inline::of(&title));
        document.paragraph(&Inline::of("end"));
        let written = document.finish();
        let html = render(&written, "", 1);
        let expected = match title.is_empty() {
            true => (vec![], format!("{url}end")),
            false => (vec![format!("h1 {title}")], format!("{}end", title.repeat(5))),
        };
        prop_assert_eq!(told(&html), expected, "{}", written);
    }
}

#![allow(clippy::panic, reason = "a test may fail loudly")]

use crate::markdown::dialect::SYNTAX;
use proptest::prelude::*;

use pulldown_cmark::{Event, Parser, Tag};

use super::{Attribute, Outline, Section, outline, parse, scan};

/// Both ways of finding the headings, which must agree wherever the quick one answers.
fn both(body: &str) -> Outline {
    if let Some(sections) = scan(body) {
        assert_eq!(sections, parse(body), "{body:?}");
    }
    outline(body)
}

/// `heading`, `text`, attributes and body of each section.
fn shown(body: &str) -> Vec<(&str, String, Vec<&str>, &str)> {
    let mut at = 0;
    let Outline { before, sections } = both(body);
    assert_eq!(before.start, 0);
    let mut end = before.end;
    let mut shown = Vec::new();
    for section in sections {
        assert_eq!(
            (section.whole.start, section.body.start),
            (end, section.whole.end)
        );
        assert!(
            section.whole.start <= section.heading.start
                && section.heading.end <= section.whole.end
        );
        end = section.body.end;
        at += 1;
        shown.push((
            &body[section.heading],
            section.text,
            section
                .attributes
                .into_iter()
                .map(|attribute| &body[attribute.span])
                .collect(),
            &body[section.body],
        ));
    }
    assert_eq!(end, body.len(), "after section {at}");
    shown
}

#[test]
fn a_plain_incident() {
    let body = "Summary.\n\n## Investigating · 2022-12-28 19:45 {next=30m a.b-c_d=operational}\n\nText.\n\n## Resolved\n";
    assert_eq!(
        both(body),
        Outline {
            before: 0..10,
            sections: vec![
                Section {
                    heading: 13..46,
                    attributes: vec![
                        Attribute {
                            key: "next".to_owned(),
                            value: Some("30m".to_owned()),
                            span: 48..56,
                        },
                        Attribute {
                            key: "a.b-c_d".to_owned(),
                            value: Some("operational".to_owned()),
                            span: 57..76,
                        },
                    ],
                    whole: 10..78,
                    body: 78..86,
                    text: "Investigating · 2022-12-28 19:45".to_owned(),
                },
                Section {
                    heading: 89..97,
                    attributes: vec![],
                    whole: 86..98,
                    body: 98..98,
                    text: "Resolved".to_owned(),
                },
            ],
        }
    );
    assert!(scan(body).is_some());
}

#[test]
fn no_heading() {
    assert_eq!(
        both(""),
        Outline {
            before: 0..0,
            sections: vec![]
        }
    );
    assert_eq!(shown("a\n\n# b\n\n### c\n\n##d\n\n\\## e\n"), []);
}

#[test]
fn every_notation() {
    assert_eq!(
        shown("##  a  ##  \na\n## \n##\n   ## *b* `c` \\#\nd\ne {f=g}\n---\nh\n## i"),
        [
            ("a", "a".to_owned(), vec![], "a\n"),
            ("", String::new(), vec![], ""),
            ("", String::new(), vec![], ""),
            ("*b* `c` \\#", "b c #".to_owned(), vec![], ""),
            ("d\ne", "d e".to_owned(), vec!["f=g"], "h\n"),
            ("i", "i".to_owned(), vec![], ""),
        ]
    );
    assert_eq!(
        shown("## a {b=c}\r\nd\r\n\r\n## e ##\r\n"),
        [
            ("a", "a".to_owned(), vec!["b=c"], "d\r\n\r\n"),
            ("e", "e".to_owned(), vec![], ""),
        ]
    );
}

#[test]
fn only_headings_of_the_body_itself() {
    let body = "```\n## a\n```\n\n<pre>\n## b\n</pre>\n\n<div>\n## c\n\n- ## d\n  ## e\n\n> ## f\n\n    ## g\n\n[^1]: h\n\n    ## i\n";
    assert_eq!(shown(body), []);
    assert_eq!(shown("- a\n## b\n> c\n## d\n").len(), 2);
}

#[test]
fn attributes_of_any_kind() {
    let body = "## a {#b .c d e=f=g  h=}";
    let attributes: Vec<_> = both(body).sections.remove(0).attributes;
    let expected = [
        ("#b", None, 6..8),
        (".c", None, 9..11),
        ("d", None, 12..13),
        ("e", Some("f=g"), 14..19),
        ("h", Some(""), 21..23),
    ];
    assert_eq!(
        attributes,
        expected.map(|(key, value, span)| Attribute {
            key: key.to_owned(),
            value: value.map(str::to_owned),
            span,
        })
    );
    assert_eq!(shown("## {next=30m}")[0].0, "");
    assert_eq!(shown("## a {}")[0].0, "a");
    assert_eq!(shown("## a {b} c")[0].0, "a {b} c");
    assert_eq!(shown("## a {b\\}")[0].0, "a {b\\}");
}

/// Lines of incident files, ordinary and odd.
const LINES: &[&str] = &[
    "",
    "",
    "text",
    "More text, with: punctuation.",
    "## Investigating · 2022-12-28 19:45",
    "## Update {next=30m}",
    "## Resolved ##",
    "##",
    "## ",
    "##\ta",
    "## a\t",
    "### b",
    "# c",
    "#d",
    "##e",
    " ## f",
    "\t## g",
    "    ## h",
    "- i",
    "- ## j",
    "  ## k",
    "  l",
    "1. m",
    "> n",
    "> ## o",
    "> [!NOTE]",
    "| a | b |",
    "|---|---|",
    "---|---",
    "***",
    "_ _ _",
    "---",
    "--",
    "- ",
    "-",
    "===",
    "```",
    "~~~",
    "    ```",
    "- ```",
    "<div>",
    "</div>",
    "<!--",
    "-->",
    "a <b",
    "[c]: /d",
    "[c]:",
    "'e",
    "[^1]: f",
    "[g](h)",
    "i `j",
    "`` k",
    "\\",
    "## *a* {b=c}",
    "## [c] {d",
    "## a {b} {c=d}",
    "## {e}",
    "## a \u{a0}",
    "## a | b {#c .d e f=}",
    "a\rb",
    "\r",
    "## a\r## b",
    "\u{0}## a",
    "\u{b}## a",
    "\u{feff}## a",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_quick_way_agrees_with_the_parser(
        lines in prop::collection::vec(prop::sample::select(LINES), 0..8),
        line_end in prop::sample::select(vec!["\n", "\r\n"]),
    ) {
        both(&lines.join(line_end));
    }

    #[test]
    fn the_quick_way_agrees_on_any_text(body in "([#\\-] ?|[ -~\n]|\\PC|## ){0,80}") {
        both(&body);
    }

    #[test]
    fn attributes_are_those_of_the_parser(inside in "[a-z#.= {}-]{0,20}") {
        let body = format!("## a {{{inside}}}");
        let Some(Event::Start(Tag::Heading { id, classes, attrs, .. })) = Parser::new_ext(&body, SYNTAX).next() else {
            panic!("no heading: {body}");
        };
        let words = outline(&body).sections.remove(0).attributes;
        let words: Vec<_> = words.into_iter().filter(|word| word.span.len() > 1).collect();
        let with = |mark: char| words.iter().filter(move |word| word.key.starts_with(mark)).map(|word| &word.key[1..]);
        prop_assert_eq!(with('#').next_back(), id.as_deref());
        prop_assert!(with('.').eq(classes.iter().map(|class| &**class)));
        let others = words.iter().filter(|word| !word.key.starts_with(['#', '.']));
        prop_assert!(others.map(|word| (&*word.key, word.value.as_deref())).eq(attrs.iter().map(|(key, value)| (&**key, value.as_deref()))));
    }
}

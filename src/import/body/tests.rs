#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use proptest::prelude::*;
use pulldown_cmark::{Event, HeadingLevel, Parser, Tag};

use super::{Converter, reading};

fn markdown(body: &str) -> String {
    Converter::new().markdown(body)
}

#[test]
fn plain_text_stays_as_it_is() {
    for text in [
        "We are looking into it.",
        "Set MAX_SIZE to 5 & restart: 3 < 4, a > b (see https://example.com/a_b?c=1&d=2).",
        "Up 50% - 2 * 3 = 6. 100 ms!",
        "* one\n* two",
        "1. first\n2. second",
    ] {
        assert_eq!(markdown(text), text);
    }
}

#[test]
fn lines_stay_lines_and_paragraphs_stay_paragraphs() {
    assert_eq!(
        markdown("a\r\nb\r\n\r\n\r\n  c  \n- d"),
        "a\\\nb\n\nc\n\n- d"
    );
    assert_eq!(markdown(" \n\t\n"), "");
}

#[test]
fn what_markdown_would_misread_is_escaped() {
    for (text, expected) in [
        ("## Resolved · 2022-12-28", "\\## Resolved · 2022-12-28"),
        ("text\n---", "text\\\n\\---"),
        ("text\n===", "text\\\n\\==="),
        ("---", "\\---"),
        ("```\nnever closed", "\\`\\`\\`\\\nnever closed"),
        ("a *b* __c__ `d`", "a \\*b\\* \\_\\_c\\_\\_ \\`d\\`"),
        (
            "block <ip> and </ip> <!-- here",
            "block \\<ip> and \\</ip> \\<!-- here",
        ),
        ("[a]: https://example.com", "\\[a\\]: https://example.com"),
        ("> quoted", "\\> quoted"),
        ("5 &lt; 6 &amp;&amp; &quot;7&quot;", "5 < 6 && \"7\""),
        ("say &amp;lt;", "say \\&lt;"),
    ] {
        assert_eq!(markdown(text), expected, "{text}");
    }
}

#[test]
fn html_becomes_markdown() {
    for (html, expected) in [
        (
            "<b>Now</b> see <a href=\"https://example.com/x\">this</a>",
            "**Now** see [this](https://example.com/x)",
        ),
        (
            "<p>One</p><p>Two &amp; <em>three</em></p>",
            "One\n\nTwo & *three*",
        ),
        (
            "one<br />two<br /><br />three <strong>4</strong>",
            "one  \ntwo\n\nthree **4**",
        ),
        ("<ul><li>a</li><li>b <ip> c</li></ul>", "- a\n- b \\<ip> c"),
        ("<h2>What follows</h2><p>x</p>", "### What follows\n\nx"),
    ] {
        assert_eq!(markdown(html), expected, "{html}");
    }
}

#[test]
fn html_that_would_not_read_the_same_gives_its_text() {
    assert_eq!(markdown("<p>a ~~b~~</p><p>c</p>"), "a \\~\\~b\\~\\~\n\nc");
    let deep = format!("{}text{}", "<div>".repeat(50_000), "</div>".repeat(50_000));
    assert_eq!(markdown(&deep), "text");
}

/// Pieces from which hostile bodies are made.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n"),
        Just("\n\n"),
        Just("---"),
        Just("==="),
        Just("## Resolved · 2022-12-28 22:10 UTC"),
        Just("# "),
        Just("```"),
        Just("~~~"),
        Just("<!--"),
        Just("<pre>"),
        Just("</pre>"),
        Just("<code>"),
        Just("<script>"),
        Just("<h2>"),
        Just("</h2>"),
        Just("<ul><li>"),
        Just("</li></ul>"),
        Just("<br>"),
        Just("<p>"),
        Just("<a href=\"x"),
        Just("\">"),
        Just("<b>"),
        Just("</b>"),
        Just("<ip>"),
        Just("[^1]:"),
        Just("[a]: b"),
        Just("> "),
        Just("- "),
        Just("1. "),
        Just("1) "),
        Just("    "),
        Just("\t"),
        Just("*"),
        Just("_"),
        Just("`"),
        Just("|"),
        Just("\\"),
        Just("&lt;"),
        Just("&#35;"),
        Just("&#10;"),
        Just("<?"),
        Just("+++"),
        Just(" "),
        Just("text"),
        Just("$$"),
        Just("![x](y)"),
        Just("<table><tr><td>"),
        Just("\r"),
        Just("<blockquote>"),
        Just("&nbsp;"),
        Just("<img alt=\"# x\" src=\"y\">"),
        Just("<hr>"),
        Just("<font color='red'>"),
        Just(":--|--"),
    ];
    proptest::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_body_never_adds_or_swallows_an_update(first in hostile(), second in ".*") {
        let file = format!("## One\n\n{}\n\n## Two\n\n{}\n\n## Three\n", markdown(&first), markdown(&second));
        let options = pulldown_cmark::Options::all() - pulldown_cmark::Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
            - pulldown_cmark::Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
        for parser in [Parser::new(&file), Parser::new_ext(&file, options)] {
            let headings = parser
                .filter(|event| matches!(event, Event::Start(Tag::Heading { level: HeadingLevel::H2 | HeadingLevel::H1, .. })))
                .count();
            prop_assert_eq!(headings, 3, "{}", file);
        }
    }

    #[test]
    fn no_text_without_tags_is_lost(body in "[ -%'-;=?-~\n]{0,60}") {
        let markdown = markdown(&body);
        let read = reading::read(&markdown);
        prop_assert!(read.is_some(), "{}", markdown);
        let read = read.unwrap();
        if read.items.is_empty() {
            prop_assert_eq!(read.text, reading::squeeze(&body));
        }
    }
}

#[test]
fn a_heading_that_reads_like_an_update_becomes_text() {
    for (body, expected) in [
        (
            "<h2>Resolved · 2022-12-28</h2><p>x</p>",
            "Resolved · 2022-12-28\n\nx",
        ),
        (
            "<h3>Resolved - 2022-12-28 22:10</h3><p>All is well.</p>",
            "Resolved - 2022-12-28 22:10\n\nAll is well.",
        ),
        (
            "<p><strong>Behoben</strong> - 28.12.2022 22:10</p>",
            "Behoben - 28.12.2022 22:10",
        ),
        (
            "<p><strong>Resolved</strong> - All is well.</p>",
            "**Resolved** - All is well.",
        ),
    ] {
        assert_eq!(markdown(body), expected, "{body}");
    }
}

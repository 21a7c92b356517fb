use proptest::prelude::*;

use super::{Labels, Options, linked_to_html, to_html};
use crate::markdown::autolink;

pub(in crate::markdown) fn labels() -> Labels {
    Labels {
        note: "Note".to_owned(),
        tip: "Tip".to_owned(),
        important: "Important".to_owned(),
        warning: "Warning".to_owned(),
        caution: "Caution".to_owned(),
        footnotes: "Footnotes".to_owned(),
        footnote_back: "Back to {number}".to_owned(),
        table: "Table".to_owned(),
        task_done: "Done".to_owned(),
        task_open: "To do".to_owned(),
    }
}

fn html(markdown: &str) -> String {
    with_options(|options| to_html(markdown, options))
}

fn with_options(write: impl Fn(&Options<'_>) -> String) -> String {
    write(&Options {
        id_prefix: "u1-",
        base: "",
        heading_level: 4,
        labels: &labels(),
    })
}

#[track_caller]
fn renders(markdown: &str, expected: &str) {
    assert_eq!(html(markdown), expected);
}

#[test]
fn paragraphs_and_emphasis() {
    renders("", "");
    renders(
        "One *two* **three**\nfour ~~five~~ `a<b>`\n\nSix  \nseven & \"eight\"\n\n***\n",
        "<p>One <em>two</em> <strong>three</strong>\nfour <del>five</del> <code dir=\"ltr\">a&lt;b&gt;</code></p>\n\
         <p>Six<br>\nseven &amp; &quot;eight&quot;</p>\n<hr>\n",
    );
}

#[test]
fn lists() {
    renders(
        "- one\n- two\n  1. three\n  2. four\n\n7. five\n\n   six\n",
        "<ul>\n<li>one</li>\n<li>two\n<ol>\n<li>three</li>\n<li>four</li>\n</ol>\n</li>\n</ul>\n\
         <ol start=\"7\">\n<li><p>five</p>\n<p>six</p>\n</li>\n</ol>\n",
    );
}

#[test]
fn a_mail_address_in_brackets_leads_there_from_every_page() {
    let labels = labels();
    for base in ["", "../incidents/x/", "https://ops.example.com/x/"] {
        let options = Options {
            id_prefix: "",
            base,
            heading_level: 2,
            labels: &labels,
        };
        assert_eq!(
            to_html("<crew@harbour.example>", &options),
            "<p><a dir=\"ltr\" href=\"mailto:crew@harbour.example\">crew@harbour.example</a></p>\n"
        );
    }
}

#[test]
fn tasks_are_named_and_disabled() {
    renders(
        "- [x] rolled back\n- [ ] tested\n- other\n",
        "<ul>\n\
         <li class=\"task\"><input type=\"checkbox\" disabled checked aria-label=\"Done\"> rolled back</li>\n\
         <li class=\"task\"><input type=\"checkbox\" disabled aria-label=\"To do\"> tested</li>\n\
         <li>other</li>\n</ul>\n",
    );
    renders(
        "- [x] one\n\n- [ ] two\n",
        "<ul>\n\
         <li class=\"task\"><p><input type=\"checkbox\" disabled checked aria-label=\"Done\"> one</p>\n</li>\n\
         <li class=\"task\"><p><input type=\"checkbox\" disabled aria-label=\"To do\"> two</p>\n</li>\n</ul>\n",
    );
}

#[test]
fn tables_scroll_by_keyboard() {
    renders(
        "| Region | Errors | |\n|:--|--:|---|\n| eu<br>west | 5 % | a |\n",
        "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"Table\">\n<table>\n<thead>\n\
         <tr><th scope=\"col\" class=\"align-left\">Region</th><th scope=\"col\" class=\"align-right\">Errors</th><td></td></tr>\n\
         </thead>\n<tbody>\n\
         <tr><td class=\"align-left\">eu<br>\nwest</td><td class=\"align-right\">5 %</td><td>a</td></tr>\n\
         </tbody>\n</table>\n</div>\n",
    );
    renders(
        "| Region |\n|:-:|\n",
        "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"Table\">\n<table>\n<thead>\n\
         <tr><th scope=\"col\" class=\"align-center\">Region</th></tr>\n</thead>\n</table>\n</div>\n",
    );
}

#[test]
fn alerts_have_a_title() {
    renders(
        "> [!WARNING]\n> Do not *retry*.\n\n> quoted\n",
        "<div class=\"alert alert-warning\">\n<p class=\"alert-title\">Warning</p>\n<p>Do not <em>retry</em>.</p>\n</div>\n\
         <blockquote>\n<p>quoted</p>\n</blockquote>\n",
    );
    for (kind, title) in [
        ("note", "Note"),
        ("tip", "Tip"),
        ("important", "Important"),
        ("caution", "Caution"),
    ] {
        renders(
            &format!("> [!{}]\n> a\n", kind.to_uppercase()),
            &format!(
                "<div class=\"alert alert-{kind}\">\n<p class=\"alert-title\">{title}</p>\n<p>a</p>\n</div>\n"
            ),
        );
    }
}

#[test]
fn code_is_left_to_right() {
    renders(
        "```rust,ignore\nfn a() -> &\"b\";\n\n  https://example.com\n```\n\n    <c>\n",
        "<pre dir=\"ltr\" tabindex=\"0\"><code class=\"language-rust\">fn a() -&gt; &amp;&quot;b&quot;;\n\n  https://example.com\n</code></pre>\n\
         <pre dir=\"ltr\" tabindex=\"0\"><code>&lt;c&gt;\n</code></pre>\n",
    );
    renders(
        "``` a\"b>&lt;c\n```\n",
        "<pre dir=\"ltr\" tabindex=\"0\"><code class=\"language-a&quot;b&gt;&lt;c\"></code></pre>\n",
    );
}

#[test]
fn headings_nest_without_gaps() {
    renders(
        "# A\n\n### B {#mine .loud onclick=x}\n\n###### C\n\n# A\n\n#\n",
        "<h4 id=\"u1-a\">A</h4>\n<h5 id=\"u1-b\">B</h5>\n<h6 id=\"u1-c\">C</h6>\n<h4 id=\"u1-a-1\">A</h4>\n",
    );
    renders(
        "### First\n\n## Second\n\n#### Third\n\n##### Fourth\n\n###### Fifth\n",
        "<h4 id=\"u1-first\">First</h4>\n<h4 id=\"u1-second\">Second</h4>\n<h5 id=\"u1-third\">Third</h5>\n\
         <h6 id=\"u1-fourth\">Fourth</h6>\n<h6 id=\"u1-fifth\">Fifth</h6>\n",
    );
}

#[test]
fn a_table_of_contents_leads_to_headings() {
    renders(
        "[cause](#root-cause) [elsewhere](#other)\n\n## *Root* cause!\n\n## ???\n",
        "<p><a href=\"#u1-root-cause\">cause</a> <a href=\"#other\">elsewhere</a></p>\n\
         <h4 id=\"u1-root-cause\"><em>Root</em> cause!</h4>\n<h4 id=\"u1-section\">???</h4>\n",
    );
}

#[test]
fn repeated_headings_have_ids_of_their_own() {
    renders(
        "# a\n# a\n# a 1\n# a\n",
        "<h4 id=\"u1-a\">a</h4>\n<h4 id=\"u1-a-1\">a</h4>\n<h4 id=\"u1-a-1-1\">a 1</h4>\n<h4 id=\"u1-a-2\">a</h4>\n",
    );
}

#[test]
fn links_keep_their_title_and_need_no_rel() {
    renders(
        "[a](https://example.com/?b=c&d=\"e\" \"f\\\"g\") <https://example.com/é> <ops@example.com>\n",
        "<p><a href=\"https://example.com/?b=c&amp;d=%22e%22\" title=\"f&quot;g\">a</a> \
         <a dir=\"ltr\" href=\"https://example.com/%C3%A9\">https://example.com/é</a> \
         <a dir=\"ltr\" href=\"mailto:ops@example.com\">ops@example.com</a></p>\n",
    );
    renders(
        "[](https://example.com/) [b](../c/ 'd')\n",
        "<p><a href=\"https://example.com/\">https://example.com/</a> <a href=\"../c/\" title=\"d\">b</a></p>\n",
    );
}

#[test]
fn unsafe_links_lose_the_link_and_keep_the_text() {
    for target in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#10;script:alert(1)",
        "&#x6A;avascript:alert(1)",
        "&#1;javascript:alert(1)",
        "javascript&colon;alert(1)",
        "vbscript:a",
        "data:text/html;base64,PHNjcmlwdD4=",
        "file:///etc/passwd",
    ] {
        renders(
            &format!("a [b *c*]({target} \"d\") e\n"),
            "<p>a b <em>c</em> e</p>\n",
        );
        renders(&format!("[b][1]\n\n[1]: {target}\n"), "<p>b</p>\n");
        renders(&format!("![b]({target})\n"), "<p>b</p>\n");
    }
    renders(
        "from <db-1:5432> to <javascript:alert(1)>\n",
        "<p>from &lt;db-1:5432&gt; to &lt;javascript:alert(1)&gt;</p>\n",
    );
}

#[test]
fn bare_addresses_become_links() {
    renders(
        "See https://example.com/a_b_c?d=e&f=g. Or (http://example.com), ops@example.com!\n",
        "<p>See <a dir=\"ltr\" href=\"https://example.com/a_b_c?d=e&amp;f=g\">https://example.com/a_b_c?d=e&amp;f=g</a>. \
         Or (<a dir=\"ltr\" href=\"http://example.com\">http://example.com</a>), \
         <a dir=\"ltr\" href=\"mailto:ops@example.com\">ops@example.com</a>!</p>\n",
    );
    renders(
        "`https://example.com` [https://example.com](/a) ftp://example.com javascript://example.com/%0aalert(1)\n",
        "<p><code dir=\"ltr\">https://example.com</code> <a href=\"/a\">https://example.com</a> \
         ftp://example.com javascript://example.com/%0aalert(1)</p>\n",
    );
}

#[test]
fn a_bare_address_keeps_its_underscores_and_asterisks() {
    let link = |address: &str| format!("<a dir=\"ltr\" href=\"{address}\">{address}</a>");
    renders(
        "Read https://a.example/_b_/*c*/~~d~~ and\n*https://b.example/__e__f* now: https://c.example/`g` h`.\n",
        &format!(
            "<p>Read {} and\n<em>{}</em> now: {} h`.</p>\n",
            link("https://a.example/_b_/*c*/~~d"),
            link("https://b.example/__e__f"),
            link("https://c.example/`g`"),
        )
        .replace("d</a>", "d</a>~~")
        .replace(
            "href=\"https://c.example/`g`\"",
            "href=\"https://c.example/%60g%60\"",
        ),
    );
    renders(
        "| a |\n|---|\n| www.a.example/_b_/c |\n\n> **http://d.example/e_f_g**\n",
        &format!(
            "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"Table\">\n<table>\n<thead>\n<tr><th scope=\"col\">a</th></tr>\n</thead>\n<tbody>\n\
             <tr><td><a dir=\"ltr\" href=\"http://www.a.example/_b_/c\">www.a.example/_b_/c</a></td></tr>\n</tbody>\n</table>\n</div>\n\
             <blockquote>\n<p><strong>{}</strong></p>\n</blockquote>\n",
            link("http://d.example/e_f_g"),
        ),
    );
    renders("ftp://a.example/_b_/c\n", "<p>ftp://a.example/_b_/c</p>\n");
}

#[test]
fn remote_images_become_links() {
    renders(
        "![a & b](graph.png \"c\") ![*d*](https://example.com/e.png) ![](//example.com/f.png)\n",
        "<p><img src=\"graph.png\" alt=\"a &amp; b\" title=\"c\" loading=\"lazy\"> \
         <a href=\"https://example.com/e.png\">d</a> \
         <a href=\"//example.com/f.png\">//example.com/f.png</a></p>\n",
    );
    renders(
        "[![a](https://example.com/b.png)](https://example.com/c) [![d](e.png)](f)\n",
        "<p><a href=\"https://example.com/c\">a</a> \
         <a href=\"f\"><img src=\"e.png\" alt=\"d\" loading=\"lazy\"></a></p>\n",
    );
}

#[test]
fn raw_html_is_text() {
    renders(
        "The host <ip> runs <b onclick=\"a()\">hot</b><!-- no -->.\nNext<br>line<br />two\n",
        "<p>The host &lt;ip&gt; runs &lt;b onclick=&quot;a()&quot;&gt;hot&lt;/b&gt;.\nNext<br>\nline<br>\ntwo</p>\n",
    );
    renders(
        "<div>\n*a* <br> https://example.com/\n</div>\n\nb\n\n<!-- c\n\nd -->\n\n<br>\n",
        "<p>&lt;div&gt;\n*a*<br>\n<a dir=\"ltr\" href=\"https://example.com/\">https://example.com/</a>\n&lt;/div&gt;</p>\n<p>b</p>\n",
    );
    renders(
        "<script>\nalert(1)\n\nalert(2)\n</script>\n",
        "<p>&lt;script&gt;\nalert(1)</p>\n<p>alert(2)\n&lt;/script&gt;</p>\n",
    );
    renders(
        "<!-- never closed\n\na\n",
        "<p>&lt;!-- never closed</p>\n<p>a</p>\n",
    );
    renders(
        "- <div>\n- b\n",
        "<ul>\n<li><p>&lt;div&gt;</p>\n</li>\n<li>b</li>\n</ul>\n",
    );
}

#[test]
fn footnotes_are_numbered_in_reading_order() {
    renders(
        "[^b]: Second.\n[^a]: First.\n\n    - list\n\nOne[^a] two[^b] three[^a].\n\n[^c]: Unused.\n",
        "<p>One<sup class=\"footnote\" id=\"u1-fnref:1\"><a href=\"#u1-fn:1\">1</a></sup> \
         two<sup class=\"footnote\" id=\"u1-fnref:2\"><a href=\"#u1-fn:2\">2</a></sup> \
         three<sup class=\"footnote\" id=\"u1-fnref:1:2\"><a href=\"#u1-fn:1\">1</a></sup>.</p>\n\
         <ol class=\"footnotes\" aria-label=\"Footnotes\">\n\
         <li id=\"u1-fn:1\">\n<p>First.</p>\n<ul>\n<li>list</li>\n</ul>\n\
         <p><a class=\"footnote-back\" href=\"#u1-fnref:1\" aria-label=\"Back to 1\">↩\u{fe0e}</a> \
         <a class=\"footnote-back\" href=\"#u1-fnref:1:2\" aria-label=\"Back to 1\">↩\u{fe0e}</a></p>\n</li>\n\
         <li id=\"u1-fn:2\">\n<p>Second. \
         <a class=\"footnote-back\" href=\"#u1-fnref:2\" aria-label=\"Back to 2\">↩\u{fe0e}</a></p>\n</li>\n\
         <li id=\"u1-fn:3\">\n<p>Unused.</p>\n</li>\n</ol>\n",
    );
    renders("Nowhere[^a].\n", "<p>Nowhere[^a].</p>\n");
}

#[test]
fn forbidden_characters_are_replaced() {
    renders(
        "a\u{1}b\u{7f}c\u{ffff}\n",
        "<p>a\u{fffd}b\u{fffd}c\u{fffd}</p>\n",
    );
}

#[test]
fn marks_of_emphasis_beside_an_address_are_those_beside_a_word() {
    let link = r#"<a dir="ltr" href="https://a.example/b">https://a.example/b</a>"#;
    for (text, expected) in [
        (
            "详见**https://a.example/b**",
            format!("<p>详见<strong>{link}</strong></p>\n"),
        ),
        (
            "see*https://a.example/b*. Now",
            format!("<p>see<em>{link}</em>. Now</p>\n"),
        ),
        (
            "https://a.example/b_; and _c_",
            format!("<p>{link}_; and <em>c</em></p>\n"),
        ),
        (
            "\u{fdd0}*https://a.example/b*",
            format!("<p>\u{fffd}<em>{link}</em></p>\n"),
        ),
    ] {
        renders(text, &expected);
    }
}

#[test]
fn no_heading_takes_an_id_of_the_page_around_it() {
    let options = Options {
        id_prefix: "",
        base: "",
        heading_level: 2,
        labels: &labels(),
    };
    assert_eq!(
        to_html(
            "# Main\n\n[a](#main) [b](#mains)\n\n# I check\n\n# Mains\n",
            &options
        ),
        "<h2 id=\"main:\">Main</h2>\n<p><a href=\"#main:\">a</a> <a href=\"#mains\">b</a></p>\n\
         <h2 id=\"i-check:\">I check</h2>\n<h2 id=\"mains\">Mains</h2>\n"
    );
    renders("# Main\n", "<h4 id=\"u1-main\">Main</h4>\n");
}

/// Parts of bodies with addresses, of which most are left to the parser as they are.
const ADDRESSES: &[&str] = &[
    "https://a.example/b-c?d=e%20#f",
    "http://a.example/,",
    "https://a.example.",
    "https://a.example:8080/+,?",
    "https://www.a.example/",
    "https://a_b.example",
    "https://a",
    "https://.a",
    "https://",
    "://",
    "www.a.example",
    "https://a.example/b_c",
    "ops@a.example",
    "mailto:",
    "ftp://a.example",
    "[a](https://a.example)",
    "[a]:",
    "<https://a.example>",
    "<b",
    ">",
    "[",
    "](c)",
    "][a]",
    "[^a]",
    "[^a]:",
    "*",
    "**",
    "_",
    "~~",
    "`",
    "```",
    "#",
    "##",
    "{#a}",
    "- [ ]",
    "1.",
    "|",
    "|-|-|",
    "---",
    "===",
    "&amp;",
    "&#32;",
    "\\",
    "\\|",
    "<!-- a",
    "-->",
    "<br>",
    "<div>",
    "[!NOTE]",
    "a",
    "é",
    "。",
    "",
];

/// Pieces of Markdown of which some are another HTML on another page.
const PLACED: &[&str] = &[
    "plain *text* with `code`",
    "# Heading",
    "[whole](https://a.example/x)",
    "[mail](mailto:a@b.example)",
    "<a@b.example>",
    "a@b.example",
    "www.a.example",
    "[path](../y/)",
    "[host](/y/)",
    "[scheme](//a.example/y)",
    "[place](#heading)",
    "[elsewhere](#other)",
    "![picture](a.png)",
    "![far](https://a.example/a.png)",
    "note[^1]",
    "[^1]: It.",
    "| a |\n|---|\n| b |",
    "- [ ] task",
];

#[test]
fn most_texts_stand_anywhere() {
    let labels = labels();
    let options = Options {
        id_prefix: "u1-",
        base: "",
        heading_level: 4,
        labels: &labels,
    };
    let stands_anywhere = |markdown: &&&str| super::html(markdown, &options).stands_anywhere;
    let found: Vec<&str> = PLACED.iter().filter(stands_anywhere).copied().collect();
    assert_eq!(
        found,
        [
            "plain *text* with `code`",
            "[whole](https://a.example/x)",
            "[mail](mailto:a@b.example)",
            "<a@b.example>",
            "a@b.example",
            "www.a.example",
            "![far](https://a.example/a.png)",
            "note[^1]",
            "| a |\n|---|\n| b |",
            "- [ ] task",
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_stands_anywhere_is_the_same_everywhere(
        parts in prop::collection::vec(
            (prop::sample::select(PLACED), prop::sample::select(&[" ", "\n", "\n\n"][..])),
            0..6,
        ),
    ) {
        let markdown: String = parts.iter().flat_map(|(part, blank)| [*part, *blank]).collect();
        let labels = labels();
        let here = Options { id_prefix: "u1-", base: "", heading_level: 4, labels: &labels };
        let there = Options { id_prefix: "", base: "../incidents/x/", ..here };
        let away = Options { id_prefix: "u2-", base: "https://ops.example.com/status/incidents/x/", ..here };
        let [here, there, away] = [here, there, away].map(|options| super::html(&markdown, &options));
        let is_same = here.text == there.text && here.text == away.text;
        prop_assert!(!here.stands_anywhere || is_same, "{markdown:?}");
        prop_assert_eq!(here.stands_anywhere, away.stands_anywhere);
    }

    #[test]
    fn an_address_left_to_the_parser_is_linked_alike(
        parts in prop::collection::vec(
            (prop::sample::select(ADDRESSES), prop::sample::select(&[" ", " ", " ", "\n", "\n\n", "\r\n", "  \n", "\t", ""][..])),
            0..12,
        ),
    ) {
        let markdown: String = parts.iter().flat_map(|(part, blank)| [*part, *blank]).collect();
        let linked = autolink::linked(&markdown);
        prop_assert_eq!(html(&markdown), with_options(|options| linked_to_html(&linked, options).text));
    }
}

use super::{Document, Inline};
use crate::markdown::html::tests::labels;
use crate::markdown::{Options, to_html};

const PAGE: &str = "https://status.example.com/incidents/a/";

fn written(markdown: &str) -> String {
    let options = Options {
        id_prefix: "u1-",
        base: "",
        heading_level: 4,
        labels: &labels(),
    };
    let mut document = Document::new(PAGE);
    document.prose(&to_html(markdown, &options));
    document.finish()
}

#[track_caller]
fn writes(markdown: &str, expected: &str) {
    assert_eq!(written(markdown), expected);
}

#[track_caller]
fn stays(markdown: &str) {
    writes(markdown, markdown);
}

#[test]
fn what_is_safe_stays() {
    stays("One *two* **three**\nfour ~~five~~ `a<b>`\n\nSix\\\nseven & \"eight\"\n");
    stays("- one\n- two\n  1. three\n  2. four\n\n7. five\n\n   six\n\n8. seven\n");
    stays("- [x] rolled back\n- [ ] tested\n- other\n");
    stays("| Region | Errors |  |\n| :-- | --: | --- |\n| eu \\| west | 5 % | `a\\|b` |\n");
    stays("> quoted\n>\n> ```rust\n> fn a() {\n>\n> }\n> ```\n");
    stays("````\n```\n````\n\n___\n\n#### A\n\n##### B\n");
    stays(
        "A snake_case word, 5 < 6 in `x`, AT&T, #1.\n"
            .replace("< ", "\\< ")
            .as_str(),
    );
    stays(
        "<https://example.com/a_b?c=d&e> <ops@example.com> [a](https://example.com/\\(b\\) \"c \\\"d\\\"\")\n",
    );
}

#[test]
fn what_would_be_something_else_is_text() {
    writes(
        "a <ip> b <script>alert(1)</script>\n",
        "a \\<ip> b \\<script>alert(1)\\</script>\n",
    );
    writes(
        "\\# a\n\\- b\n1\\. c\n\\+ d\n\\> e\n\\=\n",
        "\\# a\n\\- b\n1\\. c\n\\+ d\n\\> e\n\\=\n",
    );
    writes(
        "<!-- hidden -->\n\n<div>\nshown\n</div>\n",
        "\\<div>\nshown\n\\</div>\n",
    );
    writes(
        "a&#42;b&#42; &amp;lt; \\[c\\](d)\n",
        "a\\*b\\* \\&lt; \\[c\\](d)\n",
    );
    writes("[a](javascript:alert(1))\n", "a\n");
}

#[test]
fn links_lead_where_they_do_on_the_page() {
    writes(
        "[a](graph.png) [b](../b/) [c](/d) ![e](f.png \"g\") ![h](https://a.example/i.png)\n",
        "[a](https://status.example.com/incidents/a/graph.png) [b](https://status.example.com/incidents/b/) \
         [c](https://status.example.com/d) ![e](https://status.example.com/incidents/a/f.png \"g\") \
         [h](https://a.example/i.png)\n",
    );
}

#[test]
fn headings_stay_below_those_of_the_page() {
    writes(
        "# A\n\n## B #\n\nC\n---\n",
        "#### A\n\n##### B\n\n##### C\n",
    );
    writes(
        "# a {b} \\#\n\n# c &#123;d}\n",
        "#### a {b} \\#\n\n#### c {d&#125;\n",
    );
}

#[test]
fn alerts_and_footnotes() {
    writes(
        "> [!WARNING]\n> Do not retry.[^a]\n\n[^a]: Not *once*.\n\n    And never again.\n",
        "> **Warning**\n>\n> Do not retry.[^u1-1]\n\n[^u1-1]: Not *once*.\n\n    And never again.\n",
    );
}

#[test]
fn lists_beside_each_other_stay_apart() {
    writes("- a\n\n* b\n\n+ c\n", "- a\n\n* b\n\n- c\n");
    writes("1. a\n\n1) b\n", "1. a\n\n1) b\n");
    stays("- a\n\n  -\n");
    let mut document = Document::new(PAGE);
    document.item(&Inline::of("one"));
    document.item(&Inline::of("- two"));
    document.prose("<ul>\n<li>three</li>\n</ul>\n");
    document.item(&Inline::of("four"));
    document.paragraph(&Inline::of("# five"));
    document.heading(2, &Inline::of("six #"));
    assert_eq!(
        document.finish(),
        "- one\n- \\- two\n\n* three\n\n- four\n\n\\# five\n\n## six \\#\n"
    );
}

#[test]
fn a_line_of_ours_holds_any_text() {
    let line = Inline::new()
        .strong(" *a*\n# b ")
        .mark(": ")
        .link("[c](d) <e>", "https://a.example/(f)")
        .text(" \\ `g` &amp; _h_ i_j ~k~");
    let mut document = Document::new(PAGE);
    document.paragraph(&line);
    assert_eq!(
        document.finish(),
        "**\\*a\\* # b**: [\\[c\\](d) \\<e>](https://a.example/\\(f\\)) \\\\ \\`g\\` \\&amp; \\_h\\_ i_j \\~k\\~\n"
    );
}

#[test]
fn a_picture_that_leads_somewhere_keeps_its_title() {
    let line = |title: &str| {
        let picture = "https://a.example/(b).svg";
        let line = Inline::new().picture_link(title, picture, "https://a.example/");
        line.into_line()
    };
    let with =
        |title: &str| format!("[![{title}](https://a.example/\\(b\\).svg)](https://a.example/)");
    for (title, written) in [
        ("حالة Acme Inc. (EU)", "حالة Acme Inc. (EU)"),
        (
            "A [b](c) *d* `e`\n\\ <f> &amp; a_b & c!",
            "A \\[b\\](c) \\*d\\* \\`e\\` \\\\ \\<f> \\&amp; a_b & c!",
        ),
        ("", ""),
    ] {
        assert_eq!(line(title), with(written));
    }
}

#[test]
fn deep_nesting_does_not_lengthen_every_line() {
    let text = format!("{}a\nb\n", "> ".repeat(5_000));
    let written = written(&text);
    assert!(written.len() < 1_000, "{}", written.len());
    assert!(written.ends_with("b\n"));
}

//! Markdown to HTML, to plain text, and to an outline.

use std::sync::OnceLock;

use allclear::markdown::{Labels, Options, outline, plain_text, references, to_html};

use super::markup::{Markup, assert_sound};
use super::sound::text;

/// Any body: the HTML is well formed and harmless, wherever it is shown, and its parts cover it.
pub fn markdown(bytes: &[u8]) {
    let body = text(bytes);
    for (base, heading_level) in [
        ("", 4),
        ("../incidents/x/", 2),
        ("https://status.example.com/incidents/x/", 9),
    ] {
        let options = Options {
            id_prefix: "u7-",
            base,
            heading_level,
            labels: labels(),
        };
        let html = to_html(&body, &options);
        assert_sound(&html, Markup::Body);
        assert_eq!(html, to_html(&body, &options), "the same twice");
    }
    for limit in [0, 1, 160] {
        let line = plain_text(&body, limit);
        assert!(line.chars().count() <= limit && !line.contains(['\n', '\r', '\t']));
    }
    for reference in references(&body) {
        assert!(body.get(reference.span.clone()).is_some());
    }
    let outline = outline(&body);
    let mut end = outline.before.end;
    for section in outline.sections {
        assert_eq!(
            (section.whole.start, section.whole.end),
            (end, section.body.start)
        );
        assert!(body.get(section.heading.clone()).is_some());
        for attribute in section.attributes {
            assert!(body[attribute.span].starts_with(&attribute.key));
        }
        end = section.body.end;
    }
    assert_eq!(end, body.len(), "an outline covers its body");
}

fn labels() -> &'static Labels {
    static LABELS: OnceLock<Labels> = OnceLock::new();
    LABELS.get_or_init(|| Labels {
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
    })
}

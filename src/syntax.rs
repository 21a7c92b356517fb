//! The values of a TOML or YAML text, each with its place.
//!
//! Both formats are read into one tree, so that one decoder serves both, reports *every* problem of
//! a file, and points at the exact text. Serde alone would stop at the first.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, SourceFile};

pub use self::reader::{Reader, TableReader};
use self::value::SyntaxError;
pub use self::value::{Key, Spanned, SyntaxFormat, Value};

mod clean;
pub mod front_matter;
mod reader;
mod toml;
mod value;
mod yaml;

/// Reads the bytes `span` of `file`, which must be a table.
///
/// Returns `None`, with a diagnostic, where they are no text of that format.
pub fn parse(
    file: &Arc<SourceFile>,
    span: Range<usize>,
    format: SyntaxFormat,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<Value>> {
    let text = &file.text[span.clone()];
    let parsed = match format {
        SyntaxFormat::Toml => toml::parse(text, span.start),
        SyntaxFormat::Yaml => yaml::parse(text, span.start),
    };
    let parsed = parsed.map(|node| Spanned {
        // From its first key to the end, so that there is something to point at.
        span: node.span.start..(span.start + text.trim_end().len()).max(node.span.start),
        ..node
    });
    match parsed {
        Ok(Spanned {
            value: Value::Null,
            span,
        }) => Some(Spanned {
            value: Value::Table(Vec::new()),
            span,
        }),
        Ok(mut node) if matches!(node.value, Value::Table(_)) => {
            clean::clean(&mut node, &mut Reader { file, diagnostics });
            Some(node)
        }
        Ok(node) => {
            diagnostics.push(
                Diagnostic::error(
                    Code::WrongType,
                    Place::new(file, node.span),
                    format!("this is {}, not keys with values", node.value.name()),
                )
                .hint("write one `key: value` a line"),
            );
            None
        }
        Err(errors) => {
            for SyntaxError {
                message,
                span,
                hint,
            } in errors
            {
                let mut diagnostic =
                    Diagnostic::error(Code::BadSyntax, Place::new(file, span), message);
                diagnostic.hint = hint;
                diagnostics.push(diagnostic);
            }
            None
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "a test may fail loudly")]

    use super::*;

    fn tree(text: &str, format: SyntaxFormat) -> Result<Spanned<Value>, Diagnostics> {
        let file = Arc::new(SourceFile {
            path: "a.md".into(),
            text: text.to_owned(),
        });
        let mut diagnostics = Diagnostics::new();
        parse(&file, 0..text.len(), format, &mut diagnostics).ok_or(diagnostics)
    }

    /// Every leaf of a tree as `path = kind "text of its span"`.
    fn leaves(text: &str, node: &Spanned<Value>, path: &str, out: &mut Vec<String>) {
        match &node.value {
            Value::Table(entries) => {
                for (key, node) in entries {
                    assert_eq!(text[key.span.clone()].trim_matches(['"', '\'']), key.name);
                    leaves(text, node, &format!("{path}.{}", key.name), out);
                }
            }
            Value::List(items) => {
                for (at, node) in items.iter().enumerate() {
                    leaves(text, node, &format!("{path}[{at}]"), out);
                }
            }
            value => out.push(format!(
                "{path} = {} {:?}",
                value.name(),
                &text[node.span.clone()]
            )),
        }
    }

    #[test]
    fn yaml_leaves_know_their_text() {
        let text = "title: \"Größe: 1\" # why\ncomponents:\n  web: partial_outage\n  'lög-in': x\nlist: [a, 2022-12-28 19:00]\nn: 3\nf: 1.5\nb: true\nnone:\n- bad\n";
        let text = text.strip_suffix("- bad\n").expect("it ends so");
        let node = tree(text, SyntaxFormat::Yaml).expect("it is YAML");
        let mut out = Vec::new();
        leaves(text, &node, "", &mut out);
        assert_eq!(
            out,
            [
                ".title = text \"\\\"Größe: 1\\\"\"",
                ".components.web = text \"partial_outage\"",
                ".components.lög-in = text \"x\"",
                ".list[0] = text \"a\"",
                ".list[1] = text \"2022-12-28 19:00\"",
                ".n = a number \"3\"",
                ".f = a number \"1.5\"",
                ".b = true or false \"true\"",
                ".none = nothing \"\"",
            ]
        );
    }

    #[test]
    fn toml_leaves_know_their_text_in_the_order_of_the_file() {
        let text = "title = \"Größe\"\nstarted = 2022-12-28T19:00:00Z\n[components]\nweb = \"x\"\n\"lög-in\" = \"y\"\napi = 3\n[[list]]\na = 1.5\n[[list]]\na = false\n";
        let node = tree(text, SyntaxFormat::Toml).expect("it is TOML");
        let mut out = Vec::new();
        leaves(text, &node, "", &mut out);
        assert_eq!(
            out,
            [
                ".title = text \"\\\"Größe\\\"\"",
                ".started = a time \"2022-12-28T19:00:00Z\"",
                ".components.web = text \"\\\"x\\\"\"",
                ".components.lög-in = text \"\\\"y\\\"\"",
                ".components.api = a number \"3\"",
                ".list[0].a = a number \"1.5\"",
                ".list[1].a = true or false \"false\"",
            ]
        );
    }

    #[test]
    fn syntax_errors_have_a_place() {
        for (text, format, place) in [
            ("a: b: c", SyntaxFormat::Yaml, (1, 5)),
            ("a: 1\na: 2\n", SyntaxFormat::Yaml, (2, 1)),
            ("a = 1\nb = \n", SyntaxFormat::Toml, (2, 5)),
            ("- a\n", SyntaxFormat::Yaml, (1, 1)),
        ] {
            let diagnostics = tree(text, format).expect_err("it is broken");
            let first = diagnostics.iter().next().expect("there is one");
            let found = first
                .location
                .place()
                .expect("it has a place")
                .line_column();
            assert_eq!(found, place, "{text:?}: {}", first.message);
        }
    }
}

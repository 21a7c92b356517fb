//! The head of an incident file: YAML between `---`, or TOML between `+++`.

use std::ops::Range;
use std::sync::Arc;

use super::SyntaxFormat;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, SourceFile};

/// Where the head and the body of a file are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontMatter {
    /// The format of the head.
    pub format: SyntaxFormat,
    /// The bytes between the fences.
    pub head: Range<usize>,
    /// The bytes after them.
    pub body: Range<usize>,
}

/// Finds the head of a file, which must be its first line.
pub fn split(file: &Arc<SourceFile>, diagnostics: &mut Diagnostics) -> Option<FrontMatter> {
    let text = &file.text;
    let mut lines = lines(text);
    let first = lines.next().unwrap_or(0..0);
    let (fence, format) = match text[first.clone()].trim_end() {
        "---" => ("---", SyntaxFormat::Yaml),
        "+++" => ("+++", SyntaxFormat::Toml),
        _ => {
            let end = first.start + text[first.clone()].trim_end().len();
            let message = match text.trim() {
                "" => "this file is empty",
                _ => "this file does not start with front matter",
            };
            let place = Place::new(file, first.start..end);
            diagnostics.push(
                Diagnostic::error(Code::MissingFrontMatter, place, message)
                    .hint("write `---` as the first line, then `title: ...`, then `---`"),
            );
            return None;
        }
    };
    let start = first.end;
    for line in lines {
        if text[line.clone()].trim_end() == fence {
            return Some(FrontMatter {
                format,
                head: start..line.start,
                body: line.end..text.len(),
            });
        }
    }
    diagnostics.push(
        Diagnostic::error(
            Code::UnclosedFrontMatter,
            Place::new(file, first.start..first.start + fence.len()),
            "this front matter has no end",
        )
        .hint(format!(
            "write `{fence}` on a line of its own after the last key"
        )),
    );
    None
}

/// The lines of a text, each with its line break.
fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let range = start..start + line.len();
        start = range.end;
        range
    })
}

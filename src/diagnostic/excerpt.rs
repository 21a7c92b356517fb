//! The lines of a file that a report shows: of a long one the part in which something is wrong.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Snippet};

use super::Place;
use super::lines::Lines;
use super::quoted::MOST;
use crate::characters::line_for_terminal;

/// What is shown of a line in front of the place that is meant, in characters, where the line is long.
const BEFORE: usize = 60;

/// What a report shows of a place.
#[derive(Debug)]
pub(super) struct Excerpt<'a> {
    /// The path of the file, as a terminal may show it.
    path: String,
    /// Line and column of the place, from 1.
    at: (usize, usize),
    /// The lines, or a part of one.
    text: Cow<'a, str>,
    /// The place in this text.
    span: Range<usize>,
}

impl<'a> Excerpt<'a> {
    /// The excerpt for a place. Only this is handed on, so that a place in a large file costs no more than one in a small file.
    pub(super) fn new(place: &'a Place, known: &mut Lines) -> Self {
        let (lines, span) = lines(&place.file.text, &place.span);
        let (text, span) = part(&place.file.text[lines], span);
        Self {
            path: line_for_terminal(place.file.path.as_str()),
            at: known.line_column(place),
            text,
            span,
        }
    }

    /// The part of a report that shows it.
    pub(super) fn snippet(
        &self,
        kind: AnnotationKind,
        label: Option<&'a str>,
    ) -> Snippet<'_, Annotation<'_>> {
        let annotation: Annotation<'_> = kind.span(self.span.clone());
        Snippet::source(self.text.as_ref())
            .path(self.path.as_str())
            .line_start(self.at.0)
            .annotation(match label {
                Some(label) => annotation.label(label),
                None => annotation,
            })
    }

    /// The report with the column of the place in its file, where that in the excerpt is another.
    pub(super) fn with_column(&self, report: String) -> String {
        let (line, column) = self.at;
        let before = &self.text[..self.span.start];
        let shown = before.rsplit('\n').next().unwrap_or_default();
        let shown = shown.chars().count() + 1;
        if shown == column {
            return report;
        }
        let path = &self.path;
        let (wrong, right) = (
            format!("{path}:{line}:{shown}"),
            format!("{path}:{line}:{column}"),
        );
        report.replacen(&wrong, &right, 1)
    }
}

/// The whole lines to show for a span, and the span inside them: at most its first line, so that a
/// caret never runs over a page.
fn lines(text: &str, span: &Range<usize>) -> (Range<usize>, Range<usize>) {
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[span.start..]
        .find('\n')
        .map_or(text.len(), |at| span.start + at);
    let line_end = start + text[start..line_end].trim_end_matches('\r').len();
    let end = span.end.clamp(span.start, line_end.max(span.start));
    (start..line_end.max(end), span.start - start..end - start)
}

/// The part of a line to show, and the span inside of it: all of it, or what is around the span.
fn part(line: &str, span: Range<usize>) -> (Cow<'_, str>, Range<usize>) {
    if line.len() <= MOST || line.char_indices().nth(MOST).is_none() {
        return (Cow::Borrowed(line), span);
    }
    let start = line[..span.start].char_indices().rev().take(BEFORE).last();
    let start = start.map_or(span.start, |(at, _)| at);
    // As many characters as are shown, without the signs for what is left out.
    let end = line[start..].char_indices().nth(MOST - 2);
    let end = end.map_or(line.len(), |(at, _)| start + at);
    let before = if start > 0 { "…" } else { "" };
    let after = if end < line.len() { "…" } else { "" };
    let text = format!("{before}{}{after}", &line[start..end]);
    let shift = |at: usize| at.clamp(start, end) - start + before.len();
    let span = shift(span.start)..shift(span.end);
    (Cow::Owned(text), span)
}

//! Diagnostics as people read them in a terminal.

use std::collections::HashMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use super::lines::Lines;
use super::{Code, Diagnostic, Location, Place, Severity};
use crate::characters::for_terminal;

/// The report of a diagnostic, with colours that [`anstream`] takes out where they do not belong,
/// and with a line break at its end.
///
/// It shows `file:line:column`, the source line with a caret under the exact text, and what to do.
pub fn report(diagnostic: &Diagnostic) -> String {
    report_among(diagnostic, &mut Lines::default())
}

/// The report of a diagnostic that is one of many, whose files have these lines.
pub fn report_among(diagnostic: &Diagnostic, lines: &mut Lines) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let message = for_terminal(&diagnostic.message);
    let title = level.primary_title(&message).id(diagnostic.code.as_str());
    let mut group = match &diagnostic.location {
        Location::Text(place) => {
            title.element(snippet(place, AnnotationKind::Primary, None, lines))
        }
        Location::File(path) => title.element(Origin::path(path.as_str())),
    };
    if let Some((place, label)) = &diagnostic.related {
        group = group.element(snippet(place, AnnotationKind::Context, Some(label), lines));
    }
    if let Some(hint) = diagnostic.hint.as_deref().map(for_terminal) {
        group = group.element(Level::HELP.message(hint));
    }
    let text = Renderer::styled().render(&[group]);
    // The renderer knows the older controls; these begin commands too.
    let mut text = text.replace(|c| matches!(c, '\u{80}'..='\u{9f}'), "\u{fffd}");
    text.push('\n');
    text
}

/// The number of findings of one kind up to which each is reported.
const FEW: usize = 6;

/// The number of findings that are reported of a kind of which there are more than a few.
const SAMPLES: usize = 3;

/// The reports of diagnostics, of each kind a few, with how many more there are.
pub fn digest<'a>(diagnostics: impl Iterator<Item = &'a Diagnostic> + Clone) -> Vec<String> {
    let mut totals: HashMap<Code, usize> = HashMap::new();
    for diagnostic in diagnostics.clone() {
        *totals.entry(diagnostic.code).or_default() += 1;
    }
    let mut reported: HashMap<Code, usize> = HashMap::new();
    let mut reports = Vec::new();
    let lines = &mut Lines::default();
    for diagnostic in diagnostics {
        let total = totals.get(&diagnostic.code).copied().unwrap_or_default();
        let reported = reported.entry(diagnostic.code).or_default();
        if total <= FEW || *reported < SAMPLES {
            reports.push(report_among(diagnostic, lines));
        }
        *reported += 1;
        if total > FEW && *reported == SAMPLES {
            let more = total - SAMPLES;
            reports.push(format!("{more} more like this: `allclear check --all`\n"));
        }
    }
    reports
}

/// The lines of a place. Only these are handed over, so that a place in a large file costs no more
/// than one in a small file.
fn snippet<'a>(
    place: &'a Place,
    kind: AnnotationKind,
    label: Option<&'a str>,
    lines: &mut Lines,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let text = &place.file.text;
    let (line, _) = lines.line_column(place);
    let (lines, span) = shown(text, &place.span);
    let annotation = kind.span(span);
    Snippet::source(&text[lines])
        .path(place.file.path.as_str())
        .line_start(line)
        .annotation(match label {
            Some(label) => annotation.label(label),
            None => annotation,
        })
}

/// The whole lines to show for a span, and the span inside them: at most its first line, so that a
/// caret never runs over a page.
fn shown(text: &str, span: &Range<usize>) -> (Range<usize>, Range<usize>) {
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[span.start..]
        .find('\n')
        .map_or(text.len(), |at| span.start + at);
    let line_end = start + text[start..line_end].trim_end_matches('\r').len();
    let end = span.end.clamp(span.start, line_end.max(span.start));
    (start..line_end.max(end), span.start - start..end - start)
}

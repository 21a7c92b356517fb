//! Diagnostics as people read them in a terminal.

use std::collections::HashMap;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer};

use super::excerpt::Excerpt;
use super::lines::Lines;
use super::quoted::quotations;
use super::{Code, Diagnostic, Severity};
use crate::characters::{for_terminal, line_for_terminal, without_old_commands};

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
    let message = for_terminal(&quotations(&diagnostic.message));
    let title = level.primary_title(&message).id(diagnostic.code.as_str());
    let excerpt = diagnostic.location.place();
    let excerpt = excerpt.map(|place| Excerpt::new(place, lines));
    let path = line_for_terminal(diagnostic.location.path().as_str());
    let mut group = match &excerpt {
        Some(excerpt) => title.element(excerpt.snippet(AnnotationKind::Primary, None)),
        None => title.element(Origin::path(path)),
    };
    let related = diagnostic.related.as_ref();
    let related = related.map(|(place, label)| {
        let label = line_for_terminal(label);
        (Excerpt::new(place, lines), label)
    });
    if let Some((excerpt, label)) = &related {
        group = group.element(excerpt.snippet(AnnotationKind::Context, Some(label)));
    }
    if let Some(hint) = &diagnostic.hint {
        let hint = for_terminal(&quotations(hint));
        group = group.element(Level::HELP.message(hint));
    }
    let mut text = Renderer::styled().render(&[group]);
    for excerpt in excerpt.iter().chain(related.iter().map(|(it, _)| it)) {
        text = excerpt.with_column(text);
    }
    // The renderer knows the older controls; these begin commands too.
    let text = text.replace(|c| matches!(c, '\u{80}'..='\u{9f}'), "\u{fffd}");
    let mut text = without_old_commands(text);
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

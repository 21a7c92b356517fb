//! Components that are gone, in evidence that programs write.
//!
//! Whoever removes a component from `allclear.toml` leaves its evidence behind, which probes have written and nobody
//! edits. It says nothing of the components that are there, so that it keeps no page from being built.

use std::collections::HashMap;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::locale::english::counted;

/// What is wrong with a file that programs write: the lines of a component that is not there are left out with one warning
/// instead of an error each.
pub(super) fn left_out(found: &Diagnostics) -> Diagnostics {
    let mut kept: Vec<(Diagnostic, usize)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for diagnostic in found.iter() {
        if diagnostic.code == Code::UnknownComponent {
            if let Some(place) = places.get(&diagnostic.message) {
                kept[*place].1 += 1;
                continue;
            }
            places.insert(diagnostic.message.clone(), kept.len());
        }
        kept.push((diagnostic.clone(), 1));
    }
    let kept = kept.into_iter().map(|(diagnostic, lines)| {
        if diagnostic.code == Code::UnknownComponent {
            warning(diagnostic, lines)
        } else {
            diagnostic
        }
    });
    Diagnostics::from(kept.collect::<Vec<_>>())
}

/// The warning of lines of a component that is not there, of which the first was an error.
pub(super) fn warning(first: Diagnostic, lines: usize) -> Diagnostic {
    let left_out = match lines {
        1 => "1 line about it is left out".to_owned(),
        lines => format!("{} about it are left out", counted(lines, "line")),
    };
    let hint =
        "where it was removed, nothing is to be done; where it has another id now, write that here";
    let message = format!("{}: {left_out}", first.message);
    weakened(Diagnostic { message, ..first }).hint(hint)
}

/// A warning of what is an error elsewhere.
pub(super) fn weakened(error: Diagnostic) -> Diagnostic {
    Diagnostic {
        severity: Severity::Warning,
        ..error
    }
}

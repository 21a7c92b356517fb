//! Files of the site that want the place of another published file.

use std::collections::BTreeMap;

use camino::Utf8Path;

use super::file::Output;
use super::path;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// Reports each file of the site that cannot be published where it wants to be: another file is there, or is a folder of
/// that name, or no file may have such a name.
pub(super) fn report(outputs: &[Output], diagnostics: &mut Diagnostics) {
    // Of several places one is enough: the shortest is that of the first language.
    let mut messages: BTreeMap<&Utf8Path, String> = BTreeMap::new();
    let mut tell = |source, message: String| {
        let told = messages.entry(source).or_insert_with(|| message.clone());
        if message.len() < told.len() {
            *told = message;
        }
    };
    for output in outputs {
        if let (Some(source), Some(reason)) = (&output.source, path::flaw(output.path.as_str())) {
            let message = format!(
                "this file cannot be published as `{}`: {reason}",
                output.path
            );
            tell(source.as_path(), message);
        }
    }
    let mut keyed: Vec<(String, &Output)> = outputs
        .iter()
        .map(|output| (path::key(output.path.as_str()), output))
        .collect();
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    // The file with which those after it are compared: several of them may lie in it as in a folder.
    let mut first: Option<&Output> = None;
    for (_, output) in keyed {
        let clashes = first.filter(|first| path::clash(first.path.as_str(), output.path.as_str()));
        let Some(other) = clashes else {
            first = Some(output);
            continue;
        };
        // Of two that allclear makes, `write` says that this program is at fault.
        if let Some(source) = &output.source {
            tell(source.as_path(), taken(other));
        } else if let Some(source) = &other.source {
            tell(source.as_path(), taken(output));
        }
    }
    for (source, message) in messages {
        let diagnostic = Diagnostic::file_error(Code::PathTaken, source, message);
        diagnostics.push(diagnostic.hint("rename it"));
    }
}

/// Whose place a file would take.
fn taken(other: &Output) -> String {
    let path = &other.path;
    match &other.source {
        Some(source) => {
            format!("this file would take the place of `{path}`, which `{source}` becomes")
        }
        None => format!("this file would take the place of `{path}`, which allclear makes"),
    }
}

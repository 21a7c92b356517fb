//! A summary as JSON for programs.

use super::Summary;
use crate::characters::escaped_json;

/// A summary for programs: one JSON document.
pub fn text(summary: &Summary) -> String {
    // A struct of texts, numbers and lists always has a JSON form.
    let mut text = serde_json::to_string_pretty(summary).unwrap_or_default();
    text.push('\n');
    escaped_json(text)
}

//! Adding an update to the text of an incident file.
//!
//! Only the update is new: every byte that was there stays as it was, line ends and comments included.

use super::heading::NewUpdate;
use crate::site::post::Post;

/// Adds an update to the file of a post, and returns the whole new text.
///
/// It goes to the top of the updates, or to their end in a file that visibly tells them oldest first.
pub fn with_update(post: &Post, update: &NewUpdate) -> String {
    let text = post.place.file.text.as_str();
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let lines: Vec<&str> = update.message.trim().lines().collect();
    let update = NewUpdate {
        heading: update.heading.clone(),
        message: lines.join(newline),
    };
    let update = update.text(newline);
    // Updates are in the order of time here, and in any order in the file.
    let starts: Vec<usize> = (post.updates.iter())
        .map(|update| update.place.span.start)
        .collect();
    let is_oldest_first = starts.len() > 1 && starts.is_sorted();
    match starts.iter().min() {
        Some(first) if !is_oldest_first => {
            // The heading of an underlined update starts where its text does.
            let at = text[..*first].rfind('\n').map_or(0, |end| end + 1);
            let (before, after) = text.split_at(at);
            let gap = gap(before, newline);
            format!("{before}{gap}{update}{newline}{after}")
        }
        _ => {
            let ends_line = text.ends_with('\n');
            let gap = match ends_line {
                true => gap(text, newline).to_owned(),
                false => newline.repeat(2),
            };
            // A file without a newline at its end stays one.
            let update = match ends_line {
                true => update.as_str(),
                false => update.trim_end(),
            };
            format!("{text}{gap}{update}")
        }
    }
}

/// The line end that is missing for an empty line at the end of a text that ends a line.
fn gap<'a>(before: &str, newline: &'a str) -> &'a str {
    let before = before.trim_end_matches([' ', '\t']);
    let ends = before.ends_with("\n\n") || before.ends_with("\n\r\n") || before.is_empty();
    if ends { "" } else { newline }
}

//! Adding the end of an incident to its front matter.

use crate::diagnostic::Diagnostics;
use crate::site::post::Post;
use crate::syntax::{SyntaxFormat, front_matter};

/// Adds the key `ended` to the front matter of a post; `text` is its file, perhaps with changes below the front
/// matter, and every other byte of it stays as it was. `None` where the front matter is not of one key a line.
pub fn with_ended(post: &Post, text: &str, ended: &str) -> Option<String> {
    let parts = front_matter::split(&post.place.file, &mut Diagnostics::new())?;
    let head = text.get(parts.head.clone())?;
    let newline = if head.contains("\r\n") { "\r\n" } else { "\n" };
    let (at, line) = match parts.format {
        SyntaxFormat::Yaml => {
            let mut lines = head.lines().map(str::trim_start);
            let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
            first.filter(|line| !line.starts_with('{'))?;
            (parts.head.end, format!("ended: {ended}{newline}"))
        }
        // A key behind a table would be one of the table.
        SyntaxFormat::Toml => (parts.head.start, format!("ended = \"{ended}\"{newline}")),
    };
    Some(format!("{}{line}{}", &text[..at], &text[at..]))
}

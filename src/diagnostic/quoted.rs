//! How much of a file's text a message quotes.

use std::borrow::Cow;

use crate::characters::line_for_terminal;

/// The most that is quoted of a text, in characters: enough to find it, and short enough for a terminal.
pub(super) const MOST: usize = 200;

/// The longest message, in characters, whatever its quotations are.
const LONGEST_MESSAGE: usize = 500;

/// The longest hint, in characters, which may be a list of names.
const LONGEST_HINT: usize = 1_500;

/// A text of at most 200 characters; `…` stands for what is left out.
pub fn shortened(text: &str) -> Cow<'_, str> {
    cut(text, MOST)
}

/// A message in which each quotation, that is what stands between backticks, is short.
pub(super) fn message(text: &str) -> Cow<'_, str> {
    with_short_quotations(text, LONGEST_MESSAGE)
}

/// A hint in which each quotation is short.
pub(super) fn hint(text: &str) -> Cow<'_, str> {
    with_short_quotations(text, LONGEST_HINT)
}

/// What is printed for people, in which each quotation is short and stays in its line.
pub fn quotations(text: &str) -> String {
    let mut lines = String::new();
    let text = with_short_quotations(text, usize::MAX);
    for (index, part) in text.split('`').enumerate() {
        let part = match index {
            0 => part.to_owned(),
            _ => format!("`{part}"),
        };
        // The mark is a part of it, so that it does not begin a line, where `::` would be a command.
        match index % 2 {
            0 => lines.push_str(&part),
            _ => lines.push_str(&line_for_terminal(&part)),
        }
    }
    lines
}

fn with_short_quotations(text: &str, longest: usize) -> Cow<'_, str> {
    // Bytes are at least as many as characters.
    if text.len() <= MOST {
        return Cow::Borrowed(text);
    }
    let mut short = String::new();
    for (index, part) in text.split('`').enumerate() {
        if index > 0 {
            short.push('`');
        }
        short.push_str(&cut(part, MOST));
        if short.len() > longest.saturating_mul(4) {
            break;
        }
    }
    Cow::Owned(cut(&short, longest).into_owned())
}

fn cut(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most || text.char_indices().nth(most).is_none() {
        return Cow::Borrowed(text);
    }
    let end = text.char_indices().nth(most - 1);
    let end = end.map_or(text.len(), |(at, _)| at);
    Cow::Owned(format!("{}…", &text[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotation_has_an_end() {
        let long = "é".repeat(1_000);
        let short = shortened(&long);
        assert_eq!(short.chars().count(), MOST);
        assert!(short.ends_with("é…"), "{short}");
        assert_eq!(shortened("short"), "short");
        assert_eq!(shortened(&"é".repeat(MOST)), "é".repeat(MOST));
        let said = message(&format!("there is no `{long}`, but `{long}`")).into_owned();
        let part = format!("{}…", "é".repeat(MOST - 1));
        assert_eq!(said, format!("there is no `{part}`, but `{part}`"));
        let many = message(&format!("there is no `{}`", "a`b ".repeat(1_000))).into_owned();
        assert_eq!(many.chars().count(), LONGEST_MESSAGE);
        let list = "`name`, ".repeat(100);
        assert_eq!(hint(&list), list);
        assert_eq!(quotations(&"`name`, ".repeat(1_000)).len(), 8_000);
        assert_eq!(quotations("a\n`b\nc`"), "a\n`b\u{fffd}c`");
        assert_eq!(quotations("not `::1/128` here"), "not `::1/128` here");
    }
}

//! The text of a new incident file.

use std::borrow::Cow;

use super::heading::{NewStatus, NewUpdate};
use crate::site::vocabulary::Word;

/// A new incident file: front matter in YAML, a text before the updates, and the updates.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// The keys with their values, and comments.
    pub front_matter: FrontMatter,
    /// The Markdown before the first update; empty where there is none.
    pub summary: String,
    /// The updates, in the order of the file.
    pub updates: Vec<NewUpdate>,
}

impl NewFile {
    /// The text of the file.
    pub fn text(&self) -> String {
        let mut text = format!("---\n{}---\n", self.front_matter.0);
        if !self.summary.is_empty() {
            text.push_str(&format!("\n{}\n", self.summary));
        }
        for update in &self.updates {
            text.push('\n');
            text.push_str(&update.text("\n"));
        }
        text
    }
}

/// The lines of the front matter of a new incident file, in the order in which they are added.
#[derive(Debug, Clone, Default)]
pub struct FrontMatter(String);

impl FrontMatter {
    /// Adds a comment on a line of its own.
    pub fn comment(&mut self, text: &str) {
        self.0.push_str(&format!("# {text}\n"));
    }

    /// Adds a key with a value that stands as it is: a time, a word, or what [`quoted`] and [`scalar`] make.
    pub fn value(&mut self, key: &str, value: &str) {
        self.0.push_str(&format!("{key}: {value}\n"));
    }

    /// Adds the ids of components, each on its line, where there are any.
    pub fn components(&mut self, ids: &[String]) {
        if ids.is_empty() {
            return;
        }
        self.0.push_str("components:\n");
        for id in ids {
            self.0.push_str(&format!("  - {}\n", scalar(id)));
        }
    }

    /// Adds the ids of components with their statuses.
    pub fn statuses(&mut self, statuses: &[NewStatus]) {
        self.0.push_str("components:\n");
        for NewStatus { component, status } in statuses {
            let id = scalar(component);
            self.0.push_str(&format!("  {id}: {}\n", status.as_str()));
        }
    }
}

/// A YAML scalar that is this very text: as it is where it cannot be read as anything else, else quoted.
pub fn scalar(text: &str) -> Cow<'_, str> {
    const RESERVED: [&str; 13] = [
        "true", "false", "yes", "no", "on", "off", "null", "nan", "inf", "infinity", "y", "n",
        "next",
    ];
    let harmless = |c: char| c.is_alphanumeric() || " -_,.()/'+!?;%".contains(c);
    if text.starts_with(char::is_alphabetic)
        && text.chars().all(harmless)
        && !text.ends_with(' ')
        && !RESERVED.contains(&text.to_lowercase().as_str())
    {
        return Cow::Borrowed(text);
    }
    Cow::Owned(quoted(text))
}

/// A YAML scalar in quotes that is this very text.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            // YAML takes neither these nor the line separators of Unicode as they are.
            c if c.is_control()
                || matches!(
                    c,
                    '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
                ) =>
            {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::{FrontMatter, NewFile, quoted, scalar};

    #[test]
    fn a_scalar_is_quoted_only_where_it_must_be() {
        assert_eq!(scalar("Log-in fails"), "Log-in fails");
        for text in ["yes", "a: b", "4", "", "end "] {
            assert_eq!(scalar(text), format!("\"{text}\""));
        }
        assert_eq!(
            quoted("a \"b\"\\\n\u{2028}"),
            "\"a \\\"b\\\"\\\\\\u000a\\u2028\""
        );
    }

    #[test]
    fn a_file_is_front_matter_a_summary_and_updates() {
        let mut front_matter = FrontMatter::default();
        front_matter.comment("a comment");
        front_matter.value("title", &quoted("X"));
        front_matter.components(&[]);
        front_matter.components(&["web".to_owned(), "no".to_owned()]);
        let file = NewFile {
            front_matter,
            summary: "News.".to_owned(),
            updates: Vec::new(),
        };
        assert_eq!(
            file.text(),
            "---\n# a comment\ntitle: \"X\"\ncomponents:\n  - web\n  - \"no\"\n---\n\nNews.\n"
        );
    }
}

//! The origin of a file that was imported.
//!
//! A file remembers in a comment which incident it came from. So a file that was edited or renamed
//! since is still known, and a second import of the same documents changes nothing.

use std::fmt;

/// The words before the origin in a comment.
const MARK: &str = "imported from ";

/// An incident in the documents of a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Origin<'a> {
    /// The name of the format: `Statuspage`.
    pub(super) format: &'a str,
    /// The incident's id there.
    pub(super) id: &'a str,
}

impl<'a> Origin<'a> {
    /// The origin of an incident; `None` where it has no id that can stand in a comment.
    pub(super) fn new(format: &'a str, id: Option<&'a str>) -> Option<Self> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let id = id.filter(|id| !id.is_empty() && id.chars().all(plain))?;
        Some(Self { format, id })
    }

    /// The origin that the text of an incident file names.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        text.lines().take(40).find_map(|line| {
            let origin = line.trim().strip_prefix("# ")?.strip_prefix(MARK)?;
            let (format, id) = origin.split_once(": ")?;
            Some(Self {
                format,
                id: id.trim(),
            })
        })
    }
}

impl fmt::Display for Origin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{MARK}{}: {}", self.format, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::Origin;

    #[test]
    fn a_file_names_its_origin() {
        let origin = Origin::new("Statuspage", Some("i1"));
        let text = origin
            .map(|it| format!("---\n# {it}\ntitle: X\n"))
            .unwrap_or_default();
        assert_eq!(Origin::of(&text), origin);
        assert_eq!(Origin::of("---\ntitle: imported from X: 1\n"), None);
        assert_eq!(Origin::new("X", Some("odd id\n")), None);
    }
}

//! A change of the end of a text that only grows.

/// What is added to a text of which only the end was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TailChange {
    /// How many bytes of the looked at end stay; what stands behind them is half a line, and is cut off.
    pub kept: usize,
    /// The line that goes behind them, without its line end.
    pub line: String,
    /// Where the same can be said by other bytes in the place of some that are there: which.
    pub instead: Option<Replacement>,
}

impl TailChange {
    /// A text after the change, where nothing hinders a replacement.
    pub fn applied(&self, end: &str) -> String {
        let mut text = end[..self.kept].to_owned();
        if let Some(Replacement { at, bytes }) = &self.instead {
            text.replace_range(*at..at + bytes.len(), bytes);
            return text;
        }
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text + &self.line + "\n"
    }
}

/// Bytes in the place of as many others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// Where they begin, from the start of the looked at end.
    pub at: usize,
    /// The new ones; empty where everything is as it should be.
    pub bytes: String,
}

//! Languages.

/// A language of a site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(String);

impl Language {
    /// Parses a tag.
    ///
    /// # Errors
    ///
    /// Where it is not supported.
    pub fn parse(tag: &str) -> Result<Self, String> {
        if Self::supported().any(|known| known == tag) {
            Ok(Self(tag.to_owned()))
        } else {
            Err(tag.to_owned())
        }
    }

    /// The tags.
    pub fn supported() -> impl Iterator<Item = &'static str> {
        ["en", "ar", "de"].into_iter()
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

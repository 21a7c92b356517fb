//! What publication needs of a store, be it in a cloud or a folder.

use super::hindrance::Hindrance;

/// The version of a file in a store: another one where the content is another one. Many a store has the same again for a
/// content that comes back.
///
/// Versions are equal where entity tag and generation are.
#[derive(Debug, Clone)]
pub struct Version {
    /// The entity tag, where the store has them.
    pub e_tag: Option<String>,
    /// The number or name of the version, where the store has them.
    pub generation: Option<String>,
    /// The mark with which it was written, where the store has kept one.
    pub mark: Option<String>,
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        (&self.e_tag, &self.generation) == (&other.e_tag, &other.generation)
    }
}

impl Eq for Version {}

/// A file, with what a server says of it.
#[derive(Debug, Clone, Copy)]
pub struct Content<'a> {
    /// Its bytes.
    pub bytes: &'a bytes::Bytes,
    /// The value of `Content-Type`.
    pub content_type: &'a str,
    /// The value of `Cache-Control`.
    pub cache: &'a str,
    /// Letters and digits that say what all of this is: another mark, another file.
    pub mark: &'a str,
}

/// The condition of a write.
#[derive(Debug, Clone, Copy)]
pub enum Condition<'a> {
    /// Nothing is there.
    New,
    /// What is there has still this version.
    Unchanged(&'a Version),
}

/// A write or a reading that did not take place.
#[derive(Debug)]
pub enum Refused {
    /// The condition does not hold.
    Changed,
    /// There was no answer, or one that says to come back, with what can be done about it, in words without
    /// secrets: whether it took place is not known.
    Unanswered(Option<Hindrance>, String),
    /// The store failed, in words without secrets.
    Failed(String),
    /// The same, and something can be done about it.
    Hindered(Hindrance, String),
}

/// A store of files, by their paths from its root with `/` between their parts.
pub trait Store: Sync {
    /// A file with its version; `None` where there is none.
    fn read(&self, path: &str) -> Result<Option<(bytes::Bytes, Version)>, Refused>;

    /// The version of a file; `None` where there is none.
    fn version(&self, path: &str) -> Result<Option<Version>, Refused>;

    /// Writes a file where the condition holds, and returns its new version.
    fn write(
        &self,
        path: &str,
        content: Content<'_>,
        condition: Condition<'_>,
    ) -> Result<Version, Refused>;

    /// Deletes a file where it has still this version; one that is gone is well. Many a store cannot do both in one step.
    fn delete(&self, path: &str, version: &Version) -> Result<(), Refused>;
}

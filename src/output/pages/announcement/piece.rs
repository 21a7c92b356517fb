//! Pieces of news.

use crate::output::pages::edition::Edition;
use crate::site::channel::Voice;
use crate::site::channel::message::Message;
use crate::site::component::ComponentIndex;
use crate::site::update::Telling;

/// A piece of news that subscribers may be told, in the words of some channels.
#[derive(Debug, Clone)]
pub struct Announcement {
    /// The words in which it is told.
    pub voice: Voice,
    /// Its identity among the news of the site, the same in each language and in each build.
    pub key: String,
    /// What brought it about.
    pub cause: Cause,
    /// A hash of what it says, by which news are known that were moved to another instant or file.
    pub digest: String,
    /// Whether what it announces is still ahead: then it is news however old it is.
    pub is_ahead: bool,
    /// The components that it is about.
    pub components: Vec<ComponentIndex>,
    /// Whether subscribers are told.
    pub telling: Telling,
    /// The file of the page that says it.
    pub file: String,
    /// The id of its place in that file; `None` where the whole of it says so.
    pub anchor: Option<String>,
    /// What it says.
    pub message: Message,
}

/// What brought a piece of news about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Somebody wrote it.
    Person,
    /// A window opened or closed by itself.
    Clock,
    /// Evidence, of which nobody has said anything: it is for those who run the service.
    Evidence,
}

/// The words of the feeds of an edition.
pub(super) fn plain(edition: &Edition<'_>) -> Voice {
    Voice {
        language: edition.language(),
        template: None,
    }
}

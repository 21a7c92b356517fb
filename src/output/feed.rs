//! The links from pages to feeds.

use super::route::Route;
use crate::site::Site;
use crate::status::SiteStatus;

/// A file that readers subscribe to, and that pages link to.
#[derive(Debug)]
pub struct FeedLink {
    /// The kind of programs that read it.
    pub kind: FeedKind,
    /// Its media type, without a character set.
    pub media_type: &'static str,
    /// Its place in a language, and the place of the one about a component, by its id.
    pub route: fn(Option<&str>, Option<&str>) -> Route,
    /// The name of its format, which is the same in every language.
    pub title: &'static str,
    /// The key of the message that says what is in it and for which programs; `None` where all of its kind are alike.
    pub note: Option<&'static str>,
    /// Whether it is for chat programs. These tell of new items only: of a feed whose items are incidents they would never
    /// tell that one is resolved.
    pub for_chats: bool,
    /// Whether pages link to it: it is published all the same.
    pub is_linked: fn(&Site, &SiteStatus) -> bool,
}

/// The kind of programs that a feed is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedKind {
    /// News, for feed readers, which find it by the head of a page.
    News,
    /// Dates, for calendars.
    Calendar,
}

impl FeedKind {
    /// The word by which themes know it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::News => "news",
            Self::Calendar => "calendar",
        }
    }

    /// The key of the message that stands before a link to one.
    pub fn note(self) -> &'static str {
        match self {
            Self::News => "page-subscribe-note",
            Self::Calendar => "page-calendar-note",
        }
    }
}

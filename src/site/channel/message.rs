//! Messages: a piece of news, with all that a channel may say of it.

use sha2::{Digest as _, Sha256};

use crate::site::vocabulary::{Impact, PostKind, State, Status, Word as _};
use crate::time::{Instant, Window};

/// A piece of news in the words of a channel's language, the same as the feeds tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its identity: the same for each channel and in each attempt, and never that of another one.
    pub id: String,
    /// What it is about.
    pub about: About,
    /// The title, behind the state that the post came into with this.
    pub title: String,
    /// The text, as plain text with an empty line between paragraphs; may be empty.
    pub text: String,
    /// The same text as HTML, with whole addresses.
    pub html: String,
    /// The whole address of the place on the page that says it.
    pub address: String,
    /// The words of a link to that place.
    pub link: String,
    /// The components that it is about, with how they are after it where that is said.
    pub components: Vec<Concerned>,
    /// Its instant.
    pub at: Instant,
    /// Its instant as the page writes it.
    pub at_text: String,
    /// The page as a whole.
    pub page: Page,
    /// What the channel said of the latest message about the same post ([`super::sending::Verdict::Sent`]), for a thread;
    /// `None` where there is none.
    pub reply_to: Option<String>,
    /// The recipients who have not been told yet, as [`super::sending::Verdict::Partly`] names them; `None`: all.
    pub left: Option<Vec<String>>,
}

/// What a message is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A post: an incident, a maintenance or a notice.
    Post(Post),
    /// Something that the page knows and nobody has said; for those who run the service.
    Evidence,
    /// Nothing: somebody tries the channel.
    Test,
}

/// The post that a message is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Its kind.
    pub kind: PostKind,
    /// Its slug, which is unique in the site.
    pub slug: String,
    /// Its title, without a state.
    pub title: String,
    /// The whole address of its page.
    pub address: String,
    /// The state in which it is from then on: never that of an update that leaves it as it is, nor a postmortem; a notice
    /// has none.
    pub state: Option<State>,
    /// What was said with this in words: the state, `Update` or `Postmortem`; empty where there is none.
    pub state_text: String,
    /// Its impact so far; that of a maintenance and a notice is none.
    pub impact: Impact,
    /// The time of a maintenance, and of a notice that ends.
    pub window: Option<Window>,
    /// Whether this is the first message about it that anybody could get.
    pub is_first: bool,
}

/// A component that a message is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concerned {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How it is after this, where it is said.
    pub status: Option<Status>,
    /// The same in words; else empty.
    pub status_text: String,
    /// Whether that is new with this.
    pub has_changed: bool,
}

/// The page that tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// Its whole address in the language.
    pub address: String,
    /// The tag of the language: `en`.
    pub language: String,
    /// The direction of its writing: `ltr` or `rtl`.
    pub direction: String,
}

impl Message {
    /// The post, where it is about one.
    pub fn post(&self) -> Option<&Post> {
        match &self.about {
            About::Post(post) => Some(post),
            About::Evidence | About::Test => None,
        }
    }

    /// The word for what it is about: that of the kind of a post, `evidence` or `test`.
    pub fn kind(&self) -> &'static str {
        match &self.about {
            About::Post(post) => post.kind.as_str(),
            About::Evidence => "evidence",
            About::Test => "test",
        }
    }

    /// The whole text as plain text: what changed, what was said, and where to read more. What a channel without any
    /// form of its own sends.
    pub fn plain(&self) -> String {
        let parts = [self.title.as_str(), &self.text, &self.address];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join("\n\n")
    }

    /// A whole number that stands for the identity where a receiver wants one, within what every reader of JSON keeps.
    pub fn number(&self) -> u64 {
        number(&self.id)
    }
}

/// A whole number that stands for a text, below 2^52, so that every reader of JSON keeps it.
pub(super) fn number(text: &str) -> u64 {
    let digest = Sha256::digest(text.as_bytes());
    let first = digest.iter().take(8);
    first.fold(0u64, |number, byte| (number << 8) | u64::from(*byte)) >> 12
}

//! Letters: a message as mail, and what came of its sending.

use sha2::{Digest as _, Sha256};

use crate::fetch::EnvText;
use crate::time::Instant;

/// A letter to each of some recipients, over one connection, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailing {
    /// The server: `smtps://`, where the connection is secure from its begin, or `smtp://`, where it is made secure before
    /// anything is said; with a user and a password perhaps.
    pub server: EnvText,
    /// Whom the letter is from.
    pub from: EnvText,
    /// All recipients, one or more a text, between commas.
    pub recipients: Vec<EnvText>,
    /// The recipients who have not had it yet, by the names of [`Delivery::left`]; `None`: all.
    pub left: Option<Vec<String>>,
    /// What each of them gets.
    pub letter: Letter,
}

/// What each recipient gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The subject, on one line.
    pub subject: String,
    /// The text.
    pub plain: String,
    /// The same as a whole document of HTML.
    pub html: String,
    /// The tag of the language of both.
    pub language: String,
    /// The instant that it bears. It is that of what is told: an attempt that comes later sends the same bytes.
    pub date: Instant,
    /// The host in the identities, and the identity of the list.
    pub host: String,
    /// The name of the list.
    pub list: String,
    /// The address at which a recipient asks for no more of them.
    pub unsubscribe: Option<String>,
    /// What tells it from all other letters.
    pub token: String,
    /// What all letters about the same post have in common.
    pub thread: Option<String>,
    /// The token of the first letter about the same post, where there was one.
    pub first: Option<String>,
}

/// What came of the sending of a letter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delivery {
    /// How many recipients were told in this attempt.
    pub taken: usize,
    /// How many were refused for good.
    pub refused: usize,
    /// How many letters were handed over of which the server did not say whether it has them.
    pub doubtful: usize,
    /// Those who may be told by another attempt, by names that nobody can read.
    pub left: Vec<String>,
    /// Whether it will be the same for all until a person changes something, as a password.
    pub is_for_people: bool,
    /// What went wrong, for people; it has no more of a recipient than a letter.
    pub faults: Vec<String>,
}

impl Letter {
    /// The identity of the letter to a recipient (`Message-ID`): the same in each attempt, and another one for each recipient,
    /// since servers drop the second letter of an identity.
    pub fn id(&self, recipient: &str) -> String {
        self.named(&self.token, recipient)
    }

    /// The identities of the letters that it belongs to (`References`), the one that it answers last. The first is that of no
    /// letter: it holds those about a post together even where nobody knows any more which was the first.
    pub fn references(&self, recipient: &str) -> Vec<String> {
        let all = self.thread.iter().chain(&self.first);
        all.map(|token| self.named(token, recipient)).collect()
    }

    /// What separates the parts; no line of a part is the same, since it hangs on what they say.
    pub fn boundary(&self) -> String {
        token(&["boundary", &self.token, &self.plain, &self.html])
    }

    fn named(&self, about: &str, recipient: &str) -> String {
        format!("<{}@{}>", token(&[about, recipient]), self.host)
    }
}

/// A short text that stands for some others.
pub(super) fn token(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    let digest = hash.finalize();
    let bytes = digest.iter().take(16);
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

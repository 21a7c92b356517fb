//! How bad a message is, for channels that show it by a colour.

use super::message::{About, Message};
use crate::site::vocabulary::{Impact, PostKind};

/// How bad a message is. A colour never says it alone: the title has the state in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// Something does not work.
    Bad,
    /// Something works worse, or may not work.
    Warning,
    /// It is over.
    Good,
    /// Neither.
    Neutral,
}

impl Tone {
    /// The tone of a message.
    pub(super) fn of(message: &Message) -> Self {
        let post = match &message.about {
            About::Post(post) => post,
            About::Evidence => return Self::Warning,
            About::Test => return Self::Neutral,
        };
        let Some(state) = post.state else {
            return Self::Neutral;
        };
        match (post.kind, post.impact) {
            (PostKind::Incident, _) if state.ends_incident() => Self::Good,
            (PostKind::Incident, Impact::Critical | Impact::Major) => Self::Bad,
            (PostKind::Incident, Impact::Minor) => Self::Warning,
            _ => Self::Neutral,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::channel::fixtures::message;
    use crate::site::vocabulary::State;

    #[test]
    fn what_is_over_is_good_however_bad_it_was() {
        let mut message = message();
        assert_eq!(Tone::of(&message), Tone::Bad);
        if let About::Post(post) = &mut message.about {
            post.state = Some(State::Resolved);
        }
        assert_eq!(Tone::of(&message), Tone::Good);
        // A postmortem is no outage.
        if let About::Post(post) = &mut message.about {
            post.state = None;
        }
        assert_eq!(Tone::of(&message), Tone::Neutral);
        message.about = About::Evidence;
        assert_eq!(Tone::of(&message), Tone::Warning);
    }
}

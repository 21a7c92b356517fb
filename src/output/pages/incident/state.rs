//! The states of incidents, maintenances and notices, in a shape and a word.

use crate::output::pages::edition::Edition;
use crate::site::post::{Kind, Post};
use crate::site::vocabulary::{State, Word};

/// `incident`, `maintenance` or `notice`.
pub(crate) fn kind(post: &Post) -> &'static str {
    match post.kind {
        Kind::Incident(_) => "incident",
        Kind::Maintenance(_) => "maintenance",
        Kind::Notice(_) => "notice",
    }
}

/// The shape that stands beside a state.
pub(super) fn shape(state: State) -> &'static str {
    match state {
        State::Resolved | State::Postmortem | State::Completed => "check",
        State::Scheduled | State::InProgress | State::Verifying => "clock",
        State::Cancelled => "dash",
        State::Investigating | State::Identified | State::Monitoring | State::Update => "eye",
    }
}

/// A state in the language of an edition.
pub(crate) fn state_text(edition: &Edition<'_>, state: State) -> String {
    edition.text(&format!("state-{}", state.as_str()), &[])
}

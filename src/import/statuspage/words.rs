//! The words of a Statuspage for states and statuses.

use crate::import::tally::{Loss, Losses};
use crate::site::vocabulary::{State, Status, Word};

/// The kind of a document; each has its own states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Incident,
    Maintenance,
}

/// The state that a word says; each sort of document has its own words.
pub(super) fn state(word: &str, sort: Sort) -> Option<State> {
    match sort {
        Sort::Incident => incident_state(word),
        Sort::Maintenance => maintenance_state(word),
    }
}

fn incident_state(word: &str) -> Option<State> {
    let state = match word {
        "completed" => State::Resolved,
        "verifying" => State::Monitoring,
        _ => State::parse(word)?,
    };
    state.fits_incident().then_some(state)
}

fn maintenance_state(word: &str) -> Option<State> {
    let state = match word {
        "resolved" => State::Completed,
        "canceled" => State::Cancelled,
        _ => State::parse(word)?,
    };
    state.fits_maintenance().then_some(state)
}

/// The status that a word says.
pub(super) fn status(word: Option<String>, losses: &mut Losses) -> Option<Status> {
    let word = word.filter(|word| !word.is_empty())?;
    let status = Status::parse(&word);
    if status.is_none() {
        losses.lose(Loss::Status(word));
    }
    status
}

//! Edits: a change becomes the new text of a file.

pub mod ended;
pub mod heading;
pub mod incident;
pub mod latency;
pub mod observation;
pub mod reports;
pub mod states;
pub mod tail;
pub mod time;
pub mod update;

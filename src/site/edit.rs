//! From a change to the new text of a file.

pub mod observation;
pub mod update;

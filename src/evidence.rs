//! Evidence: what is known, apart from what is said.

pub mod file;
pub mod signal;
pub mod state;

//! Evidence: what is known, apart from what is said.

pub mod file;
mod json_line;
mod prometheus;
pub mod record;
pub mod signal;
pub mod state;

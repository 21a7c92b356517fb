//! Evidence: what is known, apart from what is said.

mod cell;
mod csv;
pub mod file;
mod json_line;
mod prometheus;
pub mod record;
pub mod samples;
pub mod signal;
pub mod state;

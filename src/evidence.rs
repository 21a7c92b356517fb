//! Evidence: what is known, apart from what is said.

mod csv;
pub mod file;
mod json_line;
mod prometheus;
pub mod record;
pub mod signal;
pub mod state;

//! From the files of a site to the site: every reference resolved and every problem reported.

pub use self::assemble::{Drafts, read, read_again};
pub use self::memory::Parsed;

mod assemble;
mod cell;
pub mod config;
mod csv;
pub mod evidence;
mod heading;
mod json_line;
mod logo_and_links;
mod memory;
pub mod names;
pub mod post;
mod prometheus;
pub mod samples;
pub mod schema;

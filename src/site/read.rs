//! The reading of a site from its files, with every reference resolved and every problem reported.

pub use self::assemble::{Drafts, read};
pub use self::memo::Memos;

mod assemble;
mod cell;
pub mod config;
mod csv;
pub mod evidence;
mod heading;
mod json_line;
mod logo_and_links;
mod memo;
pub mod names;
mod own_page;
pub mod post;
mod prometheus;
pub mod samples;
pub mod schema;
mod signal;
mod source;
mod translation;

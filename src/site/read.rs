//! The reading of a site from its files, with every reference resolved and every problem reported.

pub use self::assemble::{Drafts, read, read_config};
pub use self::evidence_files::AsOf;
pub(crate) use self::json_line::first_of_each;
pub use self::memo::Memos;

mod assemble;
mod cell;
mod channel;
pub mod config;
pub mod counts;
mod csv;
pub mod evidence;
mod evidence_files;
mod future;
mod gone;
mod heading;
mod json_line;
mod last_line;
mod latency;
mod logo_and_links;
mod lookalike;
mod memo;
pub mod names;
mod own_page;
pub mod post;
mod probe;
mod prometheus;
mod pulled;
mod region;
pub mod samples;
pub mod schema;
mod signal;
mod source;
pub mod stray;
mod translation;
mod unread_reports;

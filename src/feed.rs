//! Feeds: what was said, for programs that tell people when there is more.

pub mod atom;
pub mod ical;

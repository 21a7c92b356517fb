//! What is published: every file of the page as a value, one file a format.

pub use self::file::Output;
pub use self::route::Route;

pub mod atom;
mod file;
pub mod ical;
pub mod pages;
mod route;
pub mod summary;

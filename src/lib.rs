//! allclear builds a public status page from files.
pub mod diagnostic;
pub mod error;
pub mod markdown;
pub mod render;
pub mod route;

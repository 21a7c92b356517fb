//! allclear builds a public status page from files.
pub mod diagnostic;
pub mod error;
pub mod output;
pub mod render;
pub mod write;

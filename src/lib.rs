//! allclear builds a public status page from files.
pub mod component;
pub mod config;
pub mod diagnostic;
pub mod error;
pub mod evidence;
pub mod import;
pub mod incident;
pub mod interval;
pub mod locale;
pub mod maintenance;
pub mod render;
pub mod route;
pub mod site;
pub mod text;
pub mod time;
pub mod tree;
pub mod update;

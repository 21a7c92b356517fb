//! allclear builds a public status page from files.
pub mod component;
pub mod config;
pub mod course;
pub mod diagnostic;
pub mod error;
pub mod evidence;
pub mod history;
pub mod incident;
pub mod interval;
pub mod locale;
pub mod maintenance;
pub mod render;
pub mod route;
#[cfg(test)]
mod sample;
pub mod site;
pub mod status;
pub mod text;
pub mod time;
pub mod tree;
pub mod update;
pub mod uptime;

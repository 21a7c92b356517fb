//! allclear builds a public status page from files.
//!
//! | rank | modules, each allowed to use those before it | effects |
//! | --- | --- | --- |
//! | x | `x` | none |
pub mod component;
pub mod config;
pub mod diagnostic;
pub mod error;
pub mod evidence;
pub mod front_matter;
pub mod incident;
pub mod interval;
pub mod locale;
pub mod maintenance;
pub mod markdown;
pub mod render;
pub mod route;
pub mod site;
pub mod source;
pub mod text;
pub mod theme;
pub mod time;
pub mod tree;
pub mod update;

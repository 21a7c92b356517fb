//! The only reader of a site's files.
//!
//! It lists a site's folder in a fixed order, refuses what lies outside it, and hands on text. A
//! file that cannot be read is a diagnostic, and the others are read all the same.

#![expect(
    clippy::disallowed_methods,
    reason = "this room is the only reader of a site's files"
)]

pub use self::disk::{
    is_bare, read, read_config, read_file, read_folder, read_text, templates, themes,
};
pub use self::documents::documents;
pub use self::files::{
    Attachment, CONFIG, EVIDENCE, Files, INCIDENTS, PAGES, STATIC, TEMPLATES, THEMES, has_leftover,
    is_evidence,
};
#[cfg(feature = "agent")]
pub(crate) use self::git::command as git_command;
pub use self::git::{Revision, commit, is_behind, read_revision};
pub use self::inside::target;
pub use self::look::{Closeness, Look, Place};
pub use self::text::{LARGEST_EVIDENCE, LARGEST_TEXT};
pub use self::unchanged::Unchanged;
pub use self::unread::leftover;

mod disk;
mod documents;
mod files;
mod git;
mod inside;
mod look;
mod submodule;
mod text;
mod unchanged;
mod unread;

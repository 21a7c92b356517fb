//! The shape of every output format.

use super::feed::FeedLink;
use super::file::Output;
use super::pages::{Edition, PageMemo};
use crate::diagnostic::Diagnostics;

/// An output format: something that is published of every site.
#[derive(Debug)]
pub struct Format {
    /// How often it is published.
    pub scope: Scope,
    /// The function that makes its files.
    pub publish: Publish,
    /// The link to it in pages; `None` for a format that nobody subscribes to.
    pub feed: Option<FeedLink>,
}

/// The files of a format for an edition. It is pure, but for what it reports and remembers by its context.
pub type Publish = fn(&Edition<'_>, &mut Context<'_>) -> Vec<Output>;

/// How often a format is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Once for the site; made from its first edition.
    Site,
    /// Once for each language.
    Language,
}

/// The place where a format reports problems, and remembers what the next build may use again.
#[derive(Debug)]
pub struct Context<'a> {
    /// The pages of the last build.
    pub memo: &'a mut PageMemo,
    /// Everything that is wrong with the site.
    pub diagnostics: &'a mut Diagnostics,
}

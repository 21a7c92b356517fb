//! The parts that the editions of all languages share.

use std::sync::Arc;

use super::feed::FeedLink;
use crate::locale::Locale;
use crate::site::{BaseUrl, Site};
use crate::source::Attachment;
use crate::status::SiteStatus;
use crate::theme::Theme;

/// A site that is about to be published, in whatever language.
#[derive(Debug)]
pub struct Publication<'a> {
    /// The site.
    pub site: &'a Site,
    /// Its status.
    pub status: &'a SiteStatus,
    /// The address at which it is published, which need not be the site's own.
    pub base_url: &'a BaseUrl,
    /// Its languages with their words, the first one first.
    pub locales: &'a [Arc<Locale>],
    /// The theme of its pages.
    pub theme: &'a Theme,
    /// The files beside its incident files.
    pub attachments: &'a [Attachment],
    /// The files of `static/`.
    pub statics: &'a [Attachment],
    /// The feeds that it has, in the order in which pages link to them.
    pub feeds: &'a [&'static FeedLink],
    /// The commit of the site's repository that is checked out, where it lies in one.
    pub commit: Option<&'a str>,
}

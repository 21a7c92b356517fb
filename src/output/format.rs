//! The shape of every output format.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::feed::FeedLink;
use super::file::Output;
use super::news::{self, News};
use super::pages::{Edition, PageMemo};
use crate::diagnostic::Diagnostics;
use crate::locale::LanguageIndex;
use crate::site::Site;
use crate::site::vocabulary::FormatName;

/// An output format: something that is published of every site.
#[derive(Debug)]
pub struct Format {
    /// The word by which `[build] formats` asks for it; `None` for one that is published of every site, or that another
    /// setting is about.
    pub name: Option<FormatName>,
    /// The function that makes its files.
    pub publish: Publish,
    /// The link to it in pages; `None` for a format that nobody subscribes to.
    pub feed: Option<FeedLink>,
}

impl Format {
    /// Whether it is published of a site.
    pub fn is_of(&self, site: &Site) -> bool {
        let formats = &site.settings.build.formats;
        self.name.is_none_or(|name| formats.contains(&name))
    }
}

/// The function that makes the files of a format. It is pure, but for what it reports and remembers by its context.
#[derive(Debug, Clone, Copy)]
pub enum Publish {
    /// Once for the site, from its first edition.
    Site(FromEdition),
    /// Once for each language.
    Language(FromEdition),
    /// Once for the site, from all its editions; the files of the formats that stand before it in [`super::OUTPUTS`] are
    /// known.
    Files(FromFiles),
}

/// The files of a format for an edition.
pub type FromEdition = fn(&Edition<'_>, &mut Context<'_>) -> Vec<Output>;

/// The files of a format for all editions, beside those that are there already.
pub type FromFiles = fn(&[Edition<'_>], &[Output]) -> Vec<Output>;

/// The place where a format reports problems, and remembers what the next build may use again.
#[derive(Debug)]
pub struct Context<'a> {
    /// The pages of the last build.
    pub memo: &'a mut PageMemo,
    /// Everything that is wrong with the site.
    pub diagnostics: &'a mut Diagnostics,
    /// The news of each language for which a format has asked, which all feeds of it share.
    news: BTreeMap<LanguageIndex, Arc<[News]>>,
}

impl<'a> Context<'a> {
    /// The place where formats report problems and remember, before any has.
    pub fn new(memo: &'a mut PageMemo, diagnostics: &'a mut Diagnostics) -> Self {
        Self {
            memo,
            diagnostics,
            news: BTreeMap::new(),
        }
    }

    /// The news of an edition: of the site, and then of each component; none where a template fails.
    pub fn news(&mut self, edition: &Edition<'_>) -> Arc<[News]> {
        let language = edition.language();
        if let Some(known) = self.news.get(&language) {
            return Arc::clone(known);
        }
        let news = news::news(edition, self.memo).unwrap_or_else(|diagnostic| {
            self.diagnostics.push(*diagnostic);
            Vec::new()
        });
        let news: Arc<[News]> = news.into();
        self.news.insert(language, Arc::clone(&news));
        news
    }
}

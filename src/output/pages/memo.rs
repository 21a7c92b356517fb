//! The pages of the last build, to be used again where nothing that they show has changed.
//!
//! Nearly all pages of a site are those of incidents that are long over. Each such page is a function of
//! its own file, of the incident's course up to now, and of what all pages share; that of a month is a function of
//! the lines of its incidents. A page that may change with time alone (of an open incident, of one whose charts still
//! grow, of a notice) is rendered each time.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::sync::Arc;

use bytes::Bytes;
use chrono::TimeDelta;
use serde_json::value::RawValue;

use super::edition::Edition;
use super::page::{Body, Page};
use super::story::Story;
use super::view::{EntryView, SiteView};
use crate::diagnostic::SourceFile;
use crate::locale::LanguageIndex;
use crate::site::Site;
use crate::site::post::{Kind, Post};
use crate::site::update::{LocalizedMarkdown, Update};
use crate::site::vocabulary::State;
use crate::status::occurrence::Occurrence;
use crate::status::response;

/// The pages of the last build, by language.
#[derive(Debug, Default)]
pub struct PageMemo {
    shared: Shared,
    editions: Vec<EditionMemo>,
}

/// The inputs that the pages of all languages share, besides the files of each and the site as all pages show it.
#[derive(Debug, Default)]
pub struct Shared {
    /// A hash of configuration, theme, and how the pages were asked for.
    pub hash: u64,
    /// The files of evidence.
    pub evidence: Vec<Arc<SourceFile>>,
}

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && same(&self.evidence, &other.evidence)
    }
}

/// The pages of a language.
#[derive(Debug, Default)]
struct EditionMemo {
    /// A hash of the site as all pages show it: its title, its links, its feeds.
    site: u64,
    /// The pages of posts, by [`name`].
    posts: HashMap<String, PostMemo>,
    /// The pages of months, by file.
    months: HashMap<String, MonthMemo>,
    /// The stories of posts in feeds, by [`name`].
    stories: HashMap<String, StoryMemo>,
    /// The posts for programs, by [`name`].
    documents: HashMap<String, DocumentMemo>,
}

/// The page of a post, and what it was made from.
#[derive(Debug)]
pub(super) struct PostMemo {
    pub(super) key: Key,
    /// None for a post that is not published.
    pub(super) bytes: Option<PageBytes>,
    /// Its line in lists.
    pub(super) entry: Arc<EntryView>,
}

/// The story of a post in feeds, and what it was made from.
#[derive(Debug)]
pub(super) struct StoryMemo {
    pub(super) key: Key,
    pub(super) story: Arc<Story>,
}

/// A post for programs, and what that was made from.
#[derive(Debug)]
pub(crate) struct DocumentMemo {
    pub(crate) key: Key,
    /// The entry in lists.
    pub(crate) entry: Arc<RawValue>,
    /// The document of it alone.
    pub(crate) document: Bytes,
}

/// A page of a month, and what it was made from.
#[derive(Debug)]
pub(super) struct MonthMemo {
    pub(super) key: MonthKey,
    pub(super) bytes: PageBytes,
}

/// A page of the last build, and the same in Markdown where the site has that; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct PageBytes {
    pub(super) page: Bytes,
    pub(super) twin: Option<Bytes>,
}

impl PageMemo {
    /// Forgets all pages unless what they share is what it was.
    pub fn forget_unless(&mut self, shared: Shared) {
        if self.shared != shared {
            self.editions.clear();
        }
        self.shared = shared;
    }

    /// Forgets the pages of a language unless the site that all of them show is what it was.
    pub(super) fn forget_edition_unless(&mut self, language: LanguageIndex, site: &SiteView) {
        if self.editions.len() <= language.0 {
            self.editions
                .resize_with(language.0 + 1, EditionMemo::default);
        }
        let mut hasher = DefaultHasher::new();
        format!("{site:?}").hash(&mut hasher);
        let site = hasher.finish();
        let memo = &mut self.editions[language.0];
        if memo.site != site {
            *memo = EditionMemo {
                site,
                ..EditionMemo::default()
            };
        }
    }

    /// The page of a post, if it is still what `key` says.
    pub(super) fn page(&self, language: LanguageIndex, name: &str, key: &Key) -> Option<PageBytes> {
        self.post(language, name, key)?.bytes.clone()
    }

    /// The line of a post in lists, if it is still what `key` says.
    pub(super) fn entry(
        &self,
        language: LanguageIndex,
        name: &str,
        key: &Key,
    ) -> Option<Arc<EntryView>> {
        Some(Arc::clone(&self.post(language, name, key)?.entry))
    }

    fn post(&self, language: LanguageIndex, name: &str, key: &Key) -> Option<&PostMemo> {
        let memo = self.editions.get(language.0)?.posts.get(name)?;
        (memo.key == *key).then_some(memo)
    }

    /// The story of a post in feeds, if it is still what `key` says.
    pub(super) fn story(
        &self,
        language: LanguageIndex,
        name: &str,
        key: &Key,
    ) -> Option<Arc<Story>> {
        let memo = self.editions.get(language.0)?.stories.get(name)?;
        (memo.key == *key).then(|| Arc::clone(&memo.story))
    }

    /// Remembers the stories of a language for the next build, and forgets all others of it.
    pub(super) fn remember_stories(
        &mut self,
        language: LanguageIndex,
        stories: HashMap<String, StoryMemo>,
    ) {
        if let Some(memo) = self.editions.get_mut(language.0) {
            memo.stories = stories;
        }
    }

    /// A post for programs, if it is still what `key` says.
    pub(crate) fn document(
        &self,
        language: LanguageIndex,
        name: &str,
        key: &Key,
    ) -> Option<&DocumentMemo> {
        let memo = self.editions.get(language.0)?.documents.get(name)?;
        (memo.key == *key).then_some(memo)
    }

    /// Remembers the posts for programs in a language for the next build, and forgets all others of it.
    pub(crate) fn remember_documents(
        &mut self,
        language: LanguageIndex,
        documents: HashMap<String, DocumentMemo>,
    ) {
        if let Some(memo) = self.editions.get_mut(language.0) {
            memo.documents = documents;
        }
    }

    /// A page of a month, if it is still what `key` says.
    pub(super) fn month(&self, language: LanguageIndex, key: &MonthKey) -> Option<PageBytes> {
        let memo = self.editions.get(language.0)?.months.get(&key.file)?;
        (memo.key == *key).then(|| memo.bytes.clone())
    }

    /// Remembers the pages of a language for the next build, and forgets all others of it.
    pub(super) fn remember(
        &mut self,
        language: LanguageIndex,
        posts: HashMap<String, PostMemo>,
        months: Vec<MonthMemo>,
    ) {
        if let Some(memo) = self.editions.get_mut(language.0) {
            let months = months.into_iter();
            memo.posts = posts;
            memo.months = months.map(|memo| (memo.key.file.clone(), memo)).collect();
        }
    }
}

/// The inputs of the page of a post, or of a document of it, besides what all pages share.
#[derive(Debug)]
pub(crate) struct Key {
    /// The file and its translations. They are kept alive, so that no other can have their place in memory.
    files: Vec<Arc<SourceFile>>,
    /// A hash of its title and its course: copies of all courses would take far more memory.
    hash: u64,
}

impl Key {
    /// The inputs that are some updates of a post, and whatever else there is.
    pub(crate) fn new(post: &Post, updates: &[Update], others: impl Hash) -> Self {
        let texts = updates.iter().map(|update| &update.text);
        let texts = std::iter::once(&post.summary).chain(texts);
        let mut files = vec![Arc::clone(&post.place.file)];
        for file in texts.flat_map(LocalizedMarkdown::files) {
            if !files.iter().any(|known| Arc::ptr_eq(known, file)) {
                files.push(Arc::clone(file));
            }
        }
        let mut hasher = DefaultHasher::new();
        others.hash(&mut hasher);
        let hash = hasher.finish();
        Self { files, hash }
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        same(&self.files, &other.files) && self.hash == other.hash
    }
}

/// Whether two lists hold the very same values: those of the last build are used again while nothing changes.
fn same<T>(one: &[Arc<T>], other: &[Arc<T>]) -> bool {
    let mut pairs = one.iter().zip(other);
    one.len() == other.len() && pairs.all(|(one, other)| Arc::ptr_eq(one, other))
}

/// The inputs of a page of a month, besides what all pages share.
#[derive(Debug)]
pub(super) struct MonthKey {
    file: String,
    entries: Vec<Arc<EntryView>>,
    /// Its links to other pages, and what is short in it, as text.
    frame: String,
}

impl PartialEq for MonthKey {
    fn eq(&self, other: &Self) -> bool {
        same(&self.entries, &other.entries) && self.frame == other.frame
    }
}

/// The key of a page of a month; `None` for any other page.
pub(super) fn month(page: &Page<'_>) -> Option<MonthKey> {
    let Body::Month { month, of } = &page.body else {
        return None;
    };
    let short = month.entries.iter().filter(|it| !it.later.is_empty());
    let short: Vec<_> = short.map(|it| (&it.url, &it.date, &it.later)).collect();
    Some(MonthKey {
        file: page.route.file(),
        entries: of.clone(),
        frame: format!(
            "{:?}",
            (
                &month.count,
                month.pages,
                &month.newer,
                &month.older,
                &month.unreported,
                &month.days,
                &month.components,
                short
            )
        ),
    })
}

/// The name of an occurrence in the memo.
pub(crate) fn name(site: &Site, occurrence: &Occurrence) -> String {
    let slug = &site.post(occurrence.post).slug;
    match occurrence.window {
        Some(window) => format!("{slug}/{}", window.starts().timestamp()),
        None => slug.as_str().to_owned(),
    }
}

/// Whether the page of a post is about it alone, and not about other occurrences of it.
pub(super) fn has_own_page(post: &Post) -> bool {
    !post.repeats()
}

/// The inputs of the page of an occurrence; `None` for a page that may change with time alone.
pub(super) fn key(edition: &Edition<'_>, occurrence: &Occurrence) -> Option<Key> {
    let post = edition.site.post(occurrence.post);
    let course = &occurrence.course;
    let end = course.end.filter(|_| !course.is_open)?;
    let charted = end + response::around(course.start, end);
    let corrections = post.corrections.iter().map(|correction| correction.at);
    let is_over = match post.kind {
        Kind::Incident(_) => true,
        Kind::Maintenance(_) => course.state.is_some_and(State::ends_maintenance),
        Kind::Notice(_) => false,
    };
    let is_settled = is_over
        && edition.status.now() > charted + TimeDelta::seconds(1)
        && corrections
            .max()
            .is_none_or(|last| last <= edition.status.now());
    is_settled.then(|| {
        let updates = &post.updates[occurrence.updates.clone()];
        let (title, _) = post.title.get(edition.language());
        Key::new(post, updates, (title, course))
    })
}

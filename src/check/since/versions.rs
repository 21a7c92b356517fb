//! The posts of two versions of a site, matched.

use std::collections::{HashMap, HashSet};

use crate::check::moved::original_words;
use crate::locale::LanguageIndex;
use crate::site::Site;
use crate::site::post::Post;
use crate::time::Instant;

/// The posts of two versions, matched.
pub(super) struct Versions<'a> {
    by_slug: HashMap<String, &'a Post>,
    /// The later post of each earlier one whose slug is gone and whose content is not.
    renamed: HashMap<String, &'a Post>,
}

impl<'a> Versions<'a> {
    pub(super) fn new(old: &'a Site, new: &'a Site) -> Self {
        let by_slug: HashMap<String, &Post> = (new.posts.iter())
            .map(|post| (post.slug.folded(), post.as_ref()))
            .collect();
        let known: HashSet<String> = old.posts.iter().map(|post| post.slug.folded()).collect();
        let mut by_mark: HashMap<Mark<'_>, &Post> = HashMap::new();
        let added = new
            .posts
            .iter()
            .filter(|post| !known.contains(&post.slug.folded()));
        for post in added {
            for mark in marks(post) {
                by_mark.entry(mark).or_insert(post);
            }
        }
        let mut renamed = HashMap::new();
        let mut taken: HashSet<&str> = HashSet::new();
        for before in &old.posts {
            let slug = before.slug.folded();
            if by_slug.contains_key(&slug) {
                continue;
            }
            // One file is not two others under a new name.
            let known_again = marks(before)
                .filter_map(|mark| by_mark.get(&mark).copied())
                .find(|after| !taken.contains(after.slug.as_str()));
            if let Some(after) = known_again {
                taken.insert(after.slug.as_str());
                renamed.insert(slug, after);
            }
        }
        Self { by_slug, renamed }
    }

    /// The later version of a post, under the same name or another one.
    pub(super) fn later(&self, before: &Post) -> Option<&'a Post> {
        let slug = before.slug.folded();
        let same = self.by_slug.get(&slug).or_else(|| self.renamed.get(&slug));
        same.copied()
    }
}

/// A thing by which a post is known again under another name: its title, or an update with its words.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Mark<'a> {
    Title(&'a str),
    Update(Instant, Vec<&'a str>),
}

fn marks(post: &Post) -> impl Iterator<Item = Mark<'_>> {
    let updates = post
        .updates
        .iter()
        .map(|update| Mark::Update(update.at, original_words(&update.text)));
    let title = Mark::Title(post.title.text(LanguageIndex::DEFAULT));
    let updates =
        updates.filter(|mark| !matches!(mark, Mark::Update(_, words) if words.is_empty()));
    updates.chain([title])
}

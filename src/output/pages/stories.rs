//! The stories of many posts, those of the last build among them.

use std::sync::Arc;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::edition::Edition;
use super::memo::{self, PageMemo, StoryMemo};
use super::story::{Story, story};
use crate::diagnostic::Diagnostic;
use crate::status::occurrence::OccurrenceIndex;

/// A story, and what is remembered of it by its name.
type StoryToRemember = (Arc<Story>, Option<(String, StoryMemo)>);

/// The stories of posts, in the same order. Those that the memo has and that would be the same again are taken from it.
///
/// # Errors
///
/// Where a template fails.
pub fn stories(
    edition: &Edition<'_>,
    posts: &[OccurrenceIndex],
    memo: &mut PageMemo,
) -> Result<Vec<Arc<Story>>, Box<Diagnostic>> {
    let language = edition.language();
    let made: Result<Vec<StoryToRemember>, Box<Diagnostic>> = posts
        .par_iter()
        .map_init(Vec::new, |buffer, index| {
            let occurrence = edition.status.occurrence(*index);
            let is_alone = memo::has_own_page(edition.site.post(occurrence.post));
            let key = memo::key(edition, occurrence).filter(|_| is_alone);
            let name = memo::name(edition.site, occurrence);
            let known = key
                .as_ref()
                .and_then(|key| memo.story(language, &name, key));
            let story = match known {
                Some(story) => story,
                None => Arc::new(story(edition, *index, buffer)?),
            };
            let to_remember = key.map(|key| {
                let story = Arc::clone(&story);
                (name, StoryMemo { key, story })
            });
            Ok((story, to_remember))
        })
        .collect();
    let (stories, to_remember): (Vec<_>, Vec<_>) = made?.into_iter().unzip();
    memo.remember_stories(language, to_remember.into_iter().flatten().collect());
    Ok(stories)
}

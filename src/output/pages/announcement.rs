//! What subscribers may be told: the news of the last days in the words of the feeds, one by one.
//!
//! Nothing here knows who is told what, or what was told before: only what the page says, and where it says it.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use self::evidence::evidence;
use self::of_post::{OfPost, is_ahead};
use self::part::{blank, paragraph};
pub use self::piece::{Announcement, Cause};
pub use self::wording::Wording;
use super::edition::Edition;
use super::memo::PageMemo;
use super::stories::stories;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::output::route::Route;
use crate::site::channel::message::{About, Message};
use crate::site::channel::{Channel, Voice};
use crate::status::occurrence::OccurrenceIndex;
use crate::time::rfc3339;

mod evidence;
mod of_post;
mod part;
mod piece;
mod wording;

/// How far back news reach: longer than anybody waits to be told.
const REACH: TimeDelta = TimeDelta::days(8);

/// What channels may be told of a page.
#[derive(Debug, Clone, Default)]
pub struct Announced {
    /// The news in the words of each channel, of each oldest first.
    pub news: Vec<Announcement>,
    /// The message by which somebody tries a channel, in the same words.
    pub tests: Vec<(Voice, Message)>,
}

/// What the channels of a site may be told, of its editions, the first one first, and the templates of its channels.
///
/// Where the template of a channel fails, the message is told in the words of the feeds, and the template is warned of: the
/// fault of one message keeps nobody from hearing of it, and the page from nothing.
///
/// # Errors
///
/// Where the news cannot be found.
pub fn announced(
    editions: &[Edition<'_>],
    wordings: &[Wording],
    diagnostics: &mut Diagnostics,
) -> Result<Announced, Box<Diagnostic>> {
    let mut announced = Announced::default();
    let mut faults: Vec<Diagnostic> = Vec::new();
    for edition in editions {
        let channels = edition.site.channels.iter();
        let voices: BTreeSet<Voice> = channels.map(Channel::voice).collect();
        let mut voices = voices
            .into_iter()
            .filter(|voice| voice.language == edition.language())
            .peekable();
        if voices.peek().is_none() {
            continue;
        }
        let (news, test) = (announcements(edition)?, test_message(edition));
        for voice in voices {
            let template = voice.template.as_ref();
            let wording = template.and_then(|path| wordings.iter().find(|it| it.path() == path));
            let mut worded = |message: &Message| match wording.map(|it| it.apply(message)) {
                None => message.clone(),
                Some(Ok(worded)) => worded,
                Some(Err(fault)) => {
                    // It is the same for each message that it meets, in each language.
                    if !faults.contains(&*fault) {
                        faults.push(*fault);
                    }
                    message.clone()
                }
            };
            for announcement in &news {
                announced.news.push(Announcement {
                    voice: voice.clone(),
                    message: worded(&announcement.message),
                    ..announcement.clone()
                });
            }
            announced.tests.push((voice, worded(&test)));
        }
    }
    diagnostics.append(Diagnostics::from(faults));
    Ok(announced)
}

/// The news of an edition, oldest first.
fn announcements(edition: &Edition<'_>) -> Result<Vec<Announcement>, Box<Diagnostic>> {
    let since = edition.status.now() - REACH;
    let posts = edition.status.posts.iter();
    let shown = posts.filter_map(|post| Some((post, post.shown?)));
    let recent = shown.filter(|(post, shown)| {
        post.updated.is_some_and(|at| at > since) || is_ahead(edition, *shown)
    });
    let recent: Vec<OccurrenceIndex> = recent.map(|(_, shown)| shown).collect();
    // What the last build had of them is that of the feeds.
    let stories = stories(edition, &recent, &mut PageMemo::default())?;
    let mut found = Vec::new();
    for (index, story) in recent.iter().zip(&stories) {
        let of_post = OfPost::new(edition, *index, &story.address);
        // They stand newest first, and what is told at one instant is told in the order in which it was written.
        let items = story.items.iter().rev();
        let mut news: Vec<Announcement> = items.filter_map(|item| of_post.item(item)).collect();
        news.retain(|news| news.is_ahead || news.message.at > since);
        found.extend(news);
        found.extend(of_post.windows(since));
    }
    found.extend(evidence(edition));
    found.sort_by_key(|news| news.message.at);
    Ok(found)
}

/// The message by which somebody tries a channel in the language of an edition.
fn test_message(edition: &Edition<'_>) -> Message {
    let at = edition.status.now();
    let address = Route::index(edition.prefix()).on(edition.base_url);
    let text = edition.text("notify-test-text", &[]);
    Message {
        id: format!("{address}#test-{}", rfc3339(at)),
        about: About::Test,
        title: edition.text(
            "notify-test",
            &[("title", edition.own(&edition.site.settings.title))],
        ),
        html: paragraph(&text),
        text,
        ..blank(edition, address, at)
    }
}

//! The comparison of a site with an earlier version of itself: history is not rewritten in silence.
//!
//! What was published may be corrected, and then an entry in `corrections` says so to readers. Where
//! there is no new entry, every change that makes the past look better, or different, is an error
//! that shows both versions. What had not been published yet may change freely. The same goes for what
//! the past is measured by: the evidence of it, and the settings that weigh it.

use std::collections::HashSet;

use camino::Utf8Path;

use self::comparison::Comparison;
pub use self::measures::{Version, remeasured};
use self::place::line_of;
use self::versions::Versions;
use super::earlier::Earlier;
use super::unread::Unread;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Location, Severity};
use crate::locale::LanguageIndex;
use crate::site::Site;
use crate::site::post::Post;
use crate::source::{CONFIG, INCIDENTS};
use crate::status::course::{Course, Statement};
use crate::time::Instant;

mod comparison;
mod evidence;
mod measures;
mod place;
mod record;
mod versions;

/// The findings about what `old`, the site at `revision`, had published by `now` and `new`, with its drafts, says otherwise.
///
/// `unread` are the files of `new` that cannot be read as they are: what they say otherwise is not known.
pub fn rewritten(
    old: &Site,
    new: &Site,
    unread: &Unread,
    revision: &str,
    now: Instant,
) -> Diagnostics {
    let versions = Versions::new(old, new);
    let earlier = &Earlier::at(revision);
    let may_be_moved = unread.has_others(old);
    let mut found = Vec::new();
    for before in &old.posts {
        let course = Course::at(Statement::whole(before), now);
        if !course.is_published || unread.has(&before.slug) {
            continue;
        }
        let Some(after) = versions.later(before) else {
            if may_be_moved {
                continue;
            }
            found.push(gone(before, Location::File(CONFIG.into()), earlier));
            continue;
        };
        if unread.has(&after.slug) {
            continue;
        }
        if after.draft {
            let draft = line_of(&after.place, "draft");
            found.push(gone(before, Location::Text(draft), earlier));
            continue;
        }
        let comparison = Comparison {
            old,
            new,
            before,
            after,
            course,
            earlier,
            now,
        };
        if !is_corrected(before, after) {
            comparison.all(&mut found);
            if before.slug.folded() != after.slug.folded() {
                found.push(comparison.moved());
            }
        }
    }
    Diagnostics::from(found)
}

/// Whether readers are told that something was changed.
fn is_corrected(before: &Post, after: &Post) -> bool {
    after.corrections.iter().any(|correction| {
        let mut known = before.corrections.iter();
        !known.any(|other| other.at == correction.at && other.note == correction.note)
    })
}

fn gone(before: &Post, location: Location, earlier: &Earlier<'_>) -> Diagnostic {
    let title = before.title.text(LanguageIndex::DEFAULT);
    let message = match location {
        Location::Text(_) => format!("`{title}` was published, and is a draft now"),
        Location::File(_) => format!("`{title}` was published, and is gone"),
    };
    let published = earlier.place(&before.place);
    Diagnostic {
        location,
        ..Diagnostic::error(Code::RemovedIncident, before.place.clone(), message)
    }
    .related(published, "what was published")
    .hint("bring it back; where it was wrong, say so in an update, or in `corrections`")
}

/// The warnings about incident files of the older version that cannot be read, so that nothing says what they had
/// published: `broken` is what is wrong with them, and `text_now` the text of the file at a path today.
pub fn not_compared(
    broken: &Diagnostics,
    revision: &str,
    text_now: impl Fn(&Utf8Path) -> Option<String>,
) -> Diagnostics {
    let mut told: HashSet<&Utf8Path> = HashSet::new();
    let earlier = Earlier::at(revision);
    let errors = broken.iter().filter(|it| it.severity == Severity::Error);
    let places = errors.filter_map(|error| Some((error, error.location.place()?)));
    let first_of_each = places.filter(|(_, place)| {
        place.file.path.starts_with(INCIDENTS) && told.insert(&place.file.path)
    });
    let found = first_of_each.filter_map(|(error, place)| {
        let path = &place.file.path;
        let at = match text_now(path) {
            Some(text) if text == place.file.text => return None,
            Some(_) => path,
            None => Utf8Path::new(CONFIG),
        };
        let message =
            format!("`{path}` could not be read as it was at `{revision}`, so it is not compared");
        let warning = Diagnostic::file_warning(Code::NotCompared, at, message)
            .related(earlier.place(place), error.message.clone())
            .hint("look at the change yourself: nothing else says whether history was rewritten");
        Some(warning)
    });
    Diagnostics::from(found.collect::<Vec<_>>())
}

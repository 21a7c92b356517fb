//! The comparison of a site with an earlier version of itself: history is not rewritten in silence.
//!
//! What was published may be corrected, and then an entry in `corrections` says so to readers. Where
//! there is no new entry, every change that makes the past look better, or different, is an error
//! that shows both versions. What had not been published yet may change freely.

use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};

use camino::Utf8Path;

use super::earlier::Earlier;
use super::moved::{Moved, original_words};
use super::unread::Unread;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Location, Place, Severity};
use crate::locale::LanguageIndex;
use crate::site::Site;
use crate::site::component::ComponentIndex;
use crate::site::post::{Kind, Maintenance, Post};
use crate::site::update::{LocalizedMarkdown, Update};
use crate::site::vocabulary::{State, Status, Word};
use crate::source::{CONFIG, INCIDENTS};
use crate::status::course::{Course, Statement};
use crate::time::{self, Instant, Window};

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

/// The posts of two versions, matched.
struct Versions<'a> {
    by_slug: HashMap<String, &'a Post>,
    /// The later post of each earlier one whose slug is gone and whose content is not.
    renamed: HashMap<String, &'a Post>,
}

impl<'a> Versions<'a> {
    fn new(old: &'a Site, new: &'a Site) -> Self {
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
    fn later(&self, before: &Post) -> Option<&'a Post> {
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

/// Two versions of a place.
#[derive(Debug, Clone)]
struct BeforeAfter {
    before: Place,
    after: Place,
}

/// A published post before and after.
struct Comparison<'a> {
    old: &'a Site,
    new: &'a Site,
    before: &'a Post,
    after: &'a Post,
    /// The course of what was published.
    course: Course,
    earlier: &'a Earlier<'a>,
    now: Instant,
}

impl Comparison<'_> {
    fn all(&self, found: &mut Vec<Diagnostic>) {
        self.kind(found);
        self.span(found);
        self.windows(found);
        self.impact(found);
        self.statuses(found);
        self.titles(found);
        self.prose(&self.before.summary, &self.after.summary, found);
        self.updates(found);
    }

    /// An error that shows both versions.
    fn error(&self, code: Code, places: BeforeAfter, message: String) -> Diagnostic {
        let BeforeAfter { before, after } = places;
        let at = time::with_offset(self.now, self.new.settings.time_zone);
        Diagnostic::error(code, after, message)
            .related(self.earlier.place(&before), "what was published")
            .hint(format!(
                "take the change back, or tell readers of it in the front matter: `corrections: [{{at: {at}, note: ...}}]`"
            ))
    }

    /// The warning that the address at which it was published is no more.
    fn moved(&self) -> Diagnostic {
        let message = format!(
            "this was published as `incidents/{}/`, an address that is no more",
            self.before.slug
        );
        Diagnostic::warning(Code::MovedIncident, self.after.place.clone(), message)
            .related(self.earlier.place(&self.before.place), "what was published")
            .hint("take the file's old name again: readers, feeds and chats keep the address")
    }

    fn kind(&self, found: &mut Vec<Diagnostic>) {
        let word = |kind: &Kind| match kind {
            Kind::Incident(_) => "an incident",
            Kind::Maintenance(_) => "a maintenance",
            Kind::Notice(_) => "a notice",
        };
        let (before, after) = (word(&self.before.kind), word(&self.after.kind));
        if before != after {
            let message = format!("this was {before}, and is {after} now");
            found.push(self.error(Code::LoweredImpact, self.lines("kind"), message));
        }
    }

    /// Compares the windows of a maintenance that repeats: those to come may change, those that have opened may not.
    fn windows(&self, found: &mut Vec<Diagnostic>) {
        let (Some(before), Some(after)) = (self.before.maintenance(), self.after.maintenance())
        else {
            return;
        };
        if before.recurrence.is_none() {
            return;
        }
        let after: HashSet<Instant> = self.opened(after).map(Window::starts).collect();
        let mut lost = self
            .opened(before)
            .filter(|window| !after.contains(&window.starts()));
        if let Some(first) = lost.next() {
            let at = time::with_offset(first.starts(), self.new.settings.time_zone);
            let message = match lost.count() {
                0 => format!("this took place at {at}, and now it did not"),
                more => {
                    format!("this took place at {at} and {more} more times, and now it did not")
                }
            };
            found.push(self.error(Code::RemovedIncident, self.lines("repeat"), message));
        }
    }

    /// The windows of a maintenance that have opened so far, soonest first.
    fn opened<'a>(&self, maintenance: &'a Maintenance) -> impl Iterator<Item = Window> + use<'a> {
        let now = self.now;
        let recurrence = maintenance.recurrence.as_ref();
        let once = recurrence.is_none().then_some(maintenance.window);
        let windows = recurrence.into_iter().flat_map(|it| it.windows());
        once.into_iter()
            .chain(windows)
            .take_while(move |window| window.starts() <= now)
    }

    /// Compares start and end: the start must not become later, and the end must not become earlier.
    fn span(&self, found: &mut Vec<Diagnostic>) {
        let (start, end) = (self.course.start, self.course.end);
        let new = Course::at(Statement::whole(self.after), self.now);
        let repeats = self
            .before
            .maintenance()
            .is_some_and(|it| it.recurrence.is_some());
        if matches!(self.before.kind, Kind::Notice(_)) || self.now < start || repeats {
            return;
        }
        let shown = |instant| time::with_offset(instant, self.new.settings.time_zone);
        if new.start > start {
            let message = format!(
                "the start moved from {} to {}",
                shown(start),
                shown(new.start)
            );
            found.push(self.error(Code::MovedStart, self.lines("start"), message));
        }
        let was_over = end.filter(|end| *end <= self.now);
        if let (Some(end), Some(new_end)) = (was_over, new.end)
            && new_end < end
        {
            let message = format!("the end moved from {} to {}", shown(end), shown(new_end));
            found.push(self.error(Code::MovedEnd, self.lines("end"), message));
        }
    }

    /// The updates of a post that readers have seen.
    fn published<'a>(&self, post: &'a Post) -> &'a [Update] {
        &post.updates[..post.updates.partition_point(|update| update.at <= self.now)]
    }

    fn impact(&self, found: &mut Vec<Diagnostic>) {
        if let (Kind::Incident(before), Kind::Incident(after)) =
            (&self.before.kind, &self.after.kind)
            && let before = before.impact_by(self.published(self.before))
            && let after = after.impact_by(self.published(self.after))
            && after < before
        {
            let message = format!(
                "the impact was `{}`, and is `{}` now",
                before.as_str(),
                after.as_str()
            );
            found.push(self.error(Code::LoweredImpact, self.lines("impact"), message));
        }
    }

    /// Compares the statuses that the front matter gives.
    fn statuses(&self, found: &mut Vec<Diagnostic>) {
        if let (Kind::Incident(before), Kind::Incident(after)) =
            (&self.before.kind, &self.after.kind)
        {
            let lines = self.lines("components");
            self.lowered(&before.components, &after.components, lines, found);
        }
    }

    /// Reports every status of a component that is lower now or gone.
    fn lowered(
        &self,
        before: &[(ComponentIndex, Status)],
        after: &[(ComponentIndex, Status)],
        places: BeforeAfter,
        found: &mut Vec<Diagnostic>,
    ) {
        if before.is_empty() {
            return;
        }
        // Of a component that stands twice the first status counts, which comes last here.
        let after: HashMap<&str, Status> = (after.iter().rev())
            .map(|(other, status)| (self.new.components[other.0].id.as_str(), *status))
            .collect();
        for (component, status) in before {
            let id = &self.old.components[component.0].id;
            let now = after.get(id.as_str()).copied();
            let message = match now {
                Some(now) if now < *status => format!(
                    "`{id}` was `{}` here, and is `{}` now",
                    status.as_str(),
                    now.as_str()
                ),
                None if *status != Status::Operational => {
                    format!("`{id}` was `{}` here, and is gone", status.as_str())
                }
                _ => continue,
            };
            found.push(self.error(Code::LoweredStatus, places.clone(), message));
        }
    }

    fn titles(&self, found: &mut Vec<Diagnostic>) {
        for (at, language) in self.old.settings.languages.iter().enumerate() {
            let at = LanguageIndex(at);
            let (was, written_in) = self.before.title.get(at);
            let now = self
                .new
                .settings
                .languages
                .iter()
                .position(|other| other == language);
            let is = now.map(|now| self.after.title.get(LanguageIndex(now)).0);
            if written_in == at && is.is_some_and(|is| is != was) {
                let message = format!("the title was `{was}`");
                found.push(self.error(Code::ChangedText, self.lines("title"), message));
            }
        }
    }

    /// Compares a text in each language in which it was written.
    fn prose(
        &self,
        before: &LocalizedMarkdown,
        after: &LocalizedMarkdown,
        found: &mut Vec<Diagnostic>,
    ) {
        for (language, was) in before.places() {
            let language = self.old.settings.language(language);
            let mut others = after.places();
            let is = others.find(|(other, _)| self.new.settings.language(*other) == language);
            match is {
                None => {
                    let message = "this text was published, and is gone".to_owned();
                    let places = BeforeAfter {
                        before: was,
                        after: self.after.place.clone(),
                    };
                    found.push(self.error(Code::ChangedText, places, message));
                }
                Some((_, is)) => {
                    if let Some(places) = difference(&was, &is) {
                        let message = "this text is not what was published".to_owned();
                        found.push(self.error(Code::ChangedText, places, message));
                    }
                }
            }
        }
    }

    fn updates(&self, found: &mut Vec<Diagnostic>) {
        // Those that are left, of each time and state the last one first.
        let mut left: HashMap<(Instant, State), Vec<&Update>> = HashMap::new();
        for update in self.after.updates.iter().rev() {
            let alike = left.entry((update.at, update.state)).or_default();
            alike.push(update);
        }
        let moved = LazyCell::new(|| Moved::of(&self.after.updates));
        for before in &self.before.updates[..self.course.published] {
            let same = left.get_mut(&(before.at, before.state));
            match same.and_then(Vec::pop) {
                Some(after) => {
                    let places = BeforeAfter {
                        before: before.place.clone(),
                        after: after.place.clone(),
                    };
                    self.lowered(&before.changes, &after.changes, places, found);
                    self.prose(&before.text, &after.text, found);
                }
                None => {
                    let instead = moved.instead_of(before);
                    let instead = instead.map(|at| &self.after.updates[at]);
                    let (message, place) = match instead {
                        Some(after) => ("this update has another time or state now", &after.place),
                        None => ("an update was published, and is gone", &self.after.place),
                    };
                    let places = BeforeAfter {
                        before: before.place.clone(),
                        after: place.clone(),
                    };
                    found.push(self.error(Code::RemovedUpdate, places, message.to_owned()));
                }
            }
        }
    }

    /// The line of a key in the front matter of both versions.
    fn lines(&self, key: &str) -> BeforeAfter {
        BeforeAfter {
            before: line_of(&self.before.place, key),
            after: line_of(&self.after.place, key),
        }
    }
}

/// The first line of a front matter that begins with a key, or else its beginning.
fn line_of(front_matter: &Place, key: &str) -> Place {
    let text = &front_matter.file.text;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with(key) {
            let end = start + line.trim_end().len();
            return Place::new(&front_matter.file, start..end);
        }
        start += line.len();
        if start > front_matter.span.end {
            break;
        }
    }
    front_matter.clone()
}

/// The first words in which two texts differ in more than white space.
fn difference(before: &Place, after: &Place) -> Option<BeforeAfter> {
    let (was, is) = (words(before), words(after));
    let first = (0..was.len().max(is.len()))
        .find(|at| was.get(*at).map(|(_, word)| word) != is.get(*at).map(|(_, word)| word))?;
    let at = |place: &Place, words: &[(usize, &str)]| {
        let (start, word) = words.get(first).or(words.last())?;
        Some(Place::new(&place.file, *start..start + word.len()))
    };
    Some(BeforeAfter {
        before: at(before, &was)?,
        after: at(after, &is)?,
    })
}

/// The words of a text, each with where it begins in its file.
fn words(place: &Place) -> Vec<(usize, &str)> {
    let mut start = place.span.start;
    let pieces = place.text().split_inclusive(char::is_whitespace);
    pieces
        .map(|piece| {
            let at = start;
            start += piece.len();
            (at, piece.trim_end())
        })
        .filter(|(_, word)| !word.is_empty())
        .collect()
}

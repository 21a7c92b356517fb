//! What was published of a post, and what its file says of it now.

use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};

use super::place::{BeforeAfter, difference, line_of};
use crate::check::earlier::Earlier;
use crate::check::moved::Moved;
use crate::diagnostic::{Code, Diagnostic, code_list, code_list_of};
use crate::locale::LanguageIndex;
use crate::site::Site;
use crate::site::post::{Kind, Maintenance, Post};
use crate::site::update::{Change, LocalizedMarkdown, Update};
use crate::site::vocabulary::{State, Status, Word};
use crate::status::course::{Course, Statement};
use crate::time::{self, Instant, Window};

/// A published post before and after.
pub(super) struct Comparison<'a> {
    pub(super) old: &'a Site,
    pub(super) new: &'a Site,
    pub(super) before: &'a Post,
    pub(super) after: &'a Post,
    /// The course of what was published.
    pub(super) course: Course,
    pub(super) earlier: &'a Earlier<'a>,
    pub(super) now: Instant,
}

impl Comparison<'_> {
    pub(super) fn all(&self, found: &mut Vec<Diagnostic>) {
        self.kind(found);
        self.span(found);
        self.windows(found);
        self.impact(found);
        self.regions(found);
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
    pub(super) fn moved(&self) -> Diagnostic {
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

    /// Compares the regions that the front matter names: a post may concern more of them later, but not fewer.
    fn regions(&self, found: &mut Vec<Diagnostic>) {
        let ids = |site: &Site, post: &Post| -> Vec<String> {
            let ids = post.regions.iter().map(|it| site.regions[it.0].id.clone());
            ids.collect()
        };
        let (before, after) = (ids(self.old, self.before), ids(self.new, self.after));
        let message = match (before.as_slice(), after.as_slice()) {
            (_, []) => return,
            ([], after) => {
                let after = code_list_of(after.iter().map(String::as_str), after.len());
                format!("this concerned every place, and concerns only {after} now")
            }
            (before, after) => {
                let lost: Vec<&str> = (before.iter())
                    .filter(|id| !after.contains(id))
                    .map(String::as_str)
                    .collect();
                if lost.is_empty() {
                    return;
                }
                format!("this concerned {} too, and does not now", code_list(&lost))
            }
        };
        found.push(self.error(Code::LoweredStatus, self.lines("regions"), message));
    }

    /// Reports every status of a component that is lower now or gone, everywhere or in a region.
    fn lowered(
        &self,
        before: &[Change],
        after: &[Change],
        places: BeforeAfter,
        found: &mut Vec<Diagnostic>,
    ) {
        if before.is_empty() {
            return;
        }
        // Of a component that stands twice the first status counts, which comes last here.
        let after: HashMap<String, Status> = (after.iter().rev())
            .map(|change| (place_of(self.new, *change), change.status))
            .collect();
        let was: HashSet<String> = before.iter().map(|it| place_of(self.old, *it)).collect();
        for change in before {
            let place = place_of(self.old, *change);
            let status = change.status;
            let everywhere = &self.old.components[change.component.0].id;
            // What is said of everywhere is said of a region, too.
            let now = after.get(&place).or_else(|| after.get(everywhere)).copied();
            let message = match now {
                Some(now) if now < status => format!(
                    "`{place}` was `{}` here, and is `{}` now",
                    status.as_str(),
                    now.as_str()
                ),
                None if status != Status::Operational => {
                    format!("`{place}` was `{}` here, and is gone", status.as_str())
                }
                _ => {
                    self.exceptions(&place, status, &after, &was, places.clone(), found);
                    continue;
                }
            };
            found.push(self.error(Code::LoweredStatus, places.clone(), message));
        }
    }

    /// Reports regions in which a component is better now, where nothing but its status everywhere was said.
    fn exceptions(
        &self,
        component: &str,
        status: Status,
        after: &HashMap<String, Status>,
        was: &HashSet<String>,
        places: BeforeAfter,
        found: &mut Vec<Diagnostic>,
    ) {
        let regions = self.new.regions.iter();
        let places_of_it = regions.map(|region| format!("{component}@{}", region.id));
        for place in places_of_it.filter(|place| !was.contains(place)) {
            if let Some(now) = after.get(&place).filter(|now| **now < status) {
                let message = format!(
                    "`{component}` was `{}` everywhere here, and `{place}` is `{}` now",
                    status.as_str(),
                    now.as_str()
                );
                found.push(self.error(Code::LoweredStatus, places.clone(), message));
            }
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

/// What a change is of, as files name it: `web`, or `web@jp`.
fn place_of(site: &Site, change: Change) -> String {
    let id = &site.components[change.component.0].id;
    match change.region {
        Some(region) => format!("{id}@{}", site.regions[region.0].id),
        None => id.clone(),
    }
}

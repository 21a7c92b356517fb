//! The news of a post.

use super::part::{blank, concerned, hash, paragraph, standing};
use super::piece::{Announcement, Cause, plain};
use crate::locale::LanguageIndex;
use crate::markdown;
use crate::output::pages::edition::Edition;
use crate::output::pages::incident::{named, state_text};
use crate::output::pages::story::{StoryItem, Told, with_state};
use crate::output::route::Route;
use crate::site::channel::message::{About, Concerned, Message, Post};
use crate::site::component::ComponentIndex;
use crate::site::post;
use crate::site::update::{Change, LocalizedMarkdown, Telling, Update};
use crate::site::vocabulary::{Impact, PostKind, State, Status, Word as _};
use crate::status::course::Effect;
use crate::status::occurrence::{Occurrence, OccurrenceIndex};
use crate::time::{Instant, Window, rfc3339};

/// A post of which there is news.
pub(super) struct OfPost<'a> {
    edition: &'a Edition<'a>,
    occurrence: &'a Occurrence,
    index: OccurrenceIndex,
    post: &'a post::Post,
    address: &'a str,
}

/// Whether a post is a maintenance that is still planned. One that recurs always is, and is news when it is written.
pub(super) fn is_ahead(edition: &Edition<'_>, index: OccurrenceIndex) -> bool {
    let occurrence = edition.status.occurrence(index);
    let post::Kind::Maintenance(maintenance) = &edition.site.post(occurrence.post).kind else {
        return false;
    };
    let is_planned = matches!(occurrence.course.state, None | Some(State::Scheduled));
    let is_later = |window: Window| window.starts() > edition.status.now();
    is_planned && maintenance.recurrence.is_none() && occurrence.window.is_some_and(is_later)
}

impl<'a> OfPost<'a> {
    pub(super) fn new(edition: &'a Edition<'a>, index: OccurrenceIndex, address: &'a str) -> Self {
        let occurrence = edition.status.occurrence(index);
        Self {
            edition,
            occurrence,
            index,
            post: edition.site.post(occurrence.post),
            address,
        }
    }

    /// What an item of its story announces; nothing for a correction, which is no news.
    pub(super) fn item(&self, item: &StoryItem) -> Option<Announcement> {
        let updates = self
            .edition
            .status
            .published(self.edition.site, self.occurrence.post);
        let (update, number) = match item.told {
            Told::Update(number) => (updates.get(number), Some(number)),
            Told::End | Told::Itself => (None, None),
            Told::Correction => return None,
        };
        let state = match (item.told, number) {
            (_, Some(number)) => self.state_after(updates, number),
            (Told::End, _) => Some(State::Resolved),
            _ => self.first_state(),
        };
        let said = update.map_or(state, |update| Some(update.state));
        let changes = update.map_or(&[][..], |update| &update.changes);
        let is_plan = said == Some(State::Scheduled);
        let is_first = number.is_none_or(|it| it == 0) && item.told != Told::End;
        let components = self.after(item.at, state, is_first, changes);
        let html = with_standing(&standing(&components, state), &item.said);
        let html = match self.edition.concerns(&self.occurrence.course.regions) {
            none if none.is_empty() => html,
            concerns => paragraph(&concerns) + &html,
        };
        let planned = self.occurrence.window.filter(|_| is_plan);
        let html = match planned.map(|window| self.plan(window, &components)) {
            Some(plan) if !html.contains(&plan) => paragraph(&plan) + &html,
            _ => html,
        };
        let message = Message {
            title: item.title.clone(),
            text: markdown::text_of_html(&html),
            html,
            about: About::Post(Post {
                state,
                state_text: self.state_text(said),
                impact: self.impact(&updates[..number.map_or(updates.len(), |it| it + 1)]),
                is_first,
                ..self.post_view()
            }),
            components,
            ..blank(self.edition, item.address.clone(), item.at)
        };
        let what = match item.told {
            Told::End => "#ended",
            _ => "",
        };
        let telling = update.map_or(self.telling(), |update| update.telling);
        let text = update.map(|update| digest_of(update, &update.text));
        let anchor = item.address.split_once('#').map(|(_, anchor)| anchor);
        Some(Announcement {
            // An end that no update announced is said at the head of the page.
            anchor: anchor.filter(|_| number.is_some()).map(str::to_owned),
            is_ahead: is_plan && is_ahead(self.edition, self.index),
            telling,
            digest: text.unwrap_or_else(|| self.digest(what)),
            ..self.announcement(
                item.at,
                &format!("{what}{}", ordinal(updates, number)),
                message,
            )
        })
    }

    /// The openings and closings of windows since an instant of which no update says anything.
    pub(super) fn windows(&self, since: Instant) -> Vec<Announcement> {
        let occurrences = self.edition.status.of_post(self.occurrence.post).iter();
        let near = occurrences.filter(|it| it.window.is_some_and(|window| window.ends() > since));
        let mut found = Vec::new();
        for (occurrence, window) in near.filter_map(|it| Some((it, it.window?))) {
            let now = self.edition.status.now();
            let said: Vec<State> = occurrence
                .published(self.edition.site)
                .iter()
                .map(|update| update.state)
                .collect();
            let course = &occurrence.course;
            let took_place = course.called_off().is_none()
                && !matches!(
                    course.state,
                    None | Some(State::Scheduled | State::Cancelled)
                );
            let begun = [
                State::InProgress,
                State::Verifying,
                State::Completed,
                State::Cancelled,
            ];
            let has_begun = window.starts() <= now && window.starts() > since;
            if took_place && has_begun && !said.iter().any(|state| begun.contains(state)) {
                found.push(self.window(window, window.starts(), State::InProgress));
            }
            let is_over = course.state == Some(State::Completed) && window.ends() <= now;
            if is_over && !said.iter().any(|state| state.ends_maintenance()) {
                found.push(self.window(window, window.ends(), State::Completed));
            }
        }
        found
    }

    /// The start and the end of a window.
    fn times(&self, window: Window) -> String {
        let times = [window.starts(), window.ends()].map(|it| self.edition.moment_text(it));
        let values = [("start", times[0].as_str()), ("end", times[1].as_str())];
        self.edition.text("days-range", &values)
    }

    /// When work is planned, and on what.
    fn plan(&self, window: Window, components: &[Concerned]) -> String {
        let names = components.iter().map(|it| it.name.clone());
        let parts: Vec<String> = std::iter::once(self.times(window)).chain(names).collect();
        parts.join(" · ")
    }

    /// The opening or closing of a window.
    fn window(&self, window: Window, at: Instant, state: State) -> Announcement {
        let words = self.state_text(Some(state));
        let (title, _) = self.post.title.get(self.edition.language());
        let text = self.times(window);
        let status = match state {
            State::InProgress => Status::UnderMaintenance,
            _ => Status::Operational,
        };
        let components = named(self.edition.site, self.occurrence).into_iter();
        let components: Vec<Concerned> = components
            .map(|component| concerned(self.edition, component, Some(status)))
            .collect();
        let html = with_standing(&standing(&components, Some(state)), &paragraph(&text));
        let html = match self.edition.concerns(&self.occurrence.course.regions) {
            none if none.is_empty() => html,
            concerns => paragraph(&concerns) + &html,
        };
        let message = Message {
            title: with_state(self.edition, &words, title),
            text: markdown::text_of_html(&html),
            html,
            about: About::Post(Post {
                state: Some(state),
                state_text: words,
                window: Some(window),
                is_first: false,
                ..self.post_view()
            }),
            components,
            ..blank(self.edition, self.address.to_owned(), at)
        };
        let what = match state {
            State::InProgress => "#opened",
            _ => "#closed",
        };
        Announcement {
            cause: Cause::Clock,
            ..self.announcement(at, what, message)
        }
    }

    fn announcement(&self, at: Instant, what: &str, message: Message) -> Announcement {
        let key = format!("{}{what}@{}", self.post.slug, rfc3339(at));
        let home = Route::index(None).on(self.edition.base_url);
        Announcement {
            voice: plain(self.edition),
            digest: self.digest(what),
            cause: Cause::Person,
            is_ahead: false,
            components: named(self.edition.site, self.occurrence),
            telling: self.telling(),
            file: Route::post(self.edition.prefix(), &self.post.slug).file(),
            anchor: None,
            message: Message {
                id: format!("{home}{key}"),
                ..message
            },
            key,
        }
    }

    /// Whether subscribers are told of what no update says: not where all that was written is silent.
    fn telling(&self) -> Telling {
        let status = self.edition.status;
        let updates = status.published(self.edition.site, self.occurrence.post);
        let is_silent = |update: &Update| update.telling == Telling::Silent;
        match !updates.is_empty() && updates.iter().all(is_silent) {
            true => Telling::Silent,
            false => Telling::Aloud,
        }
    }

    /// A hash of what no update says, whatever the file of the post is called.
    fn digest(&self, what: &str) -> String {
        let (title, _) = self.post.title.get(LanguageIndex::DEFAULT);
        hash(&[what, title])
    }

    /// The state in which the post is after an update, by its index.
    fn state_after(&self, updates: &[Update], number: usize) -> Option<State> {
        let of_this = self.occurrence.updates.clone();
        let states = self.edition.status.states(self.edition.site, self.index);
        let known = number
            .checked_sub(of_this.start)
            .and_then(|at| states.get(at));
        let said = updates[..=number].iter().rev().map(|update| update.state);
        let mut said = said.filter(|state| *state != State::Update);
        let state = known
            .copied()
            .or_else(|| said.next())
            .or_else(|| self.first_state());
        state.map(|state| match state {
            State::Postmortem => State::Resolved,
            state => state,
        })
    }

    /// The state of a post that was only just announced.
    fn first_state(&self) -> Option<State> {
        match &self.post.kind {
            post::Kind::Incident(_) => Some(State::Investigating),
            post::Kind::Maintenance(_) => Some(State::Scheduled),
            post::Kind::Notice(_) => None,
        }
    }

    fn state_text(&self, state: Option<State>) -> String {
        state.map_or_else(String::new, |state| state_text(self.edition, state))
    }

    fn impact(&self, updates: &[Update]) -> Impact {
        match &self.post.kind {
            post::Kind::Incident(incident) => incident.impact_by(updates),
            post::Kind::Maintenance(_) | post::Kind::Notice(_) => Impact::None,
        }
    }

    /// The post as it is told of, without a state.
    fn post_view(&self) -> Post {
        let (kind, window) = match &self.post.kind {
            post::Kind::Incident(_) => (PostKind::Incident, None),
            post::Kind::Maintenance(_) => (PostKind::Maintenance, self.occurrence.window),
            post::Kind::Notice(notice) => {
                let window = notice
                    .ends
                    .and_then(|ends| Window::new(notice.starts, ends));
                (PostKind::Notice, window)
            }
        };
        let (title, _) = self.post.title.get(self.edition.language());
        Post {
            kind,
            slug: self.post.slug.as_str().to_owned(),
            title: title.to_owned(),
            address: self.address.to_owned(),
            state: None,
            state_text: String::new(),
            impact: Impact::None,
            window,
            is_first: false,
        }
    }

    /// The components that the post names, with how they are right after an instant by the course of it. A notice says nothing
    /// of that, nor does a maintenance that has not begun.
    fn after(
        &self,
        at: Instant,
        state: Option<State>,
        is_first: bool,
        changes: &[Change],
    ) -> Vec<Concerned> {
        let course = &self.occurrence.course;
        let at = at.max(course.entered);
        let of_one = |component: ComponentIndex| {
            let effects = course.effects.iter();
            let mut effects = effects.filter(move |it| it.component == component);
            let is_at = |it: &Effect| it.from <= at && it.until.is_none_or(|until| at < until);
            let is_before = |it: &Effect| it.from < at && it.until.is_none_or(|until| at <= until);
            let now = effects.clone().find(|it| is_at(it)).map(|it| it.status);
            let before = match is_first {
                true => None,
                false => effects.find(|it| is_before(it)).map(|it| it.status),
            };
            (now, before)
        };
        let has_begun = match &self.post.kind {
            post::Kind::Incident(_) => true,
            post::Kind::Maintenance(_) => course.effects.iter().any(|it| it.from <= at),
            post::Kind::Notice(_) => false,
        };
        let ends = state.is_some_and(|it| match self.post.kind {
            post::Kind::Incident(_) => it.ends_incident(),
            post::Kind::Maintenance(_) | post::Kind::Notice(_) => it.ends_maintenance(),
        });
        let components = named(self.edition.site, self.occurrence).into_iter();
        let components = components.map(|component| {
            let (now, before) = of_one(component);
            let is_said = changes.iter().any(|it| it.component == component);
            let now = now.filter(|_| !ends).unwrap_or(Status::Operational);
            let has_changed = is_said || before.unwrap_or(Status::Operational) != now;
            match has_begun {
                true => Concerned {
                    has_changed,
                    ..concerned(self.edition, component, Some(now))
                },
                false => concerned(self.edition, component, None),
            }
        });
        components.collect()
    }
}

/// What was said, behind how the components are.
fn with_standing(standing: &str, said: &str) -> String {
    match standing {
        "" => said.to_owned(),
        standing => paragraph(standing) + said,
    }
}

/// Which of the updates of one instant it is, from the second on.
fn ordinal(updates: &[Update], number: Option<usize>) -> String {
    let Some(number) = number else {
        return String::new();
    };
    let at = updates[number].at;
    match updates[..number].iter().filter(|it| it.at == at).count() {
        0 => String::new(),
        before => format!("#{}", before + 1),
    }
}

/// A hash of what an update says in the first language of the site.
fn digest_of(update: &Update, text: &LocalizedMarkdown) -> String {
    let text = text.get(LanguageIndex::DEFAULT);
    let text = text.map_or("", |(text, _)| text.trim());
    hash(&[update.state.as_str(), text])
}

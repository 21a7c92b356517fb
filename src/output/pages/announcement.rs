//! What subscribers may be told: the news of the last days in the words of the feeds, one by one.
//!
//! Nothing here knows who is told what, or what was told before: only what the page says, and where it says it.

use chrono::TimeDelta;
use sha2::{Digest as _, Sha256};

use super::edition::Edition;
use super::headline;
use super::incident::{named, state_text};
use super::memo::PageMemo;
use super::stories::stories;
use super::story::{StoryItem, Told, with_state};
use crate::diagnostic::Diagnostic;
use crate::locale::LanguageIndex;
use crate::markdown;
use crate::output::route::Route;
use crate::site::channel::message::{About, Concerned, Message, Page, Post};
use crate::site::component::ComponentIndex;
use crate::site::post;
use crate::site::update::{Telling, Update};
use crate::site::vocabulary::{Impact, PostKind, State, Status, Word};
use crate::status::occurrence::{Occurrence, OccurrenceIndex};
use crate::status::HeadlineState;
use crate::time::{Instant, Window, rfc3339};

/// How far back news reach: longer than anybody waits to be told.
pub const REACH: TimeDelta = TimeDelta::days(8);

/// A piece of news that subscribers may be told, in one language.
#[derive(Debug, Clone)]
pub struct Announcement {
    /// The language.
    pub language: LanguageIndex,
    /// Its identity among the news of the site, the same in each language and in each build.
    pub key: String,
    /// What brought it about.
    pub cause: Cause,
    /// A hash of what it says, by which news are known that were moved to another instant or file.
    pub digest: String,
    /// The components that it is about.
    pub components: Vec<ComponentIndex>,
    /// Whether subscribers are told.
    pub telling: Telling,
    /// The file of the page that says it.
    pub file: String,
    /// The id of its place in that file; `None` where the whole of it says so.
    pub anchor: Option<String>,
    /// What it says.
    pub message: Message,
}

/// What brought a piece of news about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Somebody wrote it.
    Person,
    /// A window opened or closed by itself.
    Clock,
    /// Evidence, of which nobody has said anything: it is for those who run the service.
    Evidence,
}

/// The news of an edition, oldest first.
///
/// # Errors
///
/// Where a template fails.
pub fn announcements(edition: &Edition<'_>) -> Result<Vec<Announcement>, Box<Diagnostic>> {
    let since = edition.status.now() - REACH;
    let posts = edition.status.posts.iter();
    let recent = posts.filter(|post| post.updated.is_some_and(|at| at > since));
    let recent: Vec<OccurrenceIndex> = recent.filter_map(|post| post.shown).collect();
    // What the last build had of them is that of the feeds.
    let stories = stories(edition, &recent, &mut PageMemo::default())?;
    let mut found = Vec::new();
    for (index, story) in recent.iter().zip(&stories) {
        let of_post = OfPost::new(edition, *index, &story.address);
        let items = story.items.iter().filter(|item| item.at > since);
        found.extend(items.filter_map(|item| of_post.item(item)));
        found.extend(of_post.windows(since));
    }
    found.extend(evidence(edition));
    found.sort_by(|a, b| (a.message.at, &a.key).cmp(&(b.message.at, &b.key)));
    Ok(found)
}

/// The message by which somebody tries a channel in the language of an edition.
pub fn test_message(edition: &Edition<'_>) -> Message {
    let at = edition.status.now();
    let address = Route::index(edition.prefix()).on(edition.base_url);
    let text = edition.text("notify-test-text", &[]);
    Message {
        id: format!("{address}#test-{}", rfc3339(at)),
        about: About::Test,
        title: edition.text("notify-test", &[("title", edition.own(&edition.site.settings.title))]),
        html: paragraph(&text),
        text,
        ..blank(edition, address, at)
    }
}

/// A post of which there is news.
struct OfPost<'a> {
    edition: &'a Edition<'a>,
    occurrence: &'a Occurrence,
    index: OccurrenceIndex,
    post: &'a post::Post,
    address: &'a str,
}

impl<'a> OfPost<'a> {
    fn new(edition: &'a Edition<'a>, index: OccurrenceIndex, address: &'a str) -> Self {
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
    fn item(&self, item: &StoryItem) -> Option<Announcement> {
        let updates = self.edition.status.published(self.edition.site, self.occurrence.post);
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
        let message = Message {
            title: item.title.clone(),
            text: markdown::text_of_html(&item.html),
            html: item.html.clone(),
            about: About::Post(Post {
                state,
                state_text: self.state_text(said),
                impact: self.impact(&updates[..number.map_or(updates.len(), |it| it + 1)]),
                is_first: number.is_none_or(|it| it == 0) && item.told != Told::End,
                ..self.post_view()
            }),
            components: self.concerned(changes),
            ..blank(self.edition, item.address.clone(), item.at)
        };
        let what = match item.told {
            Told::End => "#ended",
            _ => "",
        };
        let telling = update.map_or(Telling::Aloud, |update| update.telling);
        let text = update.map(|update| digest_of(update, &update.text));
        let anchor = item.address.split_once('#').map(|(_, anchor)| anchor);
        Some(Announcement {
            // An end that no update announced is said at the head of the page.
            anchor: anchor.filter(|_| number.is_some()).map(str::to_owned),
            telling,
            digest: text.unwrap_or_else(|| hash(&[what, self.post.slug.as_str()])),
            ..self.announcement(item.at, &format!("{what}{}", ordinal(updates, number)), message)
        })
    }

    /// The openings and closings of windows since an instant of which no update says anything.
    fn windows(&self, since: Instant) -> Vec<Announcement> {
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
                && !matches!(course.state, None | Some(State::Scheduled | State::Cancelled));
            let begun = [State::InProgress, State::Verifying, State::Completed, State::Cancelled];
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

    /// The opening or closing of a window.
    fn window(&self, window: Window, at: Instant, state: State) -> Announcement {
        let words = self.state_text(Some(state));
        let (title, _) = self.post.title.get(self.edition.language());
        let times = [window.starts(), window.ends()].map(|it| self.edition.moment_text(it));
        let values = [("start", times[0].as_str()), ("end", times[1].as_str())];
        let text = self.edition.text("days-range", &values);
        let status = match state {
            State::InProgress => Status::UnderMaintenance,
            _ => Status::Operational,
        };
        let components = named(self.edition.site, self.occurrence).into_iter();
        let changes: Vec<_> = components.map(|component| (component, status)).collect();
        let message = Message {
            title: with_state(self.edition, &words, title),
            html: paragraph(&text),
            text,
            about: About::Post(Post {
                state: Some(state),
                state_text: words,
                window: Some(window),
                is_first: false,
                ..self.post_view()
            }),
            components: self.concerned(&changes),
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
            language: self.edition.language(),
            digest: hash(&[what, self.post.slug.as_str()]),
            cause: Cause::Person,
            components: named(self.edition.site, self.occurrence),
            telling: Telling::Aloud,
            file: Route::post(self.edition.prefix(), &self.post.slug).file(),
            anchor: None,
            message: Message {
                id: format!("{home}{key}"),
                ..message
            },
            key,
        }
    }

    /// The state in which the post is after an update, by its index.
    fn state_after(&self, updates: &[Update], number: usize) -> Option<State> {
        let of_this = self.occurrence.updates.clone();
        let states = self.edition.status.states(self.edition.site, self.index);
        let known = number.checked_sub(of_this.start).and_then(|at| states.get(at));
        let said = updates[..=number].iter().rev().map(|update| update.state);
        let mut said = said.filter(|state| *state != State::Update);
        let state = known.copied().or_else(|| said.next()).or_else(|| self.first_state());
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
                let window = notice.ends.and_then(|ends| Window::new(notice.starts, ends));
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

    /// The components that the post names, with the statuses that change.
    fn concerned(&self, changes: &[(ComponentIndex, Status)]) -> Vec<Concerned> {
        let components = named(self.edition.site, self.occurrence).into_iter();
        let status = |wanted| changes.iter().rev().find(|(it, _)| *it == wanted);
        components
            .map(|component| {
                let status = status(component).map(|(_, status)| *status);
                concerned(self.edition, component, status)
            })
            .collect()
    }
}

/// What evidence shows and nobody has said: the all-clear that was withdrawn, and the components of which it says another
/// thing than people do.
fn evidence(edition: &Edition<'_>) -> Vec<Announcement> {
    let snapshot = &edition.status.snapshot;
    let mut found = Vec::new();
    let headline = headline::view(edition);
    if let (HeadlineState::Unknown, Some(since)) = (snapshot.headline.state, snapshot.headline.since) {
        let affected = &snapshot.headline.affected;
        let of_each = affected.iter().map(|it| (*it, Status::Unknown));
        let said = (headline.text, headline.detail);
        found.push(of_evidence(edition, "unknown", since, said, of_each.collect()));
    }
    for (index, component) in snapshot.components.iter().enumerate() {
        let since = component.since.filter(|_| component.status == Status::Suspected);
        if let Some(since) = since {
            let index = ComponentIndex(index);
            let what = format!("suspected-{}", edition.site.components[index.0].id);
            let names = edition.component_name(index).to_owned();
            let said = (
                edition.text("headline-suspected", &[]),
                edition.locale.affected(Status::Suspected.as_str(), &names),
            );
            found.push(of_evidence(edition, &what, since, said, vec![(index, Status::Suspected)]));
        }
    }
    found
}

fn of_evidence(
    edition: &Edition<'_>,
    what: &str,
    since: Instant,
    (title, text): (String, String),
    components: Vec<(ComponentIndex, Status)>,
) -> Announcement {
    let route = Route::index(edition.prefix());
    let key = format!("#{what}@{}", rfc3339(since));
    let home = Route::index(None).on(edition.base_url);
    let each = components.iter();
    let each = each.map(|(index, status)| concerned(edition, *index, Some(*status)));
    Announcement {
        language: edition.language(),
        digest: hash(&[what]),
        cause: Cause::Evidence,
        telling: Telling::Aloud,
        file: route.file(),
        anchor: None,
        message: Message {
            id: format!("{home}{key}"),
            about: About::Evidence,
            title,
            html: paragraph(&text),
            text,
            components: each.collect(),
            ..blank(edition, route.on(edition.base_url), since)
        },
        components: components.into_iter().map(|(index, _)| index).collect(),
        key,
    }
}

fn concerned(edition: &Edition<'_>, component: ComponentIndex, status: Option<Status>) -> Concerned {
    Concerned {
        id: edition.site.components[component.0].id.clone(),
        name: edition.component_name(component).to_owned(),
        status,
        status_text: status.map_or_else(String::new, |status| {
            edition.text(&format!("status-{}", status.as_str()), &[])
        }),
    }
}

/// A message that says nothing yet.
fn blank(edition: &Edition<'_>, address: String, at: Instant) -> Message {
    let language = edition.locale.language();
    Message {
        id: String::new(),
        about: About::Test,
        title: String::new(),
        text: String::new(),
        html: String::new(),
        address,
        link: edition.text("feed-more", &[]),
        components: Vec::new(),
        at,
        at_text: edition.moment_text(at),
        page: Page {
            title: edition.own(&edition.site.settings.title).to_owned(),
            address: Route::index(edition.prefix()).on(edition.base_url),
            language: language.as_str().to_owned(),
            direction: language.direction().as_str().to_owned(),
        },
        reply_to: None,
        left: None,
    }
}

fn paragraph(text: &str) -> String {
    format!("<p>{}</p>\n", markdown::escaped(text))
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
fn digest_of(update: &Update, text: &crate::site::update::LocalizedMarkdown) -> String {
    let text = text.get(LanguageIndex::DEFAULT);
    let text = text.map_or("", |(text, _)| text.trim());
    hash(&[update.state.as_str(), text])
}

/// A short hash of some texts.
fn hash(texts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update(text.as_bytes());
        hasher.update([0]);
    }
    let digest = hasher.finalize();
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

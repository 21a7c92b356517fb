//! Putting an update into its file, as that is once everything about the update is known.
//!
//! Somebody may think for minutes about what to say, while a colleague saves the file, or a `git pull` replaces it. So
//! nothing that was read before counts any more: the whole site is read again, what could be refused is looked at again,
//! and the update goes into the text that is there then.

use std::thread;
use std::time::Duration;

use allclear::diagnostic::{Code, Diagnostics, Place, SourceFile};
use allclear::error::Error;
use allclear::generate;
use allclear::locale::{Language, Locale};
use allclear::site::edit::ended::with_ended;
use allclear::site::edit::heading::{NewHeading, NewStatus, NewUpdate};
use allclear::site::edit::time::local;
use allclear::site::edit::update::with_update;
use allclear::site::post::{Post, PostIndex};
use allclear::site::read::{AsOf, Drafts};
use allclear::site::update::Update;
use allclear::site::vocabulary::State;
use allclear::site::{Site, Slug};
use allclear::status::SiteStatus;
use allclear::time::Instant;
use allclear::write::edit;
use camino::{Utf8Path, Utf8PathBuf};
use chrono::TimeDelta;

use super::super::clock::BuildTime;
use super::super::failure::{Failure, bad_argument, bad_text};
use super::super::global::Global;
use super::super::print::{report, report_all};
use super::super::typed_time::{TimeOption, TypedTime, Viewpoint};
use super::details::{Details, ends};
use super::find::{is_open, refuse_unfit};

/// How often a site is read again that cannot be read: somebody may be in the middle of saving a file.
const ATTEMPTS: usize = 10;

/// How long between two of these readings.
const INTERVAL: Duration = Duration::from_millis(100);

/// How far ahead of the present an update may be dated, so that it is later than others of the same second.
const AHEAD: TimeDelta = TimeDelta::seconds(5);

/// A byte-order mark, which stays where it is.
const MARK: &str = "\u{feff}";

/// Everything that is said about an update.
pub(super) struct Said<'a> {
    pub(super) slug: Slug,
    pub(super) state: State,
    pub(super) changes: Vec<NewStatus>,
    pub(super) details: Details<'a>,
    /// When the command was given, from which times count that were typed with it.
    pub(super) time: BuildTime,
    /// Whether the post had ended then.
    pub(super) had_ended: bool,
    pub(super) message: String,
}

/// An update as it is at an instant, and what else it changes.
struct Composed<'a> {
    update: NewUpdate,
    at: Instant,
    ended: Option<(TimeOption<'a>, TypedTime)>,
}

impl<'a> Said<'a> {
    /// Refuses what must not be said of a post, as the site and its status are.
    pub(super) fn refuse(
        &self,
        site: &Site,
        post: PostIndex,
        status: &SiteStatus,
    ) -> Result<(), Failure> {
        self.compose(site, post, status).map(drop)
    }

    /// The update of a post, as the site and its status are; what must not be said is refused.
    fn compose(
        &self,
        site: &Site,
        index: PostIndex,
        status: &SiteStatus,
    ) -> Result<Composed<'a>, Failure> {
        let post = site.post(index);
        refuse_unfit(site, status, index, self.state)?;
        if self.state != State::Postmortem && !self.had_ended && has_ended(site, status, index) {
            let slug = &self.slug;
            return Err(bad_argument(
                format!("`{slug}` was ended meanwhile"),
                format!(
                    "read `{}`, and say it again if it is still true",
                    post.place.file.path
                ),
            ));
        }
        let changes = match self.details.components {
            [] => self.changes.clone(),
            _ => self.details.changes(site, post, self.state)?,
        };
        let zone = site.settings.time_zone;
        let at = moment(
            Viewpoint {
                now: status.now(),
                zone,
            },
            post,
        )?;
        let next = self
            .details
            .promise(self.state, Viewpoint { now: at, zone })?;
        let now = self.time.instant();
        let ended = self.details.end(post, Viewpoint { now, zone })?;
        let heading = match site.locales.first() {
            Some(locale) => NewHeading::new(self.state, locale, local(at, zone)),
            None => NewHeading::new(
                self.state,
                &Locale::new(&Language::english()),
                local(at, zone),
            ),
        };
        Ok(Composed {
            update: NewUpdate {
                heading: NewHeading {
                    changes,
                    next,
                    ..heading
                },
                message: self.message.clone(),
            },
            at,
            ended,
        })
    }
}

/// Whether the last word on a post is that it is over.
pub(super) fn has_ended(site: &Site, status: &SiteStatus, index: PostIndex) -> bool {
    let last = site.post(index).updates.last();
    let is_last_word = last.is_some_and(|it| ends(it.state) || it.state == State::Cancelled);
    is_last_word && !is_open(status.of_post(index))
}

/// An update that was posted.
pub(super) struct Posted {
    /// The site without it.
    pub(super) before: Site,
    /// Its post in that one.
    index: PostIndex,
    /// The site with it.
    pub(super) after: Site,
    /// What contradicts itself in it.
    pub(super) doubts: Diagnostics,
    /// Its time.
    pub(super) at: Instant,
    /// The present then.
    pub(super) now: Instant,
}

impl Posted {
    /// The post without the update.
    pub(super) fn post(&self) -> &Post {
        self.before.post(self.index)
    }
}

/// The reason why an update cannot be put into a file.
enum Obstacle {
    /// It must not be posted.
    Refused(Failure),
    /// The site with it would be wrong.
    Wrong(Diagnostics),
    /// The site cannot be read as it is.
    Unreadable(Diagnostics),
    /// The post is in another file.
    Elsewhere(Utf8PathBuf),
}

impl From<Error> for Obstacle {
    fn from(error: Error) -> Self {
        Self::Refused(error.into())
    }
}

impl From<Failure> for Obstacle {
    fn from(failure: Failure) -> Self {
        Self::Refused(failure)
    }
}

/// Puts an update into the file in which its post is by now; `None` where that would make the site wrong, or where it is
/// wrong as it is, which is reported.
pub(super) fn put(
    said: &Said<'_>,
    path: &Utf8Path,
    global: &Global,
) -> Result<Option<Posted>, Failure> {
    let mut path = path.to_owned();
    let mut attempts = 0;
    let diagnostics = loop {
        attempts += 1;
        let posted = edit(&global.to_write(&path)?, |text| {
            into(text, &path, said, global)
        });
        match posted {
            Ok(posted) => return Ok(Some(posted)),
            Err(Obstacle::Refused(failure)) => return Err(failure),
            Err(Obstacle::Wrong(diagnostics)) => break diagnostics,
            Err(Obstacle::Elsewhere(other)) if attempts < ATTEMPTS => path = other,
            Err(Obstacle::Elsewhere(_)) => return Err(gone(&said.slug)),
            Err(Obstacle::Unreadable(_)) if attempts < ATTEMPTS => thread::sleep(INTERVAL),
            Err(Obstacle::Unreadable(diagnostics)) => break diagnostics,
        }
    };
    report_all(&diagnostics, global);
    report("nothing was written\n");
    Ok(None)
}

/// The text of a file with the update in it.
fn into(
    text: &str,
    path: &Utf8Path,
    said: &Said<'_>,
    global: &Global,
) -> Result<(String, Posted), Obstacle> {
    let time = match said.time {
        BuildTime::Clock(_) => said.details.now.resolve(global)?,
        chosen => chosen,
    };
    let (mark, text) = match text.strip_prefix(MARK) {
        Some(text) => (MARK, text),
        None => ("", text),
    };
    let before = site_with(text, path, global)?;
    let status = SiteStatus::new(&before, time.instant());
    let index = before.posts.iter().position(|it| it.slug == said.slug);
    let index = PostIndex(index.ok_or_else(|| gone(&said.slug))?);
    let post = before.post(index);
    let file = &post.place.file.path;
    if file != path {
        return Err(Obstacle::Elsewhere(file.clone()));
    }
    let Composed { update, at, ended } = said.compose(&before, index, &status)?;
    let text = with_update(post, &update);
    let text = match ended {
        Some((option, ended)) => with_end(post, &text, option, &ended)?,
        None => text,
    };
    let (after, doubts) = verified(post, &text, time.as_of(), global)?;
    let posted = Posted {
        before,
        index,
        after,
        doubts,
        at,
        now: time.instant(),
    };
    Ok((format!("{mark}{text}"), posted))
}

/// The site as it is, with this text of a file.
fn site_with(text: &str, path: &Utf8Path, global: &Global) -> Result<Site, Obstacle> {
    let mut diagnostics = Diagnostics::new();
    let (folder, found) = (&global.site, &mut diagnostics);
    let site = match text.is_empty() {
        // It is not there.
        true => generate::read(folder, Drafts::Included, found)?,
        false => {
            let file = SourceFile {
                path: path.to_owned(),
                text: text.to_owned(),
            };
            generate::read_with(file, folder, Drafts::Included, AsOf::History, found)?
        }
    };
    let readable = site.filter(|_| diagnostics.errors() == 0);
    readable.ok_or(Obstacle::Unreadable(diagnostics))
}

fn gone(slug: &Slug) -> Failure {
    bad_argument(
        format!("there is no incident `{slug}` any more"),
        "somebody has moved or deleted its file; `allclear status` lists those that are open",
    )
}

/// The text of an incident's file that says when it was over.
fn with_end(
    post: &Post,
    text: &str,
    option: TimeOption<'_>,
    ended: &TypedTime,
) -> Result<String, Failure> {
    with_ended(post, text, &ended.text).ok_or_else(|| {
        let hint = format!("write `ended` into `{}` yourself", post.place.file.path);
        option.refuse("the front matter is not of one key a line", hint)
    })
}

/// The site with the new text of a post, and what contradicts itself in its new update.
fn verified(
    post: &Post,
    text: &str,
    as_of: AsOf,
    global: &Global,
) -> Result<(Site, Diagnostics), Obstacle> {
    let path = &post.place.file.path;
    let file = SourceFile {
        path: path.clone(),
        text: text.to_owned(),
    };
    let mut diagnostics = Diagnostics::new();
    let folder = &global.site;
    let after = generate::read_with(file, folder, Drafts::Included, as_of, &mut diagnostics)?;
    let Some(after) = after.filter(|_| diagnostics.errors() == 0) else {
        return Err(
            match bad_text("the text for readers (`-m`)", &diagnostics, path) {
                Some(refused) => Obstacle::Refused(refused),
                None => Obstacle::Wrong(diagnostics),
            },
        );
    };
    let changed = after.posts.iter().find(|it| it.slug == post.slug);
    let updates = changed.map(|it| it.updates.as_slice());
    let Some([.., posted]) = updates.filter(|it| it.len() == post.updates.len() + 1) else {
        return Err(Obstacle::Refused(bad_argument(
            "a heading in this text reads as an update of its own",
            "write it with `###`; nothing was changed",
        )));
    };
    let doubts = doubts(posted, &diagnostics);
    Ok((after, doubts))
}

/// What contradicts itself in the heading of an update.
fn doubts(update: &Update, diagnostics: &Diagnostics) -> Diagnostics {
    let (line, _) = update.place.line_column();
    let mut doubts = Diagnostics::new();
    for diagnostic in diagnostics.iter() {
        let place = diagnostic.location.place();
        let is_there = |place: &Place| {
            place.file.path == update.place.file.path && place.line_column().0 == line
        };
        if diagnostic.code == Code::ImpossibleCourse && place.is_some_and(is_there) {
            doubts.push(diagnostic.clone());
        }
    }
    doubts
}

/// The time of an update: now, to the minute, but later than the last one.
///
/// Where so many are posted at once that the last one is dated ahead as far as may be, they share its time: of those the
/// file keeps the order.
fn moment(view: Viewpoint, post: &Post) -> Result<Instant, Failure> {
    let (now, minute) = (view.now, view.to_the_minute().now);
    let first = post.updates.first().map(|update| update.at);
    let last = post.updates.last().map(|update| update.at);
    let at = match last {
        Some(last) if last == now + AHEAD && first < Some(last) => last,
        Some(last) if now <= last => last + TimeDelta::seconds(1),
        Some(last) if minute <= last => now,
        _ => minute,
    };
    if at - now > AHEAD {
        let last = local(last.unwrap_or(at), view.zone);
        return Err(bad_argument(
            format!("the newest update is dated {last}, which is still to come"),
            "look at that time, and at `time_zone` in `allclear.toml`; nothing was changed",
        ));
    }
    Ok(at)
}

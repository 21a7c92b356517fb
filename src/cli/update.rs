//! `allclear update` and `allclear resolve`.

use allclear::diagnostic::nearest_hint;
use allclear::error::Error;
use allclear::locale::Locale;
use allclear::output::summary;
use allclear::site::Site;
use allclear::site::edit::update;
use allclear::site::post::{Kind, Post, PostIndex};
use allclear::site::read::Drafts;
use allclear::site::vocabulary::{State, Status};
use allclear::status::SiteStatus;
use allclear::status::occurrence::Occurrence;
use allclear::time::Instant;
use chrono::TimeDelta;
use clap::Args;

use super::clock::{BuildTime, Now};
use super::{Global, Outcome, answer, ask, bad_argument, replace};

/// Post an update to an incident or a maintenance
///
/// What is not said is asked for on a terminal. The rest of the file stays as it is, byte by byte; where the
/// update would make the site wrong, nothing is written.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear update monitoring -m \"A fix is out.\" -c login=degraded_performance --next 30m
  allclear update log-in identified -m \"A disk is full.\"
  git log -1 --format=%b | allclear update log-in resolved -m -")]
pub(crate) struct Update {
    /// The incident, by any part of its name that no other has (not needed where one is open), and what its state
    /// is now: `investigating`, `identified`, `monitoring`, `resolved`, `postmortem` or `update`; of a maintenance
    /// `in_progress`, `verifying`, `completed` or `cancelled`
    #[arg(value_name = "SLUG] [STATUS", num_args = 0..=2)]
    words: Vec<String>,
    #[command(flatten)]
    what: What,
    /// When the next update will come, as `30m` or a time
    #[arg(long, value_name = "WHEN")]
    next: Option<String>,
}

/// Say that an incident or a maintenance is over
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  allclear resolve -m \"Everybody can log in again.\"")]
pub(crate) struct Resolve {
    /// The incident, by any part of its name that no other has; not needed where one is open
    slug: Option<String>,
    #[command(flatten)]
    what: What,
}

#[derive(Debug, Args)]
struct What {
    /// The text for readers, in Markdown; `-` takes it from what is piped in
    #[arg(long, short, value_name = "TEXT")]
    message: Option<String>,
    /// How a component is now: `operational`, `degraded_performance`, `partial_outage`, `major_outage`, or in a
    /// maintenance `under_maintenance` (may be repeated)
    #[arg(long = "component", short, value_name = "ID=STATUS")]
    components: Vec<String>,
    #[command(flatten)]
    now: Now,
}

impl Update {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Error> {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        post(&words, (&self.what, self.next.as_deref()), global)
    }
}

impl Resolve {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Error> {
        let words: Vec<&str> = (self.slug.as_deref().into_iter())
            .chain(["resolved"])
            .collect();
        post(&words, (&self.what, None), global)
    }
}

/// `words` are the incident and its state; either may be left out.
fn post(
    words: &[&str],
    (what, next): (&What, Option<&str>),
    global: &Global,
) -> Result<Outcome, Error> {
    let time = what.now.resolve()?;
    let now = time.instant();
    let (site, diagnostics) = allclear::generate::read(&global.site, Drafts::Included)?;
    let Some(site) = site.filter(|_| diagnostics.errors() == 0) else {
        super::tell_all(&diagnostics, global);
        return Ok(Outcome::Findings);
    };
    let locales: Vec<Locale> = site.settings.languages.iter().map(Locale::new).collect();
    let like = |part: &str| site.posts.iter().any(|it| has(it, part));
    let (slug, said) = match words {
        [] => (None, None),
        [one] => match state(one, &locales) {
            Err(_) if like(one) => (Some(*one), None),
            state => (None, Some(state?)),
        },
        [slug, word, ..] => (Some(*slug), Some(state(word, &locales)?)),
    };
    let status = SiteStatus::new(&site, now);
    let index = find(&site, &status, slug, said)?;
    let incident = &site.posts[index.0];
    let state = match said {
        Some(State::Resolved) if matches!(incident.kind, Kind::Maintenance(_)) => State::Completed,
        Some(state) => state,
        None => ask_state(incident)?,
    };
    fits(incident, status.of_post(index), state, now)?;
    let file = incident.place.file.path.clone();
    let changes = changes(what, &site, incident, state, said.is_none())?;
    let message = ask::message(what.message.as_deref(), "What should readers know?")?;
    let last = incident.updates.last().map(|update| update.at);
    let at = moment(now, last);
    if at - now > TimeDelta::seconds(5) {
        return Err(bad_argument(
            format!(
                "the newest update is dated {}, which is still to come",
                super::local(&site, at)
            ),
            "look at that time, and at `time_zone` in `allclear.toml`; nothing was changed",
        ));
    }
    let own = locales
        .first()
        .map(|locale| locale.text(&format!("state-{}", state.as_str()), &[]));
    let mut heading = format!("{} · {}", own.unwrap_or_default(), super::local(&site, at));
    let mut attributes = changes;
    if let Some(next) = next {
        attributes.push(format!("next={}", next.trim().replace(' ', "T")));
    }
    if !attributes.is_empty() {
        heading.push_str(&format!(" {{{}}}", attributes.join(" ")));
    }
    let text = update::with_update(incident, &heading, &message);
    let (after, diagnostics) =
        allclear::generate::read_with(&global.site, Drafts::Included, &file, text.clone())?;
    let Some(after) = after.filter(|_| diagnostics.errors() == 0) else {
        super::tell_all(&diagnostics, global);
        super::tell("nothing was written\n");
        return Ok(Outcome::Findings);
    };
    let count = |site: &Site| {
        let mut all = site.posts.iter();
        all.find(|it| it.slug == incident.slug)
            .map(|it| it.updates.len())
    };
    if count(&after) != Some(incident.updates.len() + 1) {
        return Err(bad_argument(
            "a heading in this text reads as an update of its own",
            "write it with `###`; nothing was changed",
        ));
    }
    replace(&global.in_site(&file), &text)?;
    if let (BuildTime::Clock(_), Ok(ahead)) = (time, (at - now).to_std()) {
        // Two updates in a second: the page shows the later one only once its time has come.
        std::thread::sleep(ahead);
    }
    if !global.quiet {
        let status = SiteStatus::new(&after, now.max(at));
        let summary = summary::summary(&after, &status);
        let path = global.in_site(&file);
        answer(&format!(
            "Wrote {path}. Once it is built, the page will say:\n\n{}",
            summary::human::text(&summary)
        ));
    }
    Ok(Outcome::Clean)
}

/// Refuses to end what has not begun, or is over.
fn fits(post: &Post, occurrences: &[Occurrence], state: State, now: Instant) -> Result<(), Error> {
    let slug = post.slug.as_str();
    let mut starts = occurrences.iter().map(|it| it.course.start);
    let begun = starts.any(|start| start <= now);
    let is_open = is_open(occurrences);
    let is_planned = is_planned(occurrences);
    match (&post.kind, state) {
        (Kind::Maintenance(_), State::Completed | State::Verifying) if !begun => Err(bad_argument(
            format!("`{slug}` has not begun"),
            format!(
                "say that it has with `allclear update {slug} in_progress`, or call it off with `cancelled`"
            ),
        )),
        (Kind::Maintenance(_), State::Scheduled | State::Cancelled) if !is_open && !is_planned => {
            Err(bad_argument(
                format!("`{slug}` is over"),
                "say what there is to say of it with `update`",
            ))
        }
        (Kind::Incident(_), State::Resolved) if !is_open => Err(bad_argument(
            format!("`{slug}` is over"),
            format!("add what was learnt with `allclear update {slug} postmortem`"),
        )),
        _ => Ok(()),
    }
}

/// The state that a word names, in English or a language of the site.
fn state(word: &str, locales: &[Locale]) -> Result<State, Error> {
    let english = Locale::new(&allclear::locale::Language::english());
    let known = std::iter::once(&english).chain(locales);
    let found = known.filter_map(|locale| locale.update_state(word)).next();
    found.and_then(State::parse).ok_or_else(|| {
        let words: Vec<&str> = State::words().collect();
        bad_argument(
            format!("`{word}` is no state of an incident or a maintenance"),
            nearest_hint(word, words.iter().copied())
                .unwrap_or_else(|| format!("the states are {}", words.join(", "))),
        )
    })
}

/// Whether a part of its slug is this.
fn has(post: &Post, part: &str) -> bool {
    let slug = post.slug.as_str().to_lowercase();
    slug.contains(&part.to_lowercase())
}

/// Whether one of the occurrences of a post is going on.
fn is_open(occurrences: &[Occurrence]) -> bool {
    occurrences.iter().any(|it| it.course.is_open)
}

/// Whether one of the occurrences of a post is still to come.
fn is_planned(occurrences: &[Occurrence]) -> bool {
    let mut states = occurrences.iter().map(|it| it.course.state);
    states.any(|state| state == Some(State::Scheduled))
}

/// The incident that is meant.
fn find(
    site: &Site,
    status: &SiteStatus,
    part: Option<&str>,
    state: Option<State>,
) -> Result<PostIndex, Error> {
    let all = || {
        let posts = (0..site.posts.len()).map(PostIndex);
        posts.filter(|it| !matches!(site.post(*it).kind, Kind::Notice(_)))
    };
    let fits = |post: &PostIndex| match (state, &site.post(*post).kind) {
        (None | Some(State::Resolved), _) => true,
        (Some(state), Kind::Maintenance(_)) => state.fits_maintenance(),
        (Some(state), _) => state.fits_incident(),
    };
    // A maintenance that repeats may be under way, or planned, for any of its times.
    let is_open = |post: &PostIndex| is_open(status.of_post(*post));
    let is_planned = |post: &PostIndex| is_planned(status.of_post(*post));
    let is_going_on = |post: &PostIndex| is_open(post) || is_planned(post);
    let slug = |post: &PostIndex| site.post(*post).slug.as_str();
    let names = |posts: &[PostIndex]| -> Vec<String> {
        posts.iter().map(|post| slug(post).to_owned()).collect()
    };
    let candidates: Vec<PostIndex> = match part {
        Some(part) => {
            let exact: Vec<_> = all().filter(|it| slug(it) == part).collect();
            let like = |it: &PostIndex| has(site.post(*it), part);
            let open: Vec<_> = all().filter(like).filter(is_going_on).collect();
            let any: Vec<_> = all().filter(like).collect();
            [exact, open, any]
                .into_iter()
                .find(|found| !found.is_empty())
                .unwrap_or_default()
        }
        None => all().filter(fits).filter(is_open).collect(),
    };
    match (candidates.as_slice(), part) {
        ([one], _) => Ok(*one),
        ([], Some(part)) => {
            let slugs = names(&all().collect::<Vec<_>>());
            let hint = nearest_hint(part, slugs.iter().map(String::as_str));
            Err(bad_argument(
                format!("no incident has `{part}` in its name"),
                hint.unwrap_or_else(|| "`allclear status` lists those that are open".to_owned()),
            ))
        }
        ([], None) => {
            let planned = names(&all().filter(fits).filter(is_planned).collect::<Vec<_>>());
            let hint = match planned.is_empty() {
                true => "name the incident, or start one with `allclear new incident`".to_owned(),
                false => format!("name what is only planned: {}", planned.join(", ")),
            };
            Err(bad_argument("nothing is open", hint))
        }
        (several, _) if ask::is_answered() => {
            let chosen = ask::choose("Which one?", names(several))?;
            let found = several.iter().find(|it| slug(it) == chosen);
            found
                .copied()
                .ok_or_else(|| bad_argument("nothing was chosen", "nothing was changed"))
        }
        (several, _) => Err(bad_argument(
            format!("which one is meant: {}?", names(several).join(", ")),
            "name it before the state, by any part that no other has",
        )),
    }
}

fn ask_state(post: &Post) -> Result<State, Error> {
    let fits = |state: &State| match post.kind {
        Kind::Maintenance(_) => state.fits_maintenance(),
        _ => state.fits_incident(),
    };
    let states: Vec<State> = State::ALL.iter().copied().filter(fits).collect();
    let words: Vec<String> = states
        .iter()
        .map(|state| state.as_str().to_owned())
        .collect();
    if !ask::is_answered() {
        return Err(bad_argument(
            "there is no state",
            format!("say one of {}", words.join(", ")),
        ));
    }
    let word = ask::choose("What is its state now?", words)?;
    Ok(State::parse(&word).unwrap_or(State::Update))
}

/// The components that change, as attributes of the heading; asked for where the state was too.
fn changes(
    what: &What,
    site: &Site,
    post: &Post,
    state: State,
    asked: bool,
) -> Result<Vec<String>, Error> {
    let statuses: &[Status] = match post.kind {
        Kind::Maintenance(_) => &[Status::UnderMaintenance, Status::Operational],
        _ => &[
            Status::Operational,
            Status::DegradedPerformance,
            Status::PartialOutage,
            Status::MajorOutage,
        ],
    };
    let ends = state.ends_incident() || state.ends_maintenance();
    if what.components.is_empty() && asked && !ends && ask::is_answered() {
        return ask::components(site, statuses);
    }
    for named in &what.components {
        let Some((id, word)) = named.split_once('=') else {
            super::known_component(site, named)?;
            return Err(bad_argument(
                format!("`{named}` does not say how the component is"),
                format!("write `-c {named}=operational`, or another status"),
            ));
        };
        super::known_component(site, id)?;
        super::known_status(word)?;
        if ends && word != Status::Operational.as_str() {
            return Err(bad_argument(
                format!(
                    "once this is `{}`, every component of it is operational",
                    state.as_str()
                ),
                format!("leave `-c {named}` out, or post `monitoring` first"),
            ));
        }
    }
    Ok(what.components.clone())
}

/// When an update is posted: now, to the minute, but later than the last one.
fn moment(now: Instant, last: Option<Instant>) -> Instant {
    let minute = now - TimeDelta::seconds(now.timestamp().rem_euclid(60));
    match last {
        Some(last) if now <= last => last + TimeDelta::seconds(1),
        Some(last) if minute <= last => now,
        _ => minute,
    }
}

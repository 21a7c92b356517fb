//! `allclear update` and `allclear resolve`.

use allclear::diagnostic::Diagnostics;
use allclear::generate;
use allclear::locale::Locale;
use allclear::site::Site;
use allclear::site::edit::heading::NewStatus;
use allclear::site::post::{Kind, Post, PostIndex};
use allclear::site::read::Drafts;
use allclear::site::vocabulary::{State, Status, Word};
use allclear::status::SiteStatus;
use clap::Args;

use self::details::{Details, ends};
use self::find::{find, has, refuse_unfit, state};
use self::put::{Posted, Said, has_ended, put};
use super::ask::{self, or_give_back, unposted};
use super::clock::{BuildTime, Now};
use super::failure::{Failure, bad_argument};
use super::global::Global;
use super::news::news;
use super::outcome::Outcome;
use super::print::{print, report, report_all};

mod details;
mod find;
mod late;
mod put;

/// Post an update to an incident or a maintenance
///
/// What is not said is asked for on a terminal. The rest of the file stays as it is, byte by byte; where the
/// update would make the site wrong, nothing is written.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear update monitoring -m \"A fix is out.\" -c login=degraded_performance --next 30m
  allclear update log-in identified -m \"A disk is full.\"
  git log -1 --format=%b | allclear update log-in resolved -m -")]
pub(crate) struct UpdateArgs {
    /// The incident, by any part of its name that no other has (not needed where one is open), and what its state
    /// is now: `investigating`, `identified`, `monitoring`, `resolved`, `postmortem` or `update`; of a maintenance
    /// `in_progress`, `verifying`, `completed` or `cancelled`
    #[arg(value_name = "SLUG] [STATE", num_args = 0..=2)]
    words: Vec<String>,
    #[command(flatten)]
    shared: SharedArgs,
    /// When the next update will come, as `30m` or a time; without it, none is promised
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    next: Option<String>,
}

/// Say that an incident or a maintenance is over
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear resolve -m \"Everybody can log in again.\"
  allclear resolve -m \"Everybody can log in again.\" --ended -20m")]
pub(crate) struct ResolveArgs {
    /// The incident, by any part of its name that no other has; not needed where one is open
    slug: Option<String>,
    #[command(flatten)]
    shared: SharedArgs,
    /// When it was over, as `10:30`, `yesterday 22:00` or `-20m` [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    ended: Option<String>,
}

#[derive(Debug, Args)]
struct SharedArgs {
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

impl UpdateArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        let order = Order {
            words: self.words.iter().map(String::as_str).collect(),
            message: self.shared.message.as_deref(),
            details: self.shared.details(self.next.as_deref(), None),
        };
        post(&order, global)
    }
}

impl ResolveArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        let slug = self.slug.as_deref().into_iter();
        let order = Order {
            words: slug.chain([State::Resolved.as_str()]).collect(),
            message: self.shared.message.as_deref(),
            details: self.shared.details(None, self.ended.as_deref()),
        };
        post(&order, global)
    }
}

impl SharedArgs {
    /// The details of an update, with what only one of the commands takes.
    fn details<'a>(&'a self, next: Option<&'a str>, ended: Option<&'a str>) -> Details<'a> {
        Details {
            now: &self.now,
            components: &self.components,
            next,
            ended,
        }
    }
}

/// The arguments of either command.
struct Order<'a> {
    /// The post and its state; either may be left out.
    words: Vec<&'a str>,
    /// The text for readers.
    message: Option<&'a str>,
    details: Details<'a>,
}

/// The post that an update is for, and its state then.
struct Resolved {
    post: PostIndex,
    state: State,
    changes: Vec<NewStatus>,
}

/// Posts an update, and prints what the page says then.
fn post(order: &Order<'_>, global: &Global) -> Result<Outcome, Failure> {
    let time = order.details.now.resolve(global)?;
    let mut diagnostics = Diagnostics::new();
    let site = generate::read(&global.site, Drafts::Included, &mut diagnostics)?;
    let Some(site) = site.filter(|_| diagnostics.errors() == 0) else {
        report_all(&diagnostics, global);
        return Ok(Outcome::Findings);
    };
    let status = SiteStatus::new(&site, time.instant());
    let Resolved {
        post: index,
        state,
        changes,
    } = resolve(order, &site, &site.locales, &status)?;
    let post = site.post(index);
    let mut said = Said {
        slug: post.slug.clone(),
        state,
        changes,
        details: order.details,
        time,
        had_ended: has_ended(&site, &status, index),
        message: String::new(),
    };
    // All that may be refused comes before the text, which somebody may have to write.
    said.refuse(&site, index, &status)?;
    said.message = ask::message(order.message, "What should readers know?")?;
    let posted = put(&said, &post.place.file.path, global);
    let Some(posted) = posted.map_err(or_give_back(order.message, &said.message))? else {
        unposted(order.message, &said.message);
        return Ok(Outcome::Findings);
    };
    if let (BuildTime::Clock(_), Ok(ahead)) = (time, (posted.at - posted.now).to_std()) {
        // Two updates in a second: the page shows the later one only once its time has come.
        std::thread::sleep(ahead);
    }
    if !global.quiet {
        tell(&posted, global);
    }
    Ok(Outcome::Clean)
}

/// Prints what the page says once an update is posted.
fn tell(posted: &Posted, global: &Global) {
    let (post, now) = (posted.post(), posted.now.max(posted.at));
    if let Some(overrun) = late::overrun(post, &posted.before, &posted.after, now) {
        report(&overrun);
    }
    let path = global.in_site(&post.place.file.path);
    print(&news(&path, &posted.after, now));
    report_all(&posted.doubts, global);
}

/// The post, the state and the changes that are meant; what is missing is asked for.
fn resolve(
    order: &Order<'_>,
    site: &Site,
    locales: &[Locale],
    status: &SiteStatus,
) -> Result<Resolved, Failure> {
    let like = |part: &str| site.posts.iter().any(|it| has(it, part));
    let (slug, named_state) = match order.words.as_slice() {
        [] => (None, None),
        [one] => match state(one, locales) {
            Err(_) if like(one) => (Some(*one), None),
            state => (None, Some(state?)),
        },
        [slug, word, ..] => (Some(*slug), Some(state(word, locales)?)),
    };
    let index = find(site, status, slug, named_state)?;
    let post = site.post(index);
    let state = match named_state {
        Some(State::Resolved) if matches!(post.kind, Kind::Maintenance(_)) => State::Completed,
        Some(state) => state,
        None => ask_state(post)?,
    };
    refuse_unfit(site, status, index, state)?;
    let is_asked =
        named_state.is_none() && order.details.components.is_empty() && ask::is_answered();
    let changes = match is_asked && !ends(state) {
        true => ask_changes(post, site)?,
        false => order.details.changes(site, post, state)?,
    };
    Ok(Resolved {
        post: index,
        state,
        changes,
    })
}

fn ask_state(post: &Post) -> Result<State, Failure> {
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

/// The components whose status changes, by the answers to questions.
fn ask_changes(post: &Post, site: &Site) -> Result<Vec<NewStatus>, Failure> {
    let statuses: &[Status] = match post.kind {
        Kind::Maintenance(_) => &[Status::UnderMaintenance, Status::Operational],
        _ => &[
            Status::Operational,
            Status::DegradedPerformance,
            Status::PartialOutage,
            Status::MajorOutage,
        ],
    };
    let chosen = ask::components(site, statuses)?.into_iter();
    let changes = chosen.filter_map(|it| {
        Some(NewStatus {
            component: it.id,
            status: it.status?,
        })
    });
    Ok(changes.collect())
}

//! `allclear update` and `allclear resolve`.

use allclear::diagnostic::{Code, Diagnostics, Place, SourceFile};
use allclear::generate;
use allclear::locale::Locale;
use allclear::site::Site;
use allclear::site::edit::ended::with_ended;
use allclear::site::edit::heading::{NewHeading, NewStatus, NewUpdate};
use allclear::site::edit::time::local;
use allclear::site::edit::update::with_update;
use allclear::site::post::{Kind, Post, PostIndex};
use allclear::site::read::{AsOf, Drafts};
use allclear::site::update::Update;
use allclear::site::vocabulary::{State, Status, Word};
use allclear::status::SiteStatus;
use allclear::time::{Instant, with_offset};
use allclear::write::replace;
use chrono::TimeDelta;
use clap::Args;

use self::find::{find, has, refuse_unfit, state};
use super::argument::NamedComponent;
use super::ask;
use super::clock::{BuildTime, Now};
use super::failure::{Failure, bad_argument, bad_text};
use super::global::Global;
use super::news::news;
use super::outcome::Outcome;
use super::print::{print, report, report_all};
use super::typed_time::{TimeOption, TypedTime, Viewpoint};

mod find;
mod late;

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
    #[arg(value_name = "SLUG] [STATUS", num_args = 0..=2)]
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
            args: &self.shared,
            next: self.next.as_deref(),
            ended: None,
        };
        post(&order, global)
    }
}

impl ResolveArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        let slug = self.slug.as_deref().into_iter();
        let order = Order {
            words: slug.chain([State::Resolved.as_str()]).collect(),
            args: &self.shared,
            next: None,
            ended: self.ended.as_deref(),
        };
        post(&order, global)
    }
}

/// The arguments of either command.
struct Order<'a> {
    /// The post and its state; either may be left out.
    words: Vec<&'a str>,
    args: &'a SharedArgs,
    /// When the next update will come, as it was typed.
    next: Option<&'a str>,
    /// When an incident was over, as it was typed.
    ended: Option<&'a str>,
}

/// The post that an update is for, and its state then.
struct Resolved {
    post: PostIndex,
    state: State,
    changes: Vec<NewStatus>,
}

/// Posts an update, and prints what the page says then.
fn post(order: &Order<'_>, global: &Global) -> Result<Outcome, Failure> {
    let time = order.args.now.resolve(global)?;
    let now = time.instant();
    let mut diagnostics = Diagnostics::new();
    let site = generate::read(&global.site, Drafts::Included, &mut diagnostics)?;
    let Some(site) = site.filter(|_| diagnostics.errors() == 0) else {
        report_all(&diagnostics, global);
        return Ok(Outcome::Findings);
    };
    let locales: Vec<Locale> = site.settings.languages.iter().map(Locale::new).collect();
    let Resolved {
        post,
        state,
        changes,
    } = resolve(order, &site, &locales, &SiteStatus::new(&site, now))?;
    let post = site.post(post);
    let zone = site.settings.time_zone;
    let last = post.updates.last().map(|update| update.at);
    let at = moment(Viewpoint { now, zone }, last);
    let posted = local(at, zone);
    if at - now > TimeDelta::seconds(5) {
        let last = local(last.unwrap_or(at), zone);
        return Err(bad_argument(
            format!("the newest update is dated {last}, which is still to come"),
            "look at that time, and at `time_zone` in `allclear.toml`; nothing was changed",
        ));
    }
    let view = Viewpoint { now: at, zone };
    let english = Locale::new(&allclear::locale::Language::english());
    // All that may be refused comes before the text, which somebody may have to write.
    let next = promise(order, state, view)?;
    let ended = order
        .ended
        .map(|typed| end(post, typed, view))
        .transpose()?;
    let message = ask::message(order.args.message.as_deref(), "What should readers know?")?;
    let update = NewUpdate {
        heading: NewHeading {
            changes,
            next,
            ..NewHeading::new(state, locales.first().unwrap_or(&english), posted)
        },
        message,
    };
    let text = with_update(post, &update);
    let text = match ended {
        Some((option, ended)) => with_end(post, &text, option, &ended)?,
        None => text,
    };
    let Some((after, doubts)) = verified(post, &text, time.as_of(), global)? else {
        return Ok(Outcome::Findings);
    };
    let path = global.in_site(&post.place.file.path);
    replace(&global.to_write(&post.place.file.path)?, &text)?;
    if let (BuildTime::Clock(_), Ok(ahead)) = (time, (at - now).to_std()) {
        // Two updates in a second: the page shows the later one only once its time has come.
        std::thread::sleep(ahead);
    }
    if !global.quiet {
        if let Some(overrun) = late::overrun(post, &site, &after, now.max(at)) {
            report(&overrun);
        }
        print(&news(&path, &after, now.max(at)));
        report_all(&doubts, global);
    }
    Ok(Outcome::Clean)
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
    let is_asked = named_state.is_none() && order.args.components.is_empty() && ask::is_answered();
    let changes = match is_asked && !ends(state) {
        true => ask_changes(post, site)?,
        false => named_changes(&order.args.components, site, post, state)?,
    };
    Ok(Resolved {
        post: index,
        state,
        changes,
    })
}

/// The promise of the next update; nothing follows once the post is over.
fn promise(order: &Order<'_>, state: State, view: Viewpoint) -> Result<Option<String>, Failure> {
    let Some(typed) = order.next else {
        return Ok(None);
    };
    let name = "--next";
    let option = TimeOption { name, typed };
    if ends(state) {
        let message = format!("no update is promised once this is `{}`", state.as_str());
        return Err(option.refuse(message, "leave it out, or post another state first"));
    }
    view.read_promise(option, view.now).map(Some)
}

/// The time at which an incident was over, with the option that says it.
fn end<'a>(
    post: &Post,
    typed: &'a str,
    view: Viewpoint,
) -> Result<(TimeOption<'a>, TypedTime), Failure> {
    let name = "--ended";
    let option = TimeOption { name, typed };
    let Kind::Incident(incident) = &post.kind else {
        let message = "only an incident has an end of its own";
        let hint = "leave it out: a maintenance is over with the update that completes it";
        return Err(option.refuse(message, hint));
    };
    let path = &post.place.file.path;
    if let Some(ended) = incident.ended {
        let message = format!("`ended` is {} already", with_offset(ended, view.zone));
        return Err(option.refuse(
            message,
            format!("change it in `{path}`, or leave it as it is"),
        ));
    }
    // Nobody knows it better than to the minute.
    let ended = view.to_the_minute().read_past(option)?;
    if ended.at < incident.started {
        let started = with_offset(incident.started, view.zone);
        let message = format!("that is before it began, at {started}");
        return Err(option.refuse(message, "look at both times"));
    }
    Ok((option, ended))
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

/// The site with the new text of a post, and what contradicts itself in its new update; `None` where that makes the
/// site wrong, which is reported.
fn verified(
    post: &Post,
    text: &str,
    as_of: AsOf,
    global: &Global,
) -> Result<Option<(Site, Diagnostics)>, Failure> {
    let file = SourceFile {
        path: post.place.file.path.clone(),
        text: text.to_owned(),
    };
    let mut diagnostics = Diagnostics::new();
    let after = generate::read_with(
        file,
        &global.site,
        Drafts::Included,
        as_of,
        &mut diagnostics,
    )?;
    let Some(after) = after.filter(|_| diagnostics.errors() == 0) else {
        let path = &post.place.file.path;
        if let Some(refused) = bad_text("the text for readers (`-m`)", &diagnostics, path) {
            return Err(refused);
        }
        report_all(&diagnostics, global);
        report("nothing was written\n");
        return Ok(None);
    };
    let changed = after.posts.iter().find(|it| it.slug == post.slug);
    let updates = changed.map(|it| it.updates.as_slice());
    let Some([.., posted]) = updates.filter(|it| it.len() == post.updates.len() + 1) else {
        return Err(bad_argument(
            "a heading in this text reads as an update of its own",
            "write it with `###`; nothing was changed",
        ));
    };
    let doubts = doubts(posted, &diagnostics);
    Ok(Some((after, doubts)))
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

/// Whether every component is operational once this is the state.
fn ends(state: State) -> bool {
    state.ends_incident() || state.ends_maintenance()
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

/// The components whose status changes, by arguments.
fn named_changes(
    arguments: &[String],
    site: &Site,
    post: &Post,
    state: State,
) -> Result<Vec<NewStatus>, Failure> {
    let mut changes = Vec::new();
    for named in NamedComponent::parse_all(site, arguments)? {
        let Some(status) = named.status else {
            let hint = format!("write `-c {}=operational`, or another status", named.id);
            return Err(named.refuse("this does not say how the component is", hint));
        };
        if ends(state) && status != Status::Operational {
            let message = format!(
                "once this is `{}`, every component of it is operational",
                state.as_str()
            );
            return Err(named.refuse(&message, "leave it out, or post another state first"));
        }
        if matches!(post.kind, Kind::Maintenance(_)) && status > Status::UnderMaintenance {
            let message = format!("a maintenance makes no component `{}`", status.as_str());
            let hint = format!(
                "open an incident for what goes wrong: `allclear new incident \"TITLE\" -c {}={}`",
                named.id,
                status.as_str()
            );
            return Err(named.refuse(&message, hint));
        }
        changes.push(NewStatus {
            component: named.id,
            status,
        });
    }
    Ok(changes)
}

/// The time of an update: now, to the minute, but later than the last one.
fn moment(view: Viewpoint, last: Option<Instant>) -> Instant {
    let (now, minute) = (view.now, view.to_the_minute().now);
    match last {
        Some(last) if now <= last => last + TimeDelta::seconds(1),
        Some(last) if minute <= last => now,
        _ => minute,
    }
}

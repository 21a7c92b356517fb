//! The content of a new post: arguments, and answers to questions.

use allclear::locale::Language;
use allclear::site::Site;
use allclear::site::edit::time::local;
use allclear::site::vocabulary::Status;
use allclear::time::{Recurrence, Window, with_offset};
use chrono::TimeDelta;

use super::super::argument::NamedComponent;
use super::super::ask;
use super::super::failure::{Failure, bad_argument, bad_option};
use super::super::typed_time::{TimeOption, TypedTime, Viewpoint};
use super::args::{IncidentTimes, NewPost, PostArgs, WindowArgs};

/// The statuses that a component of an incident may be asked for.
const TROUBLE: [Status; 3] = [
    Status::DegradedPerformance,
    Status::PartialOutage,
    Status::MajorOutage,
];

/// The status of an incident's component for which nobody says one, and nobody can be asked.
const ASSUMED: Status = Status::PartialOutage;

/// The length of a maintenance for which nobody says one, and nobody can be asked.
const ASSUMED_LENGTH: TimeDelta = TimeDelta::hours(1);

/// The time for which a notice is shown where nobody says one.
const SHOWN: TimeDelta = TimeDelta::days(7);

/// Whether what is missing is asked for.
fn is_asked(post: &PostArgs) -> bool {
    post.template.is_none() && ask::is_answered()
}

/// The title; without one, the file is named after its template.
pub(super) fn title(post: &PostArgs) -> Result<String, Failure> {
    let title = match &post.title {
        Some(title) => ask::uncoloured(title).trim().to_owned(),
        None if is_asked(post) => ask::line("What do readers notice?", "the title")?,
        None => String::new(),
    };
    if title.is_empty() && post.template.is_none() {
        return Err(bad_argument(
            "there is no title",
            "say in a few words what readers notice",
        ));
    }
    Ok(title)
}

/// The content that new posts of all kinds have.
pub(super) struct Answers {
    pub(super) title: String,
    pub(super) components: Vec<NamedComponent>,
    pub(super) message: Option<String>,
    /// A sentence for each thing that was not said and is assumed, or is odd, for who runs the command.
    pub(super) assumed: Vec<String>,
}

impl Answers {
    /// Takes the arguments, and asks for what is missing.
    pub(super) fn new(title: String, post: &NewPost, site: &Site) -> Result<Self, Failure> {
        let args = post.shared();
        let is_asked = is_asked(args);
        let mut assumed = Vec::new();
        let components = match args.components.is_empty() && is_asked {
            true => asked_components(post, site)?,
            false => NamedComponent::parse_all(site, &args.components)?,
        };
        if components.is_empty() && !is_asked {
            assumed.extend(no_component(post).map(str::to_owned));
        }
        let components = match post {
            NewPost::Incident { .. } => {
                let with_status = components.into_iter();
                with_status
                    .map(|named| with_status_of(named, site, is_asked, &mut assumed))
                    .collect::<Result<_, _>>()?
            }
            NewPost::Maintenance { .. } | NewPost::Notice { .. } => {
                components.iter().try_for_each(without_region)?;
                components
            }
        };
        let message = match &args.message {
            None if is_asked => Some(ask::message(None, "What should readers know?")?),
            None => None,
            argument => Some(ask::message(argument.as_deref(), "")?),
        };
        let is_incident = matches!(post, NewPost::Incident { .. });
        if message.is_none() && is_incident {
            assumed.push(no_text(site));
        }
        Ok(Self {
            title,
            components,
            message,
            assumed,
        })
    }
}

/// Whether an English sentence is one in the site's first language.
pub(super) fn speaks_english(site: &Site) -> bool {
    let first = site.settings.languages.first();
    first.is_none_or(|language| language.base() == Language::english().base())
}

/// The text of an incident of which nobody said one, in English.
pub(super) const UNSAID: &str = "We are looking for the cause.";

/// The warning that no text is said, and what follows from that for readers.
fn no_text(site: &Site) -> String {
    let page = match speaks_english(site) {
        true => format!("the page says \"{UNSAID}\"; say another"),
        false => "the first update says its state alone; say one".to_owned(),
    };
    format!("no text was said, so {page} with `-m TEXT`")
}

/// The warning that no component is named, and what follows from that for readers.
fn no_component(post: &NewPost) -> Option<&'static str> {
    match post {
        NewPost::Incident { .. } => Some(
            "no component was named, so the page shows none that is affected; name one with `-c ID=STATUS`",
        ),
        NewPost::Maintenance { .. } => Some(
            "no component was named, so the page will show none under maintenance; name one with `-c ID`",
        ),
        NewPost::Notice { .. } => None,
    }
}

/// The components that are chosen; that none is affected must be meant, but for a notice.
fn asked_components(post: &NewPost, site: &Site) -> Result<Vec<NamedComponent>, Failure> {
    let question = match post {
        NewPost::Incident { .. } => "Nothing is chosen. Is no component affected?",
        NewPost::Maintenance { .. } => "Nothing is chosen. Is no component under maintenance?",
        NewPost::Notice { .. } => return ask::components(site, &[]),
    };
    loop {
        let chosen = ask::components(site, &[])?;
        if !chosen.is_empty() || site.components.is_empty() || ask::confirm(question)? {
            return Ok(chosen);
        }
    }
}

/// Refuses a region behind a component of a post that is no incident.
fn without_region(named: &NamedComponent) -> Result<(), Failure> {
    match named.id.split_once('@') {
        None => Ok(()),
        Some((id, region)) => Err(named.refuse(
            "only an incident names a region behind a component",
            format!("write `-c {id}`, and `regions: [{region}]` into the file, for all of its components"),
        )),
    }
}

/// A component with a status: its own, or the answer to a question, or one that is assumed aloud.
fn with_status_of(
    named: NamedComponent,
    site: &Site,
    is_asked: bool,
    assumed: &mut Vec<String>,
) -> Result<NamedComponent, Failure> {
    if named.status.is_some() {
        return Ok(named);
    }
    let id = match is_asked && !named.id.contains('@') {
        true => ask::place(site, named.id)?,
        false => named.id,
    };
    let status = match is_asked {
        true => ask::status(&id, &TROUBLE)?,
        false => {
            assumed.push(format!(
                "no status was said for `{id}`, so the page says `partial_outage`; say another with `-c {id}=STATUS`"
            ));
            Some(ASSUMED)
        }
    };
    Ok(NamedComponent { id, status })
}

/// The times of an incident, as a file has them.
pub(super) struct IncidentTexts {
    pub(super) started: String,
    pub(super) detected: Option<String>,
    pub(super) next: Option<String>,
}

impl IncidentTexts {
    /// Takes the arguments; nothing is promised that they do not promise.
    pub(super) fn new(times: &IncidentTimes, view: Viewpoint) -> Result<Self, Failure> {
        let option = |name, typed| TimeOption { name, typed };
        let started = times.started.as_deref();
        let started = started.map(|typed| view.read_past(option("--started", typed)));
        let started = started.transpose()?.unwrap_or_else(|| TypedTime {
            at: view.now,
            text: local(view.now, view.zone),
        });
        let detected = match times.detected.as_deref() {
            None => None,
            Some(typed) => {
                let option = option("--detected", typed);
                let detected = view.read_past(option)?;
                if detected.at < started.at {
                    let message = format!(
                        "that is before it began, at {}",
                        with_offset(started.at, view.zone)
                    );
                    return Err(option.refuse(message, "say with `--started` when it began"));
                }
                Some(detected.text)
            }
        };
        let next = times.next.as_deref();
        let next = next.map(|typed| view.read_promise(option("--next", typed), view.now));
        Ok(Self {
            started: started.text,
            detected,
            next: next.transpose()?,
        })
    }
}

/// The window of a post, with its times as a file has them.
pub(super) struct WindowTexts {
    pub(super) starts: TypedTime,
    pub(super) ends: TypedTime,
}

impl WindowTexts {
    /// The window of a maintenance. Its beginning must be said; an end that nobody says is assumed aloud.
    pub(super) fn of_maintenance(
        args: &WindowArgs,
        post: &PostArgs,
        view: Viewpoint,
        assumed: &mut Vec<String>,
    ) -> Result<Self, Failure> {
        let starts = match &args.starts {
            Some(typed) => read_start(typed, view)?,
            None if is_asked(post) => {
                let help = "a time, as `tomorrow 02:00` or `2023-01-14 02:00`";
                ask::until_read("When does it begin?", help, |typed| read_start(typed, view))?
            }
            None => {
                return Err(bad_argument(
                    "nothing says when the maintenance begins",
                    "say it with `--starts`, as `--starts \"tomorrow 02:00\"`",
                ));
            }
        };
        let ends = match &args.ends {
            Some(typed) => read_end(typed, &starts, view)?,
            None if is_asked(post) => {
                let help = "how long after that, as `2h`, or a time";
                let read = |typed: &str| read_end(typed, &starts, view);
                ask::until_read("When does it end?", help, read)?
            }
            None => {
                assumed.push(
                    "no end was said, so the page says that it takes an hour; say another with `--ends`"
                        .to_owned(),
                );
                end_after(&starts, ASSUMED_LENGTH, view)?
            }
        };
        if ends.at <= view.now {
            let ended = with_offset(ends.at, view.zone);
            assumed.push(format!("this maintenance is over: it ended at {ended}"));
        }
        Ok(Self { starts, ends })
    }

    /// The time for which a notice is shown: from now on for a week, where nothing is said.
    pub(super) fn of_notice(args: &WindowArgs, view: Viewpoint) -> Result<Self, Failure> {
        let starts = match &args.starts {
            Some(typed) => read_start(typed, view)?,
            None => TypedTime {
                at: view.now,
                text: local(view.now, view.zone),
            },
        };
        let ends = match &args.ends {
            Some(typed) => read_end(typed, &starts, view)?,
            None => end_after(&starts, SHOWN, view)?,
        };
        Ok(Self { starts, ends })
    }
}

fn read_start(typed: &str, view: Viewpoint) -> Result<TypedTime, Failure> {
    let name = "--starts";
    view.read(TimeOption { name, typed }, view.now)
}

/// The end of a window; a length of time alone counts from its beginning.
fn read_end(typed: &str, starts: &TypedTime, view: Viewpoint) -> Result<TypedTime, Failure> {
    let name = "--ends";
    let option = TimeOption { name, typed };
    let ends = view.read(option, starts.at)?;
    if ends.at > starts.at {
        return Ok(ends);
    }
    let message = format!(
        "that is {}, and it begins at {}",
        with_offset(ends.at, view.zone),
        with_offset(starts.at, view.zone)
    );
    let hint = "write how long it lasts, as `2h`, or the end with its day";
    Err(option.refuse(message, hint))
}

/// The end of a window that takes as long.
fn end_after(starts: &TypedTime, length: TimeDelta, view: Viewpoint) -> Result<TypedTime, Failure> {
    let at = starts.at.checked_add_signed(length).ok_or_else(|| {
        bad_argument(
            "the calendar ends before that",
            "look at the year of `--starts`",
        )
    })?;
    let text = local(at, view.zone);
    Ok(TypedTime { at, text })
}

/// A rule by which a maintenance repeats; refuses one that its window does not fit.
pub(super) fn rule(typed: &str, window: &WindowTexts, view: Viewpoint) -> Result<String, Failure> {
    let refused = |message: String, hint: String| bad_option("--repeat", typed, message, hint);
    let rule = typed.trim();
    if rule.contains(char::is_control) {
        let hint = "write it on one line, as `FREQ=WEEKLY`".to_owned();
        return Err(refused("this is not one line".to_owned(), hint));
    }
    let first = Window::new(window.starts.at, window.ends.at);
    let checked = first.map(|first| Recurrence::new(rule, first, view.zone));
    match checked {
        Some(Err(error)) => {
            let (message, hint) = error.in_words(rule);
            Err(refused(message, hint))
        }
        _ => Ok(rule.to_owned()),
    }
}

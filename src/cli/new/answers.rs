//! The content of a new post: arguments, and answers to questions.

use allclear::site::Site;
use allclear::site::edit::time::local;
use allclear::site::vocabulary::Status;
use allclear::time::{self, Instant};
use chrono::TimeDelta;

use super::super::argument::NamedComponent;
use super::super::ask;
use super::super::failure::{Failure, bad_argument};
use super::args::{NewPost, PostArgs, WindowArgs};

/// Whether questions are asked: who has given no argument wants to be asked for all.
pub(super) fn is_asked(post: &PostArgs) -> bool {
    post.title.is_none() && post.template.is_none() && ask::is_answered()
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
}

impl Answers {
    /// Takes the arguments, and asks for what is missing.
    pub(super) fn new(title: String, post: &NewPost, site: &Site) -> Result<Self, Failure> {
        let statuses: &[Status] = match post {
            NewPost::Incident { .. } => &[
                Status::DegradedPerformance,
                Status::PartialOutage,
                Status::MajorOutage,
            ],
            NewPost::Maintenance { .. } | NewPost::Notice { .. } => &[],
        };
        let post = post.shared();
        let chosen = match is_asked(post) && post.components.is_empty() {
            true => Some(ask::components(site, statuses)?),
            false => None,
        };
        let message = match &post.message {
            None if is_asked(post) => Some(ask::message(None, "What should readers know?")?),
            None => None,
            argument => Some(ask::message(argument.as_deref(), "")?),
        };
        let named = post.components.iter();
        let components = match chosen {
            Some(chosen) => chosen,
            None => named
                .map(|argument| NamedComponent::parse(site, argument))
                .collect::<Result<_, _>>()?,
        };
        Ok(Self {
            title,
            components,
            message,
        })
    }
}

/// How a missing argument is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fallback {
    /// By the answer to a question.
    Ask,
    /// By a suggestion, to be changed in the file.
    Suggest,
}

/// The window of a post, as a file has it.
pub(super) struct WindowText {
    pub(super) starts: String,
    pub(super) ends: String,
}

/// The window of a post for which nothing is said.
pub(super) struct Suggestion {
    pub(super) start: Instant,
    pub(super) length: TimeDelta,
}

impl WindowText {
    /// Takes the arguments, and fills in what is missing. What is no time stays as it is: the reader of the file
    /// says best what is wrong with it.
    pub(super) fn new(
        args: &WindowArgs,
        fallback: Fallback,
        suggestion: &Suggestion,
        site: &Site,
    ) -> Result<Self, Failure> {
        let zone = site.settings.time_zone;
        let given = |argument: &Option<String>, question, help: String| match argument {
            Some(text) => one_line(text).map(Some),
            None if fallback == Fallback::Ask => ask::line(question, &help).map(Some),
            None => Ok(None),
        };
        let suggested = local(suggestion.start, zone);
        let help = format!("a time, as {suggested}");
        let starts = given(&args.starts, "When does it begin?", help)?;
        let starts = starts.filter(|text| !text.is_empty()).unwrap_or(suggested);
        let begun = time::parse(&starts, zone);
        let help = "how long after that, as 1h, or a time".to_owned();
        let ends = given(&args.ends, "When does it end?", help)?.unwrap_or_default();
        let length = match ends.as_str() {
            "" => Some(suggestion.length),
            ends => time::parse_duration(ends),
        };
        let ends = match length {
            Some(length) => local(begun.unwrap_or(suggestion.start) + length, zone),
            None => ends,
        };
        Ok(Self { starts, ends })
    }
}

/// A value of the front matter, which would end with its line.
pub(super) fn one_line(text: &str) -> Result<String, Failure> {
    let text = text.trim();
    match text.is_empty() || text.contains(['\n', '\r']) {
        true => Err(bad_argument(
            format!("`{text}` is not one line of text"),
            "write it on one line",
        )),
        false => Ok(text.to_owned()),
    }
}

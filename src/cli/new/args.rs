//! The arguments of `allclear new`.

use clap::{Args, Subcommand};

use super::super::clock::Now;

/// Write a new incident, maintenance or notice
///
/// On a terminal, what is needed and was not said is asked for. Printed is what the page will say; with `--quiet` the path
/// of the new file alone. Times are in the site's zone.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear new incident \"Log-in fails\" -c login=major_outage -m \"We are looking for the cause.\"
  allclear new incident \"Log-in fails\" -c login=major_outage --started 10:30 --next 30m
  allclear new maintenance \"Database upgrade\" -c api --starts \"tomorrow 02:00\" --ends 2h
  allclear new maintenance \"Backup\" --starts \"2023-01-14 02:00\" --ends 30m --repeat FREQ=WEEKLY
  allclear new notice \"New status page\"")]
pub(crate) struct NewArgs {
    #[command(subcommand)]
    pub(super) post: NewPost,
}

#[derive(Debug, Subcommand)]
pub(super) enum NewPost {
    /// Something goes wrong
    Incident {
        #[command(flatten)]
        post: PostArgs,
        #[command(flatten)]
        times: IncidentTimes,
    },
    /// Work is planned
    Maintenance {
        #[command(flatten)]
        post: PostArgs,
        #[command(flatten)]
        window: WindowArgs,
        /// How it repeats, as a rule of RFC 5545: `FREQ=WEEKLY`, `FREQ=MONTHLY;BYDAY=1SA`
        #[arg(long, value_name = "RULE", conflicts_with = "template")]
        repeat: Option<String>,
    },
    /// News without an effect on any status
    Notice {
        #[command(flatten)]
        post: PostArgs,
        #[command(flatten)]
        window: WindowArgs,
    },
}

#[derive(Debug, Args)]
pub(super) struct PostArgs {
    /// The title, as readers see it
    pub(super) title: Option<String>,
    /// A component that it touches; for an incident, with its status: `degraded_performance`, `partial_outage` or
    /// `major_outage` (may be repeated)
    #[arg(
        long = "component",
        short,
        value_name = "ID[=STATUS]",
        conflicts_with = "template"
    )]
    pub(super) components: Vec<String>,
    /// The text of the first update, in Markdown; `-` takes it from what is piped in
    #[arg(long, short, value_name = "TEXT", conflicts_with = "template")]
    pub(super) message: Option<String>,
    /// Start from `incidents/templates/NAME.md`, in which `{{ title }}` and `{{ now }}` are filled in
    #[arg(long, value_name = "NAME")]
    pub(super) template: Option<String>,
    #[command(flatten)]
    pub(super) now: Now,
}

#[derive(Debug, Args)]
pub(super) struct IncidentTimes {
    /// When the trouble began, as `10:30`, `yesterday 22:00` or `-20m` [default: now]
    #[arg(
        long,
        value_name = "TIME",
        conflicts_with = "template",
        allow_hyphen_values = true
    )]
    pub(super) started: Option<String>,
    /// When the team knew of it
    #[arg(
        long,
        value_name = "TIME",
        conflicts_with = "template",
        allow_hyphen_values = true
    )]
    pub(super) detected: Option<String>,
    /// When the next update will come, as `30m` or a time; without it, none is promised
    #[arg(
        long,
        value_name = "WHEN",
        conflicts_with = "template",
        allow_hyphen_values = true
    )]
    pub(super) next: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct WindowArgs {
    /// When it begins, as `tomorrow 02:00` or `2023-01-14 02:00`; a maintenance needs it [default: a notice now]
    #[arg(
        long,
        value_name = "TIME",
        conflicts_with = "template",
        allow_hyphen_values = true
    )]
    pub(super) starts: Option<String>,
    /// When it ends, or how long after that, as `2h` [default: a maintenance after 1h, a notice after 7d]
    #[arg(
        long,
        value_name = "WHEN",
        conflicts_with = "template",
        allow_hyphen_values = true
    )]
    pub(super) ends: Option<String>,
}

impl NewPost {
    /// The arguments that all kinds share.
    pub(super) fn shared(&self) -> &PostArgs {
        let (Self::Incident { post, .. }
        | Self::Maintenance { post, .. }
        | Self::Notice { post, .. }) = self;
        post
    }
}

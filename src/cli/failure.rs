//! The failures of commands.

use allclear::characters::{for_terminal, line_for_terminal};
use allclear::diagnostic::{Diagnostics, Fault, PLEASE_REPORT, Severity, UnknownName, quotations};
use allclear::error::Error;
use anstyle::{AnsiColor, Style};
use camino::Utf8Path;

use super::print::report_styled;

/// The reason why a command could not do its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// An argument is wrong in a way that only the command itself can know.
    Argument {
        /// The problem.
        message: String,
        /// The way to fix it.
        hint: String,
    },
    /// The environment failed.
    Environment(Error),
    /// For another reason, and with that a text is not posted that somebody has written for it.
    Unposted {
        /// The reason.
        reason: Box<Failure>,
        /// The text.
        text: String,
    },
}

impl Failure {
    /// The same failure, which names the option that it is about and what was typed behind it.
    pub(crate) fn of_option(self, option: &str, typed: &str) -> Self {
        match self {
            Self::Argument { message, hint } => bad_option(option, typed, message, hint),
            Self::Environment(_) | Self::Unposted { .. } => self,
        }
    }

    /// The same failure with its words changed.
    #[cfg(feature = "agent")]
    pub(crate) fn with(self, change: impl Fn(&str) -> String) -> Self {
        match self {
            Self::Argument { message, hint } => bad_argument(change(&message), change(&hint)),
            Self::Environment(_) | Self::Unposted { .. } => self,
        }
    }

    /// The same failure, which gives back the text that is not posted; one that stands in its file is no failure of
    /// that kind.
    pub(crate) fn giving_back(self, text: &str) -> Self {
        match self {
            Self::Environment(Error::Unconfirmed { .. }) | Self::Unposted { .. } => self,
            reason => Self::Unposted {
                reason: Box::new(reason),
                text: text.to_owned(),
            },
        }
    }

    /// Why a command could not do its work.
    #[cfg(feature = "agent")]
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Argument { message, .. } => message.clone(),
            Self::Environment(error) => error.to_string(),
            Self::Unposted { reason, .. } => reason.message(),
        }
    }

    /// Why a command could not do its work, and what to do, as a terminal shows it.
    pub(crate) fn text(&self) -> String {
        let (message, hint) = match self {
            Self::Argument { message, hint } => (message.clone(), Some(hint.clone())),
            Self::Environment(error) => (error.to_string(), error.hint()),
            Self::Unposted { reason, text } => return reason.text() + &given_back(text),
        };
        let message = for_terminal(&quotations(&message));
        let hint = hint.map(|hint| for_terminal(&quotations(&hint)));
        let strong = Style::new().bold();
        let alarm = strong.fg_color(Some(AnsiColor::BrightRed.into()));
        let mut text = format!("{alarm}error{alarm:#}{strong}: {message}{strong:#}\n");
        if let Some(hint) = hint.filter(|hint| !hint.is_empty()) {
            text.push_str(&format!("  {strong}help{strong:#}: {hint}\n"));
        }
        text
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Environment(error)
    }
}

impl From<UnknownName> for Failure {
    fn from(unknown: UnknownName) -> Self {
        bad_argument(unknown.message, unknown.hint.unwrap_or_default())
    }
}

/// The refusal of an argument.
pub(crate) fn bad_argument(message: impl Into<String>, hint: impl Into<String>) -> Failure {
    Failure::Argument {
        message: message.into(),
        hint: hint.into(),
    }
}

/// The refusal of what was typed behind an option, which it names.
pub(crate) fn bad_option(
    option: &str,
    typed: &str,
    message: impl std::fmt::Display,
    hint: impl Into<String>,
) -> Failure {
    let typed = line_for_terminal(typed.trim());
    bad_argument(
        format!("`{}`: {message}", format!("{option} {typed}").trim_end()),
        hint,
    )
}

/// The failure of this program itself, in the middle of a command.
pub(crate) fn failed(fault: &Fault) -> Failure {
    bad_argument(format!("allclear failed: {fault}"), PLEASE_REPORT)
}

/// The refusal of a text that would make a file wrong, which is not written: the errors in the file of that `path`,
/// as it would be, without their places in it. `None` where all errors are in other files.
pub(crate) fn bad_text(what: &str, diagnostics: &Diagnostics, path: &Utf8Path) -> Option<Failure> {
    let errors = diagnostics
        .iter()
        .filter(|it| it.severity == Severity::Error && it.location.path() == path);
    let errors: Vec<_> = errors.collect();
    let hint = errors.first()?.hint.clone();
    let messages: Vec<&str> = errors.iter().map(|it| it.message.as_str()).collect();
    Some(bad_argument(
        format!(
            "{what} would make a file that is wrong: {}",
            messages.join("; ")
        ),
        hint.unwrap_or_else(|| "nothing was written".to_owned()),
    ))
}

/// Prints why a command could not do its work, and what to do.
pub(crate) fn report_failure(failure: &Failure) {
    report_styled(&failure.text());
}

/// Prints a text that was not posted, so that whoever has written it can use it again.
pub(crate) fn give_back(text: &str) {
    report_styled(&given_back(text));
}

fn given_back(text: &str) -> String {
    let text = for_terminal(text.trim_end());
    format!("\nThe text was not posted:\n\n{text}\n")
}

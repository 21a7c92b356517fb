//! `allclear explain`.

use allclear::diagnostic::{Code, nearest_hint};
use clap::Args;

use super::failure::{Failure, bad_argument};
use super::outcome::Outcome;
use super::print::print;

/// Say more about a kind of error or warning
///
/// Without CODE, list all of them.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  allclear explain ambiguous-time")]
pub(crate) struct ExplainArgs {
    /// The word in brackets behind `error` or `warning`
    code: Option<String>,
}

impl ExplainArgs {
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        let words = || Code::ALL.iter().map(|code| code.as_str());
        match self
            .code
            .as_deref()
            .map(|word| {
                word.trim_start_matches("error[")
                    .trim_start_matches("warning[")
            })
            .map(|word| word.trim_matches(['[', ']', ':', '`']).to_lowercase())
            .as_deref()
        {
            None => print(&words().fold(String::new(), |list, word| list + word + "\n")),
            Some(word) => match Code::ALL.iter().find(|code| code.as_str() == word) {
                Some(code) => print(&format!("{}\n\n{}\n", code.as_str(), code.explanation())),
                None => {
                    let hint = nearest_hint(word, words()).unwrap_or_default();
                    return Err(bad_argument(
                        format!("there is no diagnostic `{word}`"),
                        hint,
                    ));
                }
            },
        }
        Ok(Outcome::Clean)
    }
}

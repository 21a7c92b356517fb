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
            None => print(
                &Code::ALL
                    .iter()
                    .fold(String::new(), |list, code| list + code.as_str() + "\n"),
            ),
            Some(word) => {
                let code = known_code(word)?;
                print(&format!("{}\n\n{}\n", code.as_str(), code.explanation()));
            }
        }
        Ok(Outcome::Clean)
    }
}

/// The code that a word names.
pub(crate) fn known_code(word: &str) -> Result<Code, Failure> {
    let words = || Code::ALL.iter().map(|code| code.as_str());
    let known = Code::ALL.iter().find(|code| code.as_str() == word);
    known.copied().ok_or_else(|| {
        let hint = nearest_hint(word, words()).unwrap_or_default();
        bad_argument(format!("there is no diagnostic `{word}`"), hint)
    })
}

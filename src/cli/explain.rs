//! `allclear explain`.

use allclear::diagnostic::{Code, nearest_hint};
use allclear::error::Error;
use clap::Args;

use super::{Outcome, answer, bad_argument};

/// Say more about a kind of error or warning
///
/// Without CODE, list all of them.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  allclear explain ambiguous-time")]
pub(crate) struct Explain {
    /// The word in brackets behind `error` or `warning`
    code: Option<String>,
}

impl Explain {
    pub(crate) fn run(self) -> Result<Outcome, Error> {
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
            None => answer(&words().fold(String::new(), |list, word| list + word + "\n")),
            Some(word) => match Code::ALL.iter().find(|code| code.as_str() == word) {
                Some(code) => answer(&format!("{}\n\n{}\n", code.as_str(), code.explanation())),
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

//! `allclear explain`.

use allclear::diagnostic::{Code, nearest_hint};
use clap::Args;

use super::failure::{Failure, bad_argument};
use super::outcome::Outcome;
use super::print::print;

/// Say more about a kind of error or warning
///
/// Without CODE, list all of them, each with what it is about.
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
            None => print(&list()),
            Some(word) => {
                let code = known_code(word)?;
                print(&format!("{}\n\n{}\n", code.as_str(), code.explanation()));
            }
        }
        Ok(Outcome::Clean)
    }
}

/// All kinds, each with what it is about.
fn list() -> String {
    let words = Code::ALL.iter().map(|code| code.as_str().len());
    let width = words.max().unwrap_or_default();
    let lines = Code::ALL.iter().map(|code| {
        let about = about(code.explanation());
        format!("{:width$}  {about}\n", code.as_str())
    });
    lines.collect()
}

/// The first words of an explanation: up to the first part of a sentence that ends, on a line.
fn about(explanation: &str) -> String {
    const LONGEST: usize = 90;
    let ends = [". ", ": ", "; "];
    let end = ends.iter().filter_map(|end| explanation.find(end)).min();
    let part = &explanation[..end.unwrap_or(explanation.len())];
    let part = part.trim_end_matches('.');
    if part.chars().count() <= LONGEST {
        return part.to_owned();
    }
    let mut text = String::new();
    for word in part.split(' ') {
        if text.chars().count() + word.chars().count() > LONGEST {
            break;
        }
        text.push_str(word);
        text.push(' ');
    }
    format!("{}…", text.trim_end().trim_end_matches(','))
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

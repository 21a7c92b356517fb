//! Questions on a terminal, for arguments that are missing.

use std::io::{self, ErrorKind, IsTerminal as _, Read as _};

use allclear::characters::clean;
use allclear::error::Error;
use allclear::site::Site;
use allclear::site::vocabulary::{Status, Word};
use allclear::source::LARGEST_TEXT;
use anstream::adapter::strip_str;
use inquire::{Confirm, InquireError, MultiSelect, Select, Text};

use super::argument::NamedComponent;
use super::failure::{Failure, bad_argument, give_back, report_failure};

/// Whether somebody is there to be asked.
pub(crate) fn is_answered() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// The answer to a question with several choices.
pub(crate) fn choose(question: &str, choices: Vec<String>) -> Result<String, Failure> {
    Select::new(question, choices).prompt().map_err(unanswered)
}

/// A line of text; not an empty one where it is needed.
pub(crate) fn line(question: &str, help: &str) -> Result<String, Failure> {
    let text = Text::new(question).with_help_message(help).prompt();
    text.map(|text| text.trim().to_owned()).map_err(unanswered)
}

/// The answer in a line of text; where it is none that can be meant, the reason is shown and the question asked again.
pub(crate) fn until_read<T>(
    question: &str,
    help: &str,
    read: impl Fn(&str) -> Result<T, Failure>,
) -> Result<T, Failure> {
    loop {
        match read(&line(question, help)?) {
            Err(failure) => report_failure(&failure),
            read => return read,
        }
    }
}

/// Whether something that is rarely right is meant.
pub(crate) fn confirm(question: &str) -> Result<bool, Failure> {
    let answer = Confirm::new(question).with_default(false).prompt();
    answer.map_err(unanswered)
}

/// The status of a component, as one of `statuses`.
pub(crate) fn status(id: &str, statuses: &[Status]) -> Result<Option<Status>, Failure> {
    let words = statuses.iter().map(|status| status.as_str().to_owned());
    let chosen = choose(&format!("How is {id}?"), words.collect())?;
    Ok(Status::parse(&chosen))
}

/// A component, and the region where it is meant, by its id behind an `@`; nothing is asked where there are no regions.
pub(crate) fn place(site: &Site, id: String) -> Result<String, Failure> {
    const EVERYWHERE: &str = "everywhere";
    if site.regions.is_empty() {
        return Ok(id);
    }
    let regions = site.regions.iter().map(|it| it.id.clone());
    let choices = std::iter::once(EVERYWHERE.to_owned()).chain(regions);
    let chosen = choose(&format!("Where is this of {id}?"), choices.collect())?;
    Ok(match chosen.as_str() {
        EVERYWHERE => id,
        region => format!("{id}@{region}"),
    })
}

/// Components, each with one of `statuses`; without a status where there are none to choose from.
pub(crate) fn components(site: &Site, statuses: &[Status]) -> Result<Vec<NamedComponent>, Failure> {
    let ids: Vec<String> = site.components.iter().map(|it| it.id.clone()).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let chosen = MultiSelect::new("Which components?", ids)
        .prompt()
        .map_err(unanswered)?;
    let mut named = Vec::new();
    for id in chosen {
        let (id, status) = match statuses {
            [] => (id, None),
            statuses => {
                let id = place(site, id)?;
                let status = status(&id, statuses)?;
                (id, status)
            }
        };
        named.push(NamedComponent { id, status });
    }
    Ok(named)
}

/// The text that is piped in, which has at most so many bytes.
pub(crate) fn piped(largest: u64) -> Result<String, Failure> {
    let failed = || Error::io("read", "standard input");
    let mut bytes = Vec::new();
    let mut input = std::io::stdin().take(largest + 1);
    input.read_to_end(&mut bytes).map_err(failed())?;
    if bytes.len() as u64 > largest {
        return Err(failed()(ErrorKind::FileTooLarge.into()).into());
    }
    let text = String::from_utf8(bytes).map_err(|error| io::Error::other(error.utf8_error()));
    Ok(text.map_err(failed())?)
}

/// The text of an update: the argument, or what is piped in for `-`, or what is written in an editor or on a line.
pub(crate) fn message(argument: Option<&str>, question: &str) -> Result<String, Failure> {
    let text = match argument {
        Some("-") => piped(LARGEST_TEXT),
        Some(text) => Ok(text.to_owned()),
        None if !is_answered() => Err(bad_argument(
            "there is no text for readers",
            "say it with `-m TEXT`, or pipe it in with `-m -`",
        )),
        None => match editor() {
            Some(editor) => edited(&editor, question),
            None => line(question, "Markdown; set $EDITOR to write more than a line"),
        },
    };
    let text = uncoloured(&text?);
    match text.trim().is_empty() {
        true => Err(bad_argument(
            "the text for readers is empty",
            "say what they should know",
        )),
        false => Ok(text),
    }
}

/// A failure after which a text is given back that stands nowhere else: unless it was an argument, nobody has it.
pub(crate) fn or_give_back(argument: Option<&str>, text: &str) -> impl FnOnce(Failure) -> Failure {
    move |failure| match is_elsewhere(argument, text) {
        true => failure,
        false => failure.giving_back(text),
    }
}

/// Gives back a text that is not posted for reasons which were told, where it stands nowhere else.
pub(crate) fn unposted(argument: Option<&str>, text: &str) {
    if !is_elsewhere(argument, text) {
        give_back(text);
    }
}

/// Whether nothing is lost with a text: it was an argument, or there is none.
fn is_elsewhere(argument: Option<&str>, text: &str) -> bool {
    text.trim().is_empty() || argument.is_some_and(|argument| argument != "-")
}

/// A text without the colours that a script gave it for a terminal, and without other controls.
pub(crate) fn uncoloured(text: &str) -> String {
    let plain = strip_str(text).to_string();
    clean(&plain).into_owned()
}

fn editor() -> Option<String> {
    let named = ["VISUAL", "EDITOR"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok());
    named
        .map(|editor| editor.trim().to_owned())
        .find(|editor| !editor.is_empty())
}

/// A text written in an editor; what stands below the mark is left out.
#[expect(
    clippy::disallowed_methods,
    reason = "a temporary file for an editor is no part of a site"
)]
fn edited(editor: &str, question: &str) -> Result<String, Failure> {
    const MARK: &str = "<!-- Everything from here on is left out. -->";
    let failed = |what| Error::io(what, "the text of the update");
    let mut builder = tempfile::Builder::new();
    let file = builder.suffix(".md").tempfile().map_err(failed("make"))?;
    std::fs::write(file.path(), format!("\n\n{MARK}\n<!-- {question} -->\n"))
        .map_err(failed("write"))?;
    // An editor may come with arguments, as `code --wait`.
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or(editor);
    let status = std::process::Command::new(program)
        .args(words)
        .arg(file.path())
        .status()
        .map_err(Error::io("run", editor))?;
    if !status.success() {
        return Err(bad_argument(
            format!("`{editor}` ended with an error"),
            "nothing was changed; say the text with `-m TEXT`",
        ));
    }
    let text = std::fs::read_to_string(file.path()).map_err(failed("read"))?;
    let text = text.split(MARK).next().unwrap_or_default();
    Ok(text.trim().to_owned())
}

fn unanswered(error: InquireError) -> Failure {
    let message = match error {
        InquireError::OperationCanceled | InquireError::OperationInterrupted => {
            "the question was not answered".to_owned()
        }
        error => format!("the question could not be asked: {error}"),
    };
    bad_argument(message, "nothing was changed")
}

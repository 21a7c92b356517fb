//! What the probes that ask a monitor have in common: where it is, what is sent along, and what is no answer.
//!
//! A monitor that does not answer, answers with an error or with something else, says nothing of any component.

use chrono::{DateTime, TimeDelta};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;

use super::address;
use super::question::{Ask, Outcome};
use crate::diagnostic::Code;
use crate::fetch::{Answer, EnvText, Excess, FetchError, Request};
use crate::syntax::{Reader, Spanned, TableReader, Value};
use crate::time::Instant;

/// How many redirects are followed where no key goes along.
const REDIRECTS: u32 = 5;

/// How much of a body is read, in bytes.
const BODY: u64 = 8 << 20;

/// How much is repeated of what a monitor says of a refusal, in characters.
const REPEATED: usize = 200;

/// What is written as `%XX` in a part of a path or a query.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// A monitor that can be asked.
#[derive(Debug, Clone)]
pub(super) struct Monitor {
    /// Its name in messages.
    name: &'static str,
    /// The address below which it answers.
    address: EnvText,
    headers: Vec<(String, EnvText)>,
    /// The age from which on a result is none, where that is less than the component's `valid_for`.
    pub(super) stale_after: Option<TimeDelta>,
}

impl Monitor {
    /// Reads the keys that all monitors have.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        table: &mut TableReader<'_>,
        node: &Spanned<Value>,
        name: &'static str,
    ) -> Option<Self> {
        let url = address::url(reader, node);
        let headers = address::headers(reader, table);
        let stale_after = table
            .take("stale_after")
            .and_then(|node| reader.duration(node));
        let url = url?;
        let text = url.as_written();
        if text.contains(['?', '#']) {
            let message = format!("`{text}` is no address below which {name} answers");
            let hint = "write it without a query: what is asked is added to it";
            reader.error(Code::BadAddress, &node.span, message, hint.to_owned());
            return None;
        }
        Some(Self {
            name,
            address: EnvText::new(text.trim_end_matches('/')),
            headers,
            stale_after,
        })
    }

    /// Whether a header field of this name is sent along.
    pub(super) fn sends(&self, header: &str) -> bool {
        let mut names = self.headers.iter().map(|(name, _)| name);
        names.any(|name| name.eq_ignore_ascii_case(header))
    }

    /// The name of the source of its evidence where none is said.
    pub(super) fn source(&self, kind: &str) -> String {
        address::source(kind, &address::host(&self.address))
    }

    /// The request for what is at a path below its address. No key goes along to where a redirect leads.
    pub(super) fn ask(&self, path: &str) -> Ask {
        let address = self.address.as_written();
        let has_key = !self.headers.is_empty() || address.contains(['@', '$']);
        Ask::Http {
            request: Request {
                headers: self.headers.clone(),
                ..Request::get(EnvText::new(format!("{address}{path}")))
            },
            redirects: if has_key { 0 } else { REDIRECTS },
            body: BODY,
            excess: Excess::Refused,
        }
    }

    /// The answer to the question of an index, if it is no refusal.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub(super) fn answer<'a>(
        &self,
        outcomes: &'a [Outcome],
        index: usize,
    ) -> Result<&'a Answer, String> {
        let answer = self.any_answer(outcomes, index)?;
        match answer.status {
            200 => Ok(answer),
            status => Err(self.refusal(status)),
        }
    }

    /// The answer to the question of an index, be it a refusal or not.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub(super) fn any_answer<'a>(
        &self,
        outcomes: &'a [Outcome],
        index: usize,
    ) -> Result<&'a Answer, String> {
        let name = self.name;
        match outcomes.get(index) {
            Some(Outcome::Http(answer)) => Ok(answer),
            Some(Outcome::Failed(FetchError::Redirects(_))) => Err(self.refusal(302)),
            Some(Outcome::Failed(error)) if error.is_unasked() => {
                Err(format!("{name} was not asked: {error}"))
            }
            Some(Outcome::Failed(error)) => Err(format!("{name} did not answer: {error}")),
            _ => Err(format!("{name} was not asked")),
        }
    }

    /// Why an answer with another status code than 200 says nothing.
    pub(super) fn refusal(&self, status: u16) -> String {
        let name = self.name;
        match status {
            300..=399 => format!(
                "the address of {name} leads elsewhere ({status}): write the address to which it leads, or send a key with `headers` if that is a log-in"
            ),
            401 | 403 => format!(
                "{name} does not let us ask ({status}): send a key that it knows, with `headers`"
            ),
            404 => format!("{name} has nothing at this address ({status}): is it the right one?"),
            429 => format!("{name} is asked too often ({status}): raise `every`"),
            _ => format!("{name} answers with an error ({status})"),
        }
    }

    /// A document of JSON; of one that is none, nothing is repeated.
    ///
    /// # Errors
    ///
    /// Why it is none.
    pub(super) fn json<T: DeserializeOwned>(&self, answer: &Answer) -> Result<T, String> {
        self.not_a_page(answer)?;
        serde_json::from_slice(&answer.body).map_err(|_| self.strange())
    }

    /// A document that is plain text.
    ///
    /// # Errors
    ///
    /// Why it is none.
    pub(super) fn text<'a>(&self, answer: &'a Answer) -> Result<&'a str, String> {
        self.not_a_page(answer)?;
        str::from_utf8(&answer.body).map_err(|_| self.strange())
    }

    /// Why a document of another form says nothing.
    pub(super) fn strange(&self) -> String {
        let name = self.name;
        format!("this is not what {name} answers: is the address that of {name}?")
    }

    fn not_a_page(&self, answer: &Answer) -> Result<(), String> {
        let begin = answer.body.trim_ascii_start();
        match begin.first() {
            Some(b'<') => Err(format!(
                "{} answers with a web page, not with data: is the address right, and is there a log-in before it?",
                self.name
            )),
            Some(_) => Ok(()),
            None => Err(format!("{} answers with nothing", self.name)),
        }
    }
}

/// The instant of what an answer says, where that says none: the one at which it left the monitor, and not a cache before it.
pub(super) fn answered(answer: &Answer, at: Instant) -> Instant {
    let seconds = answer
        .header("age")
        .and_then(|age| age.trim().parse::<u32>().ok());
    let age = TimeDelta::seconds(seconds.unwrap_or(0).into());
    let received = at.checked_sub_signed(age).unwrap_or(at);
    let date = answer
        .header("date")
        .and_then(|date| DateTime::parse_from_rfc2822(date.trim()).ok());
    match date.map(|date| date.to_utc()) {
        // The clock of the monitor: it has whole seconds, and one that is ahead is found where its age is looked at.
        Some(date) if date < received || date > at => date,
        _ => received,
    }
}

/// A text as part of a path or a query.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// What a monitor says of a refusal, on one line of moderate length.
pub(super) fn repeated(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|it: char| it.is_whitespace() || it.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    let line = words.join(" ");
    match line.char_indices().nth(REPEATED) {
        Some((end, _)) => format!("{} …", &line[..end]),
        None => line,
    }
}

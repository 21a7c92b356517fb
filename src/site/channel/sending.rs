//! What a kind of channel sends, and what it makes of the answers.

use std::time::Duration;

use super::letter::{Delivery, Mailing};
use super::message::Message;
use crate::fetch::{Answer, EnvText, FetchError, Method, Request};

/// How long a receiver has for its answer where nothing else is said.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// A kind of channel.
pub(super) trait Speaker {
    /// How often a subscriber hears of each piece of news, whatever fails.
    fn promise(&self) -> Promise;

    /// What is to be done next to tell a message, by the outcomes of the parcels that were sent for it in this attempt, in
    /// their order: the first parcel where there are none, then another one, or the end.
    fn step(&self, message: &Message, so_far: &[Outcome]) -> Step;

    /// What says the message, however many parcels stand before it; for people who want to see it before it is sent.
    fn foreseen(&self, message: &Message) -> Step {
        self.step(message, &[])
    }
}

/// How often a subscriber hears of a piece of news, whatever fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promise {
    /// Never twice: what may have arrived is not sent again.
    AtMostOnce,
    /// Never not at all: what may not have arrived is sent again, with the same identity, by which receivers know it.
    AtLeastOnce,
}

/// What is to be done next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// This is to be sent.
    Send(Parcel),
    /// That was all.
    Done(Verdict),
}

/// What is sent at once, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parcel {
    /// A request over HTTP. No redirect is followed.
    Http {
        /// The request. `${NAME}` is filled in in its address and its header fields, and never in its body, which may hold
        /// what anybody has written.
        request: Request,
        /// What is added to it where the secrets are known.
        secret: Secret,
        /// How long the receiver has for its answer.
        timeout: Duration,
    },
    /// A letter to each of some recipients, over SMTP.
    Mail(Box<Mailing>),
}

/// What is added to a request where the secrets are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Secret {
    /// Nothing.
    None,
    /// A header field with the HMAC-SHA256 of the body, as hexadecimal digits.
    Signature {
        /// The name of the field.
        header: &'static str,
        /// What stands before the digits.
        prefix: &'static str,
        /// The key.
        key: EnvText,
    },
    /// Texts with secrets, in a body that is one JSON object; it has others perhaps.
    Fields(Vec<(&'static str, EnvText)>),
}

/// What came of a parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// An answer over HTTP.
    Http(Answer),
    /// What a server of mail said of each recipient.
    Mail(Delivery),
    /// None.
    Failed(FetchError),
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It was taken, with what the service calls it, where a later message about the same post needs that for a thread.
    Sent(Option<String>),
    /// It was certainly not taken, and never will be as it is; the reason, for people.
    Refused(String),
    /// It was certainly not taken, and may be later. The recipients who were left before are left.
    TryAgain {
        /// The reason, for people.
        why: String,
        /// How long the service wants to be left alone, where it says so.
        after: Option<Duration>,
    },
    /// It may have been taken; the reason, for people.
    Unknown(String),
    /// Some recipients have it.
    Partly {
        /// The others who may be told by another attempt, by names that nobody can read; where there are none, that was all, and
        /// the reason says who was refused for good.
        left: Vec<String>,
        /// The reason, for people.
        why: String,
    },
}

impl Parcel {
    /// A message as JSON to an address.
    pub(super) fn json(url: &EnvText, body: &serde_json::Value) -> Self {
        Self::http(json_request(url, body))
    }

    /// A request that nothing is added to.
    pub(super) fn http(request: Request) -> Self {
        Self::Http {
            request,
            secret: Secret::None,
            timeout: TIMEOUT,
        }
    }
}

/// A request with JSON to an address.
pub(super) fn json_request(url: &EnvText, body: &serde_json::Value) -> Request {
    Request {
        method: Method::Post,
        url: url.clone(),
        headers: vec![("Content-Type".to_owned(), EnvText::new("application/json"))],
        body: Some(body.to_string().into_bytes()),
    }
}

impl Outcome {
    /// The body of an answer over HTTP that is JSON.
    pub(super) fn json(&self) -> Option<serde_json::Value> {
        match self {
            Self::Http(answer) => serde_json::from_slice(&answer.body).ok(),
            Self::Mail(_) | Self::Failed(_) => None,
        }
    }

    /// What every service means by its answer: taken below 300, later at 408, 425 and 429, never at any other number
    /// below 500, and nothing certain from there on.
    pub(crate) fn verdict(&self) -> Verdict {
        match self {
            Self::Http(answer) => match answer.status {
                200..300 => Verdict::Sent(None),
                429 => Verdict::TryAgain {
                    why: "it gets too many messages (429)".to_owned(),
                    after: retry_after(answer),
                },
                // It waited too long for the request, or wants it in another connection.
                408 | 425 => Verdict::TryAgain {
                    why: told(answer),
                    after: retry_after(answer),
                },
                300..400 => Verdict::Refused(format!(
                    "it answered {}, and no redirect is followed",
                    answer.status
                )),
                400..500 => Verdict::Refused(told(answer)),
                _ => Verdict::Unknown(told(answer)),
            },
            Self::Mail(delivery) => mailed(delivery),
            Self::Failed(error @ FetchError::PrivateNetwork(_)) => Verdict::Refused(format!(
                "{error}; `private = true` under `[notify]` lets channels be there"
            )),
            Self::Failed(error) if is_for_people(error) => Verdict::Refused(error.to_string()),
            Self::Failed(error) => match is_before_sending(error) {
                true => Verdict::TryAgain {
                    why: error.to_string(),
                    after: None,
                },
                false => Verdict::Unknown(error.to_string()),
            },
        }
    }
}

/// What became of a letter.
fn mailed(delivery: &Delivery) -> Verdict {
    let why = delivery.faults.join("; ");
    if delivery.left.is_empty() && why.is_empty() {
        return Verdict::Sent(None);
    }
    // Nobody was told, nobody refused it, and nobody may have it: it is as before.
    let said = delivery.taken + delivery.refused + delivery.doubtful;
    if !delivery.left.is_empty() && said == 0 {
        return match delivery.is_for_people {
            true => Verdict::Refused(why),
            false => Verdict::TryAgain { why, after: None },
        };
    }
    Verdict::Partly {
        left: delivery.left.clone(),
        why,
    }
}

/// What a service answered, with its word for it where it has one, as `no_service`: of anything else nothing is repeated.
fn told(answer: &Answer) -> String {
    let word = answer.body.trim_ascii();
    let is_word = (1..=40).contains(&word.len())
        && word
            .iter()
            .all(|byte| byte.is_ascii_lowercase() || *byte == b'_');
    match is_word {
        true => format!(
            "it answered {} ({})",
            answer.status,
            String::from_utf8_lossy(word)
        ),
        false => format!("it answered {}", answer.status),
    }
}

/// Whether only a person can do something about it.
fn is_for_people(error: &FetchError) -> bool {
    matches!(
        error,
        FetchError::MissingVariable(_)
            | FetchError::BadAddress(_)
            | FetchError::PrivateNetwork(_)
            | FetchError::NoAuthorities
    )
}

/// Whether nothing can have been sent where this failed.
fn is_before_sending(error: &FetchError) -> bool {
    match error {
        FetchError::MissingVariable(_)
        | FetchError::BadAddress(_)
        | FetchError::UnknownHost
        | FetchError::Lookup(_)
        | FetchError::Machine(_)
        | FetchError::PrivateNetwork(_)
        | FetchError::Tls(_)
        | FetchError::NoAuthorities => true,
        // The words of the system where nobody listens.
        FetchError::Connection(why) => why == "connection refused" || why == "it was refused",
        FetchError::TimedOut
        | FetchError::Redirects(_)
        | FetchError::TooLarge(_)
        | FetchError::Protocol(_) => false,
    }
}

/// How long a service wants to be left alone, in seconds as it says them.
fn retry_after(answer: &Answer) -> Option<Duration> {
    let seconds: f64 = answer.header("retry-after")?.trim().parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

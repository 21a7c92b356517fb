//! A page that is live on the web, as everybody gets it.

use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::fetch::{Answer, Client, EnvText, Excess, FetchError, Key, Limits, Networks, Request};
use crate::output::compressed::Encoding;
use crate::site::BaseUrl;
use crate::time::Instant;

/// How large a manifest may be, in bytes.
pub(super) const LARGEST_MANIFEST: u64 = 64 << 20;

/// How many redirects are followed.
const MOST_REDIRECTS: u32 = 5;

/// What stands for itself in the path of an address (RFC 3986, section 3.3).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// A page that is live.
#[derive(Debug, Clone, Copy)]
pub struct LivePage<'a> {
    /// What asks for it.
    pub client: &'a Client,
    /// What lets it in.
    pub key: &'a Key,
    /// Its address.
    pub url: &'a BaseUrl,
    /// How long each file may take.
    pub timeout: Duration,
    /// The instant at which it is asked, which makes an address that nobody keeps a copy of.
    pub asked: Instant,
}

/// Whether an answer may be a copy that something between server and readers keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Copies {
    /// As readers get it.
    Allowed,
    /// At an address that nobody has asked before.
    Avoided,
}

impl LivePage<'_> {
    /// The answer for a file of the page, of which so many bytes are read at most. What keeps copies is asked to look for a
    /// new one.
    pub(super) fn ask(
        &self,
        path: &str,
        copies: Copies,
        largest: u64,
    ) -> Result<Answer, FetchError> {
        self.ask_following(path, copies, largest, MOST_REDIRECTS)
    }

    /// Whether the name of the host is not known.
    pub(super) fn is_nowhere(&self) -> bool {
        let first = self.ask_following("", Copies::Allowed, 0, 0);
        first == Err(FetchError::UnknownHost)
    }

    fn ask_following(
        &self,
        path: &str,
        copies: Copies,
        largest: u64,
        redirects: u32,
    ) -> Result<Answer, FetchError> {
        let path = utf8_percent_encode(path, ENCODED);
        let query = match copies {
            Copies::Allowed => String::new(),
            Copies::Avoided => format!("?at={}", self.asked.timestamp()),
        };
        let request = Request::get(EnvText::new(format!("{}{path}{query}", self.url)))
            .with_header("cache-control", EnvText::new("no-cache"))
            .with_header("accept-encoding", EnvText::new("identity"));
        let limits = Limits {
            timeout: self.timeout,
            redirects,
            body: largest,
            // The page for what is missing may be longer than what is.
            excess: Excess::LeftUnread,
            // Whoever typed the address may ask it.
            networks: Networks::All,
        };
        self.key.ask(self.client, request, limits)
    }
}

/// What an answer of another status code than 200 says, in words.
pub(super) fn refusal(address: &str, status: u16) -> String {
    match status {
        401 | 403 => format!(
            "{address} answers with status {status}: it asks for a password or a key, which `--header` sends"
        ),
        status => format!("{address} answers with status {status}"),
    }
}

/// The body of an answer, unpacked where a server has packed it though nobody asked for that; `None` where it cannot be
/// unpacked, or is of more than so many bytes then.
pub(super) fn body(answer: Answer, most: u64) -> Option<Vec<u8>> {
    match answer.header("content-encoding") {
        None => Some(answer.body),
        Some(name) if name.trim().eq_ignore_ascii_case("identity") => Some(answer.body),
        Some(name) => Encoding::named(name)?.unpack(&answer.body, most),
    }
}

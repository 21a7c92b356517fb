//! `http`: whether an address answers as it should.
//!
//! | answer | it says |
//! | --- | --- |
//! | the expected status, text and speed | operational |
//! | the same, but slower than `within` | degraded performance, once asked again |
//! | another status, no text `contains`, a text `absent`, no answer in time, a certificate that is not believed, more than five redirects | bad, once asked again |
//! | a text is looked for, and the answer is larger than 1 MB | nothing |
//! | a variable of the environment is missing, the address or a redirect may not be asked, this machine trusts no authority at all, has no route, or cannot look the name up | nothing |
//!
//! Redirects are followed, unless a status from 300 to 399 is expected; to another host no header field goes along. A body
//! is read as it was sent: none is unpacked.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::address;
use super::question::{
    Ask, Asked, Outcome, Question, Reading, Subject, Verdict, status_within, unanswered,
};
use crate::diagnostic::Code;
use crate::fetch::{Answer, Excess, FetchError, Method, Request};
use crate::site::vocabulary::Status;
use crate::syntax::{Reader, Spanned, TableReader, Value};

/// How many redirects are followed.
const REDIRECTS: u32 = 5;

/// How much of a body is looked at, in bytes.
const BODY: u64 = 1 << 20;

/// What is asked of an address.
#[derive(Debug, Clone)]
pub struct Http {
    request: Request,
    expect: Expect,
}

/// What a good answer is like.
#[derive(Debug, Clone)]
struct Expect {
    /// The status codes.
    status: Vec<RangeInclusive<u16>>,
    /// A text in the body.
    contains: Option<String>,
    /// A text that is not in the body, as those of error pages that are sent as good ones.
    absent: Option<String>,
    /// The longest time that is no degraded performance.
    within: Option<Duration>,
}

impl Http {
    /// Reads the keys of this kind.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        table: &mut TableReader<'_>,
        node: &Spanned<Value>,
    ) -> Option<Self> {
        let url = address::url(reader, node);
        let headers = address::headers(reader, table);
        let method = table.take("method").and_then(|node| method(reader, node));
        let method = method.unwrap_or(Method::Get);
        let expect = Expect::read(reader, table, method);
        let request = Request {
            method,
            headers,
            ..Request::get(url?)
        };
        Some(Self { request, expect })
    }
}

impl Expect {
    fn read(reader: &mut Reader<'_>, table: &mut TableReader<'_>, method: Method) -> Self {
        let mut expect = Self {
            status: vec![200..=299],
            contains: None,
            absent: None,
            within: None,
        };
        let node = table.take("expect");
        let Some(mut table) = node.and_then(|node| reader.table(node, "`expect`")) else {
            return expect;
        };
        if let Some(node) = table.take("status") {
            expect.status = statuses(reader, node);
        }
        expect.contains = text(reader, &mut table, "contains", method);
        expect.absent = text(reader, &mut table, "absent", method);
        expect.within = address::within(reader, &mut table);
        table.finish(reader);
        expect
    }
}

/// A text that is looked for in a body.
fn text(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    key: &'static str,
    method: Method,
) -> Option<String> {
    let (text, node) = table.text(reader, key)?;
    if method == Method::Head {
        let message = "what answers `HEAD` has no body to look into";
        let hint = format!("leave out `{key}`, or ask with `GET`");
        reader.error(Code::BadProbe, &node.span, message, hint);
    } else if text.is_empty() {
        let message = "this text is empty, and so in every body";
        reader.error(Code::EmptyText, &node.span, message, None);
    }
    Some(text.to_owned())
}

/// The method of a request that changes nothing.
fn method(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<Method> {
    match reader.text(node)? {
        "GET" => Some(Method::Get),
        "HEAD" => Some(Method::Head),
        other => {
            let message = format!("`{other}` is no method by which a probe asks");
            let hint = "write `GET` or `HEAD`, which change nothing";
            reader.error(Code::BadProbe, &node.span, message, hint.to_owned());
            None
        }
    }
}

/// The status codes of a value: a number, `"2xx"`, or a list of them.
fn statuses(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Vec<RangeInclusive<u16>> {
    let items = match &node.value {
        Value::List(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let mut all = Vec::new();
    for item in items {
        match status(&item.value) {
            Some(range) => all.push(range),
            None => reader.error(
                Code::OutOfRange,
                &item.span,
                "this is no status code of HTTP",
                "write a number from 100 to 599, or a class of them as `\"2xx\"`".to_owned(),
            ),
        }
    }
    all
}

fn status(value: &Value) -> Option<RangeInclusive<u16>> {
    let text = match value {
        Value::Integer(number) => number.to_string(),
        Value::Text(text) => text.to_ascii_lowercase(),
        _ => return None,
    };
    if let Some(class) = text.strip_suffix("xx") {
        let class: u16 = class.parse().ok().filter(|class| (1..=5).contains(class))?;
        return Some(class * 100..=class * 100 + 99);
    }
    let code = text
        .parse()
        .ok()
        .filter(|code| (100..=599).contains(code))?;
    Some(code..=code)
}

impl Question for Http {
    fn source(&self) -> String {
        address::source("http", &address::host(&self.request.url))
    }

    fn asks(&self) -> Vec<Ask> {
        vec![Ask::Http {
            request: self.request.clone(),
            redirects: match self.expect.wants_redirect() {
                true => 0,
                false => REDIRECTS,
            },
            body: BODY,
            // The status is known by then.
            excess: match self.expect.looks_into_body() {
                true => Excess::Refused,
                false => Excess::LeftUnread,
            },
        }]
    }

    fn read(&self, probe: Subject<'_>, asked: Asked<'_>, outcomes: &[Outcome]) -> Vec<Reading> {
        let answer = match outcomes {
            [Outcome::Http(answer)] => answer,
            [Outcome::Failed(error @ FetchError::TooLarge(_))] => {
                let why =
                    format!("{error}, which are not searched for a text: ask for a smaller page");
                return probe.of_all(Verdict::Silent, &why, None);
            }
            _ => return unanswered(probe, outcomes),
        };
        if let Some(why) = self.expect.missed(answer) {
            return probe.of_all(Verdict::Failed, &why, None);
        }
        let status = status_within(self.expect.within, answer.took);
        let code = answer.status;
        let why = match status {
            Status::Operational => format!("the status code is {code}"),
            _ => format!("the status code is {code}, but that took too long"),
        };
        probe.of_all(Verdict::Seen(status, asked.at), &why, Some(answer.took))
    }
}

impl Expect {
    /// Whether an answer that leads elsewhere is a good one.
    fn wants_redirect(&self) -> bool {
        let mut ranges = self.status.iter();
        ranges.any(|range| (300..=399).contains(range.start()))
    }

    /// Whether a text is searched for.
    fn looks_into_body(&self) -> bool {
        self.contains.is_some() || self.absent.is_some()
    }

    /// What an answer lacks, but for its speed.
    fn missed(&self, answer: &Answer) -> Option<String> {
        if !self
            .status
            .iter()
            .any(|range| range.contains(&answer.status))
        {
            return Some(format!("the status code is {}", answer.status));
        }
        let body = String::from_utf8_lossy(&answer.body);
        match (&self.contains, &self.absent) {
            (Some(wanted), _) if !body.contains(wanted.as_str()) => {
                Some(format!("the answer does not contain `{wanted}`"))
            }
            (_, Some(unwanted)) if body.contains(unwanted.as_str()) => {
                Some(format!("the answer contains `{unwanted}`"))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::probe::fixtures::{ASKED_AT, probe, said};

    fn answered(status: u16, body: &str, millis: u64) -> Outcome {
        Outcome::Http(Answer {
            status,
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
            took: Duration::from_millis(millis),
        })
    }

    #[test]
    fn an_answer_is_good_by_its_status_its_text_and_its_speed() {
        let lines = "http = 'https://example.com/'\nexpect = { status = ['2xx', 404], contains = 'ok', absent = 'error', within = '1s' }";
        let good = Verdict::Seen(Status::Operational, ASKED_AT);
        let slow = Verdict::Seen(Status::DegradedPerformance, ASKED_AT);
        for (outcome, verdict, why) in [
            (answered(200, "ok", 1000), good, "the status code is 200"),
            (
                answered(404, "all ok here", 20),
                good,
                "the status code is 404",
            ),
            (
                answered(200, "ok", 1001),
                slow,
                "the status code is 200, but that took too long",
            ),
            (
                answered(500, "ok", 20),
                Verdict::Failed,
                "the status code is 500",
            ),
            (
                answered(200, "", 20),
                Verdict::Failed,
                "the answer does not contain `ok`",
            ),
            (
                answered(200, "error: not ok", 20),
                Verdict::Failed,
                "the answer contains `error`",
            ),
        ] {
            let reading = said(lines, &[outcome]);
            assert_eq!((reading.verdict, reading.why.as_str()), (verdict, why));
            assert_eq!(reading.latency.is_some(), verdict != Verdict::Failed);
        }
    }

    #[test]
    fn no_answer_has_failed_unless_it_is_for_a_reason_of_our_own() {
        let private = FetchError::PrivateNetwork([10, 0, 0, 1].into());
        for (error, verdict) in [
            (FetchError::TimedOut, Verdict::Failed),
            (FetchError::UnknownHost, Verdict::Failed),
            (FetchError::Redirects(5), Verdict::Failed),
            (
                FetchError::Tls("it has expired".to_owned()),
                Verdict::Failed,
            ),
            (private, Verdict::Silent),
            (FetchError::NoAuthorities, Verdict::Silent),
            (FetchError::Lookup("later".to_owned()), Verdict::Silent),
            (FetchError::Machine("no route".to_owned()), Verdict::Silent),
            (FetchError::MissingVariable("A".to_owned()), Verdict::Silent),
            (
                FetchError::BadAddress("it is odd".to_owned()),
                Verdict::Silent,
            ),
        ] {
            let reading = said(
                "http = 'https://example.com/'",
                &[Outcome::Failed(error.clone())],
            );
            assert_eq!(reading.verdict, verdict, "{error:?}");
            assert_eq!(reading.why, error.to_string());
        }
    }

    #[test]
    fn redirects_are_followed_unless_one_is_expected() {
        for (expected, followed) in [("2xx", REDIRECTS), ("301", 0), ("3xx", 0)] {
            let lines =
                format!("http = 'http://example.com/'\nexpect = {{ status = '{expected}' }}");
            let [Ask::Http { redirects, .. }] = probe(&lines).kind.asks()[..] else {
                unreachable!("it asks once over HTTP");
            };
            assert_eq!(redirects, followed, "{expected}");
        }
    }

    #[test]
    fn the_source_is_named_after_the_host_and_holds_no_secret() {
        for (url, source) in [
            ("https://Example.com/health?key=${KEY}", "http-example.com"),
            (
                "https://user:${TOKEN}@example.com:8443/",
                "http-example.com-8443",
            ),
            ("http://[2001:db8::1]:80/", "http-2001-db8--1--80"),
            ("https://${HOST}/", "http"),
            ("${ADDRESS}", "http"),
        ] {
            assert_eq!(probe(&format!("http = '{url}'")).source, source);
        }
    }
}

//! `http`: whether an address answers as it should.
//!
//! | answer | it says |
//! | --- | --- |
//! | the expected status, text and speed | operational |
//! | the same, but slower than `within` | degraded performance |
//! | another status or text, no answer, too many redirects, too large a body | bad, once asked again |
//! | a variable of the environment is missing, or the address may not be asked | nothing |

use std::ops::RangeInclusive;
use std::time::Duration;

use super::question::{Ask, Asked, Outcome, Question, Reading, Verdict, why};
use super::{Probe, address};
use crate::diagnostic::Code;
use crate::fetch::{Answer, FetchError, Request};
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
        let expect = Expect::read(reader, table);
        let request = Request {
            headers,
            ..Request::get(url?)
        };
        Some(Self { request, expect })
    }
}

impl Expect {
    fn read(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Self {
        let mut expect = Self {
            status: vec![200..=299],
            contains: None,
            within: None,
        };
        let node = table.take("expect");
        let Some(mut table) = node.and_then(|node| reader.table(node, "`expect`")) else {
            return expect;
        };
        if let Some(node) = table.take("status") {
            expect.status = statuses(reader, node);
        }
        expect.contains = table
            .text(reader, "contains")
            .map(|(text, _)| text.to_owned());
        expect.within = table
            .take("within")
            .and_then(|node| reader.duration(node)?.to_std().ok());
        table.finish(reader);
        expect
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
        format!("http-{}", address::host(&self.request.url))
    }

    fn asks(&self) -> Vec<Ask> {
        vec![Ask::Http {
            request: self.request.clone(),
            redirects: REDIRECTS,
            body: BODY,
        }]
    }

    fn read(&self, probe: &Probe, asked: Asked<'_>, outcomes: &[Outcome]) -> Vec<Reading> {
        let answer = match outcomes {
            [Outcome::Http(answer)] => answer,
            [
                Outcome::Failed(
                    FetchError::MissingVariable(_)
                    | FetchError::BadAddress(_)
                    | FetchError::PrivateNetwork(_),
                ),
            ]
            | [] => {
                return probe.of_all(Verdict::Silent, &why(outcomes), None);
            }
            _ => return probe.of_all(Verdict::Failed, &why(outcomes), None),
        };
        if let Some(why) = self.expect.missed(answer) {
            return probe.of_all(Verdict::Failed, &why, None);
        }
        let is_slow = self
            .expect
            .within
            .is_some_and(|within| answer.took > within);
        let status = if is_slow {
            Status::DegradedPerformance
        } else {
            Status::Operational
        };
        let why = format!("{} in {} ms", answer.status, answer.took.as_millis());
        probe.of_all(Verdict::Seen(status, asked.at), &why, Some(answer.took))
    }
}

impl Expect {
    /// What an answer lacks, but for its speed.
    fn missed(&self, answer: &Answer) -> Option<String> {
        if !self
            .status
            .iter()
            .any(|range| range.contains(&answer.status))
        {
            return Some(format!("the status code is {}", answer.status));
        }
        let wanted = self.contains.as_ref()?;
        let body = String::from_utf8_lossy(&answer.body);
        (!body.contains(wanted.as_str())).then(|| format!("the answer does not contain `{wanted}`"))
    }
}

//! `dns`: whether a name is known.
//!
//! | answer | it says |
//! | --- | --- |
//! | records of the kind `record` (by default `A`), one of them with the text `contains` | operational |
//! | no such record, only another name that leads to none, `NXDOMAIN`, `SERVFAIL`; with `server`, no answer in time | bad, once asked again |
//! | `server` does not take the question: `REFUSED`, `FORMERR`, `NOTIMP`; its address may not be asked | nothing |
//! | without `server`, the system could not look it up | nothing |
//!
//! Without `server` the system looks the name up. Names that control addresses have are looked up in the same way, so that a
//! resolver of our own that is down says nothing. With `server` it is asked over UDP, port 53 unless another is named: where a
//! firewall of ours stops that, the control addresses do not show it, for they are asked over TCP.

use std::net::{IpAddr, SocketAddr};

use strum::VariantNames as _;

use super::address::{expected, source};
use super::monitor::repeated;
use super::question::{Ask, Asked, Outcome, Question, Reading, Subject, Verdict, unanswered};
use crate::diagnostic::{Code, nearest_hint};
use crate::fetch::{NameAnswer, RecordKind};
use crate::site::vocabulary::Status;
use crate::syntax::{Reader, Spanned, TableReader, Value};

/// The port of servers of names.
const PORT: u16 = 53;

/// What a server says that does not take the question, from us or at all: nothing about the name.
const UNTAKEN: [&str; 3] = ["REFUSED", "FORMERR", "NOTIMP"];

/// A name, and what should be known of it.
#[derive(Debug, Clone)]
pub struct Dns {
    name: String,
    kind: RecordKind,
    server: Option<SocketAddr>,
    contains: Option<String>,
}

impl Dns {
    /// Reads the keys of this kind.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        table: &mut TableReader<'_>,
        node: &Spanned<Value>,
    ) -> Option<Self> {
        let name = name(reader, node);
        let record = table.take("record");
        let kind = record.and_then(|node| kind(reader, node));
        let kind = kind.unwrap_or(RecordKind::A);
        let server_node = table.take("server");
        let server = server_node.and_then(|node| server(reader, node));
        if let (Some(record), None) = (record, server_node)
            && !matches!(kind, RecordKind::A | RecordKind::Aaaa)
        {
            let message = format!("records of the kind `{}` need a `server`", kind.as_str());
            let hint = "name one by its address, as `server = \"9.9.9.9\"`; the system only looks up `A` and `AAAA`";
            reader.error(Code::BadProbe, &record.span, message, hint.to_owned());
        }
        let contains = expected(reader, table, |reader, table| {
            let (text, _) = table.text(reader, "contains")?;
            Some(text.to_owned())
        });
        Some(Self {
            name: name?,
            kind,
            server,
            contains,
        })
    }

    /// What an answer lacks.
    fn missed(&self, answer: &NameAnswer) -> Option<String> {
        let kind = self.kind.as_str();
        if answer.code != "NOERROR" {
            return Some(format!("the answer is {}", answer.code));
        }
        if answer.records.is_empty() {
            return Some(format!("the answer has no {kind} record"));
        }
        let wanted = self.contains.as_deref()?;
        let has = answer.records.iter().any(|it| it.contains(wanted));
        (!has).then(|| format!("no {kind} record contains `{wanted}`"))
    }
}

/// The name to be looked up.
fn name(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<String> {
    let text = reader.text(node)?.trim();
    let fits = |it: char| it.is_alphanumeric() || "-_.".contains(it);
    let labels = text.strip_suffix('.').unwrap_or(text).split('.');
    let is_label = |label: &str| (1..=63).contains(&label.len());
    let is_address = text.parse::<IpAddr>().is_ok();
    if !text.chars().all(fits) || text.len() > 253 || !labels.clone().all(is_label) || is_address {
        let message = format!("`{text}` is no name that can be looked up");
        let hint = "write the name alone, as `www.example.com`";
        reader.error(Code::BadAddress, &node.span, message, hint.to_owned());
        return None;
    }
    Some(text.to_owned())
}

fn kind(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<RecordKind> {
    let text = reader.text(node)?.trim();
    let kind = text.parse().ok();
    if kind.is_none() {
        let message = format!("`{text}` is no kind of records that can be asked for");
        let known = RecordKind::VARIANTS.iter().copied();
        let hint = nearest_hint(&text.to_ascii_uppercase(), known);
        reader.error(Code::BadProbe, &node.span, message, hint);
    }
    kind
}

/// The server that is asked.
fn server(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<SocketAddr> {
    let text = reader.text(node)?.trim();
    let with_port = || text.parse::<SocketAddr>().ok();
    let alone = || Some(SocketAddr::new(text.parse::<IpAddr>().ok()?, PORT));
    let server = with_port().or_else(alone);
    if server.is_none() {
        let message = format!("`{text}` is no address of a server of names");
        let hint = "write its address, as `9.9.9.9` or `9.9.9.9:53`: its name would have to be looked up first";
        reader.error(Code::BadAddress, &node.span, message, hint.to_owned());
    }
    server
}

impl Question for Dns {
    fn source(&self) -> String {
        source("dns", self.name.trim_end_matches('.'))
    }

    fn asks(&self) -> Vec<Ask> {
        vec![Ask::Dns {
            name: self.name.clone(),
            kind: self.kind,
            server: self.server,
        }]
    }

    fn read(&self, probe: Subject<'_>, asked: Asked<'_>, outcomes: &[Outcome]) -> Vec<Reading> {
        let [Outcome::Dns(answer)] = outcomes else {
            return unanswered(probe, outcomes);
        };
        if UNTAKEN.contains(&answer.code.as_str()) {
            let why = format!("the server does not take the question: {}", answer.code);
            return probe.of_all(Verdict::Silent, &why, None);
        }
        if let Some(why) = self.missed(answer) {
            return probe.of_all(Verdict::Failed, &why, None);
        }
        let seen = Verdict::Seen(Status::Operational, asked.at);
        // Whoever has the zone writes what he likes.
        let first = repeated(answer.records.first().map_or("", String::as_str));
        let why = match answer.records.len() {
            1 => first,
            count => format!("{first} and {} more", count - 1),
        };
        probe.of_all(seen, &why, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::FetchError;
    use crate::site::probe::fixtures::{ASKED_AT, said};

    fn answered(code: &str, records: &[&str]) -> Outcome {
        Outcome::Dns(NameAnswer {
            code: code.to_owned(),
            records: records.iter().map(|it| (*it).to_owned()).collect(),
        })
    }

    #[test]
    fn a_name_is_known_where_it_has_a_record_as_it_should() {
        let probe = "dns = 'example.com'\nrecord = 'mx'\nserver = '9.9.9.9'\nexpect = { contains = 'mail' }";
        let seen = Verdict::Seen(Status::Operational, ASKED_AT);
        for (outcome, verdict, why) in [
            (
                answered("NOERROR", &["10 mail.example.com."]),
                seen,
                "10 mail.example.com.",
            ),
            (
                answered("NOERROR", &["5 a.", "10 mail.", "15 b."]),
                seen,
                "5 a. and 2 more",
            ),
            (
                answered("NOERROR", &["10 other.example.com."]),
                Verdict::Failed,
                "no MX record contains `mail`",
            ),
            (
                answered("NOERROR", &[]),
                Verdict::Failed,
                "the answer has no MX record",
            ),
            (
                answered("NXDOMAIN", &[]),
                Verdict::Failed,
                "the answer is NXDOMAIN",
            ),
            (
                answered("SERVFAIL", &[]),
                Verdict::Failed,
                "the answer is SERVFAIL",
            ),
            (
                answered("REFUSED", &[]),
                Verdict::Silent,
                "the server does not take the question: REFUSED",
            ),
            (
                answered("NOTIMP", &[]),
                Verdict::Silent,
                "the server does not take the question: NOTIMP",
            ),
            (
                answered("NOERROR", &["10 mail\n2022-12-28 all is well\u{1b}[2J"]),
                seen,
                "10 mail 2022-12-28 all is well [2J",
            ),
            (
                Outcome::Failed(FetchError::TimedOut),
                Verdict::Failed,
                "no answer in time",
            ),
            (
                Outcome::Failed(FetchError::Lookup("try again".to_owned())),
                Verdict::Silent,
                "the name of the host could not be looked up: try again",
            ),
        ] {
            let reading = said(probe, &[outcome]);
            assert_eq!((reading.verdict, reading.why.as_str()), (verdict, why));
            assert_eq!(reading.latency, None);
        }
    }
}

//! The addresses that probes ask, and what is sent with the asking.

use std::fmt;
use std::time::Duration;

use crate::diagnostic::Code;
use crate::fetch::{BadField, EnvText, bad_field};
use crate::syntax::{Reader, Spanned, TableReader, Value};

/// A whole `http` or `https` address; its secrets stand in it as `${NAME}`.
pub(super) fn url(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<EnvText> {
    let text = reader.text(node)?.trim();
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    // A variable may stand for all of it.
    let is_whole =
        rest.is_some_and(|rest| !rest.starts_with(['/', '?', '#', ':']) && !rest.is_empty());
    if !(is_whole || text.starts_with("${")) || text.contains(char::is_whitespace) {
        let message = format!("`{text}` is no address that can be asked");
        let hint = "write the whole address, as `https://example.com/health`";
        reader.error(Code::BadAddress, &node.span, message, hint.to_owned());
        return None;
    }
    Some(EnvText::new(text))
}

/// The header fields of the key `headers`.
pub(super) fn headers(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
) -> Vec<(String, EnvText)> {
    let node = table.take("headers");
    let Some(headers) = node.and_then(|node| reader.table(node, "`headers`")) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for (key, node) in headers.entries() {
        let bad = bad_field(&key.name);
        if bad == Some(BadField::NoName) {
            let message = format!("`{}` is no name of a header field", key.name);
            let hint = "write one as `Authorization`".to_owned();
            reader.error(Code::BadAddress, &key.span, message, hint);
        } else if bad == Some(BadField::Framing) {
            let message = format!("`{}` is not for a probe to say", key.name);
            let hint =
                "leave it out: it says where a request ends, or what becomes of its connection";
            reader.error(Code::BadProbe, &key.span, message, hint.to_owned());
        } else if let Some(text) = reader.text(node) {
            all.push((key.name.clone(), EnvText::new(text)));
        }
    }
    all
}

/// The host and port of an address, without user, path and query, where secrets stand; empty where a variable stands in
/// their place.
pub(super) fn host(url: &EnvText) -> String {
    let text = url.as_written();
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    match host.contains("${") {
        true => String::new(),
        false => host.to_ascii_lowercase(),
    }
}

/// The name of a source where none is said: the kind, and who is asked, as a file may have it.
pub(super) fn source(kind: &str, asked: &str) -> String {
    let asked = asked.trim_matches(['[', ']']).replace([':', '[', ']'], "-");
    match asked.is_empty() {
        true => kind.to_owned(),
        false => format!("{kind}-{asked}"),
    }
}

/// What `read` takes from the table of the key `expect`, of which nothing else is known.
pub(super) fn expected<T>(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    read: impl FnOnce(&mut Reader<'_>, &mut TableReader<'_>) -> Option<T>,
) -> Option<T> {
    let node = table.take("expect")?;
    let mut table = reader.table(node, "`expect`")?;
    let found = read(reader, &mut table);
    table.finish(reader);
    found
}

/// The longest time that is no degraded performance, of the key `within`: any duration, or `200ms`.
pub(super) fn within(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Option<Duration> {
    let node = table.take("within")?;
    if let Value::Text(text) = &node.value
        && let Some(number) = text.trim().strip_suffix("ms")
        && let Ok(millis) = number.trim().parse::<u32>()
        && millis > 0
    {
        return Some(Duration::from_millis(millis.into()));
    }
    reader.duration(node)?.to_std().ok()
}

/// A host with a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostAndPort {
    /// A name or an address; an address of version 6 without its brackets.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl HostAndPort {
    /// Reads one, as `db.example.com:5432` or `[2001:db8::1]:5432`.
    pub fn parse(text: &str) -> Option<Self> {
        let (host, port) = text.trim().rsplit_once(':')?;
        let bare = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'));
        let host = bare.unwrap_or(host);
        let is_host = !host.is_empty()
            && (bare.is_some() || !host.contains(':'))
            && !host.contains(|it: char| it.is_whitespace() || "/?#@[]${}".contains(it));
        let port = port.parse().ok().filter(|port| *port > 0)?;
        is_host.then(|| Self {
            host: host.to_owned(),
            port,
        })
    }
}

impl fmt::Display for HostAndPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port),
            false => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

/// The host and port of a value.
pub(crate) fn host_and_port(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<HostAndPort> {
    let text = reader.text(node)?;
    let found = HostAndPort::parse(text);
    if found.is_none() {
        let message = format!("`{text}` is no host with a port");
        let hint = "write both, as `db.example.com:5432`";
        reader.error(Code::BadAddress, &node.span, message, hint.to_owned());
    }
    found
}

//! The `[reports]` table of `allclear.toml`, and the `[[regions]]`.

use std::net::IpAddr;

use ipnet::IpNet;

use super::field::{id, name, section};
use crate::diagnostic::{Code, nearest_hint};
use crate::locale::Language;
use crate::site::BaseUrl;
use crate::site::config::RegionConfig;
use crate::site::reports::{KNOWN_KINDS, ReportKind, ReportSettings};
use crate::syntax::{Reader, Spanned, TableReader, Value};

/// The header by which proxies tell the addresses that a request came through.
const USUAL_ADDRESS_HEADER: &str = "X-Forwarded-For";

pub(super) fn region(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    languages: &[Language],
) -> Option<RegionConfig> {
    let id = id(reader, table);
    let name = name(reader, table, id.as_ref(), languages);
    let sources = texts(reader, table, "sources");
    let codes = texts(reader, table, "codes");
    Some(RegionConfig {
        id: id?,
        name: name?,
        sources,
        codes,
    })
}

/// The reports that a site asks for; `None` where it asks for none.
pub(super) fn reports(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    languages: &[Language],
    base_url: Option<&BaseUrl>,
) -> Option<ReportSettings> {
    let mut table = section(reader, table, "reports", "`reports`")?;
    let url = table
        .require_text(reader, "url")
        .and_then(|(text, node)| url(reader, text, node, base_url));
    let kinds = match table.take("kinds") {
        Some(node) => kinds(reader, node, languages),
        None => KNOWN_KINDS.iter().map(|id| known_kind(id)).collect(),
    };
    let region_header = header(reader, &mut table, "region_header");
    let address_header = header(reader, &mut table, "address_header");
    let proxies = table.take("proxies").map_or_else(Vec::new, |node| {
        let texts = reader.texts(node);
        texts
            .into_iter()
            .filter_map(|(text, node)| network(reader, text, node))
            .collect()
    });
    table.finish(reader);
    Some(ReportSettings {
        url: url?,
        kinds,
        region_header,
        address_header: address_header.unwrap_or_else(|| USUAL_ADDRESS_HEADER.to_owned()),
        proxies,
    })
}

fn url(
    reader: &mut Reader<'_>,
    text: &str,
    node: &Spanned<Value>,
    base_url: Option<&BaseUrl>,
) -> Option<BaseUrl> {
    match BaseUrl::parse(text) {
        Ok(url) => {
            let is_secure = base_url.is_some_and(|it| it.as_str().starts_with("https:"));
            if is_secure && is_open_to_others(&url) {
                let message = format!(
                    "`{text}` cannot take reports of a page at `https://`: browsers warn readers of a form that is sent without encryption"
                );
                let hint = "write it with `https://`, and let a proxy with a certificate stand before `allclear collect`";
                reader.error(Code::BadUrl, &node.span, message, hint.to_owned());
            }
            Some(url)
        }
        Err(error) => {
            let message = format!("`{text}` cannot take reports: it {error}");
            let hint = "write the address at which readers reach `allclear collect`, as `https://reports.example.com/`";
            reader.error(Code::BadUrl, &node.span, message, hint.to_owned());
            None
        }
    }
}

/// Whether what is sent to an address goes over a network, and without encryption.
fn is_open_to_others(url: &BaseUrl) -> bool {
    let Some(authority) = url.origin().strip_prefix("http://") else {
        return false;
    };
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => host,
        _ => authority,
    };
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let is_here = |it: IpAddr| it.is_loopback();
    let is_local_name = host == "localhost" || host.ends_with(".localhost");
    !is_local_name && !address.parse().is_ok_and(is_here)
}

/// What may fail: words that each language knows, and tables of the site's own.
fn kinds(
    reader: &mut Reader<'_>,
    node: &Spanned<Value>,
    languages: &[Language],
) -> Vec<ReportKind> {
    let mut kinds: Vec<ReportKind> = Vec::new();
    let items = reader.list(node);
    for item in items.unwrap_or_default() {
        let Some(kind) = kind(reader, item, languages) else {
            continue;
        };
        if kinds.iter().any(|it| it.id == kind.id) {
            let message = format!("there are two kinds `{}`", kind.id);
            let hint = "leave one of them out".to_owned();
            reader.error(Code::DuplicateId, &item.span, message, hint);
        } else {
            kinds.push(kind);
        }
    }
    if items.is_some_and(<[_]>::is_empty) {
        let message = "a form needs at least one kind".to_owned();
        let hint = "leave `kinds` out for those that each language has a text for".to_owned();
        reader.error(Code::OutOfRange, &node.span, message, hint);
    }
    if kinds.len() > MOST_KINDS {
        let message = format!(
            "these are {} kinds, but a form has at most {MOST_KINDS}",
            kinds.len()
        );
        let hint = "keep those that a reader can tell apart".to_owned();
        reader.error(Code::OutOfRange, &node.span, message, hint);
    }
    kinds
}

/// How many kinds a form offers at most: more than anybody reads.
const MOST_KINDS: usize = 20;

fn kind(
    reader: &mut Reader<'_>,
    node: &Spanned<Value>,
    languages: &[Language],
) -> Option<ReportKind> {
    if let Value::Table(_) = node.value {
        let mut table = reader.table(node, "a kind")?;
        let id = id(reader, &mut table);
        let name = name(reader, &mut table, id.as_ref(), languages);
        table.finish(reader);
        let id = id?.value;
        let is_known = KNOWN_KINDS.contains(&id.as_str()) && name.is_none();
        return Some(ReportKind {
            name: name.filter(|_| !is_known),
            id,
        });
    }
    let word = reader.text(node)?;
    if KNOWN_KINDS.contains(&word) {
        return Some(known_kind(word));
    }
    let message = format!("`{word}` is no kind that each language has a text for");
    let hint = nearest_hint(word, KNOWN_KINDS);
    let own = format!("{{ id = \"{word}\", name = \"…\" }}");
    let hint = match hint {
        Some(near) if near.ends_with('?') => {
            format!("{near} Otherwise give it a name, as `{own}`")
        }
        Some(known) => format!("give it a name, as `{own}`; {known}"),
        None => format!("give it a name, as `{own}`"),
    };
    reader.error(Code::UnknownKind, &node.span, message, hint);
    None
}

fn known_kind(id: &str) -> ReportKind {
    ReportKind {
        id: id.to_owned(),
        name: None,
    }
}

/// The name of a header of HTTP, by RFC 9110, section 5.1.
fn header(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    key: &'static str,
) -> Option<String> {
    let (text, node) = table.text(reader, key)?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_name) {
        return Some(text.to_owned());
    }
    let message = format!("`{text}` is no name of a header");
    let hint = "write it as the proxy sends it, as `X-Forwarded-For`".to_owned();
    reader.error(Code::OutOfRange, &node.span, message, hint);
    None
}

/// A network, or a single address.
fn network(reader: &mut Reader<'_>, text: &str, node: &Spanned<Value>) -> Option<IpNet> {
    let alone = || text.parse::<IpAddr>().ok().map(IpNet::from);
    let network = text.parse::<IpNet>().ok().or_else(alone);
    if network.is_none() {
        let message = format!("`{text}` is no network");
        let hint = "write an address, or one with the length of its prefix, as `10.0.0.0/8`";
        reader.error(Code::OutOfRange, &node.span, message, hint.to_owned());
    }
    network
}

/// The texts of a list, where there is one.
fn texts(reader: &mut Reader<'_>, table: &mut TableReader<'_>, key: &'static str) -> Vec<String> {
    let node = table.take(key);
    let texts = node.map_or_else(Vec::new, |node| reader.texts(node));
    texts.into_iter().map(|(it, _)| it.to_owned()).collect()
}

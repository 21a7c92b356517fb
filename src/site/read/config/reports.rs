//! The `[reports]` table of `allclear.toml`, and the `[[regions]]`.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};

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
    let sources = words(reader, table, "sources");
    let codes = words(reader, table, "codes");
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
    let region_header = region_header(reader, &mut table);
    let address_header = address_header(reader, &mut table);
    let proxies = table.take("proxies");
    let is_empty =
        |it: &Spanned<Value>| matches!(&it.value, Value::List(items) if items.is_empty());
    if proxies.is_none_or(is_empty) {
        let headers = [
            ("region_header", &region_header),
            ("address_header", &address_header),
        ];
        for (key, header) in headers {
            let header = header.as_ref();
            header
                .into_iter()
                .for_each(|it| unbelieved(reader, key, it));
        }
    }
    let proxies = proxies.map_or_else(Vec::new, |node| {
        let texts = reader.texts(node);
        texts
            .into_iter()
            .filter_map(|(text, node)| network(reader, text, node))
            .collect()
    });
    let span = table.span.clone();
    table.finish(reader);
    let address_header = address_header.map(|it| it.value);
    Some(ReportSettings {
        url: url?,
        kinds,
        region_header: region_header.map(|it| it.value),
        address_header: address_header.unwrap_or_else(|| USUAL_ADDRESS_HEADER.to_owned()),
        proxies,
        span,
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

/// The headers in which proxies name addresses, and nothing else.
const OF_ADDRESSES: [&str; 5] = [
    USUAL_ADDRESS_HEADER,
    FORWARDED,
    "X-Real-IP",
    "CF-Connecting-IP",
    "True-Client-IP",
];

/// The header of RFC 7239, which has a form of its own that is not read.
const FORWARDED: &str = "Forwarded";

fn region_header(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Option<Spanned<String>> {
    let header = header(reader, table, "region_header")?;
    let mut names = OF_ADDRESSES.iter();
    if let Some(name) = names.find(|it| it.eq_ignore_ascii_case(&header.value)) {
        let message = format!("no region stands in `{name}`, but an address");
        let hint = "name the header in which the proxy writes the country, as `CF-IPCountry`, or leave `region_header` out: then readers choose";
        reader.error(Code::OutOfRange, &header.span, message, hint.to_owned());
        return None;
    }
    Some(header)
}

fn address_header(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Option<Spanned<String>> {
    let header = header(reader, table, "address_header")?;
    if header.value.eq_ignore_ascii_case(FORWARDED) {
        let message =
            format!("addresses are not read from `{FORWARDED}`, whose form is that of RFC 7239");
        let hint = format!(
            "let the proxy write them into `{USUAL_ADDRESS_HEADER}`, and leave `address_header` out"
        );
        reader.error(Code::OutOfRange, &header.span, message, hint);
        return None;
    }
    Some(header)
}

/// Reports a header that nobody is believed of.
fn unbelieved(reader: &mut Reader<'_>, key: &str, header: &Spanned<String>) {
    let message = format!(
        "`{key}` does nothing without `proxies`: no proxy is believed, so that `{}` is never read",
        header.value
    );
    let hint = format!(
        "name the proxy from which `allclear collect` gets its requests, as `proxies = [\"127.0.0.1\"]`, or leave `{key}` out"
    );
    reader.warning(Code::UnusedKey, &header.span, message, hint);
}

/// The name of a header of HTTP, by RFC 9110, section 5.1.
fn header(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    key: &'static str,
) -> Option<Spanned<String>> {
    let (text, node) = table.text(reader, key)?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_name) {
        return Some(node.with(text.to_owned()));
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
    let Some(network) = network.map(canonical) else {
        let message = format!("`{text}` is no network");
        let hint = "write an address, or one with the length of its prefix, as `10.0.0.0/8`";
        reader.error(Code::OutOfRange, &node.span, message, hint.to_owned());
        return None;
    };
    if network.prefix_len() == 0 {
        let message = "this is everybody: whatever a reader writes into a header would be believed";
        let hint = "name the networks of the proxies alone, as `10.0.0.0/8`";
        reader.error(Code::OutOfRange, &node.span, message, hint.to_owned());
        return None;
    }
    Some(network)
}

/// A network in the one form that it has: one of IPv4 as such, though it is written as a part of IPv6 (RFC 4291, section
/// 2.5.5.2), for addresses are compared in that form.
fn canonical(network: IpNet) -> IpNet {
    let IpNet::V6(wide) = network else {
        return network;
    };
    let address = wide.addr().to_ipv4_mapped();
    let length = wide.prefix_len().saturating_sub(96);
    let narrow = address.and_then(|it| Ipv4Net::new(it, length).ok());
    narrow.map_or(network, IpNet::V4)
}

/// The texts of a list with their places, where there is one.
fn words(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    key: &'static str,
) -> Vec<Spanned<String>> {
    let node = table.take(key);
    let texts = node.map_or_else(Vec::new, |node| reader.texts(node));
    let texts = texts.into_iter();
    texts.map(|(it, node)| node.with(it.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn networks_of_ipv4_are_such_however_they_are_written() {
        for (text, expected) in [
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
            ("::ffff:10.0.0.1/128", "10.0.0.1/32"),
            ("::ffff:0.0.0.0/96", "0.0.0.0/0"),
            // All of IPv4, and more.
            ("::ffff:0.0.0.0/80", "0.0.0.0/0"),
            ("2001:db8::/32", "2001:db8::/32"),
            ("::/0", "::/0"),
        ] {
            let network = text.parse::<IpNet>().unwrap();
            assert_eq!(canonical(network).to_string(), expected, "{text}");
        }
    }
}

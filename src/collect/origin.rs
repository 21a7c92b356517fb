//! Where a request comes from: its reader's address, what a proxy says of the region, and whose form it is.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;

/// An address in the one form that it has: IPv4 as such, though a socket for both versions writes it as IPv6.
pub(super) fn canonical(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

/// Whether an address is that of a proxy that is believed.
pub(super) fn is_believed(address: IpAddr, proxies: &[IpNet]) -> bool {
    let address = canonical(address);
    proxies.iter().any(|network| network.contains(&address))
}

/// The address of the reader behind a connection: that of the connection, unless it is a believed proxy's; then the
/// rightmost one in the header that is no believed proxy's. To the left of it may stand whatever the reader likes. `None`
/// where no address stands there: then nothing better is known than the connection's.
pub(super) fn address(
    connection: IpAddr,
    headers: &HeaderMap,
    header: &HeaderName,
    proxies: &[IpNet],
) -> Option<IpAddr> {
    if !is_believed(connection, proxies) {
        return Some(connection);
    }
    let values: Option<Vec<&str>> = headers
        .get_all(header)
        .iter()
        .map(|value| value.to_str().ok())
        .collect();
    let values = values.unwrap_or_default();
    let items = values.iter().rev().flat_map(|value| value.rsplit(','));
    let mut named = None;
    for item in items {
        let address = read(item.trim())?;
        if !is_believed(address, proxies) {
            return Some(address);
        }
        // A believed proxy asks for itself.
        named = Some(connection);
    }
    named
}

/// Whether a form may have been sent from a page of an origin, as browsers say it of themselves, or from one that somebody
/// tries on their own machine. Programs and some browsers of text say nothing; what they send is nobody else's form.
pub(super) fn is_own_form(headers: &HeaderMap, site: &str) -> bool {
    if !headers.contains_key(header::ORIGIN) {
        return true;
    }
    let origin = only(headers, &header::ORIGIN).unwrap_or_default();
    origin == site || is_of_this_machine(origin)
}

/// Whether an origin is that of a server on the machine of the browser.
fn is_of_this_machine(origin: &str) -> bool {
    let scheme = |scheme| origin.strip_prefix(scheme);
    let authority = scheme("http://").or_else(|| scheme("https://"));
    ["127.0.0.1", "[::1]", "localhost"].iter().any(|host| {
        let port = authority.and_then(|it| it.strip_prefix(host));
        port.is_some_and(|it| it.is_empty() || it.strip_prefix(':').is_some_and(is_port))
    })
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

/// The value of a header that stands there once.
pub(super) fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let (first, None) = (values.next()?, values.next()) else {
        return None;
    };
    first.to_str().ok().map(str::trim)
}

/// An address as proxies write it: by itself, in brackets, and with a port.
fn read(text: &str) -> Option<IpAddr> {
    let bracketed = || {
        let inside = text.strip_prefix('[')?.strip_suffix(']')?;
        inside.parse::<Ipv6Addr>().ok().map(IpAddr::V6)
    };
    let with_port = || text.parse::<SocketAddr>().ok().map(|it| it.ip());
    let alone = text.parse::<IpAddr>().ok();
    alone.or_else(bracketed).or_else(with_port)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    const NAME: HeaderName = HeaderName::from_static("x-forwarded-for");

    fn proxies() -> Vec<IpNet> {
        let networks = ["127.0.0.1/32", "10.0.0.0/8", "2001:db8:ffff::/48"];
        networks.map(|it| it.parse().unwrap()).to_vec()
    }

    fn of(connection: &str, values: &[&str]) -> String {
        let values = values
            .iter()
            .map(|it| (NAME, HeaderValue::from_bytes(it.as_bytes()).unwrap()));
        let mut headers = HeaderMap::new();
        values.for_each(|(name, value)| {
            headers.append(name, value);
        });
        let connection = connection.parse().unwrap();
        let found = address(connection, &headers, &NAME, &proxies());
        found.map_or("none".to_owned(), |it| it.to_string())
    }

    #[test]
    fn only_a_believed_proxy_says_from_where_a_request_comes() {
        assert_eq!(of("192.0.2.9", &["198.51.100.1"]), "192.0.2.9");
        assert_eq!(of("127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(of("::ffff:127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(of("2001:db8:ffff::1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(of("127.0.0.1", &[]), "none");
    }

    #[test]
    fn what_a_reader_forges_stands_to_the_left_of_what_the_proxies_say() {
        let lines: [&[&str]; 4] = [
            &["203.0.113.7, 198.51.100.1"],
            &["203.0.113.7, 198.51.100.1, 10.1.2.3"],
            &["203.0.113.7", "198.51.100.1,10.1.2.3", " 127.0.0.1 "],
            &["garbage, ,, 198.51.100.1"],
        ];
        for line in lines {
            assert_eq!(of("127.0.0.1", line), "198.51.100.1", "{line:?}");
        }
        for line in ["198.51.100.1, garbage", "198.51.100.1,", "", "unknown", "é"] {
            assert_eq!(of("127.0.0.1", &[line]), "none", "{line:?}");
        }
        assert_eq!(of("127.0.0.1", &["10.0.0.1, 10.0.0.2"]), "127.0.0.1");
    }

    #[test]
    fn addresses_are_read_as_proxies_write_them() {
        for (text, address) in [
            ("198.51.100.1", Some("198.51.100.1")),
            ("198.51.100.1:4711", Some("198.51.100.1")),
            ("2001:db8::1", Some("2001:db8::1")),
            ("[2001:db8::1]", Some("2001:db8::1")),
            ("[2001:db8::1]:4711", Some("2001:db8::1")),
            ("[198.51.100.1]", None),
            ("198.51.100.1:", None),
            ("198.51.100.1:99999", None),
            ("198.51.100", None),
            ("0198.51.100.1", None),
            ("2001:db8::1%eth0", None),
            ("[2001:db8::1", None),
            ("\"198.51.100.1\"", None),
            ("", None),
        ] {
            let expected = address.map(|it| it.parse::<IpAddr>().unwrap());
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn a_header_that_stands_there_twice_says_nothing() {
        let mut headers = HeaderMap::new();
        assert_eq!(only(&headers, &NAME), None);
        headers.append(NAME, HeaderValue::from_static(" JP "));
        assert_eq!(only(&headers, &NAME), Some("JP"));
        headers.append(NAME, HeaderValue::from_static("US"));
        assert_eq!(only(&headers, &NAME), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever stands in the header, nothing but a believed proxy's word changes an address.
        #[test]
        fn nobody_else_is_believed(value in "[ -~]{0,60}", connection: [u8; 4]) {
            let connection = IpAddr::from(connection);
            let headers = HeaderMap::from_iter([(NAME, HeaderValue::from_str(&value).unwrap())]);
            let found = address(connection, &headers, &NAME, &proxies());
            prop_assert!(found == Some(connection) || is_believed(connection, &proxies()));
        }
    }
}

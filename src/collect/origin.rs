//! Where a request comes from: its reader's address, and what a proxy says of the region.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::{HeaderMap, HeaderName};
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
/// rightmost one in the header that is no believed proxy's. To the left of it may stand whatever the reader likes. Where
/// what stands there is no address, nothing better is known than the connection's.
pub(super) fn address(
    connection: IpAddr,
    headers: &HeaderMap,
    header: &HeaderName,
    proxies: &[IpNet],
) -> IpAddr {
    if !is_believed(connection, proxies) {
        return connection;
    }
    let values: Option<Vec<&str>> = headers
        .get_all(header)
        .iter()
        .map(|value| value.to_str().ok())
        .collect();
    let values = values.unwrap_or_default();
    let items = values.iter().rev().flat_map(|value| value.rsplit(','));
    for item in items {
        match read(item.trim()) {
            Some(address) if is_believed(address, proxies) => {}
            Some(address) => return address,
            None => return connection,
        }
    }
    connection
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
        address(connection, &headers, &NAME, &proxies()).to_string()
    }

    #[test]
    fn only_a_believed_proxy_says_from_where_a_request_comes() {
        assert_eq!(of("192.0.2.9", &["198.51.100.1"]), "192.0.2.9");
        assert_eq!(of("127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(of("::ffff:127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(of("2001:db8:ffff::1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(of("127.0.0.1", &[]), "127.0.0.1");
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
            assert_eq!(of("127.0.0.1", &[line]), "127.0.0.1", "{line:?}");
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
        /// Whatever stands in the header, nothing but a believed proxy's word changes an address.
        #[test]
        fn nobody_else_is_believed(value in "[ -~]{0,60}", connection: [u8; 4]) {
            let connection = IpAddr::from(connection);
            let headers = HeaderMap::from_iter([(NAME, HeaderValue::from_str(&value).unwrap())]);
            let found = address(connection, &headers, &NAME, &proxies());
            prop_assert!(found == connection || is_believed(connection, &proxies()));
        }
    }
}

//! What is said of a proxy by which all readers count as one. It goes into a log, so that it names nobody who may be a reader.

use std::net::IpAddr;

use axum::http::HeaderName;
use ipnet::IpNet;

use super::origin::canonical;

/// What is said where somebody names the address of a reader and is not believed; `None` where it comes from the network of
/// others, in which anybody may write what they like.
pub(super) fn of_unbelieved(connection: IpAddr, header: &HeaderName) -> Option<String> {
    let (is_here, is_near) = match canonical(connection) {
        IpAddr::V4(address) => (address.is_loopback(), address.is_private()),
        IpAddr::V6(address) => (address.is_loopback(), address.is_unique_local()),
    };
    if is_here {
        return Some(format!(
            "a proxy at {} is not believed, so that all its readers count as one: name it in `proxies` of `[reports]`",
            canonical(connection)
        ));
    }
    // In a network of one's own it may be a reader.
    is_near.then(|| {
        format!(
            "somebody in a private network sends {header} and is not believed: if that is your proxy, all its readers count as one; name its address in `proxies` of `[reports]`"
        )
    })
}

/// What is said where a believed proxy names no reader. Which one it is, is said as the site says it.
pub(super) fn of_silent(proxy: IpNet, header: &HeaderName) -> String {
    let which = match proxy.prefix_len() == proxy.max_prefix_len() {
        true => format!("the proxy at {}", proxy.addr()),
        false => format!("a proxy in {proxy}"),
    };
    format!(
        "{which} is believed, but sends no {header} that can be read, so that all its readers count as one: let it set this header to the address of the reader, or name the header that it sets as `address_header` of `[reports]`"
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    const HEADER: HeaderName = HeaderName::from_static("x-forwarded-for");

    #[test]
    fn no_address_of_a_reader_is_said() {
        let said = |address: &str| of_unbelieved(address.parse().unwrap(), &HEADER);
        for here in ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"] {
            let name = here.trim_start_matches("::ffff:");
            let expected = format!(
                "a proxy at {name} is not believed, so that all its readers count as one: name it in `proxies` of `[reports]`"
            );
            assert_eq!(said(here).unwrap(), expected);
        }
        for near in ["10.1.2.3", "192.168.7.9", "fd00::7", "::ffff:10.1.2.3"] {
            assert_eq!(
                said(near).unwrap(),
                "somebody in a private network sends x-forwarded-for and is not believed: if that is your proxy, all its readers count as one; name its address in `proxies` of `[reports]`"
            );
        }
        for far in ["198.51.100.7", "2001:db8::7"] {
            assert_eq!(said(far), None);
        }
    }

    #[test]
    fn a_proxy_is_named_as_the_site_names_it() {
        for (proxy, name) in [
            ("127.0.0.1/32", "the proxy at 127.0.0.1 is"),
            ("::1/128", "the proxy at ::1 is"),
            ("10.0.0.0/8", "a proxy in 10.0.0.0/8 is"),
        ] {
            let said = of_silent(proxy.parse().unwrap(), &HEADER);
            assert!(said.starts_with(name), "{said}");
        }
    }
}

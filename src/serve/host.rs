//! Whether a request is meant for this server.
//!
//! Any site may lead a name of its own to this machine, and then a browser lets it read what is served here. So a
//! request has to name this server as somebody would who knows it.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::{HeaderMap, StatusCode, Uri, header};

/// The port that an address without one means.
const USUAL_PORT: u16 = 80;

/// Refuses a request that does not say whom it is meant for, or means somebody else. A server that listens to the whole
/// network does not know its names there.
pub(super) fn judge(served: SocketAddr, uri: &Uri, headers: &HeaderMap) -> Result<(), StatusCode> {
    let mut named = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (named.next(), named.next()) else {
        return Err(StatusCode::BAD_REQUEST);
    };
    let host = host.to_str().map_err(|_| StatusCode::BAD_REQUEST)?;
    let target = uri.authority().map(|authority| authority.as_str());
    let is_meant = is_name_of(served, host) && target.is_none_or(|it| is_name_of(served, it));
    match is_meant || served.ip().is_unspecified() {
        true => Ok(()),
        false => Err(StatusCode::FORBIDDEN),
    }
}

/// Whether a host with its port, as a request names it, is a server's. Names have no case, and may end with the root's dot.
fn is_name_of(served: SocketAddr, host: &str) -> bool {
    let after_address = host.rfind(']').map_or(0, |end| end + 1);
    let (name, port) = match host[after_address..].rfind(':') {
        Some(colon) => (
            &host[..after_address + colon],
            &host[after_address + colon + 1..],
        ),
        None => (host, ""),
    };
    let port = match port {
        "" => Some(USUAL_PORT),
        port if port.bytes().all(|byte| byte.is_ascii_digit()) => port.parse().ok(),
        _ => None,
    };
    let name = name.strip_suffix('.').unwrap_or(name);
    let is_known = is_of_this_machine(name) || ip_of(name) == Some(served.ip());
    is_known && port == Some(served.port())
}

/// Whether this is a name, without a port, by which every machine calls itself.
pub(super) fn is_of_this_machine(name: &str) -> bool {
    match ip_of(name) {
        Some(ip) => is_this_machine(ip),
        None => name.eq_ignore_ascii_case("localhost"),
    }
}

/// The address that a host is, where it is no name.
fn ip_of(name: &str) -> Option<IpAddr> {
    let inside = name.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    match inside {
        Some(address) => address.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => name.parse().ok().filter(IpAddr::is_ipv4),
    }
}

/// Whether this is the address by which every machine calls itself.
fn is_this_machine(ip: IpAddr) -> bool {
    ip == IpAddr::from([127, 0, 0, 1]) || ip == IpAddr::V6(Ipv6Addr::LOCALHOST)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn a_server_knows_its_names() {
        let at = |address: &str, host| is_name_of(address.parse().unwrap(), host);
        for host in [
            "localhost:4040",
            "LOCALHOST.:4040",
            "127.0.0.1:4040",
            "[::1]:4040",
            "[0:0:0:0:0:0:0:1]:4040",
            "192.0.2.7:4040",
        ] {
            assert!(at("192.0.2.7:4040", host), "{host}");
        }
        // A browser leaves the usual port out.
        for host in [
            "localhost",
            "localhost:",
            "localhost:80",
            "127.0.0.1",
            "[::1]",
        ] {
            assert!(at("127.0.0.1:80", host), "{host}");
            assert!(!at("127.0.0.1:4040", host), "{host}");
        }
        for host in [
            "",
            ":",
            ":4040",
            ".:4040",
            "evil.example:4040",
            "localhost..:4040",
            "localhost:4040:4040",
            "localhost:+4040",
            "localhost:4040.",
            "::1:4040",
            "[::1:4040",
            "::1]:4040",
            "[127.0.0.1]:4040",
            "127.1:4040",
            "user@localhost:4040",
            "localhost@evil.example:4040",
            "localhost\u{e9}:4040",
            "192.0.2.8:4040",
        ] {
            assert!(!at("127.0.0.1:4040", host), "{host}");
        }
    }
}

//! The addresses of a name, of which only those are given that may be asked.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::answer::FetchError;
use super::limits::Networks;

/// The addresses of a host and port that may be asked, each of which is to be connected to as it is: to look the name up
/// again might give others.
///
/// # Errors
///
/// Where the name is not known, where the lookup takes longer than `timeout`, and where each address is in a network that
/// may not be asked.
pub fn addresses(
    host: &str,
    port: u16,
    timeout: Duration,
    networks: Networks,
) -> Result<Vec<SocketAddr>, FetchError> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let found = match host.parse::<IpAddr>() {
        Ok(address) => vec![SocketAddr::new(address, port)],
        Err(_) => looked_up(host, port, timeout)?,
    };
    let first = *found.first().ok_or(FetchError::UnknownHost)?;
    let allowed = |address: &SocketAddr| networks == Networks::All || is_public(address.ip());
    let allowed: Vec<SocketAddr> = found.into_iter().filter(allowed).collect();
    if allowed.is_empty() {
        return Err(FetchError::PrivateNetwork(first.ip()));
    }
    Ok(allowed)
}

/// The addresses that the system knows of a name. The system has no limit of time, so a lookup that takes too long is left
/// to its thread.
fn looked_up(host: &str, port: u16, timeout: Duration) -> Result<Vec<SocketAddr>, FetchError> {
    let (sender, receiver) = mpsc::channel();
    let name = host.to_owned();
    let lookup = move || {
        let found = (name.as_str(), port).to_socket_addrs();
        // Nobody waits for it any more where the time was over.
        let _ = sender.send(found.map(Iterator::collect).unwrap_or_default());
    };
    let spawned = thread::Builder::new()
        .name("lookup".to_owned())
        .spawn(lookup);
    spawned.map_err(|error| FetchError::Connection(error.to_string()))?;
    receiver
        .recv_timeout(timeout)
        .map_err(|_| FetchError::TimedOut)
}

/// Whether anybody can reach an address: it is none of the special-purpose addresses of RFC 6890 and its registries.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_shared = a == 100 && (64..128).contains(&b);
    let is_protocol = a == 192 && b == 0 && c == 0;
    let is_benchmark = a == 198 && (18..20).contains(&b);
    !(a == 0
        || a >= 240
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || is_shared
        || is_protocol
        || is_benchmark)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    // Addresses of version 4 in those of version 6: mapped, compatible, NAT64 (RFC 6052) and 6to4 (RFC 3056).
    let [.., high, low] = segments;
    let inner = Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    if address.to_ipv4_mapped().is_some() || segments[..6] == [0x64, 0xff9b, 0, 0, 0, 0] {
        return is_public_v4(inner);
    }
    if segments[0] == 0x2002 {
        return is_public_v4(Ipv4Addr::from(
            u32::from(segments[1]) << 16 | u32::from(segments[2]),
        ));
    }
    // Global unicast is 2000::/3; of it, these are for protocols and documentation.
    let is_global = segments[0] & 0xe000 == 0x2000;
    let is_protocol = segments[0] == 0x2001 && segments[1] < 0x200;
    let is_documentation = segments[..2] == [0x2001, 0xdb8] || segments[0] == 0x3fff;
    is_global && !is_protocol && !is_documentation
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn only_what_anybody_can_reach_is_public() {
        for public in [
            "1.1.1.1",
            "100.63.255.255",
            "172.32.0.1",
            "198.20.0.1",
            "2606:4700::1111",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        let private = [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.8",
            "192.168.1.1",
            "198.18.0.1",
            "203.0.113.5",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::169.254.169.254",
            "2002:7f00:1::",
            "fc00::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "::127.0.0.1",
            "3fff::1",
        ];
        for private in private {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
    }

    #[test]
    fn an_address_in_a_private_network_is_refused_unless_it_is_allowed() {
        let timeout = Duration::from_secs(5);
        for host in ["127.0.0.1", "localhost", "[::1]"] {
            let refused = addresses(host, 80, timeout, Networks::Public);
            assert!(
                matches!(refused, Err(FetchError::PrivateNetwork(_))),
                "{host}: {refused:?}"
            );
            let allowed = addresses(host, 80, timeout, Networks::All).unwrap();
            assert!(
                allowed
                    .iter()
                    .all(|it| it.port() == 80 && it.ip().is_loopback()),
                "{host}"
            );
        }
    }
}

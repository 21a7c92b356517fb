//! The addresses of a name, of which only those are given that may be asked.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _, UdpSocket};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::answer::FetchError;
use super::limits::Networks;
use crate::system::network::is_without_answer;

/// The addresses of a host and port that may be asked, each of which is to be connected to as it is: to look the name up
/// again might give others.
///
/// # Errors
///
/// Where the name is not known, where the lookup fails or takes longer than `timeout`, where each address is in a network that
/// may not be asked, and where this machine has no route to any.
pub fn addresses(
    host: &str,
    port: u16,
    timeout: Duration,
    networks: Networks,
) -> Result<Vec<SocketAddr>, FetchError> {
    let found = known(host, port, timeout)?;
    let first = *found.first().ok_or(FetchError::UnknownHost)?;
    let allowed = |address: &SocketAddr| networks == Networks::All || is_public(address.ip());
    let allowed: Vec<SocketAddr> = found.into_iter().filter(allowed).collect();
    if allowed.is_empty() {
        return Err(FetchError::PrivateNetwork(first.ip()));
    }
    let reached: Vec<SocketAddr> = allowed.into_iter().filter(has_route).collect();
    if reached.is_empty() {
        let why = match first.is_ipv6() {
            true => "it has no route to it over IPv6",
            false => "it has no route to it",
        };
        return Err(FetchError::Machine(why.to_owned()));
    }
    Ok(reached)
}

/// The addresses of a host, whatever network they are in.
///
/// # Errors
///
/// Where the name is not known, and where the lookup fails or takes longer than `timeout`.
pub(super) fn known(
    host: &str,
    port: u16,
    timeout: Duration,
) -> Result<Vec<SocketAddr>, FetchError> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match host.parse::<IpAddr>() {
        Ok(address) => Ok(vec![SocketAddr::new(address, port)]),
        Err(_) => looked_up(host, port, timeout),
    }
}

/// Whether this machine has a way to an address. Nothing is sent: the system only chooses the way.
fn has_route(address: &SocketAddr) -> bool {
    let local: SocketAddr = match address {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let source = UdpSocket::bind(local).and_then(|socket| {
        socket.connect(address)?;
        socket.local_addr()
    });
    source.is_ok_and(|source| is_fit(source.ip(), address.ip()))
}

/// Whether answers find the way back to a source. Of version 6, an address for use inside of a network is one that nobody
/// outside answers to, and it is what a machine has where its network goes no further.
fn is_fit(source: IpAddr, target: IpAddr) -> bool {
    source.is_ipv4() || is_public(source) || !is_public(target)
}

/// The addresses that the system knows of a name. The system has no limit of time, so a lookup that takes too long is left
/// to its thread.
fn looked_up(host: &str, port: u16, timeout: Duration) -> Result<Vec<SocketAddr>, FetchError> {
    let (sender, receiver) = mpsc::channel();
    let name = host.to_owned();
    let lookup = move || {
        let found = (name.as_str(), port).to_socket_addrs();
        // Nobody waits for it any more where the time was over.
        let _ = sender.send(match found {
            Ok(found) => Ok(found.collect()),
            Err(error) => unknown(&error),
        });
    };
    let spawned = thread::Builder::new()
        .name("lookup".to_owned())
        .spawn(lookup);
    spawned.map_err(|error| FetchError::Machine(error.kind().to_string()))?;
    let found = receiver.recv_timeout(timeout);
    found.map_err(|_| FetchError::TimedOut)?
}

/// No addresses, where a name is known to have none; an error where that could not be found out.
fn unknown(error: &io::Error) -> Result<Vec<SocketAddr>, FetchError> {
    // What `gai_strerror` of the libraries of C says of `EAI_AGAIN`, `EAI_FAIL` and `EAI_MEMORY`; there is no number.
    const UNSURE: [&str; 5] = [
        "emporary failure",
        "ry again",
        "on-recoverable",
        "nrecoverable",
        "emory",
    ];
    let text = error.to_string();
    let is_unsure = UNSURE.iter().any(|it| text.contains(it)) || is_without_answer(error);
    match is_unsure {
        true => Err(FetchError::Lookup("there was no answer".to_owned())),
        false => Ok(Vec::new()),
    }
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
    fn a_name_without_an_address_is_not_one_that_could_not_be_looked_up() {
        let prefix = "failed to lookup address information: ";
        let found = |text: &str| unknown(&io::Error::other(format!("{prefix}{text}")));
        for text in [
            "Name or service not known",
            "No address associated with hostname",
            "Name does not resolve",
            "nodename nor servname provided, or not known",
        ] {
            assert_eq!(found(text), Ok(Vec::new()), "{text}");
        }
        for text in [
            "Temporary failure in name resolution",
            "Try again",
            "Non-recoverable failure in name resolution",
            "Memory allocation failure",
        ] {
            let unsure = found(text);
            assert!(
                matches!(unsure, Err(FetchError::Lookup(_))),
                "{text}: {unsure:?}"
            );
        }
    }

    #[test]
    fn an_address_inside_of_a_network_reaches_nobody_outside() {
        for (source, target, is) in [
            ("192.168.1.2", "1.1.1.1", true),
            ("2606:4700::7", "2606:4700::1111", true),
            ("fd00::2", "fd00::7", true),
            ("::1", "::1", true),
            ("fd00::2", "2606:4700::1111", false),
            ("fe80::2", "2606:4700::1111", false),
        ] {
            let fit = is_fit(source.parse().unwrap(), target.parse().unwrap());
            assert_eq!(fit, is, "{source} {target}");
        }
        assert!(has_route(&"127.0.0.1:80".parse().unwrap()));
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

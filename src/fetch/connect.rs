//! Connections over TCP.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::answer::FetchError;
use super::limits::Networks;
use super::reach::addresses;

/// A connection to one of the addresses of a host, the first that takes it.
///
/// # Errors
///
/// Where none does within `timeout`, the lookup of the name included.
pub fn connect(
    host: &str,
    port: u16,
    timeout: Duration,
    networks: Networks,
) -> Result<TcpStream, FetchError> {
    let begin = Instant::now();
    let found = addresses(host, port, timeout, networks)?;
    let mut last = FetchError::UnknownHost;
    for (index, address) in found.iter().enumerate() {
        let left = timeout.saturating_sub(begin.elapsed());
        // One that swallows everything leaves time for those after it.
        let share = left / u32::try_from(found.len() - index).unwrap_or(u32::MAX);
        if share.is_zero() {
            return Err(FetchError::TimedOut);
        }
        match TcpStream::connect_timeout(address, share) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = FetchError::from_io(&error),
        }
    }
    Err(last)
}

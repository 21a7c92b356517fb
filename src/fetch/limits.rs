//! What a request may cost, and where it may go.

use std::time::Duration;

/// The limits of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long all of it may take: the lookup of the name, redirects and the whole body.
    pub timeout: Duration,
    /// How many redirects are followed.
    pub redirects: u32,
    /// How much of a body is read, in bytes.
    pub body: u64,
    /// Which networks may be asked.
    pub networks: Networks,
}

/// The networks that may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Networks {
    /// Only those that anybody can reach: an address that is for private use, for this machine or for a link is refused
    /// after its name was looked up, so that no name can lead into a team's own network.
    Public,
    /// All.
    All,
}

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
    /// What becomes of a body that is longer.
    pub excess: Excess,
    /// Which networks may be asked.
    pub networks: Networks,
}

/// What becomes of a body that is longer than the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// There is no answer then.
    Refused,
    /// What is beyond the limit is not read.
    LeftUnread,
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

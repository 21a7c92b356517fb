//! Answers, and why there was none.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use crate::time::Instant;

/// An answer to a request, be it an error page or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Header fields, by their names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The time from the asking to the end of the body.
    pub took: Duration,
}

impl Answer {
    /// The first header field of a name, which is in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.headers.iter().filter(|(it, _)| it == name);
        fields.next().map(|(_, value)| value.as_str())
    }
}

/// The certificate that a host shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The instant at which it ends, where that can be read.
    pub end: Option<Instant>,
    /// Why it is not believed: it has expired, is for another name, or comes from an unknown authority.
    pub fault: Option<String>,
}

/// The answer of a server of names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameAnswer {
    /// Its code, as `NOERROR` or `NXDOMAIN`.
    pub code: String,
    /// The records of the wanted kind, as texts.
    pub records: Vec<String>,
}

/// The reason for which there was no answer. It names no address and no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchError {
    /// A variable of the environment is not set.
    MissingVariable(String),
    /// The address is none, or one of a kind that is not asked.
    BadAddress(String),
    /// The name has no address.
    UnknownHost,
    /// The name could not be looked up, which says nothing of whether it has an address.
    Lookup(String),
    /// This machine cannot ask: it has no route, or no more files or ports for a connection.
    Machine(String),
    /// The address is one of a private network, which may not be asked.
    PrivateNetwork(IpAddr),
    /// No connection came about, or it broke.
    Connection(String),
    /// The time was over.
    TimedOut,
    /// The connection could not be made secure.
    Tls(String),
    /// The system trusts no authority of certificates at all, so that none can be believed.
    NoAuthorities,
    /// One redirect too many.
    Redirects(u32),
    /// A body larger than the limit, in bytes.
    TooLarge(u64),
    /// The answer is not HTTP.
    Protocol(String),
}

impl FetchError {
    /// Whether nobody was asked.
    pub fn is_unasked(&self) -> bool {
        match self {
            Self::MissingVariable(_)
            | Self::BadAddress(_)
            | Self::UnknownHost
            | Self::Lookup(_)
            | Self::Machine(_)
            | Self::PrivateNetwork(_)
            | Self::NoAuthorities => true,
            Self::Connection(_)
            | Self::TimedOut
            | Self::Tls(_)
            | Self::Redirects(_)
            | Self::TooLarge(_)
            | Self::Protocol(_) => false,
        }
    }

    /// What the system says of a connection.
    #[cfg(feature = "agent")]
    pub(super) fn from_io(error: &std::io::Error) -> Self {
        use std::io::ErrorKind;

        use crate::system::network;
        match error.kind() {
            // A socket with a timeout says the second of these.
            ErrorKind::TimedOut | ErrorKind::WouldBlock => Self::TimedOut,
            kind @ (ErrorKind::NetworkUnreachable | ErrorKind::AddrNotAvailable) => {
                Self::Machine(kind.to_string())
            }
            _ if network::has_no_file(error) => Self::Machine("too many open files".to_owned()),
            kind => Self::Connection(kind.to_string()),
        }
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingVariable(name) => write!(f, "the environment variable {name} is not set"),
            Self::BadAddress(why) => write!(f, "this address cannot be asked: {why}"),
            Self::UnknownHost => f.write_str("the name of the host is not known"),
            Self::Lookup(why) => write!(f, "the name of the host could not be looked up: {why}"),
            Self::Machine(why) => write!(f, "this machine cannot ask it: {why}"),
            Self::PrivateNetwork(address) => {
                write!(f, "{address} is in a private network, which is not asked")
            }
            Self::Connection(why) => write!(f, "no connection: {why}"),
            Self::TimedOut => f.write_str("no answer in time"),
            Self::Tls(why) => write!(f, "no secure connection: {why}"),
            Self::NoAuthorities => f.write_str(
                "this machine knows no authority of certificates; install them (`ca-certificates`)",
            ),
            Self::Redirects(most) => write!(f, "more than {most} redirects"),
            Self::TooLarge(most) => write!(f, "an answer of more than {most} bytes"),
            Self::Protocol(why) => write!(f, "this is not HTTP: {why}"),
        }
    }
}

impl std::error::Error for FetchError {}

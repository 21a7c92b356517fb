//! A server of mail, and connections to it.

use std::error::Error as _;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant as Moment};

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use percent_encoding::percent_decode_str;
use url::Url;

use crate::fetch::{EnvText, Environment, FetchError, Networks, addresses, broken};

/// How long a connection may take, and each answer while it is made.
const CONNECTION: Duration = Duration::from_secs(10);

/// A server of mail, with its secrets.
pub(super) struct Server {
    filled: String,
    host: String,
    port: u16,
    security: Security,
    credentials: Option<Credentials>,
}

/// How connections become secure.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Security {
    /// They are so from their begin (`smtps://`).
    AtOnce,
    /// By STARTTLS, before anything is said (`smtp://`). A server on this machine may do without.
    Upgraded,
    /// Not at all: on this machine.
    None,
}

/// Why there is no connection.
#[derive(Debug)]
pub(super) struct Fault {
    /// The reason, for people.
    pub(super) why: String,
    /// Whether it will be the same until a person changes something.
    pub(super) is_for_people: bool,
}

impl Fault {
    fn for_people(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            is_for_people: true,
        }
    }

    fn passing(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            is_for_people: false,
        }
    }
}

impl Server {
    /// The server of an address.
    pub(super) fn of(text: &EnvText, environment: &Environment<'_>) -> Result<Self, FetchError> {
        let filled = text.fill_address(environment);
        let filled = filled.map_err(|missing| FetchError::MissingVariable(missing.name))?;
        let bad = || FetchError::BadAddress("it is none of a server of mail".to_owned());
        let url = Url::parse(filled.trim()).map_err(|_| bad())?;
        let (security, port) = match url.scheme() {
            "smtps" => (Security::AtOnce, 465),
            "smtp" => (Security::Upgraded, 587),
            _ => return Err(bad()),
        };
        let host = url.host_str().filter(|it| !it.is_empty()).ok_or_else(bad)?;
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let credentials = match url.username() {
            "" => None,
            user => {
                let password = url.password().unwrap_or_default();
                Some(Credentials::new(decoded(user), decoded(password)))
            }
        };
        Ok(Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(port),
            security,
            credentials,
            filled,
        })
    }

    /// A key that only those have who have the password.
    pub(super) fn key(&self) -> &str {
        &self.filled
    }

    /// A connection that is secure, and knows who sends.
    pub(super) fn connect(&self, networks: Networks, end: Moment) -> Result<SmtpConnection, Fault> {
        let left = end.saturating_duration_since(Moment::now());
        if left.is_zero() {
            return Err(Fault::passing(FetchError::TimedOut.to_string()));
        }
        let time = left.min(CONNECTION);
        let found = addresses(&self.host, self.port, time, networks).map_err(|error| Fault {
            is_for_people: matches!(error, FetchError::PrivateNetwork(_)),
            why: error.to_string(),
        })?;
        let mut connection = match self.secured(&found, self.security, time) {
            // Nobody listens between this machine and itself, and certificates for it are seldom believed.
            Err(_) if self.security == Security::Upgraded && is_here(&found) => {
                self.secured(&found, Security::None, time)
            }
            secured => secured,
        }?;
        if let Some(credentials) = &self.credentials {
            self.log_in(&mut connection, credentials)?;
        }
        Ok(connection)
    }

    fn secured(
        &self,
        found: &[SocketAddr],
        security: Security,
        time: Duration,
    ) -> Result<SmtpConnection, Fault> {
        let (name, passing) = (ClientId::default(), |error: Error| {
            Fault::passing(words(&error))
        });
        let tls = match security {
            Security::None => None,
            Security::AtOnce | Security::Upgraded => Some(self.tls()?),
        };
        let at_once = tls.as_ref().filter(|_| security == Security::AtOnce);
        let connection = SmtpConnection::connect(found, Some(time), &name, at_once, None);
        let mut connection = connection.map_err(passing)?;
        if let Some(tls) = tls.filter(|_| security == Security::Upgraded) {
            if !connection.can_starttls() {
                if is_here(found) {
                    return Ok(connection);
                }
                let why = "it offers no STARTTLS, without which nothing is sent: try `smtps://`, or another port";
                return Err(Fault::for_people(why));
            }
            connection.starttls(&tls, &name).map_err(passing)?;
        }
        Ok(connection)
    }

    fn tls(&self) -> Result<TlsParameters, Fault> {
        let built = TlsParameters::builder(self.host.clone()).build_rustls();
        built.map_err(|_| Fault::for_people(FetchError::NoAuthorities.to_string()))
    }

    fn log_in(
        &self,
        connection: &mut SmtpConnection,
        credentials: &Credentials,
    ) -> Result<(), Fault> {
        let known = [Mechanism::Plain, Mechanism::Login];
        let info = connection.server_info();
        if info.get_auth_mechanism(&known).is_none() {
            let why = "it takes a password by neither PLAIN nor LOGIN";
            return Err(Fault::for_people(why));
        }
        match connection.auth(&known, credentials) {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => {
                let why = format!("it refuses the user or the password: {}", words(&error));
                Err(Fault::for_people(why))
            }
            Err(error) => Err(Fault::passing(words(&error))),
        }
    }
}

fn is_here(found: &[SocketAddr]) -> bool {
    found.iter().all(|it| it.ip().is_loopback())
}

/// What went wrong, in words of our own: those of servers name recipients.
pub(super) fn words(error: &Error) -> String {
    if let Some(code) = error.status() {
        return format!("it answered {code}");
    }
    let mut source = error.source();
    while let Some(inner) = source {
        if let Some(error) = inner.downcast_ref::<io::Error>() {
            return broken(error).to_string();
        }
        source = inner.source();
    }
    "it ended the connection, or does not speak SMTP".to_owned()
}

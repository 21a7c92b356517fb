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
    /// By STARTTLS, before anything is said (`smtp://`).
    Upgraded,
    /// The same where it is offered: on this machine, on which nobody listens between both.
    Perhaps,
    /// Not at all: the same where it fails, since certificates for this machine are seldom believed.
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

    /// A key that only those have who have the password; `None` where there is none, and anybody could guess the rest.
    pub(super) fn key(&self) -> Option<&str> {
        self.credentials.as_ref().map(|_| self.filled.as_str())
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
        let security = match self.security {
            Security::Upgraded if found.iter().all(|it| it.ip().is_loopback()) => Security::Perhaps,
            security => security,
        };
        let mut connection = match self.secured(&found, security, time) {
            Err(_) if security == Security::Perhaps => self.secured(&found, Security::None, time),
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
            Security::AtOnce | Security::Upgraded | Security::Perhaps => Some(self.tls()?),
        };
        let at_once = tls.as_ref().filter(|_| security == Security::AtOnce);
        let connection = SmtpConnection::connect(found, Some(time), &name, at_once, None);
        let mut connection = connection.map_err(passing)?;
        match (tls, security, connection.can_starttls()) {
            (Some(tls), Security::Upgraded | Security::Perhaps, true) => {
                connection.starttls(&tls, &name).map_err(passing)?;
            }
            (_, Security::Upgraded, false) => {
                let why = "it offers no STARTTLS, without which nothing is sent: try `smtps://`, or another port";
                return Err(Fault::for_people(why));
            }
            _ => {}
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    fn server(text: &str) -> Result<Server, FetchError> {
        let environment = |name: &str| (name == "PASSWORD").then(|| "a:b@c/%".to_owned());
        Server::of(&EnvText::new(text), &environment)
    }

    #[test]
    fn an_address_says_where_the_server_is_and_who_sends() {
        for (text, host, port, user) in [
            ("smtps://me:${PASSWORD}@a.example", "a.example", 465, true),
            ("smtp://a.example:2525/", "a.example", 2525, false),
            ("smtp://[::1]", "::1", 587, false),
        ] {
            let server = server(text).unwrap();
            assert_eq!((server.host.as_str(), server.port), (host, port), "{text}");
            let credentials = Credentials::new("me".to_owned(), "a:b@c/%".to_owned());
            assert_eq!(server.credentials, user.then_some(credentials), "{text}");
        }
        for text in [
            "https://a.example",
            "smtp://",
            "a.example:25",
            "${PASSWORD}",
        ] {
            assert!(server(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_server_elsewhere_is_told_nothing_before_the_connection_is_secure() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let found = [listener.local_addr().unwrap()];
        let said = thread::spawn(move || {
            let mut stream = listener.accept().unwrap().0;
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            stream.write_all(b"220 here\r\n").unwrap();
            let said = lines.map_while(Result::ok).inspect(|_| {
                let _ = stream.write_all(b"250-here\r\n250 AUTH PLAIN\r\n");
            });
            said.collect::<Vec<_>>()
        });
        let server = server("smtp://me:${PASSWORD}@a.example").unwrap();
        let fault = server.secured(&found, server.security, CONNECTION).err();
        let fault = fault.unwrap();
        assert!(
            fault.is_for_people && fault.why.contains("STARTTLS"),
            "{fault:?}"
        );
        assert_eq!(said.join().unwrap(), ["EHLO [127.0.0.1]"]);
    }
}

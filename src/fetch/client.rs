//! The one client.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::http::{self, Uri};
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body, Error};

use super::answer::{Answer, FetchError};
use super::environment::{Environment, MissingVariable};
use super::limits::{Limits, Networks};
use super::reach::addresses;
use super::request::{Method, Request};

/// A client that sends requests, each over a connection of its own: whoever looks at a service shall see whether it takes
/// new ones, with the certificate and at the address that it has now.
#[derive(Debug, Clone)]
pub struct Client {
    public: Agent,
    all: Agent,
}

impl Client {
    /// A client that trusts the certificates that the system trusts.
    pub fn new() -> Self {
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let agent = |networks| {
            let config = Agent::config_builder()
                .tls_config(tls.clone())
                .http_status_as_error(false)
                .proxy(None)
                .max_idle_connections(0)
                .user_agent(concat!("allclear/", env!("CARGO_PKG_VERSION")))
                .build();
            Agent::with_parts(config, DefaultConnector::new(), Guarded { networks })
        };
        Self {
            public: agent(Networks::Public),
            all: agent(Networks::All),
        }
    }

    /// The answer to a request, be it an error page or not.
    ///
    /// # Errors
    ///
    /// Where there is no answer within the limits.
    pub fn ask(
        &self,
        request: &Request,
        limits: Limits,
        environment: &Environment<'_>,
    ) -> Result<Answer, FetchError> {
        let missing = |MissingVariable { name }| FetchError::MissingVariable(name);
        let url = request.url.fill(environment).map_err(missing)?;
        let uri: Uri = url
            .parse()
            .map_err(|_| bad_address("it is not a whole address"))?;
        if !matches!(uri.scheme_str(), Some("http" | "https")) {
            return Err(bad_address("only `http` and `https` are"));
        }
        let mut builder = http::Request::builder()
            .method(method(request.method))
            .uri(uri);
        for (name, value) in &request.headers {
            builder = builder.header(name, value.fill(environment).map_err(missing)?);
        }
        let agent = match limits.networks {
            Networks::Public => &self.public,
            Networks::All => &self.all,
        };
        let unsent =
            |_| bad_address("it or a header field holds a character that HTTP does not have");
        let begin = Instant::now();
        // A body of nothing is sent as one of length nought, which some servers refuse for `GET`.
        let sent = match &request.body {
            Some(body) => run(
                agent,
                builder.body(body.as_slice()).map_err(unsent)?,
                limits,
            ),
            None => run(agent, builder.body(()).map_err(unsent)?, limits),
        };
        let mut response = sent.map_err(|error| refused(error, limits))?;
        let body = response
            .body_mut()
            .with_config()
            .limit(limits.body)
            .read_to_vec();
        let body = body.map_err(|error| refused(error, limits))?;
        let fields = response.headers().iter();
        Ok(Answer {
            status: response.status().as_u16(),
            headers: fields
                .map(|(name, value)| {
                    let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                    (name.as_str().to_owned(), value)
                })
                .collect(),
            body,
            took: begin.elapsed(),
        })
    }
}

impl Default for Client {
    fn default() -> Self {
        Self::new()
    }
}

fn run<B: ureq::AsSendBody>(
    agent: &Agent,
    request: http::Request<B>,
    limits: Limits,
) -> Result<http::Response<Body>, Error> {
    let request = agent
        .configure_request(request)
        .timeout_global(Some(limits.timeout))
        .max_redirects(limits.redirects)
        .build();
    agent.run(request)
}

fn method(method: Method) -> http::Method {
    match method {
        Method::Get => http::Method::GET,
        Method::Head => http::Method::HEAD,
        Method::Post => http::Method::POST,
        Method::Put => http::Method::PUT,
    }
}

fn bad_address(why: &str) -> FetchError {
    FetchError::BadAddress(why.to_owned())
}

/// What an error says, in words that hold no address: it may have a secret in it.
fn refused(error: Error, limits: Limits) -> FetchError {
    match error {
        Error::Other(inner) => match inner.downcast::<FetchError>() {
            Ok(error) => *error,
            Err(_) => FetchError::Connection("it failed".to_owned()),
        },
        Error::HostNotFound => FetchError::UnknownHost,
        Error::Timeout(_) => FetchError::TimedOut,
        Error::TooManyRedirects => FetchError::Redirects(limits.redirects),
        Error::BodyExceedsLimit(most) => FetchError::TooLarge(most),
        Error::Tls(why) => FetchError::Tls(why.to_owned()),
        Error::Rustls(why) => FetchError::Tls(why.to_string()),
        Error::Io(error) => match error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<rustls::Error>())
        {
            Some(why) => FetchError::Tls(why.to_string()),
            None if error.kind() == std::io::ErrorKind::TimedOut => FetchError::TimedOut,
            None => FetchError::Connection(error.kind().to_string()),
        },
        Error::BadUri(_) => bad_address("it is not a whole address"),
        Error::ConnectionFailed => FetchError::Connection("it was refused".to_owned()),
        Error::Protocol(why) => FetchError::Protocol(why.to_string()),
        _ => FetchError::Protocol("it was not understood".to_owned()),
    }
}

/// The lookup of names, which gives no address in a network that may not be asked. Redirects come by here, too.
struct Guarded {
    networks: Networks,
}

impl fmt::Debug for Guarded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.networks)
    }
}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        _: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(Error::HostNotFound);
        };
        let asked = DefaultResolver::host_and_port(scheme, authority).ok_or(Error::HostNotFound)?;
        let (host, port) = asked.rsplit_once(':').ok_or(Error::HostNotFound)?;
        let port = port.parse().map_err(|_| Error::HostNotFound)?;
        let timeout = Duration::from_secs(3600).min(*timeout.after);
        let found = addresses(host, port, timeout, self.networks);
        let found = found.map_err(|error| Error::Other(Box::new(error)))?;
        let mut resolved = self.empty();
        found
            .into_iter()
            .take(16)
            .for_each(|address| resolved.push(address));
        Ok(resolved)
    }
}

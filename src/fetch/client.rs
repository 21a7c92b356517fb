//! The one client.

use std::fmt;
use std::io::{self, Read as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use percent_encoding::percent_decode_str;
use ureq::http::header::{AUTHORIZATION, LOCATION};
use ureq::http::{self, HeaderMap, HeaderName, HeaderValue, Uri};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{Connector as _, NextTimeout, TcpConnector};
use ureq::{Agent, Body, Error};
use url::Url;

use super::answer::{Answer, Certificate, FetchError};
use super::environment::{EnvText, Environment, MissingVariable};
use super::https::Https;
use super::limits::{Excess, Limits, Networks};
use super::reach::addresses;
use super::request::{Method, Request};
use super::tls::{self, Trust};

/// How long a request to a store may take that sends little.
const STORE_TIMEOUT: Duration = Duration::from_secs(15);

/// How many bytes a second at least are sent to a store.
const STORE_PACE: u64 = 100_000;

/// How much of an answer of a store is read, in bytes.
const STORE_BODY: u64 = 256 << 20;

/// How many connections to stores are kept open.
const STORE_CONNECTIONS: usize = 32;

/// A client that sends requests, each over a connection of its own: whoever looks at a service shall see whether it takes
/// new ones, with the certificate and at the address that it has now.
#[derive(Debug, Clone)]
pub struct Client {
    public: Agent,
    all: Agent,
    /// For stores, of which the same one is asked again and again.
    stores: Agent,
    trust: Arc<Trust>,
}

impl Client {
    /// A client that trusts the certificates that the system trusts.
    pub fn new() -> Self {
        let trust = Arc::new(Trust::default());
        let agent = |networks, kept| {
            // Redirects are followed here, so that no secret follows them to another host.
            let config = Agent::config_builder()
                .http_status_as_error(false)
                .max_redirects(0)
                .max_redirects_will_error(false)
                .proxy(None)
                .max_idle_connections(kept)
                .max_idle_connections_per_host(kept)
                .user_agent(concat!("allclear/", env!("CARGO_PKG_VERSION")))
                .build();
            let trust = Arc::clone(&trust);
            let connector = TcpConnector::default().chain(Https { trust });
            Agent::with_parts(config, connector, Guarded { networks })
        };
        Self {
            public: agent(Networks::Public, 0),
            all: agent(Networks::All, 0),
            stores: agent(Networks::All, STORE_CONNECTIONS),
            trust,
        }
    }

    /// The answer to a request, be it an error page or not. Where no redirects are followed, one is an answer.
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
        let begin = Instant::now();
        let mut sent = Sent::new(request, environment)?;
        for redirects in 0..=limits.redirects {
            let left = limits.timeout.saturating_sub(begin.elapsed());
            if left.is_zero() {
                return Err(FetchError::TimedOut);
            }
            let response = self.send(&sent, left, limits.networks)?;
            let target = response.headers().get(LOCATION);
            let target = target.filter(|_| is_redirect(response.status().as_u16()));
            match target {
                Some(target) if limits.redirects > 0 => {
                    if redirects == limits.redirects {
                        break;
                    }
                    sent.redirect(response.status().as_u16(), target)?;
                }
                _ => return answer(response, limits, begin, sent.broken()),
            }
        }
        Err(FetchError::Redirects(limits.redirects))
    }

    /// The certificate that a host shows, be it believed or not.
    ///
    /// # Errors
    ///
    /// Where it shows none within `timeout`.
    pub fn certificate(
        &self,
        host: &str,
        port: u16,
        timeout: Duration,
        networks: Networks,
    ) -> Result<Certificate, FetchError> {
        self.trust.certificate(host, port, timeout, networks)
    }

    /// The answer to a request to a store, which is sent as it is and follows no redirect.
    ///
    /// # Errors
    ///
    /// Where there is no answer in time.
    pub(crate) fn ask_store(
        &self,
        request: http::Request<bytes::Bytes>,
    ) -> Result<http::Response<Vec<u8>>, FetchError> {
        let broken: Broken = match request.uri().scheme_str() {
            Some("https") => tls::broken,
            _ => ended,
        };
        let (parts, body) = request.into_parts();
        let timeout = STORE_TIMEOUT + Duration::from_secs(body.len() as u64 / STORE_PACE);
        let has_body = matches!(parts.method, http::Method::POST | http::Method::PUT);
        let response = match has_body || !body.is_empty() {
            true => run(
                &self.stores,
                http::Request::from_parts(parts, &*body),
                timeout,
            ),
            false => run(&self.stores, http::Request::from_parts(parts, ()), timeout),
        };
        let response = response.map_err(|error| refused(error, broken))?;
        let (parts, mut body) = response.into_parts();
        let body = body.with_config().limit(STORE_BODY).read_to_vec();
        let body = body.map_err(|error| refused(error, broken))?;
        Ok(http::Response::from_parts(parts, body))
    }

    fn send(
        &self,
        sent: &Sent,
        timeout: Duration,
        networks: Networks,
    ) -> Result<http::Response<Body>, FetchError> {
        let agent = match networks {
            Networks::Public => &self.public,
            Networks::All => &self.all,
        };
        // A body of nothing is sent as one of length nought, which some servers refuse for `GET`.
        let response = match &sent.body {
            Some(body) => run(agent, sent.request(body.as_slice())?, timeout),
            None => run(agent, sent.request(())?, timeout),
        };
        response.map_err(|error| refused(error, sent.broken()))
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
    timeout: Duration,
) -> Result<http::Response<Body>, Error> {
    let request = agent
        .configure_request(request)
        .timeout_global(Some(timeout))
        .build();
    agent.run(request)
}

/// A response with the whole of its body.
fn answer(
    mut response: http::Response<Body>,
    limits: Limits,
    begin: Instant,
    broken: Broken,
) -> Result<Answer, FetchError> {
    let body = response.body_mut();
    let body = match limits.excess {
        Excess::Refused => body.with_config().limit(limits.body).read_to_vec(),
        Excess::LeftUnread => beginning(body, limits.body),
    };
    let body = body.map_err(|error| refused(error, broken))?;
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

/// The beginning of a body, of as many bytes at most.
fn beginning(body: &mut Body, most: u64) -> Result<Vec<u8>, Error> {
    let mut read = Vec::new();
    body.as_reader().take(most).read_to_end(&mut read)?;
    Ok(read)
}

fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// A request with its secrets, as it is sent.
struct Sent {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
}

impl Sent {
    fn new(request: &Request, environment: &Environment<'_>) -> Result<Self, FetchError> {
        let filled = |text: &EnvText| {
            let missing = |MissingVariable { name }| FetchError::MissingVariable(name);
            text.fill(environment).map_err(missing)
        };
        let whole = request.url.fill_address(environment);
        let whole = whole.map_err(|MissingVariable { name }| FetchError::MissingVariable(name))?;
        let mut url = address(&whole)?;
        let mut headers = HeaderMap::new();
        for (name, value) in &request.headers {
            let unsent = || bad_address("a header field holds a character that HTTP does not have");
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unsent())?;
            let value = HeaderValue::from_str(&filled(value)?).map_err(|_| unsent())?;
            headers.append(name, value);
        }
        if let Some(basic) = taken_login(&mut url) {
            headers.entry(AUTHORIZATION).or_insert(basic);
        }
        Ok(Self {
            method: request.method,
            url,
            headers,
            body: request.body.clone(),
        })
    }

    /// What breaks its connection.
    fn broken(&self) -> Broken {
        match self.url.scheme() {
            "https" => tls::broken,
            _ => ended,
        }
    }

    fn request<B>(&self, body: B) -> Result<http::Request<B>, FetchError> {
        let method = match self.method {
            Method::Get => http::Method::GET,
            Method::Head => http::Method::HEAD,
            Method::Post => http::Method::POST,
            Method::Put => http::Method::PUT,
        };
        let uri: Uri = self.url.as_str().parse().map_err(|_| not_whole())?;
        let mut request = http::Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        *request.headers_mut() = self.headers.clone();
        Ok(request)
    }

    /// Goes where an answer leads. What was said to one host is not said to another.
    fn redirect(&mut self, status: u16, target: &HeaderValue) -> Result<(), FetchError> {
        let nowhere = || FetchError::Protocol("it leads nowhere".to_owned());
        let target = target.to_str().map_err(|_| nowhere())?;
        let mut url = self.url.join(target).map_err(|_| nowhere())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(nowhere());
        }
        let login = taken_login(&mut url);
        if url.origin() != self.url.origin() {
            self.headers.clear();
        }
        if let Some(basic) = login {
            self.headers.insert(AUTHORIZATION, basic);
        }
        if status == 303 || matches!((status, self.method), (301 | 302, Method::Post)) {
            self.body = None;
            if self.method != Method::Head {
                self.method = Method::Get;
            }
        }
        self.url = url;
        Ok(())
    }
}

fn address(text: &str) -> Result<Url, FetchError> {
    let url = Url::parse(text).map_err(|_| not_whole())?;
    match url.scheme() {
        "http" | "https" if url.has_host() => Ok(url),
        _ => Err(bad_address("only `http` and `https` are")),
    }
}

/// The user and password of an address as a header field (RFC 7617), which are then no part of it any more.
fn taken_login(url: &mut Url) -> Option<HeaderValue> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let decoded = |text: &str| percent_decode_str(text).collect::<Vec<u8>>();
    let login = [
        decoded(url.username()),
        decoded(url.password().unwrap_or_default()),
    ]
    .join(&b':');
    // An address with a host can always be without a user.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    let value = format!("Basic {}", BASE64_STANDARD.encode(login));
    HeaderValue::from_str(&value).ok()
}

fn not_whole() -> FetchError {
    bad_address("it is not a whole address")
}

fn bad_address(why: &str) -> FetchError {
    FetchError::BadAddress(why.to_owned())
}

/// What is said of a connection that broke.
type Broken = fn(&io::Error) -> FetchError;

/// What broke a connection that need not be secure.
fn ended(error: &io::Error) -> FetchError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => FetchError::Connection("it was ended".to_owned()),
        _ => FetchError::from_io(error),
    }
}

/// What an error says, in words that hold no address: it may have a secret in it.
fn refused(error: Error, broken: Broken) -> FetchError {
    match error {
        Error::Other(inner) => match inner.downcast::<FetchError>() {
            Ok(error) => *error,
            Err(_) => FetchError::Connection("it failed".to_owned()),
        },
        Error::HostNotFound => FetchError::UnknownHost,
        Error::Timeout(_) => FetchError::TimedOut,
        Error::BodyExceedsLimit(most) => FetchError::TooLarge(most),
        Error::Tls(_) => FetchError::Tls("the handshake failed".to_owned()),
        Error::Io(error) => match error.get_ref().is_some_and(|it| it.is::<Error>()) {
            true => error
                .into_inner()
                .and_then(|inner| inner.downcast::<Error>().ok())
                .map_or(FetchError::TimedOut, |inner| refused(*inner, broken)),
            false => broken(&error),
        },
        Error::BadUri(_) => not_whole(),
        Error::ConnectionFailed => FetchError::Connection("it was refused".to_owned()),
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

//! The server that shows a site from memory to its author, and reloads open pages when it changes.
//!
//! It knows neither sites nor watchers: it is given finished files, or what stands in the way of new ones,
//! and shows them. There is no folder behind it, so no address leads to a file that is not the page's.

use std::collections::HashMap;
use std::convert::Infallible;
use std::hash::{BuildHasher as _, RandomState};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use camino::Utf8Path;
use tokio::sync::watch::Sender;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::WatchStream;

use crate::error::Error;
use crate::output::{self, Output};

pub use self::answer::{Answer, answer};
pub use self::monitor::{Monitor, MonitorAnswer};

mod answer;
pub(crate) mod connections;
mod host;
mod monitor;
mod sharing;
pub mod watch;

/// The addresses that only the served copies of pages use.
const EVENTS: &str = "/.allclear/events";
const SCRIPT: &str = "/.allclear/reload.js";
/// The text that is put into the served copy of a page; the published page knows nothing of it.
const INSERTED: &str = "<script src=\"/.allclear/reload.js\"></script>\n</body>";

/// The page before the first build without errors.
const EMPTY: &str =
    "<!doctype html>\n<html lang=\"en\">\n<title>allclear</title>\n<body>\n</body>\n</html>\n";

/// The news that open pages receive.
#[derive(Debug, Clone, PartialEq, Eq)]
struct News {
    /// The number of builds so far; a page that was loaded from an earlier one loads itself again.
    version: u64,
    /// The problems of the newest files, as text; empty where there are none.
    problems: String,
}

#[derive(Debug)]
struct ServerState {
    files: Mutex<Arc<HashMap<String, Bytes>>>,
    news: Sender<News>,
    /// A text that another run of this server has otherwise, so that pages which it served are known for old.
    run: String,
    address: SocketAddr,
}

/// A server that runs in the background for as long as the program does.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    shared: Arc<ServerState>,
}

impl Server {
    /// Serves at an address; with port 0, at a free one.
    ///
    /// # Errors
    ///
    /// Where nothing can be served there.
    pub fn start(address: SocketAddr) -> Result<Self, Error> {
        let failed = |source| Error::Serve { address, source };
        let listener = std::net::TcpListener::bind(address).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let news = News {
            version: 0,
            problems: String::new(),
        };
        let shared = Arc::new(ServerState {
            files: Mutex::default(),
            news: Sender::new(news),
            run: format!("{:x}", RandomState::new().hash_one(address)),
            address,
        });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(failed)?;
        let answering = Arc::clone(&shared);
        std::thread::spawn(move || {
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener)?;
                let answer =
                    move |_, request: Request<_>| std::future::ready(respond(&answering, &request));
                connections::serve(listener, connections::MOST, answer).await;
                Ok::<_, std::io::Error>(())
            })
        });
        Ok(Self { address, shared })
    }

    /// The address at which it serves.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Shows other files from now on, and has open pages load themselves again where any is other than
    /// before. Returns whether there was one.
    pub fn show(&self, outputs: Vec<Output>) -> bool {
        let files: HashMap<String, Bytes> = outputs
            .into_iter()
            .map(|output| (output.path.into_string(), output.bytes))
            .collect();
        let mut shown = self
            .shared
            .files
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // Bytes in the same memory need not be compared.
        let is_same = |(path, bytes): (&String, &Bytes)| {
            let is = |old: &Bytes| {
                old.as_ptr() == bytes.as_ptr() && old.len() == bytes.len() || old == bytes
            };
            shown.get(path).is_some_and(is)
        };
        let is_new = shown.len() != files.len() || !files.iter().all(is_same);
        if is_new {
            *shown = Arc::new(files);
        }
        drop(shown);
        self.shared.news.send_if_modified(|news| {
            let had_problems = !std::mem::take(&mut news.problems).is_empty();
            news.version += u64::from(is_new);
            is_new || had_problems
        });
        is_new
    }

    /// Leaves the last files up, with what is wrong with the newest ones above them.
    pub fn show_problems(&self, problems: &str) {
        self.shared.news.send_if_modified(|news| {
            let is_new = news.problems != problems;
            problems.clone_into(&mut news.problems);
            is_new
        });
    }
}

const NO_STORE: (HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

/// What every answer says: that it is what it says it is, and that only pages of this machine may use it; a file that
/// programs read says more. A form for readers' reports may say from where it comes, so that it can be tried.
const COMMON: [(HeaderName, HeaderValue); 3] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("strict-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-site"),
    ),
];

/// Responds to a request, whose body nobody reads.
fn respond<T>(shared: &ServerState, request: &Request<T>) -> Response {
    let mut response = choose(shared, request);
    response.headers_mut().extend(COMMON);
    if sharing::is_shared(request.uri().path(), request.headers()) {
        response.headers_mut().extend(sharing::SHARED);
    }
    response
}

fn choose<T>(shared: &ServerState, request: &Request<T>) -> Response {
    if let Err(refusal) = host::judge(shared.address, request.uri(), request.headers()) {
        return refusal.into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let allowed = [(header::ALLOW, "GET, HEAD")];
        return (StatusCode::METHOD_NOT_ALLOWED, allowed).into_response();
    }
    match request.uri().path() {
        EVENTS => events(shared),
        SCRIPT => script(),
        path => file(shared, path),
    }
}

fn script() -> Response {
    let javascript = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        NO_STORE,
    ];
    (javascript, include_str!("serve/reload.js")).into_response()
}

fn events(shared: &ServerState) -> Response {
    let run = shared.run.clone();
    let stream = WatchStream::new(shared.news.subscribe()).map(move |news| {
        let version = version(&run, news.version);
        let news = serde_json::json!({ "version": version, "problems": news.problems });
        Ok::<_, Infallible>(Event::default().data(news.to_string()))
    });
    Sse::new(stream)
        .keep_alive(KeepAlive::default())
        .into_response()
}

/// The name of a build, which no build of another run has.
fn version(run: &str, number: u64) -> String {
    format!("{run}-{number}")
}

fn file(shared: &ServerState, path: &str) -> Response {
    let files = Arc::clone(&shared.files.lock().unwrap_or_else(PoisonError::into_inner));
    let version = version(&shared.run, shared.news.borrow().version);
    match answer(&files, path) {
        Answer::File { path, bytes } => response(StatusCode::OK, path, bytes, &version),
        Answer::Moved(there) => {
            (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, there)]).into_response()
        }
        Answer::Nothing { page } => {
            let empty = Bytes::from_static(EMPTY.as_bytes());
            let page = page.unwrap_or(&empty);
            response(StatusCode::NOT_FOUND, "404.html", page, &version)
        }
    }
}

fn response(status: StatusCode, path: &str, bytes: &Bytes, version: &str) -> Response {
    let kind = output::serving().content_type(Utf8Path::new(path));
    let body = match kind.starts_with("text/html") {
        true => served_copy(bytes, version),
        false => bytes.clone(),
    };
    let headers = [(header::CONTENT_TYPE, kind.as_str()), NO_STORE];
    (status, headers, Body::from(body)).into_response()
}

/// A page with what makes it load itself again.
fn served_copy(page: &Bytes, version: &str) -> Bytes {
    let end = b"</body>";
    let at = page.windows(end.len()).rposition(|window| window == end);
    let Some(at) = at else {
        return page.clone();
    };
    let inserted = INSERTED.replace("<script", &format!("<script data-version=\"{version}\""));
    [&page[..at], inserted.as_bytes(), &page[at + end.len()..]]
        .concat()
        .into()
}

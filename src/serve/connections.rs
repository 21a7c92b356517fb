//! The connections of a server: how many there may be, and for how long.
//!
//! None is served by a thread of its own, so an idle one costs little; but each costs the system a handle, and there is
//! an end to these. Where there are as many as may be, the one that has asked for nothing the longest is closed. That
//! may be a browser's wait for news: it asks again.

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

/// How many connections a server may have that shows something to a few.
pub(super) const MOST: usize = 256;
/// How long a request may take to arrive, and a connection to begin one.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// The largest size of a request without its body, in bytes.
const LARGEST_HEAD: usize = 32 * 1024;
/// How long what is still sent to a refused request is thrown away, so that the refusal is not lost with it.
const LINGER: Duration = Duration::from_secs(1);
/// How much of it, in bytes.
const LARGEST_REST: usize = 4 * 1024 * 1024;

/// Answers the requests of all connections for ever, of which there are so many at most; `answer` is told from where each comes.
pub(crate) async fn serve<A, F>(listener: TcpListener, most: usize, answer: A)
where
    A: Fn(SocketAddr, Request<Incoming>) -> F + Clone + Send + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    let open = Open::default();
    for number in 0.. {
        let (stream, peer) = loop {
            match listener.accept().await {
                Ok(accepted) => break accepted,
                // The other end has gone again, or the system has no handle left.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        };
        open.make_room(most);
        // On the one thread of the server it begins once this task waits again: by then it is listed.
        let answer = answer.clone();
        let answer = move |request| answer(peer, request);
        let task = tokio::spawn(serve_one(stream, answer, open.clone(), number));
        open.add(number, task.abort_handle());
    }
}

/// Answers the requests of one connection.
async fn serve_one<A, F>(stream: TcpStream, answer: A, open: Open, number: u64)
where
    A: Fn(Request<Incoming>) -> F,
    F: Future<Output = Response>,
{
    let _until_the_end = Closing {
        open: open.clone(),
        number,
    };
    let service = service_fn(move |request| {
        open.touch(number);
        let response = answer(request);
        async { Ok::<_, Infallible>(response.await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(LONGEST_WAIT)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(stream), service)
        .without_shutdown();
    let stream = connection.await.map(|parts| parts.io.into_inner());
    if let Ok(stream) = stream {
        end(stream).await;
    }
}

/// Ends a connection. Were it closed while something is still being sent, the other end might never read the answer.
async fn end(mut stream: TcpStream) {
    let rest = async {
        let _ = stream.shutdown().await;
        let mut thrown_away = vec![0; 16 * 1024];
        let mut left = LARGEST_REST;
        while let Ok(read @ 1..) = stream.read(&mut thrown_away).await {
            left = left.saturating_sub(read);
            if left == 0 {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(LINGER, rest).await;
}

/// The connections that are open.
#[derive(Debug, Clone, Default)]
struct Open(Arc<Mutex<Connections>>);

#[derive(Debug, Default)]
struct Connections {
    /// How many requests and connections there were so far: the age of each.
    count: u64,
    by_number: HashMap<u64, Connection>,
}

#[derive(Debug)]
struct Connection {
    /// When it last began or asked for something, as a count.
    last_asked: u64,
    task: AbortHandle,
}

impl Open {
    fn lock(&self) -> MutexGuard<'_, Connections> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes the connection that has been idle the longest, where there are as many as may be.
    fn make_room(&self, most: usize) {
        let mut connections = self.lock();
        if connections.by_number.len() < most {
            return;
        }
        let all = connections.by_number.iter();
        let oldest = all.min_by_key(|(_, it)| it.last_asked).map(|(it, _)| *it);
        let closed = oldest.and_then(|number| connections.by_number.remove(&number));
        if let Some(connection) = closed {
            connection.task.abort();
        }
    }

    fn add(&self, number: u64, task: AbortHandle) {
        let mut connections = self.lock();
        connections.count += 1;
        let last_asked = connections.count;
        let connection = Connection { last_asked, task };
        connections.by_number.insert(number, connection);
    }

    /// Notes that a connection asks for something.
    fn touch(&self, number: u64) {
        let mut connections = self.lock();
        connections.count += 1;
        let count = connections.count;
        if let Some(connection) = connections.by_number.get_mut(&number) {
            connection.last_asked = count;
        }
    }
}

/// A connection until its task ends, in whatever way.
struct Closing {
    open: Open,
    number: u64,
}

impl Drop for Closing {
    fn drop(&mut self) {
        self.open.lock().by_number.remove(&self.number);
    }
}

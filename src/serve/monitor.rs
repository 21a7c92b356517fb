//! A server for programs that watch this one: each path has an answer of its own, which is made when it is asked for.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::connections;
use crate::error::Error;

/// An answer to a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonitorAnswer {
    /// The status code of HTTP.
    pub status: u16,
    /// The media type.
    pub content_type: &'static str,
    /// The text.
    pub text: String,
}

/// A server that runs in the background for as long as the program does.
#[derive(Debug)]
pub struct Monitor {
    address: SocketAddr,
}

impl Monitor {
    /// Serves at an address, with port 0 at a free one: for each path what `answer` says; `None` is 404.
    ///
    /// # Errors
    ///
    /// Where nothing can be served there.
    pub fn start(
        address: SocketAddr,
        answer: impl Fn(&str) -> Option<MonitorAnswer> + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        let failed = |source| Error::Listen { address, source };
        let listener = TcpListener::bind(address).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(failed)?;
        let answer = Arc::new(answer);
        std::thread::spawn(move || {
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener)?;
                let respond = move |_, request: Request<_>| {
                    std::future::ready(response(&request, answer.as_ref()))
                };
                connections::serve(listener, connections::MOST, respond).await;
                Ok::<_, std::io::Error>(())
            })
        });
        Ok(Self { address })
    }

    /// The address at which it serves.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

fn response<T>(request: &Request<T>, answer: &dyn Fn(&str) -> Option<MonitorAnswer>) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let allowed = [(header::ALLOW, "GET, HEAD")];
        return (StatusCode::METHOD_NOT_ALLOWED, allowed).into_response();
    }
    let Some(answer) = answer(request.uri().path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = [
        (header::CONTENT_TYPE, answer.content_type),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, Body::from(answer.text)).into_response()
}

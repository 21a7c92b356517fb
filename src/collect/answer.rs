//! The answer to a request: thanks, or why a report is not taken.
//!
//! Nothing of a request stands in an answer, and neither `Host` nor the target's host is asked for: where readers are sent
//! follows from the site alone.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::{Body as _, Incoming};

use super::form;
use super::settings::Settings;
use super::tally::Tally;

/// The largest body of a report, in bytes.
const LARGEST: usize = 2048;

/// How long a body may take to arrive.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The path at which programs ask whether the collector works.
const HEALTH: &str = "/healthz";

/// Answers a request that has come by a connection.
pub(super) async fn answer(
    tally: Arc<Tally>,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Response {
    let settings = tally.settings();
    let connection = peer.ip();
    let mut response = choose(&tally, settings.as_deref(), connection, request).await;
    let headers = response.headers_mut();
    let no_store = HeaderValue::from_static("no-store");
    headers.insert(header::CACHE_CONTROL, no_store);
    let as_it_is = HeaderValue::from_static("nosniff");
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, as_it_is);
    // A reader sends one report; a proxy has many readers.
    if !settings.is_some_and(|it| it.is_believed(connection)) {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

async fn choose(
    tally: &Tally,
    settings: Option<&Settings>,
    connection: IpAddr,
    request: Request<Incoming>,
) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let path = request.uri().path();
    if path == HEALTH && is_read {
        // The reason names files, and is in the log.
        return match tally.is_failing() {
            false => text(StatusCode::OK, "ok"),
            true => text(StatusCode::SERVICE_UNAVAILABLE, "counts cannot be written"),
        };
    }
    let Some(settings) = settings else {
        return text(
            StatusCode::SERVICE_UNAVAILABLE,
            "no reports are taken at the moment",
        );
    };
    if !settings.is_at(path) {
        return text(StatusCode::NOT_FOUND, "there is nothing at this address");
    }
    if is_read {
        return see_other(settings.index());
    }
    if *request.method() != Method::POST {
        let allowed = [(header::ALLOW, "GET, HEAD, POST")];
        return (StatusCode::METHOD_NOT_ALLOWED, allowed).into_response();
    }
    if !is_form(request.headers()) {
        let why = "a report is sent as application/x-www-form-urlencoded";
        return not_taken(StatusCode::UNSUPPORTED_MEDIA_TYPE, why);
    }
    // Whoever visits another site has not asked for its form to be sent here.
    if !settings.is_own_form(request.headers()) {
        let why = format!(
            "The report was not taken: its form stands on another site, or the browser does not say where. Report on the status page itself: {}",
            settings.index()
        );
        return text(StatusCode::FORBIDDEN, &why);
    }
    let (head, body) = request.into_parts();
    let body = match read(body).await {
        Ok(body) => body,
        Err((status, why)) => return not_taken(status, why),
    };
    let form = match form::read(&body) {
        Ok(form) => form,
        Err(error) => return not_taken(StatusCode::BAD_REQUEST, &error.to_string()),
    };
    let subject = match settings.subject(&form, connection, &head.headers) {
        Ok(subject) => subject,
        Err(error) => return not_taken(StatusCode::BAD_REQUEST, &error.to_string()),
    };
    let reader = settings.reader(connection, &head.headers);
    match settings.proxy(connection) {
        None if settings.is_forwarded(&head.headers) => {
            tally.note_unbelieved(connection, settings);
        }
        Some(proxy) if reader.is_none() => tally.note_silent(proxy, settings),
        _ => {}
    }
    let reader = reader.unwrap_or(connection);
    match tally.count(settings, reader, &subject) {
        Ok(()) => see_other(settings.thanks(&form.language)),
        Err(_) => not_taken(StatusCode::SERVICE_UNAVAILABLE, "the collector ends"),
    }
}

/// Whether a request says that its body is a form, and nothing beside.
fn is_form(headers: &HeaderMap) -> bool {
    let mut kinds = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(kind), None) = (kinds.next(), kinds.next()) else {
        return false;
    };
    let kind = kind.to_str().unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
        && !headers.contains_key(header::CONTENT_ENCODING)
}

/// The body of a request.
async fn read(body: Incoming) -> Result<Bytes, (StatusCode, &'static str)> {
    let too_large = (
        StatusCode::PAYLOAD_TOO_LARGE,
        "a report has at most 2,048 bytes",
    );
    if body.size_hint().lower() > LARGEST as u64 {
        return Err(too_large);
    }
    let collected = Limited::new(body, LARGEST).collect();
    match tokio::time::timeout(LONGEST_WAIT, collected).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large),
        Ok(Err(_)) => Err((
            StatusCode::BAD_REQUEST,
            "the request could not be read to its end",
        )),
        Err(_) => Err((StatusCode::REQUEST_TIMEOUT, "the request took too long")),
    }
}

/// The answer that sends a browser to another page, which it asks for by `GET`: RFC 9110, section 15.4.4.
fn see_other(url: &str) -> Response {
    let location = HeaderValue::from_str(url).unwrap_or_else(|_| HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// The answer that says why a report is not taken.
fn not_taken(status: StatusCode, why: &str) -> Response {
    text(status, &format!("The report was not taken: {why}."))
}

fn text(status: StatusCode, text: &str) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (status, headers, Body::from(format!("{text}\n"))).into_response()
}

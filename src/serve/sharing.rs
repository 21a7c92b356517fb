//! Whether pages of other origins may read an answer.
//!
//! The published page lets everybody read its API, its feeds and its badges. Here they may hold drafts, and any site
//! that the author happens to visit could ask for them: so only programs, and pages of this machine, may read them, as
//! those of somebody who tries a client.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use camino::Utf8Path;

use super::host::is_of_this_machine;
use crate::output;

/// The headers by which a page of another origin may read a file.
pub(super) const SHARED: [(HeaderName, HeaderValue); 2] = [
    (
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    ),
];

/// Whether the file at the path of an address is one that others read, and who asks may read it.
pub(super) fn is_shared(path: &str, headers: &HeaderMap) -> bool {
    let path = Utf8Path::new(path.trim_start_matches('/'));
    output::serving().is_shared(path) && is_trusted(headers)
}

/// Whether no page asks, or one of this machine.
fn is_trusted(headers: &HeaderMap) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    origins.all(|origin| {
        let origin = origin.to_str().ok().and_then(|it| it.parse::<Uri>().ok());
        origin.is_some_and(|origin| origin.host().is_some_and(is_of_this_machine))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_this_machine_may_read_what_programs_read() {
        let page = |origin: Option<&'static str>| {
            let origin = origin.map(|it| (header::ORIGIN, HeaderValue::from_static(it)));
            origin.into_iter().collect::<HeaderMap>()
        };
        for path in [
            "/api/v2/summary.json",
            "/api/v2/incidents/a.json",
            "/history.atom",
            "/ar/maintenance.ics",
            "/components/web/badge.svg",
            "/badge.json",
        ] {
            for origin in [
                None,
                Some("http://localhost:8080"),
                Some("http://127.0.0.1"),
                Some("http://[::1]:4041"),
            ] {
                assert!(is_shared(path, &page(origin)), "{path} {origin:?}");
            }
            for origin in [
                "https://example.com",
                "http://localhost.example.com",
                "http://10.0.0.1:80",
                "null",
            ] {
                assert!(!is_shared(path, &page(Some(origin))), "{path} {origin}");
            }
        }
        for path in ["/", "/apis/v2/summary.json", "/schemas/site.json"] {
            assert!(!is_shared(path, &page(None)), "{path}");
        }
    }
}

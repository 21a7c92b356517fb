//! The server's way from an address to a file.

use std::collections::HashMap;
use std::sync::OnceLock;

use allclear::serve::{Answer, answer};
use bytes::Bytes;

use super::sound::text;

/// Any path of an address: only the page's own files answer, and nobody is sent to another host.
pub fn request(bytes: &[u8]) {
    let path = text(bytes);
    let files = files();
    match answer(files, &path) {
        Answer::File { path, bytes } => assert_eq!(files.get(path), Some(bytes)),
        Answer::Moved(there) => {
            let is_here = there.starts_with('/')
                && there.ends_with('/')
                && !there[1..].starts_with(['/', '\\']);
            assert!(is_here, "{path:?} leads to {there:?}");
            assert!(
                there.bytes().all(|byte| byte.is_ascii_graphic()),
                "{there:?} is no header"
            );
            assert!(
                matches!(answer(files, &there), Answer::File { .. }),
                "{path:?} leads to {there:?}, where nothing is"
            );
        }
        Answer::Nothing { page } => {
            assert!(page.is_none_or(|page| files.values().any(|bytes| bytes == page)))
        }
    }
}

fn files() -> &'static HashMap<String, Bytes> {
    static FILES: OnceLock<HashMap<String, Bytes>> = OnceLock::new();
    FILES.get_or_init(|| {
        let paths = [
            "index.html",
            "404.html",
            "ar/404.html",
            "ar/index.html",
            "incidents/a/index.html",
            "incidents/a/graph 1.png",
            "pages/حالة/index.html",
            "a%2fb/index.html",
            "evil.example/index.html",
            "assets/style.css",
        ];
        paths
            .iter()
            .map(|path| ((*path).to_owned(), Bytes::from_static(path.as_bytes())))
            .collect()
    })
}

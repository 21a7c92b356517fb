//! The way from an address to a file of the page.

use std::collections::HashMap;

use bytes::Bytes;
use percent_encoding::percent_decode_str;

use crate::site::push_encoded;

/// The answer to the path of an address.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer<'a> {
    /// A file.
    File {
        /// Its path.
        path: &'a str,
        /// Its content.
        bytes: &'a Bytes,
    },
    /// The path of the address at which there is a page.
    Moved(String),
    /// Nothing lies there.
    Nothing {
        /// The page that says so, where the site has one.
        page: Option<&'a Bytes>,
    },
}

/// The answer of a server of these files to the path of an address, as it stands in the request.
pub fn answer<'a>(files: &'a HashMap<String, Bytes>, address: &str) -> Answer<'a> {
    let path = percent_decode_str(address).decode_utf8_lossy();
    let path = path.trim_start_matches('/');
    let found = match path {
        path if path.is_empty() || path.ends_with('/') => {
            files.get_key_value(&format!("{path}index.html"))
        }
        path => files.get_key_value(path),
    };
    match found {
        Some((path, bytes)) => Answer::File { path, bytes },
        None if files.contains_key(&format!("{path}/index.html")) => {
            // Written anew: an address that begins with two slashes would name a host.
            let mut there = String::from("/");
            push_encoded(&mut there, path);
            there.push('/');
            Answer::Moved(there)
        }
        None => Answer::Nothing {
            page: not_found(files, path),
        },
    }
}

/// The page that tells that nothing lies at an address, in the language of its folder.
fn not_found<'a>(files: &'a HashMap<String, Bytes>, path: &str) -> Option<&'a Bytes> {
    let folder = path.split('/').next().unwrap_or_default();
    let page = files.get(&format!("{folder}/404.html"));
    page.or_else(|| files.get("404.html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_host() {
        let page = |path: &str| (path.to_owned(), Bytes::from_static(b"page"));
        let files = HashMap::from([page("history/index.html"), page("a b/index.html")]);
        for (address, there) in [
            ("/history", "/history/"),
            ("//history", "/history/"),
            ("///history", "/history/"),
            ("/%2Fhistory", "/history/"),
            ("/%68istory", "/history/"),
            ("//a%20b", "/a%20b/"),
        ] {
            let moved = Answer::Moved(there.to_owned());
            assert_eq!(answer(&files, address), moved, "{address}");
        }
    }
}

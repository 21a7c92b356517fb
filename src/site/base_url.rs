//! The address of a site.

use std::error::Error;
use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The address of a site: an absolute `http` or `https` address, perhaps with a sub-path.
///
/// It is ASCII, ends with `/`, and has no user, query or fragment, so that adding a path from the
/// site's root makes the address of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    url: String,
    path_start: usize,
}

/// Why a text is not a [`BaseUrl`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BaseUrlError {
    /// It does not start with `https://` or `http://`.
    Scheme,
    /// The host is missing, or not one in ASCII with an optional port.
    Host,
    /// It has a user name, which every reader would see.
    User,
    /// It has a `?` or a `#`.
    QueryOrFragment,
    /// The path has an empty part, `.` or `..`, or a character that no address may have.
    Path,
}

impl fmt::Display for BaseUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scheme => "must start with `https://` or `http://`",
            Self::Host => "needs a host in ASCII letters, such as `status.example.com`",
            Self::User => "must not name a user: every reader would see it",
            Self::QueryOrFragment => "must not have a `?` or a `#`",
            Self::Path => "must not have an empty part, `.`, `..`, white space or `\\` in its path",
        })
    }
}

impl Error for BaseUrlError {}

impl BaseUrl {
    /// Reads an address; the last `/` may be left out, and a path in any script is encoded.
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let (scheme, rest) = text.split_once("://").ok_or(BaseUrlError::Scheme)?;
        let scheme = scheme.to_ascii_lowercase();
        if scheme != "https" && scheme != "http" {
            return Err(BaseUrlError::Scheme);
        }
        if rest.contains(['?', '#']) {
            return Err(BaseUrlError::QueryOrFragment);
        }
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        if authority.contains('@') {
            return Err(BaseUrlError::User);
        }
        if !is_host_and_port(authority) {
            return Err(BaseUrlError::Host);
        }
        let mut url = format!("{scheme}://{}", authority.to_ascii_lowercase());
        let path_start = url.len();
        url.push('/');
        if !path.is_empty() {
            for part in path.strip_suffix('/').unwrap_or(path).split('/') {
                push_part(&mut url, part)?;
            }
        }
        Ok(Self { url, path_start })
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.url
    }

    /// Its origin, which is all but its path: `https://status.example.com`.
    pub fn origin(&self) -> &str {
        &self.url[..self.path_start]
    }

    /// The path on its host: `/`, or `/status/`.
    pub fn path(&self) -> &str {
        &self.url[self.path_start..]
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

/// Adds a part of the path; what is percent-encoded already stays so.
fn push_part(url: &mut String, part: &str) -> Result<(), BaseUrlError> {
    // A browser takes `%2e%2e` for `..`, and servers may take `%2f` for `/`.
    let meant = percent_decode_str(part).decode_utf8_lossy();
    let is_odd = |c: char| c.is_control() || matches!(c, '\\' | '/');
    let is_climbing = matches!(meant.as_ref(), "" | "." | "..");
    if is_climbing || meant.contains(is_odd) || part.contains(char::is_whitespace) {
        return Err(BaseUrlError::Path);
    }
    for (index, piece) in part.split('%').enumerate() {
        if index > 0 {
            let is_encoded =
                piece.len() >= 2 && piece.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
            url.push_str(if is_encoded { "%" } else { "%25" });
        }
        push_encoded(url, piece);
    }
    url.push('/');
    Ok(())
}

/// All but `/` and what RFC 3986, section 2.3, calls unreserved, so that no part of a path can mean
/// anything else in a reference.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// Adds `path` percent-encoded.
pub(crate) fn push_encoded(url: &mut String, path: &str) {
    url.extend(utf8_percent_encode(path, RESERVED));
}

/// Whether the text is a host (a name, an IPv4 address, or an IPv6 address in brackets) with an
/// optional port.
fn is_host_and_port(authority: &str) -> bool {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    if port.is_some_and(|port| port.parse::<u16>().is_err() || port.starts_with('+')) {
        return false;
    }
    if let Some(address) = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
    {
        return address.parse::<std::net::Ipv6Addr>().is_ok();
    }
    host.split('.').all(|label| {
        let is_name = label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        !label.is_empty() && is_name && !label.starts_with('-') && !label.ends_with('-')
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::{BaseUrl, BaseUrlError};

    #[test]
    fn an_address_is_made_canonical() {
        let cases = [
            (
                "https://status.example.com",
                "https://status.example.com/",
                "/",
            ),
            (
                "HTTPS://Status.Example.com/",
                "https://status.example.com/",
                "/",
            ),
            ("http://localhost:8080/a", "http://localhost:8080/a/", "/a/"),
            ("http://127.0.0.1/a/b/", "http://127.0.0.1/a/b/", "/a/b/"),
            ("http://[::1]:80/", "http://[::1]:80/", "/"),
            ("https://[::1]", "https://[::1]/", "/"),
            (
                "https://example.com/حالة/a%20b/100%",
                "https://example.com/%D8%AD%D8%A7%D9%84%D8%A9/a%20b/100%25/",
                "/%D8%AD%D8%A7%D9%84%D8%A9/a%20b/100%25/",
            ),
        ];
        for (text, url, path) in cases {
            let base = BaseUrl::parse(text).unwrap();
            assert_eq!((base.as_str(), base.path()), (url, path));
            assert_eq!(BaseUrl::parse(url), Ok(base));
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let cases = [
            ("", BaseUrlError::Scheme),
            ("status.example.com", BaseUrlError::Scheme),
            ("/status/", BaseUrlError::Scheme),
            ("ftp://example.com/", BaseUrlError::Scheme),
            ("https://", BaseUrlError::Host),
            ("https:///a", BaseUrlError::Host),
            ("https://exa mple.com", BaseUrlError::Host),
            ("https://example..com", BaseUrlError::Host),
            ("https://bücher.example", BaseUrlError::Host),
            ("https://example.com:99999", BaseUrlError::Host),
            ("https://example.com:+80", BaseUrlError::Host),
            ("https://example.com:", BaseUrlError::Host),
            ("https://[::g]", BaseUrlError::Host),
            ("https://a:b@example.com", BaseUrlError::User),
            ("https://example.com/?a", BaseUrlError::QueryOrFragment),
            ("https://example.com/#a", BaseUrlError::QueryOrFragment),
            ("https://example.com//", BaseUrlError::Path),
            ("https://example.com/a//b", BaseUrlError::Path),
            ("https://example.com/../a", BaseUrlError::Path),
            ("https://example.com/a b", BaseUrlError::Path),
            ("https://example.com/a\\b", BaseUrlError::Path),
            ("https://example.com/%2E%2e/", BaseUrlError::Path),
            ("https://example.com/a/.%2e", BaseUrlError::Path),
            ("https://example.com/a%2fb", BaseUrlError::Path),
            ("https://example.com/a%5Cb", BaseUrlError::Path),
            ("https://example.com/a%00b", BaseUrlError::Path),
        ];
        for (text, error) in cases {
            assert_eq!(BaseUrl::parse(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn an_error_says_what_to_do() {
        assert_eq!(
            BaseUrlError::Scheme.to_string(),
            "must start with `https://` or `http://`"
        );
        assert_eq!(
            BaseUrlError::Host.to_string(),
            "needs a host in ASCII letters, such as `status.example.com`"
        );
        assert_eq!(
            BaseUrlError::User.to_string(),
            "must not name a user: every reader would see it"
        );
        assert_eq!(
            BaseUrlError::QueryOrFragment.to_string(),
            "must not have a `?` or a `#`"
        );
        assert_eq!(
            BaseUrlError::Path.to_string(),
            "must not have an empty part, `.`, `..`, white space or `\\` in its path"
        );
    }
}

//! Header fields that somebody adds to requests.

/// Why a header field of some name cannot be added to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadField {
    /// No header field has such a name.
    NoName,
    /// HTTP itself says by it where a request ends and what becomes of its connection.
    Framing,
}

/// The header fields by which HTTP says where a request ends and what becomes of its connection.
const FRAMING: [&str; 9] = [
    "connection",
    "content-length",
    "expect",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Why a header field of a name cannot be added; `None` where it can (RFC 9110, section 5.1).
pub fn bad_field(name: &str) -> Option<BadField> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) {
        return Some(BadField::NoName);
    }
    let name = name.to_ascii_lowercase();
    FRAMING
        .contains(&name.as_str())
        .then_some(BadField::Framing)
}

//! Addresses that the parser leaves as they are.
//!
//! Between blanks and without a mark of Markdown, an address comes out of the parser whole. Then its source needs no
//! links before it is read: it is found in the text afterwards, as mail addresses are.

/// Whether every web address in a source is such a one.
pub(super) fn are_all_plain(markdown: &str) -> bool {
    let bytes = markdown.as_bytes();
    let mut at = 0;
    while let Some(found) = markdown[at..].find("://") {
        let colon = at + found;
        let scheme = match &bytes[at..colon] {
            [.., b'h', b't', b't', b'p', b's'] => "https".len(),
            [.., b'h', b't', b't', b'p'] => "http".len(),
            _ => return false,
        };
        let before = &bytes[at..colon - scheme];
        if !before.last().is_none_or(is_blank) || has_www(before) {
            return false;
        }
        let host = colon + "://".len();
        let length = bytes[host..].iter().position(|byte| !is_plain(*byte));
        at = length.map_or(bytes.len(), |length| host + length);
        if !bytes.get(at).is_none_or(is_blank) {
            return false;
        }
    }
    !has_www(&bytes[at..])
}

/// Whether a byte neither means anything to the parser nor ends an address before a blank does.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"/.:-?=%#+,".contains(&byte)
}

fn is_blank(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn has_www(bytes: &[u8]) -> bool {
    bytes.windows(4).any(|part| part == b"www.")
}

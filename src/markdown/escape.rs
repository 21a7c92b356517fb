//! Text and addresses, escaped for HTML.

use crate::characters::is_forbidden;

/// Which bytes may need care: the five characters with a meaning in HTML, controls, and the first
/// bytes of the characters that no document may hold.
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        special[byte] = true;
        byte += 1;
    }
    special[b'\t' as usize] = false;
    special[b'\n' as usize] = false;
    let mut marks: &[u8] = b"&<>\"'\x7f\xc2\xef\xf0\xf1\xf2\xf3\xf4";
    while let [mark, rest @ ..] = marks {
        special[*mark as usize] = true;
        marks = rest;
    }
    special
};

/// A plain text as HTML, for an element or a quoted attribute.
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    push_text(&mut html, text);
    html
}

/// Adds `text` for an element or a quoted attribute.
///
/// Controls and noncharacters, which are forbidden in HTML and in the XML of feeds, become U+FFFD.
pub(super) fn push_text(out: &mut String, text: &str) {
    let mut from = 0;
    let mut at = 0;
    while let Some(offset) = text.as_bytes()[at..]
        .iter()
        .position(|byte| SPECIAL[usize::from(*byte)])
    {
        at += offset;
        let Some(c) = text[at..].chars().next() else {
            break;
        };
        let escaped = match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => "&#39;",
            '\r' => "\n",
            c if is_forbidden(c) => "\u{fffd}",
            c => {
                at += c.len_utf8();
                continue;
            }
        };
        out.push_str(&text[from..at]);
        out.push_str(escaped);
        at += c.len_utf8();
        from = at;
    }
    out.push_str(&text[from..]);
}

/// Adds an address for `href` or `src`: percent-encoded where RFC 3986 asks for it, then escaped.
///
/// What is percent-encoded already stays so.
pub(super) fn push_url(out: &mut String, url: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let bytes = url.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'&' => out.push_str("&amp;"),
            b'\'' => out.push_str("&#39;"),
            b'%' if is_encoded(&bytes[at..]) => out.push('%'),
            byte if byte.is_ascii_alphanumeric() || b"-._~:/?#@!$()*+,;=".contains(byte) => {
                out.push(char::from(*byte));
            }
            byte => {
                out.push('%');
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }
}

fn is_encoded(bytes: &[u8]) -> bool {
    matches!(bytes, [b'%', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::{push_text, push_url};

    fn text(text: &str) -> String {
        let mut out = String::new();
        push_text(&mut out, text);
        out
    }

    fn url(url: &str) -> String {
        let mut out = String::new();
        push_url(&mut out, url);
        out
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(
            text("a<b> & \"c\" 'd'"),
            "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;"
        );
        assert_eq!(text("حالة ：😀 é"), "حالة ：😀 é");
    }

    #[test]
    fn forbidden_characters_are_replaced() {
        assert_eq!(
            text("\0\u{1}\t\n\r\u{7f}\u{85}\u{fdd0}\u{ffff}\u{1fffe}"),
            "\u{fffd}\u{fffd}\t\n\n\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}"
        );
    }

    #[test]
    fn an_address_is_encoded_once() {
        assert_eq!(
            url("https://a.b/c d?e=é&f='"),
            "https://a.b/c%20d?e=%C3%A9&amp;f=&#39;"
        );
        assert_eq!(url("a%20b%zz%"), "a%20b%25zz%25");
        assert_eq!(url("\"><script>"), "%22%3E%3Cscript%3E");
    }
}

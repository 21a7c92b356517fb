//! The entities of HTML.

use std::borrow::Cow;

use pulldown_cmark::{Event, Parser};

/// The text with its entities (`&amp;`, `&#39;`) as the characters that they stand for.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, entity) = rest.split_at(at);
        out.push_str(before);
        let name = entity[1..]
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#')
            .count();
        let end = match entity.as_bytes().get(1 + name) {
            Some(b';') => name + 2,
            _ => 1,
        };
        // HTML and CommonMark have the same entities, so the parser of the one decodes the other's.
        for event in Parser::new(&entity[..end]) {
            if let Event::Text(character) = event {
                out.push_str(&character);
            }
        }
        rest = &entity[end..];
    }
    if out.is_empty() && rest.len() == text.len() {
        return Cow::Borrowed(text);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

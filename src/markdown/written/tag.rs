//! The HTML that this program writes, tag by tag.
//!
//! It is no parser of HTML at large: in texts and attributes every `<`, `>` and `"` is a reference.

use std::borrow::Cow;

/// A part of HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'h> {
    /// Text, with its references.
    Text(&'h str),
    /// A start, with its attributes as they stand.
    Open(&'h str, Attributes<'h>),
    /// An end.
    Close(&'h str),
}

/// The attributes of a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attributes<'h>(&'h str);

impl<'h> Attributes<'h> {
    /// The value of an attribute as it stands, with its references.
    pub(super) fn raw(self, name: &str) -> Option<&'h str> {
        let mut rest = self.0;
        loop {
            let (before, after) = split_at_byte(rest, b'"')?;
            let (value, after) = split_at_byte(after, b'"')?;
            let before = before.strip_suffix('=')?;
            if before
                .strip_suffix(name)
                .is_some_and(|it| it.is_empty() || it.ends_with(' '))
            {
                return Some(value);
            }
            rest = after;
        }
    }

    /// The value of an attribute.
    pub(super) fn get(self, name: &str) -> Option<Cow<'h, str>> {
        self.raw(name).map(unescaped)
    }

    /// Whether a class is the first of its classes.
    pub(super) fn is_of(self, class: &str) -> bool {
        let classes = self.raw("class");
        classes.is_some_and(|classes| classes.split(' ').next() == Some(class))
    }

    /// Whether a word stands there without a value.
    pub(super) fn has(self, word: &str) -> bool {
        self.0.split(' ').any(|it| it == word)
    }
}

/// The first part of HTML, and what follows it.
pub(super) fn next(html: &str) -> Option<(Token<'_>, &str)> {
    let Some(tag) = html.strip_prefix('<') else {
        let end = html.find('<').unwrap_or(html.len());
        return (end > 0).then(|| (Token::Text(&html[..end]), &html[end..]));
    };
    let (tag, rest) = split_at_byte(tag, b'>').unwrap_or((tag, ""));
    let token = match tag.strip_prefix('/') {
        Some(name) => Token::Close(name),
        None => match split_at_byte(tag, b' ') {
            Some((name, attributes)) => Token::Open(name, Attributes(attributes)),
            None => Token::Open(tag, Attributes("")),
        },
    };
    Some((token, rest))
}

/// What stands before and behind the first of an ASCII character: within a tag that is near, and a search for it that
/// prepares itself takes longer than the way there.
fn split_at_byte(text: &str, byte: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|it| it == byte)?;
    Some((&text[..at], &text[at + 1..]))
}

/// A text without references.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    const NAMES: [(&str, char); 5] = [
        ("&amp;", '&'),
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&quot;", '"'),
        ("&#39;", '\''),
    ];
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = NAMES.iter().find(|(name, _)| rest.starts_with(name));
        let (length, c) = known.map_or((1, '&'), |(name, c)| (name.len(), *c));
        plain.push(c);
        rest = &rest[length..];
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::Attributes;

    #[test]
    fn an_attribute_is_found_by_its_whole_name() {
        let attributes =
            Attributes(r#"checked data-class="a" class="b=c d" href="?class=e" start="""#);
        for (name, value) in [
            ("class", Some("b=c d")),
            ("data-class", Some("a")),
            ("href", Some("?class=e")),
            ("start", Some("")),
            ("checked", None),
            ("lass", None),
            ("title", None),
        ] {
            assert_eq!(attributes.raw(name), value, "{name}");
        }
        assert!(attributes.is_of("b=c") && !attributes.is_of("d"));
        assert!(attributes.has("checked"));
        assert_eq!(Attributes("").raw("class"), None);
    }
}

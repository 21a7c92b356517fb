//! The parts of a plain text: what is said, and the addresses in it.

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    /// What is said.
    Text(&'t str),
    /// A whole address, `http` or `https`.
    Address(&'t str),
}

/// The parts of a text, which together are that text. An address that was cut (`…`) leads nowhere and is no address.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut all = Vec::new();
    let (mut said, mut at) = (0, 0);
    while let Some(found) = next_address(&text[at..]) {
        let start = at + found;
        let address = address(&text[start..]);
        at = start + address.len();
        let is_cut = text[at..].starts_with('…');
        let scheme = address.find("://").map_or(0, |found| found + 3);
        if is_cut || address.len() == scheme {
            continue;
        }
        if said < start {
            all.push(Piece::Text(&text[said..start]));
        }
        all.push(Piece::Address(address));
        said = at;
    }
    if said < text.len() {
        all.push(Piece::Text(&text[said..]));
    }
    all
}

/// A text whose parts are written in forms of their own.
pub(super) fn written(
    text: &str,
    said: impl Fn(&str) -> String,
    address: impl Fn(&str) -> String,
) -> String {
    let parts = pieces(text).into_iter().map(|piece| match piece {
        Piece::Text(text) => said(text),
        Piece::Address(text) => address(text),
    });
    parts.collect()
}

/// Where the next address begins: not within a word.
fn next_address(text: &str) -> Option<usize> {
    let starts = text.match_indices("http").map(|(at, _)| at);
    let mut starts = starts.filter(|at| {
        let rest = &text[*at..];
        let before = text[..*at].chars().next_back();
        (rest.starts_with("https://") || rest.starts_with("http://"))
            && before.is_none_or(|before| !before.is_alphanumeric())
    });
    starts.next()
}

/// The address at the beginning of a text, without the marks that end a sentence.
fn address(text: &str) -> &str {
    let is_end = |it: char| it.is_whitespace() || it.is_control() || "<>\"|\\^`{}…".contains(it);
    let end = text.find(is_end).unwrap_or(text.len());
    let mut address =
        text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '。', '、', '،', '؟']);
    // One bracket more is closed than opened: it belongs to the sentence.
    for (open, close) in [('(', ')'), ('[', ']')] {
        while address.ends_with(close)
            && address.matches(close).count() > address.matches(open).count()
        {
            address = &address[..address.len() - 1];
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(text: &str) -> Vec<&str> {
        let pieces = pieces(text);
        let all = pieces.iter().map(|piece| match piece {
            Piece::Text(text) | Piece::Address(text) => *text,
        });
        assert_eq!(all.collect::<String>(), text);
        let addresses = pieces.into_iter().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Address(text) => Some(text),
        });
        addresses.collect()
    }

    #[test]
    fn an_address_ends_before_the_marks_of_a_sentence() {
        for (text, address) in [
            (
                "See https://a.example/b?c=d&e#f.",
                "https://a.example/b?c=d&e#f",
            ),
            ("(https://a.example/b_(c))", "https://a.example/b_(c)"),
            ("<http://a.example/>", "http://a.example/"),
            ("ü: https://a.example/ü, and", "https://a.example/ü"),
            ("[https://a.example]", "https://a.example"),
        ] {
            assert_eq!(addresses(text), [address], "{text}");
        }
        assert_eq!(
            addresses("https://a.example/ https://b.example/"),
            ["https://a.example/", "https://b.example/"]
        );
    }

    #[test]
    fn what_is_cut_or_no_address_is_text() {
        for text in [
            "",
            "https://a.example/lo…",
            "xhttps://a.example/",
            "https://",
            "http",
        ] {
            assert_eq!(addresses(text), Vec::<&str>::new(), "{text}");
        }
    }
}

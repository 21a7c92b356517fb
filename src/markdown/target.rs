//! The targets of links and images.

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

/// The kind of a target that may be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TargetKind {
    /// A place in the site itself: a path, a query or a fragment.
    Relative,
    /// A page elsewhere, `//host/path` included.
    Web,
    /// A mail address or a telephone number.
    Contact,
}

/// The target without the space around it, and its kind; `None` if it may not be published.
///
/// The schemes are `http`, `https`, `mailto` and `tel`. Browsers drop tabs and line ends inside an
/// address and controls around it, so a colon behind anything but one of these schemes is refused,
/// however it is written: `java&#10;script:` never becomes an address. A web address needs a host.
pub(super) fn read(target: &str) -> Option<(&str, TargetKind)> {
    let target = target.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    let Some(stop) = target.find([':', '/', '?', '#', '\\']) else {
        return (!target.is_empty()).then_some((target, TargetKind::Relative));
    };
    let (scheme, rest) = target.split_at(stop);
    let Some(rest) = rest.strip_prefix(':') else {
        let is_elsewhere = stop == 0
            && rest.len() > 1
            && rest
                .bytes()
                .take(2)
                .all(|byte| matches!(byte, b'/' | b'\\'));
        return match is_elsewhere {
            false => Some((target, TargetKind::Relative)),
            true => has_host(rest).then_some((target, TargetKind::Web)),
        };
    };
    if scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http") {
        return has_host(rest).then_some((target, TargetKind::Web));
    }
    let is_contact = scheme.eq_ignore_ascii_case("mailto") || scheme.eq_ignore_ascii_case("tel");
    (is_contact && !rest.is_empty()).then_some((target, TargetKind::Contact))
}

fn has_host(rest: &str) -> bool {
    rest.strip_prefix("//")
        .is_some_and(|host| host.starts_with(|c: char| c.is_alphanumeric() || c == '[' || c == '_'))
}

/// Gives an autolink that may not be a link its angle brackets back.
///
/// To CommonMark every `<word:anything>` is a link. In an incident it is `<host:port>`.
#[derive(Debug, Default)]
pub(super) struct Brackets {
    open: bool,
}

impl Brackets {
    /// The event to use in place of `event`.
    pub(super) fn read<'a>(&mut self, event: Event<'a>) -> Event<'a> {
        match event {
            Event::Start(Tag::Link {
                link_type: LinkType::Autolink,
                ref dest_url,
                ..
            }) if read(dest_url).is_none() => {
                self.open = true;
                Event::Text("<".into())
            }
            Event::End(TagEnd::Link) if self.open => {
                self.open = false;
                Event::Text(">".into())
            }
            event => event,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{TargetKind, read};

    #[test]
    fn listed_schemes_and_paths_are_targets() {
        let cases = [
            ("https://example.com/", TargetKind::Web),
            ("HTTP://example.com", TargetKind::Web),
            (" https://example.com\n", TargetKind::Web),
            ("//example.com/a", TargetKind::Web),
            ("https://bücher.example/", TargetKind::Web),
            ("https://[::1]/", TargetKind::Web),
            ("mailto:a@example.com", TargetKind::Contact),
            ("tel:+15550100", TargetKind::Contact),
            ("a", TargetKind::Relative),
            ("../a/", TargetKind::Relative),
            ("/a:b", TargetKind::Relative),
            ("?a=b:c", TargetKind::Relative),
            ("#a", TargetKind::Relative),
        ];
        for (target, kind) in cases {
            let read = read(target);
            assert_eq!(read, Some((target.trim(), kind)));
        }
    }

    #[test]
    fn everything_else_is_none() {
        for target in [
            "",
            " ",
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "java\nscript:alert(1)",
            "\u{1}javascript:alert(1)",
            "java\tscript\n:alert(1)",
            "vbscript:x",
            "data:text/html,x",
            "ｊavascript:x",
            "file:///etc/passwd",
            "blob:https://example.com/x",
            "https:",
            "https://",
            "https:///path",
            "https:example.com",
            "//",
            "/\\example.com",
            "mailto:",
        ] {
            assert_eq!(read(target), None, "{target:?}");
        }
    }
}

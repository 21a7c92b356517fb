//! Bare addresses, as the autolink extension of GitHub Flavored Markdown has them (sections 6.9 and 6.5 of its
//! specification; where that is silent, as `cmark-gfm` does).
//!
//! The parser knows no such addresses: to it the underscores of `https://example.com/_a_` are emphasis. So each
//! becomes an explicit link in the source before it is read, wherever text is text. Raw HTML, which is shown as
//! text, and mail addresses are looked at afterwards.
//!
//! Two things differ on purpose: an address ends before a bracket that encloses it, and before the full stop of
//! Chinese and Japanese, which no white space follows.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::dialect::{SYNTAX, is_block};

mod plain;

/// The kind of a bare address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AddressKind {
    /// It starts with `http://` or another scheme.
    Url,
    /// It starts with `www.`, and lacks its scheme.
    Www,
    /// It is a mail address, perhaps after `mailto:`.
    Mail,
}

impl AddressKind {
    /// The start that the address lacks.
    pub(super) fn scheme(self, address: &str) -> &'static str {
        match self {
            Self::Www => "http://",
            Self::Mail if !address.starts_with(MAILTO) => MAILTO,
            Self::Mail | Self::Url => "",
        }
    }
}

const MAILTO: &str = "mailto:";

/// The marks of emphasis.
const MARKS: &[char] = &['*', '_', '~'];

/// Characters that end a sentence or a remark in scripts that put no white space behind it.
const WIDE_STOPS: &[char] = &[
    '、', '。', '「', '」', '『', '』', '【', '】', '《', '》', '，', '．', '：', '；', '！', '？',
    '（', '）',
];

/// What stands between the link of an address and a mark of emphasis beside it.
///
/// Whether `*` begins or ends emphasis depends on its neighbours. Beside an address this is a letter, and not the
/// bracket of a link. No text holds this noncharacter, so that [`without_seams`] takes out nothing else.
const SEAM: char = '\u{fdd0}';

/// The event without the seams that [`with_links`] has put into its text.
pub(super) fn without_seams(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Text(text) if text.contains(SEAM) => Event::Text(text.replace(SEAM, "").into()),
        event => event,
    }
}

/// A source with every bare web address in its text as an explicit link, unless the parser leaves all of them as they
/// are.
pub(super) fn with_links(markdown: &str) -> Cow<'_, str> {
    if markdown.contains(SEAM) {
        let clean = markdown.replace(SEAM, "\u{fffd}");
        return Cow::Owned(with_links(&clean).into_owned());
    }
    match plain::are_all_plain(markdown) {
        true => Cow::Borrowed(markdown),
        false => linked(markdown),
    }
}

/// The same, whatever the addresses are like.
pub(super) fn linked(markdown: &str) -> Cow<'_, str> {
    let mut linked = String::new();
    let mut end = 0;
    for zone in zones(markdown) {
        // What stands before the start of a line is a mark of its block.
        let base = if zone.starts_line { zone.text.start } else { 0 };
        let text = &markdown[base..zone.limit];
        let last = zone.text.end - base;
        while let Some((span, kind)) = web_address(text, end.max(zone.text.start) - base..last) {
            let before = &markdown[end..base + span.start];
            linked.push_str(before);
            linked.extend(before.ends_with(MARKS).then_some(SEAM));
            end = base + span.end;
            push_link(&mut linked, &text[span], kind, zone.in_cell);
            let is_followed = markdown[end..].starts_with(MARKS);
            linked.extend(is_followed.then_some(SEAM));
        }
    }
    if end == 0 {
        return Cow::Borrowed(markdown);
    }
    linked.push_str(&markdown[end..]);
    Cow::Owned(linked)
}

/// A part of a source that is text.
struct Zone {
    /// The bytes in which an address may start.
    text: Range<usize>,
    /// Whether it is the first of its block or line.
    starts_line: bool,
    /// The end of the cell or of the source, beyond which it does not go on.
    limit: usize,
    /// Whether it stands in the cell of a table.
    in_cell: bool,
}

/// The text of a source outside of links, images and code.
fn zones(markdown: &str) -> Vec<Zone> {
    let mut zones = Vec::new();
    let mut closed = 0_usize;
    let mut cell = None;
    let mut starts_line = true;
    for (event, range) in Parser::new_ext(markdown, SYNTAX).into_offset_iter() {
        let ends_line = match &event {
            Event::Start(tag) => is_block(tag.to_end()),
            Event::End(tag) => is_block(*tag),
            event => matches!(event, Event::SoftBreak | Event::HardBreak),
        };
        match event {
            Event::Start(
                Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock,
            ) => closed += 1,
            Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock | TagEnd::HtmlBlock) => {
                closed -= 1;
            }
            Event::Start(Tag::TableCell) => cell = Some(range.end),
            Event::End(TagEnd::TableCell) => cell = None,
            Event::Text(_) if closed == 0 => zones.push(Zone {
                text: range,
                starts_line,
                limit: cell.unwrap_or(markdown.len()),
                in_cell: cell.is_some(),
            }),
            _ => {}
        }
        starts_line = ends_line;
    }
    zones
}

/// Adds an address as a link in Markdown; in a cell a bar that is escaped stays so.
fn push_link(out: &mut String, address: &str, kind: AddressKind, in_cell: bool) {
    let is_published = !address[..3].eq_ignore_ascii_case("ftp");
    if is_published {
        out.push('[');
    }
    push_literal(out, address, in_cell);
    if is_published {
        out.push_str("](<");
        out.push_str(kind.scheme(address));
        push_literal(out, address, in_cell);
        out.push_str(">)");
    }
}

fn push_literal(out: &mut String, text: &str, in_cell: bool) {
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let escapes_bar = in_cell && c == '\\' && rest.peek() == Some(&'|');
        let is_escaped_bar = in_cell && c == '|';
        if c.is_ascii_punctuation() && !escapes_bar && !is_escaped_bar {
            out.push('\\');
        }
        out.push(c);
    }
}

/// The bare addresses of a text, in their order.
pub(super) fn addresses(text: &str) -> Vec<(Range<usize>, AddressKind)> {
    let mut found = Vec::new();
    if !["://", "www.", "@"].iter().any(|sign| text.contains(sign)) {
        return found;
    }
    let mut web = web_address(text, 0..text.len());
    let mut mail = mail_address(text, 0);
    loop {
        let is_mail = match (&web, &mail) {
            (Some((web, _)), Some(mail)) => mail.start < web.start,
            (None, Some(_)) => true,
            (Some(_), None) => false,
            (None, None) => return found,
        };
        let next = match is_mail {
            true => mail.take().map(|span| (span, AddressKind::Mail)),
            false => web.take(),
        };
        let Some((span, kind)) = next else {
            return found;
        };
        let at = span.end;
        found.push((span, kind));
        if web.as_ref().is_none_or(|(span, _)| span.start < at) && (!is_mail || web.is_some()) {
            web = web_address(text, at..text.len());
        }
        if mail.as_ref().is_none_or(|span| span.start < at) && (is_mail || mail.is_some()) {
            mail = mail_address(text, at);
        }
    }
}

/// The first bare web address of a text that starts in `range`.
fn web_address(text: &str, range: Range<usize>) -> Option<(Range<usize>, AddressKind)> {
    let mut at = range.start;
    while at < range.end {
        let rest = &text[at..range.end];
        // Whichever comes first: a look for each alone would go to the end of the text again and again.
        let bytes = rest.as_bytes();
        let begins = |at: &usize| match bytes[*at] {
            b':' => bytes[*at..].starts_with(b"://"),
            b'w' => bytes[*at..].starts_with(b"www."),
            _ => false,
        };
        let found = at + (0..bytes.len()).find(begins)?;
        let address = match text[found..].starts_with("www.") {
            true => www(text, found).map(|span| (span, AddressKind::Www)),
            false => url(text, range.start, found).map(|span| (span, AddressKind::Url)),
        };
        if address.is_some() {
            return address;
        }
        at = found + "://".len();
    }
    None
}

/// The address with `www.` at `start`, which stands at the start of a word.
fn www(text: &str, start: usize) -> Option<Range<usize>> {
    let before = text[..start].chars().next_back();
    if before
        .is_some_and(|c| !c.is_whitespace() && !"*_~([".contains(c) && !WIDE_STOPS.contains(&c))
    {
        return None;
    }
    let host = start + "www.".len();
    let is_named = text[host..].starts_with(is_host);
    (is_named && is_domain(&text[start..])).then(|| start..end(text, start, host))
}

/// The address whose `://` stands at `colon`.
fn url(text: &str, from: usize, colon: usize) -> Option<Range<usize>> {
    let letters = text[from..colon]
        .bytes()
        .rev()
        .take_while(u8::is_ascii_alphabetic);
    let start = colon - letters.count();
    let scheme = &text[start..colon];
    let is_known = ["http", "https", "ftp"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known));
    let host = colon + "://".len();
    let is_named = text[host..].starts_with(is_host);
    (is_known && is_named && is_domain(&text[host..])).then(|| start..end(text, start, host))
}

/// Whether a host may have this character, apart from dots, hyphens and underscores.
fn is_host(c: char) -> bool {
    match c.is_ascii() {
        true => c.is_ascii_alphanumeric(),
        false => !c.is_whitespace() && !WIDE_STOPS.contains(&c),
    }
}

/// Whether the domain at the start of a text has no underscore in its last two parts.
fn is_domain(text: &str) -> bool {
    let end = text.find(|c| !is_host(c) && !matches!(c, '.' | '-' | '_'));
    let (domain, rest) = text.split_at(end.unwrap_or(text.len()));
    // At the end of a word they may be marks of emphasis.
    let domain = match rest.is_empty() || rest.starts_with(char::is_whitespace) {
        true => domain.trim_end_matches(['.', '_']),
        false => domain,
    };
    domain.rsplit('.').take(2).all(|part| !part.contains('_'))
}

/// The end of the address that starts at `start` and whose host starts at `host`.
fn end(text: &str, start: usize, host: usize) -> usize {
    let ends = |c: char| c.is_whitespace() || c == '<' || WIDE_STOPS.contains(&c);
    let length = text[host..].find(ends);
    let whole = &text[start..length.map_or(text.len(), |length| host + length)];
    let whole = &whole[..bracketed(whole)];
    let count = |bracket| whole.matches(bracket).count();
    // Of the round brackets that close more than was opened, those at the end are not its own.
    let mut surplus = count(')').saturating_sub(count('('));
    let mut end = whole.len();
    while let Some(shorter) = without_last(&whole[..end], surplus) {
        surplus -= usize::from(whole[shorter..end].starts_with(')'));
        end = shorter;
    }
    start + end
}

/// The end of an address before the square bracket that encloses it.
fn bracketed(address: &str) -> usize {
    let mut open = 0_usize;
    for (at, c) in address.char_indices() {
        match c {
            '[' => open += 1,
            ']' if open == 0 => return at,
            ']' => open -= 1,
            _ => {}
        }
    }
    address.len()
}

/// The length of an address without its last punctuation, which belongs to the sentence around it; `None` where
/// there is none. So many round brackets in it close nothing.
fn without_last(address: &str, surplus: usize) -> Option<usize> {
    let (last, c) = address.char_indices().next_back()?;
    match c {
        '?' | '!' | '.' | ',' | ':' | '*' | '_' | '~' | '\'' | '"' => Some(last),
        ')' => (surplus > 0).then_some(last),
        ';' => {
            let name = address[..last].trim_end_matches(|c: char| c.is_ascii_alphabetic());
            let is_entity = name.len() < last && name.ends_with('&');
            Some(if is_entity { name.len() - 1 } else { last })
        }
        _ => None,
    }
}

/// The first mail address of a text at or after `from`.
fn mail_address(text: &str, from: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut searched = from;
    while let Some(at) = text[searched..].find('@').map(|at| searched + at) {
        let user = bytes[from..at]
            .iter()
            .rev()
            .take_while(|byte| byte.is_ascii_alphanumeric() || b".+-_".contains(byte));
        let start = at - user.count();
        if let Some(end) = mail_end(bytes, at).filter(|_| start < at) {
            let before = &text[from..start];
            let word = before.strip_suffix(MAILTO);
            let is_scheme = word.is_some_and(|word| !word.ends_with(|c: char| c.is_alphanumeric()));
            let scheme = if is_scheme { MAILTO.len() } else { 0 };
            return Some(start - scheme..end);
        }
        searched = at + 1;
    }
    None
}

/// The end of the mail address whose `@` stands at `at`: its host has a dot, and ends with a letter.
fn mail_end(bytes: &[u8], at: usize) -> Option<usize> {
    let is_word = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let mut end = at + 1;
    let mut dots = 0;
    while let Some(byte) = bytes.get(end) {
        match byte {
            b'.' if is_word(end + 1) => dots += 1,
            b'-' | b'_' => {}
            byte if byte.is_ascii_alphanumeric() => {}
            _ => break,
        }
        end += 1;
    }
    let is_followed = bytes.get(end) == Some(&b'@');
    let ends_well = bytes[end - 1].is_ascii_alphabetic();
    (dots > 0 && ends_well && !is_followed).then_some(end)
}

#[cfg(test)]
mod tests;

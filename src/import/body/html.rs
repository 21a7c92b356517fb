//! Telling the tags of a body from its text.

use super::entities::decode;

/// The tags that are markup. Any other is text: `<ip>`, `<your-name>`, `a <b && c> d`.
const TAGS: &[(&str, Flow)] = &[
    ("a", Flow::Inline),
    ("b", Flow::Inline),
    ("big", Flow::Inline),
    ("blockquote", Flow::Block),
    ("br", Flow::Break),
    ("center", Flow::Block),
    ("code", Flow::Inline),
    ("dd", Flow::Block),
    ("del", Flow::Inline),
    ("div", Flow::Block),
    ("dl", Flow::Block),
    ("dt", Flow::Block),
    ("em", Flow::Inline),
    ("font", Flow::Inline),
    ("h1", Flow::Block),
    ("h2", Flow::Block),
    ("h3", Flow::Block),
    ("h4", Flow::Block),
    ("h5", Flow::Block),
    ("h6", Flow::Block),
    ("hr", Flow::Block),
    ("i", Flow::Inline),
    ("img", Flow::Inline),
    ("ins", Flow::Inline),
    ("li", Flow::Item),
    ("ol", Flow::Block),
    ("p", Flow::Block),
    ("pre", Flow::Block),
    ("s", Flow::Inline),
    ("small", Flow::Inline),
    ("span", Flow::Inline),
    ("strike", Flow::Inline),
    ("strong", Flow::Inline),
    ("sub", Flow::Inline),
    ("sup", Flow::Inline),
    ("table", Flow::Block),
    ("tbody", Flow::Block),
    ("td", Flow::Block),
    ("th", Flow::Block),
    ("thead", Flow::Block),
    ("tr", Flow::Block),
    ("tt", Flow::Inline),
    ("u", Flow::Inline),
    ("ul", Flow::Block),
];

/// How a tag breaks the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Inline,
    Break,
    Block,
    Item,
}

/// A part of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text, with its entities as they stand.
    Text(&'a str),
    /// A tag with its angle brackets.
    Tag {
        name: &'static str,
        flow: Flow,
        closing: bool,
        raw: &'a str,
    },
}

/// Cuts a body into text and tags.
pub(super) fn pieces(body: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut text_start = 0;
    let mut from = 0;
    while let Some(found) = body[from..].find('<') {
        let at = from + found;
        match tag(&body[at..]) {
            Some(piece @ Piece::Tag { raw, .. }) => {
                if text_start < at {
                    pieces.push(Piece::Text(&body[text_start..at]));
                }
                pieces.push(piece);
                from = at + raw.len();
                text_start = from;
            }
            _ => from = at + 1,
        }
    }
    if text_start < body.len() {
        pieces.push(Piece::Text(&body[text_start..]));
    }
    pieces
}

/// The tag that the text starts with.
fn tag(text: &str) -> Option<Piece<'_>> {
    let inner = text.strip_prefix('<')?;
    let (closing, inner) = match inner.strip_prefix('/') {
        Some(inner) => (true, inner),
        None => (false, inner),
    };
    let length = inner.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let (name, after) = inner.split_at(length);
    let (name, flow) = *TAGS
        .iter()
        .find(|(known, _)| name.eq_ignore_ascii_case(known))?;
    if !after.starts_with(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>') {
        return None;
    }
    let end = text.len() - after.len() + end_of_tag(after)?;
    Some(Piece::Tag {
        name,
        flow,
        closing,
        raw: &text[..end],
    })
}

/// How long the attributes of a tag are, with the `>` behind them.
fn end_of_tag(attributes: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in attributes.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'<') => return None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    None
}

/// The most tags that stand open at once.
pub(super) fn depth(pieces: &[Piece<'_>]) -> usize {
    let mut open = 0_usize;
    let mut deepest = 0;
    for piece in pieces {
        match piece {
            Piece::Tag {
                name: "br" | "hr" | "img",
                ..
            }
            | Piece::Text(_) => {}
            Piece::Tag { closing: true, .. } => open = open.saturating_sub(1),
            Piece::Tag { closing: false, .. } => {
                open += 1;
                deepest = deepest.max(open);
            }
        }
    }
    deepest
}

/// The body as HTML whose every `<` is a tag's, and whose line breaks are what readers saw.
///
/// A status page shows a newline of a body without blocks as a break. Headings go down to the third
/// level, for the second one is an update's.
pub(super) fn source(pieces: &[Piece<'_>]) -> String {
    let blocks = pieces.iter().any(|piece| {
        matches!(
            piece,
            Piece::Tag {
                flow: Flow::Block | Flow::Item,
                ..
            }
        )
    });
    let mut html = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => html.push_str(&text.replace('<', "&lt;")),
            Piece::Tag {
                flow: Flow::Break, ..
            } if !blocks => html.push('\n'),
            Piece::Tag {
                name: "h1" | "h2",
                closing,
                ..
            } => {
                html.push_str(if *closing { "</h3>" } else { "<h3>" });
            }
            Piece::Tag { raw, .. } => html.push_str(&raw.replace('\n', " ")),
        }
    }
    if blocks { html } else { paragraphs(&html) }
}

/// Inline HTML with its lines and blank lines as breaks and paragraphs.
fn paragraphs(html: &str) -> String {
    let mut out = String::from("<p>");
    let mut between = "";
    for line in html.lines() {
        if line.trim().is_empty() {
            if !between.is_empty() {
                between = "</p><p>";
            }
            continue;
        }
        out.push_str(between);
        out.push_str(line.trim());
        between = "<br>";
    }
    out.push_str("</p>");
    out
}

/// The text that readers saw, without any markup.
pub(super) fn text(pieces: &[Piece<'_>]) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(&decode(text)),
            Piece::Tag {
                flow: Flow::Inline, ..
            } => {}
            Piece::Tag { .. } => out.push('\n'),
        }
    }
    out
}

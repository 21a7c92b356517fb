//! A body as one line of plain text.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::autolink;
use super::dialect::{SYNTAX, is_block};
use super::html_text::{self, Piece};
use super::target::Brackets;
use crate::characters::is_forbidden;

/// The text of a body on one line, for descriptions and feeds.
///
/// At most `limit` characters, the `…` of a cut text included; it is cut after a word, unless the
/// last word is longer than half of it. Comments, footnotes and the addresses of links are left
/// out; all other text is there, raw HTML as it was written.
pub fn plain_text(markdown: &str, limit: usize) -> String {
    // More than this is not needed, unless nearly all of it is white space.
    let enough = limit.saturating_mul(8).saturating_add(1024);
    let mut text = String::new();
    let mut html = String::new();
    let mut footnotes = 0_usize;
    let mut brackets = Brackets::default();
    let markdown = &autolink::with_links(markdown);
    for event in Parser::new_ext(markdown, SYNTAX).map(|event| brackets.read(event)) {
        match event {
            Event::Start(Tag::FootnoteDefinition(_)) => footnotes += 1,
            Event::End(TagEnd::FootnoteDefinition) => footnotes -= 1,
            _ if footnotes > 0 => {}
            Event::Html(part) => html.push_str(&part),
            Event::End(TagEnd::HtmlBlock) => {
                text.push(' ');
                html_text::pieces(&html, |piece| push_piece(&mut text, piece));
                html.clear();
            }
            Event::Start(tag) if is_block(tag.to_end()) => text.push(' '),
            Event::End(tag) if is_block(tag) => text.push(' '),
            event => push_inline(&mut text, &event),
        }
        if text.len() > enough {
            break;
        }
    }
    cut(&text, limit)
}

/// Adds the text of an inline event, each white space as it is.
pub(super) fn push_inline(text: &mut String, event: &Event<'_>) {
    match event {
        Event::Text(part) | Event::Code(part) => text.push_str(part),
        Event::InlineHtml(part) => html_text::pieces(part, |piece| push_piece(text, piece)),
        Event::SoftBreak | Event::HardBreak | Event::Rule => text.push(' '),
        _ => {}
    }
}

fn push_piece(text: &mut String, piece: Piece<'_>) {
    match piece {
        Piece::Text(part) => text.push_str(part),
        Piece::Break => text.push(' '),
    }
}

/// The words of `text` on one line, as many as `limit` allows.
fn cut(text: &str, limit: usize) -> String {
    let mut line = String::with_capacity(text.len().min(limit.saturating_mul(4)));
    for word in text.split_whitespace() {
        let mut parts = word.split(is_forbidden).filter(|part| !part.is_empty());
        let Some(first) = parts.next() else {
            continue;
        };
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(first);
        line.extend(parts);
    }
    let Some((end, _)) = line.char_indices().nth(limit) else {
        return line;
    };
    let Some((room, _)) = line[..end].char_indices().next_back() else {
        return String::new();
    };
    let end = match line[..room].rfind(' ') {
        Some(space) if space > room / 2 && !line[room..].starts_with(' ') => space,
        _ => room,
    };
    line.truncate(end);
    line.truncate(
        line.trim_end_matches([' ', ',', ';', ':', '.', '\u{2013}', '\u{2014}'])
            .len(),
    );
    line.push('…');
    line
}

#[cfg(test)]
mod tests {
    use super::plain_text;

    #[test]
    fn a_body_becomes_one_line() {
        let body = "# Log-in *fails*\n\nFor <user>s of `web`,\nsee [the docs](https://example.com/)<br>now.[^1]\n\n\
                    - one\n- two\n\n> # q\n\n| a | b |\n|---|---|\n| c | d |\n\n<!-- x -->\n<div>\ne\n\n\
                    ![f](g.png) <h:1>\n\n[^1]: Note.\n";
        assert_eq!(
            plain_text(body, 1000),
            "Log-in fails For <user>s of web, see the docs now. one two q a b c d <div> e f <h:1>"
        );
    }

    #[test]
    fn a_long_text_is_cut_after_a_word() {
        assert_eq!(plain_text("One two three.", 14), "One two three.");
        assert_eq!(plain_text("One two three.", 13), "One two…");
        assert_eq!(plain_text("One two, three.", 9), "One two…");
        assert_eq!(plain_text("One twothreefour", 10), "One twoth…");
        assert_eq!(plain_text("ログインできません", 5), "ログイン…");
        assert_eq!(plain_text("abc", 1), "…");
        assert_eq!(plain_text("abc", 0), "");
        assert_eq!(plain_text("", 10), "");
    }
}

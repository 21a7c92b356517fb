//! Raw HTML in a body, as the text that it is.

/// A part of raw HTML.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Source that is shown as it was written.
    Text(&'a str),
    /// A line break.
    Break,
}

/// Hands the pieces of `html` to `take`, in their order.
///
/// `<br>` means what it says, since authors put it into sentences and table cells; a whole comment
/// is nobody's text. Everything else, a comment that is never closed too, is text.
pub(super) fn pieces<'a>(html: &'a str, mut take: impl FnMut(Piece<'a>)) {
    let mut from = 0;
    let mut at = 0;
    let mut last_end = None;
    while let Some(open) = html[at..].find('<').map(|offset| at + offset) {
        let rest = &html[open..];
        let (length, piece) = if let Some(length) = line_break(rest) {
            (length, Some(Piece::Break))
        } else if rest.starts_with("<!--")
            && open < *last_end.get_or_insert_with(|| html.rfind("-->").unwrap_or(0))
        {
            (comment(rest), None)
        } else {
            at = open + 1;
            continue;
        };
        if from < open {
            take(Piece::Text(&html[from..open]));
        }
        piece.into_iter().for_each(&mut take);
        at = open + length;
        from = at;
    }
    if from < html.len() {
        take(Piece::Text(&html[from..]));
    }
}

/// The length of the comment that `html` starts with; `<!-->` and `<!--->` are comments too.
fn comment(html: &str) -> usize {
    let end = html["<!".len()..]
        .find("-->")
        .map(|end| end + "<!-->".len());
    end.unwrap_or(html.len())
}

/// The length of the `<br>`, `<br/>` or `</br>` that `html` starts with.
fn line_break(html: &str) -> Option<usize> {
    let name = html.strip_prefix("</").or_else(|| html.strip_prefix('<'))?;
    let rest = name
        .get(2..)
        .filter(|_| name[..2].eq_ignore_ascii_case("br"))?;
    let rest = rest.trim_ascii_start();
    let rest = rest.strip_prefix('/').unwrap_or(rest).strip_prefix('>')?;
    Some(html.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::{Piece, pieces};

    fn all(html: &str) -> Vec<Piece<'_>> {
        let mut all = Vec::new();
        pieces(html, |piece| all.push(piece));
        all
    }

    #[test]
    fn tags_are_text() {
        assert_eq!(all("<ip>"), [Piece::Text("<ip>")]);
        assert_eq!(
            all("<a href=\"x\">y</a>"),
            [Piece::Text("<a href=\"x\">y</a>")]
        );
    }

    #[test]
    fn every_spelling_of_a_break_is_one() {
        for html in ["<br>", "<br/>", "<br />", "<BR>", "</br>"] {
            assert_eq!(all(html), [Piece::Break], "{html}");
        }
        assert_eq!(all("<broken>"), [Piece::Text("<broken>")]);
        assert_eq!(all("<br"), [Piece::Text("<br")]);
    }

    #[test]
    fn a_comment_disappears_and_the_text_beside_it_stays() {
        assert_eq!(all("a<!-- b -->c"), [Piece::Text("a"), Piece::Text("c")]);
        assert_eq!(all("<!-->a<!--->b"), [Piece::Text("a"), Piece::Text("b")]);
        assert_eq!(all("<!-- <br> -->"), []);
    }

    #[test]
    fn a_comment_without_an_end_is_text() {
        assert_eq!(
            all("<!-- a <br>b"),
            [Piece::Text("<!-- a "), Piece::Break, Piece::Text("b")]
        );
    }
}

//! HTML as plain text, for what has no form of its own: messages in chats and the plain part of mail.

/// The elements whose text stands apart from what is around it.
const BLOCKS: [&str; 19] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "div",
    "dl",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "ol",
    "p",
    "section",
    "table",
    "ul",
];

/// The text of HTML that allclear has written, with an empty line between paragraphs, `- ` before what is in a list, and the
/// address of each link behind its words.
pub fn text_of_html(html: &str) -> String {
    let mut writer = Writer::default();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        writer.text(&rest[..open]);
        let Some(end) = tag_end(&rest[open..]) else {
            writer.text(&rest[open..]);
            return writer.finish();
        };
        writer.tag(&rest[open + 1..open + end]);
        rest = &rest[open + end + 1..];
    }
    writer.text(rest);
    writer.finish()
}

/// The place of the `>` that ends the tag at the begin of a text: one in quotes is a part of a value.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    text.char_indices().find_map(|(at, character)| {
        match (quote, character) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            _ => {}
        }
        None
    })
}

/// The text so far.
#[derive(Default)]
struct Writer {
    text: String,
    /// The line breaks that are due before the next text.
    breaks: usize,
    /// Whether a blank is due before the next text.
    is_blank_due: bool,
    /// The lists that are open, each with the number of its last item where it has them.
    lists: Vec<Option<usize>>,
    /// The addresses of the links that are open, each with the place in the text where its words begin.
    links: Vec<(String, usize)>,
    /// How many elements are open whose white space is kept.
    kept: usize,
    /// Whether nothing stands behind the mark of an item yet.
    is_item_empty: bool,
    /// Whether a cell of a row of a table stands before.
    is_in_row: bool,
}

impl Writer {
    fn text(&mut self, html: &str) {
        let text = unescaped(html);
        if self.kept > 0 {
            self.due();
            self.text.push_str(&text);
            return;
        }
        for (number, word) in text.split([' ', '\n', '\t', '\r']).enumerate() {
            self.is_blank_due |= number > 0;
            if !word.is_empty() {
                self.due();
                self.text.push_str(word);
            }
        }
    }

    /// Writes what is due before a text.
    fn due(&mut self) {
        if self.text.is_empty() {
            (self.breaks, self.is_blank_due) = (0, false);
        }
        if self.breaks > 0 {
            self.text.push_str(&"\n".repeat(self.breaks));
        } else if self.is_blank_due && !self.text.ends_with([' ', '\n']) {
            self.text.push(' ');
        }
        (self.breaks, self.is_blank_due) = (0, false);
        self.is_item_empty = false;
    }

    fn breaks(&mut self, breaks: usize) {
        // What is first in an item stands behind its mark.
        if !self.is_item_empty {
            self.breaks = self.breaks.max(breaks);
        }
    }

    fn tag(&mut self, tag: &str) {
        let (is_end, tag) = match tag.strip_prefix('/') {
            Some(tag) => (true, tag),
            None => (false, tag),
        };
        let name = tag.split([' ', '\n', '\t', '/']).next().unwrap_or_default();
        let name = name.to_ascii_lowercase();
        match (name.as_str(), is_end) {
            ("br", _) => self.breaks(1),
            ("pre", false) => {
                self.breaks(2);
                self.kept += 1;
            }
            ("pre", true) => {
                self.kept = self.kept.saturating_sub(1);
                let length = self.text.trim_end_matches('\n').len();
                self.text.truncate(length);
                self.breaks(2);
            }
            ("ul", false) => self.list(None),
            ("ol", false) => self.list(Some(0)),
            ("ul" | "ol", true) => {
                self.lists.pop();
                self.breaks(if self.lists.is_empty() { 2 } else { 1 });
            }
            ("li", false) => self.item(),
            ("a", false) => {
                self.due();
                let address = attribute(tag, "href").unwrap_or_default();
                self.links.push((address, self.text.len()));
            }
            ("a", true) => self.link(),
            ("img", _) => self.text(&attribute(tag, "alt").unwrap_or_default()),
            ("tr" | "dt" | "dd" | "summary", _) => {
                self.breaks(1);
                self.is_in_row = false;
            }
            ("td" | "th", false) => {
                if self.is_in_row {
                    self.text.push_str(" |");
                    self.is_blank_due = true;
                }
                self.is_in_row = true;
            }
            (name, _) if BLOCKS.contains(&name) => {
                self.breaks(if self.lists.is_empty() { 2 } else { 1 });
            }
            _ => {}
        }
    }

    fn list(&mut self, number: Option<usize>) {
        self.breaks(if self.lists.is_empty() { 2 } else { 1 });
        self.lists.push(number);
    }

    fn item(&mut self) {
        self.breaks(1);
        self.due();
        let indent = "  ".repeat(self.lists.len().saturating_sub(1));
        let mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{indent}{number}. ")
            }
            _ => format!("{indent}- "),
        };
        self.text.push_str(&mark);
        self.is_item_empty = true;
    }

    fn link(&mut self) {
        let Some((address, start)) = self.links.pop() else {
            return;
        };
        let words = self.text.get(start..).unwrap_or_default().trim();
        let shown = address.strip_prefix("mailto:").unwrap_or(&address);
        let is_said = words == shown || format!("{words}/") == shown || shown.is_empty();
        if !is_said {
            let address = match words {
                "" => address,
                _ => format!(" ({address})"),
            };
            self.text.push_str(&address);
        }
    }

    fn finish(self) -> String {
        self.text.trim_end().to_owned()
    }
}

/// The value of an attribute of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut places = tag.match_indices(name);
    let value = places.find_map(|(at, _)| {
        let is_name = tag[..at].ends_with(char::is_whitespace);
        let rest = tag[at + name.len()..].strip_prefix('=')?;
        is_name.then_some(rest)
    })?;
    let value = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].split(quote).next(),
        _ => value.split_whitespace().next(),
    };
    value.map(unescaped)
}

/// A text without the references to characters that allclear writes, and those by number.
fn unescaped(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        let character = end.and_then(|end| character(&rest[1..end]));
        match (character, end) {
            (Some(character), Some(end)) => {
                text.push(character);
                rest = &rest[end + 1..];
            }
            _ => {
                text.push('&');
                rest = &rest[1..];
            }
        }
    }
    text.push_str(rest);
    text
}

/// The character that a reference names.
fn character(name: &str) -> Option<char> {
    let number = name.strip_prefix('#');
    match (name, number) {
        ("amp", _) => Some('&'),
        ("lt", _) => Some('<'),
        ("gt", _) => Some('>'),
        ("quot", _) => Some('"'),
        ("apos", _) => Some('\''),
        ("nbsp", _) => Some('\u{a0}'),
        (_, Some(number)) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok(),
                None => number.parse().ok(),
            };
            code.and_then(char::from_u32)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::text_of_html;

    #[test]
    fn html_is_read_as_people_would_read_it() {
        for (html, text) in [
            (
                "<p>One\ntwo.</p>\n<p>Three<br>four.</p>\n",
                "One two.\n\nThree\nfour.",
            ),
            (
                "<p>5 &lt; 6 &amp; &quot;7&quot; &#39;8&#x27;</p>",
                "5 < 6 & \"7\" '8'",
            ),
            ("<p>R&D &nothing; &</p>", "R&D &nothing; &"),
            (
                "<p>See <a href=\"https://a.example/x?y&amp;z\">the docs</a>.</p>",
                "See the docs (https://a.example/x?y&z).",
            ),
            (
                "<p><a href=\"https://a.example/\">https://a.example/</a> <a href=\"mailto:a@b.example\">a@b.example</a></p>",
                "https://a.example/ a@b.example",
            ),
            (
                "<p>Do:</p><ul><li>one</li><li><p>two</p><ol><li>a</li><li>b</li></ol></li></ul><p>End</p>",
                "Do:\n\n- one\n- two\n  1. a\n  2. b\n\nEnd",
            ),
            ("<pre><code>a\n  b\n</code></pre><p>c</p>", "a\n  b\n\nc"),
            (
                "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>",
                "A | B\n1 | 2",
            ),
            ("<p><img src=\"a.png\" alt=\"A &amp; B\"></p>", "A & B"),
            ("<p title=\"a > b\">c</p>", "c"),
            ("<em>not <strong>apart</strong></em>", "not apart"),
            ("a <b", "a <b"),
            ("", ""),
        ] {
            assert_eq!(text_of_html(html), text, "{html}");
        }
    }
}

//! Characters that no output may hold, taken out of every text as it is read.

use std::borrow::Cow;
use std::ops::Range;

use super::reader::Reader;
use super::value::{Spanned, Value};
use crate::characters;
use crate::diagnostic::Code;

/// Puts U+FFFD in the place of every forbidden character of a tree, with a diagnostic for each text that holds one.
pub(super) fn clean(node: &mut Spanned<Value>, reader: &mut Reader<'_>) {
    match &mut node.value {
        Value::Text(text) => reader.clean(text, &node.span),
        Value::List(items) => items.iter_mut().for_each(|item| clean(item, reader)),
        Value::Table(entries) => {
            for (key, value) in entries {
                reader.clean(&mut key.name, &key.span);
                clean(value, reader);
            }
        }
        Value::Null | Value::Boolean(_) | Value::Integer(_) | Value::Float(_) | Value::Time(_) => {}
    }
}

impl Reader<'_> {
    /// Puts U+FFFD in the place of every forbidden character of a text that stands at `span`.
    pub fn clean(&mut self, text: &mut String, span: &Range<usize>) {
        if let Cow::Owned(cleaned) = self.cleaned(text, span) {
            *text = cleaned;
        }
    }

    /// A text that was read from the bytes `span`, with U+FFFD in the place of every forbidden character.
    pub fn cleaned<'t>(&mut self, text: &'t str, span: &Range<usize>) -> Cow<'t, str> {
        if let Some((_, c)) = characters::first_forbidden(text) {
            self.forbidden(c, span);
        }
        characters::clean(text)
    }

    /// Reports each line of the bytes `span` of the file that holds a forbidden character.
    pub fn find_forbidden(&mut self, span: &Range<usize>) {
        let file = self.file;
        if characters::first_forbidden(&file.text[span.clone()]).is_none() {
            return;
        }
        let mut start = span.start;
        for line in file.text[span.clone()].split_inclusive('\n') {
            let end = start + line.len();
            if let Some((_, c)) = characters::first_forbidden(line) {
                self.forbidden(c, &(start..end));
            }
            start = end;
        }
    }

    /// Reports a forbidden character: where it stands as it is, else at the whole text that holds it in other words.
    fn forbidden(&mut self, c: char, span: &Range<usize>) {
        let written = self.file.text.get(span.clone()).unwrap_or_default();
        let at = match written.find(c) {
            Some(at) => span.start + at..span.start + at + c.len_utf8(),
            None => span.clone(),
        };
        self.warning(
            Code::ForbiddenCharacter,
            &at,
            format!("this text holds {}", characters::name(c)),
            "delete it: readers see `\u{fffd}` in its place".to_owned(),
        );
    }
}

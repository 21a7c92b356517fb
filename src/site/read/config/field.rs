//! Fields that several tables of `allclear.toml` have: lists of tables, ids, names and numbers.

use crate::diagnostic::Code;
use crate::locale::{Language, LocalizedText};
use crate::site::is_device;
use crate::syntax::{Reader, Spanned, TableReader, Value};

/// Reads each table of a list.
pub(super) fn each<T>(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    key: &'static str,
    what: &'static str,
    mut read: impl FnMut(&mut Reader<'_>, &mut TableReader<'_>) -> Option<T>,
) -> Vec<T> {
    let items = match table.take(key) {
        // One table, written with single brackets.
        Some(node) if matches!(node.value, Value::Table(_)) => {
            let message = format!("this is a table, but `{key}` is a list of tables");
            let hint = format!("write `[[{key}]]`, with two brackets, before each");
            reader.error(Code::WrongType, &node.span, message, hint);
            std::slice::from_ref(node)
        }
        node => node.and_then(|node| reader.list(node)).unwrap_or_default(),
    };
    items
        .iter()
        .filter_map(|item| {
            let mut table = reader.table(item, what)?;
            let value = read(reader, &mut table);
            table.finish(reader);
            value
        })
        .collect()
}

/// The table of a key.
pub(super) fn section<'n>(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'n>,
    key: &'static str,
    what: &'static str,
) -> Option<TableReader<'n>> {
    let node = table.take(key)?;
    reader.table(node, what)
}

/// An id: small letters, digits, `-` and `_`, so that it reads the same in addresses, in headings'
/// attributes and in other programs.
pub(super) fn id(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Option<Spanned<String>> {
    let (text, node) = table.require_text(reader, "id")?;
    let fits = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
    };
    let starts = text
        .as_bytes()
        .first()
        .is_some_and(u8::is_ascii_alphanumeric);
    let is_taken = RESERVED.contains(&text);
    let is_device = is_device(text);
    if !starts || !text.bytes().all(fits) || text.len() > 64 || is_taken || is_device {
        let message = match text {
            "" => "this id is empty".to_owned(),
            text => format!("`{text}` cannot be an id"),
        };
        let hint = if is_taken {
            format!(
                "`{text}` means something else in the heading of an update; choose another word"
            )
        } else if is_device {
            format!(
                "Windows keeps `{text}` for a device, so that no page can have it; choose another word"
            )
        } else {
            "use small letters, digits, `-` and `_`, at most 64, and start with a letter or digit"
                .to_owned()
        };
        reader.error(Code::BadId, &node.span, message, hint);
    }
    Some(node.with(text.to_owned()))
}

/// Attributes of an update's heading that are no component.
const RESERVED: [&str; 1] = ["next"];

/// The name of something, or its id where it has none.
pub(super) fn name(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    id: Option<&Spanned<String>>,
    languages: &[Language],
) -> Option<LocalizedText> {
    match table.take("name") {
        Some(node) => reader.localized_text(node, languages),
        None => None,
    }
    .or_else(|| id.map(|id| LocalizedText::plain(id.value.clone())))
}

/// The number of sources that must agree.
pub(super) fn quorum(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Option<usize> {
    let node = table.take("quorum")?;
    whole(reader, node, 1, 1000).map(|sources| sources as usize)
}

pub(super) fn whole(
    reader: &mut Reader<'_>,
    node: &Spanned<Value>,
    least: u32,
    most: u32,
) -> Option<u32> {
    let number = between(reader, node, f64::from(least), f64::from(most))?;
    if number.fract() != 0.0 {
        reader.error(
            Code::OutOfRange,
            &node.span,
            format!("{number} is not a whole number"),
            None,
        );
        return None;
    }
    // In range and whole, as was just seen.
    Some(number as u32)
}

pub(super) fn between(
    reader: &mut Reader<'_>,
    node: &Spanned<Value>,
    least: f64,
    most: f64,
) -> Option<f64> {
    let number = reader.number(node)?;
    if (least..=most).contains(&number) {
        return Some(number);
    }
    let message = format!("{number} is not between {least} and {most}");
    reader.error(Code::OutOfRange, &node.span, message, None);
    None
}

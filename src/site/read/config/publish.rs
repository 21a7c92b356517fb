//! The `[publish]` table of `allclear.toml`.

use super::field::section;
use crate::diagnostic::Code;
use crate::site::place::PlaceName;
use crate::syntax::{Reader, Spanned, TableReader, Value};

/// What to write instead of what names no place.
const PLACES: &str = "name a bucket, as `s3://BUCKET/PREFIX`, `gs://` or `az://`, or a folder that a web server reads";

/// Where the page is published, in order.
pub(super) fn publish(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Vec<PlaceName> {
    let Some(mut table) = section(reader, table, "publish", "`publish`") else {
        return Vec::new();
    };
    let node = table.take("to");
    let to = node.map_or_else(Vec::new, |node| match &node.value {
        Value::Text(_) => place(reader, node).into_iter().collect(),
        _ => places(reader, node),
    });
    table.finish(reader);
    to
}

fn places(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Vec<PlaceName> {
    let mut places: Vec<PlaceName> = Vec::new();
    for node in reader.list(node).unwrap_or_default() {
        let Some(place) = place(reader, node) else {
            continue;
        };
        if places.contains(&place) {
            let message = format!("`{place}` is named twice");
            let hint = "leave it out here".to_owned();
            reader.error(Code::DuplicateId, &node.span, message, hint);
        } else {
            places.push(place);
        }
    }
    places
}

/// The place that a text names.
pub(super) fn place(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<PlaceName> {
    let text = reader.text(node)?;
    match PlaceName::parse(text) {
        Ok(place) => Some(place),
        Err(error) => {
            let message = format!("`{text}` is no place to publish to: {error}");
            reader.error(Code::OutOfRange, &node.span, message, PLACES.to_owned());
            None
        }
    }
}

//! The addresses of channels.

use crate::diagnostic::Code;
use crate::fetch::EnvText;
use crate::syntax::{Reader, Spanned, TableReader, Value};

/// A whole `http` or `https` address; its secrets stand in it as `${NAME}`.
pub(super) fn url(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<EnvText> {
    let text = reader.text(node)?.trim();
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let is_whole =
        rest.is_some_and(|rest| !rest.starts_with(['/', '?', '#', ':']) && !rest.is_empty());
    if !(is_whole || text.starts_with("${")) || text.contains(char::is_whitespace) {
        let message = format!("`{text}` is no address that can be told anything");
        let hint = "write the whole address, as `https://example.com/hook`";
        reader.error(Code::BadChannel, &node.span, message, hint.to_owned());
        return None;
    }
    Some(EnvText::new(text))
}

/// An address that is a secret as a whole, as `${NAME}`: whoever has it can write into the channel.
pub(super) fn secret_url(
    reader: &mut Reader<'_>,
    node: &Spanned<Value>,
    name: &str,
) -> Option<EnvText> {
    let text = reader.text(node)?.trim();
    secret(reader, node, text, name)?;
    url(reader, node)
}

/// A text that is a secret, as `${NAME}`.
pub(super) fn secret_text(
    reader: &mut Reader<'_>,
    node: &Spanned<Value>,
    name: &str,
) -> Option<EnvText> {
    let text = reader.text(node)?.trim();
    secret(reader, node, text, name)
}

fn secret(
    reader: &mut Reader<'_>,
    node: &Spanned<Value>,
    text: &str,
    name: &str,
) -> Option<EnvText> {
    let secret = EnvText::new(text);
    if secret.variables().next().is_none() {
        // It is not repeated: messages end up in logs.
        let message = "this is a secret, and stands in a file that many can read";
        let hint =
            format!("write `\"${{{name}}}\"`, and set {name} in the environment; change it first");
        reader.error(Code::BadChannel, &node.span, message, hint);
        return None;
    }
    Some(secret)
}

/// The header fields that say what a message is, where it ends, and what becomes of its connection.
const TAKEN: [&str; 8] = [
    "connection",
    "content-length",
    "content-type",
    "expect",
    "keep-alive",
    "te",
    "transfer-encoding",
    "upgrade",
];

/// The header fields of the key `headers`.
pub(super) fn headers(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
) -> Vec<(String, EnvText)> {
    let node = table.take("headers");
    let Some(headers) = node.and_then(|node| reader.table(node, "`headers`")) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for (key, node) in headers.entries() {
        let is_token =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if key.name.is_empty() || !key.name.bytes().all(is_token) {
            let message = format!("`{}` is no name of a header field", key.name);
            let hint = "write one as `Authorization`".to_owned();
            reader.error(Code::BadChannel, &key.span, message, hint);
        } else if TAKEN.contains(&key.name.to_ascii_lowercase().as_str()) {
            let message = format!("`{}` is not for a channel to say", key.name);
            let hint = "leave it out: it says what is sent, or what becomes of the connection";
            reader.error(Code::BadChannel, &key.span, message, hint.to_owned());
        } else if let Some(text) = reader.text(node) {
            all.push((key.name.clone(), EnvText::new(text)));
        }
    }
    all
}

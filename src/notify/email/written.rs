//! A letter as the bytes that are sent.

use std::time::SystemTime;

use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};

use crate::site::channel::letter::Letter;

/// A letter to a recipient: the same bytes in each attempt.
pub(super) fn written(letter: &Letter, from: &Mailbox, to: &Mailbox) -> Result<Vec<u8>, String> {
    let recipient: &str = to.email.as_ref();
    let references = letter.references(recipient);
    let mut builder = Message::builder()
        .from(from.clone())
        .to(to.clone())
        .date(SystemTime::from(letter.date))
        .subject(&letter.subject)
        .message_id(Some(letter.id(recipient)));
    if !references.is_empty() {
        builder = builder.references(references.join(" "));
    }
    if let (Some(_), Some(first)) = (&letter.first, references.last()) {
        builder = builder.in_reply_to(first.clone());
    }
    for (name, value) in fields(letter) {
        builder = builder.raw_header(HeaderValue::new(name, value));
    }
    let parts = MultiPart::alternative()
        .boundary(letter.boundary())
        .singlepart(SinglePart::plain(letter.plain.clone()))
        .singlepart(SinglePart::html(letter.html.clone()));
    let message = builder.multipart(parts);
    let message = message.map_err(|_| "no mail can be written to it".to_owned())?;
    Ok(message.formatted())
}

/// What stands in the head beside what every mail has.
fn fields(letter: &Letter) -> Vec<(HeaderName, String)> {
    let mut all = vec![
        // Who is away answers no machine.
        (
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ),
        (
            HeaderName::new_from_ascii_str("Content-Language"),
            letter.language.clone(),
        ),
        (HeaderName::new_from_ascii_str("List-Id"), list(letter)),
    ];
    if let Some(address) = &letter.unsubscribe {
        let name = HeaderName::new_from_ascii_str("List-Unsubscribe");
        all.push((name, format!("<{address}>")));
    }
    all
}

/// The identity of the list (RFC 2919), with its name where that can stand between quotes.
fn list(letter: &Letter) -> String {
    let is_plain = |it: char| it == ' ' || it.is_ascii_graphic() && it != '"' && it != '\\';
    match !letter.list.is_empty() && letter.list.chars().all(is_plain) {
        true => format!("\"{}\" <{}>", letter.list, letter.host),
        false => format!("<{}>", letter.host),
    }
}

//! `email`: mail to a team's own addresses, over a server of SMTP.
//!
//! Each recipient gets a letter of their own, and sees no other. Its identity is the same in each attempt, so that what may not have
//! arrived is sent again: servers and programs for mail drop the second letter of an identity. All of it is a function of what
//! is told, its date too: an attempt an hour later sends the same bytes.
//!
//! | the server says of a recipient | it means |
//! | --- | --- |
//! | 2xx behind the letter | told |
//! | 4xx, or the connection breaks | left for a later attempt |
//! | nothing once it has the whole letter | it may be told: one more attempt, behind the others |
//! | 5xx | refused for good, which is reported |
//!
//! Where the server cannot be reached, or refuses the password or the sender, all are left.

use super::address::secret_text;
use super::letter::{Letter, Mailing, token};
use super::message::Message;
use super::sending::{Outcome, Parcel, Promise, Speaker, Step, Verdict};
use super::text::cut;
use crate::diagnostic::Code;
use crate::fetch::EnvText;
use crate::markdown::escaped;
use crate::syntax::{Reader, Spanned, TableReader, Value};

/// The characters that a subject has at most: no program shows more.
const SUBJECT: usize = 200;

/// The style of the whole, of the title, of what is beside the text, and of the line above the end.
const BODY: &str = "margin:0 auto;max-width:40em;padding:1em;font:16px/1.5 system-ui,sans-serif";
const TITLE: &str = "font-size:20px;line-height:1.3;margin:0 0 .5em";
const ASIDE: &str = "opacity:.75;font-size:14px";
const RULE: &str = "border:0;border-top:1px solid #888;margin:1.5em 0 1em";

/// Mail to some addresses.
#[derive(Debug, Clone)]
pub struct Email {
    recipients: Vec<EnvText>,
    server: EnvText,
    from: EnvText,
    unsubscribe: Option<String>,
}

impl Email {
    /// Reads the keys of this kind.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        table: &mut TableReader<'_>,
        node: &Spanned<Value>,
    ) -> Option<Self> {
        let recipients = recipients(reader, node);
        let server = table.require(reader, "smtp");
        let server = server.and_then(|node| server_of(reader, node));
        let from = table.require(reader, "from");
        let from = from.and_then(|node| mailbox(reader, node));
        let unsubscribe = match table.take("unsubscribe") {
            Some(node) => Some(unsubscribe(reader, node)?),
            None => None,
        };
        Some(Self {
            recipients: recipients?,
            server: server?,
            from: from?,
            unsubscribe,
        })
    }

    fn mailing(&self, message: &Message) -> Mailing {
        Mailing {
            server: self.server.clone(),
            from: self.from.clone(),
            recipients: self.recipients.clone(),
            left: message.left.clone(),
            letter: letter(message, self.unsubscribe.clone()),
        }
    }
}

/// The letter of a message.
fn letter(message: &Message, unsubscribe: Option<String>) -> Letter {
    let page = &message.page;
    Letter {
        subject: cut(&on_one_line(&message.title), SUBJECT),
        plain: plain(message),
        html: html(message),
        language: page.language.clone(),
        date: message.at,
        host: host(&page.address),
        list: on_one_line(&page.title),
        unsubscribe,
        token: own(message),
        thread: message.post().map(|post| token(&["thread", &post.address])),
        first: message.reply_to.clone(),
    }
}

/// What tells the letter of a message from all others: who reads in two languages gets one in each.
fn own(message: &Message) -> String {
    token(&["letter", &message.id, &message.page.language])
}

/// The text as plain text.
fn plain(message: &Message) -> String {
    let mut parts = vec![
        message.title.clone(),
        message.at_text.clone(),
        message.text.clone(),
    ];
    parts.push(message.address.clone());
    let parts: Vec<String> = parts.into_iter().filter(|it| !it.is_empty()).collect();
    let (text, page) = (parts.join("\n\n"), &message.page);
    // What stands behind two dashes and a space is a signature.
    format!("{text}\n\n-- \n{}\n{}\n", page.title, page.address)
}

/// The text as HTML: small, with no picture, no style that a program for mail leaves out, and no address but those of the page.
fn html(message: &Message) -> String {
    let page = &message.page;
    let (title, at) = (escaped(&message.title), escaped(&message.at_text));
    let (link, address) = (escaped(&message.link), escaped(&message.address));
    let (language, direction) = (escaped(&page.language), escaped(&page.direction));
    let (name, root) = (escaped(&page.title), escaped(&page.address));
    let text = message.html.trim_end();
    // Many programs keep nothing but what is inside of the body, so that what holds for all stands there again.
    format!(
        "<!DOCTYPE html>\n\
         <html lang=\"{language}\" dir=\"{direction}\">\n\
         <head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n</head>\n<body>\n\
         <div lang=\"{language}\" dir=\"{direction}\" style=\"{BODY}\">\n\
         <h1 style=\"{TITLE}\">{title}</h1>\n\
         <p style=\"{ASIDE}\">{at}</p>\n\
         {text}\n\
         <p><a href=\"{address}\">{link}</a></p>\n\
         <hr style=\"{RULE}\">\n\
         <p style=\"{ASIDE}\"><a href=\"{root}\">{name}</a></p>\n\
         </div>\n</body>\n</html>\n"
    )
}

/// A text without line ends and other signs that no line has.
fn on_one_line(text: &str) -> String {
    let text = text.replace(char::is_control, " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The host of the page, as it can stand in identities.
fn host(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    let is_fit = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '.';
    let host = host.trim_matches('.').to_ascii_lowercase();
    match !host.is_empty() && host.chars().all(is_fit) && !host.contains("..") {
        true => host,
        // A name with other letters, or an address of version 6: something that is as unique.
        false => format!("{}.invalid", token(&["host", authority])),
    }
}

/// The recipients, each only once.
fn recipients(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<Vec<EnvText>> {
    let before = reader.diagnostics.errors();
    let mut all: Vec<EnvText> = Vec::new();
    for (text, node) in reader.texts(node) {
        let Some(recipient) = mailbox_of(reader, text, node) else {
            continue;
        };
        if all.contains(&recipient) {
            let message = "this recipient stands here twice";
            reader.error(Code::DuplicateId, &node.span, message, None);
        }
        all.push(recipient);
    }
    if all.is_empty() && reader.diagnostics.errors() == before {
        let message = "mail to nobody reaches nobody";
        let hint = "name a recipient, as `[\"ops@example.com\"]`".to_owned();
        reader.error(Code::BadChannel, &node.span, message, hint);
    }
    (reader.diagnostics.errors() == before).then_some(all)
}

fn mailbox(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<EnvText> {
    let text = reader.text(node)?;
    mailbox_of(reader, text, node)
}

/// A mailbox, as `ops@example.com` or `Operations <ops@example.com>`; one that stands in the environment is looked at once it is known.
fn mailbox_of(reader: &mut Reader<'_>, text: &str, node: &Spanned<Value>) -> Option<EnvText> {
    let text = text.trim();
    let address = match text.rsplit_once('<') {
        Some((_, rest)) => rest.strip_suffix('>').unwrap_or_default(),
        None => text,
    };
    let is_address = address.rsplit_once('@').is_some_and(|(mailbox, host)| {
        let is_other = |it: char| it.is_whitespace() || it.is_control() || "<>,;\"@".contains(it);
        !mailbox.is_empty() && !host.is_empty() && !address.replacen('@', "", 1).contains(is_other)
    });
    let text = EnvText::new(text);
    if !is_address && text.variables().next().is_none()
        || text.as_written().contains(char::is_control)
    {
        let message = format!("`{}` is no address of mail", text.as_written());
        let hint =
            "write one as `ops@example.com`, or as `Operations <ops@example.com>`".to_owned();
        reader.error(Code::BadChannel, &node.span, message, hint);
        return None;
    }
    Some(text)
}

/// The server.
fn server_of(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<EnvText> {
    let text = reader.text(node)?.trim();
    let rest = text
        .strip_prefix("smtps://")
        .or_else(|| text.strip_prefix("smtp://"));
    let authority = rest.map(|rest| rest.trim_end_matches('/'));
    let is_whole = authority
        .is_some_and(|it| !it.is_empty() && !it.contains(['/', '?', '#']) && !it.ends_with('@'));
    if !(is_whole || text.starts_with("${")) || text.contains(char::is_whitespace) {
        // It is not repeated: a password may stand in it.
        let message = "this is no address of a server of mail";
        let hint = "write it as `smtps://user:${SMTP_PASSWORD}@smtp.example.com`, or with `smtp://` for STARTTLS";
        reader.error(Code::BadChannel, &node.span, message, hint.to_owned());
        return None;
    }
    let user = authority.and_then(|it| it.rsplit_once('@'));
    let password = user.and_then(|(user, _)| user.split_once(':'));
    match password {
        Some((_, password)) if EnvText::new(password).variables().next().is_none() => {
            secret_text(
                reader,
                &node.with(Value::Text(password.to_owned())),
                "SMTP_PASSWORD",
            )?;
        }
        _ => {}
    }
    Some(EnvText::new(text))
}

/// Where a recipient asks for no more letters.
fn unsubscribe(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<String> {
    let text = reader.text(node)?.trim();
    let rest = text
        .strip_prefix("mailto:")
        .or_else(|| text.strip_prefix("https://"));
    let is_fit = |it: char| it.is_ascii_graphic() && !"<>,".contains(it);
    if !rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(is_fit)) {
        let message = format!("nobody can ask `{text}` for no more mail");
        let hint =
            "write it as `mailto:ops@example.com?subject=unsubscribe`, or as an `https` address";
        reader.error(Code::BadChannel, &node.span, message, hint.to_owned());
        return None;
    }
    Some(text.to_owned())
}

impl Speaker for Email {
    fn promise(&self) -> Promise {
        Promise::AtLeastOnce
    }

    fn step(&self, message: &Message, so_far: &[Outcome]) -> Step {
        match so_far.last() {
            None => Step::Send(Parcel::Mail(Box::new(self.mailing(message)))),
            Some(outcome) => Step::Done(match outcome.verdict() {
                // All later letters answer the first.
                Verdict::Sent(_) => {
                    let first = message.reply_to.clone();
                    Verdict::Sent(Some(first.unwrap_or_else(|| own(message))))
                }
                verdict => verdict,
            }),
        }
    }
}

#[cfg(test)]
mod tests;

//! The recipients of a letter.

use lettre::message::Mailbox;

use super::super::keyed::{hexadecimal, hmac};
use crate::fetch::{Environment, FetchError};
use crate::site::channel::letter::Mailing;

/// A recipient.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Recipient {
    /// The address; `None` where it is none.
    pub(super) mailbox: Option<Mailbox>,
    /// A name that nobody can read who has not the server's password.
    pub(super) name: String,
    /// What may be said of them: their place among all, and a letter.
    pub(super) shown: String,
}

/// The recipients who are to get a letter, each once.
///
/// Those who are left are named by hashes with a key. Where the key was changed meanwhile, nobody knows any more who they were,
/// and all get it, again with the same identity.
pub(super) fn asked(
    mailing: &Mailing,
    key: &str,
    environment: &Environment<'_>,
) -> Result<Vec<Recipient>, FetchError> {
    let all = all(mailing, key, environment)?;
    let mark = mark(key);
    let left = mailing.left.as_deref().unwrap_or_default();
    let left: Vec<&String> = left.iter().filter(|it| it.starts_with(&mark)).collect();
    Ok(match left.is_empty() {
        true => all,
        false => {
            let all = all.into_iter();
            all.filter(|it| left.contains(&&it.name)).collect()
        }
    })
}

fn all(
    mailing: &Mailing,
    key: &str,
    environment: &Environment<'_>,
) -> Result<Vec<Recipient>, FetchError> {
    let mut all: Vec<Recipient> = Vec::new();
    for text in &mailing.recipients {
        let filled = text.fill(environment);
        let filled = filled.map_err(|missing| FetchError::MissingVariable(missing.name))?;
        let parts: Vec<&str> = match text.variables().next() {
            // A variable may hold a list.
            Some(_) => filled.split([',', '\n']).collect(),
            None => vec![&filled],
        };
        for part in parts.into_iter().map(str::trim).filter(|it| !it.is_empty()) {
            let mailbox: Option<Mailbox> = part.parse().ok();
            let address = mailbox.as_ref().map_or(part, |it| it.email.as_ref());
            let name = name(key, address);
            if all.iter().all(|it| it.name != name) {
                let first: String = address.chars().take(1).collect();
                all.push(Recipient {
                    shown: format!("recipient {} (`{first}…`)", all.len() + 1),
                    mailbox,
                    name,
                });
            }
        }
    }
    Ok(all)
}

/// What all names begin with that were made with a key.
fn mark(key: &str) -> String {
    hexadecimal(&hmac(key.as_bytes(), b"")[..3])
}

fn name(key: &str, address: &str) -> String {
    let hash = hmac(key.as_bytes(), address.to_lowercase().as_bytes());
    format!("{}{}", mark(key), hexadecimal(&hash[..10]))
}

//! The recipients of a letter.

use std::collections::BTreeSet;

use lettre::message::Mailbox;

use super::super::keyed::{hexadecimal, hmac};
use crate::fetch::{Environment, FetchError};
use crate::site::channel::letter::Mailing;

/// A recipient.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Recipient {
    /// The address; `None` where it is none.
    pub(super) mailbox: Option<Mailbox>,
    /// A name that nobody can read who has not the server's password: without one, only their place among all.
    pub(super) name: String,
    /// What may be said of them: their place among all, and a letter.
    pub(super) shown: String,
    /// Whether the letter was handed over before, and the server said nothing.
    pub(super) is_doubtful: bool,
}

/// What stands behind the name of somebody who may have the letter already.
const DOUBT: char = '?';

impl Recipient {
    /// The name by which they are left for another attempt.
    pub(super) fn left(&self) -> String {
        match self.is_doubtful {
            true => format!("{}{DOUBT}", self.name),
            false => self.name.clone(),
        }
    }

    /// The same once the server has said nothing to the letter; `None` where that was the second time: it has it almost
    /// surely, and not every server drops the second one.
    pub(super) fn left_in_doubt(&self) -> Option<String> {
        (!self.is_doubtful).then(|| format!("{}{DOUBT}", self.name))
    }
}

/// The recipients who are to get a letter, each once.
///
/// Those who are left are named by hashes with a key. Where the key was changed meanwhile, nobody knows any more who they were,
/// and all get it, again with the same identity.
pub(super) fn asked(
    mailing: &Mailing,
    key: Option<&str>,
    environment: &Environment<'_>,
) -> Result<Vec<Recipient>, FetchError> {
    let all = all(mailing, key, environment)?;
    let is_of_this = |name: &&String| match key {
        Some(key) => name.starts_with(&mark(key)),
        None => {
            let name = name.trim_end_matches(DOUBT);
            name.ends_with(&format!("/{}", all.len()))
        }
    };
    let left = mailing.left.as_deref().unwrap_or_default();
    let left: Vec<&String> = left.iter().filter(is_of_this).collect();
    if left.is_empty() {
        return Ok(all);
    }
    let left_by = |recipient: Recipient| {
        let found = left
            .iter()
            .find(|it| it.trim_end_matches(DOUBT) == recipient.name)?;
        Some(Recipient {
            is_doubtful: found.ends_with(DOUBT),
            ..recipient
        })
    };
    Ok(all.into_iter().filter_map(left_by).collect())
}

fn all(
    mailing: &Mailing,
    key: Option<&str>,
    environment: &Environment<'_>,
) -> Result<Vec<Recipient>, FetchError> {
    let (mut all, mut known) = (Vec::<Recipient>::new(), BTreeSet::new());
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
            let address = address.to_lowercase();
            if known.insert(address.clone()) {
                let name = key.map(|key| name(key, &address)).unwrap_or_default();
                let first: String = address.chars().take(1).collect();
                all.push(Recipient {
                    shown: format!("recipient {} (`{first}…`)", all.len() + 1),
                    mailbox,
                    name,
                    is_doubtful: false,
                });
            }
        }
    }
    if key.is_none() {
        let count = all.len();
        let each = all.iter_mut().zip(1..);
        each.for_each(|(recipient, number)| recipient.name = format!("{number}/{count}"));
    }
    Ok(all)
}

/// What all names begin with that were made with a key.
fn mark(key: &str) -> String {
    hexadecimal(&hmac(key.as_bytes(), b"")[..3])
}

fn name(key: &str, address: &str) -> String {
    let hash = hmac(key.as_bytes(), address.as_bytes());
    format!("{}{}", mark(key), hexadecimal(&hash[..10]))
}

//! `webhook`: a program, by signed requests after the contract of openstatus.
//!
//! The receiver knows a request that it has had by the id of the update, so that what may not have arrived is sent again.

use std::time::Duration;

use serde_json::{Value as Json, json};

use super::address::{secret_text, url};
use super::message::Message;
use super::sending::{Outcome, Parcel, Promise, Secret, Speaker, Step};
use crate::fetch::EnvText;
use crate::syntax::{Reader, Spanned, TableReader, Value};

/// How long the receiver has for its answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// A program.
#[derive(Debug, Clone)]
pub struct Webhook {
    url: EnvText,
    secret: Option<EnvText>,
}

impl Webhook {
    /// Reads the keys of this kind.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        table: &mut TableReader<'_>,
        node: &Spanned<Value>,
    ) -> Option<Self> {
        let url = url(reader, node);
        let secret = table.take("secret");
        let secret = secret.map(|node| secret_text(reader, node, "WEBHOOK_SECRET"));
        let secret = match secret {
            Some(secret) => Some(secret?),
            None => None,
        };
        Some(Self { url: url?, secret })
    }

    fn body(message: &Message) -> Json {
        json!({ "version": "1", "type": "test", "data": { "id": message.number() } })
    }
}

impl Speaker for Webhook {
    fn promise(&self) -> Promise {
        Promise::AtLeastOnce
    }

    fn step(&self, message: &Message, so_far: &[Outcome]) -> Step {
        if let Some(outcome) = so_far.last() {
            return Step::Done(outcome.verdict());
        }
        let Parcel::Http { request, .. } = Parcel::json(&self.url, &Self::body(message));
        let secret = match &self.secret {
            None => Secret::None,
            Some(key) => Secret::Signature {
                header: "X-Signature",
                prefix: "sha256=",
                key: key.clone(),
            },
        };
        Step::Send(Parcel::Http {
            request,
            secret,
            timeout: TIMEOUT,
        })
    }
}

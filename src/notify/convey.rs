//! The way to the services over the network.

use std::fmt;

use super::email::deliver;
use super::keyed::{hexadecimal, hmac};
use super::telling::Sender;
use crate::fetch::{Client, EnvText, Environment, Excess, FetchError, Limits, Networks, Request};
use crate::site::channel::sending::{Outcome, Parcel, Secret};

/// How much of an answer is read, in bytes.
const BODY: u64 = 64 << 10;

/// The network.
pub struct Wire<'a> {
    /// The client.
    pub client: &'a Client,
    /// The variables in which secrets are.
    pub environment: &'a Environment<'a>,
    /// The networks in which channels may be.
    pub networks: Networks,
}

impl fmt::Debug for Wire<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").finish_non_exhaustive()
    }
}

impl Sender for Wire<'_> {
    fn send(&self, parcel: &Parcel) -> Outcome {
        let (request, secret, timeout) = match parcel {
            Parcel::Http {
                request,
                secret,
                timeout,
            } => (request, secret, timeout),
            Parcel::Mail(mailing) => return deliver(mailing, self.environment, self.networks),
        };
        let limits = Limits {
            timeout: *timeout,
            redirects: 0,
            body: BODY,
            excess: Excess::LeftUnread,
            networks: self.networks,
        };
        let answer = with_secret(request, secret, self.environment)
            .and_then(|request| self.client.ask(&request, limits, self.environment));
        answer.map_or_else(Outcome::Failed, Outcome::Http)
    }
}

/// A request with what is added to it where the secrets are known.
fn with_secret(
    request: &Request,
    secret: &Secret,
    environment: &Environment<'_>,
) -> Result<Request, FetchError> {
    let filled = |text: &EnvText| {
        let filled = text.fill(environment);
        filled.map_err(|missing| FetchError::MissingVariable(missing.name))
    };
    let mut request = request.clone();
    match secret {
        Secret::None => {}
        Secret::Signature {
            header,
            prefix,
            key,
        } => {
            let body = request.body.as_deref().unwrap_or_default();
            let digits = hexadecimal(&hmac(filled(key)?.as_bytes(), body));
            let value = EnvText::new(format!("{prefix}{digits}"));
            request.headers.push(((*header).to_owned(), value));
        }
        Secret::Fields(fields) => {
            let body = request.body.as_deref().unwrap_or(b"{}");
            let mut object: serde_json::Map<String, serde_json::Value> =
                serde_json::from_slice(body).unwrap_or_default();
            for (name, text) in fields {
                object.insert((*name).to_owned(), filled(text)?.into());
            }
            request.body = Some(serde_json::Value::from(object).to_string().into_bytes());
        }
    }
    Ok(request)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn fields_with_secrets_stand_beside_the_others_and_text_names_no_variable() {
        let environment = |name: &str| (name == "TOKEN").then(|| "hunter2".to_owned());
        let mut request = Request::get(EnvText::new("https://a.example/"));
        request.body = Some(br#"{"text":"${TOKEN}"}"#.to_vec());
        let secret = Secret::Fields(vec![("password", EnvText::new("${TOKEN}"))]);
        let sent = with_secret(&request, &secret, &environment).unwrap();
        let body: serde_json::Value = serde_json::from_slice(&sent.body.unwrap()).unwrap();
        assert_eq!(body["text"], "${TOKEN}");
        assert_eq!(body["password"], "hunter2");
    }
}

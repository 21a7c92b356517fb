//! The way to the services over the network.

use std::fmt;

use sha2::{Digest as _, Sha256};

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
        let Parcel::Http {
            request,
            secret,
            timeout,
        } = parcel;
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
            let digits = hmac(filled(key)?.as_bytes(), body);
            let digits: String = digits.iter().map(|byte| format!("{byte:02x}")).collect();
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

/// HMAC-SHA256 (RFC 2104).
pub(super) fn hmac(key: &[u8], text: &[u8]) -> [u8; 32] {
    const BLOCK: usize = 64;
    let mut padded = [0; BLOCK];
    match key.len() > BLOCK {
        true => padded[..32].copy_from_slice(&Sha256::digest(key)),
        false => padded[..key.len()].copy_from_slice(key),
    }
    let inner = Sha256::new()
        .chain_update(padded.map(|byte| byte ^ 0x36))
        .chain_update(text)
        .finalize();
    Sha256::new()
        .chain_update(padded.map(|byte| byte ^ 0x5c))
        .chain_update(inner)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    fn hexadecimal(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    // The second case of RFC 4231, and the sixth, whose key is longer than a block.
    #[test]
    fn the_signature_is_that_of_the_standard() {
        assert_eq!(
            hexadecimal(&hmac(b"Jefe", b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        let text = b"Test Using Larger Than Block-Size Key - Hash Key First";
        assert_eq!(
            hexadecimal(&hmac(&[0xaa; 131], text)),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }

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

//! Header fields by which a page lets somebody in.

use std::collections::BTreeMap;
use std::fmt;

use super::answer::{Answer, FetchError};
use super::client::Client;
use super::environment::{EnvText, Environment, MissingVariable};
use super::limits::Limits;
use super::request::Request;
use super::secrets::Secrets;

/// The header fields that are sent to a page, with the values of the variables that they name. It knows no other variable,
/// so that whoever serves the page learns nothing else of this machine.
#[derive(Default)]
pub struct Key {
    fields: Vec<(String, EnvText)>,
    values: BTreeMap<String, String>,
    secrets: Secrets,
}

impl Key {
    /// The key of some header fields.
    ///
    /// # Errors
    ///
    /// Where a variable is not set; an empty one is not set.
    pub fn new(
        fields: Vec<(String, EnvText)>,
        environment: &Environment<'_>,
    ) -> Result<Self, MissingVariable> {
        let texts = || fields.iter().map(|(_, text)| text);
        for text in texts() {
            text.fill(environment)?;
        }
        let names = texts().flat_map(EnvText::variables);
        let values = names.filter_map(|name| Some((name.to_owned(), environment(name)?)));
        Ok(Self {
            values: values.collect(),
            secrets: Secrets::of(texts(), environment),
            fields,
        })
    }

    /// The answer to a request that has these fields, too. In its address `${NAME}` is no variable: braces are
    /// percent-encoded there, as they should be anyway.
    ///
    /// # Errors
    ///
    /// Where there is no answer within the limits.
    pub fn ask(
        &self,
        client: &Client,
        request: Request,
        limits: Limits,
    ) -> Result<Answer, FetchError> {
        let address = request.url.as_written();
        let address = address.replace('{', "%7B").replace('}', "%7D");
        let request = Request {
            url: EnvText::new(address),
            ..request
        };
        let fields = self.fields.iter();
        let request = fields.fold(request, |request, (name, text)| {
            request.with_header(name, text.clone())
        });
        client.ask(&request, limits, &|name| self.values.get(name).cloned())
    }

    /// A text in which each value is shown as its variable.
    pub fn hidden(&self, text: &str) -> String {
        self.secrets.hidden(text)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = self.fields.iter().map(|(name, text)| (name, text));
        f.debug_map().entries(fields).finish()
    }
}

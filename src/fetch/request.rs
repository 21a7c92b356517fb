//! Requests as plain values.

use super::environment::EnvText;

/// A request over HTTP. Its secrets are filled in where it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The whole address, `http` or `https`.
    pub url: EnvText,
    /// Header fields by name.
    pub headers: Vec<(String, EnvText)>,
    /// What is sent behind the header.
    pub body: Option<Vec<u8>>,
}

/// The method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Asks for what is there.
    Get,
    /// Asks only for the header of what is there.
    Head,
    /// Sends something.
    Post,
    /// Sends something to be kept at the address.
    Put,
}

impl Request {
    /// A request for what is at an address.
    pub fn get(url: EnvText) -> Self {
        Self {
            method: Method::Get,
            url,
            headers: Vec::new(),
            body: None,
        }
    }

    /// The texts in it that may hold secrets.
    pub fn texts(&self) -> impl Iterator<Item = &EnvText> {
        let values = self.headers.iter().map(|(_, value)| value);
        std::iter::once(&self.url).chain(values)
    }

    /// The same with one more header field.
    pub fn with_header(mut self, name: &str, value: EnvText) -> Self {
        self.headers.push((name.to_owned(), value));
        self
    }
}

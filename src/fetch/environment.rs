//! Texts that take secrets from the environment.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The variables of the environment, by name. Only the command line reads them.
pub type Environment<'a> = dyn Fn(&str) -> Option<String> + Sync + 'a;

/// A text in which `${NAME}` stands for a variable of the environment. It is shown as it was written, so that no secret
/// appears in a message, and is filled in only where it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvText {
    text: String,
}

/// A variable that a text names and the environment lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingVariable {
    /// Its name.
    pub name: String,
}

impl EnvText {
    /// The text as it stands in a file.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }

    /// The text as it was written.
    pub fn as_written(&self) -> &str {
        &self.text
    }

    /// The names of the variables that it needs.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.parts().filter_map(|(_, name)| name)
    }

    /// The text with the values of its variables.
    ///
    /// # Errors
    ///
    /// Where a variable is not set; an empty one is not set.
    pub fn fill(&self, environment: &Environment<'_>) -> Result<String, MissingVariable> {
        let mut filled = String::with_capacity(self.text.len());
        for (plain, name) in self.parts() {
            filled.push_str(plain);
            if let Some(name) = name {
                let value = environment(name).filter(|value| !value.is_empty());
                let missing = || MissingVariable {
                    name: name.to_owned(),
                };
                filled.push_str(value.ok_or_else(missing)?.trim_end_matches(['\r', '\n']));
            }
        }
        Ok(filled)
    }

    /// The address that it is, with the values of its variables. One stands for the address as a whole where the text begins
    /// with it; elsewhere it is a part, which leads to no other host whatever its value is: what has a meaning in an address
    /// is written as `%XX` in it.
    ///
    /// # Errors
    ///
    /// Where a variable is not set; an empty one is not set.
    pub fn fill_address(&self, environment: &Environment<'_>) -> Result<String, MissingVariable> {
        let mut filled = String::with_capacity(self.text.len());
        let mut read = 0;
        for (plain, name) in self.parts() {
            filled.push_str(plain);
            read += plain.len();
            let Some(name) = name else { continue };
            let value = EnvText::new(format!("${{{name}}}")).fill(environment)?;
            match within(&self.text[..read]) {
                None => filled.push_str(&value),
                Some(kept) => filled.extend(utf8_percent_encode(&value, kept)),
            }
            read += name.len() + "${}".len();
        }
        Ok(filled)
    }

    /// The plain texts, each with the variable behind it. `$` that begins no variable is plain.
    fn parts(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let mut rest = Some(self.text.as_str());
        std::iter::from_fn(move || {
            let text = rest?;
            let found = text.match_indices("${").find_map(|(start, _)| {
                let (name, _) = text[start + 2..].split_once('}')?;
                is_name(name).then_some((start, name))
            });
            let Some((start, name)) = found else {
                rest = None;
                return Some((text, None));
            };
            rest = Some(&text[start + name.len() + 3..]);
            Some((&text[..start], Some(name)))
        })
    }
}

/// What is written as `%XX` in a part of a path or a query.
const PART: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// What is written so in a user with a password, or in a host with a port.
const AUTHORITY: &AsciiSet = &PART.remove(b':').remove(b'[').remove(b']');

/// A value as it stands in the parts of an address.
#[cfg(feature = "agent")]
pub(super) fn written_in_addresses(value: &str) -> [String; 2] {
    [PART, AUTHORITY].map(|kept| utf8_percent_encode(value, kept).to_string())
}

/// What is written as `%XX` in a variable of an address, by the text before it; nothing where it is an address itself.
fn within(before: &str) -> Option<&'static AsciiSet> {
    let before = match before.split_once("://") {
        Some((_, authority)) => authority,
        None if before.is_empty() => return None,
        None => before,
    };
    Some(match before.contains(['/', '?', '#']) {
        true => PART,
        false => AUTHORITY,
    })
}

impl fmt::Display for EnvText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for MissingVariable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the environment variable {} is not set", self.name)
    }
}

/// Whether a text can be the name of a variable, as IEEE Std 1003.1 has them.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|first: char| first.is_ascii_digit())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> Result<String, MissingVariable> {
        let environment = |name: &str| match name {
            "USER" => Some("probe".to_owned()),
            "TOKEN" => Some("s3cr${USER}et\n".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        EnvText::new(text).fill(&environment)
    }

    #[test]
    fn variables_are_filled_in_once() {
        assert_eq!(filled("no variable"), Ok("no variable".to_owned()));
        assert_eq!(
            filled("Bearer ${TOKEN}"),
            Ok("Bearer s3cr${USER}et".to_owned())
        );
        assert_eq!(
            filled("${USER}:${TOKEN}@"),
            Ok("probe:s3cr${USER}et@".to_owned())
        );
        assert_eq!(
            filled("$USER ${} ${1} ${a b} ${USER"),
            Ok("$USER ${} ${1} ${a b} ${USER".to_owned())
        );
    }

    #[test]
    fn a_variable_in_an_address_leads_to_no_other_host() {
        let environment = |name: &str| match name {
            "WHOLE" => Some("https://hooks.example/a/b?c=d".to_owned()),
            "HOST" => Some("example.com:8080".to_owned()),
            "LOGIN" => Some("me:p@ss/w".to_owned()),
            "TOKEN" => Some("evil.example:80/a+b?c#d&e=%41\n".to_owned()),
            _ => None,
        };
        for (text, address) in [
            ("${WHOLE}", "https://hooks.example/a/b?c=d"),
            (
                "${WHOLE}/x/${TOKEN}",
                "https://hooks.example/a/b?c=d/x/evil.example%3A80%2Fa%2Bb%3Fc%23d%26e%3D%2541",
            ),
            (
                "https://${HOST}/?k=${TOKEN}",
                "https://example.com:8080/?k=evil.example%3A80%2Fa%2Bb%3Fc%23d%26e%3D%2541",
            ),
            (
                "https://${LOGIN}@a.example/",
                "https://me:p%40ss%2Fw@a.example/",
            ),
            (
                "https://me:${TOKEN}@${HOST}",
                "https://me:evil.example:80%2Fa%2Bb%3Fc%23d%26e%3D%2541@example.com:8080",
            ),
            (
                "https://${TOKEN}/",
                "https://evil.example:80%2Fa%2Bb%3Fc%23d%26e%3D%2541/",
            ),
        ] {
            let filled = EnvText::new(text).fill_address(&environment);
            assert_eq!(filled, Ok(address.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_variable_without_a_value_is_named() {
        for name in ["EMPTY", "NOWHERE"] {
            let error = filled(&format!("a ${{{name}}}"));
            assert_eq!(
                error,
                Err(MissingVariable {
                    name: name.to_owned()
                })
            );
        }
    }
}

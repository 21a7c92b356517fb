//! Texts that take secrets from the environment.

use std::fmt;

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

//! `--header`: what lets a command in where a page asks for a password or a key.

use allclear::fetch::{BadField, EnvText, Key, MissingVariable, bad_field};

use super::failure::{Failure, bad_argument};

/// The name of the option's value.
pub(super) const VALUE: &str = "NAME: VALUE";

/// The option in short.
pub(super) const SHORT: &str =
    "A header field to send to the page, where it asks for a password or a key";

/// The option in full.
pub(super) const LONG: &str = "\
A header field to send to the page, where it asks for a password or a key

`${NAME}` in it stands for a variable of the environment: write it in single quotes, as `--header 'Authorization: Bearer \
${TOKEN}'`, so that no list of processes has the secret. It is sent to the host of the page and to no other, and shown \
nowhere. The option may stand there several times.";

/// The key of what was typed behind each `--header`.
pub(super) fn key(typed: &[String]) -> Result<Key, Failure> {
    let fields = typed.iter().map(|text| field(text));
    let fields = fields.collect::<Result<Vec<_>, Failure>>()?;
    let environment = |name: &str| std::env::var(name).ok();
    Key::new(fields, &environment).map_err(|missing: MissingVariable| {
        let name = &missing.name;
        bad_argument(
            format!("`--header`: {missing}"),
            format!("set it to the secret before: `export {name}`, or as a secret of the pipeline"),
        )
    })
}

/// A header field as it was typed. What stands there may be a secret, so that no refusal repeats it.
fn field(typed: &str) -> Result<(String, EnvText), Failure> {
    let refused = |why: &str, hint: &str| Err(bad_argument(format!("`--header`: {why}"), hint));
    let Some((name, value)) = typed.split_once(':') else {
        return refused(
            "there is no `:` between a name and a value",
            "write it as `--header 'Authorization: Bearer ${TOKEN}'`",
        );
    };
    let (name, value) = (name.trim(), value.trim());
    match bad_field(name) {
        Some(BadField::NoName) => refused(
            "what stands before the `:` is no name of a header field",
            "write it as `--header 'Authorization: Bearer ${TOKEN}'`",
        ),
        Some(BadField::Framing) => refused(
            &format!("`{name}` is not for you to say"),
            "leave it out: it says where a request ends, or what becomes of its connection",
        ),
        None if value.is_empty() => refused(
            &format!("`{name}` has no value"),
            "in double quotes a shell has put nothing in the place of `${NAME}`: use single quotes",
        ),
        None => Ok((name.to_owned(), EnvText::new(value))),
    }
}

//! The values of a message: `{name}` in its text stands for each.

use std::borrow::Cow;

/// The names of the values in a text.
pub(crate) fn names_in(text: &str) -> impl Iterator<Item = &str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
}

/// Puts values in the place of their names; a name without a value stays as it is, for all to see.
pub(crate) fn fill<'a>(text: &'a str, values: &[(&str, &str)]) -> Cow<'a, str> {
    if values.is_empty() || !text.contains('{') {
        return Cow::Borrowed(text);
    }
    let mut filled = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let value = after.split_once('}').and_then(|(name, tail)| {
            Some((values.iter().find(|(known, _)| *known == name)?.1, tail))
        });
        rest = match value {
            Some((value, tail)) => {
                filled.push_str(value);
                // A date that ends with a full stop, as in Russian, ends its sentence.
                match value.ends_with('.') {
                    true => tail.strip_prefix('.').unwrap_or(tail),
                    false => tail,
                }
            }
            None => {
                filled.push('{');
                after
            }
        };
    }
    filled.push_str(rest);
    Cow::Owned(filled)
}

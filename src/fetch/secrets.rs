//! Secrets, and texts without them.

use super::environment::{EnvText, Environment, written_in_addresses};

/// How short a value may be, in bytes, that is looked for: shorter ones are in every text, and no secrets.
const SHORTEST: usize = 4;

/// The values of the variables that some texts name, with how each is shown instead.
#[derive(Default)]
pub struct Secrets {
    values: Vec<(String, String)>,
}

impl Secrets {
    /// Those of some texts.
    pub fn of<'a>(
        texts: impl IntoIterator<Item = &'a EnvText>,
        environment: &Environment<'_>,
    ) -> Self {
        let names = texts.into_iter().flat_map(EnvText::variables);
        let mut values: Vec<(String, String)> = Vec::new();
        for name in names {
            let shown = format!("${{{name}}}");
            let value = environment(name).unwrap_or_default().trim().to_owned();
            if value.len() < SHORTEST {
                continue;
            }
            let in_addresses = written_in_addresses(&value);
            let all = std::iter::once(value).chain(in_addresses);
            values.extend(all.map(|value| (value, shown.clone())));
        }
        // One may be a part of another.
        values.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
        Self { values }
    }

    /// A text in which each value is shown as its variable.
    pub fn hidden(&self, text: &str) -> String {
        let values = self.values.iter();
        values.fold(text.to_owned(), |text, (value, name)| {
            text.replace(value, name)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_hidden_as_it_stands_in_an_address_too() {
        let environment = |_: &str| Some("a/b:c+d".to_owned());
        let secrets = Secrets::of(&[EnvText::new("${TOKEN}")], &environment);
        let told = secrets.hidden("a/b:c+d a%2Fb%3Ac%2Bd a%2Fb:c%2Bd");
        assert_eq!(told, "${TOKEN} ${TOKEN} ${TOKEN}");
    }

    #[test]
    fn a_text_shows_variables_instead_of_their_values() {
        let environment = |name: &str| match name {
            "TOKEN" => Some("hunter2\n".to_owned()),
            "LONGER" => Some("hunter2-and-more".to_owned()),
            "SHORT" => Some("200".to_owned()),
            _ => None,
        };
        let texts = ["${TOKEN} ${LONGER}", "${SHORT}", "${NOWHERE}", "plain"].map(EnvText::new);
        let secrets = Secrets::of(&texts, &environment);
        let told = secrets.hidden("200: no hunter2-and-more for hunter2?key=hunter2");
        assert_eq!(told, "200: no ${LONGER} for ${TOKEN}?key=${TOKEN}");
    }
}

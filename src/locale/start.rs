//! The table of messages that a translation starts from.

use icu_plurals::PluralRules;

use super::language::Language;
use super::messages::{self, Message, Table};
use super::plural::{self, form_name};

/// A table of messages for a language, with every message in the language that stands in for it, and none in use: each line of
/// a message begins with `#`, to be removed by whoever translates it. So whatever is not translated yet is known as missing.
pub fn table_to_start(language: &Language) -> String {
    let base = messages::built_in(language.base());
    let text = base
        .or_else(|| messages::built_in("en"))
        .unwrap_or_default();
    let table = Table::built_in(if base.is_some() {
        language.base()
    } else {
        "en"
    });
    let rules = plural::rules(language);
    let forms: Vec<&str> = rules
        .iter()
        .flat_map(PluralRules::categories)
        .map(form_name)
        .collect();
    let mut start = format!(
        "# The texts of the interface in {} (`{language}`).\n#\n\
         # Remove the `#` before a message once it is translated; what is left is said in {}. {{name}} stands for a value.\n\
         # The plural forms of this language: {}.\n",
        language.own_name(),
        if base.is_some() {
            language.base()
        } else {
            "English"
        },
        forms.join(", "),
    );
    // The lines of a message of which the first was dealt with.
    let mut rest_of = None;
    for line in text.lines().skip_while(|line| line.starts_with('#')) {
        let key = line.split([' ', '.']).next().unwrap_or_default();
        let is_first = !line.starts_with('#') && table.get(key).is_some();
        match table.get(key) {
            Some(Message::Forms(_)) if is_first && rest_of == Some(key) => {}
            Some(message @ Message::Forms(_)) if is_first => {
                start.push_str(&in_forms(key, message, rules.as_ref()));
                rest_of = Some(key);
            }
            _ => {
                rest_of = None;
                let is_text = line.is_empty() || line.starts_with('#');
                start.push_str(if is_text { "" } else { "#" });
                start.push_str(line);
                start.push('\n');
            }
        }
    }
    start
}

/// A message in each of a language's plural forms, a line each.
fn in_forms(key: &str, message: &Message, rules: Option<&PluralRules>) -> String {
    let categories = rules.into_iter().flat_map(PluralRules::categories);
    let lines = categories.map(|category| {
        let text = message.form(category).unwrap_or_default();
        let text = text.replace('\\', "\\\\").replace('"', "\\\"");
        format!("#{key}.{} = \"{text}\"\n", form_name(category))
    });
    lines.collect()
}

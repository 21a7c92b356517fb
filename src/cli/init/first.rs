//! The first `allclear.toml` of a site.

use allclear::locale::Language;
use allclear::site::scaffold::{self, Words};
use chrono::NaiveDate;

use super::host::Keeping;

/// What is known of a new site.
pub(super) struct First<'a> {
    /// The title that was said.
    pub(super) title: Option<&'a str>,
    /// Where it will be published.
    pub(super) base_url: &'a str,
    /// Its languages, the default first: one at least.
    pub(super) languages: &'a [Language],
    /// The day on which it is started.
    pub(super) today: NaiveDate,
    /// What its host can keep of evidence.
    pub(super) keeping: Keeping,
}

/// The text, in which words in capitals are places.
const TEXT: &str = r#"#:schema ./public/schemas/site.json
# The status page of a service. Every key is described in allclear's documentation (docs/reference/site.md),
# and editors that know Taplo complete them as soon as the page was built once.

title = TITLE
base_url = BASE_URL   # where the page is published; a sub-path works too
languages = [LANGUAGES] # the first is the default
time_zone = "UTC"                          # an IANA name such as "Europe/Paris"

# The parts of the service that readers care about, in the order in which they are shown.

[[components]]
id = "web"                                 # used in incident files and evidence
name = WEBSITE
since = TODAY                         # the first day that counts towards its uptime
STATES
[[components]]
id = "api"
name = "API"
since = TODAY
STATESPROBES"#;

/// What shows how to have the program look whether a component works.
const PROBES: &str = r#"
# Where `allclear probe` looks whether they work. Take away each `# ` below, and put in your own address.

# [[probes]]
# component = "web"
# http = "https://example.com/health"
"#;

impl First<'_> {
    /// The text of `allclear.toml`.
    pub(super) fn text(&self) -> String {
        let tags = self.languages.iter().map(|it| quoted(it.as_str()));
        let languages = format!("[{}]", tags.collect::<Vec<_>>().join(", "));
        let title = match self.title {
            Some(title) => quoted(title.trim()),
            None => self.in_each(|words| words.title),
        };
        let mut text = TEXT
            .replace("TODAY", &self.today.to_string())
            .replace("[LANGUAGES]", &format!("{languages:<30}"))
            .replace("WEBSITE", &self.in_each(|words| words.website));
        // Once with what it means, then without.
        let (explained, plain) = self.states();
        text = text
            .replacen("STATES", &explained, 1)
            .replace("STATES", &plain);
        text = text.replace(
            "PROBES",
            match self.keeping {
                Keeping::Nothing => "",
                Keeping::For(_) | Keeping::Unknown => PROBES,
            },
        );
        // What was said may hold any word, so it comes last.
        text.replace("= BASE_URL", &format!("= {}", quoted(self.base_url)))
            .replace("= TITLE", &format!("= {title}"))
    }

    /// A text in each language: a string where there is one, or else a table.
    fn in_each(&self, text: impl Fn(&Words) -> &'static str) -> String {
        match self.languages {
            [language] => quoted(text(scaffold::words(language))),
            languages => {
                let texts = languages.iter().map(|language| {
                    let text = quoted(text(scaffold::words(language)));
                    format!("{} = {text}", language.as_str())
                });
                format!("{{ {} }}", texts.collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// The lines about evidence of the first component, and of every other one.
    fn states(&self) -> (String, String) {
        match self.keeping {
            Keeping::For(time) => {
                let line = format!("states = {{ valid_for = \"{time}\" }}");
                (
                    format!(
                        "{line:<43}# how long what was seen holds: as long as the clock of the host takes\n"
                    ),
                    format!("{line}\n"),
                )
            }
            Keeping::Nothing => {
                let line = "states = { required = false }";
                (
                    format!("{line:<43}# the host has no clock that could keep evidence fresh\n"),
                    format!("{line}\n"),
                )
            }
            Keeping::Unknown => (String::new(), String::new()),
        }
    }
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

//! Rules about a site that can be read: one function a rule, one code a rule.

use crate::config::FILE_NAME;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, code_list};
use crate::locale::Locale;
use crate::site::Site;
use crate::time::{self, Instant};

/// Updates that lie in the future, so that readers do not see them yet.
///
/// It is for builds as of the present: a build as of an earlier instant leaves later updates out on
/// purpose.
pub fn future_updates(site: &Site, now: Instant) -> Diagnostics {
    let updates = site.incidents.iter().flat_map(|incident| &incident.updates);
    let future = updates.filter(|update| update.at > now).map(|update| {
        let message = format!(
            "this update lies in the future: it is {} now",
            time::rfc3339(now)
        );
        Diagnostic::warning(Code::FutureUpdate, update.place.clone(), message)
            .hint("look at the year, the day and the time zone; it will be shown from its time on")
    });
    Diagnostics::from(future.collect::<Vec<_>>())
}

/// Messages of the interface that a language lacks.
pub fn missing_messages(locale: &Locale) -> Diagnostics {
    let missing: Vec<String> = locale
        .missing()
        .iter()
        .map(|missing| missing.to_string().replace('`', ""))
        .collect();
    if missing.is_empty() {
        return Diagnostics::new();
    }
    let names: Vec<&str> = missing.iter().map(String::as_str).collect();
    let language = locale.language().as_str();
    let message = format!(
        "the interface lacks {} of its messages in `{language}`, and says them in English",
        names.len()
    );
    let diagnostic = Diagnostic::file_warning(Code::MissingMessage, FILE_NAME, message);
    Diagnostics::from(vec![
        diagnostic.hint(format!("missing: {}", code_list(&names))),
    ])
}

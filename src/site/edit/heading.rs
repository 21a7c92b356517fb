//! A new update: its heading, and its text below that.

use crate::locale::Locale;
use crate::site::update::Telling;
use crate::site::vocabulary::{State, Status, Word};

/// A new update of an incident or a maintenance.
#[derive(Debug, Clone)]
pub struct NewUpdate {
    /// Its heading.
    pub heading: NewHeading,
    /// Its Markdown, without a newline at the end; empty where it says nothing.
    pub message: String,
}

impl NewUpdate {
    /// The text of the update, with a line end at its end.
    pub fn text(&self, newline: &str) -> String {
        let mut text = format!("## {}{newline}", self.heading.text());
        if !self.message.is_empty() {
            text.push_str(newline);
            text.push_str(&self.message);
            text.push_str(newline);
        }
        text
    }
}

/// The status that a new text gives a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStatus {
    /// The component's id.
    pub component: String,
    /// Its status.
    pub status: Status,
}

/// The heading of a new update.
#[derive(Debug, Clone)]
pub struct NewHeading {
    /// Its state, in the language of the file.
    pub state: String,
    /// When it was posted, as files write it.
    pub at: String,
    /// The statuses that change.
    pub changes: Vec<NewStatus>,
    /// When the next update will come: a time as files write it, or a duration.
    pub next: Option<String>,
    /// Whether subscribers are told of it.
    pub telling: Telling,
}

impl NewHeading {
    /// A heading without attributes.
    pub fn new(state: State, locale: &Locale, at: String) -> Self {
        Self {
            state: word(state, locale),
            at,
            changes: Vec::new(),
            next: None,
            telling: Telling::Aloud,
        }
    }

    /// The text of the heading, without `## `: `Monitoring · 2022-12-28 21:30 {web=operational next=30m}`.
    pub fn text(&self) -> String {
        let changes = self.changes.iter();
        let mut attributes: Vec<String> = changes
            .map(|new| format!("{}={}", new.component, new.status.as_str()))
            .collect();
        if let Some(next) = &self.next {
            // An attribute ends with the first space.
            let next = next.trim().replacen(' ', "T", 1).replace(' ', "");
            attributes.push(format!("next={next}"));
        }
        if self.telling == Telling::Silent {
            attributes.push("notify=no".to_owned());
        }
        let mut text = format!("{} · {}", self.state, self.at);
        if !attributes.is_empty() {
            text.push_str(&format!(" {{{}}}", attributes.join(" ")));
        }
        text
    }
}

/// The word for a state in a language.
fn word(state: State, locale: &Locale) -> String {
    locale
        .text(&format!("state-{}", state.as_str()), &[])
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::{NewHeading, NewStatus, NewUpdate};
    use crate::locale::{Language, Locale};
    use crate::site::vocabulary::{State, Status};

    #[test]
    fn an_update_is_a_heading_and_a_text() {
        let english = Locale::new(&Language::english());
        let at = "2022-12-28 21:30".to_owned();
        let mut update = NewUpdate {
            heading: NewHeading::new(State::InProgress, &english, at),
            message: String::new(),
        };
        assert_eq!(update.text("\n"), "## In progress · 2022-12-28 21:30\n");
        update.heading.changes = vec![NewStatus {
            component: "web".to_owned(),
            status: Status::Operational,
        }];
        update.heading.next = Some("2022-12-28 22:00".to_owned());
        let attributes = |update: &NewUpdate| {
            update
                .heading
                .text()
                .split_once('{')
                .map(|(_, it)| it.to_owned())
        };
        let with_zone = Some("2022-11-06 01:30 -04:00".to_owned());
        let next = std::mem::replace(&mut update.heading.next, with_zone);
        assert_eq!(
            attributes(&update).as_deref(),
            Some("web=operational next=2022-11-06T01:30-04:00}")
        );
        update.heading.next = next;
        update.message = "Soon.".to_owned();
        assert_eq!(
            update.text("\r\n"),
            "## In progress · 2022-12-28 21:30 {web=operational next=2022-12-28T22:00}\r\n\r\nSoon.\r\n"
        );
    }
}

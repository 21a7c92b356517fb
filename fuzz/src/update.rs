//! Updates that the program writes: they are read as what they were.

use allclear::diagnostic::Diagnostics;
use allclear::site::edit::heading::{NewHeading, NewStatus, NewUpdate};
use allclear::site::edit::time::{duration, local};
use allclear::site::read::post::{Content, read};
use allclear::site::vocabulary::{State, Status};
use allclear::time::Instant;
use arbitrary::{Result, Unstructured};
use chrono::{DateTime, TimeDelta};

use super::ground::Ground;
use super::sound::{errors, file};

/// Any update that a command can post, in any of the site's languages.
pub fn update(bytes: &[u8]) {
    if let Ok(posted) = Posted::arbitrary(&mut Unstructured::new(bytes)) {
        posted.assert_read();
    }
}

/// An update as a command has it.
#[derive(Debug)]
struct Posted {
    language: usize,
    state: State,
    at: Instant,
    web: Option<Status>,
    next: Option<TimeDelta>,
}

impl Posted {
    fn arbitrary(input: &mut Unstructured<'_>) -> Result<Self> {
        let states: Vec<State> = State::ALL
            .iter()
            .copied()
            .filter(|state| state.fits_incident())
            .collect();
        let statuses = [
            Status::Operational,
            Status::DegradedPerformance,
            Status::PartialOutage,
            Status::MajorOutage,
        ];
        let seconds = input.int_in_range(0..=253_000_000_000_i64)?;
        Ok(Self {
            language: input.choose_index(Ground::get().locales.len())?,
            state: *input.choose(&states)?,
            at: DateTime::from_timestamp(seconds, 0).ok_or(arbitrary::Error::IncorrectFormat)?,
            web: input
                .arbitrary::<bool>()?
                .then(|| input.choose(&statuses).copied())
                .transpose()?,
            next: match input.int_in_range(0..=10_000_000_i64)? {
                0 => None,
                seconds => Some(TimeDelta::seconds(seconds)),
            },
        })
    }

    fn assert_read(&self) {
        let ground = Ground::get();
        let zone = ground.site.settings.time_zone;
        let changes = self.web.map(|status| NewStatus {
            component: "web".to_owned(),
            status,
        });
        let update = NewUpdate {
            heading: NewHeading {
                changes: changes.into_iter().collect(),
                next: self.next.map(duration),
                ..NewHeading::new(
                    self.state,
                    &ground.locales[self.language],
                    local(self.at, zone),
                )
            },
            message: "Text.".to_owned(),
        };
        let language = ground.site.settings.languages[self.language].as_str();
        let path = match self.language {
            0 => "incidents/2022-12-28-slow.md".to_owned(),
            _ => format!("incidents/2022-12-28-slow.{language}.md"),
        };
        let head = match self.language {
            0 => "title: Slow\ncomponents: [web, login]\nstarted: 1970-01-01 00:00",
            _ => "title: Slow",
        };
        let file = file(&path, format!("---\n{head}\n---\n\n{}", update.text("\n")));
        let mut diagnostics = Diagnostics::new();
        let content = ground.with_names(|names| read(&file, names, &mut diagnostics));
        assert_eq!(errors(&diagnostics), Vec::<String>::new(), "{}", file.text);
        let updates = match content {
            Some(Content::Original(post)) => post.updates.clone(),
            Some(Content::Translation(translation)) => translation.updates.clone(),
            None => panic!("no incident:\n{}", file.text),
        };
        let [read] = updates.as_slice() else {
            panic!("{} updates:\n{}", updates.len(), file.text);
        };
        assert_eq!(
            (read.state, read.at),
            (self.state, self.at),
            "{}",
            file.text
        );
        let status = read.changes.first().map(|change| change.status);
        assert_eq!(status, self.web, "{}", file.text);
        let next = self
            .next
            .and_then(|length| self.at.checked_add_signed(length));
        assert_eq!(read.next, next, "{}", file.text);
    }
}

//! What the page says, in two lines: for badges and for other pages.

use std::collections::BTreeSet;

use super::edition::Edition;
use super::headline;
use crate::site::component::ComponentIndex;
use crate::site::vocabulary::Word as _;
use crate::status::{Headline, HeadlineState};
use crate::time::Instant;

/// A state with the time that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The instant from which on it is made.
    pub from: Instant,
    /// The word of a headline or of a status, as `all_clear` or `operational`.
    pub state: &'static str,
    /// The name of its icon, as in [`super::view::HeadlineView::icon`].
    pub icon: &'static str,
    /// The state in the language of the edition.
    pub text: String,
    /// Until when it is good, since when it is unconfirmed, or as of when it is said: always with the day, since nobody
    /// knows on which day it is read.
    pub time: String,
    /// The instant from which on it is not made any more, where that is known.
    pub until: Option<Instant>,
}

/// The claim about the whole site.
pub fn of_site(edition: &Edition<'_>) -> Claim {
    let now = edition.status.now();
    of_headline(edition, now, &edition.status.snapshot.headline)
}

/// The claim about a component.
pub fn of_component(edition: &Edition<'_>, index: ComponentIndex) -> Claim {
    let status = edition.status_of(index);
    let state = &edition.status.snapshot.components[index.0];
    let until = edition.status.good_until(index);
    let since = state.since.filter(|_| status.id == "unknown");
    Claim {
        from: edition.status.now(),
        state: status.id,
        icon: status.icon,
        text: status.text,
        time: time(edition, until, since),
        until,
    }
}

/// The claim about the whole site and those to come if nothing new does, in the order of their instants.
pub fn claims(edition: &Edition<'_>) -> Vec<Claim> {
    let now = edition.status.now();
    let late = edition.late_from();
    let mut headlines = vec![(now, &edition.status.snapshot.headline)];
    let forecast = edition.status.forecast.headlines.iter();
    headlines.extend(forecast.map(|(from, headline)| (*from, headline)));
    let instants: BTreeSet<Instant> = headlines
        .iter()
        .map(|(from, _)| *from)
        .chain(late)
        .collect();
    let claims = instants.into_iter().filter_map(|at| {
        let mut begun = headlines.iter().rev();
        let (_, headline) = begun.find(|(from, _)| *from <= at)?;
        let claim = of_headline(edition, at, headline);
        Some(match late.is_some_and(|late| late <= at) {
            true => Claim {
                time: said(edition, "page-late", now),
                ..claim
            },
            false => claim,
        })
    });
    claims.collect()
}

fn of_headline(edition: &Edition<'_>, from: Instant, headline: &Headline) -> Claim {
    let is_unknown = headline.state == HeadlineState::Unknown;
    Claim {
        from,
        state: headline.state.as_str(),
        icon: headline::shape(headline.state),
        text: match is_unknown {
            // Since when stands beside it.
            true => edition.text("headline-unknown-never", &[]),
            false => headline::text(edition, headline),
        },
        time: time(
            edition,
            headline.valid_until,
            headline.since.filter(|_| is_unknown),
        ),
        until: headline.valid_until,
    }
}

fn time(edition: &Edition<'_>, until: Option<Instant>, since: Option<Instant>) -> String {
    match (until, since) {
        (Some(until), _) => said(edition, "page-good-until", until),
        (None, Some(since)) => said(edition, "page-since", since),
        (None, None) => said(edition, "page-as-of", edition.status.now()),
    }
}

fn said(edition: &Edition<'_>, key: &str, at: Instant) -> String {
    edition.text(key, &[("time", &edition.moment_text(at))])
}

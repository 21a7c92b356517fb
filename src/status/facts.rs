//! The facts from which everything at an instant is computed.

use chrono::NaiveDate;

use super::breach::SignalStatus;
use super::observed::Coverage;
use super::occurrence::Occurrence;
use crate::site::Site;
use crate::time::{Instant, calendar};

/// The facts about a site at an instant: what was said, what was seen, and what was measured.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts<'a> {
    /// The site.
    pub(super) site: &'a Site,
    /// The instant.
    pub(super) now: Instant,
    /// What was said: the occurrences of all posts.
    pub(super) occurrences: &'a [Occurrence],
    /// What was seen.
    pub(super) coverage: &'a Coverage<'a>,
    /// What was measured, in the order of [`Site::signals`].
    pub(super) signals: &'a [SignalStatus],
}

impl Facts<'_> {
    /// The day of the first observation, incident, maintenance or notice that the site's files know of; what is still
    /// to come is known since it was announced.
    pub(super) fn first_known(self) -> Option<NaiveDate> {
        let published = self.occurrences.iter().filter(|it| it.course.is_published);
        let posted = published.flat_map(|occurrence| {
            let first_update = occurrence.published(self.site).first();
            [Some(occurrence.course.start), first_update.map(|it| it.at)]
        });
        let known = posted.chain([self.coverage.first_known()]).flatten();
        let first = known.filter(|at| *at <= self.now).min()?;
        Some(calendar::date(first, self.site.settings.time_zone))
    }
}

//! What a page says of the present, to tell whether it is to be built again.
//!
//! Evidence comes in every minute, and mostly says what is known. Then the page stands as it is until half of the time for
//! which its word holds is over: so it is renewed long before it expires, and not more often than that.

use crate::site::Site;
use crate::site::component::ComponentIndex;
use crate::site::signal::SignalIndex;
use crate::site::vocabulary::Status;
use crate::status::occurrence::OccurrenceIndex;
use crate::status::{Claim, Headline, HeadlineState, SiteStatus};
use crate::time::Instant;

/// What a page says of the present.
#[derive(Debug, Clone)]
pub struct PageWord {
    says: Says,
    /// Until when the headline holds, and then each component.
    until: Vec<Option<Instant>>,
}

/// What a page says, but for how long it holds and since when.
#[derive(Debug, Clone, PartialEq)]
struct Says {
    headline: (HeadlineState, Vec<ComponentIndex>, usize),
    components: Vec<ComponentSays>,
    contradictions: Vec<(SignalIndex, Vec<ComponentIndex>)>,
    breaches: Vec<bool>,
    open: Vec<OccurrenceIndex>,
}

#[derive(Debug, Clone, PartialEq)]
struct ComponentSays {
    status: Status,
    confirmed: bool,
    claims: Vec<Claim>,
    operator: Option<(Status, Instant)>,
}

impl PageWord {
    /// What the page of a site says by its status.
    pub fn of(status: &SiteStatus) -> Self {
        let snapshot = &status.snapshot;
        let Headline {
            state,
            affected,
            confirmed,
            valid_until,
            ..
        } = &snapshot.headline;
        let components = snapshot.components.iter().map(|component| ComponentSays {
            status: component.status,
            confirmed: component.confirmed,
            claims: (component.evidence.as_ref()).map_or_else(Vec::new, |it| it.claims.clone()),
            operator: component.operator.as_ref().map(|it| (it.status, it.until)),
        });
        let contradictions = snapshot.contradictions.iter();
        let contradictions = contradictions.map(|it| (it.signal, it.components.clone()));
        let open = [
            &snapshot.incidents,
            &snapshot.maintenances,
            &snapshot.notices,
        ];
        let evidence = snapshot.components.iter();
        let evidence = evidence.map(|it| it.evidence.as_ref()?.valid_until);
        Self {
            says: Says {
                headline: (*state, affected.clone(), *confirmed),
                components: components.collect(),
                contradictions: contradictions.collect(),
                breaches: (status.signals.iter().map(|it| it.breach().is_some())).collect(),
                open: open.into_iter().flatten().copied().collect(),
            },
            until: [*valid_until].into_iter().chain(evidence).collect(),
        }
    }

    /// What the page of a site says at an instant.
    pub fn at(site: &Site, now: Instant) -> Self {
        Self::of(&SiteStatus::new(site, now))
    }

    /// Whether another page says the same, though for another time.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.says == other.says
    }

    /// When a page that was built at `built` and says this is to be built again, because another one would hold for longer:
    /// half of what was left is over then.
    pub fn renewal(&self, built: Instant, other: &Self) -> Option<Instant> {
        let both = self.until.iter().zip(&other.until);
        let longer = both.filter_map(|(held, holds)| held.filter(|held| Some(*held) < *holds));
        longer.map(|held| built + (held - built) / 2).min()
    }

    /// The state of the headline.
    pub fn state(&self) -> HeadlineState {
        self.says.headline.0
    }

    /// The end of the all-clear.
    pub fn valid_until(&self) -> Option<Instant> {
        self.until.first().copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::fixtures::{at, saw, site};

    /// A site with two components that were last seen operational at these times.
    fn seen(first: &str, second: &str) -> Site {
        let up = |component, to| saw(component, Status::Operational, at("09:00"), at(to));
        site(2).observed("probe", &[up(0, first), up(1, second)])
    }

    #[test]
    fn half_of_what_is_left_is_the_time_to_renew() {
        let page = PageWord::at(&seen("10:00", "09:40"), at("10:00"));
        assert_eq!(page.valid_until(), Some(at("10:40")));
        // Nothing new came.
        assert_eq!(page.renewal(at("10:00"), &page), None);
        // Only what holds for longer now is renewed: to build again renews nothing of the other one.
        let newer = PageWord::at(&seen("10:05", "09:40"), at("10:05"));
        assert!(page.says_the_same(&newer));
        assert_eq!(page.renewal(at("10:00"), &newer), Some(at("10:30")));
        let newer = PageWord::at(&seen("10:05", "10:05"), at("10:05"));
        assert_eq!(page.renewal(at("10:00"), &newer), Some(at("10:20")));
    }

    #[test]
    fn another_status_is_another_word() {
        let page = PageWord::at(&seen("10:00", "10:00"), at("10:00"));
        let down = saw(1, Status::MajorOutage, at("10:05"), at("10:05"));
        let up = saw(1, Status::Operational, at("09:00"), at("10:00"));
        let trouble = seen("10:05", "10:00").observed("probe", &[up, down]);
        assert!(!page.says_the_same(&PageWord::at(&trouble, at("10:05"))));
        // That nobody knows any more is another word, too.
        assert!(!page.says_the_same(&PageWord::at(&seen("10:00", "10:00"), at("12:00"))));
    }
}

//! A component at an instant: its status, and what it rests on.

use super::condition::Condition;
use crate::locale::LocalizedText;
use crate::site::observation::SourceIndex;
use crate::site::region::RegionIndex;
use crate::site::vocabulary::Status;
use crate::time::Instant;

/// A component at an instant.
#[derive(Debug, Clone)]
pub struct ComponentNow {
    /// Its status.
    pub status: Status,
    /// Whether fresh evidence covers it, whatever that says.
    pub confirmed: bool,
    /// Since when it has had this status; `None` where that is longer than the [`LOOK_BACK`](super::LOOK_BACK).
    pub since: Option<Instant>,
    /// Whether a maintenance under way announces it, so that evidence of trouble is no news.
    pub is_excused: bool,
    /// The evidence about it; `None` where no source has observed it yet.
    pub evidence: Option<EvidenceNow>,
    /// The status that its fresh sources show together where no post covers them, those of the other places beside them;
    /// `None` where all of it is covered, or nothing fresh.
    pub untold: Option<Status>,
    /// The word of an operator that is in force.
    pub operator: Option<OperatorWord>,
    /// What is known of it in each region of which anything is, in the order of the site's regions.
    pub regions: Vec<RegionNow>,
    /// The one region to which all that is wrong with it is confined, where author or evidence says so.
    pub confined: Option<Confined>,
}

/// A component in a region at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionNow {
    /// The region.
    pub region: RegionIndex,
    /// Its status there: the worst that a post, a fresh source of the region, or a signal of it says.
    pub status: Status,
    /// Since when, as far as what says so tells.
    pub since: Option<Instant>,
    /// When a source of the region last saw it.
    pub confirmed_at: Option<Instant>,
    /// The sources of the region that have seen it, by name.
    pub sources: Vec<SourceIndex>,
    /// Until when what its sources show holds, where any of them is fresh.
    pub valid_until: Option<Instant>,
    /// Since when every source of the region that is fresh now has shown it operational.
    pub operational_since: Option<Instant>,
}

/// The confinement of all that is wrong with a component to one region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confined {
    /// The region.
    pub region: RegionIndex,
    /// Until when evidence shows that it is otherwise elsewhere; `None` where an author says it.
    pub until: Option<Instant>,
}

impl ComponentNow {
    /// Its status, and whether evidence confirms it.
    pub fn condition(&self) -> Condition {
        Condition {
            status: self.status,
            confirmed: self.confirmed,
        }
    }

    /// The region to which all that is wrong with it is confined.
    pub fn confined_to(&self) -> Option<RegionIndex> {
        self.confined.map(|it| it.region)
    }

    /// What is known of it in each region, where that is not the same in all.
    pub fn differing_regions(&self) -> &[RegionNow] {
        let first = self.regions.first().map(|it| it.status);
        let differ = self.regions.iter().any(|it| Some(it.status) != first);
        match differ || self.confined.is_some() {
            true => &self.regions,
            false => &[],
        }
    }
}

/// The evidence about a component at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceNow {
    /// Its sources, which are sorted by name.
    pub sources: Vec<SourceIndex>,
    /// The end of the newest observation.
    pub confirmed_at: Instant,
    /// Until when its observations hold, or held: those of one source are enough.
    pub held_until: Instant,
    /// The same where that is still to come: at least one source is fresh.
    pub valid_until: Option<Instant>,
    /// The claims of fresh sources, worst first; an operator's word is among them.
    pub claims: Vec<Claim>,
    /// The number of its fresh voices, without operators: its sources, of which those of one region are one.
    pub fresh: usize,
    /// The status that its fresh sources show together, as many as it takes; an operator's word does not count.
    pub shown: Option<Status>,
    /// Since when every source that is fresh now has shown the component operational.
    pub operational_since: Option<Instant>,
}

impl EvidenceNow {
    /// Whether what is claimed differs; an operator's word is among that.
    pub fn differs(&self) -> bool {
        differ(self.claims.iter())
    }

    /// Whether its sources contradict one another, apart from an operator.
    pub fn sources_differ(&self) -> bool {
        differ(self.claims.iter().filter(|claim| !claim.is_operator))
    }

    /// Whether it shows trouble that too few sources are fresh to be sure of.
    pub fn is_short_of(&self, quorum: usize) -> bool {
        self.fresh < quorum && self.shown == Some(Status::Suspected)
    }
}

fn differ<'a>(mut claims: impl Iterator<Item = &'a Claim>) -> bool {
    let first = claims.next().map(|claim| claim.status);
    claims.any(|claim| Some(claim.status) != first)
}

/// The status of a component according to a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The source.
    pub source: SourceIndex,
    /// Whether that is an operator, whose word is no evidence.
    pub is_operator: bool,
    /// The status.
    pub status: Status,
}

/// The word of an operator about a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorWord {
    /// The status.
    pub status: Status,
    /// Why, for readers.
    pub reason: LocalizedText,
    /// The instant from which it holds.
    pub from: Instant,
    /// The instant until which it holds.
    pub until: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::fixtures::at;

    /// What sources claim, of which the one with the number 0 is an operator.
    fn evidence(claims: &[(usize, Status)], shown: Status) -> EvidenceNow {
        let claim = |(source, status): &(usize, Status)| Claim {
            source: SourceIndex(*source),
            is_operator: *source == 0,
            status: *status,
        };
        EvidenceNow {
            sources: Vec::new(),
            confirmed_at: at("10:00"),
            held_until: at("11:00"),
            valid_until: None,
            claims: claims.iter().map(claim).collect(),
            fresh: claims.len(),
            shown: Some(shown),
            operational_since: None,
        }
    }

    #[test]
    fn sources_differ_from_one_another_and_from_an_operator() {
        use Status::{MajorOutage, Operational, Suspected};
        for (claims, differs, sources_differ) in [
            (&[][..], false, false),
            (&[(1, Operational), (2, Operational)], false, false),
            (&[(0, MajorOutage), (1, Operational)], true, false),
            (&[(1, MajorOutage), (2, Operational)], true, true),
        ] {
            let evidence = evidence(claims, Suspected);
            assert_eq!(evidence.differs(), differs, "{claims:?}");
            assert_eq!(evidence.sources_differ(), sources_differ, "{claims:?}");
        }
    }

    #[test]
    fn trouble_that_fewer_than_the_quorum_look_for_is_short_of_it() {
        use Status::{MajorOutage, Suspected};
        let two = [(1, MajorOutage), (2, MajorOutage)];
        for (shown, quorum, is_short) in [
            (Suspected, 3, true),
            (Suspected, 2, false),
            (Suspected, 1, false),
            (MajorOutage, 3, false),
        ] {
            let evidence = evidence(&two, shown);
            assert_eq!(evidence.is_short_of(quorum), is_short, "{shown:?} {quorum}");
        }
    }
}

//! The headline: the page's one answer to "does it work?".

use std::collections::BTreeSet;

use strum::IntoStaticStr;

use super::breach::SignalStatus;
use super::component::ComponentNow;
use super::condition::Conditions;
use super::course::Course;
use crate::site::Site;
use crate::site::component::ComponentIndex;
use crate::site::region::RegionIndex;
use crate::site::vocabulary::{State, Status, Word};
use crate::time::Instant;

/// The headline of a site at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headline {
    /// Its state.
    pub state: HeadlineState,
    /// The components that make it say so; empty where it rests on no component in particular.
    pub affected: Vec<ComponentIndex>,
    /// For an unknown status: since when the first of those components has been unconfirmed, where
    /// it was ever confirmed.
    pub since: Option<Instant>,
    /// For an all-clear: the first instant at which a build of the same files would no longer give it.
    pub valid_until: Option<Instant>,
    /// For an incident: whether it is only being watched.
    pub monitoring: bool,
    /// The one region to which all that is bad is confined, where the state is trouble, an incident or a maintenance.
    pub region: Option<RegionIndex>,
    /// How many components fresh evidence covers.
    pub confirmed: usize,
}

impl Headline {
    /// Its severity for programs.
    pub fn indicator(&self) -> Indicator {
        self.state.indicator()
    }
}

/// The states of a headline, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum HeadlineState {
    /// Every component is in a major outage.
    MajorOutage,
    /// One component is in a major outage, or all are in a partial outage.
    PartialOutage,
    /// A component is in a partial outage.
    MinorOutage,
    /// A component works, but badly.
    DegradedPerformance,
    /// Evidence contradicts what is said.
    Suspected,
    /// An incident is open that takes nothing down.
    Incident,
    /// Evidence is required and none is fresh.
    Unknown,
    /// A maintenance is under way.
    Maintenance,
    /// Nothing is wrong as far as anybody said, but not everything is confirmed.
    NoKnownProblems,
    /// Fresh evidence confirms every component.
    AllClear,
}

impl Word for HeadlineState {}

impl HeadlineState {
    /// Whether something does not work, or seems not to.
    pub fn is_trouble(self) -> bool {
        match self {
            Self::MajorOutage
            | Self::PartialOutage
            | Self::MinorOutage
            | Self::DegradedPerformance
            | Self::Suspected => true,
            Self::Incident
            | Self::Unknown
            | Self::Maintenance
            | Self::NoKnownProblems
            | Self::AllClear => false,
        }
    }

    /// Its severity for programs, as Statuspage's API has it.
    pub fn indicator(self) -> Indicator {
        match self {
            Self::MajorOutage => Indicator::Critical,
            Self::PartialOutage => Indicator::Major,
            Self::MinorOutage
            | Self::DegradedPerformance
            | Self::Suspected
            | Self::Incident
            | Self::Unknown => Indicator::Minor,
            Self::Maintenance => Indicator::Maintenance,
            Self::NoKnownProblems | Self::AllClear => Indicator::None,
        }
    }
}

/// The severity of a headline for programs, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Indicator {
    /// Nothing is known to be wrong.
    None,
    /// Something is down as announced.
    Maintenance,
    /// Something is wrong, or nobody knows.
    Minor,
    /// Much is down.
    Major,
    /// All is down.
    Critical,
}

impl Word for Indicator {}

/// The headline at an instant, of components and the courses of open incidents.
pub(super) fn headline(
    site: &Site,
    components: &[ComponentNow],
    signals: &[SignalStatus],
    open: &[&Course],
    at: Instant,
) -> Headline {
    let watched: Vec<&Course> = (open.iter().copied())
        .filter(|course| takes_nothing_down(course))
        .collect();
    // A signal without fresh samples cannot contradict anything, so nothing is clear beside it.
    let silent: BTreeSet<ComponentIndex> = site
        .signals
        .iter()
        .zip(signals)
        .filter(|(_, state)| state.valid_until.is_none_or(|until| until <= at))
        .flat_map(|(signal, _)| signal.components.iter().copied())
        .collect();
    let conditions = Conditions::of(components.iter().map(ComponentNow::condition));
    let state = conditions.state(!watched.is_empty(), !silent.is_empty());
    let affected: Vec<ComponentIndex> = components
        .iter()
        .enumerate()
        .filter(|(index, component)| {
            causes(component, state)
                || state == HeadlineState::NoKnownProblems
                    && silent.contains(&ComponentIndex(*index))
        })
        .map(|(index, _)| ComponentIndex(index))
        .collect();
    let since = affected
        .iter()
        .filter_map(|component| components[component.0].since)
        .min()
        .filter(|_| state == HeadlineState::Unknown);
    let monitoring = state == HeadlineState::Incident
        && watched
            .iter()
            .all(|course| course.state == Some(State::Monitoring));
    Headline {
        state,
        affected,
        since,
        // The forecast says it.
        valid_until: None,
        monitoring,
        region: region(components, state, &watched),
        confirmed: components
            .iter()
            .enumerate()
            .filter(|(index, component)| {
                component.confirmed && !silent.contains(&ComponentIndex(*index))
            })
            .count(),
    }
}

/// The one region to which all that is bad is confined: all components in trouble, all under maintenance, or all incidents
/// that take nothing down.
fn region(
    components: &[ComponentNow],
    state: HeadlineState,
    watched: &[&Course],
) -> Option<RegionIndex> {
    let of_components = |is_meant: fn(Status) -> bool| {
        let meant = components.iter().filter(|it| is_meant(it.status));
        the_same(meant.map(ComponentNow::confined_to))
    };
    match state {
        HeadlineState::Maintenance => of_components(|it| it == Status::UnderMaintenance),
        HeadlineState::Incident => the_same(watched.iter().map(|it| match it.regions.as_slice() {
            [region] => Some(*region),
            _ => None,
        })),
        state if state.is_trouble() => of_components(|it| it >= Status::Suspected),
        _ => None,
    }
}

/// The one region that all of some name; `None` where there are none.
fn the_same(mut regions: impl Iterator<Item = Option<RegionIndex>>) -> Option<RegionIndex> {
    let first = regions.next()?;
    first.filter(|_| regions.all(|it| it == first))
}

/// Whether all components of an open incident are operational.
pub(super) fn takes_nothing_down(course: &Course) -> bool {
    let mut statuses = course.affected.iter().map(|affected| affected.now);
    statuses.all(|status| status == Status::Operational)
}

impl Conditions {
    /// The state of the headline, where incidents are open that take nothing down, or signals are silent.
    pub(super) fn state(&self, is_watched: bool, is_silent: bool) -> HeadlineState {
        let of_incidents = match is_watched {
            true => HeadlineState::Incident,
            false => HeadlineState::AllClear,
        };
        // Worse states stand before better ones.
        match self.of_components().min(of_incidents) {
            HeadlineState::AllClear if is_silent => HeadlineState::NoKnownProblems,
            state => state,
        }
    }

    /// The worst state that components give a headline: the first row of the table that matches.
    fn of_components(&self) -> HeadlineState {
        let any = |status| self.has(status);
        let all = |status| self.have_all(status);
        if all(Status::MajorOutage) {
            HeadlineState::MajorOutage
        } else if any(Status::MajorOutage) || all(Status::PartialOutage) {
            HeadlineState::PartialOutage
        } else if any(Status::PartialOutage) {
            HeadlineState::MinorOutage
        } else if any(Status::DegradedPerformance) {
            HeadlineState::DegradedPerformance
        } else if any(Status::Suspected) {
            HeadlineState::Suspected
        } else if any(Status::Unknown) {
            HeadlineState::Unknown
        } else if any(Status::UnderMaintenance) {
            HeadlineState::Maintenance
        } else if any(Status::Operational) && self.worst().confirmed {
            HeadlineState::AllClear
        } else {
            HeadlineState::NoKnownProblems
        }
    }
}

/// Whether a component is among the reasons for a headline.
fn causes(component: &ComponentNow, state: HeadlineState) -> bool {
    match state {
        HeadlineState::MajorOutage | HeadlineState::PartialOutage | HeadlineState::MinorOutage => {
            component.status.is_outage()
        }
        HeadlineState::DegradedPerformance => component.status == Status::DegradedPerformance,
        HeadlineState::Suspected => component.status == Status::Suspected,
        HeadlineState::Unknown => component.status == Status::Unknown,
        HeadlineState::Maintenance => component.status == Status::UnderMaintenance,
        HeadlineState::NoKnownProblems => !component.confirmed,
        HeadlineState::Incident | HeadlineState::AllClear => false,
    }
}

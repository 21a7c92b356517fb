//! The words of Statuspage's API for what is known here.
//!
//! Its enumerations are closed: typed clients refuse a word that they do not know, and two read one as operational. So
//! whatever is not confirmed goes by the mildest word of trouble, and the object `allclear` beside it has the exact one.

use crate::locale::LanguageIndex;
use crate::output::summary;
use crate::site::Site;
use crate::site::vocabulary::{State, Status, Word};
use crate::status::{HeadlineState, Indicator, SiteStatus};

/// The impact of every maintenance.
pub(super) const MAINTENANCE: &str = "maintenance";

/// The impact of a notice, which has no effect on any status.
pub(super) const NO_IMPACT: &str = "none";

/// The status of a component.
pub(super) fn component(status: Status) -> &'static str {
    match status {
        Status::Suspected | Status::Unknown => Status::DegradedPerformance.as_str(),
        status => status.as_str(),
    }
}

/// The state of an incident or a maintenance, or of an update of one; it never is `update`, but for a post that no
/// update has given a state.
///
/// Statuspage knows no cancelled maintenance: there it is over.
pub(super) fn state(state: State) -> &'static str {
    match state {
        State::Cancelled => State::Completed.as_str(),
        State::Update => State::Investigating.as_str(),
        state => state.as_str(),
    }
}

/// The state of a notice: Statuspage has none, and teams write there an incident without impact, which they only watch.
pub(super) fn notice(is_over: bool) -> &'static str {
    match is_over {
        true => State::Resolved.as_str(),
        false => State::Monitoring.as_str(),
    }
}

/// The indicator of the headline. Strict clients do not know `maintenance`, which Statuspage sends all the same: a site
/// may ask for it.
pub(super) fn indicator(site: &Site, state: HeadlineState) -> &'static str {
    match state.indicator() {
        Indicator::Maintenance if !site.settings.build.maintenance_indicator => {
            Indicator::None.as_str()
        }
        indicator => indicator.as_str(),
    }
}

/// The headline in Statuspage's words, by which clients know it; in ours where Statuspage has none.
pub(super) fn description(site: &Site, status: &SiteStatus) -> String {
    let words = match status.snapshot.headline.state {
        HeadlineState::MajorOutage => "Major System Outage",
        HeadlineState::PartialOutage => "Partial System Outage",
        HeadlineState::MinorOutage => "Minor Service Outage",
        HeadlineState::DegradedPerformance => "Partially Degraded Service",
        HeadlineState::Maintenance => "Service Under Maintenance",
        HeadlineState::AllClear => "All Systems Operational",
        HeadlineState::Suspected
        | HeadlineState::Incident
        | HeadlineState::Unknown
        | HeadlineState::NoKnownProblems => return summary::headline(site, status),
    };
    match status.snapshot.headline.region {
        Some(region) => {
            let name = site.regions[region.0].name.text(LanguageIndex::DEFAULT);
            format!("{words} in {name}")
        }
        None => words.to_owned(),
    }
}

//! The part of a course that each kind of post computes in its own way.

use std::collections::BTreeSet;

use super::log::{Effect, Log};
use crate::site::component::ComponentIndex;
use crate::site::region::RegionIndex;
use crate::site::vocabulary::State;
use crate::time::Instant;

/// The places in which components are covered: by an open incident that names them, or by a maintenance under way.
pub type Places = BTreeSet<(ComponentIndex, Option<RegionIndex>)>;

/// A time in which a post covers a component, so that evidence of trouble there is no contradiction: an incident
/// while it is open and names it, a maintenance while it has it under maintenance.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cover {
    /// The component.
    pub component: ComponentIndex,
    /// The region in which it covers it; `None` for everywhere.
    pub region: Option<RegionIndex>,
    /// The regions that everywhere leaves out.
    pub except: Vec<RegionIndex>,
    /// The instant at which it begins.
    pub from: Instant,
    /// The instant at which it ends, later than `from`; `None` while it lasts.
    pub until: Option<Instant>,
}

impl Cover {
    /// The time of an effect in a region, or everywhere but in some.
    pub(super) fn of(effect: Effect, region: Option<RegionIndex>, except: &[RegionIndex]) -> Self {
        let Effect {
            component,
            from,
            until,
            ..
        } = effect;
        Self {
            component,
            region,
            except: match region {
                Some(_) => Vec::new(),
                None => except.to_vec(),
            },
            from,
            until,
        }
    }

    /// The places that it covers, of a site with so many regions: each region, and what is in none, which is `None`.
    pub fn places(&self, regions: usize) -> impl Iterator<Item = Option<RegionIndex>> {
        let all = (0..regions).map(|at| Some(RegionIndex(at)));
        std::iter::once(None)
            .chain(all)
            .filter(|place| match (self.region, place) {
                (None, None) => true,
                (None, Some(place)) => !self.except.contains(place),
                (region, place) => region == *place,
            })
    }
}

/// The part of a course that does not depend on whether the post is published.
#[derive(Debug)]
pub(super) struct PartialCourse {
    /// Its state; `None` for a notice.
    pub(super) state: Option<State>,
    /// Whether it is going on.
    pub(super) is_open: bool,
    /// Whether no further update is due.
    pub(super) is_over: bool,
    /// When it began, or will.
    pub(super) start: Instant,
    /// When it was over, or will be where that is announced.
    pub(super) end: Option<Instant>,
    /// When it entered the history.
    pub(super) entered: Instant,
    /// The statuses that it gives its components.
    pub(super) log: Log,
    /// The times in which it covers components.
    pub(super) covered: Vec<Cover>,
}

//! The statuses that one post gives its components, entered in the order of time.

use std::collections::{BTreeMap, BTreeSet};

use crate::site::component::ComponentIndex;
use crate::site::region::RegionIndex;
use crate::site::update::Change;
use crate::site::vocabulary::Status;
use crate::time::Instant;

/// A status that a post gives a component for some time: the worst of all places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Effect {
    /// The component.
    pub component: ComponentIndex,
    /// Its status; never operational.
    pub status: Status,
    /// The instant from which it holds.
    pub from: Instant,
    /// The instant until which it holds, later than `from`; `None` while it holds.
    pub until: Option<Instant>,
}

/// A component that a post names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Affected {
    /// The component.
    pub component: ComponentIndex,
    /// Its current status in this post: the worst of all places.
    pub now: Status,
    /// Its worst status in this post so far.
    pub worst: Status,
}

/// The present status of a component in one region, or wherever nothing else is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Regional {
    /// The component.
    pub component: ComponentIndex,
    /// The region; `None` for everywhere that has no status of its own.
    pub region: Option<RegionIndex>,
    /// Its status there.
    pub now: Status,
    /// Since when.
    pub since: Instant,
}

/// The statuses of each component so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Log {
    /// The regions that the post concerns; everywhere where there is none.
    concerned: Vec<RegionIndex>,
    lines: Vec<LogLine>,
    /// The line of each component.
    line_of: BTreeMap<ComponentIndex, usize>,
    past: Vec<Effect>,
}

#[derive(Debug, Clone)]
struct LogLine {
    component: ComponentIndex,
    /// The worst of its places.
    status: Status,
    since: Instant,
    worst: Status,
    /// The statuses by place, each with the instant from which it holds: of everywhere, and of regions of their own.
    places: Vec<(Option<RegionIndex>, Status, Instant)>,
}

/// What a log says in the end.
pub(super) struct Finished {
    pub(super) affected: Vec<Affected>,
    pub(super) effects: Vec<Effect>,
    pub(super) regional: Vec<Regional>,
}

impl Log {
    /// A log of a post that concerns only these regions; of one that concerns everywhere where there is none.
    pub(super) fn of(regions: &[RegionIndex]) -> Self {
        Self {
            concerned: regions.to_vec(),
            ..Self::default()
        }
    }

    /// Enters a component's status from `at` on, which is not earlier than what was entered before, everywhere that the
    /// post concerns.
    pub(super) fn set(&mut self, component: ComponentIndex, status: Status, at: Instant) {
        self.enter(Change::everywhere(component, status), at);
    }

    /// Enters a change from `at` on, which is not earlier than what was entered before.
    ///
    /// A region that a post of some regions names is one more of these.
    pub(super) fn enter(&mut self, change: Change, at: Instant) {
        let Change {
            component,
            region,
            status,
        } = change;
        if let Some(region) = region
            && !self.concerned.is_empty()
            && !self.concerned.contains(&region)
        {
            self.concerned.push(region);
        }
        let line = *self.line_of.entry(component).or_insert(self.lines.len());
        if self.lines.len() == line {
            self.lines.push(LogLine {
                component,
                status: Status::Operational,
                since: at,
                worst: Status::Operational,
                places: Vec::new(),
            });
        }
        let line = &mut self.lines[line];
        match region {
            Some(_) => line.set(region, status, at),
            None if self.concerned.is_empty() => line.set_everywhere(status, at),
            None => {
                for region in &self.concerned {
                    line.set(Some(*region), status, at);
                }
            }
        }
        line.settle(at, &mut self.past);
    }

    /// Enters that all components are operational from `at` on.
    pub(super) fn clear(&mut self, at: Instant) {
        for line in &mut self.lines {
            for region in line.places.iter().map(|place| place.0).collect::<Vec<_>>() {
                line.set(region, Status::Operational, at);
            }
            line.settle(at, &mut self.past);
        }
    }

    /// The regions that the post concerns; none where that is everywhere.
    pub(super) fn concerned(&self) -> &[RegionIndex] {
        &self.concerned
    }

    /// The regions in which some component has a status of its own.
    pub(super) fn regions(&self) -> BTreeSet<RegionIndex> {
        let places = self.lines.iter().flat_map(|line| &line.places);
        places.filter_map(|place| place.0).collect()
    }

    /// The present status of every component that was entered, in a region, or wherever it has none of its own.
    pub(super) fn statuses(
        &self,
        region: Option<RegionIndex>,
    ) -> impl Iterator<Item = (ComponentIndex, Status)> {
        self.lines
            .iter()
            .map(move |line| (line.component, line.status_in(region)))
    }

    /// Every component that was entered, and every status, without the times in which a component was
    /// operational.
    pub(super) fn finish(self) -> Finished {
        let Self { lines, past, .. } = self;
        let mut effects = past;
        let lasting = lines.iter().filter(|it| it.status != Status::Operational);
        effects.extend(lasting.map(|line| Effect {
            component: line.component,
            status: line.status,
            from: line.since,
            until: None,
        }));
        let affected = lines.iter().map(|line| Affected {
            component: line.component,
            now: line.status,
            worst: line.worst.max(line.status),
        });
        let regional = lines.iter().flat_map(|line| {
            let places = line.places.iter();
            places.map(|(region, now, since)| Regional {
                component: line.component,
                region: *region,
                now: *now,
                since: *since,
            })
        });
        Finished {
            affected: affected.collect(),
            regional: regional.collect(),
            effects,
        }
    }
}

impl LogLine {
    /// The status in a region, or wherever there is none of its own.
    fn status_in(&self, region: Option<RegionIndex>) -> Status {
        let of = |wanted: Option<RegionIndex>| {
            let mut places = self.places.iter();
            places.find(|place| place.0 == wanted).map(|place| place.1)
        };
        of(region).or(of(None)).unwrap_or(Status::Operational)
    }

    /// Sets the status of a place.
    fn set(&mut self, region: Option<RegionIndex>, status: Status, at: Instant) {
        let mut places = self.places.iter_mut();
        match places.find(|place| place.0 == region) {
            Some((_, now, since)) if *now != status => (*now, *since) = (status, at),
            Some(_) => {}
            None => self.places.push((region, status, at)),
        }
    }

    /// Sets the status everywhere: no region has one of its own any more.
    fn set_everywhere(&mut self, status: Status, at: Instant) {
        self.places.retain(|place| place.0.is_none());
        self.set(None, status, at);
    }

    /// Settles the status of the component after its places have changed.
    fn settle(&mut self, at: Instant, past: &mut Vec<Effect>) {
        let status = self.places.iter().map(|place| place.1).max();
        let status = status.unwrap_or(Status::Operational);
        if status == self.status {
            return;
        }
        // A status that is replaced at the same instant does not count.
        if self.since < at {
            self.worst = self.worst.max(self.status);
            if self.status != Status::Operational {
                past.push(Effect {
                    component: self.component,
                    status: self.status,
                    from: self.since,
                    until: Some(at),
                });
            }
        }
        self.status = status;
        self.since = at;
    }
}

//! The statuses that one post gives its components, entered in the order of time.

use std::collections::BTreeMap;

use crate::site::component::ComponentIndex;
use crate::site::vocabulary::Status;
use crate::time::Instant;

/// A status that a post gives a component for some time.
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
    /// Its current status in this post.
    pub now: Status,
    /// Its worst status in this post so far.
    pub worst: Status,
}

/// The statuses of each component so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Log {
    lines: Vec<LogLine>,
    /// The line of each component.
    line_of: BTreeMap<ComponentIndex, usize>,
    past: Vec<Effect>,
}

#[derive(Debug, Clone)]
struct LogLine {
    component: ComponentIndex,
    status: Status,
    since: Instant,
    worst: Status,
}

impl Log {
    /// Enters a component's status from `at` on, which is not earlier than what was entered before.
    pub(super) fn set(&mut self, component: ComponentIndex, status: Status, at: Instant) {
        let line = *self.line_of.entry(component).or_insert(self.lines.len());
        match self.lines.get_mut(line) {
            Some(line) => line.change(status, at, &mut self.past),
            None => self.lines.push(LogLine {
                component,
                status,
                since: at,
                worst: Status::Operational,
            }),
        }
    }

    /// Enters that all components are operational from `at` on.
    pub(super) fn clear(&mut self, at: Instant) {
        for line in &mut self.lines {
            line.change(Status::Operational, at, &mut self.past);
        }
    }

    /// The present status of every component that was entered.
    pub(super) fn statuses(&self) -> impl Iterator<Item = (ComponentIndex, Status)> {
        self.lines.iter().map(|line| (line.component, line.status))
    }

    /// Every component that was entered, and every status, without the times in which a component was
    /// operational.
    pub(super) fn finish(self) -> (Vec<Affected>, Vec<Effect>) {
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
        (affected.collect(), effects)
    }
}

impl LogLine {
    fn change(&mut self, status: Status, at: Instant, past: &mut Vec<Effect>) {
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

//! The statuses that one incident gives its components, entered in the order of time.

use super::{Affected, Effect};
use crate::site::component::{ComponentIndex, Status};
use crate::time::Instant;

/// What was said of each component, and since when.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    lines: Vec<Line>,
    past: Vec<Effect>,
}

#[derive(Debug)]
struct Line {
    component: ComponentIndex,
    status: Status,
    since: Instant,
    worst: Status,
}

impl Ledger {
    /// A component has a status from `at` on, which is not earlier than what was entered before.
    pub(super) fn set(&mut self, component: ComponentIndex, status: Status, at: Instant) {
        let known = self
            .lines
            .iter_mut()
            .find(|line| line.component == component);
        match known {
            Some(line) => line.change(status, at, &mut self.past),
            None => self.lines.push(Line {
                component,
                status,
                since: at,
                worst: Status::Operational,
            }),
        }
    }

    /// All components are operational from `at` on.
    pub(super) fn clear(&mut self, at: Instant) {
        for line in &mut self.lines {
            line.change(Status::Operational, at, &mut self.past);
        }
    }

    /// What was entered, without the times in which a component was operational.
    pub(super) fn effects(self) -> Vec<Effect> {
        let mut effects = self.past;
        effects.extend(
            self.lines
                .iter()
                .filter(|line| line.status != Status::Operational)
                .map(|line| Effect {
                    component: line.component,
                    status: line.status,
                    from: line.since,
                    until: None,
                }),
        );
        effects
    }

    /// Every component that was entered.
    pub(super) fn affected(self) -> Vec<Affected> {
        self.lines
            .into_iter()
            .map(|line| Affected {
                component: line.component,
                now: line.status,
                worst: line.worst.max(line.status),
            })
            .collect()
    }
}

impl Line {
    fn change(&mut self, status: Status, at: Instant, past: &mut Vec<Effect>) {
        if status == self.status {
            return;
        }
        // What another word of the same instant replaces never was.
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

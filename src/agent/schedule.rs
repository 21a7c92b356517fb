//! When things are due that are done again and again.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use crate::site::probe::Probe;
use crate::time::Instant;

/// Something that is done again and again.
#[derive(Debug, Clone, Copy)]
pub struct Turn {
    every: TimeDelta,
    last: Option<Instant>,
}

impl Turn {
    /// Something that is done so often, and was never done.
    pub fn new(every: TimeDelta) -> Self {
        Self { every, last: None }
    }

    /// The same with another time between two turns.
    pub fn every(self, every: TimeDelta) -> Self {
        Self { every, ..self }
    }

    /// When it is due next: at once where it was never done, and where the clock was set back behind the last time.
    pub fn next(self, now: Instant) -> Instant {
        match self.last {
            Some(last) if last <= now => last + self.every,
            _ => now,
        }
    }

    /// Notes that it is done.
    pub fn done(&mut self, now: Instant) {
        self.last = Some(now);
    }
}

/// When each probe is to ask.
#[derive(Debug, Default)]
pub struct Schedule {
    /// What the turns are of, to tell whether these are still the same probes.
    probes: Vec<String>,
    turns: Vec<Turn>,
    /// Those that wait for an answer.
    asking: BTreeSet<usize>,
}

impl Schedule {
    /// Takes over the probes of a site. Where they are others, all are due.
    pub fn adopt(&mut self, probes: &[Probe]) {
        let names: Vec<String> = probes.iter().map(name).collect();
        if self.probes == names {
            return;
        }
        let turns = probes.iter().map(|probe| Turn::new(probe.every));
        *self = Self {
            turns: turns.collect(),
            probes: names,
            asking: BTreeSet::new(),
        };
    }

    /// The probes that are due, which are asking from now on.
    pub fn ask(&mut self, now: Instant) -> Vec<usize> {
        let mut due = Vec::new();
        for (index, turn) in self.turns.iter_mut().enumerate() {
            if !self.asking.contains(&index) && turn.next(now) <= now {
                turn.done(now);
                due.push(index);
            }
        }
        self.asking.extend(&due);
        due
    }

    /// Notes that probes have their answers.
    pub fn answered(&mut self, probes: &[usize]) {
        for probe in probes {
            self.asking.remove(probe);
        }
    }

    /// Whether a probe waits for an answer.
    pub fn is_asking(&self) -> bool {
        !self.asking.is_empty()
    }

    /// When the next probe is due that does not wait for an answer.
    pub fn next(&self, now: Instant) -> Option<Instant> {
        let waiting = self.turns.iter().enumerate();
        let waiting = waiting.filter(|(index, _)| !self.asking.contains(index));
        waiting.map(|(_, turn)| turn.next(now)).min()
    }
}

/// What tells a probe from another one.
fn name(probe: &Probe) -> String {
    format!(
        "{:?} {} {} {:?}",
        probe.components, probe.source, probe.every, probe.kind
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::fixtures::at;

    fn schedule(every: &[i64]) -> Schedule {
        let turns = every
            .iter()
            .map(|every| Turn::new(TimeDelta::seconds(*every)));
        Schedule {
            turns: turns.collect(),
            ..Schedule::default()
        }
    }

    #[test]
    fn each_probe_is_asked_as_often_as_it_says() {
        let mut schedule = schedule(&[60, 90]);
        let mut asked = Vec::new();
        let mut now = at("10:00");
        while now <= at("10:04") {
            let due = schedule.ask(now);
            schedule.answered(&due);
            asked.push((now, due));
            now = schedule.next(now).unwrap_or(now);
        }
        let expected = [
            ("10:00", vec![0, 1]),
            ("10:01", vec![0]),
            ("10:01:30", vec![1]),
            ("10:02", vec![0]),
            ("10:03", vec![0, 1]),
            ("10:04", vec![0]),
        ];
        assert_eq!(asked, expected.map(|(now, due)| (at(now), due)));
    }

    #[test]
    fn a_probe_that_waits_for_an_answer_is_not_asked_again() {
        let mut schedule = schedule(&[10, 60]);
        assert_eq!(schedule.ask(at("10:00")), [0, 1]);
        assert!(schedule.is_asking());
        assert!(schedule.ask(at("10:05")).is_empty());
        assert_eq!(schedule.next(at("10:05")), None);
        schedule.answered(&[0]);
        assert_eq!(schedule.next(at("10:05")), Some(at("10:00:10")));
        assert_eq!(schedule.ask(at("10:05")), [0]);
        schedule.answered(&[0, 1]);
        assert!(!schedule.is_asking());
    }

    #[test]
    fn a_clock_that_was_set_back_holds_nobody_up() {
        let mut schedule = schedule(&[60]);
        let due = schedule.ask(at("29 10:00"));
        schedule.answered(&due);
        assert_eq!(schedule.ask(at("28 10:00")), [0]);
    }
}

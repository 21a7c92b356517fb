//! Looks: first tries, tries again, and what they say.

use std::time::{Duration, Instant as Moment};

use chrono::TimeDelta;

use super::ask::outcome;
use super::control::Control;
use super::obstacle::Obstacle;
use super::side_by_side::side_by_side;
use super::tools::Tools;
use crate::diagnostic::Fault;
use crate::fetch::{FetchError, Networks, Secrets};
use crate::site::Site;
use crate::site::component::Component;
use crate::site::probe::question::{Asked, Outcome, Reading, Verdict};
use crate::site::probe::{Probe, ProbeIndex};
use crate::site::vocabulary::Status;
use crate::time::Instant;

/// What a probe saw.
#[derive(Debug, Clone, PartialEq)]
pub struct Looked {
    /// The probe.
    pub probe: ProbeIndex,
    /// What it says of its components; no verdict is [`Verdict::Failed`] any more.
    pub readings: Vec<Reading>,
    /// How long the last try took.
    pub took: Duration,
    /// What keeps it from ever looking; `None` where nothing does.
    pub obstacle: Option<Obstacle>,
}

/// The part of a timeout after which a failed look is repeated, so that what fails for a moment is over.
const PAUSE: u32 = 20;

/// The time by which the clocks of machines may differ.
const TOLERANCE: TimeDelta = TimeDelta::minutes(1);

/// The part of a timeout that a try again has at least, for less is no try.
const LEAST: u32 = 10;

/// The time within which a look ends, with all of its tries: less than one and a half times its timeout, so that what it
/// saw is written by then as well.
fn whole(timeout: Duration) -> Duration {
    timeout * 7 / 5
}

/// The time that the control addresses have, beside the tries again.
fn share_of_control(timeout: Duration) -> Duration {
    timeout * 3 / 10
}

/// What the probes that are due see, in their order.
pub fn look(site: &Site, due: &[ProbeIndex], tools: Tools<'_>) -> Vec<Looked> {
    let control = Control::new(&site.settings.probe.control);
    side_by_side(due, |&index| {
        Looker::new(site, index, tools).looked(&control)
    })
}

/// What the probes that are due see, each brought as soon as it is there.
pub fn look_each(
    site: &Site,
    due: &[ProbeIndex],
    tools: Tools<'_>,
    bring: &(dyn Fn(Looked) + Sync),
) {
    let control = Control::new(&site.settings.probe.control);
    side_by_side(due, |&index| {
        bring(Looker::new(site, index, tools).looked(&control));
    });
}

/// What is done once a look was not good.
enum Work<'a> {
    /// The control addresses are asked.
    Control(&'a Control<'a>),
    /// The probe looks again.
    Again(&'a Try),
}

/// What came of it.
enum Done {
    /// Why no control address answers.
    Control(Option<String>),
    /// The best try.
    Again(Try),
}

/// A probe that looks.
struct Looker<'a> {
    index: ProbeIndex,
    probe: &'a Probe,
    components: &'a [Component],
    networks: Networks,
    timeout: Duration,
    secrets: Secrets,
    tools: Tools<'a>,
}

/// One try of a look.
#[derive(Clone)]
struct Try {
    readings: Vec<Reading>,
    at: Instant,
    took: Duration,
    obstacle: Option<Obstacle>,
}

/// How good a try was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Grade {
    /// Nothing is wrong, or nothing can be said.
    Good,
    /// The answer is good, but came late.
    Slow,
    /// The service did not answer as it should.
    Failed,
}

impl Try {
    fn grade(&self) -> Grade {
        let grades = self.readings.iter().map(|it| match it.verdict {
            Verdict::Failed => Grade::Failed,
            // Only what was measured is slow; others say what a monitor says.
            Verdict::Seen(Status::DegradedPerformance, _) if it.latency.is_some() => Grade::Slow,
            Verdict::Seen(..) | Verdict::Silent => Grade::Good,
        });
        grades.max().unwrap_or(Grade::Good)
    }
}

impl<'a> Looker<'a> {
    fn new(site: &'a Site, index: ProbeIndex, tools: Tools<'a>) -> Self {
        let probe = &site.probes[index.0];
        let asks = probe.kind.asks();
        let texts = asks.iter().flat_map(|ask| ask.texts());
        Self {
            index,
            probe,
            components: &site.components,
            networks: site.settings.probe.networks,
            timeout: probe.timeout.to_std().unwrap_or_default(),
            secrets: Secrets::of(texts, tools.environment),
            tools,
        }
    }

    /// One try, all questions of which are asked within a time.
    fn look(&self, timeout: Duration) -> Try {
        let begin = Moment::now();
        let seen = Fault::caught(|| {
            let mut outcomes = Vec::new();
            for ask in self.probe.kind.asks() {
                let left = timeout.saturating_sub(begin.elapsed());
                outcomes.push(match left.is_zero() {
                    true => Outcome::Failed(FetchError::TimedOut),
                    false => outcome(&ask, left, self.networks, self.tools),
                });
            }
            let asked = Asked {
                at: (self.tools.clock)(),
                components: self.components,
            };
            let readings = self.probe.read(asked, &outcomes);
            let obstacle = Obstacle::of(&outcomes, &readings, &self.secrets);
            (readings, obstacle)
        });
        let (readings, obstacle) = seen.unwrap_or_else(|fault| {
            let why = format!("allclear failed: {fault}");
            let silent = self.probe.subject().of_all(Verdict::Silent, &why, None);
            (silent, None)
        });
        Try {
            readings,
            at: (self.tools.clock)(),
            took: begin.elapsed(),
            obstacle,
        }
    }

    /// What all tries say together.
    fn looked(&self, control: &Control<'_>) -> Looked {
        let end = Moment::now() + whole(self.timeout);
        let first = self.look(self.timeout);
        let mut work = vec![Work::Again(&first)];
        match first.grade() {
            Grade::Good => return self.said(first, None),
            Grade::Slow => {}
            Grade::Failed => work.insert(0, Work::Control(control)),
        }
        let done = side_by_side(&work, |work| match work {
            Work::Control(control) => {
                Done::Control(control.why_silent(share_of_control(self.timeout)))
            }
            Work::Again(first) => Done::Again(self.look_again(first, end)),
        });
        drop(work);
        let (mut best, mut why_silent) = (first, None);
        for done in done {
            match done {
                Done::Control(why) => why_silent = why,
                Done::Again(again) => best = again,
            }
        }
        self.said(best, why_silent.as_deref())
    }

    /// The best of a try that was not good and those that follow it until a moment; of equals the last.
    fn look_again(&self, first: &Try, end: Moment) -> Try {
        let mut best = first.clone();
        for _ in 0..self.probe.retries {
            if best.grade() == Grade::Good {
                break;
            }
            std::thread::sleep(self.timeout / PAUSE / self.probe.retries);
            let left = end.saturating_duration_since(Moment::now());
            if left < self.timeout / LEAST {
                break;
            }
            let again = self.look(left.min(self.timeout));
            if again.grade() <= best.grade() {
                best = again;
            }
        }
        best
    }

    /// What a look says in the end, with why no control address answers.
    fn said(&self, last: Try, why_silent: Option<&str>) -> Looked {
        let Try {
            mut readings,
            at,
            took,
            obstacle,
        } = last;
        for reading in &mut readings {
            reading.why = self.secrets.hidden(&reading.why);
            match reading.verdict {
                Verdict::Failed => match why_silent {
                    None => reading.verdict = Verdict::Seen(self.probe.bad, at),
                    Some(why) => {
                        reading.verdict = Verdict::Silent;
                        reading.why = format!("{}; {why}", reading.why);
                    }
                },
                Verdict::Seen(_, seen) if seen > at + TOLERANCE => {
                    reading.verdict = Verdict::Silent;
                    reading.why = format!("{}; its clock is ahead of ours", reading.why);
                }
                Verdict::Seen(..) | Verdict::Silent => {}
            }
        }
        Looked {
            probe: self.index,
            readings,
            took,
            obstacle,
        }
    }
}

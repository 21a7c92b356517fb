//! Looks: first tries, tries again, and what they say.

use std::time::{Duration, Instant as Moment};

use chrono::TimeDelta;

use super::ask::outcome;
use super::control;
use super::side_by_side::side_by_side;
use super::tools::Tools;
use crate::diagnostic::Fault;
use crate::fetch::{FetchError, Networks, Secrets};
use crate::site::Site;
use crate::site::component::Component;
use crate::site::probe::question::{Asked, Outcome, Reading, Verdict};
use crate::site::probe::{Probe, ProbeIndex};
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
}

/// The part of a timeout after which a failed look is repeated, so that what fails for a moment is over.
const PAUSE: u32 = 20;

/// The time by which the clocks of machines may differ.
const TOLERANCE: TimeDelta = TimeDelta::minutes(1);

/// The time that all tries but the first share, and that the control addresses have: three tenths of a timeout, so
/// that all of it ends well within one and a half times the timeout.
fn share_of_retries(timeout: Duration) -> Duration {
    timeout * 3 / 10
}

/// What the probes that are due see, in their order.
pub fn look(site: &Site, due: &[ProbeIndex], tools: Tools<'_>) -> Vec<Looked> {
    let due: Vec<Looker<'_>> = due
        .iter()
        .map(|&index| Looker::new(site, index, tools))
        .collect();
    let mut tries = side_by_side(&due, |looker| looker.look(looker.timeout));
    let failed: Vec<usize> = (0..due.len())
        .filter(|it| tries[*it].has_failed())
        .collect();
    let longest = failed.iter().map(|it| due[*it].timeout).max();
    let Some(longest) = longest else {
        let said = due.iter().zip(tries);
        return said.map(|(it, last)| it.said(last, None)).collect();
    };
    // The control addresses first, and beside them all that looks again.
    let work: Vec<Work> = [Work::Control]
        .into_iter()
        .chain(failed.into_iter().map(Work::Again))
        .collect();
    let results = side_by_side(&work, |work| match work {
        Work::Control => {
            let control = &site.settings.probe.control;
            Done::Control(control::why_silent(control, share_of_retries(longest)))
        }
        Work::Again(index) => Done::Again(*index, due[*index].look_again()),
    });
    let mut why_silent = None;
    for done in results {
        match done {
            Done::Control(why) => why_silent = why,
            Done::Again(index, Some(last)) => tries[index] = last,
            Done::Again(_, None) => {}
        }
    }
    let said = due.iter().zip(tries);
    said.map(|(looker, last)| looker.said(last, why_silent.as_deref()))
        .collect()
}

/// What is done once a look has failed.
enum Work {
    /// The control addresses are asked.
    Control,
    /// A probe looks again.
    Again(usize),
}

/// What came of it.
enum Done {
    /// Why no control address answers.
    Control(Option<String>),
    /// The last try of a probe.
    Again(usize, Option<Try>),
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
struct Try {
    readings: Vec<Reading>,
    at: Instant,
    took: Duration,
}

impl Try {
    fn has_failed(&self) -> bool {
        self.readings.iter().any(|it| it.verdict == Verdict::Failed)
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
        let readings = Fault::caught(|| {
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
            self.probe.read(asked, &outcomes)
        });
        let readings = readings.unwrap_or_else(|fault| {
            let why = format!("allclear failed: {fault}");
            self.probe.subject().of_all(Verdict::Silent, &why, None)
        });
        Try {
            readings,
            at: (self.tools.clock)(),
            took: begin.elapsed(),
        }
    }

    /// The last of the tries after a failed one, of which none follows one that has not failed; `None` where there is none.
    fn look_again(&self) -> Option<Try> {
        let begin = Moment::now();
        let share = share_of_retries(self.timeout);
        let mut last = None;
        for left in (1..=self.probe.retries).rev() {
            std::thread::sleep(self.timeout / PAUSE / self.probe.retries);
            let time = share.saturating_sub(begin.elapsed()) / left;
            if time.is_zero() {
                break;
            }
            let again = self.look(time);
            let has_failed = again.has_failed();
            last = Some(again);
            if !has_failed {
                break;
            }
        }
        last
    }

    /// What a look says in the end, with why no control address answers.
    fn said(&self, last: Try, why_silent: Option<&str>) -> Looked {
        let Try {
            mut readings,
            at,
            took,
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
        }
    }
}

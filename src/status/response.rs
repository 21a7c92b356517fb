//! Response times: how long it took to detect trouble, to tell readers of it, and to end it.
//!
//! The signs of trouble are its start, the first breach of a signal, and the moment the team knew. Each
//! delay is counted only where both of its ends were said or seen: an incident file without `started`
//! begins with its first update by definition, and says nothing of a response time.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::breach;
use super::course::Course;
use super::facts::Facts;
use super::occurrence::Occurrence;
use crate::site::Site;
use crate::site::component::ComponentIndex;
use crate::site::post::{Incident, Kind};
use crate::site::signal::SignalIndex;
use crate::site::vocabulary::State;
use crate::time::Instant;

/// The moments of an incident or a maintenance between which response times lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseTimes {
    /// When it began.
    pub started: Instant,
    /// Whether that was said, and not just taken from the first update: delays are counted from there.
    pub is_start_said: bool,
    /// Since when a signal of its components had breached that did so during it: the first such moment, however long
    /// before its start.
    pub breached: Option<Instant>,
    /// When the team knew.
    pub detected: Option<Instant>,
    /// When readers were first told.
    pub first_update: Option<Instant>,
    /// When it was over.
    pub ended: Option<Instant>,
    /// By how much each promised update was late that came late, in their order.
    pub late: Vec<TimeDelta>,
    /// Since when an update is overdue that was promised and has not come.
    pub overdue: Option<Instant>,
    /// By how much a maintenance lasted longer than announced.
    pub overran: Option<TimeDelta>,
}

impl ResponseTimes {
    /// From its start to when the team knew; `None` where one of the two is not said, as below.
    pub fn to_detect(&self) -> Option<TimeDelta> {
        self.after_start(self.detected)
    }

    /// From its start to the first update.
    pub fn to_first_update(&self) -> Option<TimeDelta> {
        self.after_start(self.first_update)
    }

    /// From the first breach to the first update; nothing where the update came first.
    pub fn from_breach(&self) -> Option<TimeDelta> {
        let delay = self.first_update? - self.breached?;
        Some(delay.max(TimeDelta::zero()))
    }

    /// From its start to its end.
    pub fn to_end(&self) -> Option<TimeDelta> {
        self.after_start(self.ended)
    }

    fn after_start(&self, at: Option<Instant>) -> Option<TimeDelta> {
        at.filter(|_| self.is_start_said)
            .map(|at| (at - self.started).max(TimeDelta::zero()))
    }
}

/// The response of a team to an occurrence of a post.
#[derive(Debug, Default)]
pub struct Response {
    /// The signals that show it, of an incident: those that its file names, or else those of its components
    /// that breached while it was open.
    pub signals: Vec<ShownSignal>,
    /// The moments of it; `None` for a notice, and for what is not published or has not begun.
    pub times: Option<ResponseTimes>,
}

/// A signal that shows an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownSignal {
    /// The signal.
    pub signal: SignalIndex,
    /// When it first breached, if it did.
    pub breached: Option<Instant>,
}

/// The response to each occurrence, in their order.
pub(super) fn responses(facts: Facts<'_>) -> Vec<Response> {
    let breached = breached(facts);
    let occurrences = facts.occurrences.par_iter();
    occurrences
        .map(|occurrence| response(facts, &breached, occurrence))
        .collect()
}

/// The signals of each component that ever breached.
type Breached = BTreeMap<ComponentIndex, Vec<SignalIndex>>;

fn breached(facts: Facts<'_>) -> Breached {
    let mut breached = Breached::new();
    let signals = facts.site.signals.iter().zip(facts.signals).enumerate();
    for (index, (signal, _)) in signals.filter(|(_, (_, state))| !state.breaches.is_empty()) {
        for component in &signal.components {
            let of_component = breached.entry(*component).or_default();
            of_component.push(SignalIndex(index));
        }
    }
    breached
}

fn response(facts: Facts<'_>, breached: &Breached, occurrence: &Occurrence) -> Response {
    let post = facts.site.post(occurrence.post);
    let course = &occurrence.course;
    if !course.is_published {
        return Response::default();
    }
    let signals = match &post.kind {
        Kind::Incident(incident) => shown_signals(facts, breached, incident, course),
        Kind::Maintenance(_) | Kind::Notice(_) => Vec::new(),
    };
    let times = times(facts, occurrence, &signals);
    Response { signals, times }
}

/// The signals that show an incident.
fn shown_signals(
    facts: Facts<'_>,
    breached: &Breached,
    incident: &Incident,
    course: &Course,
) -> Vec<ShownSignal> {
    let until = course.end.unwrap_or(facts.now).min(facts.now);
    let shown = |index: SignalIndex| {
        let breaches = &facts.signals[index.0].breaches;
        let after = breaches
            .partition_point(|breach| breach.until.is_some_and(|end| end <= incident.started));
        let first = breaches.get(after).filter(|breach| breach.since < until);
        ShownSignal {
            signal: index,
            breached: first.map(|breach| breach.since),
        }
    };
    if !incident.signals.is_empty() {
        return incident.signals.iter().copied().map(shown).collect();
    }
    let affected = course.affected.iter();
    let signals = affected.filter_map(|it| breached.get(&it.component));
    let signals: BTreeSet<SignalIndex> = signals.flatten().copied().collect();
    signals
        .into_iter()
        .map(shown)
        .filter(|it| it.breached.is_some())
        .collect()
}

/// The moments of an occurrence that is published; `None` for a notice, and for what has not begun.
fn times(
    facts: Facts<'_>,
    occurrence: &Occurrence,
    signals: &[ShownSignal],
) -> Option<ResponseTimes> {
    let (course, now) = (&occurrence.course, facts.now);
    if now < course.start {
        return None;
    }
    let ended = course.end.filter(|end| *end <= now);
    let updates = occurrence.published(facts.site);
    let promises = updates.iter().zip(updates.iter().skip(1));
    let late = promises.filter_map(|(update, next)| Some(next.at - update.next?));
    let mut times = ResponseTimes {
        started: course.start,
        is_start_said: true,
        breached: None,
        detected: None,
        first_update: updates.first().map(|update| update.at),
        ended,
        late: late.filter(|late| *late > TimeDelta::zero()).collect(),
        overdue: course.next_update.filter(|next| *next < now),
        overran: None,
    };
    match &facts.site.post(occurrence.post).kind {
        Kind::Notice(_) => return None,
        Kind::Incident(incident) => {
            times.is_start_said = incident.is_start_said;
            times.detected = incident.detected.filter(|at| *at <= now);
            times.breached = signals.iter().filter_map(|it| it.breached).min();
        }
        Kind::Maintenance(_) => {
            let late = ended.unwrap_or(now) - occurrence.window?.ends();
            times.overran = Some(late).filter(|late| *late > TimeDelta::zero());
        }
    }
    Some(times)
}

/// The earliest instant at which anything looks at a signal for the sake of an incident.
pub(super) fn first_look(site: &Site, occurrences: &[Occurrence], now: Instant) -> Instant {
    let incidents = occurrences.iter().filter(|occurrence| {
        let is_incident = matches!(site.post(occurrence.post).kind, Kind::Incident(_));
        is_incident && occurrence.course.is_published
    });
    let first = incidents.map(|Occurrence { course, .. }| {
        let end = course.end.unwrap_or(now).min(now);
        course.start - around(course.start, end)
    });
    first.min().unwrap_or(now)
}

/// The time before and after an incident that its charts show.
pub fn around(start: Instant, end: Instant) -> TimeDelta {
    ((end - start) / 4).max(TimeDelta::hours(1))
}

/// The response times of a period in figures: medians, each `None` where nothing was counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overview {
    /// How many incidents began.
    pub incidents: usize,
    /// From their start to when the team knew.
    pub to_detect: Option<TimeDelta>,
    /// From their start to the first update.
    pub to_first_update: Option<TimeDelta>,
    /// From the first breach of a signal to the first update.
    pub from_breach: Option<TimeDelta>,
    /// From their start to their end, of those that are over.
    pub to_end: Option<TimeDelta>,
    /// How many promised updates came late or are overdue.
    pub late: usize,
    /// How many maintenances took place.
    pub maintenances: usize,
    /// How many of those lasted longer than announced.
    pub overran: usize,
}

/// The response times of what began from `from` on.
pub(super) fn overview(facts: Facts<'_>, responses: &[Response], from: Instant) -> Overview {
    let is_incident = |occurrence: &Occurrence| {
        matches!(facts.site.post(occurrence.post).kind, Kind::Incident(_))
    };
    let begun = (facts.occurrences.iter().zip(responses))
        .filter_map(|(occurrence, response)| Some((occurrence, response.times.as_ref()?)))
        .filter(|(_, times)| from <= times.started);
    let (incidents, maintenances): (Vec<_>, Vec<_>) =
        begun.partition(|(occurrence, _)| is_incident(occurrence));
    let median = |delay: fn(&ResponseTimes) -> Option<TimeDelta>| {
        let mut seconds: Vec<f64> = (incidents.iter())
            .filter_map(|(_, times)| delay(times))
            .map(|delay| delay.as_seconds_f64())
            .collect();
        let median = breach::median(&mut seconds)?;
        Some(TimeDelta::seconds(median.round() as i64))
    };
    let overran = maintenances.iter().filter(|(_, it)| it.overran.is_some());
    let took_place = (maintenances.iter()).filter(|(it, _)| !was_called_off(&it.course));
    Overview {
        incidents: incidents.len(),
        to_detect: median(ResponseTimes::to_detect),
        to_first_update: median(ResponseTimes::to_first_update),
        from_breach: median(ResponseTimes::from_breach),
        to_end: median(ResponseTimes::to_end),
        late: (incidents.iter().chain(&maintenances))
            .map(|(_, times)| times.late.len() + usize::from(times.overdue.is_some()))
            .sum(),
        maintenances: took_place.count(),
        overran: overran.count(),
    }
}

/// Whether a maintenance was called off before it began.
fn was_called_off(course: &Course) -> bool {
    course.state == Some(State::Cancelled) && course.entered < course.start
}

#[cfg(test)]
mod tests;

//! The shortest record of what was observed: a build that knows only this says the same as one that knows every line.
//!
//! A monitor that says the same again while its word still holds has said one thing, and no two lines overlap: each says
//! all that there is to say of its time. What is not believed is left out, as it counts for nothing, and so is what lies
//! further back than any page looks. Of each source and component one observation from before that time stays, because
//! since its first one evidence may be required.

use chrono::TimeDelta;

use super::observed::{Credible, credible, silences};
use super::period::LOOK_BACK;
use crate::site::Site;
use crate::site::component::ComponentIndex;
use crate::site::observation::{Observation, Source};
use crate::time::Instant;

/// The time that the record goes back: longer than any page looks.
pub const RECORDED: TimeDelta = TimeDelta::days(400);

/// The shortest record of what each source of a site had observed by `now`, in the order of [`Site::sources`], and of
/// each source by component and then by time.
pub fn shortest(site: &Site, now: Instant) -> Vec<Vec<Observation>> {
    let sources = site.sources.iter();
    let records = sources.map(|source| {
        let observations = source.observations.iter().as_slice();
        let of_each = observations.chunk_by(|a, b| a.component == b.component);
        let record = of_each.flat_map(|observations| match source.is_operator() {
            true => words(observations, now),
            false => states(site, source, observations, now),
        });
        record.collect()
    });
    records.collect()
}

/// What an operator said of a component, as far as [`Interventions`](super::Interventions) list it: every word has its
/// own reason.
fn words(said: &[Observation], now: Instant) -> Vec<Observation> {
    let begun = said.partition_point(|word| word.from <= now);
    let is_listed = |word: &Observation| {
        let claim = word.claim.as_ref();
        claim.is_some_and(|claim| now - LOOK_BACK < claim.until)
    };
    let first = said[..begun].iter().position(is_listed).unwrap_or(begun);
    let words = said[first..begun].iter().cloned();
    // One that is over stays where it ends an earlier one.
    let words = words.map(|word| Observation {
        to: word.to.min(now),
        ..word
    });
    words.collect()
}

/// What a monitor saw of a component.
fn states(site: &Site, source: &Source, seen: &[Observation], now: Instant) -> Vec<Observation> {
    let Some(component) = seen.first().map(|first| first.component) else {
        return Vec::new();
    };
    let (silences, valid_for) = (silences(source), site.components[component.0].valid_for);
    let credible = seen
        .iter()
        .filter_map(|it| credible(it, valid_for, &silences, now));
    let mut credible = credible.peekable();
    let mut merged: Vec<Credible<'_>> = Vec::new();
    while let Some(next) = credible.next() {
        // Of several of one instant the last one counts, and the others held for no time at all.
        if credible.peek().is_some_and(|last| last.from == next.from) {
            continue;
        }
        match merged.last_mut() {
            Some(last) if last.status == next.status && next.from <= last.until => {
                last.seen = next.seen;
                last.until = next.until;
            }
            _ => merged.push(next),
        }
    }
    // A look in the middle of a longer one ends it. Its line ends there, too, or it would seem to know all that comes
    // before its end.
    for index in 1..merged.len() {
        let next = merged[index].from;
        let line = &mut merged[index - 1];
        line.seen = line.seen.min(next);
    }
    let ends = (0..merged.len()).map(|index| {
        let next = merged.get(index + 1);
        next.map_or(merged[index].until, |next| {
            next.from.min(merged[index].until)
        })
    });
    let old = ends.take_while(|end| *end <= now - RECORDED).count();
    let recent = merged.into_iter().skip(old.saturating_sub(1));
    recent.map(|state| observation(component, state)).collect()
}

fn observation(component: ComponentIndex, state: Credible<'_>) -> Observation {
    Observation {
        component,
        status: state.status,
        from: state.from,
        to: state.seen,
        claim: None,
    }
}

#[cfg(test)]
mod tests;

//! Component states as text: their lines, sets of them that were pulled from the live page, and files in their shortest
//! form.

use std::collections::{BTreeMap, HashMap};

use chrono::{SecondsFormat, TimeDelta};
use serde::Serialize;

use crate::characters::escaped_json;
use crate::locale::LanguageIndex;
use crate::site::component::{Component, ComponentIndex};
use crate::site::observation::{Observation, Override};
use crate::site::read::evidence::{PlacedLine, States};
use crate::site::vocabulary::Word as _;
use crate::time::Instant;

/// A line, with the keys of a site's evidence.
#[derive(Debug, Serialize)]
struct Line<'a> {
    component: &'a str,
    status: &'static str,
    from: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    source: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

/// What is written of an observation by names.
#[derive(Debug, Clone, Copy)]
pub struct NamedObservation<'a> {
    /// The name of the source.
    pub source: &'a str,
    /// The component's id.
    pub component: &'a str,
    /// The observation.
    pub seen: &'a Observation,
}

/// The line of an observation, with its line end. Instants keep their fractions of a second.
pub fn line(named: NamedObservation<'_>) -> String {
    let exact = |instant: Instant| instant.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    let seen = named.seen;
    let claim = seen.claim.as_deref();
    let line = Line {
        component: named.component,
        status: seen.status.as_str(),
        from: exact(seen.from),
        to: (seen.to != seen.from).then(|| exact(seen.to)),
        source: named.source,
        reason: claim.map(|claim| claim.reason.text(LanguageIndex::DEFAULT)),
        until: claim.map(|claim| exact(claim.until)),
    };
    // A struct of texts always has a JSON form.
    escaped_json(serde_json::to_string(&line).unwrap_or_default()) + "\n"
}

/// What was pulled, as the text of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PulledText {
    /// The text.
    pub text: String,
    /// The number of lines that were not there before.
    pub added: usize,
}

/// The text of what was pulled with what is new of a live page. Of a live line nothing is new where the site knows as
/// much; `known` is that in its shortest form, by the names of sources.
///
/// It is a set: the order in which pages are pulled does not matter, nor how often.
///
/// An operator's word that is not over as of `now` is left to the site's own files: it could not be taken back otherwise.
pub fn pulled(
    components: &[Component],
    before: &States,
    live: &States,
    known: &BTreeMap<&str, Vec<Observation>>,
    now: Instant,
) -> PulledText {
    let mut sources: BTreeMap<&str, Vec<Observation>> = BTreeMap::new();
    for (source, lines) in before {
        sources.insert(source, lines.to_vec());
    }
    for (source, lines) in live {
        let known = known.get(source.as_str()).map_or(&[][..], Vec::as_slice);
        let lines = unknown(lines, known).into_iter();
        let lines = lines.filter(|it| it.claim.as_ref().is_none_or(|claim| claim.until <= now));
        sources.entry(source).or_default().extend(lines);
    }
    let mut pulled = PulledText {
        text: String::new(),
        added: 0,
    };
    for (source, lines) in sources {
        let before = before.get(source).map_or(&[][..], |lines| lines.as_slice());
        for seen in &set_of(lines) {
            pulled.added += usize::from(!before.contains(seen));
            pulled.text.push_str(&line(NamedObservation {
                source,
                component: &components[seen.component.0].id,
                seen,
            }));
        }
    }
    pulled
}

/// The observations that are not known yet. What is known is in its shortest form, where each line says all that there is
/// to say of its time.
fn unknown(seen: &[Observation], known: &[Observation]) -> Vec<Observation> {
    let mut by_component: HashMap<ComponentIndex, Vec<&Observation>> = HashMap::new();
    for line in known {
        by_component.entry(line.component).or_default().push(line);
    }
    let is_known = |line: &Observation| {
        let known = by_component
            .get(&line.component)
            .map_or(&[][..], Vec::as_slice);
        let begun = &known[..known.partition_point(|it| it.from <= line.from)];
        let Some(last) = begun.last() else {
            return false;
        };
        // An operator may have said several things at one instant.
        let mut newest = begun.iter().rev().take_while(|it| it.from == last.from);
        newest.any(|it| says_as_much(it, line))
    };
    seen.iter().filter(|it| !is_known(it)).cloned().collect()
}

/// Whether an observation says all that another one does. Each word of an operator is one of its own.
fn says_as_much(line: &Observation, other: &Observation) -> bool {
    let is_same = line.component == other.component
        && line.status == other.status
        && line.claim == other.claim;
    let begins = match line.claim {
        Some(_) => line.from == other.from,
        None => line.from <= other.from,
    };
    is_same && begins && other.to <= line.to
}

/// A set of observations of one source without those of which others say as much. It does not matter in which order or
/// how often they are given.
fn set_of(mut lines: Vec<Observation>) -> Vec<Observation> {
    let until = |claim: &Option<Box<Override>>| claim.as_ref().map(|claim| claim.until);
    // Of those that begin together the longest comes first.
    lines.sort_by(|a, b| {
        let key = |it: &Observation| (it.component, it.status, it.from);
        let reason =
            |it: &Observation| it.claim.as_ref().map(|claim| format!("{:?}", claim.reason));
        let by_claim = until(&a.claim).cmp(&until(&b.claim));
        let by_claim = by_claim.then_with(|| reason(a).cmp(&reason(b)));
        key(a).cmp(&key(b)).then(by_claim).then(b.to.cmp(&a.to))
    });
    let mut kept: Vec<Observation> = Vec::new();
    for line in lines {
        // All that is kept of a component and a status begins and ends later than what stands before it.
        if !kept.last().is_some_and(|last| says_as_much(last, &line)) {
            kept.push(line);
        }
    }
    kept.sort_by_key(|it| (it.component, it.from, it.status, it.to));
    kept
}

/// What else is known of the lines of a file.
#[derive(Debug)]
pub struct Around<'a> {
    /// The time for which the observations of each component hold.
    pub valid_for: &'a [TimeDelta],
    /// The ids of the components.
    pub ids: &'a [&'a str],
    /// The starts and ends of all lines in other files, by source and component, sorted.
    pub others: &'a Bounds,
    /// The times in which a source is not believed.
    pub silences: &'a BTreeMap<String, Vec<(Instant, Instant)>>,
    /// Lines that reach beyond it stay as they are: nobody can have seen that yet.
    pub present: Instant,
}

/// The starts and ends of lines, by source and component: a line says what it says at both.
pub type Bounds = BTreeMap<(String, ComponentIndex), Vec<Instant>>;

/// The text of a file of JSON Lines in its shortest form: lines of a source that say the same of a component, one while
/// the other still holds, become one. All others stay as they are, to the byte, and so does what an operator says.
///
/// The lines are all lines of the text, in its order.
pub fn compacted(text: &str, lines: &[PlacedLine], around: &Around<'_>) -> String {
    let mut by_key: BTreeMap<(&str, ComponentIndex), Vec<usize>> = BTreeMap::new();
    for (number, line) in lines.iter().enumerate() {
        let key = (line.source.as_str(), line.seen.component);
        by_key.entry(key).or_default().push(number);
    }
    // What becomes of each line: nothing, or another end; the first of several has the end of the last.
    let mut ends: Vec<Option<Instant>> = lines.iter().map(|line| Some(line.seen.to)).collect();
    for numbers in by_key.values_mut() {
        numbers.sort_by_key(|number| lines[*number].seen.from);
        let mut first: Option<usize> = None;
        for number in numbers.iter().copied() {
            let next = &lines[number];
            let goes_on = first.filter(|first| {
                let last = Observation {
                    to: ends[*first].unwrap_or(next.seen.to),
                    ..lines[*first].seen.clone()
                };
                around.is_one(&next.source, &last, &next.seen)
            });
            match goes_on {
                Some(first) => {
                    ends[first] = Some(next.seen.to);
                    ends[number] = None;
                }
                None => first = Some(number),
            }
        }
    }
    let mut written = String::new();
    for (line, end) in lines.iter().zip(&ends) {
        match end {
            None => {}
            Some(end) if *end == line.seen.to => {
                written.push_str(&text[line.span.clone()]);
                written.push('\n');
            }
            Some(end) => written.push_str(&around.longer(line, *end)),
        }
    }
    written
}

impl Around<'_> {
    /// Whether two observations of a source, of which none of the same file stands in between, are one.
    fn is_one(&self, source: &str, last: &Observation, next: &Observation) -> bool {
        let holds_until = last.to + self.valid_for[last.component.0];
        let is_same = last.status == next.status && last.claim.is_none() && next.claim.is_none();
        let goes_on = last.to <= next.to && next.from <= holds_until && next.to <= self.present;
        is_same && goes_on && !self.is_between(source, last, next)
    }

    /// Whether something in another file, or a silence, lies between two observations.
    fn is_between(&self, source: &str, last: &Observation, next: &Observation) -> bool {
        let key = (source.to_owned(), last.component);
        let bounds = self.others.get(&key).map_or(&[][..], Vec::as_slice);
        let first = bounds.partition_point(|bound| *bound < last.from);
        let is_other = bounds.get(first).is_some_and(|bound| *bound <= next.to);
        let holds_until = next.to + self.valid_for[next.component.0];
        let mut silences = self.silences.get(source).into_iter().flatten();
        is_other || silences.any(|(from, until)| *from <= holds_until && last.from <= *until)
    }

    /// The line of an observation with another end, as `record` writes it.
    fn longer(&self, placed: &PlacedLine, end: Instant) -> String {
        let seen = Observation {
            to: end,
            ..placed.seen.clone()
        };
        line(NamedObservation {
            source: &placed.source,
            component: self.ids[seen.component.0],
            seen: &seen,
        })
    }
}

#[cfg(test)]
mod tests;

//! Evidence of the future, which is not believed: nobody can have seen it.
//!
//! A monitor whose clock is ahead, or that writes its own zone with a `Z`, would renew an all-clear for hours after
//! its last look. As of the present, what it claims to have seen later counts for nothing. A long line whose end alone is
//! of the future, as one of months that a single look by such a clock has made longer, is believed up to where it has just
//! run out: it renews nothing, and its history is not lost. As history, files are cut at the instant of the page instead,
//! and nothing here is done.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::evidence::{self, States};
use super::evidence_files::EvidenceFiles;
use super::samples;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, SourceFile};
use crate::site::component::ComponentIndex;
use crate::site::latency::LatencySample;
use crate::site::observation::Observation;
use crate::site::signal::Sample;
use crate::time::{self, Instant};

const HINT: &str = "nobody can have seen it yet, so it counts for nothing now: look at the clock and the time zone of what wrote it";

/// The states of a file that are believed; others are reported, and their components added to `disbelieved`.
pub(super) fn believed_states(
    states: States,
    file: &Arc<SourceFile>,
    evidence: EvidenceFiles<'_>,
    diagnostics: &mut Diagnostics,
    disbelieved: &mut BTreeSet<ComponentIndex>,
) -> States {
    let Some((now, limit)) = evidence.as_of.limit() else {
        return states;
    };
    let is_believed = |observation: &Observation| observation.seen_until() <= limit;
    if states.values().all(|it| it.iter().all(is_believed)) {
        return states;
    }
    for finding in found_in(file, evidence, limit) {
        disbelieved.insert(finding.component);
        let message = format!(
            "what `{}` has of `{}` here reaches to {}, and it is {} now{}",
            finding.source,
            evidence.components.all()[finding.component.0].id,
            time::rfc3339(finding.reaches),
            time::rfc3339(now),
            and_more(finding.more)
        );
        let place = Place::new(file, finding.span);
        diagnostics.push(Diagnostic::warning(Code::FutureEvidence, place, message).hint(HINT));
    }
    let believed = states.into_iter().map(|(source, observations)| {
        let believed = observations.iter().filter_map(|it| match is_believed(it) {
            true => Some(it.clone()),
            false => run_out(it, evidence, now),
        });
        (source, Arc::new(believed.collect()))
    });
    believed.collect()
}

/// An observation whose end is not believed, as far as it has run out by `now`; `None` where its start is too late for
/// that.
fn run_out(seen: &Observation, evidence: EvidenceFiles<'_>, now: Instant) -> Option<Observation> {
    let to = now - evidence.components.all()[seen.component.0].valid_for;
    (seen.claim.is_none() && seen.from <= to).then(|| Observation { to, ..seen.clone() })
}

/// The first line of a source about a component that is of the future.
struct FutureLine {
    source: String,
    component: ComponentIndex,
    span: Range<usize>,
    reaches: Instant,
    /// The number of such lines after it.
    more: usize,
}

/// The lines of a file that are of the future, one for each source and component, in the order of the file.
fn found_in(
    file: &Arc<SourceFile>,
    evidence: EvidenceFiles<'_>,
    limit: Instant,
) -> Vec<FutureLine> {
    let mut found: Vec<FutureLine> = Vec::new();
    let mut places: BTreeMap<(String, ComponentIndex), usize> = BTreeMap::new();
    // What is wrong with its lines was reported when they were read.
    let mut reported = Diagnostics::new();
    let EvidenceFiles {
        components, zone, ..
    } = evidence;
    evidence::each_observation(file, components, zone, &mut reported, |line| {
        let observation = &line.observation;
        if observation.seen_until() <= limit {
            return;
        }
        let key = (line.source.clone().into_owned(), observation.component);
        match places.get(&key) {
            Some(at) => found[*at].more += 1,
            None => {
                found.push(FutureLine {
                    source: key.0.clone(),
                    component: key.1,
                    span: line.span.clone(),
                    reaches: observation.seen_until(),
                    more: 0,
                });
                places.insert(key, found.len() - 1);
            }
        }
    });
    found
}

/// The samples of a signal that are believed; others are reported.
pub(super) fn believed_samples(
    samples: Arc<Vec<Sample>>,
    signal: &str,
    file: &Arc<SourceFile>,
    evidence: EvidenceFiles<'_>,
    diagnostics: &mut Diagnostics,
) -> Arc<Vec<Sample>> {
    let Some((now, limit)) = evidence.as_of.limit() else {
        return samples;
    };
    let believed = samples.partition_point(|sample| sample.at <= limit);
    let Some(first) = samples.get(believed) else {
        return samples;
    };
    let message = format!(
        "a sample of `{signal}` is of {}, and it is {} now{}",
        time::rfc3339(first.at),
        time::rfc3339(now),
        and_more(samples.len() - believed - 1)
    );
    let place = Place::new(file, samples::line_of(file, first.at, evidence.zone));
    diagnostics.push(Diagnostic::warning(Code::FutureEvidence, place, message).hint(HINT));
    Arc::new(samples[..believed].to_vec())
}

/// The latency of a file that is believed; other rows are reported.
pub(super) fn believed_latency(
    samples: Arc<Vec<LatencySample>>,
    file: &Arc<SourceFile>,
    evidence: EvidenceFiles<'_>,
    diagnostics: &mut Diagnostics,
) -> Arc<Vec<LatencySample>> {
    let Some((now, limit)) = evidence.as_of.limit() else {
        return samples;
    };
    let later = samples.iter().filter(|sample| sample.at > limit);
    let Some(first) = later.clone().min_by_key(|sample| sample.at) else {
        return samples;
    };
    let message = format!(
        "a latency of `{}` is of {}, and it is {} now{}",
        evidence.components.all()[first.component.0].id,
        time::rfc3339(first.at),
        time::rfc3339(now),
        and_more(later.count() - 1)
    );
    let place = Place::new(file, samples::line_of(file, first.at, evidence.zone));
    diagnostics.push(Diagnostic::warning(Code::FutureEvidence, place, message).hint(HINT));
    let believed = samples.iter().filter(|sample| sample.at <= limit);
    Arc::new(believed.copied().collect())
}

/// `; 3 more are like it`, or nothing.
fn and_more(more: usize) -> String {
    match more {
        0 => String::new(),
        1 => "; 1 more is like it".to_owned(),
        more => format!("; {more} more are like it"),
    }
}

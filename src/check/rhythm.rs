//! The rhythm at which evidence comes, against the time for which it holds.
//!
//! Lines that a monitor writes do not show each of its looks: `record` moves the end of the last line while nothing changes,
//! and what a page publishes is shorter still. What every form of the same evidence shows alike is its *runs*: looks of
//! which each comes before the one before it has run out, whatever they saw and whichever source it was, since a component
//! holds as long as one of its sources is fresh. Between two runs lies a gap that is longer than `valid_for`; within a run
//! of some length there are at least as many gaps as that length holds times `valid_for`, each no longer than that. So few
//! are counted: more often than that nobody is known to have looked. Over two weeks up to `now` the 95th percentile of all
//! these gaps (nearest rank) is then no less than that of the looks themselves, and it exceeds `valid_for` where more than
//! one gap in twenty is longer.
//!
//! Evidence counts as it came, also from a source that is silenced: this is about what brings it, not about what it says.
//! An operator's word is none. The time since the last look is no gap yet: the page itself says that it is unconfirmed.

use chrono::TimeDelta;

use crate::diagnostic::{Code, Diagnostic};
use crate::locale::english::grouped;
use crate::site::Site;
use crate::site::component::{Component, ComponentIndex, Requirement};
use crate::site::edit::time::duration;
use crate::source::CONFIG;
use crate::time::Instant;

/// The time up to now that is looked at.
const WINDOW: TimeDelta = TimeDelta::days(14);

/// The fewest gaps longer than `valid_for` of which a rhythm is read: a restart of a monitor is none.
const FEWEST: usize = 5;

/// The gaps between looks at a component, as far as its evidence shows them.
#[derive(Debug, Default, PartialEq, Eq)]
struct Gaps {
    /// The gaps that are longer than its evidence holds, shortest first.
    long: Vec<TimeDelta>,
    /// The least number of gaps that are not.
    covered: usize,
}

/// The components of which the evidence comes too seldom for an all-clear to hold: each with its finding.
pub(super) fn slow_evidence(site: &Site, now: Instant) -> Vec<Diagnostic> {
    let since = now - WINDOW;
    let looks = looks(site, since, now);
    let components = site.components.iter().zip(looks);
    // Where evidence need not be there, its end is no doubt.
    let components = components.filter(|(component, _)| component.required != Requirement::Never);
    let found = components.filter_map(|(component, looks)| {
        let gaps = gaps(looks, component.valid_for, since);
        finding(component, &gaps)
    });
    found.collect()
}

/// The looks at each component after `since`, by their beginning: from when to when somebody looked. Of what was before
/// that, the end alone counts.
fn looks(site: &Site, since: Instant, now: Instant) -> Vec<Vec<(Instant, Instant)>> {
    let mut before: Vec<Option<Instant>> = vec![None; site.components.len()];
    let mut looks = vec![Vec::new(); site.components.len()];
    for source in site.sources.iter().filter(|source| !source.is_operator()) {
        for seen in source.observations.iter().filter(|it| it.from <= now) {
            let ComponentIndex(component) = seen.component;
            let to = seen.to.min(now);
            if to < since {
                before[component] = before[component].max(Some(to));
            } else {
                looks[component].push((seen.from, to));
            }
        }
    }
    for (looks, before) in looks.iter_mut().zip(before) {
        looks.extend(before.map(|end| (end, end)));
        looks.sort_unstable();
    }
    looks
}

/// The gaps between looks, those that end after `since`.
fn gaps(looks: Vec<(Instant, Instant)>, valid_for: TimeDelta, since: Instant) -> Gaps {
    let mut gaps = Gaps::default();
    let mut looks = looks.into_iter();
    let Some(mut run) = looks.next() else {
        return gaps;
    };
    for (from, to) in looks {
        let gap = from - run.1;
        if gap <= valid_for {
            run.1 = run.1.max(to);
            continue;
        }
        gaps.covered += in_run(run, valid_for, since);
        if since < from {
            gaps.long.push(gap);
        }
        run = (from, to);
    }
    gaps.covered += in_run(run, valid_for, since);
    gaps.long.sort_unstable();
    gaps
}

/// The least number of gaps in a run after `since`, of which none is longer than evidence holds.
fn in_run((from, to): (Instant, Instant), valid_for: TimeDelta, since: Instant) -> usize {
    let length = (to - from.max(since)).num_seconds().max(0);
    let count = length
        .unsigned_abs()
        .div_ceil(valid_for.num_seconds().max(1).unsigned_abs());
    usize::try_from(count).unwrap_or(usize::MAX)
}

impl Gaps {
    /// The 95th percentile of all gaps, where it is longer than evidence holds and enough is known.
    fn slow(&self) -> Option<TimeDelta> {
        let all = self.long.len() + self.covered;
        if self.long.len() < FEWEST {
            return None;
        }
        let rank = (all * 95).div_ceil(100);
        let index = rank.checked_sub(self.covered + 1)?;
        self.long.get(index).copied()
    }
}

/// The finding that evidence of a component comes too seldom; `None` where it does not.
fn finding(component: &Component, gaps: &Gaps) -> Option<Diagnostic> {
    let slow = gaps.slow()?;
    let Component { id, valid_for, .. } = component;
    let message = format!(
        "the all-clear of `{id}` cannot hold: its evidence holds for {}, and {} times in the last two weeks nothing came for \
         longer, in the middle for {}",
        duration(*valid_for),
        grouped(gaps.long.len()),
        duration(rounded(gaps.long[gaps.long.len() / 2])),
    );
    let hint = format!(
        "see that evidence comes more often, or write `valid_for = \"{}\"` into its `states`: 95 of 100 gaps are no longer \
         than {}",
        duration(enough(slow)),
        duration(rounded(slow)),
    );
    Some(Diagnostic::file_warning(Code::SlowEvidence, CONFIG, message).hint(hint))
}

/// A length in whole minutes, which are no less than it, or where it is shorter than one in seconds.
fn rounded(length: TimeDelta) -> TimeDelta {
    match length.num_seconds() {
        seconds @ ..60 => TimeDelta::seconds(seconds),
        seconds => TimeDelta::minutes((seconds + 59) / 60),
    }
}

/// A time for which evidence may hold that is no shorter than a gap: in steps of five minutes, of a quarter of an hour
/// from one hour on, and of an hour from six on.
fn enough(gap: TimeDelta) -> TimeDelta {
    let step = match gap.num_hours() {
        0 => 5,
        1..6 => 15,
        _ => 60,
    };
    let minutes = gap.num_seconds().unsigned_abs().div_ceil(60 * step) * step;
    TimeDelta::minutes(i64::try_from(minutes).unwrap_or(i64::MAX / 60_000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::fixtures::{at, overridden, saw, site, word};
    use crate::site::observation::Observation;
    use crate::site::vocabulary::Status::{MajorOutage, Operational};
    use crate::status::shortest;

    /// Single looks at the first component, one after as many minutes as each of these says.
    fn looks(start: Instant, gaps: &[i64]) -> Vec<Observation> {
        let mut at = start;
        let mut looks = vec![saw(0, Operational, at, at)];
        for minutes in gaps {
            at += TimeDelta::minutes(*minutes);
            looks.push(saw(0, Operational, at, at));
        }
        looks
    }

    /// The findings about a component that needs evidence, as message and hint.
    fn found(observations: &[Observation]) -> Vec<String> {
        let site = site(1)
            .with_evidence_required()
            .observed("probe", observations);
        said(&site)
    }

    fn said(site: &Site) -> Vec<String> {
        let found = slow_evidence(site, at("29 00:00"));
        let text = |it: Diagnostic| format!("{}: {}", it.message, it.hint.unwrap_or_default());
        found.into_iter().map(text).collect()
    }

    #[test]
    fn a_clock_that_slips_is_found_with_its_numbers() {
        let gaps = [200, 240, 286, 210, 276, 240, 250];
        let expected = "the all-clear of `c0` cannot hold: its evidence holds for 1h, and 7 times in the last two weeks nothing \
                        came for longer, in the middle for 4h: see that evidence comes more often, or write `valid_for = \
                        \"5h\"` into its `states`: 95 of 100 gaps are no longer than 4h46m";
        assert_eq!(found(&looks(at("20 00:00"), &gaps)), [expected]);
    }

    #[test]
    fn what_holds_as_long_as_it_says_is_found_no_more() {
        let mut site = site(1)
            .with_evidence_required()
            .observed("probe", &looks(at("20 00:00"), &[200, 240, 286, 210, 276]));
        assert_eq!(said(&site).len(), 1);
        site.components[0].valid_for = TimeDelta::hours(5);
        assert_eq!(said(&site), [""; 0]);
    }

    #[test]
    fn a_rhythm_that_its_evidence_outlasts_is_none_of_its_business() {
        assert_eq!(found(&looks(at("20 00:00"), &[60; 100])), [""; 0]);
        assert_eq!(found(&looks(at("20 00:00"), &[61; 100])).len(), 1);
        // One gap in twenty is longer, and then one more.
        let mut gaps = [60; 100];
        gaps[..5].fill(90);
        assert_eq!(found(&looks(at("20 00:00"), &gaps)), [""; 0]);
        gaps[50] = 90;
        assert_eq!(found(&looks(at("20 00:00"), &gaps)).len(), 1);
    }

    #[test]
    fn a_few_restarts_are_no_rhythm() {
        assert_eq!(found(&looks(at("28 00:00"), &[90; 4])), [""; 0]);
        assert_eq!(found(&looks(at("28 00:00"), &[90; 5])).len(), 1);
        assert_eq!(found(&[]), [""; 0]);
    }

    #[test]
    fn every_form_of_the_same_evidence_says_the_same() {
        // A look each ten minutes, and every four hours none for two.
        let gaps: Vec<i64> = (1..400)
            .map(|it| if it % 12 == 0 { 120 } else { 10 })
            .collect();
        let mut single = looks(at("20 00:00"), &gaps);
        for seen in &mut single[100..140] {
            seen.status = MajorOutage;
        }
        let whole = site(1).with_evidence_required().observed("probe", &single);
        let merged = &shortest(&whole, at("29 00:00"))[0];
        assert!(merged.len() < 50, "{}", merged.len());
        let said = said(&whole);
        assert_eq!(said.len(), 1);
        assert_eq!(found(merged), said);
    }

    #[test]
    fn one_source_in_time_is_enough() {
        let slow = looks(at("20 00:00"), &[240; 40]);
        let site = || site(1).with_evidence_required().observed("slow", &slow);
        assert_eq!(said(&site()).len(), 1);
        let quick = saw(0, Operational, at("19 00:00"), at("28 23:50"));
        assert_eq!(said(&site().observed("quick", &[quick])), [""; 0]);
        // A person is no monitor.
        let word = word(0, Operational, at("19 00:00"), at("30 00:00"));
        assert_eq!(said(&overridden(site(), &[word])).len(), 1);
    }

    #[test]
    fn many_sources_that_look_at_once_are_one_look() {
        let mut site = site(1).with_evidence_required();
        for second in 0..30 {
            let start = at("20 00:00") + TimeDelta::seconds(second);
            site = site.observed(&format!("s{second}"), &looks(start, &[240; 40]));
        }
        assert_eq!(said(&site).len(), 1);
    }

    #[test]
    fn what_is_older_than_two_weeks_or_not_seen_yet_does_not_count() {
        assert_eq!(found(&looks(at("01 00:00"), &[240; 80])), [""; 0]);
        assert_eq!(found(&looks(at("28 20:00"), &[240; 80])), [""; 0]);
    }

    #[test]
    fn where_evidence_need_not_be_there_nothing_is_slow() {
        let site = site(1).observed("probe", &looks(at("20 00:00"), &[240; 40]));
        assert_eq!(said(&site), [""; 0]);
    }

    #[test]
    fn what_is_proposed_is_a_round_time_that_is_enough() {
        for (minutes, expected) in [
            (16, "20m"),
            (59, "1h"),
            (60, "1h"),
            (61, "1h15m"),
            (362, "7h"),
            (1441, "1d1h"),
        ] {
            assert_eq!(duration(enough(TimeDelta::minutes(minutes))), expected);
        }
    }
}

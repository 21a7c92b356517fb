//! What was pulled from the live page, beside what the site's own files say.
//!
//! The live page has published observations in their shortest form, in which a line may stand for many looks, so that
//! what was pulled overlaps with the files of which it was made. An observation holds until the next one of its source
//! begins, and so a long line would be cut short by a look in the middle of it. Hence one of two lines is left out where
//! the other says as much. Where the two differ, the site's own files are right: nothing that was pulled takes a line
//! of theirs back.

use crate::site::component::ComponentIndex;
use crate::site::observation::Observation;
use crate::time::Instant;

/// The observations of a source by component and time: its own, and what was pulled of it as far as that says more. Both
/// are by component and time, too.
pub(super) fn joined(own: &[Observation], pulled: &[Observation]) -> Vec<Observation> {
    let mut all = Vec::with_capacity(own.len() + pulled.len());
    let components = own.iter().chain(pulled).map(|it| it.component);
    let mut components: Vec<ComponentIndex> = components.collect();
    components.sort_unstable();
    components.dedup();
    for component in components {
        all.extend(joined_of(of(own, component), of(pulled, component)));
    }
    all
}

/// The observations of one component.
fn of(all: &[Observation], component: ComponentIndex) -> &[Observation] {
    let first = all.partition_point(|it| it.component < component);
    let end = all.partition_point(|it| it.component <= component);
    &all[first..end]
}

/// The place of observations of one instant among each other: the site's own come last, and so they count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Pulled,
    Own,
}

/// The same for one component.
fn joined_of(own: &[Observation], pulled: &[Observation]) -> Vec<Observation> {
    let reach = Reach::new(own);
    let pulled = pulled.iter().filter_map(|it| match it.claim {
        Some(_) => own
            .iter()
            .all(|own| own.from != it.from)
            .then(|| it.clone()),
        None => reach.rest_of(it),
    });
    let mut pulled: Vec<Observation> = pulled.collect();
    end_at_next(&mut pulled);
    let mut lines: Vec<(Instant, Rank, &Observation)> = Vec::new();
    lines.extend(pulled.iter().map(|it| (it.from, Rank::Pulled, it)));
    lines.extend(own.iter().map(|it| (it.from, Rank::Own, it)));
    lines.sort_by_key(|(from, rank, _)| (*from, *rank));

    let mut kept: Vec<(Rank, Observation)> = Vec::new();
    // The pulled line that nothing has cut short so far.
    let mut open: Option<&Observation> = None;
    for (_, rank, line) in lines {
        let covering = open.filter(|open| line.from <= open.to && line.claim.is_none());
        match (rank, covering) {
            (Rank::Own, Some(open)) if open.status == line.status && line.to <= open.to => continue,
            (Rank::Own, Some(cut)) if cut.status != line.status && line.to < cut.to => {
                // The last look at least was one of its own.
                let last = Observation {
                    from: cut.to,
                    ..cut.clone()
                };
                kept.extend(reach.rest_of(&last).map(|last| (Rank::Pulled, last)));
                open = None;
            }
            (Rank::Own, _) => open = None,
            (Rank::Pulled, _) => open = Some(line),
        }
        kept.push((rank, line.clone()));
    }
    kept.sort_by_key(|(rank, line)| (line.from, *rank));
    kept.into_iter().map(|(_, line)| line).collect()
}

/// Ends each line where the next one begins, but for what operators say: pages of several places may overlap, and what is
/// newer counts.
fn end_at_next(lines: &mut [Observation]) {
    lines.sort_by_key(|line| line.from);
    let mut next: Option<Instant> = None;
    for line in lines.iter_mut().rev().filter(|line| line.claim.is_none()) {
        line.to = next.map_or(line.to, |next| next.min(line.to));
        next = Some(line.from);
    }
}

/// The times for which lines say something themselves: from their start to their end, or to the next line.
struct Reach(Vec<(Instant, Instant)>);

impl Reach {
    fn new(lines: &[Observation]) -> Self {
        let next = lines.iter().skip(1).map(|line| Some(line.from));
        let lines = lines.iter().zip(next.chain([None]));
        let times = lines.map(|(line, next)| {
            let end = next.map_or(line.to, |next| next.min(line.to));
            (line.from, end)
        });
        Self(times.collect())
    }

    /// The part of a line behind the time in which it begins, or all of it where it begins in none; `None` where it ends
    /// in that time, too.
    fn rest_of(&self, line: &Observation) -> Option<Observation> {
        let begun = self.0.partition_point(|(begin, _)| *begin <= line.from);
        let end = begun.checked_sub(1).map(|last| self.0[last].1);
        match end.filter(|end| line.from <= *end) {
            Some(end) if line.to <= end => None,
            Some(end) => Some(Observation {
                from: end,
                ..line.clone()
            }),
            None => Some(line.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::fixtures::{at, saw, word};
    use crate::site::vocabulary::Status::{self, MajorOutage, Operational};

    fn seen(status: Status, from: &str, to: &str) -> Observation {
        saw(0, status, at(from), at(to))
    }

    /// `operational 10:00 11:00` for each line.
    fn shown(own: &[Observation], pulled: &[Observation]) -> Vec<String> {
        let joined = joined(own, pulled);
        let lines = joined.iter().map(|it| {
            let status: &str = it.status.into();
            format!(
                "{status} {} {}",
                it.from.format("%H:%M"),
                it.to.format("%H:%M")
            )
        });
        lines.collect()
    }

    #[test]
    fn the_longer_of_two_that_say_the_same_stays() {
        let short = [seen(Operational, "11:30", "12:00")];
        let long = [seen(Operational, "10:00", "13:00")];
        assert_eq!(shown(&short, &long), ["operational 10:00 13:00"]);
        assert_eq!(shown(&long, &short), ["operational 10:00 13:00"]);
        assert_eq!(shown(&long, &long), ["operational 10:00 13:00"]);
        let later = [seen(Operational, "11:30", "14:00")];
        assert_eq!(
            shown(&later, &long),
            ["operational 10:00 13:00", "operational 11:30 14:00"]
        );
    }

    #[test]
    fn the_sites_own_word_counts_where_they_differ() {
        let own = [
            seen(MajorOutage, "10:30", "10:30"),
            seen(Operational, "10:31", "10:31"),
        ];
        let pulled = [seen(Operational, "10:00", "13:00")];
        assert_eq!(
            shown(&own, &pulled),
            [
                "operational 10:00 13:00",
                "major_outage 10:30 10:30",
                "operational 10:31 10:31",
                "operational 13:00 13:00",
            ]
        );
        // What lies inside of a time that the site itself knows is not new.
        let outage = [seen(MajorOutage, "11:00", "11:10")];
        assert_eq!(shown(&pulled, &outage), ["operational 10:00 13:00"]);
        // One that begins in such a time begins with its end.
        let outage = [seen(MajorOutage, "11:00", "13:10")];
        assert_eq!(
            shown(&pulled, &outage),
            ["operational 10:00 13:00", "major_outage 13:00 13:10"]
        );
        let other = [seen(MajorOutage, "10:00", "10:00")];
        assert_eq!(
            shown(&other, &pulled),
            [
                "operational 10:00 13:00",
                "major_outage 10:00 10:00",
                "operational 13:00 13:00"
            ]
        );
    }

    #[test]
    fn an_operators_word_is_there_once() {
        let own = [word(0, MajorOutage, at("10:00"), at("12:00"))];
        let pulled = [
            word(0, MajorOutage, at("10:00"), at("12:00")),
            word(0, Operational, at("11:00"), at("12:00")),
        ];
        assert_eq!(
            shown(&own, &pulled),
            ["major_outage 10:00 10:00", "operational 11:00 11:00"]
        );
    }
}

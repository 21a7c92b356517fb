//! The quorum: how many fresh voices must show trouble before it counts.
//!
//! The sources of one region are one voice, which says the worst that one of them shows; a source of no region is a voice
//! by itself.

use crate::site::vocabulary::Status;

/// How many fresh voices show each status, in the order of [`Status::ALL`].
pub(super) type Counts = [u32; Status::ALL.len()];

/// The status that fresh voices show together; `None` where none is fresh.
///
/// Where enough are fresh, it is the worst that so many of them reach, so that fewer are overruled. Where fewer are
/// fresh and one of them shows trouble, that is suspected only.
pub(super) fn agreed(counts: &Counts, quorum: usize) -> Option<Status> {
    let fresh: usize = counts.iter().map(|count| *count as usize).sum();
    let needed = quorum.max(1);
    let worst = worst(counts)?;
    if fresh < needed {
        return match worst.is_trouble() {
            true => Some(Status::Suspected),
            false => reached_by(counts, fresh),
        };
    }
    reached_by(counts, needed)
}

/// The worst status that so many voices reach, each showing that or worse.
fn reached_by(counts: &Counts, needed: usize) -> Option<Status> {
    let mut reached = 0;
    let mut worst_first = Status::ALL.iter().copied().rev();
    worst_first.find(|status| {
        reached += counts[*status as usize] as usize;
        reached >= needed
    })
}

/// The worst status that is counted at all.
pub(super) fn worst(counts: &Counts) -> Option<Status> {
    reached_by(counts, 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Status::{
        DegradedPerformance, MajorOutage, Operational, PartialOutage, Suspected, UnderMaintenance,
    };

    #[test]
    fn trouble_counts_where_enough_fresh_sources_show_it() {
        let cases: [(&[Status], usize, Option<Status>); 11] = [
            (&[], 1, None),
            (&[], 3, None),
            (&[Operational, MajorOutage], 1, Some(MajorOutage)),
            (&[Operational, MajorOutage], 2, Some(Operational)),
            (&[PartialOutage, MajorOutage], 2, Some(PartialOutage)),
            (&[MajorOutage], 2, Some(Suspected)),
            (&[Operational, DegradedPerformance], 3, Some(Suspected)),
            (&[Operational], 3, Some(Operational)),
            (&[UnderMaintenance], 2, Some(UnderMaintenance)),
            (&[Operational, MajorOutage], 0, Some(MajorOutage)),
            (
                &[Operational, DegradedPerformance, MajorOutage],
                2,
                Some(DegradedPerformance),
            ),
        ];
        for (shown, quorum, expected) in cases {
            let mut counts = Counts::default();
            for status in shown {
                counts[*status as usize] += 1;
            }
            assert_eq!(agreed(&counts, quorum), expected, "{shown:?} of {quorum}");
        }
    }
}

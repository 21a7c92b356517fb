//! Half-open intervals of time, and sets of them.
//!
//! Everything that lasts is from its start up to, and without, its end. So two things that follow
//! one another share no instant and leave none out, and lengths add up.

use chrono::TimeDelta;

use super::Instant;

/// A half-open interval: from `start` up to, and without, `end`; never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    start: Instant,
    end: Instant,
}

impl Interval {
    /// The interval from `start` up to `end`; `None` where that holds no instant.
    pub fn new(start: Instant, end: Instant) -> Option<Self> {
        (start < end).then_some(Self { start, end })
    }

    /// Its first instant.
    pub fn start(self) -> Instant {
        self.start
    }

    /// The first instant after it.
    pub fn end(self) -> Instant {
        self.end
    }

    /// Its length; never zero.
    pub fn len(self) -> TimeDelta {
        self.end - self.start
    }

    /// Whether it holds an instant.
    pub fn contains(self, instant: Instant) -> bool {
        self.start <= instant && instant < self.end
    }

    /// Its intersection with another.
    pub fn intersect(self, other: Self) -> Option<Self> {
        Self::new(self.start.max(other.start), self.end.min(other.end))
    }
}

/// Instants, as intervals: sorted, and with a gap between any two.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IntervalSet(Vec<Interval>);

impl IntervalSet {
    /// Its intervals, by time.
    pub fn iter(&self) -> impl Iterator<Item = Interval> {
        self.0.iter().copied()
    }

    /// Whether it holds no instant.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The length of all its intervals together.
    pub fn total(&self) -> TimeDelta {
        self.iter().map(Interval::len).sum()
    }

    /// From the start of its first interval to the end of its last.
    pub fn span(&self) -> Option<Interval> {
        let (first, last) = (self.0.first()?, self.0.last()?);
        Interval::new(first.start, last.end)
    }

    /// The interval that holds an instant.
    pub fn around(&self, instant: Instant) -> Option<Interval> {
        let after = self.0.partition_point(|interval| interval.start <= instant);
        let candidate = self.0[..after].last().copied()?;
        candidate.contains(instant).then_some(candidate)
    }

    /// The union of both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.iter().chain(other.iter()).collect()
    }

    /// The intersection of both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let (mut ours, mut theirs) = (self.0.as_slice(), other.0.as_slice());
        let mut common = Vec::new();
        while let (Some(our), Some(their)) = (ours.first(), theirs.first()) {
            common.extend(our.intersect(*their));
            // The interval that ends first can meet no further one.
            if our.end <= their.end {
                ours = &ours[1..];
            } else {
                theirs = &theirs[1..];
            }
        }
        Self(common)
    }

    /// The part of this one that is not in the other.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let mut left = Vec::with_capacity(self.0.len());
        for interval in self.iter() {
            let first = other.0.partition_point(|cut| cut.end <= interval.start);
            let mut start = interval.start;
            for cut in &other.0[first..] {
                if cut.start >= interval.end {
                    break;
                }
                left.extend(Interval::new(start, cut.start));
                start = cut.end;
            }
            left.extend(Interval::new(start, interval.end));
        }
        Self(left)
    }
}

impl FromIterator<Interval> for IntervalSet {
    /// Joins intervals that overlap or touch.
    fn from_iter<I: IntoIterator<Item = Interval>>(intervals: I) -> Self {
        let mut intervals: Vec<Interval> = intervals.into_iter().collect();
        intervals.sort_unstable();
        intervals.dedup_by(|next, kept| {
            let touches = next.start <= kept.end;
            if touches {
                kept.end = kept.end.max(next.end);
            }
            touches
        });
        Self(intervals)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use chrono::DateTime;
    use proptest::prelude::{ProptestConfig, Strategy, prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn at(minute: i64) -> Instant {
        DateTime::from_timestamp(minute * 60, 0).unwrap()
    }

    fn set(bounds: &[(i64, i64)]) -> IntervalSet {
        bounds
            .iter()
            .filter_map(|(start, end)| Interval::new(at(*start), at(*end)))
            .collect()
    }

    #[test]
    fn an_interval_is_never_empty() {
        assert_eq!(Interval::new(at(3), at(3)), None);
        assert_eq!(Interval::new(at(3), at(2)), None);
        let interval = Interval::new(at(3), at(5)).unwrap();
        assert_eq!(interval.len(), TimeDelta::minutes(2));
        assert!(interval.contains(at(3)));
        assert!(!interval.contains(at(5)));
    }

    #[test]
    fn sets_are_joined_and_cut() {
        let [a, b] = [
            set(&[(0, 4), (2, 6), (6, 7), (10, 12)]),
            set(&[(3, 5), (7, 11)]),
        ];
        assert_eq!(a, set(&[(0, 7), (10, 12)]));
        assert_eq!(a.union(&b), set(&[(0, 12)]));
        assert_eq!(a.intersection(&b), set(&[(3, 5), (10, 11)]));
        assert_eq!(a.difference(&b), set(&[(0, 3), (5, 7), (11, 12)]));
        assert_eq!(a.total(), TimeDelta::minutes(9));
        assert_eq!(a.around(at(6)), Interval::new(at(0), at(7)));
        assert_eq!(a.around(at(7)), None);
        assert_eq!(set(&[]).span(), None);
    }

    fn bounds() -> impl Strategy<Value = Vec<(i64, i64)>> {
        proptest::collection::vec((0..40_i64, 0..40_i64), 0..8)
    }

    fn minutes(set: &IntervalSet) -> Vec<bool> {
        (0..40)
            .map(|minute| set.around(at(minute)).is_some())
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_set_is_never_longer_than_its_span(bounds in bounds()) {
            let set = set(&bounds);
            let span = set.span().map_or(TimeDelta::zero(), Interval::len);
            prop_assert!(set.total() <= span);
        }

        #[test]
        fn a_set_is_what_its_minutes_are(a in bounds(), b in bounds()) {
            let (a, b) = (set(&a), set(&b));
            let both = |join: fn(bool, bool) -> bool| -> Vec<bool> {
                minutes(&a).into_iter().zip(minutes(&b)).map(|(a, b)| join(a, b)).collect()
            };
            for (joined, expected) in [
                (a.union(&b), both(|a, b| a || b)),
                (a.intersection(&b), both(|a, b| a && b)),
                (a.difference(&b), both(|a, b| a && !b)),
            ] {
                prop_assert_eq!(minutes(&joined), expected);
                prop_assert!(joined.0.windows(2).all(|pair| pair[0].end < pair[1].start));
            }
        }
    }
}

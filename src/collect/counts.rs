//! How many reports there were, by quarter of an hour, component, region and kind.
//!
//! It is plain values; the clock is an argument. A quarter that is over is closed: nothing is added to it any more, so that
//! what is written of it once is what there is.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta};

use super::gate::Passed;
use crate::site::edit::reports::ReportRow;
use crate::time::Instant;

/// For how long reports are counted together.
pub const QUARTER: TimeDelta = TimeDelta::minutes(15);

/// How long a collector may have been away in a quarter of which it says that nobody has reported anything.
const BEARABLE: TimeDelta = TimeDelta::minutes(2);

/// The end of the quarter of an hour in which an instant lies.
pub fn quarter_end(at: Instant) -> Instant {
    let length = QUARTER.num_seconds();
    let end = (at.timestamp().div_euclid(length) + 1) * length;
    DateTime::from_timestamp(end, 0).unwrap_or(at)
}

/// What a report is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// The id of the component; empty where the reader does not know it.
    pub component: Arc<str>,
    /// The id of the region; empty where none is known.
    pub region: Arc<str>,
    /// The id of the kind.
    pub kind: Arc<str>,
}

/// A number of reports.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) value: u64,
    /// Whether there were more, which were not counted.
    pub(super) is_capped: bool,
}

/// The counts of a component by region and kind.
pub(super) type OfComponent = BTreeMap<(Arc<str>, Arc<str>), Count>;

/// The reports of a quarter of an hour.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Quarter {
    /// For how long nobody listened.
    pub(super) missed: TimeDelta,
    /// Whether nothing is added any more.
    pub(super) is_closed: bool,
    /// By component; those are listed that may have had a report, or whose counts are not written yet.
    pub(super) components: BTreeMap<Arc<str>, OfComponent>,
}

/// The counts that are not written yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// By the end of each quarter.
    pub(super) quarters: BTreeMap<Instant, Quarter>,
    /// The last quarter that was written.
    pub(super) written: Option<Instant>,
}

/// The counts of a component in a quarter that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Over {
    /// When the quarter ended.
    pub end: Instant,
    /// The id of the component; empty for reports of none.
    pub component: Arc<str>,
    counts: OfComponent,
    /// Whether it is known that nobody has reported anything.
    is_known: bool,
}

impl Over {
    /// The rows of the component's file: none where nobody knows whether there was a report.
    pub fn rows(&self) -> Vec<ReportRow<'_>> {
        let rows = self.counts.iter().map(|((region, kind), count)| ReportRow {
            region,
            kind,
            value: count.value,
            is_capped: count.is_capped,
        });
        let mut rows: Vec<_> = rows.collect();
        if rows.is_empty() && self.is_known {
            rows.push(ReportRow {
                region: "",
                kind: "",
                value: 0,
                is_capped: false,
            });
        }
        rows
    }
}

impl Counts {
    /// The end of the quarter to which a report is added: that of the clock, or the next one where that is closed, as after
    /// a clock was set back a little.
    fn running(&self, now: Instant) -> Instant {
        let mut end = quarter_end(now);
        let is_closed = |end: &Instant| self.quarters.get(end).is_some_and(|it| it.is_closed);
        while self.written == Some(end) || is_closed(&end) {
            end += QUARTER;
        }
        end
    }

    /// Begins the quarter of an instant, unless it has begun. `components` are those of which it will be known that nobody
    /// has reported them, where that is so: if nobody has listened since its start, that is not known.
    pub fn begin<'a>(&mut self, now: Instant, components: impl IntoIterator<Item = &'a Arc<str>>) {
        let end = self.running(now);
        self.quarters.entry(end).or_insert_with(|| Quarter {
            missed: (now - (end - QUARTER)).max(TimeDelta::zero()),
            is_closed: false,
            components: components
                .into_iter()
                .map(|it| (Arc::clone(it), OfComponent::new()))
                .collect(),
        });
    }

    /// Adds a report.
    pub fn add(&mut self, now: Instant, subject: &Subject, passed: Passed) {
        if passed == Passed::Again {
            return;
        }
        let end = self.running(now);
        let quarter = self.quarters.entry(end).or_default();
        let component = Arc::clone(&subject.component);
        let counts = quarter.components.entry(component).or_default();
        let cell = (Arc::clone(&subject.region), Arc::clone(&subject.kind));
        let count = counts.entry(cell).or_default();
        match passed {
            Passed::New => count.value += 1,
            Passed::Capped => count.is_capped = true,
            Passed::Again => {}
        }
    }

    /// Closes the quarters that are over at an instant; what is to be written of them, the oldest first.
    pub fn close(&mut self, now: Instant) -> Vec<Over> {
        let mut over = Vec::new();
        for (end, quarter) in self.quarters.range_mut(..=now) {
            quarter.is_closed = true;
            over.extend(quarter.components.iter().map(|(component, counts)| Over {
                end: *end,
                component: Arc::clone(component),
                counts: counts.clone(),
                is_known: quarter.missed <= BEARABLE,
            }));
        }
        over
    }

    /// Forgets what was written.
    pub fn written(&mut self, over: &Over) {
        let Some(quarter) = self.quarters.get_mut(&over.end) else {
            return;
        };
        quarter.components.remove(&over.component);
        if quarter.components.is_empty() {
            self.quarters.remove(&over.end);
            self.written = self.written.max(Some(over.end));
        }
    }

    /// Takes over what an earlier collector knew at an instant, which has not listened since.
    pub(super) fn resume(mut self, saved: Instant, now: Instant) -> Self {
        for (end, quarter) in &mut self.quarters {
            let away = now.min(*end) - saved.max(*end - QUARTER);
            quarter.missed += away.max(TimeDelta::zero());
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::site::fixtures::at;

    fn subject(component: &str, region: &str, kind: &str) -> Subject {
        Subject {
            component: component.into(),
            region: region.into(),
            kind: kind.into(),
        }
    }

    fn begin(counts: &mut Counts, clock: &str) {
        counts.begin(at(clock), &["".into(), "web".into()]);
    }

    /// What is written at an instant, as `END COMPONENT REGION KIND VALUE CAPPED`.
    fn close(counts: &mut Counts, clock: &str) -> Vec<String> {
        let mut lines = Vec::new();
        for over in counts.close(at(clock)) {
            for row in over.rows() {
                let capped = if row.is_capped { " capped" } else { "" };
                lines.push(format!(
                    "{} {}/{}/{} {}{capped}",
                    over.end.format("%H:%M"),
                    over.component,
                    row.region,
                    row.kind,
                    row.value
                ));
            }
            counts.written(&over);
        }
        lines
    }

    #[test]
    fn a_quarter_ends_on_the_quarter() {
        for (clock, end) in [
            ("10:00", "10:15"),
            ("10:14:59", "10:15"),
            ("10:15", "10:30"),
            ("10:59:59", "11:00"),
        ] {
            assert_eq!(quarter_end(at(clock)), at(end), "{clock}");
        }
    }

    #[test]
    fn reports_are_counted_by_quarter_component_region_and_kind() {
        let mut counts = Counts::default();
        begin(&mut counts, "10:00");
        let login = subject("web", "jp", "login");
        counts.add(at("10:01"), &login, Passed::New);
        counts.add(at("10:14:59"), &login, Passed::New);
        counts.add(at("10:02"), &login, Passed::Again);
        counts.add(at("10:02"), &subject("web", "", "slow"), Passed::Capped);
        assert_eq!(close(&mut counts, "10:14:59"), [""; 0]);
        begin(&mut counts, "10:15");
        counts.add(at("10:15"), &login, Passed::New);
        assert_eq!(
            close(&mut counts, "10:15"),
            [
                "10:15 // 0",
                "10:15 web//slow 0 capped",
                "10:15 web/jp/login 2"
            ]
        );
        assert_eq!(close(&mut counts, "10:29"), [""; 0]);
        assert_eq!(
            close(&mut counts, "10:30"),
            ["10:30 // 0", "10:30 web/jp/login 1"]
        );
        assert!(counts.quarters.is_empty());
    }

    #[test]
    fn quarters_in_which_nobody_listened_have_no_row() {
        let mut counts = Counts::default();
        begin(&mut counts, "10:07");
        counts.add(at("10:08"), &subject("web", "", "slow"), Passed::New);
        // The next quarter is slept through.
        begin(&mut counts, "10:31:59");
        assert_eq!(close(&mut counts, "10:31:59"), ["10:15 web//slow 1"]);
        begin(&mut counts, "10:47:01");
        assert_eq!(
            close(&mut counts, "10:47:01"),
            ["10:45 // 0", "10:45 web// 0"]
        );
        // Two minutes and a second late.
        assert_eq!(close(&mut counts, "11:00"), [""; 0]);
        assert!(counts.quarters.is_empty());
    }

    #[test]
    fn a_restart_of_a_moment_leaves_it_known_that_nobody_reported() {
        for (back, rows) in [
            ("10:06", vec!["10:15 // 0", "10:15 web// 0"]),
            ("10:08", Vec::new()),
        ] {
            let mut counts = Counts::default();
            begin(&mut counts, "10:00");
            let mut counts = counts.resume(at("10:05"), at(back));
            begin(&mut counts, back);
            assert_eq!(close(&mut counts, "10:15"), rows, "{back}");
        }
        // The quarter ended while nobody listened.
        let mut counts = Counts::default();
        begin(&mut counts, "10:00");
        let mut counts = counts.resume(at("10:14"), at("12:00"));
        assert_eq!(close(&mut counts, "12:00").len(), 2);
    }

    #[test]
    fn what_was_closed_is_never_added_to_though_the_clock_is_set_back() {
        let mut counts = Counts::default();
        begin(&mut counts, "10:00");
        let over = counts.close(at("10:15"));
        let slow = subject("web", "", "slow");
        counts.add(at("10:14:58"), &slow, Passed::New);
        assert_eq!(counts.close(at("10:15")), over);
        over.iter().for_each(|it| counts.written(it));
        counts.add(at("10:14:59"), &slow, Passed::New);
        assert_eq!(close(&mut counts, "10:30"), ["10:30 web//slow 2"]);
        // Nothing lies in the future, however wrong the clock was.
        begin(&mut counts, "20:00");
        begin(&mut counts, "10:31");
        counts.add(at("10:31"), &slow, Passed::New);
        assert_eq!(
            close(&mut counts, "10:45"),
            ["10:45 // 0", "10:45 web//slow 1"]
        );
        assert_eq!(close(&mut counts, "20:15").len(), 2);
    }

    proptest! {
        /// Whatever the clock does, each report that counts is written once.
        #[test]
        fn each_report_is_written_once(steps in proptest::collection::vec((-300_i64..900, 0_u8..3), 1..200)) {
            let mut counts = Counts::default();
            let (mut now, mut added, mut found) = (at("10:00"), 0, 0);
            let mut write = |counts: &mut Counts, now| for over in counts.close(now) {
                found += over.rows().iter().map(|row| row.value).sum::<u64>();
                counts.written(&over);
            };
            for (step, kind) in steps {
                now += TimeDelta::seconds(step);
                counts.begin(now, &["web".into()]);
                let passed = [Passed::New, Passed::Again, Passed::Capped][usize::from(kind)];
                counts.add(now, &subject("web", "", "slow"), passed);
                added += u64::from(passed == Passed::New);
                write(&mut counts, now);
            }
            write(&mut counts, now + TimeDelta::days(2));
            prop_assert_eq!(found, added);
        }
    }
}

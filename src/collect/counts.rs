//! How many reports there were, by quarter of an hour, component, region and kind.
//!
//! It is plain values; the clock is an argument. A quarter that is over is closed: nothing is added to it any more, so that
//! what is written of it once is what there is.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta};

use super::gate::Passed;
use crate::site::edit::reports::{Attempt, ReportRow};
use crate::time::Instant;

/// For how long reports are counted together.
pub const QUARTER: TimeDelta = TimeDelta::minutes(15);

/// How long a collector may have been away in a quarter of which it says that nobody has reported anything.
const BEARABLE: TimeDelta = TimeDelta::minutes(2);

/// How long nobody need have looked at the clock without having been away: a busy machine lets a thread wait for some
/// seconds.
const UNNOTICED: TimeDelta = TimeDelta::seconds(10);

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
    /// Whether it may be in the files already, for it was tried to write it.
    pub(super) is_tried: bool,
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
    /// Until when it is known whether somebody has listened; `None` where nobody has yet.
    pub(super) known_until: Option<Instant>,
}

/// The counts of a component in a quarter that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Over {
    /// When the quarter ended.
    pub end: Instant,
    /// The id of the component; empty for reports of none.
    pub component: Arc<str>,
    /// Whether it was tried before to write it.
    pub attempt: Attempt,
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

    /// Says that somebody listens at an instant, and begins its quarter, unless that has begun. `components` are those of which
    /// it will be known that nobody has reported them, where that is so: if nobody has listened since its start, that is not
    /// known. Nor is it where this was not said for a while, as when the process was halted, or its machine asleep.
    pub fn begin<'a>(&mut self, now: Instant, components: impl IntoIterator<Item = &'a Arc<str>>) {
        match self.known_until {
            Some(until) if now - until > UNNOTICED => self.miss(now),
            _ => self.known_until = Some(now),
        }
        let end = self.running(now);
        self.quarters.entry(end).or_insert_with(|| Quarter {
            missed: (now - (end - QUARTER)).max(TimeDelta::zero()),
            is_closed: false,
            is_tried: false,
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

    /// Says that nobody has listened up to an instant, since it was said last that somebody does.
    pub fn miss(&mut self, now: Instant) {
        let Some(since) = self.known_until.replace(now) else {
            return;
        };
        let open = self.quarters.iter_mut().filter(|(_, it)| !it.is_closed);
        for (end, quarter) in open {
            let away = now.min(*end) - since.max(*end - QUARTER);
            quarter.missed += away.max(TimeDelta::zero());
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
                attempt: match quarter.is_tried {
                    true => Attempt::Again,
                    false => Attempt::First,
                },
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

    /// Says that it was tried to write all that is closed.
    pub fn tried(&mut self) {
        for quarter in self.quarters.values_mut() {
            quarter.is_tried = quarter.is_closed;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use proptest::prelude::*;

    use super::super::journal;
    use super::*;
    use crate::site::edit::reports;
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

    /// Lets a collector listen up to an instant.
    fn listen(counts: &mut Counts, clock: &str) {
        let end = at(clock);
        while counts.known_until < Some(end) {
            let next = counts.known_until.map_or(end, |it| end.min(it + UNNOTICED));
            counts.begin(next, &["".into(), "web".into()]);
        }
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
        listen(&mut counts, "10:15");
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
        listen(&mut counts, "10:44:59");
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
            listen(&mut counts, "10:05");
            counts.miss(at(back));
            begin(&mut counts, back);
            assert_eq!(close(&mut counts, "10:15"), rows, "{back}");
        }
        // The quarter ended while nobody listened.
        let mut counts = Counts::default();
        begin(&mut counts, "10:00");
        listen(&mut counts, "10:14");
        counts.miss(at("12:00"));
        assert_eq!(close(&mut counts, "12:00").len(), 2);
    }

    #[test]
    fn a_halt_of_more_than_a_moment_leaves_it_unknown_whether_somebody_reported() {
        let nought = ["10:15 // 0", "10:15 web// 0"];
        // In one piece, in two, and in many that nobody need notice.
        for (halts, rows) in [
            (vec![("10:05", "10:07")], nought.to_vec()),
            (vec![("10:05", "10:07:50")], Vec::new()),
            (vec![("10:02", "10:03"), ("10:09", "10:10:01")], Vec::new()),
            (vec![("10:14", "10:40")], nought.to_vec()),
            (vec![("10:12", "10:40")], Vec::new()),
        ] {
            let mut counts = Counts::default();
            begin(&mut counts, "10:00");
            for (from, until) in &halts {
                listen(&mut counts, from);
                begin(&mut counts, until);
            }
            listen(&mut counts, "10:15");
            assert_eq!(close(&mut counts, "10:15"), rows, "{halts:?}");
        }
        // A time in which none are taken is a halt, however short its parts.
        let mut counts = Counts::default();
        begin(&mut counts, "10:00");
        (0..=121).for_each(|second| counts.miss(at("10:05") + TimeDelta::seconds(second)));
        listen(&mut counts, "10:15");
        assert_eq!(close(&mut counts, "10:15"), [""; 0]);
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
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever the clock does, and however often the collector is stopped or killed, each report that counts is in the
        /// file once.
        #[test]
        fn each_report_is_written_once(steps in proptest::collection::vec((-3000_i64..3000, 0_u8..3, 0_u8..6), 1..100)) {
            let (mut counts, mut file) = (Counts::default(), String::new());
            let (mut now, mut added) = (at("10:00"), 0);
            for (step, kind, end) in steps {
                now += TimeDelta::seconds(step);
                counts.begin(now, &["web".into()]);
                let passed = [Passed::New, Passed::Again, Passed::Capped][usize::from(kind)];
                counts.add(now, &subject("web", "", "slow"), passed);
                added += u64::from(passed == Passed::New);
                let over = counts.close(now);
                let before = journal::text(&counts, now);
                append(&mut file, &mut counts, &over);
                let after = journal::text(&counts, now);
                counts = match end {
                    // Killed as soon as all is written, and the journal does not say so yet.
                    0 => journal::read(&before).unwrap(),
                    1 => journal::read(&after).unwrap(),
                    _ => counts,
                };
            }
            // After all of them.
            let over = counts.close(at("10:00") + TimeDelta::days(9));
            append(&mut file, &mut counts, &over);
            let values = file.lines().skip(1).filter_map(|row| row.split(',').nth(3));
            prop_assert_eq!(values.map(|it| it.parse::<u64>().unwrap()).sum::<u64>(), added, "{}", file);
        }
    }

    /// Adds the rows of quarters to the text of a file.
    fn append(file: &mut String, counts: &mut Counts, over: &[Over]) {
        for over in over {
            let rows = over.rows();
            if !rows.is_empty() {
                *file = reports::add(file.as_bytes(), over.end, &rows, over.attempt).applied(file);
            }
            counts.written(over);
        }
    }
}

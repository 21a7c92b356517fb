//! How an agent does, for the programs that watch it: whether it is healthy, and its counts as OpenMetrics.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use chrono::TimeDelta;
use strum::VariantArray as _;

use super::hindered::Hindered;
use super::step::{Standing, Step};
use crate::site::place::PlaceName;
use crate::site::vocabulary::{Status, Word as _};
use crate::time::{Instant, rfc3339};

/// How long ago the last round may be.
const RECENT: TimeDelta = TimeDelta::minutes(2);

/// How long a step may fail without which the page still reaches its readers.
const BEARABLE: TimeDelta = TimeDelta::minutes(10);

/// The media type of [`Report::open_metrics`].
pub const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// How an agent does.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The number of rounds.
    pub rounds: u64,
    /// When the last round ended.
    pub last_round: Option<Instant>,
    /// The number of answers of probes by what they said.
    pub answers: BTreeMap<&'static str, u64>,
    /// The number of pages that were built and brought to where they belong.
    pub pages: u64,
    /// The instant for which the last of them was built.
    pub built: Option<Instant>,
    /// Until when the all-clear of the last page holds; `None` where it gives none.
    pub valid_until: Option<Instant>,
    /// The status of each component on the last page, by the component's id.
    pub components: BTreeMap<String, Status>,
    /// The work of each step.
    pub steps: BTreeMap<Step, StepReport>,
    /// How each place of the site stands.
    pub places: BTreeMap<PlaceName, PlaceReport>,
    /// The probes that can never look.
    pub hindered: Hindered,
}

/// How a place stands to which pages are published.
#[derive(Debug, Clone, Default)]
pub struct PlaceReport {
    /// Whether it took the last page.
    pub standing: Standing,
    /// Since when a page is being brought there.
    pub under_way_since: Option<Instant>,
    /// The instant of the page that is there.
    pub built: Option<Instant>,
}

impl PlaceReport {
    /// Why pages do not reach it; `None` where they do.
    fn problem(&self, now: Instant) -> Option<String> {
        if let Some(why) = self.standing.problem() {
            return Some(why.to_owned());
        }
        let since = self.under_way_since?;
        (now - since > BEARABLE).then(|| format!("under way since {}", rfc3339(since)))
    }
}

/// The work of a step.
#[derive(Debug, Clone, Default)]
pub struct StepReport {
    /// How often it failed.
    pub failures: u64,
    /// How long it has taken in all.
    pub took: Duration,
    /// How it stands.
    pub standing: Standing,
}

impl Report {
    /// Whether the agent is at work.
    ///
    /// # Errors
    ///
    /// Why it is not, in words.
    pub fn is_alive(&self, now: Instant) -> Result<(), String> {
        match self.last_round {
            None => Err("the first round has not ended yet".to_owned()),
            Some(last) if now - last > RECENT => {
                Err(format!("the last round ended at {}", rfc3339(last)))
            }
            Some(_) => Ok(()),
        }
    }

    /// Whether the agent is at work and the page reaches its readers, with what the branch and the probes have said lately,
    /// and no probe that would be needed can never look.
    ///
    /// # Errors
    ///
    /// Why it is not, in words.
    pub fn is_healthy(&self, now: Instant) -> Result<(), String> {
        self.is_alive(now)?;
        for (name, place) in &self.places {
            if let Some(why) = place.problem(now) {
                return Err(format!("{}: {name}: {why}", Step::Publish.as_str()));
            }
        }
        for (step, report) in &self.steps {
            let (Some(why), Some(since)) =
                (report.standing.problem(), report.standing.failing_since())
            else {
                continue;
            };
            if step.is_of_page() {
                return Err(format!("{}: {why}", step.as_str()));
            }
            if now - since > BEARABLE {
                let since = rfc3339(since);
                return Err(format!("{} since {since}: {why}", step.as_str()));
            }
        }
        if let Some(why) = self.hindered.problem() {
            return Err(format!("{}: {why}", Step::Probe.as_str()));
        }
        match self.built {
            None => Err("there is no page yet".to_owned()),
            Some(_) => Ok(()),
        }
    }

    /// Whether a step fails; that of publishing where any place does.
    pub fn is_failing(&self, step: Step) -> bool {
        let fails = |standing: &Standing| standing.problem().is_some();
        let place_fails = self.places.values().any(|it| fails(&it.standing));
        let step_fails = self.steps.get(&step).is_some_and(|it| fails(&it.standing));
        step_fails || step == Step::Publish && place_fails
    }

    /// The counts, as OpenMetrics 1.0 has them.
    pub fn open_metrics(&self) -> String {
        let mut text = String::new();
        let steps = |value: &dyn Fn(&StepReport) -> String| -> Vec<Sample> {
            let none = StepReport::default();
            let all = Step::VARIANTS.iter().copied();
            all.map(|step| {
                let report = self.steps.get(&step).unwrap_or(&none);
                (format!("{{step=\"{}\"}}", step.as_str()), value(report))
            })
            .collect()
        };
        let one = |value: u64| vec![(String::new(), value.to_string())];
        let time = |at: Option<Instant>| -> Vec<Sample> {
            let seconds = at.map(|at| (String::new(), at.timestamp().to_string()));
            seconds.into_iter().collect()
        };
        let answers = self
            .answers
            .iter()
            .map(|(verdict, count)| (format!("{{verdict=\"{verdict}\"}}"), count.to_string()));
        let mut counter = |name, help, samples| {
            let family = Family::new(name, "counter", help);
            family.write(&mut text, &total(samples));
        };
        counter("rounds", "Rounds of the agent.", one(self.rounds));
        counter("probe_answers", "What probes said.", answers.collect());
        let pages = "Pages that were built and written.";
        counter("pages", pages, one(self.pages));
        let failures = steps(&|it| it.failures.to_string());
        counter("failures", "Failures of each step.", failures);
        let seconds = steps(&|it| format!("{:.3}", it.took.as_secs_f64()));
        let took = "Time that each step took.";
        let family = Family::new("step_seconds", "counter", took).in_seconds();
        family.write(&mut text, &total(seconds));
        let failing = Step::VARIANTS.iter().map(|step| {
            let fails = u8::from(self.is_failing(*step)).to_string();
            (format!("{{step=\"{}\"}}", step.as_str()), fails)
        });
        let failing: Vec<Sample> = failing.collect();
        let family = Family::new("failing", "gauge", "Whether a step fails.");
        family.write(&mut text, &failing);
        let last_round = "When the last round ended.";
        let built = "The instant that the last page is for.";
        for (name, help, at) in [
            ("last_round_timestamp_seconds", last_round, self.last_round),
            ("built_timestamp_seconds", built, self.built),
            (
                "valid_until_timestamp_seconds",
                "The end of the all-clear.",
                self.valid_until,
            ),
        ] {
            let family = Family::new(name, "gauge", help).in_seconds();
            family.write(&mut text, &time(at));
        }
        let what = "What the last page says of each component.";
        let family = Family::new("component_status", "stateset", what);
        family.write(&mut text, &self.component_states());
        text.push_str("# EOF\n");
        text
    }
}

impl Report {
    /// A sample for each component and status, which is 1 where the component has it.
    fn component_states(&self) -> Vec<Sample> {
        let mut samples = Vec::new();
        for (id, status) in &self.components {
            for state in Status::ALL {
                let word = state.as_str();
                let labels = format!("{{component=\"{id}\",allclear_component_status=\"{word}\"}}");
                samples.push((labels, u8::from(state == status).to_string()));
            }
        }
        samples
    }
}

/// The samples of a counter, whose names end with `_total`.
fn total(samples: Vec<Sample>) -> Vec<Sample> {
    let samples = samples.into_iter();
    samples
        .map(|(labels, value)| (format!("_total{labels}"), value))
        .collect()
}

/// The end of a sample's name with its labels, and its value.
type Sample = (String, String);

/// A family of metrics.
struct Family {
    name: &'static str,
    kind: &'static str,
    help: &'static str,
    unit: Option<&'static str>,
}

impl Family {
    fn new(name: &'static str, kind: &'static str, help: &'static str) -> Self {
        Self {
            name,
            kind,
            help,
            unit: None,
        }
    }

    fn in_seconds(self) -> Self {
        let unit = Some("seconds");
        Self { unit, ..self }
    }

    /// Adds the family with its samples, where it has any.
    fn write(&self, text: &mut String, samples: &[Sample]) {
        if samples.is_empty() {
            return;
        }
        let Self {
            name, kind, help, ..
        } = self;
        // Writing to a text never fails.
        let _ = writeln!(text, "# TYPE allclear_{name} {kind}");
        if let Some(unit) = self.unit {
            let _ = writeln!(text, "# UNIT allclear_{name} {unit}");
        }
        let _ = writeln!(text, "# HELP allclear_{name} {help}");
        for (end, value) in samples {
            let _ = writeln!(text, "allclear_{name}{end} {value}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::fixtures::at;

    fn report() -> Report {
        let mut report = Report {
            rounds: 12,
            last_round: Some(at("10:00")),
            answers: BTreeMap::from([("major_outage", 1), ("operational", 23)]),
            pages: 2,
            built: Some(at("09:50")),
            components: BTreeMap::from([("web".to_owned(), Status::PartialOutage)]),
            ..Report::default()
        };
        let follow = report.steps.entry(Step::Follow).or_default();
        follow.failures = 3;
        follow.took = Duration::from_millis(1500);
        follow.standing.failed(at("10:00"), "no network");
        report
    }

    #[test]
    fn counts_are_open_metrics() {
        let expected = "\
# TYPE allclear_rounds counter
# HELP allclear_rounds Rounds of the agent.
allclear_rounds_total 12
# TYPE allclear_probe_answers counter
# HELP allclear_probe_answers What probes said.
allclear_probe_answers_total{verdict=\"major_outage\"} 1
allclear_probe_answers_total{verdict=\"operational\"} 23
# TYPE allclear_pages counter
# HELP allclear_pages Pages that were built and written.
allclear_pages_total 2
# TYPE allclear_failures counter
# HELP allclear_failures Failures of each step.
allclear_failures_total{step=\"follow\"} 3
allclear_failures_total{step=\"probe\"} 0
allclear_failures_total{step=\"build\"} 0
allclear_failures_total{step=\"write\"} 0
allclear_failures_total{step=\"publish\"} 0
allclear_failures_total{step=\"notify\"} 0
# TYPE allclear_step_seconds counter
# UNIT allclear_step_seconds seconds
# HELP allclear_step_seconds Time that each step took.
allclear_step_seconds_total{step=\"follow\"} 1.500
allclear_step_seconds_total{step=\"probe\"} 0.000
allclear_step_seconds_total{step=\"build\"} 0.000
allclear_step_seconds_total{step=\"write\"} 0.000
allclear_step_seconds_total{step=\"publish\"} 0.000
allclear_step_seconds_total{step=\"notify\"} 0.000
# TYPE allclear_failing gauge
# HELP allclear_failing Whether a step fails.
allclear_failing{step=\"follow\"} 1
allclear_failing{step=\"probe\"} 0
allclear_failing{step=\"build\"} 0
allclear_failing{step=\"write\"} 0
allclear_failing{step=\"publish\"} 0
allclear_failing{step=\"notify\"} 0
# TYPE allclear_last_round_timestamp_seconds gauge
# UNIT allclear_last_round_timestamp_seconds seconds
# HELP allclear_last_round_timestamp_seconds When the last round ended.
allclear_last_round_timestamp_seconds 1672221600
# TYPE allclear_built_timestamp_seconds gauge
# UNIT allclear_built_timestamp_seconds seconds
# HELP allclear_built_timestamp_seconds The instant that the last page is for.
allclear_built_timestamp_seconds 1672221000
# TYPE allclear_component_status stateset
# HELP allclear_component_status What the last page says of each component.
allclear_component_status{component=\"web\",allclear_component_status=\"operational\"} 0
allclear_component_status{component=\"web\",allclear_component_status=\"under_maintenance\"} 0
allclear_component_status{component=\"web\",allclear_component_status=\"unknown\"} 0
allclear_component_status{component=\"web\",allclear_component_status=\"suspected\"} 0
allclear_component_status{component=\"web\",allclear_component_status=\"degraded_performance\"} 0
allclear_component_status{component=\"web\",allclear_component_status=\"partial_outage\"} 1
allclear_component_status{component=\"web\",allclear_component_status=\"major_outage\"} 0
# EOF
";
        assert_eq!(report().open_metrics(), expected);
    }

    #[test]
    fn an_agent_is_healthy_while_it_works_and_the_page_does() {
        let mut report = report();
        assert_eq!(report.is_healthy(at("10:02")), Ok(()));
        let late = Err("the last round ended at 2022-12-28T10:00:00Z".to_owned());
        assert_eq!(report.is_healthy(at("10:03")), late);
        let write = report.steps.entry(Step::Write).or_default();
        write.standing.failed(at("10:00"), "the disk is full");
        let full = Err("write: the disk is full".to_owned());
        assert_eq!(report.is_healthy(at("10:01")), full);
        assert_eq!(report.is_alive(at("10:01")), Ok(()));
        // A branch that is not to be had for a while is none of its readers' business; for long, incidents are missing.
        report
            .steps
            .entry(Step::Write)
            .or_default()
            .standing
            .worked();
        report.last_round = Some(at("10:10"));
        assert_eq!(report.is_healthy(at("10:10")), Ok(()));
        // A place that hangs is none of the agent's life, but its readers'.
        let place = report.places.entry(PlaceName::Folder("www".into()));
        place.or_default().under_way_since = Some(at("10:00"));
        assert_eq!(report.is_healthy(at("10:10")), Ok(()));
        let hangs = Err("publish: www: under way since 2022-12-28T10:00:00Z".to_owned());
        assert_eq!(report.is_healthy(at("10:10:01")), hangs);
        assert_eq!(report.is_alive(at("10:10:01")), Ok(()));
        report.places.clear();
        report.last_round = Some(at("10:11"));
        let long = Err("follow since 2022-12-28T10:00:00Z: no network".to_owned());
        assert_eq!(report.is_healthy(at("10:11")), long);
        assert_eq!(report.is_alive(at("10:11")), Ok(()));
        let new = Report::default().is_healthy(at("10:00"));
        assert_eq!(new, Err("the first round has not ended yet".to_owned()));
    }
}

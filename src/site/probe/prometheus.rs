//! `prometheus`: what a query of Prometheus says, or of Mimir, Thanos, VictoriaMetrics and whatever else has its API.
//!
//! One request asks for the values and for the instants of their samples, so that both are of one evaluation. The instant of
//! a result is that of its sample. What a query computes has the instant of the computation; `timestamps` is a query for the
//! instants then: `min by (component) (timestamp(probe_success))`. A query over a range of time needs it, for it finds
//! samples long after the last of them.
//!
//! | answer | it says |
//! | --- | --- |
//! | the series of a component are all as `up` says (by default `>= 1`) | operational, since the oldest sample |
//! | one of them is not | bad |
//! | no series of the component, an empty vector | nothing |
//! | NaN, a histogram, a sample older than `stale_after` or of the future, a sample without an instant | nothing |
//! | all is well, but with warnings: a store did not answer | nothing |
//! | a scalar or a range, a refused query, no answer, an answer of another kind | nothing |

use std::collections::BTreeMap;

use chrono::DateTime;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::finding::{Finding, Found};
use super::monitor::{Monitor, encoded, repeated};
use super::names::Label;
use super::question::{Ask, Asked, Outcome, Question, Reading, Subject, Verdict};
use crate::diagnostic::Code;
use crate::site::vocabulary::Status;
use crate::syntax::{Reader, Spanned, TableReader, Value};
use crate::time::Instant;

/// The label by which the instants of samples differ from the samples themselves.
const MARK: &str = "allclear";

/// The label with the name of a series.
const NAME: &str = "__name__";

/// What is asked of a Prometheus.
#[derive(Debug, Clone)]
pub struct Prometheus {
    monitor: Monitor,
    query: String,
    /// The query for the instants of samples; by default the timestamps of `query`.
    timestamps: Option<String>,
    /// The label that names components; without one, each series is about all of them.
    label: Option<Label>,
    up: Comparison,
}

/// What a good value is like.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Comparison {
    operator: Operator,
    number: f64,
}

/// A comparison of PromQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    AtLeast,
    AtMost,
    Above,
    Below,
    Equal,
    Unequal,
}

/// The comparisons as they are written; one that begins like another stands before it.
const OPERATORS: [(&str, Operator); 6] = [
    (">=", Operator::AtLeast),
    ("<=", Operator::AtMost),
    ("==", Operator::Equal),
    ("!=", Operator::Unequal),
    (">", Operator::Above),
    ("<", Operator::Below),
];

/// Whether a query looks at a range of time: `[5m]` outside of its texts and comments.
fn has_range(query: &str) -> bool {
    let mut within = None;
    let mut characters = query.chars();
    while let Some(character) = characters.next() {
        match (within, character) {
            (Some('"' | '\''), '\\') => {
                characters.next();
            }
            (Some(end), _) if end == character => within = None,
            (Some(_), _) => {}
            (None, '[') => return true,
            (None, '"' | '\'' | '`') => within = Some(character),
            (None, '#') => within = Some('\n'),
            (None, _) => {}
        }
    }
    false
}

impl Prometheus {
    /// Reads the keys of this kind.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        table: &mut TableReader<'_>,
        node: &Spanned<Value>,
    ) -> Option<Self> {
        let monitor = Monitor::read(reader, table, node, "Prometheus");
        let query_node = table.require(reader, "query");
        let query = query_node.and_then(|node| expression(reader, node));
        let timestamps_node = table.take("timestamps");
        let timestamps = timestamps_node.and_then(|node| expression(reader, node));
        if let (Some(node), Some(query), None) = (query_node, &query, timestamps_node)
            && has_range(query)
        {
            let message = "what a query over a range says is always new, even where nothing is scraped any more";
            let hint =
                "say when there was a sample last, as `timestamps = \"timestamp(probe_success)\"`";
            reader.error(Code::BadProbe, &node.span, message, hint.to_owned());
        }
        let label = Label::read(reader, table);
        let up = table.take("up").and_then(|node| comparison(reader, node));
        Some(Self {
            monitor: monitor?,
            query: query?,
            timestamps,
            label,
            up: up.unwrap_or(Comparison {
                operator: Operator::AtLeast,
                number: 1.0,
            }),
        })
    }

    /// The query for values and, by their mark, for the instants of their samples. Line ends keep a comment from what follows.
    fn values_and_instants(&self) -> String {
        let query = &self.query;
        let timestamps = match &self.timestamps {
            Some(timestamps) => timestamps.clone(),
            None => format!("timestamp(\n{query}\n)"),
        };
        format!(
            "(\n{query}\n) or label_replace(\n{timestamps}\n, \"{MARK}\", \"timestamp\", \"\", \"\")"
        )
    }
}

/// A query in PromQL.
fn expression(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<String> {
    let text = reader.text(node)?.trim();
    if text.is_empty() {
        let hint =
            "write one whose series say how the component is, as `probe_success{job=\"blackbox\"}`";
        reader.error(
            Code::BadProbe,
            &node.span,
            "this query is empty",
            hint.to_owned(),
        );
        return None;
    }
    Some(text.to_owned())
}

fn comparison(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<Comparison> {
    let text = reader.text(node)?.trim();
    let found = OPERATORS.iter().find_map(|(written, operator)| {
        let number = text.strip_prefix(written)?.trim().parse::<f64>().ok()?;
        Some(Comparison {
            operator: *operator,
            number,
        })
    });
    let found = found.filter(|it| !it.number.is_nan());
    if found.is_none() {
        let message = format!("`{text}` is no comparison with a number");
        let hint = "write what a good value is like, as `> 0`, `>= 1` or `< 0.05`";
        reader.error(Code::BadProbe, &node.span, message, hint.to_owned());
    }
    found
}

impl Comparison {
    #[allow(
        clippy::float_cmp,
        reason = "a query that gives whole numbers is compared with them"
    )]
    fn holds(self, value: f64) -> bool {
        match self.operator {
            Operator::AtLeast => value >= self.number,
            Operator::AtMost => value <= self.number,
            Operator::Above => value > self.number,
            Operator::Below => value < self.number,
            Operator::Equal => value == self.number,
            Operator::Unequal => value != self.number,
        }
    }
}

/// An answer of `/api/v1/query`.
#[derive(Debug, Deserialize)]
struct Response {
    #[serde(default)]
    error: String,
    data: Option<Data>,
    warnings: Option<Vec<IgnoredAny>>,
}

#[derive(Debug, Deserialize)]
struct Data {
    #[serde(rename = "resultType")]
    kind: String,
    result: serde_json::Value,
}

/// A series of an instant vector.
#[derive(Debug, Deserialize)]
struct Series {
    metric: BTreeMap<String, String>,
    /// The instant of the evaluation, and the value; a histogram has none.
    value: Option<(f64, String)>,
}

/// The series of an answer.
#[derive(Debug)]
struct Vector {
    values: Vec<Series>,
    instants: Vec<Series>,
    has_warnings: bool,
}

impl Prometheus {
    fn vector(&self, outcomes: &[Outcome]) -> Result<Vector, String> {
        let monitor = &self.monitor;
        let answer = monitor.any_answer(outcomes, 0)?;
        if answer.status != 200 {
            let refusal = monitor.refusal(answer.status);
            // Only these are about the query; others could repeat what was sent with it.
            let is_about_query = matches!(answer.status, 400 | 422);
            let said = monitor.json::<Response>(answer).ok();
            let said = said.filter(|said| is_about_query && !said.error.is_empty());
            return Err(match said {
                Some(said) => {
                    let error = repeated(&said.error);
                    format!("{refusal}: {}", self.placed(&error).unwrap_or(error))
                }
                None => refusal,
            });
        }
        let response: Response = monitor.json(answer)?;
        let data = response.data.ok_or_else(|| monitor.strange())?;
        if data.kind != "vector" {
            let kind = repeated(&data.kind);
            return Err(format!(
                "the query answers with a {kind}, not with an instant vector: let it select series"
            ));
        }
        let all: Vec<Series> =
            serde_json::from_value(data.result).map_err(|_| monitor.strange())?;
        let (instants, values) = all
            .into_iter()
            .partition(|series| series.metric.contains_key(MARK));
        Ok(Vector {
            values,
            instants,
            has_warnings: response.warnings.is_some_and(|all| !all.is_empty()),
        })
    }

    /// What Prometheus says against a query, with the place in the query as it was written: what was asked has it on lines of
    /// their own, between brackets.
    fn placed(&self, error: &str) -> Option<String> {
        let (before, what) = error.split_once(": parse error: ")?;
        let (line, column) = before.rsplit(' ').next()?.split_once(':')?;
        let line = line.parse::<usize>().ok()?.checked_sub(1)?;
        let column: usize = column.parse().ok()?;
        let lines = self.query.lines().count();
        let place = |line: usize, key: &str| format!("line {line}, column {column} of `{key}`");
        // A bracket that is not closed is found behind all of it.
        let place = match (line, &self.timestamps) {
            (0, _) => return None,
            (_, _) if line <= lines => place(line, "query"),
            (_, None) => "the end of `query`".to_owned(),
            (_, Some(_)) if line == lines + 1 => "the end of `query`".to_owned(),
            (_, Some(text)) if line - lines - 1 <= text.lines().count() => {
                place(line - lines - 1, "timestamps")
            }
            (_, Some(_)) => "the end of `query` or of `timestamps`".to_owned(),
        };
        Some(format!("{place}: {what}"))
    }

    fn findings(&self, probe: Subject<'_>, vector: &Vector, component: &str) -> Vec<Finding> {
        let is_about = |series: &&Series| match &self.label {
            Some(label) => label.is_about(&series.metric, component),
            None => true,
        };
        let of_component = vector.values.iter().filter(is_about);
        let mut all: Vec<Finding> = of_component
            .map(|series| self.finding(probe, vector, series))
            .collect();
        if all.is_empty() {
            all.push(Err(match &self.label {
                Some(label) => format!(
                    "no series has {}: is it still scraped, and does the query select it?",
                    label.wanted(component)
                ),
                None => "the query selects no series: is it still scraped?".to_owned(),
            }));
        }
        if vector.has_warnings {
            let why = "Prometheus warns that its answer may lack series";
            all.push(Err(why.to_owned()));
        }
        all
    }

    fn finding(&self, probe: Subject<'_>, vector: &Vector, series: &Series) -> Finding {
        let Some((_, text)) = &series.value else {
            return Err("the query answers with a histogram, not with a number".to_owned());
        };
        let value: f64 = text.parse().map_err(|_| self.monitor.strange())?;
        if value.is_nan() {
            return Err("the value is NaN: nothing was measured".to_owned());
        }
        let at = sampled(vector, series).ok_or(
            "a series has no instant: let `timestamps` answer with labels that the series has",
        )?;
        let status = match self.up.holds(value) {
            true => Status::Operational,
            false => probe.bad,
        };
        let why = format!("the value is {value}");
        Ok(Found { status, at, why })
    }
}

/// The instant of the sample of a series: the oldest of those whose labels it has.
fn sampled(vector: &Vector, series: &Series) -> Option<Instant> {
    let belongs = |instant: &&Series| {
        let mut labels = instant.metric.iter();
        labels.all(|(name, value)| {
            name == MARK || name == NAME || series.metric.get(name) == Some(value)
        })
    };
    let instants = vector.instants.iter().filter(belongs);
    let mut oldest: Option<Instant> = None;
    for instant in instants {
        let seconds: f64 = instant.value.as_ref()?.1.parse().ok()?;
        let at = DateTime::from_timestamp_millis((seconds * 1000.0) as i64)
            .filter(|_| seconds.is_finite())?;
        oldest = Some(oldest.map_or(at, |oldest| oldest.min(at)));
    }
    oldest
}

impl Question for Prometheus {
    fn source(&self) -> String {
        self.monitor.source("prometheus")
    }

    fn asks(&self) -> Vec<Ask> {
        let query = encoded(&self.values_and_instants());
        vec![self.monitor.ask(&format!("/api/v1/query?query={query}"))]
    }

    fn read(&self, probe: Subject<'_>, asked: Asked<'_>, outcomes: &[Outcome]) -> Vec<Reading> {
        match self.vector(outcomes) {
            Ok(vector) => self.monitor.readings(probe, asked, |component| {
                self.findings(probe, &vector, &component.id)
            }),
            Err(why) => probe.of_all(Verdict::Silent, &why, None),
        }
    }
}

#[cfg(test)]
mod tests;

//! Answers of Prometheus to `query_range`, as its HTTP API documents them.

use std::ops::Range;

use serde::Deserialize;
use serde_json::Value;

use super::json_line::without_place;
use crate::diagnostic::Code;
use crate::syntax::Reader;
use crate::time::Instant;

#[derive(Debug, Deserialize)]
struct QueryRange {
    data: Matrix,
}

#[derive(Debug, Deserialize)]
struct Matrix {
    result: Vec<Series>,
}

#[derive(Debug, Deserialize)]
struct Series {
    values: Vec<(f64, String)>,
}

/// Hands on every sample of the one series of an answer.
pub(super) fn read(reader: &mut Reader<'_>, push: &mut impl FnMut(Instant, f64)) {
    let series = match serde_json::from_str::<QueryRange>(&reader.file.text) {
        Ok(answer) => answer.data.result,
        Err(error) => return explain(reader, &error),
    };
    if series.len() > 1 {
        let message = format!(
            "this answer has {} series, but a signal is one",
            series.len()
        );
        let hint = "put `sum(...)` or `max(...)` around the query";
        let at = find(&reader.file.text, "\"result\"").unwrap_or(0..1);
        reader.error(Code::BadSample, &at, message, hint.to_owned());
        return;
    }
    for (seconds, value) in series.into_iter().flat_map(|series| series.values) {
        let at = chrono::DateTime::from_timestamp_millis((seconds * 1000.0) as i64);
        match (at, value.parse::<f64>()) {
            (Some(at), Ok(value)) => push(at, value),
            _ => {
                let text = &reader.file.text;
                let at = find(text, &value).unwrap_or(0..text.len());
                let message = format!("`{value}` is not a number at a time");
                reader.error(Code::BadSample, &at, message, None);
            }
        }
    }
}

/// Says why a text is no answer.
fn explain(reader: &mut Reader<'_>, error: &serde_json::Error) {
    let text = &reader.file.text;
    let answer: Option<Value> = serde_json::from_str(text).ok();
    let field = |pointer: &str| answer.as_ref()?.pointer(pointer)?.as_str();
    let (at, message) = match (field("/status"), field("/data/resultType")) {
        (Some("error"), _) => {
            let reason = field("/error").unwrap_or("it does not say why");
            (
                find(text, "\"error\"").unwrap_or(0..1),
                format!("this query failed: {reason}"),
            )
        }
        (_, Some(kind)) if kind != "matrix" => (
            find(text, &format!("\"{kind}\"")).unwrap_or(0..1),
            format!("this answer is a `{kind}`, but that of `query_range` is a `matrix`"),
        ),
        _ => {
            let lines = text.split_inclusive('\n');
            let before = lines.take(error.line().saturating_sub(1));
            let line_start: usize = before.map(str::len).sum();
            let at = (line_start + error.column().saturating_sub(1)).min(text.len());
            let error = without_place(error);
            (
                at..at + 1,
                format!("this is no answer of Prometheus to `query_range`: {error}"),
            )
        }
    };
    let hint = "save what `/api/v1/query_range` answers, as it is";
    reader.error(Code::BadSample, &at, message, hint.to_owned());
}

fn find(text: &str, part: &str) -> Option<Range<usize>> {
    text.find(part).map(|at| at..at + part.len())
}

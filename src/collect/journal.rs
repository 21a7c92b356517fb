//! The counts that are in no file of evidence yet, as a text that outlives the process.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::counts::{Count, Counts, OfComponent, Quarter};
use crate::time::Instant;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Journal {
    saved: Instant,
    written: Option<Instant>,
    quarters: Vec<QuarterOf>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct QuarterOf {
    end: Instant,
    /// In seconds.
    missed: u32,
    closed: bool,
    components: BTreeMap<String, Vec<CountOf>>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CountOf {
    region: String,
    kind: String,
    value: u64,
    capped: bool,
}

/// The text of counts as they are at an instant. It names no reader.
pub(super) fn text(counts: &Counts, now: Instant) -> String {
    let quarters = counts.quarters.iter().map(|(end, quarter)| QuarterOf {
        end: *end,
        missed: u32::try_from(quarter.missed.num_seconds()).unwrap_or(u32::MAX),
        closed: quarter.is_closed,
        components: quarter
            .components
            .iter()
            .map(|(component, counts)| (component.to_string(), listed(counts)))
            .collect(),
    });
    let journal = Journal {
        saved: now,
        written: counts.written,
        quarters: quarters.collect(),
    };
    serde_json::to_string(&journal).unwrap_or_default() + "\n"
}

fn listed(counts: &OfComponent) -> Vec<CountOf> {
    let counts = counts.iter().map(|((region, kind), count)| CountOf {
        region: region.to_string(),
        kind: kind.to_string(),
        value: count.value,
        capped: count.is_capped,
    });
    counts.collect()
}

/// The counts of a text. What is closed may have been written since.
pub(super) fn read(text: &str) -> Result<Counts, serde_json::Error> {
    let Journal {
        saved,
        written,
        quarters,
    } = serde_json::from_str(text)?;
    let quarters = quarters.into_iter().map(|quarter| {
        let QuarterOf {
            end,
            missed,
            closed,
            components,
        } = quarter;
        let components = components.into_iter().map(|(component, counts)| {
            let counts = counts.into_iter().map(|count| {
                let CountOf {
                    region,
                    kind,
                    value,
                    capped,
                } = count;
                let is_capped = capped;
                ((region.into(), kind.into()), Count { value, is_capped })
            });
            (component.into(), counts.collect())
        });
        let quarter = Quarter {
            missed: TimeDelta::seconds(i64::from(missed)),
            is_closed: closed,
            is_tried: closed,
            components: components.collect(),
        };
        (end, quarter)
    });
    Ok(Counts {
        quarters: quarters.collect(),
        written,
        known_until: Some(saved),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::super::counts::Subject;
    use super::super::gate::Passed;
    use super::*;
    use crate::site::fixtures::at;

    #[test]
    fn counts_come_back_as_they_were() {
        let mut counts = Counts::default();
        let nothing = read(&text(&counts, at("10:00"))).unwrap();
        assert!(nothing.quarters.is_empty());
        counts.begin(at("10:01"), &["".into(), "api".into()]);
        let subject = Subject {
            component: "web".into(),
            region: "jp".into(),
            kind: "login".into(),
        };
        counts.add(at("10:01"), &subject, Passed::New);
        counts.add(at("10:01"), &subject, Passed::Capped);
        let written = text(&counts, at("10:01"));
        snapbox::assert_data_eq!(
            written.as_str(),
            snapbox::str![[r#"
{"saved":"2022-12-28T10:01:00Z","written":null,"quarters":[{"end":"2022-12-28T10:15:00Z","missed":60,"closed":false,"components":{"":[],"api":[],"web":[{"region":"jp","kind":"login","value":1,"capped":true}]}}]}

"#]]
        );
        assert_eq!(read(&written).unwrap(), counts);
    }
}

//! A document in JSON as a sample: with its keys in the order in which they are written, and of long lists the beginning.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// JSON with the order of its keys.
enum Sample {
    Scalar(Value),
    List(Vec<Sample>),
    Table(Vec<(String, Sample)>),
}

/// A list of which only a part is shown.
pub(super) struct ShortList {
    /// Its key.
    pub(super) key: String,
    pub(super) shown: usize,
    pub(super) all: usize,
}

/// A document, indented, in which of each list of tables only the first entry is left, and the first of those that have a
/// key which that has not; with the lists that were shortened. `None` where it is no JSON.
pub(super) fn shortened(document: &[u8]) -> Option<(String, Vec<ShortList>)> {
    let sample: Sample = serde_json::from_slice(document).ok()?;
    let (mut text, mut left_out) = (String::new(), Vec::new());
    write(&sample, "", 0, &mut text, &mut left_out);
    Some((text, left_out))
}

fn write(
    sample: &Sample,
    key: &str,
    depth: usize,
    text: &mut String,
    shortened: &mut Vec<ShortList>,
) {
    let indent = |depth: usize| "  ".repeat(depth);
    match sample {
        Sample::Scalar(value) => text.push_str(&value.to_string()),
        Sample::List(items) if items.is_empty() => text.push_str("[]"),
        Sample::List(items) => {
            let holds_tables = matches!(items[0], Sample::Table(_));
            let shown: Vec<&Sample> = match holds_tables {
                true => telling(items),
                false => items.iter().collect(),
            };
            if shown.len() < items.len() && !shortened.iter().any(|it| it.key == key) {
                shortened.push(ShortList {
                    key: key.to_owned(),
                    shown: shown.len(),
                    all: items.len(),
                });
            }
            text.push('[');
            for (at, item) in shown.iter().enumerate() {
                text.push_str(match (at, holds_tables) {
                    (0, _) => "",
                    (_, true) => ",",
                    (_, false) => ", ",
                });
                if holds_tables {
                    text.push('\n');
                    text.push_str(&indent(depth + 1));
                }
                write(item, key, depth + 1, text, shortened);
            }
            if holds_tables {
                text.push('\n');
                text.push_str(&indent(depth));
            }
            text.push(']');
        }
        Sample::Table(entries) => {
            text.push('{');
            for (at, (key, value)) in entries.iter().enumerate() {
                text.push_str(if at == 0 { "\n" } else { ",\n" });
                text.push_str(&format!(
                    "{}{}: ",
                    indent(depth + 1),
                    Value::from(key.as_str())
                ));
                write(value, key, depth + 1, text, shortened);
            }
            text.push('\n');
            text.push_str(&indent(depth));
            text.push('}');
        }
    }
}

/// The first entry of a list, and the first that says something where that one says nothing.
fn telling(items: &[Sample]) -> Vec<&Sample> {
    let said = items.first().map(Sample::said).unwrap_or_default();
    let other = items.iter().find(|it| !it.said().is_subset(&said));
    items.first().into_iter().chain(other).collect()
}

impl Sample {
    /// The keys under which it says something.
    fn said(&self) -> BTreeSet<&str> {
        let Self::Table(entries) = self else {
            return BTreeSet::new();
        };
        let said = |value: &Self| !matches!(value, Self::Scalar(Value::Null));
        let said = entries.iter().filter(|(_, value)| said(value));
        said.map(|(key, _)| key.as_str()).collect()
    }
}

impl<'de> Deserialize<'de> for Sample {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SampleVisitor)
    }
}

struct SampleVisitor;

impl<'de> Visitor<'de> for SampleVisitor {
    type Value = Sample;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Sample, E> {
        Ok(Sample::Scalar(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Sample, E> {
        Ok(Sample::Scalar(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Sample, E> {
        Ok(Sample::Scalar(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Sample, E> {
        Ok(Sample::Scalar(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Sample, E> {
        Ok(Sample::Scalar(value.into()))
    }

    fn visit_unit<E>(self) -> Result<Sample, E> {
        Ok(Sample::Scalar(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Sample, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Sample::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Sample, A::Error> {
        let mut table = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            table.push(entry);
        }
        Ok(Sample::Table(table))
    }
}

//! Fields of documents that nothing here reads.

use serde_json::Value;

use super::document::Rest;
use crate::import::tally::{Loss, Losses};

/// Counts the fields that are not read. One that is null or empty says nothing.
pub(super) fn lose_rest(losses: &mut Losses, object: &str, rest: &Rest) {
    for (field, value) in rest {
        let silent = match value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(rows) => rows.is_empty(),
            Value::Object(fields) => fields.is_empty(),
            Value::Bool(_) | Value::Number(_) => false,
        };
        if !silent {
            losses.lose(Loss::Field(format!("{object}.{field}")));
        }
    }
}

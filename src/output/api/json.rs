//! Values as JSON.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

/// A value as JSON that may stand in others.
pub(super) fn json(value: &impl Serialize) -> Box<RawValue> {
    // Only keys that are no texts could not be written, and there are none.
    to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

//! Instants as text that need not be there, for serde.

use serde::{Deserializer, Serializer};

use super::stamp;
use crate::time::Instant;

pub(super) fn serialize<S: Serializer>(at: &Option<Instant>, to: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => stamp::serialize(at, to),
        None => to.serialize_none(),
    }
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Instant>, D::Error> {
    stamp::deserialize(from).map(Some)
}

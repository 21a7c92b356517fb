//! Instants as text, for serde.

use chrono_tz::Tz;
use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer, Serializer};

use crate::time::{self, Instant, rfc3339};

pub(super) fn serialize<S: Serializer>(at: &Instant, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&rfc3339(*at))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Instant, D::Error> {
    let text = String::deserialize(from)?;
    time::parse(&text, Tz::UTC).map_err(|_| D::Error::custom("no instant"))
}

//! The forms of single values.

#![allow(dead_code, reason = "these types are described, and never made")]

use std::collections::BTreeMap;

use schemars::JsonSchema;

/// A text for readers: one string, or one for each language of the site.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(super) enum LocalText {
    /// The same in every language.
    Plain(String),
    /// By BCP 47 tag.
    ByLanguage(BTreeMap<String, String>),
}

/// A duration: one or more whole numbers, each with `s`, `m`, `h`, `d` or `w` behind it, as `1h30m`.
#[derive(JsonSchema)]
pub(super) struct Duration(#[schemars(regex(pattern = r"^\s*([0-9]+\s*[smhdw]\s*)+$"))] String);

/// The time that an answer takes: a duration, or one in milliseconds as `200ms`.
#[derive(JsonSchema)]
pub(super) struct Wait(
    #[schemars(regex(pattern = r"^\s*([0-9]+\s*ms|([0-9]+\s*[smhdw]\s*)+)\s*$"))] String,
);

/// RFC 3339, or `2022-12-28 19:45` followed by nothing (the site's zone), `UTC`, an offset or an IANA zone.
#[derive(JsonSchema)]
pub(super) struct Time(#[schemars(regex(pattern = r"^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]"))] String);

/// A recurrence rule of RFC 5545, section 3.3.10.
#[derive(JsonSchema)]
pub(super) struct Rule(
    #[schemars(regex(
        pattern = r"^\s*([Rr][Rr][Uu][Ll][Ee]:)?[A-Za-z]+=[^;=]+(;[A-Za-z]+=[^;=]+)*$"
    ))]
    String,
);

/// A day, as `2022-12-28`.
#[derive(JsonSchema)]
pub(super) struct Day(#[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))] String);

/// Small letters, digits, `-` and `_`.
#[derive(JsonSchema)]
pub(super) struct Id(#[schemars(regex(pattern = r"^[a-z0-9][a-z0-9_-]{0,63}$"))] String);

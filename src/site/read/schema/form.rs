//! The forms of single values.

#![allow(dead_code, reason = "these types are described, and never made")]

use std::collections::BTreeMap;

use schemars::JsonSchema;

/// A text for readers: one string, or a table with one for each language of the site, as `{ en = "Web", ar = "الموقع" }`.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(super) enum LocalText {
    /// The same in every language.
    Plain(String),
    /// By BCP 47 tag.
    ByLanguage(BTreeMap<String, String>),
}

/// A length of time: one or more whole numbers, each with `s`, `m`, `h`, `d` or `w` behind it, as `15m`, `1h30m` or `2d`.
#[derive(JsonSchema)]
pub(super) struct Duration(#[schemars(regex(pattern = r"^\s*([0-9]+\s*[smhdw]\s*)+$"))] String);

/// The time that an answer takes: a duration, as `2s`, or one in milliseconds, as `200ms`.
#[derive(JsonSchema)]
pub(super) struct Wait(
    #[schemars(regex(pattern = r"^\s*([0-9]+\s*ms|([0-9]+\s*[smhdw]\s*)+)\s*$"))] String,
);

/// An instant: RFC 3339, or `2022-12-28 19:45` followed by nothing (the site's zone), by `UTC`, by an offset as `+01:00`, or by
/// a zone as `Europe/Paris`. A local time that a change of clocks skips or repeats is an error.
#[derive(JsonSchema)]
pub(super) struct Time(#[schemars(regex(pattern = r"^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]"))] String);

/// A rule of RFC 5545, section 3.3.10, as `FREQ=WEEKLY`, `FREQ=WEEKLY;UNTIL=20231231` or `FREQ=MONTHLY;BYDAY=1SA`.
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

/// Small letters, digits, `-` and `_`; a letter or a digit first, and at most 64 of them.
#[derive(JsonSchema)]
pub(super) struct Id(#[schemars(regex(pattern = r"^[a-z0-9][a-z0-9_-]{0,63}$"))] String);

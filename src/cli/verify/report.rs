//! What was found of a live page.

use allclear::locale::english::{counted, grouped};
use allclear::publish::verify::{Flaw, Verdict};
use allclear::site::BaseUrl;
use allclear::time::{self, Instant};
use chrono_tz::Tz;
use serde_json::json;

use super::checkout::{Checkout, few};
use crate::cli::outcome::Outcome;

/// What was found of a live page.
#[derive(Debug)]
pub(super) struct Report<'a> {
    pub(super) url: &'a BaseUrl,
    pub(super) verdict: &'a Verdict,
    pub(super) checkout: Option<&'a Checkout>,
    pub(super) now: Instant,
}

impl Report<'_> {
    pub(super) fn outcome(&self) -> Outcome {
        let is_refused = matches!(self.checkout, Some(Checkout::Changes(it)) if it.is_refused);
        match (self.verdict.is_whole() && self.is_fresh(), is_refused) {
            (false, _) => Outcome::Findings,
            (true, true) => Outcome::Newer,
            (true, false) => Outcome::Clean,
        }
    }

    /// Whether no all-clear has run out.
    fn is_fresh(&self) -> bool {
        let end = self.verdict.listing.valid_until.as_deref();
        let end = end.and_then(|end| time::parse(end, Tz::UTC).ok());
        end.is_none_or(|end| end > self.now)
    }

    /// For people.
    pub(super) fn human(&self) -> String {
        let listing = &self.verdict.listing;
        let commit = listing.commit.as_deref();
        let commit = commit.map(|it| format!(", from commit {}", it.get(..12).unwrap_or(it)));
        let commit = commit.unwrap_or_default();
        let mut text = format!("{} is of {}{commit}.\n", self.url, listing.now);
        text.push_str(&self.wholeness());
        text.push_str(&match (&listing.valid_until, self.is_fresh()) {
            (None, _) => "fresh: it claims nothing that could run out\n".to_owned(),
            (Some(end), true) => format!("fresh: its all-clear holds until {end}\n"),
            (Some(end), false) => format!(
                "not fresh: its all-clear has run out at {end}, and nothing newer was published\n"
            ),
        });
        for (oddity, paths) in &self.verdict.oddities {
            let found = oddity.found.as_deref();
            let found = found.map_or_else(|| "no such field".to_owned(), |it| format!("`{it}`"));
            text.push_str(&format!(
                "warning: {} is {found} instead of `{}` for {}\n",
                oddity.field,
                oddity.expected,
                few(paths)
            ));
        }
        text.push_str(&match self.checkout {
            Some(checkout) => checkout.human(),
            None => "This folder has no site to compare it with.\n".to_owned(),
        });
        text
    }

    /// What is wrong with the files.
    fn wholeness(&self) -> String {
        let Verdict { listing, flaws, .. } = self.verdict;
        let files = counted(listing.files.len(), "file");
        let mut text = match (flaws.is_empty(), &listing.unsettled) {
            (true, None) => format!("whole: {files}, each as `build.json` lists it\n"),
            (false, None) => format!("not whole: {} of {files} wrong\n", grouped(flaws.len())),
            (_, Some(paths)) => format!(
                "not settled: a publication is under way, or was killed; of {files} {} may be old or missing\n",
                grouped(paths.len())
            ),
        };
        for (path, flaw) in flaws {
            text.push_str(&format!("  {path}: {flaw}\n"));
        }
        text
    }

    /// For programs.
    pub(super) fn json(&self) -> String {
        let Verdict {
            listing,
            flaws,
            oddities,
        } = self.verdict;
        let flaws = flaws.iter().map(|(path, flaw)| {
            let (word, why) = match flaw {
                Flaw::Missing => ("missing", None),
                Flaw::Different => ("different", None),
                Flaw::Stale => ("stale", None),
                Flaw::Unasked(why) => ("not_had", Some(why)),
            };
            json!({ "path": path, "flaw": word, "why": why })
        });
        let warnings = oddities.iter().map(|(oddity, paths)| {
            json!({
                "field": oddity.field,
                "expected": oddity.expected,
                "found": oddity.found,
                "paths": paths,
            })
        });
        let report = json!({
            "url": self.url.as_str(),
            "now": listing.now,
            "base_url": listing.base_url,
            "commit": listing.commit,
            "allclear": listing.allclear,
            "valid_until": listing.valid_until,
            "files": listing.files.len(),
            "whole": self.verdict.is_whole(),
            "fresh": self.is_fresh(),
            "unsettled": listing.unsettled,
            "flaws": flaws.collect::<Vec<_>>(),
            "warnings": warnings.collect::<Vec<_>>(),
            "checkout": self.checkout.map(Checkout::json),
        });
        format!("{report:#}\n")
    }
}

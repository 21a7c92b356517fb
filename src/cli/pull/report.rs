//! What a pull has added.

use std::collections::BTreeMap;

use allclear::site::BaseUrl;
use allclear::site::latency::is_latency;
use camino::Utf8PathBuf;
use serde_json::json;

use super::live::Live;

/// What a pull has added, or would add.
#[derive(Debug)]
pub(super) struct Report {
    url: String,
    /// The instant that the page is for.
    now: String,
    /// What is added to each file.
    pub(super) added: Vec<Addition>,
    /// How many lines were left out of each component that the site does not have.
    pub(super) left_out: BTreeMap<String, usize>,
}

/// What is added to a file of the site.
#[derive(Debug)]
pub(super) struct Addition {
    /// Its path from the site's folder.
    pub(super) path: Utf8PathBuf,
    /// What the page has of it.
    pub(super) text: String,
    /// How many lines are new.
    pub(super) count: usize,
}

impl Report {
    /// Of a page, before anything is added.
    pub(super) fn of(url: &BaseUrl, live: &Live) -> Self {
        Self {
            url: url.to_string(),
            now: live.now.clone(),
            added: Vec::new(),
            left_out: BTreeMap::new(),
        }
    }

    /// For people.
    pub(super) fn human(&self, dry_run: bool) -> String {
        let Self { url, now, .. } = self;
        let mut text = match self.added.is_empty() {
            true => format!("The page at {url}, of {now}, publishes no evidence.\n"),
            false => format!("The page at {url} is of {now}.\n"),
        };
        let would = if dry_run { "would be added" } else { "added" };
        for Addition { path, count, .. } in &self.added {
            let (one, many) = match is_latency(path) {
                true => ("latency", "latencies"),
                false => ("observation", "observations"),
            };
            text.push_str(&match count {
                0 => format!("{path}: nothing new\n"),
                1 => format!("{path}: 1 {one} {would}\n"),
                count => format!("{path}: {count} {many} {would}\n"),
            });
        }
        for (component, count) in &self.left_out {
            let lines = if *count == 1 { "line" } else { "lines" };
            text.push_str(&format!(
                "left out: {count} {lines} of `{component}`, which this site does not have\n"
            ));
        }
        text
    }

    /// For programs.
    pub(super) fn json(&self, dry_run: bool) -> String {
        let count = |is_wanted: fn(&Addition) -> bool| {
            let wanted = self.added.iter().filter(|it| is_wanted(it));
            wanted.map(|it| it.count).sum::<usize>()
        };
        let files = self.added.iter();
        let files = files.map(|it| json!({ "path": it.path.as_str(), "added": it.count }));
        let report = json!({
            "url": self.url,
            "now": self.now,
            "dry_run": dry_run,
            "observations": count(|it| !is_latency(&it.path)),
            "latencies": count(|it| is_latency(&it.path)),
            "files": files.collect::<Vec<_>>(),
            "left_out": self.left_out,
        });
        format!("{report:#}\n")
    }
}

//! A site of any size, made from numbers alone: the same for the same size.

#![allow(clippy::expect_used, reason = "a benchmark may fail loudly")]
#![allow(dead_code, reason = "each benchmark makes sites of its own kind")]

use std::fmt::Write as _;
use std::fs;

use allclear::time::Instant;
use camino::Utf8Path;
use chrono::{TimeDelta, TimeZone, Utc};

/// How many components the site has.
const COMPONENTS: usize = 20;

const WORDS: [&str; 24] = [
    "some", "requests", "to", "the", "service", "failed", "with", "errors", "while", "we", "moved",
    "traffic", "away", "from", "a", "broken", "zone", "and", "restored", "its", "database",
    "after", "checking", "replicas",
];

/// The instant that builds of the site are for.
pub(crate) fn now() -> Instant {
    Utc.with_ymd_and_hms(2026, 6, 1, 12, 0, 0)
        .single()
        .expect("an instant")
}

/// A small generator of numbers (a linear congruential one, with Knuth's constants).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("a machine of 32 bits or more") % bound
    }
}

/// Writes a site with so many incidents, spread over five years, into `folder`.
pub(crate) fn generate(folder: &Utf8Path, incidents: usize) {
    let mut config = String::from(
        "title = \"Generated Status\"\nbase_url = \"https://status.example.com/\"\ntime_zone = \"Europe/Berlin\"\n",
    );
    for group in 0..4 {
        write!(
            config,
            "\n[[groups]]\nid = \"g{group}\"\nname = \"Group {group}\"\n"
        )
        .expect("memory");
    }
    for component in 0..COMPONENTS {
        let group = component % 4;
        write!(config, "\n[[components]]\nid = \"c{component}\"\nname = \"Component {component}\"\ngroup = \"g{group}\"\n")
            .expect("memory");
    }
    fs::create_dir_all(folder.join("incidents")).expect("a folder");
    fs::create_dir_all(folder.join("evidence")).expect("a folder");
    fs::write(folder.join("allclear.toml"), config).expect("a file");
    fs::write(folder.join("evidence/states.jsonl"), states()).expect("a file");
    let mut numbers = Numbers(incidents as u64);
    let seconds = 5 * 365 * 24 * 3600;
    for number in 0..incidents {
        let ago = TimeDelta::seconds(
            (seconds / incidents * number + numbers.below(seconds / incidents)) as i64 + 7200,
        );
        let text = incident(number, now() - ago, &mut numbers);
        fs::write(
            folder.join(format!("incidents/incident-{number:05}.md")),
            text,
        )
        .expect("a file");
    }
}

/// Writes a site with so many components, in groups of ten, and these lines of component states.
pub(crate) fn with_states(
    folder: &Utf8Path,
    components: usize,
    lines: impl Iterator<Item = impl AsRef<str>>,
) {
    let mut config =
        String::from("title = \"Generated Status\"\nbase_url = \"https://status.example.com/\"\n");
    // In short, since a file of 100,000 tables would be larger than what is read.
    config.push_str("groups = [\n");
    for group in 0..components.div_ceil(10) {
        writeln!(config, "{{id=\"g{group}\"}},").expect("memory");
    }
    config.push_str("]\ncomponents = [\n");
    for component in 0..components {
        let group = component / 10;
        writeln!(config, "{{id=\"c{component}\",group=\"g{group}\"}},").expect("memory");
    }
    config.push_str("]\n");
    let mut states = String::new();
    for line in lines {
        states.push_str(line.as_ref());
        states.push('\n');
    }
    fs::create_dir_all(folder.join("evidence")).expect("a folder");
    fs::write(folder.join("allclear.toml"), config).expect("a file");
    fs::write(folder.join("evidence/states.jsonl"), states).expect("a file");
}

/// Writes a site with one signal of so many samples, one every twenty seconds up to [`now`].
pub(crate) fn with_samples(folder: &Utf8Path, samples: usize, limit: &str) {
    let config = format!(
        "title = \"Generated Status\"\nbase_url = \"https://status.example.com/\"\n\n[[components]]\nid = \"web\"\n\n[[signals]]\nid = \"reports\"\ncomponents = [\"web\"]\nfile = \"evidence/reports.csv\"\nfor = \"15m\"\n{limit}\n"
    );
    let mut text = String::from("time,value\n");
    let mut numbers = Numbers(samples as u64);
    for ago in (0..samples).rev() {
        let at = now() - TimeDelta::seconds(20 * ago as i64);
        writeln!(
            text,
            "{},{}",
            allclear::time::rfc3339(at),
            numbers.below(100)
        )
        .expect("memory");
    }
    fs::create_dir_all(folder.join("evidence")).expect("a folder");
    fs::write(folder.join("allclear.toml"), config).expect("a file");
    fs::write(folder.join("evidence/reports.csv"), text).expect("a file");
}

/// An observation an hour of each component over the last 90 days, half of them with trouble in it.
fn states() -> String {
    let mut text = String::new();
    for component in 0..COMPONENTS {
        for hour in 0..90 * 24 {
            let from = now() - TimeDelta::hours(90 * 24 - hour);
            let to = from + TimeDelta::minutes(59);
            let status = if component % 2 == 0 && hour % 500 == 17 {
                "partial_outage"
            } else {
                "operational"
            };
            writeln!(
                text,
                r#"{{"component":"c{component}","status":"{status}","from":"{}","to":"{}","source":"probe"}}"#,
                allclear::time::rfc3339(from),
                allclear::time::rfc3339(to),
            )
            .expect("memory");
        }
    }
    text
}

/// An incident of three to six updates, about 1.5 KB long.
fn incident(number: usize, started: Instant, numbers: &mut Numbers) -> String {
    let component = numbers.below(COMPONENTS);
    let status = ["degraded_performance", "partial_outage", "major_outage"][numbers.below(3)];
    let at = |minutes: i64| (started + TimeDelta::minutes(minutes)).format("%Y-%m-%d %H:%M UTC");
    let mut text = format!(
        "---\ntitle: \"Incident {number}: {}\"\ncomponents:\n  c{component}: {status}\n  c{}: degraded_performance\nstarted: {}\n---\n",
        words(6, numbers),
        (component + 1) % COMPONENTS,
        at(0),
    );
    let updates = 3 + numbers.below(4);
    for update in (0..updates).rev() {
        let (state, attributes) = match update {
            0 => ("Investigating", " {next=30m}".to_owned()),
            _ if update == updates - 1 => ("Resolved", String::new()),
            1 => ("Identified", format!(" {{c{component}=partial_outage}}")),
            _ => ("Monitoring", String::new()),
        };
        write!(
            text,
            "\n## {state} · {}{attributes}\n\n",
            at(5 + 20 * update as i64)
        )
        .expect("memory");
        write!(
            text,
            "We see that **{}**, and {}.\n\n",
            words(4, numbers),
            words(24, numbers)
        )
        .expect("memory");
        write!(
            text,
            "- {}\n- `{}` at https://example.com/{number}\n",
            words(8, numbers),
            words(2, numbers)
        )
        .expect("memory");
    }
    text
}

fn words(count: usize, numbers: &mut Numbers) -> String {
    let words: Vec<&str> = (0..count)
        .map(|_| WORDS[numbers.below(WORDS.len())])
        .collect();
    words.join(" ")
}

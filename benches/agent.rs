//! What an agent costs that works for days: its memory, and the time of a round.
//!
//! `cargo bench --bench agent` has an agent of a site of 1,000 incidents and two probes go through 10,000 rounds, in which
//! the clock is set forward instead of waiting. It prints after each thousand how much memory the process has, which
//! should not grow and stay below 60 MB, and in the end what a round of each kind costs on a processor: one in which nothing
//! has changed should cost less than 50 ms.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark makes its site itself, prints what it found, and may fail loudly"
)]

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use allclear::agent::{Agent, Followed, Line, Look, NewPage, Outside, Report, Wake};
use allclear::error::Error;
use allclear::probe::{self, Kept, Looked};
use allclear::site::Site;
use allclear::site::component::ComponentIndex;
use allclear::site::config::Follow;
use allclear::site::place::PlaceName;
use allclear::site::probe::ProbeIndex;
use allclear::site::probe::question::{Reading, Verdict};
use allclear::site::vocabulary::Status;
use allclear::time::Instant;
use allclear::write;
use camino::{Utf8Path, Utf8PathBuf};
use chrono::{DateTime, TimeDelta};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 10_000;

const INCIDENTS: i64 = 1_000;

const CONFIG: &str = r#"
title = "T"
base_url = "https://status.example.com/"

[[components]]
id = "web"

[[components]]
id = "api"

[[probes]]
component = "web"
http = "https://web.example.com/"
source = "probe-web"

[[probes]]
component = "api"
http = "https://api.example.com/"
source = "probe-api"
"#;

/// A machine whose clock is set forward instead of waiting, and whose services work.
struct Machine {
    folder: Utf8PathBuf,
    now: Instant,
    looks: VecDeque<Look>,
    /// What happened in this round.
    happened: &'static str,
}

impl Outside for Machine {
    fn now(&self) -> Instant {
        self.now
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn wait(&mut self, until: Instant) -> Wake {
        match self.looks.pop_front() {
            Some(look) => Wake::Looked(look),
            None => {
                self.now = until;
                Wake::Time
            }
        }
    }

    fn look(&mut self, site: &Arc<Site>, due: Vec<ProbeIndex>) {
        let at = self.now;
        let looked = due.iter().map(|probe| Looked {
            probe: *probe,
            readings: vec![Reading {
                component: ComponentIndex(probe.0),
                verdict: Verdict::Seen(Status::Operational, at),
                why: "200 in 12 ms".to_owned(),
                latency: Some(Duration::from_millis(12)),
            }],
            took: Duration::from_millis(12),
            obstacle: None,
        });
        self.looks.push_back(Look {
            site: Arc::clone(site),
            seen: Ok(looked.collect()),
            probes: due,
        });
    }

    fn keep(&mut self, site: &Site, looked: &[Looked]) -> Result<Kept, Error> {
        if self.happened.is_empty() {
            self.happened = "probes have answered";
        }
        probe::keep(&self.folder, site, looked)
    }

    fn follow(&mut self, _: &Follow) -> Result<Option<Followed>, String> {
        Ok(None)
    }

    fn write(&mut self, page: &NewPage) -> Result<String, String> {
        self.happened = "a page was built";
        let written = write::write(&self.folder.join("public"), &page.generated.outputs);
        let written = written.map_err(|error| error.to_string())?;
        Ok(written.written.to_string())
    }

    fn publish(&mut self, _: &PlaceName, _: &Arc<NewPage>) {}

    fn notify(&mut self, _: &NewPage) -> bool {
        false
    }

    fn tell(&mut self, line: &Line) {
        assert!(!line.is_problem, "{line:?}");
    }

    fn show(&mut self, _: &Report) {}
}

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = Utf8Path::from_path(folder.path()).expect("a path in UTF-8");
    let now = DateTime::from_timestamp(1_715_680_800, 0).expect("an instant");
    make(folder, now);
    let mut machine = Machine {
        folder: folder.to_owned(),
        now,
        looks: VecDeque::new(),
        happened: "",
    };
    let mut agent = Agent::new(folder, None);
    let mut costs: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    for round in 1..=ROUNDS {
        let before = processor_time();
        machine.happened = "";
        let next = agent.round(&mut machine);
        let wake = machine.wait(next);
        agent.woke(wake, &mut machine);
        let cost = processor_time() - before;
        let happened = match machine.happened {
            "" => "nothing has changed",
            happened => happened,
        };
        costs.entry(happened).or_default().push(cost);
        if round % (ROUNDS / 10) == 0 {
            let hours = (machine.now - now).num_minutes() as f64 / 60.0;
            println!("{round} rounds, {hours:.1} hours: {} MB", memory() / 1000);
        }
    }
    for (what, mut costs) in costs {
        costs.sort();
        let (most, greatest) = (costs[costs.len() * 95 / 100], costs[costs.len() - 1]);
        let sum: Duration = costs.iter().sum();
        println!(
            "{what}: {} rounds, {:.1} ms each, 95 % below {:.1} ms, at most {:.1} ms",
            costs.len(),
            sum.as_secs_f64() * 1e3 / costs.len() as f64,
            most.as_secs_f64() * 1e3,
            greatest.as_secs_f64() * 1e3
        );
    }
}

/// Writes the site, whose incidents happened on the days before.
fn make(folder: &Utf8Path, now: Instant) {
    std::fs::create_dir(folder.join("incidents")).expect("a folder");
    std::fs::write(folder.join("allclear.toml"), CONFIG).expect("a file");
    for number in 0..INCIDENTS {
        let day = (now - TimeDelta::days(1 + number / 2)).format("%Y-%m-%d");
        let text = format!(
            "---\ntitle: Trouble {number}\ncomponents: {{web: partial_outage}}\n---\n\n## Resolved · {day} 12:00\n\nIt is over.\n\n\
             ## Investigating · {day} 11:{:02}\n\nWe look.\n",
            number % 60
        );
        let path = folder.join(format!("incidents/trouble-{number}.md"));
        std::fs::write(path, text).expect("a file");
    }
}

/// The memory of this process, in KB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    number.unwrap_or_default() * 1024 / 1000
}

/// The time that this process has had on a processor, in all its threads.
fn processor_time() -> Duration {
    let tasks = std::fs::read_dir("/proc/self/task")
        .into_iter()
        .flatten()
        .flatten();
    let times = tasks.filter_map(|task| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(times.sum())
}

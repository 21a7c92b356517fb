//! The cost of one thing among very many: of a finding, a component, an imported incident.
//!
//! `cargo bench --bench growth` prints for each kind what one of 1,000, of 10,000 and of 100,000 costs, and how many times the
//! cost among the fewest the greatest of these is. That should be at most 1.5: nothing looks at all others. A number
//! below 1 is what the fixed cost of a build makes of a small site.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark makes its site itself, and prints what it found"
)]

use std::time::{Duration, Instant};

use allclear::diagnostic::{machine, report};
use allclear::generate::{Generated, Memory, Request, generate};
use allclear::import::{self, Document, FORMATS, Target};
use camino::Utf8Path;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};

mod site;

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

/// Measures `run` with the folder of a site of each size that `make` makes.
fn growth(
    criterion: &mut Criterion,
    name: &str,
    make: impl Fn(&Utf8Path, usize),
    run: impl Fn(&Utf8Path),
) {
    let mut group = criterion.benchmark_group(name);
    group
        .sample_size(10)
        .warm_up_time(Duration::from_millis(1))
        .measurement_time(Duration::from_secs(5));
    let mut costs: Vec<(usize, f64)> = Vec::new();
    for size in SIZES {
        #[allow(clippy::expect_used, reason = "a benchmark may fail loudly")]
        let folder = tempfile::tempdir().expect("a temporary folder");
        #[allow(clippy::expect_used, reason = "a benchmark may fail loudly")]
        let path = Utf8Path::from_path(folder.path()).expect("a path in UTF-8");
        make(path, size);
        let mut best = Duration::MAX;
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter_custom(|times| {
                let times = (0..times).map(|_| {
                    let start = Instant::now();
                    run(path);
                    let took = start.elapsed();
                    best = best.min(took);
                    took
                });
                times.sum()
            });
        });
        // One that the command line filters out has not run.
        if best < Duration::MAX {
            costs.push((size, best.as_secs_f64() * 1e6 / size as f64));
        }
    }
    group.finish();
    if let [(_, first), ..] = costs[..] {
        let greatest = costs.iter().map(|(_, cost)| cost / first);
        let greatest = greatest.fold(0.0, f64::max);
        let each = costs.iter();
        let each: Vec<String> = each
            .map(|(size, cost)| format!("{cost:.1} µs each of {size}"))
            .collect();
        println!("{name}: {}; {greatest:.2} times\n", each.join(", "));
    }
}

fn generated(site: &Utf8Path) -> Generated {
    #[allow(clippy::expect_used, reason = "a benchmark may fail loudly")]
    generate(&Request::new(site, site::now()), &mut Memory::default()).expect("a site")
}

/// Lines of evidence that name a component which the site does not have, and lines that cannot be read.
fn findings(criterion: &mut Criterion) {
    let line = |number: usize| match number % 2 {
        0 => r#"{"component":"renamed","status":"operational","from":"2026-06-01T00:00:00Z"}"#,
        _ => r#"{"component":"c0" "status""#,
    };
    let make = |folder: &Utf8Path, lines| site::with_states(folder, 20, (0..lines).map(line));
    growth(criterion, "findings", make, |site| {
        let found = generated(site).diagnostics;
        assert!(report::digest(found.iter()).len() < 10);
    });
    growth(criterion, "findings for programs", make, |site| {
        let found = generated(site).diagnostics;
        assert_eq!(
            found.errors(),
            machine::github(&found, "".into()).lines().count()
        );
    });
}

/// Components without evidence, and such as a monitor has seen once.
fn components(criterion: &mut Criterion) {
    let run = |site: &Utf8Path| assert_eq!(generated(site).diagnostics.errors(), 0);
    let make = |folder: &Utf8Path, components| {
        site::with_states(folder, components, std::iter::empty::<&str>());
    };
    growth(criterion, "components", make, run);
    let make = |folder: &Utf8Path, components| {
        let lines = (0..components).map(|number| {
            let (hour, minute) = (number / 60 % 12, number % 60);
            format!(r#"{{"component":"c{number}","status":"operational","from":"2026-06-01T{hour:02}:{minute:02}:00Z"}}"#)
        });
        site::with_states(folder, components, lines);
    };
    growth(criterion, "components with evidence", make, run);
}

/// Incidents of one title and day.
fn imports(criterion: &mut Criterion) {
    let make = |folder: &Utf8Path, incidents: usize| {
        let incidents: Vec<String> = (0..incidents)
            .map(|number| {
                format!(r#"{{"id":"i{number}","name":"Outage","status":"resolved","started_at":"2026-06-01T00:00:00Z","resolved_at":"2026-06-01T01:00:00Z","incident_updates":[]}}"#)
            })
            .collect();
        let text = format!(r#"{{"incidents":[{}]}}"#, incidents.join(","));
        #[allow(clippy::expect_used, reason = "a benchmark may fail loudly")]
        std::fs::write(folder.join("incidents.json"), text).expect("a file");
    };
    growth(criterion, "imported incidents", make, |folder| {
        let path = folder.join("incidents.json");
        #[allow(clippy::expect_used, reason = "a benchmark may fail loudly")]
        let text = std::fs::read_to_string(&path).expect("the document");
        let documents = [Document {
            path: &path,
            text: &text,
        }];
        let target = Target {
            config: "",
            incidents: &std::collections::BTreeMap::new(),
            zone: chrono_tz::UTC,
            now: chrono::DateTime::from_timestamp_nanos(4_000_000_000_000_000_000),
        };
        let imported = import::import(&FORMATS[0], &documents, &target);
        assert_eq!(imported.files.len(), imported.tally.incidents);
    });
}

criterion_group!(benches, findings, components, imports);
criterion_main!(benches);

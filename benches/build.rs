//! Whole builds of generated sites: from a folder of files to a folder of pages, or to a page in a browser.
//!
//! `cargo bench` prints the time of each. Machines differ, and one differs from hour to hour: of the times of one
//! run, what counts is how they compare. With 10,000 incidents, a cold build should take 0.8 s, and a save should be
//! seen after 200 ms: a quarter of that, of which 50 ms are spent on waiting for further saves.
//! Every cold build writes to a new folder, because writing over an old one, or after deleting it,
//! measures the file system instead of the program.

#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark makes its site itself"
)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use allclear::generate::{Memory, Request, generate};
use allclear::write::write;
use camino::{Utf8Path, Utf8PathBuf};
use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};

mod site;

fn folder() -> tempfile::TempDir {
    // A temporary folder that cannot be made leaves nothing to measure.
    #[allow(clippy::expect_used, reason = "a benchmark may fail loudly")]
    tempfile::tempdir().expect("a temporary folder")
}

fn path(folder: &tempfile::TempDir) -> &Utf8Path {
    #[allow(clippy::expect_used, reason = "a benchmark may fail loudly")]
    Utf8Path::from_path(folder.path()).expect("a path in UTF-8")
}

fn build(site: &Utf8Path, output: &Utf8Path) -> usize {
    #[allow(clippy::expect_used, reason = "a benchmark may fail loudly")]
    let generated =
        generate(&Request::new(site, site::now()), &mut Memory::default()).expect("a site");
    assert_eq!(
        generated.diagnostics.errors(),
        0,
        "the generated site is sound"
    );
    #[allow(clippy::expect_used, reason = "a benchmark may fail loudly")]
    write(output, &generated.outputs)
        .expect("a folder to write to")
        .written
}

fn builds(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("build");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(15));
    for incidents in [1_000, 10_000] {
        let site = folder();
        site::generate(path(&site), incidents);
        let outputs = folder();
        let mut number = 0;
        group.bench_function(BenchmarkId::new("cold", incidents), |bencher| {
            bencher.iter_batched(
                || {
                    number += 1;
                    path(&outputs).join(number.to_string())
                },
                |output: Utf8PathBuf| build(path(&site), &output),
                BatchSize::PerIteration,
            );
        });
        let output = path(&outputs).join("same");
        build(path(&site), &output);
        group.bench_function(BenchmarkId::new("unchanged", incidents), |bencher| {
            bencher.iter(|| assert_eq!(build(path(&site), &output), 0));
        });
    }
    group.finish();
}

/// A signal of a million samples, which should take half a second; the ratio to a tenth of them
/// should be near ten.
fn signals(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("signal");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(10));
    for (name, limit) in [
        ("threshold", "threshold = 500"),
        (
            "baseline",
            "baseline = { days = 14, factor = 3.0, floor = 50 }",
        ),
    ] {
        for samples in [100_000, 1_000_000] {
            let site = folder();
            site::with_samples(path(&site), samples, limit);
            let output = folder();
            group.bench_function(BenchmarkId::new(name, samples), |bencher| {
                bencher.iter(|| build(path(&site), path(&output)));
            });
        }
    }
    group.finish();
}

/// `allclear serve` on a site, until it is dropped.
struct Serving {
    child: Child,
    address: String,
}

#[allow(clippy::expect_used, reason = "a benchmark may fail loudly")]
impl Serving {
    fn start(site: &Utf8Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_allclear"))
            .args(["serve", "--site", site.as_str(), "--now"])
            .arg(allclear::time::rfc3339(site::now()))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("its output");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let url = line.split(' ').next().unwrap_or_default();
        let address = url.trim_start_matches("http://").trim_end_matches('/');
        let address = address.to_owned();
        Self { child, address }
    }

    /// A page as it is served.
    fn page(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("the server");
        let host = &self.address;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .expect("a request");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// From the save of an incident's file to its new page.
#[allow(clippy::expect_used, reason = "a benchmark may fail loudly")]
fn saves(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("save");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(15));
    for incidents in [1_000, 10_000] {
        let site = folder();
        site::generate(path(&site), incidents);
        let file = path(&site).join("incidents/incident-00500.md");
        let text = std::fs::read_to_string(&file).expect("an incident");
        let serving = Serving::start(path(&site));
        let mut number = 0;
        let mut save = || {
            number += 1;
            let title = format!("Saved {number} times");
            let text = text.replacen("Incident 500", &title, 1);
            let saved = Instant::now();
            std::fs::write(&file, text).expect("a save");
            while !serving.page("/incidents/incident-00500/").contains(&title) {
                std::thread::sleep(Duration::from_millis(1));
            }
            saved.elapsed()
        };
        group.bench_function(BenchmarkId::new("served", incidents), |bencher| {
            bencher.iter_custom(|times| (0..times).map(|_| save()).sum());
        });
    }
    group.finish();
}

criterion_group!(benches, builds, saves, signals);
criterion_main!(benches);

//! Whole builds of generated sites: from a folder of files to a folder of pages.
//!
//! `cargo bench` prints the time of each; the targets are ratios and sums that `README.md` names.
//! Every cold build writes to a new folder, because writing over an old one, or after deleting it,
//! measures the file system instead of the program.

use std::time::Duration;

use allclear::generate::{Request, generate};
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
    let generated = generate(&Request::new(site, site::now())).expect("a site");
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

criterion_group!(benches, builds, signals);
criterion_main!(benches);

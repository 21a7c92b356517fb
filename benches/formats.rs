//! The cost of the output formats: a cold build of 1,000 incidents with all of them, against one with none.
//!
//! `cargo bench --bench formats` prints the least time of each and by how much the formats add to it, for making the
//! files and for making and writing them. It is that of one thread, which is close to the time of all processors
//! together; it counts the system's work on files, too. The formats should add at most 30 %. Both sites are built in
//! turn, because a machine differs from hour to hour.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark makes its site itself, prints what it found, and may fail loudly"
)]

use std::io::Write as _;
use std::time::{Duration, Instant};

use allclear::generate::{Memory, Request, generate};
use allclear::write::write;
use camino::Utf8Path;

mod site;

/// How often each site is built.
const TURNS: usize = 15;

/// The least times that a build took.
#[derive(Clone, Copy)]
struct Least {
    making: Duration,
    /// Making and writing.
    both: Duration,
}

impl Least {
    const NONE: Self = Self {
        making: Duration::MAX,
        both: Duration::MAX,
    };

    /// Builds a site into a new folder.
    fn build(&mut self, site: &Utf8Path, output: &Utf8Path) {
        let start = Instant::now();
        let generated =
            generate(&Request::new(site, site::now()), &mut Memory::default()).expect("a site");
        self.making = self.making.min(start.elapsed());
        assert_eq!(generated.diagnostics.errors(), 0, "the site is sound");
        write(output, &generated.outputs).expect("a folder to write to");
        self.both = self.both.min(start.elapsed());
    }
}

fn measure() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = Utf8Path::from_path(folder.path()).expect("a path in UTF-8");
    let (without, with) = (folder.join("without"), folder.join("with"));
    for site in [&without, &with] {
        site::generate(site, 1_000);
    }
    std::fs::OpenOptions::new()
        .append(true)
        .open(without.join("allclear.toml"))
        .and_then(|mut config| config.write_all(b"\n[build]\nformats = []\n"))
        .expect("a configuration");
    let (mut none, mut all) = (Least::NONE, Least::NONE);
    for turn in 0..TURNS {
        none.build(&without, &folder.join(format!("{turn}-without")));
        all.build(&with, &folder.join(format!("{turn}-with")));
    }
    for (name, none, all) in [
        ("making", none.making, all.making),
        ("making and writing", none.both, all.both),
    ] {
        let added = (all.as_secs_f64() / none.as_secs_f64() - 1.0) * 100.0;
        println!("{name}: without formats {none:.0?}, with all {all:.0?}: {added:+.0} %");
    }
}

fn main() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    pool.expect("a thread").install(measure);
}

//! The targets of fuzzing, run by `cargo test` on a stable compiler.
//!
//! Each target gets the inputs of its corpus, and then changes of these made by chance, for as many seconds as
//! `ALLCLEAR_FUZZ_SECONDS` says. The chance begins with `ALLCLEAR_FUZZ_SEED`, so that a run can be had again. An input
//! that fails, or is not done after a minute, is written to a file, which is named.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may fail loudly, and says which input did"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "a test reads its inputs, makes its sites and looks at what was written"
)]
#![allow(unreachable_pub, reason = "the targets are a library elsewhere")]

use std::cell::Cell;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use self::mutation::Mutator;

mod mutation;
#[path = "src/lib.rs"]
mod targets;

/// The time for each target where nobody says another.
const SECONDS: f64 = 1.0;

/// The time after which an input counts as one that never ends.
const PATIENCE: Duration = Duration::from_secs(60);

/// Declares the targets, each as a test of its own.
macro_rules! targets {
    ($($name:ident)*) => {
        /// The names of all targets.
        const TARGETS: &[&str] = &[$(stringify!($name)),*];

        $(
            #[test]
            fn $name() {
                Run::new(stringify!($name), targets::$name).all();
            }
        )*
    };
}

targets! {
    config
    front_matter
    heading
    markdown
    prometheus
    recurrence
    request
    samples_csv
    samples_jsonl
    site
    spoken
    states_csv
    states_jsonl
    statuspage
    theme
    time
    update
}

/// The folder of both runners.
fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz"))
}

/// A number in an environment variable.
fn number(variable: &str) -> Option<f64> {
    let text = std::env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} is no number: {text}")),
    )
}

thread_local! {
    /// Whether a panic of this thread is not to be printed: many of them find the smallest input that fails.
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

/// What hears of panics.
static HOOK: Once = Once::new();

/// A run of a target.
struct Run {
    name: &'static str,
    target: fn(&[u8]),
    seed: u64,
}

impl Run {
    fn new(name: &'static str, target: fn(&[u8])) -> Self {
        HOOK.call_once(|| {
            let loud = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |panic| {
                if !IS_QUIET.get() {
                    loud(panic);
                }
            }));
        });
        let seed = number("ALLCLEAR_FUZZ_SEED").unwrap_or_default();
        Self {
            name,
            target,
            seed: seed as u64,
        }
    }

    /// Runs the corpus, and then what chance makes of it.
    fn all(&self) {
        let seconds = number("ALLCLEAR_FUZZ_SECONDS").unwrap_or(SECONDS);
        let end = Instant::now() + Duration::from_secs_f64(seconds);
        let corpus = corpus(self.name);
        let watched = self.watch();
        let mut mutator = Mutator::new(self.seed, &corpus);
        let changed = std::iter::from_fn(|| (Instant::now() < end).then(|| mutator.input()));
        let mut runs = 0_u64;
        for input in corpus.iter().cloned().chain(changed) {
            watched.send(input.clone()).unwrap();
            if !self.holds(&input) {
                let input = self.smaller(input);
                let path = self.keep(&input);
                eprintln!(
                    "{}: seed {}, run {runs}; the input is {}",
                    self.name,
                    self.seed,
                    path.display()
                );
                (self.target)(&input);
                panic!("it failed, and then it did not");
            }
            runs += 1;
        }
        eprintln!("{}: {runs} runs with seed {}", self.name, self.seed);
    }

    /// Whether an input does not fail; nothing is printed where it does.
    fn holds(&self, input: &[u8]) -> bool {
        IS_QUIET.set(true);
        let result = catch_unwind(AssertUnwindSafe(|| (self.target)(input)));
        IS_QUIET.set(false);
        result.is_ok()
    }

    /// A part of a failing input that fails too, as small as a few seconds make it.
    fn smaller(&self, mut input: Vec<u8>) -> Vec<u8> {
        let end = Instant::now() + Duration::from_secs(5);
        let mut length = input.len() / 2;
        while length > 0 {
            let mut start = 0;
            while start < input.len() {
                if Instant::now() > end {
                    return input;
                }
                let rest = input.get(start + length..).unwrap_or_default();
                let part = [&input[..start], rest].concat();
                match self.holds(&part) {
                    false => input = part,
                    true => start += length,
                }
            }
            length /= 2;
        }
        input
    }

    /// Writes an input to a file.
    fn keep(&self, input: &[u8]) -> PathBuf {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{}", self.name));
        fs::write(&path, input).unwrap();
        path
    }

    /// Ends the program where an input that is sent is not followed by another one in time.
    fn watch(&self) -> Sender<Vec<u8>> {
        let (sender, receiver) = channel::<Vec<u8>>();
        let run = Self { ..*self };
        std::thread::spawn(move || {
            let mut last = Vec::new();
            loop {
                match receiver.recv_timeout(PATIENCE) {
                    Ok(input) => last = input,
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => {
                        let path = run.keep(&last);
                        eprintln!(
                            "{}: seed {}; no end of {}",
                            run.name,
                            run.seed,
                            path.display()
                        );
                        std::process::exit(1);
                    }
                }
            }
        });
        sender
    }
}

/// The inputs of a target's corpus, by name.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = folder().join("corpus").join(name);
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| !is_made_by_cargo_fuzz(path))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "{} is empty", folder.display());
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Whether an input has a hash for a name, as those that a run of `cargo fuzz` adds.
fn is_made_by_cargo_fuzz(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[test]
fn both_runners_have_the_same_targets() {
    let names = |folder: &Path| {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| {
                entry
                    .unwrap()
                    .path()
                    .file_stem()
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned()
            })
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(&folder().join("fuzz_targets")), TARGETS);
    assert_eq!(names(&folder().join("corpus")), TARGETS);
    let manifest: toml::Table = fs::read_to_string(folder().join("Cargo.toml"))
        .unwrap()
        .parse()
        .unwrap();
    let mut binaries: Vec<&str> = manifest["bin"]
        .as_array()
        .unwrap()
        .iter()
        .map(|binary| binary["name"].as_str().unwrap())
        .collect();
    binaries.sort_unstable();
    assert_eq!(binaries, TARGETS);
    for name in TARGETS {
        let source = fs::read_to_string(folder().join(format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(
            source.contains(&format!("allclear_fuzz::{name}(bytes)")),
            "{source}"
        );
        let size: usize = corpus(name).iter().map(Vec::len).sum();
        assert!(
            size < 8 * 1024,
            "the corpus of {name} is of {size} bytes: keep it small"
        );
    }
}

//! The documents are true: every command in README.md and in `docs/` is run, every file in them is read, every link leads
//! somewhere, and the reference is the one that the program writes.
//!
//! A page is written by these conventions:
//!
//! - A fenced block right below a line with only a path in backticks is that file.
//! - A block `console` holds commands behind `$ `, each with its exact output below it. Seconds, sizes and dates may differ;
//!   dates may not where the command names its instant with `--now`. A command may fail only if its output shows the error.
//! - A block `sh` holds commands that cannot run here: they are only read.
//! - A block `text` is shown as it is. No other blocks are there.
//!
//! Each page runs in a folder of its own, which is empty, or with a line `<!-- runs in examples/NAME -->` a copy of that one.
//! README.md runs in a copy of the repository's own site. `SNAPSHOTS=overwrite` writes outputs that are others now.

mod contents;
mod links;
mod masks;
mod page;
mod recipes;
mod reference;
mod run;

use std::fmt::Write as _;
use std::fs;
use std::io::{Write as _, stderr};
use std::path::PathBuf;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use self::page::Page;
use self::run::Run;
use crate::site_test::files_below;

/// The folder of the repository.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Whether expectations are to be written anew.
fn overwrites() -> bool {
    std::env::var("SNAPSHOTS").is_ok_and(|it| it == "overwrite")
}

/// Says something that is shown although the test passes.
fn say(text: &str) {
    // Not by a macro, whose text is kept back where the test passes.
    stderr().write_all(format!("{text}\n").as_bytes()).unwrap();
}

/// The paths of the pages of `docs/`, from the folder of the repository.
fn book() -> Vec<String> {
    let files = files_below(&root().join("docs")).into_iter();
    let pages = files.filter(|file| file.ends_with(".md"));
    let pages: Vec<String> = pages.map(|file| format!("docs/{file}")).collect();
    assert!(pages.len() >= 20, "{pages:?}");
    pages
}

/// Whether a page has to show something that runs: one that says how to do something.
fn is_to_run(path: &str) -> bool {
    let is_guide = ["docs/start/", "docs/how-to/"]
        .iter()
        .any(|folder| path.starts_with(folder));
    let is_index = path.ends_with("/README.md");
    path == "README.md" || path == "docs/three-in-the-morning.md" || is_guide && !is_index
}

#[test]
fn every_command_runs_and_every_file_is_read() {
    let mut paths = book();
    paths.insert(0, "README.md".to_owned());
    let runs: Vec<(&String, Run)> = (paths.par_iter())
        .map(|path| (path, Run::of(&Page::read(path))))
        .collect();
    let (mut report, mut faults) = (String::new(), String::new());
    let (mut commands, mut files, mut scripts) = (0, 0, 0);
    for (path, run) in &runs {
        let _ = writeln!(
            report,
            "{path}: {} commands, {} files, {} scripts",
            run.commands, run.files, run.scripts
        );
        commands += run.commands;
        files += run.files;
        scripts += run.scripts;
        for fault in &run.faults {
            let _ = writeln!(faults, "{fault}\n");
        }
        if is_to_run(path) && run.commands + run.files == 0 {
            let _ = writeln!(
                faults,
                "{path} says how to do something, and nothing of it runs\n"
            );
        }
        if overwrites() && !run.rewritten.is_empty() {
            let page = Page::read(path).with(&run.rewritten);
            fs::write(root().join(path), page).unwrap();
        }
    }
    eprint!("{report}");
    say(&format!(
        "tried: {} pages, {commands} commands, {files} files, {scripts} scripts",
        runs.len()
    ));
    assert!(faults.is_empty(), "\n{faults}");
    assert!(commands >= 50, "only {commands} commands were run");
    assert!(files >= 20, "only {files} files were read");
}

/// Each kind of mistake on a page is found, so that a page without faults has none.
#[test]
fn a_page_with_mistakes_is_not_true() {
    if overwrites() {
        say("not run: a_page_with_mistakes_is_not_true, because other outputs are no mistakes now");
        return;
    }
    let page = "# A page\n\n\
        `allclear.toml`\n```toml\ntitle = \"A\"\nbase_url = \"https://status.example.com/\"\n```\n\n\
        ```console\n$ echo one\ntwo\n$ cd nowhere\n```\n\n\
        ```console\n$ false\n```\n\n\
        ```sh\nif true; then\n```\n\n\
        ```toml\na = 1\n```\n\n\
        - In a list:\n\n  `a.json`\n  ```json\n  {\"a\": 1,}\n  ```\n\n\
        ```console\n$ cat a.json\n{\"a\": 1,}\n```\n\n\
        `allclear.toml`\n```toml\ntitel = \"A\"\n```\n";
    let run = Run::of(&Page::of("docs/how-to/a.md", page));
    let found = [
        "docs/how-to/a.md:10: `echo one` prints:\none\nand the page shows:\ntwo",
        "docs/how-to/a.md:12: `cd nowhere`: there is no such folder",
        "docs/how-to/a.md:16: `false` failed with exit code 1",
        "docs/how-to/a.md:19: sh: ",
        "docs/how-to/a.md:23: a block `toml` is a file",
        "docs/how-to/a.md:30: `a.json`: trailing comma",
        "docs/how-to/a.md: its files are no site: ",
    ];
    assert_eq!(run.faults.len(), found.len(), "{:#?}", run.faults);
    for (fault, start) in run.faults.iter().zip(found) {
        assert!(
            fault.starts_with(start),
            "{fault}\nshould start with\n{start}"
        );
    }
    assert_eq!((run.commands, run.files, run.scripts), (4, 3, 1));
}

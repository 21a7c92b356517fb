//! Whole small sites, from files to pages.

use std::collections::BTreeMap;
use std::fs;

use allclear::generate::{Generated, Memory, Request, generate};
use allclear::output::Output;
use allclear::write::write;
use camino::{Utf8Component, Utf8Path};

use super::ground::CONFIG;
use super::markup::{Markup, assert_sound};
use super::sound::{assert_placed, errors, text};

/// The line that begins a file; its path follows.
const FILE: &str = "=== ";

/// The most files of a site, and the most bytes of one name.
const MOST: usize = 12;
const LONGEST_NAME: usize = 100;

/// Any site, as [`parts`] has it: built twice it is the same bytes, what is built can be written, and every page is
/// well formed and executes nothing that an author wrote. A site without `allclear.toml` gets a small one.
pub fn site(bytes: &[u8]) {
    let text = text(bytes);
    let files = parts(&text);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = Utf8Path::from_path(folder.path()).expect("a path in UTF-8");
    let (source, output) = (folder.join("site"), folder.join("public"));
    fs::create_dir_all(&source).expect("a folder");
    fs::write(source.join("allclear.toml"), CONFIG).expect("a file");
    fs::create_dir_all(source.join("evidence")).expect("a folder");
    fs::write(source.join("evidence/reports.csv"), "time,value\n").expect("a file");
    for (path, text) in &files {
        put(&source, path, text);
    }
    let mut memory = Memory::default();
    let first = build(&source, &mut memory);
    assert_placed(&first.diagnostics);
    assert_same(&first, &build(&source, &mut memory));
    assert_same(&first, &build(&source, &mut Memory::default()));
    if first.diagnostics.errors() > 0 {
        assert!(first.outputs.is_empty(), "an error, and pages all the same");
        return;
    }
    assert!(!first.outputs.is_empty(), "no error, and no pages");
    if let Err(error) = write(&output, &first.outputs) {
        panic!("nothing is wrong with the site, and it cannot be written: {error}");
    }
    let has_theme = files.keys().any(|path| path.starts_with("themes"));
    first
        .outputs
        .iter()
        .filter(|it| !is_copy(it))
        .for_each(|it| assert_document(it, has_theme));
}

/// The files of an input, by path: each begins with a line `=== PATH`.
pub fn parts(input: &str) -> BTreeMap<&str, &str> {
    let mut parts = BTreeMap::new();
    let mut rest = input;
    while let Some(start) = rest.find(FILE)
        && parts.len() < MOST
    {
        let after = &rest[start + FILE.len()..];
        let (path, text) = after.split_once('\n').unwrap_or((after, ""));
        let end = text
            .find(&format!("\n{FILE}"))
            .map_or(text.len(), |at| at + 1);
        if is_path(path) {
            parts.insert(path, &text[..end]);
        }
        rest = &text[end..];
    }
    parts
}

/// Whether a path leads to a file below its folder on every system.
fn is_path(path: &str) -> bool {
    let parts = Utf8Path::new(path).components();
    let is_name = |part: Utf8Component<'_>| matches!(part, Utf8Component::Normal(name) if name.len() <= LONGEST_NAME);
    !path.is_empty()
        && path.len() <= 3 * LONGEST_NAME
        && !path.contains('\0')
        && parts.into_iter().all(is_name)
}

/// Puts a file into a folder, where its place is not taken by a folder, or a file taken for one.
fn put(folder: &Utf8Path, path: &str, text: &str) {
    let path = folder.join(path);
    let made = path.parent().map(fs::create_dir_all);
    if matches!(made, Some(Ok(()))) {
        let _ = fs::write(&path, text);
    }
}

fn build(folder: &Utf8Path, memory: &mut Memory) -> Generated {
    let now = "2022-12-29T01:30:00Z".parse().expect("an instant");
    generate(&Request::new(folder, now), memory).expect("a site")
}

fn assert_same(first: &Generated, second: &Generated) {
    assert_eq!(errors(&first.diagnostics), errors(&second.diagnostics));
    assert!(
        first.outputs == second.outputs,
        "the same files, and other bytes"
    );
}

/// Whether an output is a file of the site's own, which is published as it is.
fn is_copy(output: &Output) -> bool {
    let source = output.source.as_ref();
    source.is_some_and(|source| source.extension() != Some("md"))
}

fn assert_document(output: &Output, has_theme: bool) {
    let text = std::str::from_utf8(&output.bytes);
    match output.path.extension() {
        Some("html") if !has_theme => assert_sound(text.expect("a page in UTF-8"), Markup::Page),
        Some("atom" | "rss" | "xml") => assert_sound(text.expect("a feed in UTF-8"), Markup::Xml),
        Some("json") => {
            serde_json::from_slice::<serde_json::Value>(&output.bytes).expect("JSON");
        }
        _ => {}
    }
}

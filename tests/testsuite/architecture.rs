//! The table of ranks in `src/lib.rs` holds.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A module may use the rows above its own, and what stands before it in its own row.
#[test]
fn a_module_uses_only_what_ranks_before_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let ranks = ranks(&fs::read_to_string(root.join("lib.rs")).unwrap());
    let mut files = Vec::new();
    rust_files(&root, &mut files);
    let mut wrong = Vec::new();
    let mut seen = 0;
    for file in files {
        let path = file.strip_prefix(&root).unwrap().with_extension("");
        let module = path
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_str()
            .unwrap()
            .to_owned();
        if ["lib", "main", "cli"].contains(&module.as_str()) || is_test(&path) {
            continue;
        }
        let own = *ranks
            .get(&module)
            .unwrap_or_else(|| panic!("`{module}` has no place in the table of ranks"));
        for used in used_modules(&fs::read_to_string(&file).unwrap()) {
            let rank = *ranks
                .get(&used)
                .unwrap_or_else(|| panic!("{}: `{used}` has no rank", path.display()));
            seen += 1;
            if rank >= own && used != module {
                wrong.push(format!("{}: `{module}` uses `{used}`", path.display()));
            }
        }
    }
    assert!(
        seen > 50,
        "only {seen} uses were found: is this test still reading them?"
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Tests, and the sites that they are made of, may use anything.
fn is_test(path: &Path) -> bool {
    let test_only = [
        "sample",
        "tests",
        "model",
        "properties",
        "cases",
        "processes",
    ];
    path.components()
        .any(|part| test_only.contains(&part.as_os_str().to_str().unwrap()))
}

/// The position of each module in the table, by its name.
fn ranks(lib: &str) -> BTreeMap<String, usize> {
    let mut ranks = BTreeMap::new();
    for line in lib.lines().filter(|line| line.starts_with("//! | ")) {
        let modules = line.split('|').nth(2).unwrap_or_default();
        for name in modules.split('`').skip(1).step_by(2) {
            let position = ranks.len();
            ranks.insert(name.to_owned(), position);
        }
    }
    ranks
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
}

/// The modules that a file names after `crate::`, outside of comments.
fn used_modules(text: &str) -> Vec<String> {
    let code: String = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    code.split("crate::")
        .skip(1)
        .filter_map(|rest| {
            let name: String = rest
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            (!name.is_empty()).then_some(name)
        })
        .collect()
}

//! The table of rooms in `src/lib.rs` holds, and no file uses one that uses it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// A module by the names that lead to it from `src`: `["site", "read", "heading"]`.
type Module = Vec<String>;

/// The source code outside of tests.
struct Code {
    /// The text of each module, without comments.
    texts: BTreeMap<Module, String>,
    /// Where each name that a module hands on is defined.
    handed_on: BTreeMap<Module, Module>,
}

#[test]
fn a_room_uses_only_rooms_before_it() {
    let rooms = rooms(&fs::read_to_string(source().join("lib.rs")).unwrap());
    let rank = |module: &Module| {
        let room = &module[0];
        rooms
            .iter()
            .position(|it| it == room)
            .unwrap_or_else(|| panic!("`{room}` is not in the table of rooms in src/lib.rs"))
    };
    let code = Code::read();
    let mut seen = 0;
    let mut wrong = Vec::new();
    for (module, used) in code.uses() {
        seen += 1;
        if rank(&used) > rank(&module) {
            wrong.push(format!("{} uses {}", module.join("/"), used.join("/")));
        }
    }
    assert!(
        seen > 500,
        "only {seen} uses were found: is this test still reading them?"
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_file_uses_one_that_uses_it() {
    let code = Code::read();
    let uses = code.uses();
    assert!(
        uses.len() > 300,
        "only {} uses between files were found",
        uses.len()
    );
    let mut used_by: BTreeMap<&Module, Vec<&Module>> = BTreeMap::new();
    for (module, used) in &uses {
        used_by.entry(module).or_default().push(used);
    }
    let leads_to = |from: &Module, to: &Module| {
        let (mut open, mut seen) = (vec![from], BTreeSet::new());
        while let Some(module) = open.pop() {
            if module == to {
                return true;
            }
            if seen.insert(module) {
                open.extend(used_by.get(module).into_iter().flatten());
            }
        }
        false
    };
    let circles: Vec<String> = uses
        .iter()
        .filter(|(module, used)| leads_to(used, module))
        .map(|(module, used)| format!("{} uses {}", module.join("/"), used.join("/")))
        .collect();
    assert!(circles.is_empty(), "in a circle:\n{}", circles.join("\n"));
}

#[test]
fn there_are_few_rooms() {
    let lib = fs::read_to_string(source().join("lib.rs")).unwrap();
    let modules = lib
        .lines()
        .filter(|line| line.starts_with("pub mod "))
        .count();
    assert!(
        // The 24th, `collect`, is the only one that listens to everybody.
        (10..=24).contains(&modules),
        "{modules} modules at the top of src"
    );
    let rooms = rooms(&lib);
    assert_eq!(
        rooms.len(),
        modules + 2,
        "each module has its place in the table, and so have `cli` and `main`"
    );
}

/// What only one system has stands in one room, a file a concern.
#[test]
fn only_one_room_asks_for_which_system_it_is_compiled() {
    let asks = |text: &str| {
        let of_system = [
            "std::os::",
            "rustix",
            "winapi_util",
            "signal_hook",
            "unix",
            "windows",
            "target_os",
            "target_vendor",
            "target_family",
        ];
        let is_asking = |line: &str| match line.contains("cfg") {
            true => of_system.iter().any(|word| line.contains(word)),
            false => of_system[..4].iter().any(|word| line.contains(word)),
        };
        text.lines().any(is_asking)
    };
    let code = Code::read();
    let asking = code.texts.iter().filter(|(_, text)| asks(text));
    let asking: Vec<String> = asking.map(|(module, _)| module.join("/")).collect();
    let expected = [
        "system/busy",
        "system/file",
        "system/lock",
        "system/mounts",
        "system/network",
        "system/open",
        "system/path",
        "system/permissions",
        "system/process",
        "system/rename",
        "system/signals",
        "system/sync",
    ];
    assert_eq!(asking, expected);
}

fn source() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The rooms of the table, in its order.
fn rooms(lib: &str) -> Vec<String> {
    let rows = lib.lines().filter(|line| line.starts_with("//! | `"));
    rows.flat_map(|line| {
        let names = line.split('|').nth(1).unwrap_or_default();
        let names: Vec<String> = names
            .split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect();
        names
    })
    .collect()
}

impl Code {
    /// Every file below `src`, but for those that are compiled for tests only.
    fn read() -> Self {
        let mut texts = BTreeMap::new();
        files_below(&source(), &[], &mut texts);
        let tests: BTreeSet<Module> = texts
            .iter()
            .flat_map(|(module, text)| tests_in(module, text))
            .collect();
        texts.retain(|module, _| (1..=module.len()).all(|len| !tests.contains(&module[..len])));
        for text in texts.values_mut() {
            *text = without_test_modules(text);
        }
        let mut code = Self {
            texts,
            handed_on: BTreeMap::new(),
        };
        let mut handed_on = BTreeMap::new();
        for (module, text) in &code.texts {
            for (path, is_public) in imports(text) {
                if let Some(target) = is_public.then(|| code.absolute(module, &path)).flatten() {
                    let mut name = module.clone();
                    name.extend(target.last().cloned());
                    handed_on.insert(name, target);
                }
            }
        }
        code.handed_on = handed_on;
        code
    }

    /// Each pair of a file and another one that it uses, once.
    fn uses(&self) -> Vec<(Module, Module)> {
        let mut uses = BTreeSet::new();
        for (module, text) in &self.texts {
            let imported = imports(text).into_iter().map(|(path, _)| path);
            for path in imported
                .chain(paths(text))
                .chain(self.children_called(module, text))
            {
                let used = self
                    .absolute(module, &path)
                    .and_then(|path| self.file_of(path));
                if let Some(used) = used.filter(|used| used != module && !module.is_empty()) {
                    uses.insert((module.clone(), used));
                }
            }
        }
        uses.into_iter().collect()
    }

    /// The path from `src` of what a path in a module leads to; `None` for other crates' items.
    fn absolute(&self, module: &Module, path: &str) -> Option<Module> {
        let mut names: Vec<String> = path.split("::").map(str::to_owned).collect();
        let mut base = match names[0].as_str() {
            "crate" | "allclear" => Module::new(),
            "self" | "super" => module.clone(),
            first => {
                let mut child = module.clone();
                child.push(first.to_owned());
                if !self.texts.contains_key(&child) {
                    return None;
                }
                names.insert(0, "self".to_owned());
                module.clone()
            }
        };
        while names.first().is_some_and(|name| name == "super") {
            base.pop();
            names.remove(0);
        }
        if names
            .first()
            .is_some_and(|name| ["crate", "allclear", "self"].contains(&name.as_str()))
        {
            names.remove(0);
        }
        names.retain(|name| name != "self");
        base.extend(names);
        Some(base)
    }

    /// The file in which an item is defined, however it was handed on.
    fn file_of(&self, mut path: Module) -> Option<Module> {
        for _ in 0..5 {
            let depth = (1..=path.len())
                .rev()
                .find(|len| self.texts.contains_key(&path[..*len]))?;
            let name = path.get(..=depth).unwrap_or(&path);
            match self.handed_on.get(name) {
                Some(target) if depth < path.len() => {
                    let rest = path.split_off(depth + 1);
                    path = target.iter().cloned().chain(rest).collect();
                }
                _ => return Some(path[..depth].to_vec()),
            }
        }
        None
    }

    /// Paths that begin with the name of a module's child, which needs no import: `child::item`.
    fn children_called(&self, module: &Module, text: &str) -> Vec<String> {
        let children = self
            .texts
            .keys()
            .filter(|it| it.len() == module.len() + 1 && it.starts_with(module));
        let children = children.map(|child| child[module.len()].as_str());
        children
            .filter(|child| {
                text.match_indices(&format!("{child}::")).any(|(at, _)| {
                    !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
                })
            })
            .map(|child| format!("self::{child}"))
            .collect()
    }
}

/// Reads the files below a folder, without comments.
fn files_below(folder: &Path, module: &[String], texts: &mut BTreeMap<Module, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let mut module = module.to_vec();
        let name = path.file_stem().unwrap().to_str().unwrap();
        if path.is_dir() {
            module.push(name.to_owned());
            files_below(&path, &module, texts);
        } else if path.extension().is_some_and(|extension| extension == "rs") && name != "lib" {
            module.push(name.to_owned());
            let text = fs::read_to_string(&path).unwrap();
            let lines = text.lines().map(without_comment);
            texts.insert(module, lines.collect::<Vec<_>>().join("\n"));
        }
    }
}

/// A line up to its comment; `//` in an address is none.
fn without_comment(line: &str) -> &str {
    let mut starts = line.match_indices("//").map(|(at, _)| at);
    let comment = starts.find(|at| !line[..*at].ends_with(':'));
    &line[..comment.unwrap_or(line.len())]
}

/// The files that a module declares for tests only.
fn tests_in(module: &Module, text: &str) -> Vec<Module> {
    let mut found = Vec::new();
    for after in text.split("#[cfg(test)]").skip(1) {
        let declaration = after.trim_start().lines().next().unwrap_or_default();
        if let Some((_, name)) = declaration.split_once("mod ")
            && let Some(name) = name.strip_suffix(';')
        {
            let mut child = module.clone();
            child.push(name.to_owned());
            found.push(child);
        }
    }
    found
}

/// A text up to the module of tests at its end.
fn without_test_modules(text: &str) -> String {
    text.split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// Every path that `use` brings in, and whether it is handed on.
fn imports(text: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    for statement in text.split(';') {
        let Some(at) = statement.rfind("use ").filter(|at| {
            let before = statement[..*at].trim_end();
            before.is_empty() || before.ends_with(['{', '}', ']', ')']) || before.ends_with("pub")
        }) else {
            continue;
        };
        let before = statement[..at].trim_end();
        let is_public = before.ends_with("pub")
            || before.ends_with("pub(crate)")
            || before.ends_with("pub(super)");
        let tree: String = statement[at + 4..]
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        expand(&tree, "", &mut |path| found.push((path, is_public)));
    }
    found
}

/// The paths of a tree as in `a::{b, c::{d as e}}`.
fn expand(tree: &str, before: &str, add: &mut impl FnMut(String)) {
    let tree = tree.trim();
    let Some((head, rest)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default().trim();
        if !path.is_empty() {
            add(format!("{before}{path}"));
        }
        return;
    };
    let inner = rest.strip_suffix('}').unwrap_or(rest);
    let before = format!("{before}{head}");
    let (mut depth, mut start) = (0, 0);
    for (at, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                expand(&inner[start..at], &before, add);
                start = at + 1;
            }
            _ => {}
        }
    }
    expand(&inner[start..], &before, add);
}

/// Every path in the code that begins with `crate`, `super`, `self` or `allclear`; trees are read by [`imports`].
fn paths(text: &str) -> Vec<String> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let mut found = Vec::new();
    for root in ["crate::", "super::", "self::", "allclear::"] {
        for (at, _) in text.match_indices(root) {
            if !text[..at].ends_with(is_name) {
                let path: String = text[at..].chars().take_while(|c| is_name(*c)).collect();
                if text[at + path.len()..].starts_with('{') {
                    continue;
                }
                found.push(path.trim_end_matches(':').to_owned());
            }
        }
    }
    found
}

#[test]
fn every_way_to_use_an_item_is_seen() {
    let text = "use std::fs;
pub use self::a::{B, c::{self, D as E}};

fn f() {
    use crate::g::H;
    let url = \"https://example.com\"; super::i::j(crate::k::L);
}
";
    let text: Vec<&str> = text.lines().map(without_comment).collect();
    let text = text.join("\n");
    let imported = [
        "std::fs",
        "self::a::B",
        "self::a::c::self",
        "self::a::c::D",
        "crate::g::H",
    ];
    let found = imports(&text);
    let found: Vec<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(found, imported);
    let found = paths(&text);
    assert!(
        ["super::i::j", "crate::k::L"]
            .iter()
            .all(|path| found.contains(&(*path).to_owned())),
        "{found:?}"
    );
}

//! The paths at which a file of the site may lie, and which of them a disk may take for the same.
//!
//! They are judged alike on every system: a page that can be built on one can be built, copied and served on all.

use crate::site::{fold_alike, folded, is_device};

/// The beginning of the names of this program's own files in the output folder.
const RESERVED: &str = ".allclear";

/// The longest name of a file or folder, in bytes, on the disks in use.
const LONGEST_NAME: usize = 255;

/// The longest path from the output folder, in bytes. Some systems allow 1,024 with all folders above it.
const LONGEST_PATH: usize = 800;

/// Why no file of the site can lie at `path`; `None` for a good path.
pub(crate) fn flaw(path: &str) -> Option<&'static str> {
    if path.len() > LONGEST_PATH {
        return Some("the path has more than 800 bytes");
    }
    path.split('/')
        .find_map(|part| danger_of(part).or_else(|| oddity_of(part)))
}

/// Why this program cannot have written a file at `path`, be it an older version; `None` where it may have.
pub(crate) fn danger(path: &str) -> Option<&'static str> {
    path.split('/').find_map(danger_of)
}

/// Why a part of a path would lead somewhere else.
fn danger_of(part: &str) -> Option<&'static str> {
    match part {
        "" => Some("a part of the path is empty"),
        "." | ".." => Some("the path climbs"),
        _ if has_control(part) => Some("its name has a control character, such as a line break"),
        _ if part.contains('\\') => {
            Some("its name has a backslash, which parts folders on Windows")
        }
        _ if part.eq_ignore_ascii_case(".git") => Some("the path leads into a Git repository"),
        _ if starts_with_reserved(part) => Some("names that begin with `.allclear` are taken"),
        _ => None,
    }
}

fn has_control(part: &str) -> bool {
    match part.is_ascii() {
        true => part.bytes().any(|byte| byte.is_ascii_control()),
        false => part.contains(char::is_control),
    }
}

/// Why some system cannot hold a file or a folder of this name.
fn oddity_of(part: &str) -> Option<&'static str> {
    if part.len() > LONGEST_NAME {
        return Some("its name has more than the 255 bytes that disks allow");
    }
    let is_forbidden = |byte: u8| matches!(byte, b':' | b'*' | b'?' | b'"' | b'<' | b'>' | b'|');
    if part.bytes().any(is_forbidden) {
        return Some("Windows allows none of `: * ? \" < > |` in a name");
    }
    if part.ends_with(['.', ' ']) {
        return Some("Windows takes a dot or a blank off the end of a name");
    }
    is_device(part).then_some("Windows keeps this name for a device")
}

fn starts_with_reserved(part: &str) -> bool {
    part.get(..RESERVED.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(RESERVED))
}

/// The key to sort and compare a path by, so that paths that a disk may confuse stand together.
///
/// Folded, because some disks ignore case, or how an accent is written; a NUL for each `/`, because then everything in
/// a folder follows directly on a file of the folder's name.
pub(crate) fn key(path: &str) -> String {
    folded(path).replace('/', "\0")
}

/// Whether two files cannot both be written: the paths are the same, a part of them is the same for some disks though
/// not written alike, or one is a folder of the other.
///
/// Of any paths that clash, two neighbours in the order of [`key`] do.
pub(crate) fn clash(first: &str, second: &str) -> bool {
    let mut others = second.split('/');
    for part in first.split('/') {
        match others.next() {
            Some(other) if other == part => {}
            Some(other) => return fold_alike(other, part),
            None => return true,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{clash, danger, flaw, key};

    #[test]
    fn a_path_of_the_site_stays_inside() {
        for path in [
            "index.html",
            "incidents/x/index.html",
            "ar/حالة/index.html",
            ".well-known/x",
            "a..b",
            "a b",
            "con-x/com10/console",
        ] {
            assert_eq!(flaw(path), None, "{path}");
        }
        for path in [
            "",
            "/etc/passwd",
            "a//b",
            "a/",
            "../a",
            "a/../b",
            "./a",
            "a\nb",
            "a\\b",
            ".git/config",
            "a/.GIT",
            ".allclear-manifest",
            ".Allclear-tmp/1",
            "a/.allclear-x",
        ] {
            assert!(flaw(path).is_some(), "{path}");
            assert_eq!(flaw(path), danger(path), "{path}");
        }
    }

    #[test]
    fn a_path_that_some_system_cannot_hold_is_refused_on_all() {
        let (long, deep) = ("é".repeat(128), "ab/".repeat(267));
        for path in [
            "...",
            "a./b",
            "a ",
            "19:45.png",
            "what?",
            "a*b",
            "<a>",
            "a|b",
            "\"a\"",
            "con",
            "a/AUX.txt/b",
            "nul .tar.gz",
            "com1.png",
            "LPT¹",
            &long,
            &deep,
        ] {
            assert!(flaw(path).is_some(), "{path}");
            assert_eq!(danger(path.trim_end_matches('/')), None, "{path}");
        }
        assert_eq!(flaw(&"é".repeat(127)), None);
    }

    #[test]
    fn a_clash_is_the_same_place_or_a_folder_of_it() {
        for (first, second) in [
            ("a", "a"),
            ("a", "A"),
            ("a", "a/b"),
            ("a/b", "a"),
            ("A/b", "a/c"),
            ("a/b", "a/B/c"),
            ("É/x", "é/x"),
            ("é.png", "e\u{301}.png"),
            ("Straße", "STRASSE"),
            ("\u{212a}", "k"),
        ] {
            assert!(clash(first, second), "{first} {second}");
        }
        for (first, second) in [("a", "b"), ("a", "a-b"), ("a/b", "a/c"), ("a/b", "ab")] {
            assert!(!clash(first, second), "{first} {second}");
        }
    }

    #[test]
    fn a_folder_follows_a_file_of_its_name() {
        let mut paths = ["a-b", "a/b", "A", "a.b", "b"];
        paths.sort_by_key(|path| key(path));
        assert_eq!(paths, ["A", "a/b", "a-b", "a.b", "b"]);
    }
}

//! The paths at which a file of the site may lie, and which of them a disk may take for the same.

/// The beginning of the names of this program's own files in the output folder.
const RESERVED: &str = ".allclear";

/// Why no file of the site can lie at `path`; `None` for a good path.
///
/// A line of a manifest that fails here was not written by this program.
pub(crate) fn flaw(path: &str) -> Option<&'static str> {
    path.split('/').find_map(part_flaw)
}

fn part_flaw(part: &str) -> Option<&'static str> {
    match part {
        "" => Some("a part of the path is empty"),
        "." | ".." => Some("the path climbs"),
        _ if part.contains(|c: char| c.is_control() || c == '\\') => {
            Some("the path has a control character or a backslash")
        }
        _ if part.eq_ignore_ascii_case(".git") => Some("the path leads into a Git repository"),
        _ if starts_with_reserved(part) => Some("names that begin with `.allclear` are taken"),
        _ => None,
    }
}

fn starts_with_reserved(part: &str) -> bool {
    part.get(..RESERVED.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(RESERVED))
}

/// The key to sort and compare a path by, so that paths that a disk may confuse stand together.
///
/// Lower case, because some disks ignore case; a NUL for each `/`, because then everything in a folder
/// follows directly on a file of the folder's name.
pub(crate) fn key(path: &str) -> String {
    path.to_lowercase().replace('/', "\0")
}

/// Whether two files cannot both be written: the paths are the same, differ only by case in a part, or
/// one is a folder of the other.
///
/// Of any paths that clash, two neighbours in the order of [`key`] do.
pub(crate) fn clash(first: &str, second: &str) -> bool {
    let mut others = second.split('/');
    for part in first.split('/') {
        match others.next() {
            Some(other) if other == part => {}
            Some(other) => return other.to_lowercase() == part.to_lowercase(),
            None => return true,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{clash, flaw, key};

    #[test]
    fn a_path_of_the_site_stays_inside() {
        for path in [
            "index.html",
            "incidents/x/index.html",
            "ar/حالة/index.html",
            ".well-known/x",
            "a..b",
            "...",
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
        }
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

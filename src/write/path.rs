//! The paths at which a file of the site may lie.

pub(super) use crate::output::path::{clash, danger, flaw, key};

/// The folder that `path` lies in; the empty path is the output folder itself.
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The name of `path` in its folder.
pub(super) fn name_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// Every folder above `path`, the outermost first, without the output folder itself.
pub(super) fn folders_above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

#[cfg(test)]
mod tests {
    use super::{folder_of, folders_above, name_of};

    #[test]
    fn folders_stand_outermost_first() {
        assert_eq!(folders_above("a/b/c").collect::<Vec<_>>(), ["a", "a/b"]);
        assert_eq!(folders_above("a").count(), 0);
        assert_eq!((folder_of("a/b/c"), folder_of("a")), ("a/b", ""));
        assert_eq!((name_of("a/b/c"), name_of("a")), ("c", "a"));
    }
}

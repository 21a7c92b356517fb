//! The themes that are part of the program.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use rust_embed::RustEmbed;

/// The names of the built-in themes.
pub const BUILT_IN: [&str; 2] = [DEFAULT, PLAIN];

/// The folder that stands before the paths of their files in reports: on no disk is there such a folder.
pub const IN_PROGRAM: &str = "built-in";

/// The theme of a site that names none.
pub(super) const DEFAULT: &str = "default";
const PLAIN: &str = "plain";

#[derive(RustEmbed)]
#[folder = "themes/default"]
struct DefaultFiles;

#[derive(RustEmbed)]
#[folder = "themes/plain"]
struct PlainFiles;

/// The files of a built-in theme by their paths in its folder, sorted; none where there is no such theme.
pub fn built_in(name: &str) -> BTreeMap<Utf8PathBuf, Vec<u8>> {
    fn files<T: RustEmbed>() -> BTreeMap<Utf8PathBuf, Vec<u8>> {
        T::iter()
            .filter_map(|path| Some((path.as_ref().into(), T::get(&path)?.data.into_owned())))
            .collect()
    }
    match name {
        DEFAULT => files::<DefaultFiles>(),
        PLAIN => files::<PlainFiles>(),
        _ => BTreeMap::new(),
    }
}

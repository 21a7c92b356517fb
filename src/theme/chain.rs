//! The chain of themes: a theme, the built-in one that it extends, and those below.

use std::sync::Arc;

use camino::Utf8Path;

use super::built_in::{BUILT_IN, DEFAULT, IN_PROGRAM, built_in};
use super::manifest::{self, MANIFEST, Manifest, ThemeOption};
use crate::diagnostic::{Diagnostics, SourceFile};
use crate::system::path::slashed;

/// A theme with the built-in ones below it.
#[derive(Debug)]
pub struct Chain {
    /// The built-in ones, the nearest first.
    pub bases: Vec<String>,
    /// The options of all of them; of those of one name the nearest.
    pub options: Vec<ThemeOption>,
}

/// The chain below the site's own `manifest` of the theme `name`, an empty one where the site has none.
///
/// Returns `None`, with diagnostics, where a manifest below it cannot be understood.
pub fn chain(name: &str, manifest: Manifest, diagnostics: &mut Diagnostics) -> Option<Chain> {
    let mut chain = Chain {
        bases: Vec::new(),
        options: manifest.options,
    };
    let mut next = manifest.extends.or_else(|| Some(base_of(name).to_owned()));
    while let Some(base) = next {
        let manifest = built_in_manifest(&base, diagnostics)?;
        for option in manifest.options {
            let mut known = chain.options.iter();
            if known.all(|known| known.name != option.name) {
                chain.options.push(option);
            }
        }
        chain.bases.push(base);
        next = manifest.extends;
    }
    Some(chain)
}

/// The built-in theme below one that names none: itself where it changes a built-in one, else the default one.
pub fn base_of(name: &str) -> &str {
    match BUILT_IN.contains(&name) {
        true => name,
        false => DEFAULT,
    }
}

/// The manifest of a built-in theme; `None` where there is no such theme.
pub fn built_in_manifest(name: &str, diagnostics: &mut Diagnostics) -> Option<Manifest> {
    let bytes = built_in(name).remove(Utf8Path::new(MANIFEST))?;
    let file = Arc::new(SourceFile {
        path: slashed(Utf8Path::new(IN_PROGRAM).join(name).join(MANIFEST)),
        text: String::from_utf8(bytes).ok()?,
    });
    manifest::read(&file, diagnostics)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    fn bases(name: &str, extends: Option<&str>) -> Vec<String> {
        let manifest = Manifest {
            extends: extends.map(str::to_owned),
            ..Manifest::default()
        };
        let mut diagnostics = Diagnostics::new();
        chain(name, manifest, &mut diagnostics).unwrap().bases
    }

    #[test]
    fn a_theme_has_the_built_in_ones_below_it() {
        assert_eq!(bases("default", None), ["default"]);
        assert_eq!(bases("plain", None), ["plain", "default"]);
        assert_eq!(bases("plain", Some("plain")), ["plain", "default"]);
        assert_eq!(bases("mine", None), ["default"]);
        assert_eq!(bases("mine", Some("plain")), ["plain", "default"]);
    }

    #[test]
    fn the_nearest_option_of_a_name_counts() {
        let mut diagnostics = Diagnostics::new();
        let below = built_in_manifest("default", &mut diagnostics).unwrap();
        let mut own = below.options[0].clone();
        own.about = "another purpose".to_owned();
        let manifest = Manifest {
            options: vec![own],
            ..Manifest::default()
        };
        let chain = chain("mine", manifest, &mut diagnostics).unwrap();
        assert_eq!(chain.options[0].about, "another purpose");
        assert_eq!(chain.options.len(), below.options.len());
    }
}

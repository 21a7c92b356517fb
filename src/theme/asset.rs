//! Files that pages refer to.

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest, Sha256};

/// A file that pages refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Its path from the site's root; its name holds a hash of its content, so that it may be
    /// cached for ever.
    pub path: Utf8PathBuf,
    /// Its content.
    pub bytes: Vec<u8>,
    /// The file of the site that it is a copy of, from the site's folder; `None` for one of a built-in theme.
    pub source: Option<Utf8PathBuf>,
}

impl Asset {
    /// A file that is published under its name and a hash: `assets/style.1a2b3c4d5e.css` for
    /// `style.css`.
    pub fn new(name: &Utf8Path, bytes: Vec<u8>) -> Self {
        let hash: String = Sha256::digest(&bytes)
            .iter()
            .take(5)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let stem = name.with_extension("");
        let path = match name.extension() {
            Some(extension) => format!("assets/{stem}.{hash}.{extension}"),
            None => format!("assets/{stem}.{hash}"),
        };
        Self {
            path: path.into(),
            bytes,
            source: None,
        }
    }

    /// The same file as a copy of a file of the site.
    #[must_use]
    pub fn because_of(mut self, source: impl Into<Utf8PathBuf>) -> Self {
        self.source = Some(source.into());
        self
    }
}

/// The files of a site's logo.
#[derive(Debug, Clone)]
pub struct LogoFiles {
    /// The file for light pages, and for all where there is no other.
    pub light: Asset,
    /// The file for dark pages.
    pub dark: Option<Asset>,
}

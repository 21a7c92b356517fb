//! Files that pages refer to.

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest, Sha256};

/// The folder of the files that pages refer to.
const FOLDER: &str = "assets";

/// The number of bytes of a content's hash in its file's name.
const HASH_BYTES: usize = 5;

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
            .take(HASH_BYTES)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let stem = name.with_extension("");
        let path = match name.extension() {
            Some(extension) => format!("{FOLDER}/{stem}.{hash}.{extension}"),
            None => format!("{FOLDER}/{stem}.{hash}"),
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

/// Whether a path is that of a file whose name holds a hash of its content, as [`Asset::new`] gives it.
pub fn has_hash(path: &Utf8Path) -> bool {
    let is_hash = |text: &str| {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        text.len() == 2 * HASH_BYTES && text.bytes().all(is_digit)
    };
    let name = path.file_name().unwrap_or_default();
    let mut parts = name.rsplit('.');
    let (last, before) = (parts.next(), parts.next());
    let has_stem = parts.next().is_some();
    // Of a name without an extension the hash is the end.
    let has_hash = before.is_some_and(is_hash) && has_stem
        || last.is_some_and(is_hash) && before.is_some_and(|stem| !stem.is_empty());
    path.starts_with(FOLDER) && has_hash
}

/// The files of a site's logo.
#[derive(Debug, Clone)]
pub struct LogoFiles {
    /// The file for light pages, and for all where there is no other.
    pub light: Asset,
    /// The file for dark pages.
    pub dark: Option<Asset>,
}

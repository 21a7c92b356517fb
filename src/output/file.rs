//! The files that a build makes, before anything is on a disk.

use bytes::Bytes;
use camino::{Utf8Path, Utf8PathBuf};

/// One file of the finished site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its path from the output folder, with `/` between its parts, as in `incidents/x/index.html`.
    pub path: Utf8PathBuf,
    /// The whole content; cheap to clone.
    pub bytes: Bytes,
    /// The file of the site that it is a copy or the page of, from the site's folder, where that file alone says where it
    /// lies; `None` for one whose path is allclear's own.
    pub source: Option<Utf8PathBuf>,
}

impl Output {
    /// The file `path` with the content `bytes`.
    pub fn new(path: impl Into<Utf8PathBuf>, bytes: impl Into<Bytes>) -> Self {
        Self {
            path: path.into(),
            bytes: bytes.into(),
            source: None,
        }
    }

    /// The same file, which lies where it does because of a file of the site.
    #[must_use]
    pub fn because_of(mut self, source: &Utf8Path) -> Self {
        self.source = Some(source.to_owned());
        self
    }
}

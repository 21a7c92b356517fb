//! The files of a site: their names, their kinds, and all of them together.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::diagnostic::SourceFile;

/// The file that describes a site, from the site's folder.
pub const CONFIG: &str = "allclear.toml";
/// The folder of incident files.
pub const INCIDENTS: &str = "incidents";
/// The folder of templates for incident files, which are no incidents themselves.
pub const TEMPLATES: &str = "incidents/templates";
/// The folder of evidence.
pub const EVIDENCE: &str = "evidence";
/// The folder of a site's own themes.
pub const THEMES: &str = "themes";

/// The files of a site, each kind by path.
#[derive(Debug, Default)]
pub struct Files {
    /// `allclear.toml`.
    pub config: Option<Arc<SourceFile>>,
    /// The Markdown files in `incidents/`.
    pub incidents: Vec<Arc<SourceFile>>,
    /// The files beside an `index.md`: images and the like.
    pub attachments: Vec<Attachment>,
    /// The files in `evidence/`.
    pub evidence: Vec<Arc<SourceFile>>,
}

/// A file that is published as it is.
#[derive(Debug)]
pub struct Attachment {
    /// Its path from the site's folder.
    pub path: Utf8PathBuf,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// The kind of a file of a site, which its path alone tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    /// `allclear.toml`.
    Config,
    /// An incident file.
    Incident,
    /// Another file in `incidents/`, which is published where it lies beside an `index.md`.
    Attachment,
    /// Component states or samples.
    Evidence,
}

/// The kind of the file at a path from the site's folder; `None` for one that is no part of the site.
pub(super) fn kind_of(path: &Utf8Path) -> Option<FileKind> {
    let mut parts = path.components();
    let is_hidden = parts.any(|part| is_hidden(part.as_str().as_bytes()));
    let name = path.file_name().filter(|_| !is_hidden)?;
    if path == CONFIG {
        return Some(FileKind::Config);
    }
    if path.starts_with(EVIDENCE) {
        let is_read = matches!(path.extension(), Some("jsonl" | "csv" | "json"));
        return is_read.then_some(FileKind::Evidence);
    }
    if !path.starts_with(INCIDENTS) {
        return None;
    }
    if path.extension() != Some("md") {
        return Some(FileKind::Attachment);
    }
    let is_incident = !name.eq_ignore_ascii_case("readme.md") && !path.starts_with(TEMPLATES);
    is_incident.then_some(FileKind::Incident)
}

/// Whether a file or folder of this name is hidden or an editor's copy.
pub(super) fn is_hidden(name: &[u8]) -> bool {
    name.starts_with(b".") || name.starts_with(b"#") || name.ends_with(b"~")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_tells_what_kind_of_file_it_is() {
        let cases = [
            ("allclear.toml", Some(FileKind::Config)),
            ("sub/allclear.toml", None),
            ("incidents/a.md", Some(FileKind::Incident)),
            ("incidents/2022/a/index.md", Some(FileKind::Incident)),
            ("incidents/2022/a/graph.png", Some(FileKind::Attachment)),
            ("incidents/ReadMe.md", None),
            ("incidents/templates/outage.md", None),
            ("incidents/.drafts/a.md", None),
            ("incidents/#a.md", None),
            ("incidents/old~/a.md", None),
            ("evidence/states.jsonl", Some(FileKind::Evidence)),
            ("evidence/a.txt", None),
            ("README.md", None),
            ("themes/mine/theme.toml", None),
        ];
        for (path, kind) in cases {
            assert_eq!(kind_of(Utf8Path::new(path)), kind, "{path}");
        }
    }
}

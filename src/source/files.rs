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
/// The folder of pages of a site's own.
pub const PAGES: &str = "pages";
/// The folder of files that are published as they are.
pub const STATIC: &str = "static";

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
    /// The Markdown files in `pages/`.
    pub pages: Vec<Arc<SourceFile>>,
    /// The files in `static/`.
    pub statics: Vec<Attachment>,
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
    /// A page of the site's own.
    Page,
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
    let is_readme = name.eq_ignore_ascii_case("readme.md");
    if path.starts_with(PAGES) {
        let is_page = path.extension() == Some("md") && !is_readme;
        return is_page.then_some(FileKind::Page);
    }
    if !path.starts_with(INCIDENTS) {
        return None;
    }
    if path.extension() != Some("md") {
        return Some(FileKind::Attachment);
    }
    let is_incident = !is_readme && !path.starts_with(TEMPLATES);
    is_incident.then_some(FileKind::Incident)
}

/// Whether a file or folder of this name is hidden or an editor's copy.
pub(super) fn is_hidden(name: &[u8]) -> bool {
    name.starts_with(b".") || name.starts_with(b"#") || name.ends_with(b"~")
}

/// Whether a file or folder of this name in `static/` was left behind by a system, an editor or git, and is no part of
/// the site. What is merely hidden, as `.well-known`, is one.
pub(super) fn is_left_behind(name: &[u8]) -> bool {
    const BY_SYSTEMS: [&[u8]; 3] = [b".DS_Store", b"Thumbs.db", b"desktop.ini"];
    let by_editor = name.ends_with(b"~")
        || name.starts_with(b".#")
        || name.starts_with(b"#") && name.ends_with(b"#")
        || name.starts_with(b".") && (name.ends_with(b".swp") || name.ends_with(b".swo"));
    BY_SYSTEMS.contains(&name) || by_editor || name.starts_with(b"._") || name.starts_with(b".git")
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
            ("pages/imprint.ar.md", Some(FileKind::Page)),
            ("pages/README.md", None),
            ("pages/picture.png", None),
            ("README.md", None),
            ("themes/mine/theme.toml", None),
        ];
        for (path, kind) in cases {
            assert_eq!(kind_of(Utf8Path::new(path)), kind, "{path}");
        }
    }
}

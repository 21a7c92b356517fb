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
    /// The messages of the site's own themes, as far as they can be read: `themes/mine/messages/nl.toml`. Incident files use
    /// the words of their languages.
    pub messages: Vec<Arc<SourceFile>>,
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
    /// Another file in `incidents/` of a kind that is published where it lies beside an `index.md`.
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
    let is_read = !is_readme && !has_leftover(path);
    if path.starts_with(PAGES) {
        let is_page = path.extension() == Some("md") && is_read;
        return is_page.then_some(FileKind::Page);
    }
    if !path.starts_with(INCIDENTS) || path.starts_with(TEMPLATES) || !is_read {
        return None;
    }
    match path.extension() {
        Some("md") => Some(FileKind::Incident),
        _ => is_attachable(path).then_some(FileKind::Attachment),
    }
}

/// Whether the site reads the file at a path from its folder as evidence.
pub fn is_evidence(path: &Utf8Path) -> bool {
    kind_of(path) == Some(FileKind::Evidence)
}

/// The endings of files that are published where they lie beside an `index.md`: what readers of a postmortem look at,
/// listen to or compute with, in forms that every browser shows or keeps.
///
/// It is a list of what is allowed because a folder of an incident gathers much that nobody means to publish: keys,
/// dumps of a database, captured traffic. `log` is left out, for a raw log names people and holds tokens; `html`,
/// `xml` and `svg` are, because a browser that opens one runs the scripts in it as those of the page: whoever trusts
/// such a file puts it into `static/`.
pub(super) const ATTACHABLE: [&str; 22] = [
    "png", "jpg", "jpeg", "gif", "webp", "avif", "mp4", "m4v", "webm", "mov", "mp3", "m4a", "ogg",
    "opus", "wav", "pdf", "csv", "tsv", "json", "jsonl", "txt", "ics",
];

/// Whether a file is published where it lies beside an `index.md`.
fn is_attachable(path: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_lowercase();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    // Somebody meant `index.md`.
    let is_page = name.starts_with("index.") && ending == "txt";
    ATTACHABLE.contains(&ending) && !is_page
}

/// Files that systems leave in folders.
const BY_SYSTEMS: [&str; 5] = [
    "thumbs.db",
    "ehthumbs.db",
    "desktop.ini",
    ".ds_store",
    "$recycle.bin",
];

/// Whether a file or folder of this name is hidden, or the copy of an editor or a system.
pub(super) fn is_hidden(name: &[u8]) -> bool {
    name.starts_with(b".") || name.starts_with(b"#") || name.ends_with(b"~") || is_by_system(name)
}

/// Whether a file or folder of this name in `static/` was put there by a system, git or an editor at work, or holds
/// what programs keep secret, and is no part of the site. What is merely hidden, as `.well-known`, is one.
pub(super) fn is_left_behind(name: &[u8]) -> bool {
    const STARTS: [&[u8]; 9] = [
        b".svn",
        b".hg",
        b".#",
        b".~",
        b"._",
        b".git",
        b".nfs",
        b".fuse_hidden",
        b".goutputstream-",
    ];
    let is_hidden_copy = name.starts_with(b".")
        && [".swp", ".swo", ".swx", "-swp"]
            .iter()
            .any(|end| name.ends_with(end.as_bytes()));
    let is_saved = name.starts_with(b"#") && name.ends_with(b"#");
    let starts = STARTS.iter().any(|start| name.starts_with(start));
    // Passwords and keys, as programs are given them.
    let starts = starts || name == b".env" || name.starts_with(b".env.");
    is_by_system(name) || is_hidden_copy || is_saved || starts
}

fn is_by_system(name: &[u8]) -> bool {
    BY_SYSTEMS
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
}

/// Whether a file is a leftover, or lies in a folder that is one.
pub fn has_leftover(path: &Utf8Path) -> bool {
    // Vim tries whether it may write a folder with a file of this name; a folder may be called so.
    path.file_name() == Some("4913") || path.components().any(|part| is_leftover(part.as_str()))
}

/// Whether a file or folder of this name is what a merge, a patch, an editor or a program that synchronises folders
/// left behind: an older or another version of the one beside it, half of one, or a note of who has it open, which
/// nobody means to publish.
fn is_leftover(name: &str) -> bool {
    const ENDS: [&str; 13] = [
        ".orig",
        ".rej",
        ".bak",
        ".save",
        ".swp",
        ".swo",
        ".tmp",
        "~",
        "~head",
        ".part",
        ".partial",
        ".crdownload",
        ".autosave",
    ];
    const COPIES: [&str; 3] = ["conflicted copy", "case conflict", ".sync-conflict-"];
    // As `git mergetool` names the versions that it shows: `graph_LOCAL_4711.png`, and once with dots.
    const VERSIONS: [&str; 8] = [
        "_BACKUP_", "_BASE_", "_LOCAL_", "_REMOTE_", ".BACKUP.", ".BASE.", ".LOCAL.", ".REMOTE.",
    ];
    let is_lock = name.starts_with("~$");
    // All of them shout, and most names do not.
    let may_be_version = name.contains(|c: char| c.is_ascii_uppercase());
    let is_version = may_be_version
        && VERSIONS.iter().any(|version| {
            let rest = name.split_once(version).map(|(_, rest)| rest);
            rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        });
    let name = name.to_lowercase();
    is_version
        || is_lock
        || ENDS.iter().any(|end| name.ends_with(end))
        || (name.contains("conflict") && COPIES.iter().any(|copy| name.contains(copy)))
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
            ("incidents/2022/a/Graph.PNG", Some(FileKind::Attachment)),
            ("incidents/2022/a/graph.svg", None),
            ("incidents/2022/a/id_rsa", None),
            ("incidents/2022/a/dump.sql", None),
            ("incidents/2022/a/graph.png.orig", None),
            ("incidents/2022/a/graph (conflicted copy).png", None),
            ("incidents/2022/a/index.ar.txt", None),
            ("incidents/templates/graph.png", None),
            ("incidents/a.sync-conflict-20221228-194500-ABCDEFG.md", None),
            ("incidents/a_REMOTE_4711.md", None),
            ("incidents/a.orig/b.md", None),
            ("incidents/a_BASE_line.md", Some(FileKind::Incident)),
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

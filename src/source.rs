//! The only reader of a site's files.
//!
//! It lists a site's folder in a fixed order, refuses what lies outside it, and hands on text. A
//! file that cannot be read is a diagnostic, and the others are read all the same.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use walkdir::{DirEntry, WalkDir};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, SourceFile};
use crate::error::Error;

pub use self::git::read_revision;
pub use self::unchanged::Unchanged;

mod git;
mod unchanged;

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

/// The largest text file that is read, in bytes, apart from evidence.
const LARGEST_TEXT: u64 = 4 << 20;
/// The largest file of evidence, and the largest attachment, in bytes.
const LARGEST_EVIDENCE: u64 = 256 << 20;

/// The files of a site, each kind by path.
#[derive(Debug)]
pub struct Files {
    /// `allclear.toml`.
    pub config: Option<Arc<SourceFile>>,
    /// The Markdown files in `incidents/`.
    pub incidents: Vec<Arc<SourceFile>>,
    /// What lies beside an `index.md`: images and the like.
    pub attachments: Vec<Attachment>,
    /// The files in `evidence/`.
    pub evidence: Vec<Arc<SourceFile>>,
}

/// A file that is published as it is.
#[derive(Debug)]
pub struct Attachment {
    /// From the site's folder.
    pub path: Utf8PathBuf,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Reads the files of the site in `folder`.
///
/// # Errors
///
/// Where there is no such folder, or no `allclear.toml` in it.
pub fn read(folder: &Utf8Path, diagnostics: &mut Diagnostics) -> Result<Files, Error> {
    read_again(folder, None, diagnostics)
}

/// Reads the files of the site in `folder` once more.
///
/// # Errors
///
/// As [`read`].
pub fn read_again(
    folder: &Utf8Path,
    mut seen: Option<&mut Unchanged>,
    diagnostics: &mut Diagnostics,
) -> Result<Files, Error> {
    let config = folder.join(CONFIG);
    if !config.is_file() {
        return Err(Error::NoSite(folder.to_owned()));
    }
    let root = folder
        .canonicalize_utf8()
        .map_err(Error::io("open", folder))?;
    let config = text(&root, Utf8Path::new(CONFIG), LARGEST_TEXT);
    let incidents = list(&root, INCIDENTS, diagnostics);
    let evidence = list(&root, EVIDENCE, diagnostics);
    let (markdown, others): (Vec<_>, Vec<_>) = incidents
        .into_iter()
        .partition(|path| path.extension() == Some("md"));
    let bundles: HashSet<&Utf8Path> = markdown
        .iter()
        .filter(|path| path.file_name() == Some("index.md"))
        .filter_map(|path| path.parent())
        .collect();
    let attachments: Vec<Utf8PathBuf> = others
        .into_iter()
        .filter(|path| {
            path.ancestors()
                .skip(1)
                .any(|folder| bundles.contains(folder))
        })
        .collect();
    let is_readme = |path: &Utf8Path| {
        path.file_name()
            .is_some_and(|name| name.eq_ignore_ascii_case("readme.md"))
    };
    let markdown = markdown
        .into_iter()
        .filter(|path| !is_readme(path) && !path.starts_with(TEMPLATES))
        .collect();
    let evidence = evidence
        .into_iter()
        .filter(|path| matches!(path.extension(), Some("jsonl" | "csv" | "json")))
        .collect();
    Ok(Files {
        config: collect(vec![config], diagnostics).into_iter().next(),
        incidents: collect(
            match &mut seen {
                Some(seen) => seen.incidents.read(&root, markdown, LARGEST_TEXT),
                None => texts(&root, markdown, LARGEST_TEXT),
            },
            diagnostics,
        ),
        attachments: collect(
            attachments
                .into_par_iter()
                .map(|path| {
                    bytes(&root, &path, LARGEST_EVIDENCE).map(|bytes| Attachment { path, bytes })
                })
                .collect(),
            diagnostics,
        ),
        evidence: collect(
            match seen {
                Some(seen) => seen.evidence.read(&root, evidence, LARGEST_EVIDENCE),
                None => texts(&root, evidence, LARGEST_EVIDENCE),
            },
            diagnostics,
        ),
    })
}

/// Reads the files below a folder of the site as bytes, by path from that folder, as a theme's.
pub fn read_folder(
    folder: &Utf8Path,
    below: &Utf8Path,
    diagnostics: &mut Diagnostics,
) -> Vec<Attachment> {
    let Ok(root) = folder.canonicalize_utf8() else {
        return Vec::new();
    };
    let read = list(&root, below.as_str(), diagnostics)
        .into_iter()
        .map(|path| bytes(&root, &path, LARGEST_TEXT).map(|bytes| Attachment { path, bytes }))
        .collect();
    collect(read, diagnostics)
}

/// Reads one file of the site as bytes, by its path from the site's folder.
///
/// # Errors
///
/// Where it cannot be read, or leads out of the folder.
pub fn read_file(folder: &Utf8Path, path: &Utf8Path) -> Result<Vec<u8>, Box<Diagnostic>> {
    let unreadable = |error: io::Error| {
        let message = format!("`{path}` cannot be read: {error}");
        Diagnostic::file_error(Code::UnreadableFile, path, message)
    };
    let root = folder.canonicalize_utf8().map_err(unreadable)?;
    let real = root.join(path).canonicalize_utf8().map_err(unreadable)?;
    if !real.starts_with(&root) {
        let message = format!("`{path}` leads out of the site's folder");
        let diagnostic = Diagnostic::file_error(Code::OutsideSite, path, message);
        return Err(Box::new(
            diagnostic.hint("copy what it leads to into the site"),
        ));
    }
    bytes(&root, path, LARGEST_TEXT)
}

fn collect<T>(read: Vec<Result<T, Box<Diagnostic>>>, diagnostics: &mut Diagnostics) -> Vec<T> {
    let mut values = Vec::with_capacity(read.len());
    for result in read {
        match result {
            Ok(value) => values.push(value),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    values
}

/// The files below a folder, sorted, from the site's folder; hidden ones and editors' copies are
/// left out.
fn list(root: &Utf8Path, folder: &str, diagnostics: &mut Diagnostics) -> Vec<Utf8PathBuf> {
    let top = root.join(folder);
    if !top.exists() {
        return Vec::new();
    }
    let mut paths = Vec::new();
    let mut entries = WalkDir::new(&top)
        .follow_links(true)
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry));
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                diagnostics.push(not_listed(root, &error));
                continue;
            }
        };
        let is_folder = entry.file_type().is_dir();
        let Some(path) = Utf8Path::from_path(entry.path()) else {
            let path = entry.path().to_string_lossy().into_owned();
            let message = "the name of this file is not UTF-8";
            diagnostics.push(
                Diagnostic::file_error(Code::UnreadableFile, path, message).hint("rename it"),
            );
            continue;
        };
        let inside = path.strip_prefix(root).unwrap_or(path);
        if entry.path_is_symlink()
            && path
                .canonicalize_utf8()
                .map_or(true, |real| !real.starts_with(root))
        {
            let message = "this link leads out of the site's folder";
            diagnostics.push(
                Diagnostic::file_error(Code::OutsideSite, inside, message)
                    .hint("copy what it leads to into the site: what is published must be in the site's history"),
            );
            if is_folder {
                entries.skip_current_dir();
            }
        } else if !is_folder {
            paths.push(inside.to_owned());
        }
    }
    // As texts, which is far quicker than part by part.
    paths.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
    paths
}

fn not_listed(root: &Utf8Path, error: &walkdir::Error) -> Diagnostic {
    let path = error
        .path()
        .map_or_else(String::new, |path| path.to_string_lossy().into_owned());
    let path = Utf8PathBuf::from(path);
    let path = path
        .strip_prefix(root)
        .map(Utf8Path::to_owned)
        .unwrap_or(path);
    let message = match (error.loop_ancestor(), error.io_error()) {
        (Some(_), _) => "this link leads back to a folder that it lies in".to_owned(),
        (None, Some(error)) => format!("cannot be read: {error}"),
        (None, None) => "cannot be read".to_owned(),
    };
    Diagnostic::file_error(Code::UnreadableFile, path, message)
}

fn is_hidden(entry: &DirEntry) -> bool {
    let name = entry.file_name().as_encoded_bytes();
    name.starts_with(b".") || name.starts_with(b"#") || name.ends_with(b"~")
}

fn texts(
    root: &Utf8Path,
    paths: Vec<Utf8PathBuf>,
    largest: u64,
) -> Vec<Result<Arc<SourceFile>, Box<Diagnostic>>> {
    paths
        .into_par_iter()
        .map(|path| text(root, &path, largest))
        .collect()
}

/// Reads a text; a byte-order mark at its start is left out.
fn text(
    root: &Utf8Path,
    path: &Utf8Path,
    largest: u64,
) -> Result<Arc<SourceFile>, Box<Diagnostic>> {
    let mut bytes = bytes(root, path, largest)?;
    if bytes.starts_with("\u{feff}".as_bytes()) {
        bytes.drain(..3);
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
        Diagnostic::file_error(
            Code::NotUtf8,
            path,
            format!("line {line} of this file is not UTF-8"),
        )
        .hint("save it as UTF-8; in most editors that is a choice beside `Save as`")
    })?;
    Ok(Arc::new(SourceFile {
        path: path.to_owned(),
        text,
    }))
}

fn bytes(root: &Utf8Path, path: &Utf8Path, largest: u64) -> Result<Vec<u8>, Box<Diagnostic>> {
    let unreadable = |error: io::Error| {
        Diagnostic::file_error(
            Code::UnreadableFile,
            path,
            format!("cannot be read: {error}"),
        )
    };
    let full = root.join(path);
    let length = fs::metadata(&full).map_err(unreadable)?.len();
    if length > largest {
        let message = format!(
            "this file has {} MB, more than the {} MB that are read",
            length >> 20,
            largest >> 20
        );
        let diagnostic = Diagnostic::file_error(Code::FileTooLarge, path, message);
        return Err(Box::new(diagnostic.hint("split it")));
    }
    Ok(fs::read(full).map_err(unreadable)?)
}

//! A site's files on the disk.

use std::collections::HashSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use walkdir::WalkDir;

use super::files::{
    Attachment, CONFIG, EVIDENCE, FileKind, Files, INCIDENTS, PAGES, STATIC, TEMPLATES, THEMES,
    has_leftover, is_hidden, is_left_behind, kind_of,
};
use super::inside::{self, Refusal, WANTS_FILE, has_folder};
use super::submodule::{is_empty, unfetched};
use super::text::{LARGEST_EVIDENCE, LARGEST_TEXT, bytes, text};
use super::unchanged::Unchanged;
use super::unread;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, SourceFile};
use crate::error::Error;
use crate::system::file::special;
use crate::system::path::slashed;

/// Reads the files of the site in `folder`; those that `unchanged` knows are not opened again.
///
/// # Errors
///
/// Where there is no such folder, or no `allclear.toml` in it.
pub fn read(
    folder: &Utf8Path,
    unchanged: &mut Unchanged,
    diagnostics: &mut Diagnostics,
) -> Result<Files, Error> {
    let root = root(folder)?;
    let config = text(&root, Utf8Path::new(CONFIG), LARGEST_TEXT);
    let in_incidents = list(&root, INCIDENTS, is_hidden, diagnostics);
    let in_evidence = list(&root, EVIDENCE, is_hidden, diagnostics);
    let in_pages = list(&root, PAGES, is_hidden, diagnostics);
    unread::in_pages(&in_pages, diagnostics);
    let pages = of_kind(in_pages, FileKind::Page);
    let in_static = list(&root, STATIC, is_left_behind, diagnostics);
    unread::in_static(&in_static, diagnostics);
    let statics = in_static.into_iter().filter(|path| !has_leftover(path));
    let statics = statics.collect();
    let beside_pages = beside_pages(&in_incidents);
    unread::in_incidents(&in_incidents, &beside_pages, diagnostics);
    let attachments = of_kind(beside_pages, FileKind::Attachment);
    unread::in_evidence(&in_evidence, diagnostics);
    if let Err(diagnostic) = has_folder(&root, Utf8Path::new(THEMES)) {
        diagnostics.push(*diagnostic);
    }
    unread::near_folders(&root, diagnostics);
    let evidence = of_kind(in_evidence, FileKind::Evidence);
    let incidents = of_kind(in_incidents, FileKind::Incident);
    Ok(Files {
        config: collect(vec![config], diagnostics).into_iter().next(),
        incidents: collect(
            unchanged.incidents.read(&root, incidents, LARGEST_TEXT),
            diagnostics,
        ),
        attachments: collect(copies(&root, attachments), diagnostics),
        evidence: collect(
            unchanged.evidence.read(&root, evidence, LARGEST_EVIDENCE),
            diagnostics,
        ),
        pages: collect(
            unchanged.pages.read(&root, pages, LARGEST_TEXT),
            diagnostics,
        ),
        statics: collect(copies(&root, statics), diagnostics),
        messages: messages(&root),
    })
}

/// The messages of all themes, sorted by path. What cannot be read is reported with the theme that is used.
fn messages(root: &Utf8Path) -> Vec<Arc<SourceFile>> {
    let entries = WalkDir::new(root.join(THEMES))
        .follow_links(true)
        .min_depth(3)
        .max_depth(3)
        .sort_by_file_name();
    let entries = entries.into_iter().filter_map(Result::ok);
    let paths = entries.filter_map(|entry| Utf8PathBuf::from_path_buf(entry.into_path()).ok());
    let paths = paths.filter_map(|path| Some(slashed(path.strip_prefix(root).ok()?.to_owned())));
    let is_wanted = |path: &Utf8PathBuf| {
        let folder = path.parent().and_then(Utf8Path::file_name);
        folder == Some("messages") && path.extension() == Some("toml")
    };
    let paths = paths.filter(is_wanted);
    paths
        .filter_map(|path| text(root, &path, LARGEST_TEXT).ok())
        .collect()
}

/// Reads `allclear.toml` and no other file of the site in `folder`, for what must not take longer the longer its history
/// is.
///
/// # Errors
///
/// Where there is no such folder, or no `allclear.toml` in it.
pub fn read_config(folder: &Utf8Path, diagnostics: &mut Diagnostics) -> Result<Files, Error> {
    let root = root(folder)?;
    let config = text(&root, Utf8Path::new(CONFIG), LARGEST_TEXT);
    Ok(Files {
        config: collect(vec![config], diagnostics).into_iter().next(),
        messages: messages(&root),
        ..Files::default()
    })
}

/// The folder of a site without links in its path.
fn root(folder: &Utf8Path) -> Result<Utf8PathBuf, Error> {
    // Whatever else stands there, as a link to nothing, is a finding.
    let config = folder.join(CONFIG);
    match fs::symlink_metadata(&config) {
        Ok(_) => {}
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Err(Error::NoSite(folder.to_owned()));
        }
        // What may not be looked at is not missing.
        Err(error) => return Err(Error::io("read", config)(error)),
    }
    inside::root_of(folder).map_err(Error::io("open", folder))
}

/// Reads files that are published as they are.
fn copies(root: &Utf8Path, paths: Vec<Utf8PathBuf>) -> Vec<Result<Attachment, Box<Diagnostic>>> {
    let paths = paths.into_par_iter();
    paths
        .map(|path| bytes(root, &path, LARGEST_EVIDENCE).map(|bytes| Attachment { path, bytes }))
        .collect()
}

/// The paths of one kind.
fn of_kind(paths: Vec<Utf8PathBuf>, kind: FileKind) -> Vec<Utf8PathBuf> {
    let is_wanted = |path: &Utf8PathBuf| kind_of(path) == Some(kind);
    paths.into_iter().filter(is_wanted).collect()
}

/// The paths of the files that lie beside an `index.md`, or in a folder beside one.
fn beside_pages(in_incidents: &[Utf8PathBuf]) -> Vec<Utf8PathBuf> {
    let bundles: HashSet<&Utf8Path> = in_incidents
        .iter()
        .filter(|path| path.file_name() == Some("index.md"))
        .filter_map(|path| path.parent())
        .collect();
    let is_in_bundle = |path: &&Utf8PathBuf| {
        let mut folders = path.ancestors().skip(1);
        folders.any(|folder| bundles.contains(folder))
    };
    in_incidents.iter().filter(is_in_bundle).cloned().collect()
}

/// Reads the files below a folder of the site as bytes, by path from the site's folder, as a theme's.
pub fn read_folder(
    folder: &Utf8Path,
    below: &Utf8Path,
    diagnostics: &mut Diagnostics,
) -> Vec<Attachment> {
    let root = match inside::root_of(folder) {
        Ok(root) => root,
        Err(error) => {
            diagnostics.push(Refusal::System(error).diagnostic(below));
            return Vec::new();
        }
    };
    let read = list(&root, below.as_str(), is_hidden, diagnostics)
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
    let refused = |refusal: Refusal| {
        let error = |code, message| Diagnostic::file_error(code, path, message);
        Box::new(match refusal {
            Refusal::Outside(_) => {
                let message = format!("`{path}` leads out of the site's folder");
                error(Code::OutsideSite, message).hint("copy what it leads to into the site")
            }
            Refusal::NoFile(what) => {
                let message = format!("`{path}` is {what}, not a file");
                error(Code::SpecialFile, message).hint(WANTS_FILE)
            }
            Refusal::System(cause) => {
                let message = format!("`{path}` cannot be read: {cause}");
                error(Code::UnreadableFile, message)
            }
            Refusal::Missing | Refusal::ToNothing(_) => {
                let message = format!("`{path}` cannot be read: there is no such file");
                error(Code::UnreadableFile, message)
            }
            refusal @ Refusal::TooLarge(_) => refusal.diagnostic(path),
        })
    };
    let root = inside::root_of(folder).map_err(|error| refused(Refusal::System(error)))?;
    inside::read(&root, path, LARGEST_TEXT).map_err(refused)
}

/// Reads one file of the site as the text that it holds, with a byte-order mark where it has one, by its path
/// from the site's folder; `None` where there is no such file.
///
/// # Errors
///
/// Where it cannot be read, leads out of the folder, or is not UTF-8.
pub fn read_text(folder: &Utf8Path, path: &Utf8Path) -> Result<Option<String>, Error> {
    let named = match folder.as_str() {
        "." => path.to_owned(),
        _ => folder.join(path),
    };
    let bytes = match inside::root_of(folder) {
        Ok(root) => inside::read(&root, path, LARGEST_TEXT),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Refusal::Missing),
        Err(error) => Err(Refusal::System(error)),
    };
    match bytes {
        Ok(bytes) => {
            let text = String::from_utf8(bytes);
            let text = text.map_err(|error| io::Error::other(error.utf8_error()));
            text.map(Some).map_err(Error::io("read", named))
        }
        Err(Refusal::Missing) => Ok(None),
        Err(refusal @ (Refusal::Outside(_) | Refusal::ToNothing(_))) => {
            Err(refusal.error("read", path))
        }
        Err(refusal) => Err(refusal.error("read", &named)),
    }
}

/// The names of the site's templates for incident files, sorted: `outage` for `incidents/templates/outage.md`.
///
/// # Errors
///
/// Where their folder is there and cannot be listed.
pub fn templates(folder: &Utf8Path) -> Result<Vec<String>, Error> {
    let entries = entries(folder, TEMPLATES)?;
    let files = entries.into_iter().filter(|entry| !entry.is_folder);
    let mut names: Vec<String> = files
        .filter_map(|entry| entry.name.strip_suffix(".md").map(str::to_owned))
        .collect();
    names.sort();
    Ok(names)
}

/// The names of the site's own themes, sorted: `mine` for `themes/mine/`.
///
/// # Errors
///
/// Where their folder is there and cannot be listed.
pub fn themes(folder: &Utf8Path) -> Result<Vec<String>, Error> {
    let entries = entries(folder, THEMES)?;
    let folders = entries.into_iter().filter(|entry| entry.is_folder);
    let mut names: Vec<String> = folders.map(|entry| entry.name).collect();
    names.sort();
    Ok(names)
}

/// Whether nothing at all lies in a folder of the site, or it is not there.
pub fn is_bare(folder: &Utf8Path, below: &str) -> bool {
    is_empty(&folder.join(below))
}

/// An entry of a folder.
struct FolderEntry {
    name: String,
    is_folder: bool,
}

/// The entries of a folder, but hidden ones and those whose names are not UTF-8; none where there is no such folder.
fn entries(site: &Utf8Path, folder: &str) -> Result<Vec<FolderEntry>, Error> {
    let root = inside::root_of(site).map_err(Error::io("open", site))?;
    let folder = match inside::real(&root, Utf8Path::new(folder)) {
        Ok(folder) => folder,
        Err(Refusal::Missing) => return Ok(Vec::new()),
        Err(refusal) => return Err(refusal.error("read", Utf8Path::new(folder))),
    };
    let folder = folder.as_path();
    let listed = match folder.read_dir_utf8() {
        Ok(listed) => listed,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io("read", folder)(error)),
    };
    let mut entries = Vec::new();
    for entry in listed {
        match entry {
            Ok(entry) if is_hidden(entry.file_name().as_bytes()) => {}
            Ok(entry) => entries.push(FolderEntry {
                name: entry.file_name().to_owned(),
                is_folder: entry.path().is_dir(),
            }),
            // A name that is not UTF-8 is no name of a template or a theme.
            Err(error) if error.kind() == ErrorKind::InvalidData => {}
            Err(error) => return Err(Error::io("read", folder)(error)),
        }
    }
    Ok(entries)
}

/// The values of what could be read; what is wrong with the others becomes a diagnostic each.
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

/// The files below a folder, sorted, from the site's folder; those with a name that `is_left_out` are none, nor is
/// what lies in such a folder.
fn list(
    root: &Utf8Path,
    folder: &str,
    is_left_out: fn(&[u8]) -> bool,
    diagnostics: &mut Diagnostics,
) -> Vec<Utf8PathBuf> {
    let top = root.join(folder);
    let folder = Utf8Path::new(folder);
    let not_fetched = unfetched(root, folder);
    for path in &not_fetched {
        let message = "this git submodule was not fetched";
        diagnostics.push(Diagnostic::file_error(Code::MissingFolder, path, message).hint(
            "run `git submodule update --init`; in a pipeline, have the checkout fetch submodules",
        ));
    }
    match has_folder(root, folder) {
        Ok(true) => {}
        Ok(false) => return Vec::new(),
        Err(diagnostic) => {
            diagnostics.push(*diagnostic);
            return Vec::new();
        }
    }
    let mut paths = Vec::new();
    let mut entries = WalkDir::new(&top)
        .follow_links(true)
        .into_iter()
        .filter_entry(|entry| {
            entry.depth() == 0 || !is_left_out(entry.file_name().as_encoded_bytes())
        });
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
            let message = "the name of this file is not UTF-8";
            let path = shown_from(root, entry.path());
            diagnostics.push(
                Diagnostic::file_error(Code::UnreadableFile, path, message).hint("rename it"),
            );
            continue;
        };
        let inside = path.strip_prefix(root).unwrap_or(path);
        let followed = match entry.path_is_symlink() {
            true => inside::follow(root, inside).err(),
            false => None,
        };
        if let Some(refusal) = followed {
            diagnostics.push(refusal.diagnostic(inside));
            if is_folder {
                entries.skip_current_dir();
            }
        } else if !is_folder && !entry.file_type().is_file() {
            let what = special(entry.file_type());
            diagnostics.push(Refusal::NoFile(what).diagnostic(inside));
        } else if !is_folder {
            paths.push(slashed(inside.to_owned()));
        }
    }
    // As texts, which is far quicker than part by part.
    paths.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
    paths
}

/// A path from the site's folder as a finding names it, whatever it is made of.
fn shown_from(root: &Utf8Path, path: &Path) -> Utf8PathBuf {
    let inside = path.strip_prefix(root.as_std_path()).unwrap_or(path);
    slashed(inside.to_string_lossy().into_owned().into())
}

fn not_listed(root: &Utf8Path, error: &walkdir::Error) -> Diagnostic {
    let path = error.path().map(|path| shown_from(root, path));
    let path = path.unwrap_or_default();
    let message = match (error.loop_ancestor(), error.io_error()) {
        (Some(_), _) => "this link leads back to a folder that it lies in".to_owned(),
        (None, Some(error)) => format!("cannot be read: {error}"),
        (None, None) => "cannot be read".to_owned(),
    };
    Diagnostic::file_error(Code::UnreadableFile, path, message)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn templates_and_themes_are_known_by_their_names() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        assert_eq!(templates(root).unwrap(), Vec::<String>::new());
        fs::create_dir_all(root.join(TEMPLATES).join("folder.md")).unwrap();
        for name in ["outage.md", "delay.md", ".hidden.md", "notes.txt"] {
            fs::write(root.join(TEMPLATES).join(name), "text").unwrap();
        }
        fs::create_dir_all(root.join(THEMES).join("mine")).unwrap();
        fs::write(root.join(THEMES).join("file"), "").unwrap();
        assert_eq!(templates(root).unwrap(), ["delay", "outage"]);
        assert_eq!(themes(root).unwrap(), ["mine"]);
        let outage = Utf8Path::new(TEMPLATES).join("outage.md");
        assert_eq!(read_text(root, &outage).unwrap().as_deref(), Some("text"));
        assert_eq!(read_text(root, Utf8Path::new(CONFIG)).unwrap(), None);
        assert!(read_text(root, Utf8Path::new(THEMES)).is_err());
    }
}

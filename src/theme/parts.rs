//! The files of a theme, taken apart by kind.

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::manifest::MANIFEST;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, SourceFile};
use crate::locale::Language;
use crate::source::has_leftover;

/// The folder of a theme's assets.
pub(super) const ASSETS: &str = "assets";

/// The files of a theme by kind. Of assets and messages with the same name the one that was added first stays.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) manifest: Option<Arc<SourceFile>>,
    pub(super) templates: BTreeMap<String, Arc<SourceFile>>,
    pub(super) assets: BTreeMap<String, Vec<u8>>,
    pub(super) messages: BTreeMap<String, Arc<SourceFile>>,
    /// The files that an editor, a merge or the like left behind, by their paths in the theme.
    pub(super) leftovers: Vec<Utf8PathBuf>,
    /// The files that are none of these, by their paths in the theme.
    pub(super) unread: Vec<Utf8PathBuf>,
}

impl Parts {
    /// Whether there is no file besides the manifest.
    pub(super) fn is_empty(&self) -> bool {
        self.templates.is_empty() && self.assets.is_empty() && self.messages.is_empty()
    }

    /// Adds a file; `prefix` stands before its name where it is a template, and `inside` is its path in the theme.
    pub(super) fn add(
        &mut self,
        prefix: &str,
        path: Utf8PathBuf,
        inside: &Utf8Path,
        bytes: Vec<u8>,
        diagnostics: &mut Diagnostics,
    ) {
        if has_leftover(inside) {
            self.leftovers.push(inside.to_owned());
            return;
        }
        if let Ok(name) = inside.strip_prefix(ASSETS) {
            self.assets.entry(name.to_string()).or_insert(bytes);
            return;
        }
        let template = inside.strip_prefix("templates").ok();
        let messages = inside.strip_prefix("messages").ok();
        if template.is_none() && messages.is_none() && inside != MANIFEST {
            self.add_unread(inside);
            return;
        }
        let Ok(text) = String::from_utf8(bytes) else {
            let message = "this file is not UTF-8";
            diagnostics.push(
                Diagnostic::file_error(Code::NotUtf8, path, message).hint("save it as UTF-8"),
            );
            return;
        };
        let file = Arc::new(SourceFile { path, text });
        match (template, messages) {
            (Some(name), _) => {
                self.templates.insert(format!("{prefix}{name}"), file);
            }
            (None, Some(name)) if name.extension() == Some("toml") => {
                let tag = name.file_stem().unwrap_or_default();
                match Language::parse(tag) {
                    Ok(language) => {
                        let tag = language.as_str().to_owned();
                        self.messages.entry(tag).or_insert(file);
                    }
                    Err(error) => diagnostics.push(
                        Diagnostic::file_error(
                            Code::UnknownLanguage,
                            file.path.clone(),
                            error.to_string(),
                        )
                        .hint(error.hint()),
                    ),
                }
            }
            (None, Some(_)) => self.add_unread(inside),
            (None, None) => self.manifest = Some(file),
        }
    }

    /// Remembers a file that is no part of a theme, where its ending says that it was meant as one.
    fn add_unread(&mut self, inside: &Utf8Path) {
        let name = inside.file_name().unwrap_or_default().to_lowercase();
        let is_about_the_folder = ["readme", "license", "changelog"]
            .iter()
            .any(|known| name.starts_with(known));
        let is_meant = matches!(
            inside.extension(),
            Some("html" | "css" | "js" | "svg" | "toml" | "txt")
        );
        if is_meant && !is_about_the_folder {
            self.unread.push(inside.to_owned());
        }
    }
}

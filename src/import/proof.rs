//! The proof of what an import makes: its files are read as those of the site would be.

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::Utf8PathBuf;

use crate::diagnostic::{Diagnostics, Severity, SourceFile};
use crate::site::read::{self, AsOf, Drafts, Memos};
use crate::source::{CONFIG, Files};

/// The new files that `check` would refuse beside this text of `allclear.toml`, by path, each with the first reason.
pub(super) fn refused<'a>(
    config: &str,
    files: impl Iterator<Item = (&'a Utf8PathBuf, &'a String)>,
) -> BTreeMap<Utf8PathBuf, String> {
    let file = |path: &Utf8PathBuf, text: &str| {
        Arc::new(SourceFile {
            path: path.clone(),
            text: text.to_owned(),
        })
    };
    let config = config.trim_start_matches('\u{feff}');
    let site = Files {
        config: Some(file(&Utf8PathBuf::from(CONFIG), config)),
        incidents: files.map(|(path, text)| file(path, text)).collect(),
        ..Files::default()
    };
    let mut found = Diagnostics::new();
    let memos = &mut Memos::default();
    read::read(&site, Drafts::Included, AsOf::History, memos, &mut found);
    let mut refused = BTreeMap::new();
    let is_error = |severity| severity == Severity::Error;
    for error in found.iter().filter(|it| is_error(it.severity)) {
        let path = error.location.path();
        if path.starts_with(crate::source::INCIDENTS) {
            refused
                .entry(path.to_owned())
                .or_insert_with(|| error.message.clone());
        }
    }
    refused
}

//! A theme of a site's own: its manifest, its templates, its messages.

use std::sync::Arc;

use allclear::diagnostic::Diagnostics;
use allclear::source::{Attachment, Files};
use allclear::theme::{OwnThemes, Theme, manifest};

use super::ground::{CONFIG, site};
use super::site::parts;
use super::sound::{assert_placed, file, text};

/// A theme of any files, as [`parts`] has them: it is compiled, or what is wrong with it is reported.
pub fn theme(bytes: &[u8]) {
    let text = text(bytes);
    let config = file(
        "allclear.toml",
        CONFIG.replacen('\n', "\ntheme = \"own\"\n", 1),
    );
    let files = Files {
        config: Some(Arc::clone(&config)),
        evidence: vec![file("evidence/reports.csv", "time,value\n")],
        ..Files::default()
    };
    let (site, _) = site(&files);
    let site = site.expect("a site");
    let parts = parts(&text);
    for (path, text) in &parts {
        if path.ends_with("theme.toml") {
            let mut diagnostics = Diagnostics::new();
            let read = manifest(&file("themes/own/theme.toml", *text), &mut diagnostics);
            assert_placed(&diagnostics);
            assert!(
                read.is_some() || diagnostics.errors() > 0,
                "no manifest, and no word about it"
            );
        }
    }
    let own = OwnThemes {
        files: parts
            .iter()
            .map(|(path, text)| Attachment {
                path: format!("themes/own/{path}").into(),
                bytes: text.as_bytes().to_vec(),
            })
            .collect(),
        names: vec!["own".to_owned()],
    };
    let mut diagnostics = Diagnostics::new();
    let theme = Theme::new(&site, &config, own, &mut diagnostics);
    let compiled = theme.as_ref().and_then(|theme| {
        let locale = theme.locale(&site.settings.languages[0], &mut diagnostics);
        theme.compile(&Arc::new(locale), &mut diagnostics)
    });
    assert_placed(&diagnostics);
    assert!(
        compiled.is_some() || diagnostics.errors() > 0,
        "no theme, and no word about it"
    );
}

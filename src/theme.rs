//! Themes: templates, assets, messages and options, the built-in ones and a site's own.
//!
//! A site's theme overrides a built-in one file by file. Its templates are known to the engine
//! as `site/NAME`, the built-in ones as `default/NAME` or `plain/NAME`; a plain `NAME` is the site's
//! where there is one. So an override can say `{% extends "default/base.html" %}` and change one block.
//!
//! ```text
//! themes/NAME/theme.toml           what it is called, its contract, what it extends, its options
//!             templates/*.html     what templates see is in [`crate::output::pages::view`]
//!             assets/*             published under names that hold a hash of their content
//!             messages/LANG.toml   single messages of the interface in other words
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::diagnostic::{
    Code, Diagnostic, Diagnostics, Place, SourceFile, code_list, nearest_hint,
};
use crate::locale::{Language, Locale};
use crate::site::Site;
use crate::source::{Attachment, THEMES};

pub use self::manifest::{Kind, MANIFEST, Manifest, OptionValue, ThemeOption};
pub use self::templates::Templates;

pub mod color;
mod manifest;
mod templates;

/// The names of the built-in themes.
pub const BUILT_IN: [&str; 2] = [DEFAULT, PLAIN];
/// The contract between allclear and themes: which templates there are and what they see. It rises
/// when a template that was right for the last one may be wrong.
pub const CONTRACT: i64 = 1;

const DEFAULT: &str = "default";
const PLAIN: &str = "plain";
/// What stands before the names of a site's own templates.
const SITE: &str = "site/";
/// The asset that colours are told to.
const STYLE_SHEET: &str = "style.css";

#[derive(RustEmbed)]
#[folder = "themes/default"]
struct DefaultFiles;

#[derive(RustEmbed)]
#[folder = "themes/plain"]
struct PlainFiles;

/// A theme, ready to be compiled for each language.
#[derive(Debug)]
pub struct Theme {
    /// The built-in themes that serve what the site's own lacks, the nearest first.
    bases: Vec<String>,
    /// By the name that the engine knows.
    templates: BTreeMap<String, Arc<SourceFile>>,
    assets: Arc<BTreeMap<String, Asset>>,
    /// By the tag of their language.
    messages: BTreeMap<String, Arc<SourceFile>>,
    options: BTreeMap<String, OptionValue>,
    logo: Option<LogoFiles>,
}

/// A file that pages refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Its path from the site's root; its name holds a hash of its content, so that it may be
    /// cached for ever.
    pub path: Utf8PathBuf,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl Asset {
    /// A file that is published under its name and a hash: `assets/style.1a2b3c4d5e.css` for
    /// `style.css`.
    pub fn new(name: &Utf8Path, bytes: Vec<u8>) -> Self {
        let hash: String = Sha256::digest(&bytes)
            .iter()
            .take(5)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let stem = name.with_extension("");
        let path = match name.extension() {
            Some(extension) => format!("assets/{stem}.{hash}.{extension}"),
            None => format!("assets/{stem}.{hash}"),
        };
        Self {
            path: path.into(),
            bytes,
        }
    }
}

/// The files of a site's logo.
#[derive(Debug, Clone)]
pub struct LogoFiles {
    /// For light pages, and for all where there is no other.
    pub light: Asset,
    /// For dark pages.
    pub dark: Option<Asset>,
}

/// The files of a built-in theme by their paths in its folder, sorted; none where there is no such theme.
pub fn built_in(name: &str) -> BTreeMap<Utf8PathBuf, Vec<u8>> {
    fn files<T: RustEmbed>() -> BTreeMap<Utf8PathBuf, Vec<u8>> {
        T::iter()
            .filter_map(|path| Some((path.as_ref().into(), T::get(&path)?.data.into_owned())))
            .collect()
    }
    match name {
        DEFAULT => files::<DefaultFiles>(),
        PLAIN => files::<PlainFiles>(),
        _ => BTreeMap::new(),
    }
}

/// What a theme says of itself, by the files of its folder.
///
/// Returns `None`, with diagnostics, where that cannot be known.
pub fn manifest(file: &Arc<SourceFile>, diagnostics: &mut Diagnostics) -> Option<Manifest> {
    manifest::read(file, diagnostics)
}

impl Theme {
    /// The theme of a site, from `allclear.toml` and the files of `themes/NAME` with their paths from
    /// the site's folder.
    ///
    /// Returns `None`, with diagnostics, where the theme cannot be used at all.
    pub fn new(
        site: &Site,
        config: &Arc<SourceFile>,
        files: Vec<Attachment>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let name = site.theme.value.as_str();
        if files.is_empty() && !BUILT_IN.contains(&name) {
            let hint = nearest_hint(name, BUILT_IN).unwrap_or_else(|| {
                let themes = code_list(&BUILT_IN);
                format!("the built-in themes are {themes}; a theme of your own has its files in `themes/{name}/`")
            });
            let message = format!("there is no theme `{name}`");
            let named = Place::new(config, site.theme.span.clone());
            diagnostics.push(Diagnostic::error(Code::UnknownTheme, named, message).hint(hint));
            return None;
        }
        let mut parts = Parts::default();
        let folder = Utf8Path::new(THEMES).join(name);
        for Attachment { path, bytes } in files {
            if let Ok(inside) = path.strip_prefix(&folder).map(Utf8Path::to_owned) {
                parts.add(SITE, path, &inside, bytes, diagnostics);
            }
        }
        let own = match parts.manifest.take() {
            Some(file) => manifest::read(&file, diagnostics)?,
            None if parts.is_empty() => Manifest::default(),
            None => {
                let message =
                    format!("the theme `{name}` does not say which contract it is made for");
                let file = folder.join(MANIFEST);
                let missing = Diagnostic::file_error(Code::ThemeContract, file, message);
                diagnostics
                    .push(missing.hint(format!("write `contract = {CONTRACT}` into this file")));
                return None;
            }
        };
        let mut options = own.options;
        let mut bases = Vec::new();
        let mut next = Some(
            own.extends
                .unwrap_or_else(|| match BUILT_IN.contains(&name) {
                    true => name.to_owned(),
                    false => DEFAULT.to_owned(),
                }),
        );
        while let Some(base) = next.take() {
            for (inside, bytes) in built_in(&base) {
                let path = Utf8Path::new(THEMES).join(&base).join(&inside);
                parts.add(&format!("{base}/"), path, &inside, bytes, diagnostics);
            }
            let file = parts.manifest.take()?;
            let manifest = manifest::read(&file, diagnostics)?;
            for option in manifest.options {
                if options.iter().all(|known| known.name != option.name) {
                    options.push(option);
                }
            }
            bases.push(base);
            next = manifest.extends;
        }
        let set = (config, site.theme_options.as_slice());
        let options = manifest::values(&options, set, &site.languages, diagnostics);
        let mut assets = parts.assets;
        if let Some(style) = assets.get_mut(STYLE_SHEET) {
            style.extend(properties(&options).into_bytes());
        }
        let assets = assets.into_iter().map(|(name, bytes)| {
            let asset = Asset::new(Utf8Path::new(&name), bytes);
            (name, asset)
        });
        Some(Self {
            bases,
            templates: parts.templates,
            assets: Arc::new(assets.collect()),
            messages: parts.messages,
            options,
            logo: None,
        })
    }

    /// With the site's logo.
    #[must_use]
    pub fn with_logo(mut self, logo: Option<LogoFiles>) -> Self {
        self.logo = logo;
        self
    }

    /// The files that pages refer to.
    pub fn assets(&self) -> impl Iterator<Item = &Asset> {
        let logo = self.logo.iter();
        let logo = logo.flat_map(|logo| std::iter::once(&logo.light).chain(&logo.dark));
        self.assets.values().chain(logo)
    }

    /// The site's logo.
    pub fn logo(&self) -> Option<&LogoFiles> {
        self.logo.as_ref()
    }

    /// The value of every option, by its name.
    pub fn options(&self) -> &BTreeMap<String, OptionValue> {
        &self.options
    }

    /// A language with the theme's own messages.
    pub fn locale(&self, language: &Language, diagnostics: &mut Diagnostics) -> Locale {
        let locale = Locale::new(language);
        let tags = [language.as_str(), language.base()];
        let Some(file) = tags.iter().find_map(|tag| self.messages.get(*tag)) else {
            return locale;
        };
        let (locale, faults) = locale.with_overrides(&file.text);
        for fault in faults {
            let place = Place::new(file, fault.span.clone());
            let mut diagnostic = Diagnostic::error(Code::BadMessage, place, fault.to_string());
            diagnostic.hint = fault.hint();
            diagnostics.push(diagnostic);
        }
        locale
    }
}

/// The colours among the options, as custom properties.
fn properties(options: &BTreeMap<String, OptionValue>) -> String {
    let colors = options.iter().filter_map(|(name, value)| match value {
        OptionValue::Color(colors) => Some(format!(
            ":root {{ --{name}: light-dark({}, {}) }}\n",
            colors.light, colors.dark
        )),
        _ => None,
    });
    colors.collect()
}

/// The files of a theme, each kind for itself. What was added first stays.
#[derive(Debug, Default)]
struct Parts {
    manifest: Option<Arc<SourceFile>>,
    templates: BTreeMap<String, Arc<SourceFile>>,
    assets: BTreeMap<String, Vec<u8>>,
    messages: BTreeMap<String, Arc<SourceFile>>,
}

impl Parts {
    fn is_empty(&self) -> bool {
        self.templates.is_empty() && self.assets.is_empty() && self.messages.is_empty()
    }

    fn add(
        &mut self,
        prefix: &str,
        path: Utf8PathBuf,
        inside: &Utf8Path,
        bytes: Vec<u8>,
        diagnostics: &mut Diagnostics,
    ) {
        if let Ok(name) = inside.strip_prefix("assets") {
            self.assets.entry(name.to_string()).or_insert(bytes);
            return;
        }
        let template = inside.strip_prefix("templates").ok();
        let messages = inside.strip_prefix("messages").ok();
        if template.is_none() && messages.is_none() && inside != MANIFEST {
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
            (None, Some(_)) => {}
            (None, None) => self.manifest = Some(file),
        }
    }
}

#[cfg(test)]
mod tests;

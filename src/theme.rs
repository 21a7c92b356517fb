//! Themes: templates, assets, messages and options, the built-in ones and a site's own.
//!
//! A site's theme overrides a built-in one file by file. Its templates are known to the engine
//! as `site/NAME`, the built-in ones as `default/NAME` or `plain/NAME`; a plain `NAME` is the site's
//! where there is one. So an override can say `{% extends "default/base.html" %}` and change one block.
//!
//! ```text
//! themes/NAME/theme.toml           its name, its contract, what it extends, its options
//!             templates/*.html     what templates see is in [`crate::output::pages::view`]
//!             assets/*             published under names that hold a hash of their content
//!             messages/LANG.toml   single messages of the interface in other words
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use self::manifest::OptionsSet;
use self::parts::{ASSETS, Parts};
use self::template_files::{SITE, TemplateFiles};
use self::unused::Used;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, SourceFile, code_list, nearest};
use crate::locale::{Language, Locale};
use crate::site::Site;
use crate::source::{Attachment, CONFIG, THEMES};
use crate::system::path::slashed;

pub use self::asset::{Asset, LogoFiles, has_hash};
pub use self::built_in::{BUILT_IN, IN_PROGRAM, built_in};
pub use self::chain::{Chain, base_of, built_in_manifest, chain};
pub use self::manifest::{
    CONTRACT, Kind, MANIFEST, Manifest, OptionValue, ThemeOption, read as manifest,
};
pub use self::templates::{SharedVariables, Templates};

mod asset;
mod built_in;
mod chain;
pub mod color;
mod fault;
mod manifest;
mod parts;
mod scan;
mod template_files;
mod templates;
mod unused;

/// The asset to which the colours among the options are appended.
const STYLE_SHEET: &str = "style.css";

/// What a site has in its folder `themes`.
#[derive(Debug, Default)]
pub struct OwnThemes {
    /// The files of the theme that the site uses, with their paths from the site's folder.
    pub files: Vec<Attachment>,
    /// The names of all its themes.
    pub names: Vec<String>,
}

/// A theme, ready to be compiled for each language.
#[derive(Debug)]
pub struct Theme {
    files: Arc<TemplateFiles>,
    /// The files of messages, by the tag of their language.
    messages: BTreeMap<String, Arc<SourceFile>>,
    options: BTreeMap<String, OptionValue>,
    logo: Option<LogoFiles>,
    config: Arc<SourceFile>,
}

impl Theme {
    /// The theme of a site, from `allclear.toml` and what is in its folder `themes`.
    ///
    /// Returns `None`, with diagnostics, where the theme cannot be used at all.
    pub fn new(
        site: &Site,
        config: &Arc<SourceFile>,
        own: OwnThemes,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let name = site.settings.theme.value.as_str();
        let OwnThemes { files, names } = own;
        if files.is_empty() && !BUILT_IN.contains(&name) {
            let hint = hint_for(name, &names);
            let message = format!("there is no theme `{name}`");
            let named = Place::new(config, site.settings.theme.span.clone());
            diagnostics.push(Diagnostic::error(Code::UnknownTheme, named, message).hint(hint));
            return None;
        }
        let mut parts = Parts::default();
        let folder = slashed(Utf8Path::new(THEMES).join(name));
        for Attachment { path, bytes } in files {
            if let Ok(inside) = path.strip_prefix(&folder).map(Utf8Path::to_owned) {
                parts.add(SITE, path, &inside, bytes, diagnostics);
            }
        }
        let manifest = own_manifest(name, &mut parts, diagnostics)?;
        let Chain {
            bases,
            options: possible,
        } = chain(name, manifest, diagnostics)?;
        let below: Vec<Utf8PathBuf> = bases
            .iter()
            .flat_map(|base| built_in(base).into_keys())
            .collect();
        let used = Used {
            folder: &folder,
            below: &below,
            languages: &site.settings.languages,
            config: &config.text,
        };
        unused::report(&parts, used, diagnostics);
        let own: BTreeSet<String> = parts.assets.keys().cloned().collect();
        for base in &bases {
            for (inside, bytes) in built_in(base) {
                let path = slashed(Utf8Path::new(IN_PROGRAM).join(base).join(&inside));
                parts.add(&format!("{base}/"), path, &inside, bytes, diagnostics);
            }
        }
        let set = OptionsSet {
            config,
            options: &site.settings.theme_options,
        };
        let options = manifest::values(&possible, set, &site.settings.languages, diagnostics);
        let mut assets = parts.assets;
        if let Some(style) = assets.get_mut(STYLE_SHEET) {
            style.extend(properties(&options).into_bytes());
        }
        let assets = assets.into_iter().map(|(name, bytes)| {
            let asset = Asset::new(Utf8Path::new(&name), bytes);
            let asset = match own.contains(&name) {
                true => asset.because_of(slashed(folder.join(ASSETS).join(&name))),
                false => asset,
            };
            (name, asset)
        });
        Some(Self {
            files: Arc::new(TemplateFiles {
                theme: name.to_owned(),
                bases,
                templates: parts.templates,
                assets: assets.collect(),
            }),
            messages: parts.messages,
            options,
            logo: None,
            config: Arc::clone(config),
        })
    }

    /// Compiles all templates for a language. Every template that is broken gives a diagnostic.
    pub fn compile(
        &self,
        locale: &Arc<Locale>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Templates> {
        templates::compile(&self.files, locale, diagnostics)
    }

    /// The same theme with the site's logo.
    #[must_use]
    pub fn with_logo(mut self, logo: Option<LogoFiles>) -> Self {
        self.logo = logo;
        self
    }

    /// The files that pages refer to.
    pub fn assets(&self) -> impl Iterator<Item = &Asset> {
        let logo = self.logo.iter();
        let logo = logo.flat_map(|logo| std::iter::once(&logo.light).chain(&logo.dark));
        self.files.assets.values().chain(logo)
    }

    /// A file that pages refer to, by its name in the theme.
    pub fn asset(&self, name: &str) -> Option<&Asset> {
        self.files.assets.get(name)
    }

    /// The site's logo.
    pub fn logo(&self) -> Option<&LogoFiles> {
        self.logo.as_ref()
    }

    /// The value of every option, by its name.
    pub fn options(&self) -> &BTreeMap<String, OptionValue> {
        &self.options
    }

    /// Whether there are messages for a language, in the program or in the theme.
    pub fn speaks(&self, language: &Language) -> bool {
        let has_file = |tag: &String| self.messages.contains_key(tag);
        language.is_built_in() || language.tags().iter().any(has_file)
    }

    /// A language with the theme's own messages: those of the language that it belongs to, and its own over them.
    pub fn locale(&self, language: &Language, diagnostics: &mut Diagnostics) -> Locale {
        let mut locale = Locale::new(language);
        let tags = language.tags().into_iter().rev();
        for file in tags.filter_map(|tag| self.messages.get(&tag)) {
            let (with_file, faults) = locale.with_overrides(&file.text);
            locale = with_file;
            for fault in faults {
                let place = Place::new(file, fault.span.clone());
                let mut diagnostic = Diagnostic::error(Code::BadMessage, place, fault.to_string());
                diagnostic.hint = fault.hint();
                diagnostics.push(diagnostic);
            }
        }
        if !self.speaks(language) {
            diagnostics.push(self.unspoken(language));
        }
        locale
    }

    /// The error of a language without messages.
    fn unspoken(&self, language: &Language) -> Diagnostic {
        let file = format!("messages/{language}.toml");
        let hint = match nearest(language.as_str(), Language::supported()) {
            Some(near) => format!("did you mean `{near}`? "),
            None => String::new(),
        };
        let hint = format!("{hint}`allclear theme eject {file}` writes the file to translate");
        let message = format!(
            "there are no messages for `{language}`: allclear has none, and neither has the theme `{}`",
            self.files.theme
        );
        let named = [
            language.as_str().to_owned(),
            language.as_str().to_lowercase(),
        ];
        let named = named.iter().find_map(|tag| {
            let at = self.config.text.find(&format!("\"{tag}\""))? + 1;
            Some(at..at + tag.len())
        });
        let diagnostic = match named {
            Some(span) => Diagnostic::error(
                Code::UnknownLanguage,
                Place::new(&self.config, span),
                message,
            ),
            None => Diagnostic::file_error(Code::UnknownLanguage, CONFIG, message),
        };
        diagnostic.hint(hint)
    }
}

/// The way out for a site that names a theme which is not there; `own` are the names of the site's own.
fn hint_for(name: &str, own: &[String]) -> String {
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    if let Some(near) = nearest(name, BUILT_IN.into_iter().chain(own.iter().copied())) {
        return format!("did you mean `{near}`?");
    }
    let built_in = code_list(&BUILT_IN);
    let there = match own.as_slice() {
        [] => format!("the built-in themes are {built_in}"),
        own => format!("there are {built_in} and the site's own {}", code_list(own)),
    };
    format!("{there}; a theme of your own has its files in `themes/{name}/`")
}

/// The manifest of a site's own theme, by the theme's name.
fn own_manifest(name: &str, parts: &mut Parts, diagnostics: &mut Diagnostics) -> Option<Manifest> {
    if let Some(file) = parts.manifest.take() {
        return manifest::read(&file, diagnostics);
    }
    if parts.is_empty() {
        return Some(Manifest::default());
    }
    let message = format!("the theme `{name}` does not say which contract it is made for");
    let file = Utf8Path::new(THEMES).join(name).join(MANIFEST);
    let missing = Diagnostic::file_error(Code::ThemeContract, file, message);
    diagnostics.push(missing.hint(format!("write `contract = {CONTRACT}` into this file")));
    None
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

#[cfg(test)]
mod tests;

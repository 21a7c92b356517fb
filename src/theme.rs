//! Themes: templates and assets, the built-in ones and a site's own.
//!
//! A site's theme overrides the built-in one file by file. Its templates are known to the engine
//! as `site/NAME`, the built-in ones as `default/NAME`; a plain `NAME` is the site's where there is
//! one. So an override can say `{% extends "default/base.html" %}` and change one block.

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use rust_embed::RustEmbed;
use serde::Serialize;
use sha2::{Digest, Sha256};
use tera::{Context, ErrorKind, Kwargs, State, Tera};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, SourceFile, nearest};
use crate::locale::Locale;
use crate::source::Attachment;

/// The name of the built-in theme.
pub const BUILT_IN: &str = "default";

#[derive(RustEmbed)]
#[folder = "themes/default"]
struct BuiltIn;

/// A theme, ready to be compiled for each language.
#[derive(Debug)]
pub struct Theme {
    /// By the name that the engine knows.
    templates: BTreeMap<String, Arc<SourceFile>>,
    assets: Arc<BTreeMap<String, Asset>>,
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

impl Theme {
    /// The theme of a site: its name and where that stands, and the files of `themes/NAME` with
    /// their paths from the site's folder.
    pub fn new(
        name: &str,
        named: Place,
        files: Vec<Attachment>,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        if files.is_empty() && name != BUILT_IN {
            let hint = match nearest(name, [BUILT_IN]) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "put its files into `themes/{name}/`, or write `theme = \"{BUILT_IN}\"`"
                ),
            };
            let message = format!("there is no theme `{name}`");
            diagnostics.push(Diagnostic::error(Code::UnknownTheme, named, message).hint(hint));
        }
        let mut templates = BTreeMap::new();
        let mut assets = BTreeMap::new();
        for path in BuiltIn::iter() {
            let Some(file) = BuiltIn::get(&path) else {
                continue;
            };
            let full = Utf8PathBuf::from(format!("themes/{BUILT_IN}/{path}"));
            add(
                "default",
                full,
                Utf8Path::new(path.as_ref()),
                file.data.into_owned(),
                &mut templates,
                &mut assets,
                diagnostics,
            );
        }
        let folder = Utf8PathBuf::from(format!("themes/{name}"));
        for Attachment { path, bytes } in files {
            if let Ok(inside) = path.strip_prefix(&folder).map(Utf8Path::to_owned) {
                add(
                    "site",
                    path,
                    &inside,
                    bytes,
                    &mut templates,
                    &mut assets,
                    diagnostics,
                );
            }
        }
        Self {
            templates,
            assets: Arc::new(assets),
        }
    }

    /// The files that pages refer to.
    pub fn assets(&self) -> impl Iterator<Item = &Asset> {
        self.assets.values()
    }

    /// Compiles all templates for a language. Every template that is broken gives a diagnostic.
    pub fn compile(
        &self,
        locale: &Arc<Locale>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Templates> {
        let mut sound: BTreeMap<&str, &Arc<SourceFile>> = self
            .templates
            .iter()
            .map(|(name, file)| (name.as_str(), file))
            .collect();
        let mut broken = false;
        loop {
            let mut tera = engine(locale, &self.assets).ok()?;
            let added = tera
                .add_raw_templates(sound.iter().map(|(name, file)| (*name, file.text.as_str())));
            let Err(error) = added else {
                return (!broken).then_some(Templates {
                    tera,
                    files: self.templates.clone(),
                });
            };
            broken = true;
            diagnostics.push(self.diagnostic(&error));
            // The engine stops at the first error: leave that template out to find the next.
            let culprit = template_of(&error).filter(|name| sound.remove(name.as_str()).is_some());
            culprit.as_ref()?;
        }
    }

    fn diagnostic(&self, error: &tera::Error) -> Diagnostic {
        diagnostic(&self.templates, error)
    }
}

fn add(
    prefix: &str,
    full: Utf8PathBuf,
    inside: &Utf8Path,
    bytes: Vec<u8>,
    templates: &mut BTreeMap<String, Arc<SourceFile>>,
    assets: &mut BTreeMap<String, Asset>,
    diagnostics: &mut Diagnostics,
) {
    if let Ok(name) = inside.strip_prefix("templates") {
        match String::from_utf8(bytes) {
            Ok(text) => {
                templates.insert(
                    format!("{prefix}/{name}"),
                    Arc::new(SourceFile { path: full, text }),
                );
            }
            Err(_) => diagnostics.push(
                Diagnostic::file_error(Code::NotUtf8, full, "this template is not UTF-8")
                    .hint("save it as UTF-8"),
            ),
        }
    } else if let Ok(name) = inside.strip_prefix("assets") {
        let path = hashed(name, &bytes);
        assets.insert(name.to_string(), Asset { path, bytes });
    }
}

/// `assets/style.1a2b3c4d5e.css` for `style.css`.
fn hashed(name: &Utf8Path, bytes: &[u8]) -> Utf8PathBuf {
    let hash: String = Sha256::digest(bytes)
        .iter()
        .take(5)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let stem = name.with_extension("");
    match name.extension() {
        Some(extension) => Utf8PathBuf::from(format!("assets/{stem}.{hash}.{extension}")),
        None => Utf8PathBuf::from(format!("assets/{stem}.{hash}")),
    }
}

/// An engine that knows what templates may call.
fn engine(
    locale: &Arc<Locale>,
    assets: &Arc<BTreeMap<String, Asset>>,
) -> Result<Tera, tera::Error> {
    let mut tera = Tera::new();
    tera.set_fallback_prefixes(["site/", "default/"])?;
    tera.autoescape_on(vec![".html", ".xml", ".svg"]);
    let words = Arc::clone(locale);
    tera.register_function(
        "t",
        move |arguments: Kwargs, _: &State<'_>| -> Result<String, tera::Error> {
            let key = arguments.must_get::<&str>("key")?;
            let mut texts: Vec<(String, String)> = Vec::new();
            for (name, value) in arguments.iter() {
                let name = name.to_string();
                if name != "key" {
                    texts.push((name, value.to_string()));
                }
            }
            let texts: Vec<(&str, &str)> = texts
                .iter()
                .map(|(name, text)| (name.as_str(), text.as_str()))
                .collect();
            Ok(words.text(key, &texts).into())
        },
    );
    let assets = Arc::clone(assets);
    tera.register_function(
        "asset",
        move |arguments: Kwargs, _: &State<'_>| -> Result<String, tera::Error> {
            let name = arguments.must_get::<&str>("name")?;
            match assets.get(name) {
                Some(asset) => Ok(asset.path.to_string()),
                None => Err(tera::Error::message(format!("there is no asset `{name}`"))),
            }
        },
    );
    Ok(tera)
}

/// The templates of a theme, compiled for one language.
pub struct Templates {
    tera: Tera,
    files: BTreeMap<String, Arc<SourceFile>>,
}

impl Templates {
    /// Renders a page by way of a buffer, so that no page keeps more memory than it fills.
    ///
    /// # Errors
    ///
    /// Where the template asks for something that is not there; the diagnostic says where.
    pub fn render(
        &self,
        template: &str,
        context: &impl Serialize,
        buffer: &mut Vec<u8>,
    ) -> Result<Vec<u8>, Box<Diagnostic>> {
        buffer.clear();
        Context::from_serialize(context)
            .and_then(|context| self.tera.render_to(template, &context, &mut *buffer))
            .map_err(|error| Box::new(diagnostic(&self.files, &error)))?;
        Ok(buffer.clone())
    }
}

/// The template that an error speaks of.
fn template_of(error: &tera::Error) -> Option<String> {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            Some(report.filename().to_owned())
        }
        ErrorKind::CircularExtend { tpl, .. } | ErrorKind::CircularInclude { tpl, .. } => {
            Some(tpl.clone())
        }
        ErrorKind::MissingParent { current, .. } => Some(current.clone()),
        _ => None,
    }
}

fn diagnostic(files: &BTreeMap<String, Arc<SourceFile>>, error: &tera::Error) -> Diagnostic {
    let name = template_of(error).unwrap_or_default();
    let file = files.get(&name);
    let (message, span) = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            (report.message().to_owned(), report.span().range.clone())
        }
        _ => (error.to_string(), 0..0),
    };
    match file {
        Some(file) => Diagnostic::error(Code::BrokenTheme, Place::new(file, span), message),
        None => Diagnostic::file_error(Code::BrokenTheme, "themes", message),
    }
}

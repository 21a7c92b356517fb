//! Templates, compiled for one language.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use tera::{Context, ErrorKind, Kwargs, State, Tera};

use super::asset::Asset;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, SourceFile};
use crate::locale::Locale;

/// The prefix of the names of a site's own templates.
pub(super) const SITE: &str = "site/";

/// The templates of a theme, and what they may refer to.
#[derive(Debug)]
pub(super) struct TemplateFiles {
    /// The built-in themes that serve what the site's own lacks, the nearest first.
    pub(super) bases: Vec<String>,
    /// The templates, by the name that the engine knows.
    pub(super) templates: BTreeMap<String, Arc<SourceFile>>,
    /// The assets, by the name that templates know.
    pub(super) assets: Arc<BTreeMap<String, Asset>>,
}

/// Compiles all templates for a language. Every template that is broken gives a diagnostic.
pub(super) fn compile(
    files: &TemplateFiles,
    locale: &Arc<Locale>,
    diagnostics: &mut Diagnostics,
) -> Option<Templates> {
    let mut sound: BTreeMap<&str, &Arc<SourceFile>> = files
        .templates
        .iter()
        .map(|(name, file)| (name.as_str(), file))
        .collect();
    let mut broken = false;
    loop {
        let mut tera = engine(files, locale).ok()?;
        let added =
            tera.add_raw_templates(sound.iter().map(|(name, file)| (*name, file.text.as_str())));
        let Err(error) = added else {
            return (!broken).then_some(Templates {
                tera,
                files: files.templates.clone(),
            });
        };
        broken = true;
        diagnostics.push(diagnostic(&files.templates, &error));
        // The engine stops at the first error: leave that template out to find the next.
        let culprit = template_of(&error).filter(|name| sound.remove(name.as_str()).is_some());
        culprit.as_ref()?;
    }
}

/// A template engine with the functions that templates may call.
fn engine(files: &TemplateFiles, locale: &Arc<Locale>) -> Result<Tera, tera::Error> {
    let mut tera = Tera::new();
    let bases = files.bases.iter().map(|base| format!("{base}/"));
    tera.set_fallback_prefixes(std::iter::once(SITE.to_owned()).chain(bases))?;
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
    let assets = Arc::clone(&files.assets);
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

impl fmt::Debug for Templates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Templates").finish_non_exhaustive()
    }
}

impl Templates {
    /// Renders a page. It is written to `buffer` first, so that the page itself has no unused capacity.
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

/// The name of the template that an error is in.
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

/// An error of the engine as a diagnostic.
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

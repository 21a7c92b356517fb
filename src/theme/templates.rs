//! Templates, compiled for one language.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use sha2::{Digest, Sha256};
use tera::{Context, Kwargs, State, Tera, Value};

use super::fault;
use super::template_files::{SITE, TemplateFiles};
use crate::diagnostic::{Diagnostic, Diagnostics, SourceFile};
use crate::locale::Locale;
use crate::markdown;

/// Compiles all templates for a language. Every template that is broken gives a diagnostic.
pub(super) fn compile(
    files: &Arc<TemplateFiles>,
    locale: &Arc<Locale>,
    diagnostics: &mut Diagnostics,
) -> Option<Templates> {
    let unknown = fault::of_names(files, |key| locale.knows(key));
    let mut broken = !unknown.is_empty();
    unknown.into_iter().for_each(|it| diagnostics.push(it));
    let mut sound: BTreeMap<&str, &Arc<SourceFile>> = files
        .templates
        .iter()
        .map(|(name, file)| (name.as_str(), file))
        .collect();
    let mut left_out = Vec::new();
    loop {
        let mut tera = engine(files, locale).ok()?;
        let added =
            tera.add_raw_templates(sound.iter().map(|(name, file)| (*name, file.text.as_str())));
        let Err(error) = added else {
            return (!broken).then(|| Templates {
                tera,
                files: Arc::clone(files),
            });
        };
        broken = true;
        let faults = fault::of_compiling(files, &left_out, &error);
        (faults.diagnostics.into_iter()).for_each(|it| diagnostics.push(it));
        // The engine stops at the first error: leave that template out to find the next.
        let culprit = faults.culprit?;
        sound.remove(culprit.as_str())?;
        left_out.push(culprit);
    }
}

/// A template engine with the functions that templates may call.
fn engine(files: &Arc<TemplateFiles>, locale: &Arc<Locale>) -> Result<Tera, tera::Error> {
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
            match words.asked(key, &texts) {
                Ok(text) => Ok(text.into()),
                Err(unknown) => Err(fault::refusal(&unknown)),
            }
        },
    );
    let known = Arc::clone(files);
    tera.register_function(
        "asset",
        move |arguments: Kwargs, _: &State<'_>| -> Result<String, tera::Error> {
            let name = arguments.must_get::<&str>("name")?;
            match known.asset(name) {
                Ok(asset) => Ok(asset.path.to_string()),
                Err(unknown) => Err(fault::refusal(&unknown)),
            }
        },
    );
    let labels = locale.labels();
    tera.register_filter(
        "markdown",
        move |text: &str, _: Kwargs, state: &State<'_>| {
            let root = state.get::<Value>("page")?;
            let root = root
                .as_ref()
                .and_then(|page| page.get_from_path("root")?.as_str());
            let options = markdown::Options {
                id_prefix: &id_prefix(text),
                base: root.unwrap_or_default(),
                heading_level: 2,
                labels: &labels,
            };
            let html = markdown::to_html(text, &options);
            Ok::<_, tera::Error>(Value::safe_string(html.trim_end()))
        },
    );
    Ok(tera)
}

/// The prefix of ids in a text: another one for each text of a page.
fn id_prefix(text: &str) -> String {
    let hash = Sha256::digest(text);
    format!("m{:02x}{:02x}{:02x}-", hash[0], hash[1], hash[2])
}

/// A part of the variables that many pages have, which is made ready for their templates once.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct SharedVariables(Value);

/// The templates of a theme, compiled for one language.
pub struct Templates {
    tera: Tera,
    files: Arc<TemplateFiles>,
}

impl fmt::Debug for Templates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Templates").finish_non_exhaustive()
    }
}

impl Templates {
    /// The variables of a view, ready for every page that has them.
    ///
    /// # Errors
    ///
    /// Where the view is none that templates can see.
    pub fn shared(&self, view: &impl Serialize) -> Result<SharedVariables, Box<Diagnostic>> {
        Value::try_from_serializable(view)
            .map(SharedVariables)
            .map_err(|error| Box::new(fault::of_rendering(&self.files, &error)))
    }

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
            .map_err(|error| Box::new(fault::of_rendering(&self.files, &error)))?;
        Ok(buffer.clone())
    }
}

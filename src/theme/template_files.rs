//! The texts of templates, and what they may refer to.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::asset::Asset;
use crate::diagnostic::{Code, SourceFile, UnknownName, nearest_hint};

/// The prefix of the names of a site's own templates.
pub(super) const SITE: &str = "site/";

/// The templates of a theme, and what they may refer to.
#[derive(Debug)]
pub(super) struct TemplateFiles {
    /// The name of the theme.
    pub(super) theme: String,
    /// The built-in themes that serve what the site's own lacks, the nearest first.
    pub(super) bases: Vec<String>,
    /// The templates, by the name that the engine knows.
    pub(super) templates: BTreeMap<String, Arc<SourceFile>>,
    /// The assets, by the name that templates know.
    pub(super) assets: BTreeMap<String, Asset>,
}

impl TemplateFiles {
    /// The asset of a name.
    pub(super) fn asset(&self, name: &str) -> Result<&Asset, Box<UnknownName>> {
        self.assets.get(name).ok_or_else(|| {
            Box::new(UnknownName {
                code: Code::BrokenTheme,
                message: format!("there is no asset `{name}`"),
                hint: nearest_hint(name, self.assets.keys().map(String::as_str)),
            })
        })
    }
}

//! Arguments that name something of a site.

use std::collections::BTreeSet;

use allclear::diagnostic::UnknownName;
use allclear::site::Site;
use allclear::site::lookup;
use allclear::site::vocabulary::{Status, Word as _};

use super::failure::{Failure, bad_option};

/// The option that names a component.
const OPTION: &str = "-c";

/// The status that a word says; one that says none is answered with the status that is meant, be it in a language of
/// the site.
pub(crate) fn known_status(site: &Site, word: &str) -> Result<Status, UnknownName> {
    lookup::status(word).map_err(|unknown| match translated_status(site, word) {
        Some(status) => UnknownName {
            hint: Some(format!("did you mean `{}`?", status.as_str())),
            ..unknown
        },
        None => unknown,
    })
}

/// The status that readers of a language of the site see as these words.
fn translated_status(site: &Site, words: &str) -> Option<Status> {
    let words = words.trim().to_lowercase();
    let is_meant = |status: &Status| {
        let key = format!("status-{}", status.as_str());
        let mut texts = site.locales.iter().map(|locale| locale.text(&key, &[]));
        texts.any(|text| text.to_lowercase() == words)
    };
    Status::REPORTABLE.into_iter().find(is_meant)
}

/// A component that an argument names: `web`, or `web=major_outage`; in one region `web@jp=major_outage`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedComponent {
    /// Its id, which the site has; behind it perhaps `@` and the id of a region.
    pub(crate) id: String,
    /// Its status, where the argument says one.
    pub(crate) status: Option<Status>,
}

impl NamedComponent {
    /// Takes an argument apart.
    fn parse(site: &Site, argument: &str) -> Result<Self, Failure> {
        let (id, word) = match argument.split_once('=') {
            Some((id, word)) => (id, Some(word)),
            None => (argument, None),
        };
        let refused = |message: String, hint: Option<String>| {
            bad_option(OPTION, argument, message, hint.unwrap_or_default())
        };
        lookup::place(&site.components, &site.regions, id).map_err(|unknown| {
            let is_list = id.contains([',', ':', ' ']);
            let how = "write `-c ID=STATUS`, once for each component".to_owned();
            let hint = if is_list { Some(how) } else { unknown.hint };
            refused(unknown.message, hint)
        })?;
        let status = word.map(|word| known_status(site, word)).transpose();
        Ok(Self {
            id: id.to_owned(),
            status: status.map_err(|unknown| refused(unknown.message, unknown.hint))?,
        })
    }

    /// Takes arguments apart, none of which may name a component again.
    pub(crate) fn parse_all(site: &Site, arguments: &[String]) -> Result<Vec<Self>, Failure> {
        let mut ids = BTreeSet::new();
        let mut all = Vec::new();
        for argument in arguments {
            let named = Self::parse(site, argument)?;
            if !ids.insert(named.id.clone()) {
                let message = format!("`{}` was named before", named.id);
                return Err(bad_option(OPTION, argument, message, "name it once"));
            }
            all.push(named);
        }
        Ok(all)
    }

    /// The refusal of this component for a reason that only the command knows.
    pub(crate) fn refuse(&self, message: &str, hint: impl Into<String>) -> Failure {
        let argument = match self.status {
            Some(status) => format!("{}={}", self.id, status.as_str()),
            None => self.id.clone(),
        };
        bad_option(OPTION, &argument, message, hint)
    }
}

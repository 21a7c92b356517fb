//! Arguments that name something of a site.

use allclear::site::Site;
use allclear::site::lookup;
use allclear::site::vocabulary::Status;

use super::failure::{Failure, bad_argument};

/// Refuses the id of a component that the site does not have.
pub(crate) fn known_component(site: &Site, id: &str) -> Result<(), Failure> {
    match lookup::component(&site.components, id) {
        Ok(_) => Ok(()),
        Err(unknown) if id.contains([',', ':', ' ']) => Err(bad_argument(
            unknown.message,
            "write `-c ID=STATUS`, once for each component",
        )),
        Err(unknown) => Err(unknown.into()),
    }
}

/// The status that a word says; refuses one that says none.
pub(crate) fn known_status(word: &str) -> Result<Status, Failure> {
    Ok(lookup::status(word)?)
}

/// A component that an argument names: `web`, or `web=major_outage`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedComponent {
    /// Its id, which the site has.
    pub(crate) id: String,
    /// Its status, where the argument says one.
    pub(crate) status: Option<Status>,
}

impl NamedComponent {
    /// Takes an argument apart.
    pub(crate) fn parse(site: &Site, argument: &str) -> Result<Self, Failure> {
        let (id, word) = match argument.split_once('=') {
            Some((id, word)) => (id, Some(word)),
            None => (argument, None),
        };
        known_component(site, id)?;
        Ok(Self {
            id: id.to_owned(),
            status: word.map(known_status).transpose()?,
        })
    }
}

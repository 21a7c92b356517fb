//! JSON Schemas of the files of a site, for editors.

use super::file::Output;
use super::format::{Context, Format, Publish};
use super::pages::Edition;
use crate::site::read::schema;

/// The row of [`super::OUTPUTS`].
pub(super) const FORMAT: Format = Format {
    name: None,
    publish: Publish::Site(schemas),
    feed: None,
};

fn schemas(_: &Edition<'_>, _: &mut Context<'_>) -> Vec<Output> {
    let schemas = [
        ("site", schema::site()),
        ("incident", schema::incident()),
        ("evidence", schema::evidence()),
    ];
    let schemas = schemas.map(|(of, text)| Output::new(format!("schemas/{of}.json"), text));
    schemas.into()
}

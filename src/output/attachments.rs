//! Files beside an `index.md`, published at the same place beside its page.

use std::collections::HashMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::file::Output;
use super::format::{Context, Format, Publish};
use super::pages::Edition;
use super::route::Route;
use crate::site::post::Post;
use crate::source::Attachment;
use crate::system::path::slashed;

/// The row of [`super::OUTPUTS`].
pub(super) const FORMAT: Format = Format {
    name: None,
    publish: Publish::Language(attachments),
    feed: None,
};

fn attachments(edition: &Edition<'_>, _: &mut Context<'_>) -> Vec<Output> {
    let bundles: HashMap<&Utf8Path, &Post> = edition
        .status
        .pages()
        .map(|index| edition.site.post(edition.status.occurrence(index).post))
        .filter_map(|post| {
            let source = &post.place.file.path;
            let folder = source.parent()?;
            (source.file_name() == Some("index.md")).then_some((folder, post))
        })
        .collect();
    let published = |path: &Utf8Path| -> Option<Utf8PathBuf> {
        let mut folders = path.ancestors().skip(1);
        let (folder, post) = folders.find_map(|folder| Some((folder, *bundles.get(folder)?)))?;
        let page = Utf8PathBuf::from(Route::post(edition.prefix(), &post.slug).file());
        Some(slashed(
            page.parent()?.join(path.strip_prefix(folder).ok()?),
        ))
    };
    edition
        .attachments
        .iter()
        .filter_map(|Attachment { path, bytes }| {
            Some(Output::new(published(path)?, bytes.clone()).because_of(path))
        })
        .collect()
}

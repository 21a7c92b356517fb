//! The templates of a site's channels.

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::diagnostic::{Diagnostics, Location, Place, SourceFile};
use crate::output::pages::Wording;
use crate::site::Site;
use crate::source;
use crate::syntax::Spanned;

/// The templates of the channels; one that is named twice is read once.
pub(super) fn wordings(
    site: &Site,
    config: &Arc<SourceFile>,
    folder: &Utf8Path,
    diagnostics: &mut Diagnostics,
) -> Vec<Wording> {
    let named = site.channels.iter().filter_map(|it| it.template.as_ref());
    let named: BTreeMap<&Utf8PathBuf, &Spanned<Utf8PathBuf>> =
        named.map(|path| (&path.value, path)).collect();
    let read = named.into_values().map(|path| {
        let bytes = source::read_file(folder, &path.value).map_err(|mut diagnostic| {
            diagnostic.location = Location::Text(Place::new(config, path.span.clone()));
            diagnostic
        })?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let path = path.value.clone();
        Wording::read(Arc::new(SourceFile { path, text }))
    });
    let mut wordings = Vec::new();
    for read in read {
        match read {
            Ok(wording) => wordings.push(wording),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    wordings
}

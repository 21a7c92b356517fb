//! Regions, and that no two of them are called the same.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::diagnostic::{Code, Diagnostic};
use crate::site::config::RegionConfig;
use crate::site::region::Region;
use crate::syntax::{Reader, Spanned};

/// The regions of a site. A code or a source that two of them have is reported: it would count for the first of them alone.
pub(super) fn regions(reader: &mut Reader<'_>, configured: Vec<RegionConfig>) -> Vec<Region> {
    let ids: Vec<&Spanned<String>> = configured.iter().map(|it| &it.id).collect();
    let codes = configured.iter().map(|it| it.codes.as_slice());
    // As `Region::is_meant_by` and `Region::has_source` compare them.
    let found = shared(reader, &ids, codes, str::to_ascii_lowercase, "means");
    report(reader, found);
    let sources = configured.iter().map(|it| it.sources.as_slice());
    let found = shared(reader, &ids, sources, str::to_owned, "looks from");
    report(reader, found);
    configured.into_iter().map(region).collect()
}

fn region(config: RegionConfig) -> Region {
    let RegionConfig {
        id,
        name,
        sources,
        codes,
    } = config;
    let values = |words: Vec<Spanned<String>>| words.into_iter().map(|it| it.value).collect();
    Region {
        id: id.value,
        name,
        sources: values(sources),
        codes: values(codes),
    }
}

/// The words that belong to a region already: to that whose id they are, else to the first that lists them.
fn shared<'a>(
    reader: &Reader<'_>,
    ids: &[&'a Spanned<String>],
    listed: impl Iterator<Item = &'a [Spanned<String>]>,
    form: impl Fn(&str) -> String,
    verb: &str,
) -> Vec<Diagnostic> {
    let own = ids.iter().rev();
    let own = own.map(|id| (form(&id.value), (&id.value, *id)));
    let mut owners: BTreeMap<String, (&String, &Spanned<String>)> = own.collect();
    let mut found = Vec::new();
    for (id, words) in ids.iter().zip(listed) {
        for word in words {
            let (owner, first) = match owners.entry(form(&word.value)) {
                Entry::Vacant(entry) => {
                    entry.insert((&id.value, word));
                    continue;
                }
                Entry::Occupied(entry) => *entry.get(),
            };
            if *owner != id.value {
                let message = format!(
                    "`{}` {verb} the region `{owner}` already, and cannot belong to `{}` too",
                    word.value, id.value
                );
                let error = Diagnostic::error(Code::DuplicateId, reader.place(&word.span), message)
                    .related(reader.place(&first.span), "the first")
                    .hint("leave it out here, or there");
                found.push(error);
            }
        }
    }
    found
}

fn report(reader: &mut Reader<'_>, found: Vec<Diagnostic>) {
    found.into_iter().for_each(|it| reader.diagnostics.push(it));
}

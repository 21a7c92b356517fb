//! Sources of probes that are gone, and that still tell of trouble.

use crate::diagnostic::{Code, Diagnostic, code_list};
use crate::site::Site;
use crate::site::component::ComponentIndex;
use crate::site::evidence_file::states_file;
use crate::site::observation::{Source, SourceIndex};
use crate::site::probe::Kind;
use crate::site::vocabulary::{Status, Word as _};
use crate::status::SiteStatus;
use crate::time::{Instant, rfc3339};

/// The findings of sources that have the name of a probe, that no probe has any more, and whose trouble still counts: most
/// likely somebody put a wrong address right.
pub(super) fn left_sources(site: &Site, status: &SiteStatus) -> Vec<Diagnostic> {
    let sources = site.sources.iter().enumerate();
    let left = sources.filter(|(_, source)| is_left(site, &source.name));
    left.filter_map(|(index, source)| finding(site, status, SourceIndex(index), source))
        .collect()
}

/// Whether a name is one that a probe has where none is said, and none has it.
fn is_left(site: &Site, name: &str) -> bool {
    let mut kinds = Kind::KEYS.iter();
    let is_of_kind = |kind: &str| {
        name.strip_prefix(kind)
            .is_some_and(|it| it.starts_with('-'))
    };
    kinds.any(|(kind, _)| is_of_kind(kind)) && !site.probes.iter().any(|it| it.source == name)
}

/// What a source says of a component, and how long that counts.
struct Word {
    component: ComponentIndex,
    status: Status,
    from: Instant,
    until: Instant,
}

fn finding(
    site: &Site,
    status: &SiteStatus,
    index: SourceIndex,
    source: &Source,
) -> Option<Diagnostic> {
    let words = words(site, status, index, source);
    let from = words.iter().map(|it| it.from).min()?;
    let until = words.iter().map(|it| it.until).max()?;
    let worst = words.iter().map(|it| it.status).max()?;
    let ids: Vec<&str> = words
        .iter()
        .map(|it| site.components[it.component.0].id.as_str())
        .collect();
    let (name, path) = (&source.name, states_file(&source.name));
    let (from, until) = (rfc3339(from), rfc3339(until));
    let message = format!(
        "no probe is the source `{name}` any more, but what it said counts until {until}: {} {} in {}",
        code_list(&ids),
        if ids.len() == 1 { "is" } else { "are" },
        worst.as_str().replace('_', " "),
    );
    let hint = format!(
        "where it asked a wrong address, write `[sources.\"{name}\"]` into `allclear.toml` with `ignore = [{{ from = {from}, until = {until}, reason = \"...\" }}]`, or delete this file"
    );
    Some(Diagnostic::file_warning(Code::LeftSource, path, message).hint(hint))
}

/// The trouble of which a source tells now.
fn words(site: &Site, status: &SiteStatus, index: SourceIndex, source: &Source) -> Vec<Word> {
    let mut words = Vec::new();
    for (at, component) in site.components.iter().enumerate() {
        let evidence = status.snapshot.components[at].evidence.as_ref();
        let mut claims = evidence.into_iter().flat_map(|it| &it.claims);
        let claim = claims.find(|it| it.source == index && it.status.is_trouble());
        let component_index = ComponentIndex(at);
        let mut own = source.observations.iter();
        let last = own.rfind(|it| it.component == component_index);
        if let (Some(claim), Some(last)) = (claim, last) {
            words.push(Word {
                component: component_index,
                status: claim.status,
                from: last.from,
                until: last.to + component.valid_for,
            });
        }
    }
    words
}

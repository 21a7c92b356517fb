//! Probes that ask less often than what they see holds.

use crate::diagnostic::{Code, Diagnostic};
use crate::site::Site;
use crate::site::component::{Component, ComponentIndex};
use crate::site::edit::time::duration;
use crate::site::probe::Probe;

/// The findings that no probe of a component asks as often as what it sees has to be renewed, where nothing but probes
/// tells of the component.
pub(super) fn slow_probes(site: &Site) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (index, component) in site.components.iter().enumerate() {
        let index = ComponentIndex(index);
        let asking = site.probes.iter();
        let asking = asking.filter(|probe| probe.components.contains(&index));
        let quickest = asking.min_by_key(|probe| probe.every);
        if let Some(probe) = quickest.filter(|probe| probe.every >= component.valid_for)
            && !has_other_source(site, index)
        {
            found.push(finding(component, probe));
        }
    }
    found
}

/// Whether something else than a probe has ever told of a component.
fn has_other_source(site: &Site, component: ComponentIndex) -> bool {
    let of_probe = |name: &str| site.probes.iter().any(|probe| probe.source == name);
    site.sources.iter().any(|source| {
        let mut observations = source.observations.iter();
        !source.is_operator()
            && !of_probe(&source.name)
            && observations.any(|it| it.component == component)
    })
}

fn finding(component: &Component, probe: &Probe) -> Diagnostic {
    let Component { id, valid_for, .. } = component;
    let message = format!(
        "the all-clear of `{id}` cannot hold: this probe asks every {}, and what it sees holds for {}",
        duration(probe.every),
        duration(*valid_for),
    );
    let hint = format!(
        "ask more often with `every`, or write `valid_for = \"{}\"` into the `states` of the component",
        duration(probe.every * 2),
    );
    Diagnostic::warning(Code::SlowProbe, probe.place.clone(), message).hint(hint)
}

//! Probes with the components that they ask about.

use std::collections::HashMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::site::component::{Component, ComponentIndex};
use crate::site::config::ProbeConfig;
use crate::site::lookup::Directory;
use crate::site::probe::Probe;
use crate::syntax::{Reader, Spanned};

/// The probes of a site. Two under one name about one component are reported: the newer word of a source ends the older
/// one, so that what one of them saw would be over when the other looks.
pub(super) fn probes(
    reader: &mut Reader<'_>,
    configs: Vec<ProbeConfig>,
    components: &Directory<'_, Component>,
) -> Vec<Probe> {
    let mut seen: HashMap<(ComponentIndex, String), usize> = HashMap::new();
    let mut probes = Vec::with_capacity(configs.len());
    for (
        number,
        ProbeConfig {
            components: ids,
            probe,
        },
    ) in configs.into_iter().enumerate()
    {
        let known = |id: Spanned<String>| {
            let found = reader.known(&id.span, components.component(&id.value))?;
            Some((found, id.value))
        };
        let asked: Vec<(ComponentIndex, String)> = ids.into_iter().filter_map(known).collect();
        let twice = asked.iter().find_map(|(component, id)| {
            let first = *seen
                .entry((*component, probe.source.clone()))
                .or_insert(number);
            (first != number).then_some(id)
        });
        if let Some(id) = twice {
            let source = &probe.source;
            let message = format!("another probe asks about `{id}` under the name `{source}`, too");
            let hint = format!("give one of them a name of its own, as `source = \"{source}-2\"`");
            let place = probe.place.clone();
            let error = Diagnostic::error(Code::BadProbe, place, message).hint(hint);
            reader.diagnostics.push(error);
        }
        probes.push(Probe {
            components: asked.into_iter().map(|(component, _)| component).collect(),
            ..probe
        });
    }
    probes
}

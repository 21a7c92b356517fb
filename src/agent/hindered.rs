//! Probes that can never look.

use std::collections::BTreeMap;

use crate::probe::Looked;
use crate::site::Site;
use crate::site::component::Requirement;
use crate::site::probe::Probe;

/// The probes of a site that can never look, by what they ask about.
#[derive(Debug, Clone, Default)]
pub struct Hindered(BTreeMap<String, Hindrance>);

#[derive(Debug, Clone)]
struct Hindrance {
    why: String,
    /// Whether evidence of one of its components is required.
    is_grave: bool,
}

impl Hindered {
    /// Notes what a probe saw, or that it never will; returns what is new about that.
    pub(super) fn note(&mut self, site: &Site, looked: &Looked) -> Option<String> {
        let probe = &site.probes[looked.probe.0];
        let subject = subject(site, probe);
        let Some(obstacle) = &looked.obstacle else {
            self.0.remove(&subject);
            return None;
        };
        let is_required =
            |it: &Requirement| matches!(it, Requirement::Always | Requirement::OnceObserved);
        let mut components = probe.components.iter();
        let hindrance = Hindrance {
            why: obstacle.to_string(),
            is_grave: components.any(|it| is_required(&site.components[it.0].required)),
        };
        let news = format!("{subject}: {}", hindrance.why);
        let before = self.0.insert(subject, hindrance);
        let is_known = before.is_some_and(|before| before.why == obstacle.to_string());
        (!is_known).then_some(news)
    }

    /// Forgets the probes that a site does not have any more.
    pub(super) fn keep_those_of(&mut self, site: &Site) {
        self.0
            .retain(|known, _| site.probes.iter().any(|it| subject(site, it) == *known));
    }

    /// What keeps a probe from ever looking of whose components evidence is required.
    pub(super) fn problem(&self) -> Option<String> {
        let mut grave = self.0.iter().filter(|(_, it)| it.is_grave);
        grave
            .next()
            .map(|(subject, it)| format!("{subject}: {}", it.why))
    }
}

/// The beginning of a sentence about a probe that can never look.
fn subject(site: &Site, probe: &Probe) -> String {
    let components = probe.components.iter();
    let names: Vec<String> = components
        .map(|it| format!("`{}`", site.components[it.0].id))
        .collect();
    format!("{} can never be asked ({})", names.join(", "), probe.source)
}

//! The components of a site by the headings under which they stand.

use std::collections::BTreeMap;

use super::edition::Edition;
use crate::site::component::{ComponentIndex, GroupIndex};

/// The components under one heading.
pub(super) struct Members {
    /// The name of their group in the language; empty for those without one.
    pub(super) name: String,
    pub(super) components: Vec<ComponentIndex>,
}

/// The groups that have components in their order, then the components without one.
pub(super) fn members(edition: &Edition<'_>) -> Vec<Members> {
    let mut members_of: BTreeMap<Option<GroupIndex>, Vec<ComponentIndex>> = BTreeMap::new();
    for (at, component) in edition.site.components.iter().enumerate() {
        let members = members_of.entry(component.group).or_default();
        members.push(ComponentIndex(at));
    }
    let groups = edition.site.groups.iter().enumerate();
    let groups = groups.map(|(at, group)| (Some(GroupIndex(at)), edition.own(&group.name)));
    let members = groups.chain([(None, "")]).filter_map(|(group, name)| {
        Some(Members {
            name: name.to_owned(),
            components: members_of.remove(&group)?,
        })
    });
    members.collect()
}

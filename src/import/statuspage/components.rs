//! The components of a Statuspage, and those of the site that they are.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::document::{Contents, StatuspageComponent};
use crate::characters::{clean, is_invisible};
use crate::import::catalogue::{Catalogue, CatalogueEntry, NewComponent};

/// The components and groups of a Statuspage with their ids in the site.
#[derive(Debug, Default)]
pub(super) struct PageComponents {
    ids: BTreeMap<String, String>,
    group_codes: BTreeSet<String>,
    /// The components that the import adds, as the documents have them.
    pub(super) added: Vec<StatuspageComponent>,
}

impl PageComponents {
    /// The id of a component by its code or name in an incident; `None` for a group or a nameless one.
    pub(super) fn id(&self, code: Option<&str>, name: Option<&str>) -> Option<&str> {
        let key = key(code, name)?;
        self.ids.get(&key).map(String::as_str)
    }

    /// Whether the code is a group's.
    pub(super) fn is_group(&self, code: Option<&str>) -> bool {
        code.is_some_and(|code| self.group_codes.contains(code))
    }
}

/// The key of a component or group: its code, else its name.
fn key(code: Option<&str>, name: Option<&str>) -> Option<String> {
    match code.filter(|code| !code.is_empty()) {
        Some(code) => Some(code.to_owned()),
        None => name.map(|name| format!("name {name}")),
    }
}

/// Finds the site's components for all that the documents name, and has those added that it lacks.
pub(super) fn match_components(contents: &Contents, catalogue: &mut Catalogue) -> PageComponents {
    let rows = newest_rows(contents);
    let (groups, components): (Vec<_>, Vec<_>) =
        in_order(&rows).partition(|(_, row)| row.group == Some(true));
    let group_ids: BTreeMap<&String, String> = groups
        .iter()
        .map(|(key, row)| (*key, catalogue.group(&name(row)).into_id()))
        .collect();
    let mut found = PageComponents {
        group_codes: groups.iter().map(|(key, _)| (*key).clone()).collect(),
        ..PageComponents::default()
    };
    let mut known: BTreeMap<(String, Option<&String>), String> = BTreeMap::new();
    let mut groups_of_name: BTreeMap<&Option<String>, BTreeSet<&String>> = BTreeMap::new();
    for (_, row) in &components {
        let groups = groups_of_name.entry(&row.name).or_default();
        groups.extend(&row.group_id);
    }
    for (key, row) in &components {
        let name = name(row);
        let group = row.group_id.as_ref().and_then(|group| group_ids.get(group));
        let is_in_several = |groups: &BTreeSet<&String>| groups.len() > 1;
        let ambiguous =
            row.group_id.is_some() && groups_of_name.get(&row.name).is_some_and(is_in_several);
        let distinct_group = group.filter(|_| ambiguous);
        let same = (name.clone(), distinct_group);
        if let Some(id) = known.get(&same) {
            found.ids.insert((*key).clone(), id.clone());
            continue;
        }
        let description = description(row);
        let new = NewComponent {
            name: &name,
            description: description.as_deref(),
            group: group.map(String::as_str),
            since: since(row),
        };
        let entry = match distinct_group {
            Some(group) => catalogue.component_of_group(group, &new),
            None => catalogue.component(&new),
        };
        if matches!(entry, CatalogueEntry::New(_)) && catalogue.can_grow() {
            found.added.push((*row).clone());
        }
        let id = entry.into_id();
        known.insert(same, id.clone());
        found.ids.insert((*key).clone(), id);
    }
    found
}

/// The description of a component, where its row has one.
fn description(row: &StatuspageComponent) -> Option<String> {
    row.description.as_deref().and_then(plain_name)
}

/// The day since which a component is there.
fn since(row: &StatuspageComponent) -> Option<NaiveDate> {
    let date = row.start_date.as_deref()?.get(..10)?;
    NaiveDate::parse_from_str(date, "%Y-%m-%d").ok()
}

/// Every component and group once: as the newest document that lists it has it, or else by the name
/// that an update calls it.
fn newest_rows(contents: &Contents) -> BTreeMap<String, StatuspageComponent> {
    let mut rows: BTreeMap<String, StatuspageComponent> = BTreeMap::new();
    let embedded = contents
        .incidents
        .iter()
        .flat_map(|found| found.incident.components.iter().flatten());
    for row in contents.components.iter().chain(embedded) {
        let Some(key) = key(row.id.as_deref(), row.name.as_deref()) else {
            continue;
        };
        let newer =
            |old: &StatuspageComponent| (&row.updated_at, &row.name) > (&old.updated_at, &old.name);
        if rows.get(&key).is_none_or(newer) {
            rows.insert(key, row.clone());
        }
    }
    // Those that only updates name come last, and of two names of one the last in the alphabet wins.
    let mut named: BTreeMap<String, StatuspageComponent> = BTreeMap::new();
    let updates = contents
        .incidents
        .iter()
        .flat_map(|found| found.incident.incident_updates.iter().flatten());
    for affected in updates.flat_map(|update| update.affected_components.iter().flatten()) {
        let Some(key) = key(affected.code.as_deref(), affected.name.as_deref()) else {
            continue;
        };
        if rows.contains_key(&key) || named.get(&key).is_some_and(|old| old.name >= affected.name) {
            continue;
        }
        let row = StatuspageComponent {
            id: affected.code.clone(),
            name: affected.name.clone(),
            ..StatuspageComponent::default()
        };
        named.insert(key, row);
    }
    rows.extend(named);
    rows
}

/// In the order of the page, then by name.
fn in_order(
    rows: &BTreeMap<String, StatuspageComponent>,
) -> impl Iterator<Item = (&String, &StatuspageComponent)> {
    let mut rows: Vec<_> = rows.iter().collect();
    rows.sort_by(|(a_key, a), (b_key, b)| {
        let by_position = (a.position.is_none(), a.position, &a.name);
        by_position
            .cmp(&(b.position.is_none(), b.position, &b.name))
            .then_with(|| a_key.cmp(b_key))
    });
    rows.into_iter()
}

fn name(row: &StatuspageComponent) -> String {
    let said = row.name.as_deref().and_then(plain_name);
    let code = || row.id.as_deref().and_then(plain_name);
    said.or_else(code).unwrap_or_else(|| "Component".to_owned())
}

/// A name on one line, without what no file may hold; `None` where readers would see nothing.
pub(super) fn plain_name(name: &str) -> Option<String> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let name = clean(&words.join(" ")).into_owned();
    (!name.chars().all(|c| is_invisible(c) || c.is_whitespace())).then_some(name)
}

#[cfg(test)]
mod tests;

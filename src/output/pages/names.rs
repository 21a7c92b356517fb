//! The names of components within sentences.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::edition::Edition;
use super::view::NameView;
use crate::site::component::{ComponentIndex, GroupIndex};

/// The number of names that a sentence holds at most.
const MOST_NAMES: usize = 4;

/// The number of groups that a sentence holds at most, where "others" count as one.
const MOST_GROUPS: usize = 3;

/// The name of one component or of a group in a sentence.
struct CountedName {
    text: String,
    /// The number of components that it stands for.
    count: usize,
}

impl Edition<'_> {
    /// The names of components within a sentence: a few of them, and how many others there are.
    pub(super) fn names(&self, components: &[ComponentIndex]) -> String {
        let names = components.iter().map(|it| self.counted_name(*it));
        self.some_of(&names.collect::<Vec<_>>(), MOST_NAMES)
    }

    /// The ids of components with blanks between them, for the filter of the history.
    pub(super) fn ids(&self, components: &[ComponentIndex]) -> String {
        let ids = components.iter();
        let ids: Vec<&str> = ids
            .map(|it| self.site.components[it.0].id.as_str())
            .collect();
        ids.join(" ")
    }

    /// The names that [`names`](Self::names) lists, each with what stands before it in the list and with its link.
    pub(super) fn linked_names(&self, components: &[ComponentIndex]) -> Vec<NameView> {
        let list = self.names(components);
        let mut rest = list.as_str();
        let mut names = Vec::new();
        for component in components.iter().take(MOST_NAMES) {
            let name = self.component_name(*component);
            let Some((before, after)) = rest.split_once(&*self.locale.isolate(name)) else {
                break;
            };
            names.push(NameView {
                before: before.to_owned(),
                name: name.to_owned(),
                url: self.component_url(*component).to_owned(),
            });
            rest = after;
        }
        if !rest.is_empty() {
            names.push(NameView {
                before: rest.to_owned(),
                name: String::new(),
                url: String::new(),
            });
        }
        names
    }

    /// Components within a sentence as [`names`](Self::names) gives them, or where those would leave out some, their
    /// largest groups with how many of each there are.
    pub(super) fn groups_or_names(&self, components: &[ComponentIndex]) -> String {
        if components.len() <= MOST_NAMES {
            return self.names(components);
        }
        let group_of = |component: &&ComponentIndex| self.site.components[component.0].group;
        let mut counts: BTreeMap<GroupIndex, usize> = BTreeMap::new();
        for group in components.iter().filter_map(|it| group_of(&it)) {
            *counts.entry(group).or_default() += 1;
        }
        if counts.is_empty() {
            return self.names(components);
        }
        let groups = counts.into_iter().map(|(GroupIndex(at), count)| {
            let group = &self.site.groups[at];
            let number = self.locale.number(count as u64);
            let name = self.locale.isolate(self.own(&group.name));
            let text = self.text("names-in-group", &[("name", &name), ("n", &number)]);
            CountedName { text, count }
        });
        let without_group = components.iter().filter(|it| group_of(it).is_none());
        let names = without_group.map(|it| self.counted_name(*it));
        let mut all: Vec<CountedName> = groups.chain(names).collect();
        all.sort_by_key(|name| Reverse(name.count));
        let most = match all.len() > MOST_GROUPS {
            true => MOST_GROUPS - 1,
            false => MOST_GROUPS,
        };
        self.some_of(&all, most)
    }

    fn counted_name(&self, component: ComponentIndex) -> CountedName {
        CountedName {
            text: self.component_name(component).to_owned(),
            count: 1,
        }
    }

    /// The first names as a list, and how many components the others stand for.
    fn some_of(&self, names: &[CountedName], most: usize) -> String {
        let (some, others) = names.split_at(names.len().min(most));
        let left: usize = others.iter().map(|name| name.count).sum();
        let left = (left > 0).then(|| self.locale.count("names-others", left as u64, &[]));
        let some = some.iter().map(|name| name.text.as_str());
        let items: Vec<&str> = some.chain(left.as_deref()).collect();
        self.locale.list(&items)
    }
}

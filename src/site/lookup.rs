//! Looking up what a name stands for: what is not there is reported the same everywhere, with what is near.

use std::collections::HashMap;

use super::component::{Component, ComponentIndex, Group, GroupIndex};
use super::config::{ComponentConfig, GroupConfig};
use super::region::{Region, RegionIndex};
use super::signal::{Signal, SignalIndex};
use crate::diagnostic::{Code, KnownNames, UnknownName};

pub use super::status_word::{meant_status, status};

/// Something of a site that files and arguments name by its id.
pub trait Named {
    /// Its kind, as messages name it.
    const KIND: &'static str;
    /// The table of `allclear.toml` that adds one.
    const TABLE: &'static str;
    /// The code of an id that none has.
    const CODE: Code;

    /// Its id.
    fn id(&self) -> &str;
}

impl Named for Component {
    const KIND: &'static str = "component";
    const TABLE: &'static str = "components";
    const CODE: Code = Code::UnknownComponent;

    fn id(&self) -> &str {
        &self.id
    }
}

impl Named for ComponentConfig {
    const KIND: &'static str = Component::KIND;
    const TABLE: &'static str = Component::TABLE;
    const CODE: Code = Component::CODE;

    fn id(&self) -> &str {
        &self.id.value
    }
}

impl Named for Group {
    const KIND: &'static str = "group";
    const TABLE: &'static str = "groups";
    const CODE: Code = Code::UnknownGroup;

    fn id(&self) -> &str {
        &self.id
    }
}

impl Named for GroupConfig {
    const KIND: &'static str = Group::KIND;
    const TABLE: &'static str = Group::TABLE;
    const CODE: Code = Group::CODE;

    fn id(&self) -> &str {
        &self.id.value
    }
}

impl Named for Signal {
    const KIND: &'static str = "signal";
    const TABLE: &'static str = "signals";
    const CODE: Code = Code::UnknownSignal;

    fn id(&self) -> &str {
        &self.id
    }
}

impl Named for Region {
    const KIND: &'static str = "region";
    const TABLE: &'static str = "regions";
    const CODE: Code = Code::UnknownRegion;

    fn id(&self) -> &str {
        &self.id
    }
}

/// What a site has of one kind, found by its id without a look at all of it.
#[derive(Debug)]
pub struct Directory<'a, T> {
    all: &'a [T],
    /// The first of each id.
    by_id: HashMap<&'a str, usize>,
    names: KnownNames<'a>,
}

impl<'a, T: Named> Directory<'a, T> {
    /// The directory of all that a site has of a kind.
    pub fn new(all: &'a [T]) -> Self {
        let mut by_id = HashMap::with_capacity(all.len());
        for (index, it) in all.iter().enumerate() {
            by_id.entry(it.id()).or_insert(index);
        }
        Self {
            all,
            by_id,
            names: KnownNames::new(all.iter().map(T::id)),
        }
    }

    /// All of it, in the order of the site.
    pub fn all(&self) -> &'a [T] {
        self.all
    }

    /// The index of what has an id.
    ///
    /// # Errors
    ///
    /// Where nothing has it, with the nearest id.
    fn find(&self, id: &str) -> Result<usize, UnknownName> {
        self.find_beside(&[], id)
    }

    /// The index of what has an id, where `others` are words that may stand in its place.
    ///
    /// # Errors
    ///
    /// Where nothing has it, with the nearest id or word.
    pub fn find_beside(&self, others: &[&str], id: &str) -> Result<usize, UnknownName> {
        let found = self.by_id.get(id).copied();
        found.ok_or_else(|| {
            let add = || format!("add it to `allclear.toml` as a `[[{}]]` table", T::TABLE);
            UnknownName {
                code: T::CODE,
                message: format!("there is no {} `{id}`", T::KIND),
                hint: Some(self.names.hint(id, others).unwrap_or_else(add)),
            }
        })
    }
}

impl Directory<'_, Component> {
    /// The component of an id.
    ///
    /// # Errors
    ///
    /// Where the site has none, with the nearest id.
    pub fn component(&self, id: &str) -> Result<ComponentIndex, UnknownName> {
        self.find(id).map(ComponentIndex)
    }
}

impl Directory<'_, GroupConfig> {
    /// The group of an id.
    ///
    /// # Errors
    ///
    /// Where the site has none, with the nearest id.
    pub fn group(&self, id: &str) -> Result<GroupIndex, UnknownName> {
        self.find(id).map(GroupIndex)
    }
}

impl Directory<'_, Signal> {
    /// The signal of an id.
    ///
    /// # Errors
    ///
    /// Where the site has none, with the nearest id.
    pub fn signal(&self, id: &str) -> Result<SignalIndex, UnknownName> {
        self.find(id).map(SignalIndex)
    }
}

impl Directory<'_, Region> {
    /// The region of an id.
    ///
    /// # Errors
    ///
    /// Where the site has none, with the nearest id.
    pub fn region(&self, id: &str) -> Result<RegionIndex, UnknownName> {
        self.find(id).map(RegionIndex)
    }
}

/// The component of an id, for those who ask once.
///
/// # Errors
///
/// Where the site has none, with the nearest id.
pub fn component(components: &[Component], id: &str) -> Result<ComponentIndex, UnknownName> {
    Directory::new(components).component(id)
}

/// The component of an id, and the region behind an `@`, as of `web@jp`; for those who ask once.
///
/// # Errors
///
/// Where the site lacks one of them, with the nearest id.
pub fn place(
    components: &[Component],
    regions: &[Region],
    words: &str,
) -> Result<(ComponentIndex, Option<RegionIndex>), UnknownName> {
    let (id, region) = parts_of_place(words);
    let component = component(components, id)?;
    let region = region.map(|id| Directory::new(regions).region(id));
    Ok((component, region.transpose()?))
}

/// The id of a component, and that of a region behind an `@`: `web@jp`.
pub fn parts_of_place(words: &str) -> (&str, Option<&str>) {
    match words.split_once('@') {
        Some((component, region)) => (component, Some(region)),
        None => (words, None),
    }
}

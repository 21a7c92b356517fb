//! What a monitor calls the components of a site.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, code_list, nearest_hint};
use crate::site::vocabulary::{Status, Word as _};
use crate::syntax::{Reader, Spanned, TableReader, Value};

/// The names of a monitor for components.
#[derive(Debug, Clone)]
pub(super) enum Names {
    /// They are the components' ids.
    Ids,
    /// One name, for each component of the probe.
    One(String),
    /// Names with the ids of components.
    Map(Vec<(String, String)>),
}

impl Names {
    /// Whether a name is one of a component.
    pub(super) fn mean(&self, name: &str, component: &str) -> bool {
        match self {
            Self::Ids => name == component,
            Self::One(one) => name == one,
            Self::Map(map) => map.iter().any(|(it, id)| it == name && id == component),
        }
    }

    /// The names of a component.
    pub(super) fn of<'a>(&'a self, component: &'a str) -> Vec<&'a str> {
        match self {
            Self::Ids => vec![component],
            Self::One(one) => vec![one],
            Self::Map(map) => {
                let names = map.iter().filter(|(_, id)| id == component);
                names.map(|(name, _)| name.as_str()).collect()
            }
        }
    }

    /// Reads the one name of a key, or the names of the key `map`.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        table: &mut TableReader<'_>,
        key: &'static str,
    ) -> Option<Self> {
        let one = table.take(key);
        let map = table.take("map");
        match (one, map) {
            (Some(node), None) => {
                let name = reader.text(node)?.trim();
                if name.is_empty() {
                    reader.error(Code::EmptyText, &node.span, "this text is empty", None);
                }
                Some(Self::One(name.to_owned()))
            }
            (None, Some(node)) => self::map(reader, table, node).map(Self::Map),
            (found, _) => {
                let message = format!("this probe needs either `{key}` or `map`");
                let hint = match found {
                    Some(_) => "keep one of them".to_owned(),
                    None => format!(
                        "write `{key}`, or for several components `map = {{ \"its name there\" = \"web\" }}`"
                    ),
                };
                let span = map.map_or(&table.span, |node| &node.span);
                reader.error(Code::BadProbe, span, message, hint);
                None
            }
        }
    }
}

/// A label whose values name components.
#[derive(Debug, Clone)]
pub(super) struct Label {
    /// The label's name.
    pub(super) name: String,
    names: Names,
}

impl Label {
    /// Reads the keys `label` and `map`.
    pub(super) fn read(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Option<Self> {
        let label = table.text(reader, "label");
        let node = table.take("map");
        let Some((name, _)) = label else {
            if let Some(node) = node {
                let message = "`map` needs `label`";
                let hint = "name the label whose values it maps, as `label = \"component\"`";
                reader.error(Code::BadProbe, &node.span, message, hint.to_owned());
            }
            return None;
        };
        let names = match node {
            Some(node) => Names::Map(map(reader, table, node)?),
            None => Names::Ids,
        };
        Some(Self {
            name: name.trim().to_owned(),
            names,
        })
    }

    /// Whether labels are about a component.
    pub(super) fn is_about(&self, labels: &BTreeMap<String, String>, component: &str) -> bool {
        let value = labels.get(&self.name);
        value.is_some_and(|value| self.names.mean(value, component))
    }

    /// What is looked for where nothing is about a component, for people.
    pub(super) fn wanted(&self, component: &str) -> String {
        let values = self.names.of(component).into_iter();
        let values = values.map(|value| format!("`{}=\"{value}\"`", self.name));
        values.collect::<Vec<_>>().join(" or ")
    }
}

/// The table `map`: each value is a component that the probe asks about, and none of these is missing.
fn map(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    node: &Spanned<Value>,
) -> Option<Vec<(String, String)>> {
    let asked = asked(table);
    let entries = reader.table(node, "`map`")?.entries();
    let mut all = Vec::with_capacity(entries.len());
    for (key, node) in entries {
        let Some(id) = reader.text(node).map(str::trim) else {
            continue;
        };
        if asked.contains(&id) || asked.is_empty() {
            all.push((key.name.clone(), id.to_owned()));
        } else {
            let message = format!("this probe does not ask about `{id}`");
            let hint = format!("it asks about {}", code_list(&asked));
            reader.error(Code::BadProbe, &node.span, message, hint);
        }
    }
    let lacks = asked.iter().find(|id| !all.iter().any(|(_, it)| it == *id));
    if let Some(id) = lacks.filter(|_| all.len() == entries.len()) {
        let message = format!("`map` has no name for `{id}`");
        let hint = format!("add what the monitor calls it, as `\"its name there\" = \"{id}\"`");
        reader.error(Code::BadProbe, &node.span, message, hint);
    }
    Some(all)
}

/// The ids of the components that a probe asks about. What is wrong with them is reported where they are read.
fn asked<'n>(table: &mut TableReader<'n>) -> Vec<&'n str> {
    let text = |node: &'n Spanned<Value>| match &node.value {
        Value::Text(text) => Some(text.trim()),
        _ => None,
    };
    let one = table.take("component").and_then(text);
    let several = table.take("components").map(|node| match &node.value {
        Value::List(items) => items.iter().filter_map(text).collect(),
        _ => Vec::new(),
    });
    several.unwrap_or_default().into_iter().chain(one).collect()
}

/// The statuses that words of a monitor mean, as the key `statuses` says.
pub(super) fn statuses(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
) -> BTreeMap<String, Status> {
    let node = table.take("statuses");
    let Some(words) = node.and_then(|node| reader.table(node, "`statuses`")) else {
        return BTreeMap::new();
    };
    let mut all = BTreeMap::new();
    for (key, node) in words.entries() {
        let Some(text) = reader.text(node) else {
            continue;
        };
        match Status::parse(text) {
            Some(status) => {
                all.insert(key.name.clone(), status);
            }
            None => {
                let message = format!("`{text}` is no component status");
                let hint = nearest_hint(text, Status::words());
                reader.error(Code::UnknownStatus, &node.span, message, hint);
            }
        }
    }
    all
}

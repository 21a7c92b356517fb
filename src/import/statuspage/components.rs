//! Which component of the site a component of a Statuspage is, and what `allclear.toml` lacks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::Utf8PathBuf;
use slug::slugify;
use toml_edit::{Document as Toml, Item, TableLike};

use super::document::{Component, Contents};
use crate::diagnostic::{Code, Diagnostic, Place, SourceFile};

/// The longest id that a site may have.
const LONGEST_ID: usize = 64;

/// The components and groups of a Statuspage with their ids in the site.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    ids: BTreeMap<String, String>,
    group_codes: BTreeSet<String>,
    /// Groups that `allclear.toml` lacks.
    pub(super) groups: usize,
    /// Components that `allclear.toml` lacks, as the documents have them.
    pub(super) components: Vec<Component>,
    /// Its new text, where it lacks any.
    pub(super) config: Option<String>,
    /// Why it could not be extended.
    pub(super) diagnostic: Option<Diagnostic>,
}

impl Catalogue {
    /// The id of a component by what an incident says of it; `None` for a group or a nameless one.
    pub(super) fn id(&self, code: Option<&str>, name: Option<&str>) -> Option<&str> {
        let key = key(code, name)?;
        self.ids.get(&key).map(String::as_str)
    }

    /// Whether the code is a group's.
    pub(super) fn is_group(&self, code: Option<&str>) -> bool {
        code.is_some_and(|code| self.group_codes.contains(code))
    }
}

/// What a component or group is known by: its code, else its name.
fn key(code: Option<&str>, name: Option<&str>) -> Option<String> {
    match code.filter(|code| !code.is_empty()) {
        Some(code) => Some(code.to_owned()),
        None => name.map(|name| format!("name {name}")),
    }
}

/// Finds the site's components for all that the documents name; those it lacks are appended to the
/// text of `allclear.toml`, of which every byte stays.
pub(super) fn match_components(contents: &Contents, config: &str) -> Catalogue {
    let rows = newest_rows(contents);
    let existing = Existing::read(config);
    let mut catalogue = Catalogue {
        group_codes: rows
            .iter()
            .filter(|(_, row)| row.group == Some(true))
            .map(|(key, _)| key.clone())
            .collect(),
        ..Catalogue::default()
    };
    let (groups, components): (Vec<_>, Vec<_>) =
        in_order(&rows).partition(|(_, row)| row.group == Some(true));
    let mut tables = String::new();

    let mut group_ids = BTreeMap::new();
    let mut taken = existing.groups.clone();
    for (key, row) in groups {
        let name = name(row);
        let (id, new) = find_or_add(&mut taken, &name, &slugify(&name));
        if new {
            catalogue.groups += 1;
            table(&mut tables, "groups", &id, &name, &[]);
        }
        group_ids.insert(key.clone(), id);
    }

    let mut taken = existing.components.clone();
    let mut known: BTreeMap<(String, Option<&String>), String> = BTreeMap::new();
    for (key, row) in &components {
        let name = name(row);
        let group = row.group_id.as_ref().and_then(|group| group_ids.get(group));
        let ambiguous = components.iter().any(|(_, other)| {
            other.name == row.name
                && other.group_id != row.group_id
                && row.group_id.is_some()
                && other.group_id.is_some()
        });
        let same = (name.clone(), group.filter(|_| ambiguous));
        if let Some(id) = known.get(&same) {
            catalogue.ids.insert((*key).clone(), id.clone());
            continue;
        }
        let (id, new) = match group.filter(|_| ambiguous) {
            // Two groups have a component of this name: the id tells them apart, the name cannot.
            Some(group) => find_or_add(&mut taken, "", &format!("{group}-{}", slugify(&name))),
            None => find_or_add(&mut taken, &name, &slugify(&name)),
        };
        if new {
            let since = row.start_date.as_deref().and_then(|date| date.get(..10));
            let since =
                since.filter(|date| chrono::NaiveDate::parse_from_str(date, "%Y-%m-%d").is_ok());
            let description = row
                .description
                .as_deref()
                .map(str::trim)
                .filter(|text| !text.is_empty());
            let fields = [
                description.map(|text| format!("description = {}", quoted(text))),
                group.map(|group| format!("group = {}", quoted(group))),
                since.map(|date| format!("since = {date}")),
            ];
            table(&mut tables, "components", &id, &name, &fields);
            catalogue.components.push((*row).clone());
        }
        known.insert(same, id.clone());
        catalogue.ids.insert((*key).clone(), id);
    }

    if !tables.is_empty() {
        match existing.obstacle(config, &tables) {
            Some(diagnostic) => {
                catalogue.diagnostic = Some(diagnostic);
                catalogue.groups = 0;
                catalogue.components.clear();
            }
            None => catalogue.config = Some(append(config, &tables)),
        }
    }
    catalogue
}

/// Every component and group once: as the newest document that lists it has it, or else by the name
/// that an update calls it.
fn newest_rows(contents: &Contents) -> BTreeMap<String, Component> {
    let mut rows: BTreeMap<String, Component> = BTreeMap::new();
    let embedded = contents
        .incidents
        .iter()
        .flat_map(|found| found.incident.components.iter().flatten());
    for row in contents.components.iter().chain(embedded) {
        let Some(key) = key(row.id.as_deref(), row.name.as_deref()) else {
            continue;
        };
        let newer = |old: &Component| (&row.updated_at, &row.name) > (&old.updated_at, &old.name);
        if rows.get(&key).is_none_or(newer) {
            rows.insert(key, row.clone());
        }
    }
    // Those that only updates name come last, and of two names of one the last in the alphabet wins.
    let mut named: BTreeMap<String, Component> = BTreeMap::new();
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
        let row = Component {
            id: affected.code.clone(),
            name: affected.name.clone(),
            ..Component::default()
        };
        named.insert(key, row);
    }
    rows.extend(named);
    rows
}

/// In the order of the page, then by name.
fn in_order(rows: &BTreeMap<String, Component>) -> impl Iterator<Item = (&String, &Component)> {
    let mut rows: Vec<_> = rows.iter().collect();
    rows.sort_by(|(a_key, a), (b_key, b)| {
        let order = |row: &Component| (row.position.is_none(), row.position, row.name.clone());
        order(a).cmp(&order(b)).then_with(|| a_key.cmp(b_key))
    });
    rows.into_iter()
}

fn name(row: &Component) -> String {
    let words: Vec<&str> = row
        .name
        .as_deref()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    match (words.is_empty(), &row.id) {
        (false, _) => words.join(" "),
        (true, Some(code)) => code.clone(),
        (true, None) => "Component".to_owned(),
    }
}

/// Names by id, of the components or groups that there are. A name that is empty matches nothing.
type Known = Vec<(String, Vec<String>)>;

/// The id of what has this name or else this slug, and whether it had to be added.
fn find_or_add(known: &mut Known, name: &str, slug: &str) -> (String, bool) {
    let named = |(_, names): &&(String, Vec<String>)| {
        !name.is_empty() && names.iter().any(|known| known == name)
    };
    let by_both = known.iter().filter(named).find(|(id, _)| id == slug);
    if let Some((id, _)) = by_both.or_else(|| known.iter().find(named)) {
        return (id.clone(), false);
    }
    let base = match slug
        .get(..LONGEST_ID - 4)
        .unwrap_or(slug)
        .trim_end_matches('-')
    {
        // `next` in an update's heading promises the next update.
        "" | "next" => format!("component{}", if slug.is_empty() { "" } else { "-next" }),
        base => base.to_owned(),
    };
    let mut id = base.clone();
    let mut number = 1;
    while let Some((_, names)) = known.iter_mut().find(|(known, _)| *known == id) {
        // An id of the site stands for one component of the documents at most.
        if names.iter().all(|known| known != IMPORTED) {
            names.push(IMPORTED.to_owned());
            return (id, false);
        }
        number += 1;
        id = format!("{base}-{number}");
    }
    known.push((id.clone(), vec![name.to_owned(), IMPORTED.to_owned()]));
    (id, true)
}

/// Marks what has been matched; no component can be called so, for names have no newline.
const IMPORTED: &str = "\n";

/// The components and groups that `allclear.toml` has.
#[derive(Debug, Default)]
struct Existing {
    components: Known,
    groups: Known,
    /// The first value that cannot be extended by text behind it, or the syntax error.
    obstacle: Option<Obstacle>,
}

#[derive(Debug)]
enum Obstacle {
    Syntax(Option<std::ops::Range<usize>>, String),
    Inline(Option<std::ops::Range<usize>>, &'static str),
}

impl Existing {
    fn read(config: &str) -> Self {
        let mut existing = Self::default();
        match Toml::parse(config) {
            Ok(document) => {
                for key in ["groups", "components"] {
                    let Some(item) = document.get(key) else {
                        continue;
                    };
                    let known = known(item);
                    match key {
                        "groups" => existing.groups = known,
                        _ => existing.components = known,
                    }
                    if !item.is_array_of_tables() {
                        existing.obstacle = Some(Obstacle::Inline(item.span(), key));
                    }
                }
            }
            Err(error) => {
                existing.obstacle =
                    Some(Obstacle::Syntax(error.span(), error.message().to_owned()));
            }
        }
        existing
    }

    /// What keeps the tables from being appended.
    fn obstacle(&self, config: &str, tables: &str) -> Option<Diagnostic> {
        let file = Arc::new(SourceFile {
            path: Utf8PathBuf::from("allclear.toml"),
            text: config.to_owned(),
        });
        let place =
            |span: &Option<std::ops::Range<usize>>| Place::new(&file, span.clone().unwrap_or(0..1));
        match self.obstacle.as_ref()? {
            Obstacle::Syntax(span, message) => Some(
                Diagnostic::error(
                    Code::BadSyntax,
                    place(span),
                    format!("this is not TOML: {}", message.trim()),
                )
                .hint("mend it and import again: only then are the components added that it lacks"),
            ),
            Obstacle::Inline(span, key) => Some(
                Diagnostic::error(
                    Code::InlineList,
                    place(span),
                    format!("`{key}` is one value, and an import changes no text that is there"),
                )
                .hint(format!(
                    "write it as `[[{key}]]` tables, and add these:\n{tables}"
                )),
            ),
        }
    }
}

fn known(item: &Item) -> Known {
    let tables: Vec<&dyn TableLike> = match item {
        Item::ArrayOfTables(tables) => tables.iter().map(|table| table as &dyn TableLike).collect(),
        Item::Value(value) => value
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|row| row.as_inline_table().map(|table| table as &dyn TableLike))
            .collect(),
        Item::None | Item::Table(_) => Vec::new(),
    };
    tables
        .into_iter()
        .filter_map(|table| {
            let id = table.get("id")?.as_str()?.to_owned();
            let names = match table.get("name") {
                Some(name) => match (name.as_str(), name.as_table_like()) {
                    (Some(name), _) => vec![name.to_owned()],
                    (None, Some(languages)) => languages
                        .iter()
                        .filter_map(|(_, name)| name.as_str().map(str::to_owned))
                        .collect(),
                    (None, None) => Vec::new(),
                },
                None => Vec::new(),
            };
            Some((
                id,
                names.into_iter().filter(|name| !name.is_empty()).collect(),
            ))
        })
        .collect()
}

fn table(out: &mut String, kind: &str, id: &str, name: &str, fields: &[Option<String>]) {
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(&format!(
        "[[{kind}]]\nid = {}\nname = {}\n",
        quoted(id),
        quoted(name)
    ));
    for field in fields.iter().flatten() {
        out.push_str(field);
        out.push('\n');
    }
}

/// A TOML string on one line: these are names and descriptions.
fn quoted(text: &str) -> String {
    let words: Vec<&str> = text.lines().map(str::trim).collect();
    toml_edit::Value::from(words.join(" ")).to_string()
}

/// The text with the tables behind it, in its own kind of line ends.
fn append(config: &str, tables: &str) -> String {
    let newline = if config.contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let mut out = config.to_owned();
    if !out.is_empty() && !out.ends_with('\n') {
        out.push_str(newline);
    }
    if !out.is_empty() && !out.ends_with(&newline.repeat(2)) {
        out.push_str(newline);
    }
    out.push_str(&tables.replace('\n', newline));
    out
}

#[cfg(test)]
mod tests;

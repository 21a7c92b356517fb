//! The components and groups of a site, and those that an import appends to `allclear.toml`.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use camino::Utf8PathBuf;
use chrono::NaiveDate;
use slug::slugify;
use toml_edit::{Document as Toml, Item, TableLike};

use crate::diagnostic::{Code, Diagnostic, Place, SourceFile};
use crate::site::{is_device, scaffold};
use crate::source::CONFIG;

/// The longest id that a site may have.
const LONGEST_ID: usize = 64;

/// The components and groups of a site, and those that an import adds.
#[derive(Debug)]
pub(super) struct Catalogue {
    /// The text of `allclear.toml`.
    config: String,
    components: Existing,
    groups: Existing,
    /// The first value that cannot be extended by text behind it, or the syntax error.
    obstacle: Option<Obstacle>,
    /// The tables to append.
    tables: String,
    new_groups: usize,
    new_components: usize,
    /// The ids of components that are still as a new site has them, and to which nothing in the documents belongs.
    untouched: Vec<String>,
}

/// A component of foreign documents.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct NewComponent<'a> {
    /// Its name, which is not empty.
    pub(super) name: &'a str,
    /// Its description.
    pub(super) description: Option<&'a str>,
    /// The id of its group in the site.
    pub(super) group: Option<&'a str>,
    /// The day since which it is there.
    pub(super) since: Option<NaiveDate>,
}

/// A component or group in the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CatalogueEntry {
    /// The site has it, with this id.
    Old(String),
    /// The import adds it, with this id.
    New(String),
}

impl CatalogueEntry {
    /// Its id in the site.
    pub(super) fn into_id(self) -> String {
        match self {
            Self::Old(id) | Self::New(id) => id,
        }
    }
}

/// The components and groups that an import adds to a site.
#[derive(Debug, Default)]
pub(super) struct Added {
    /// The number of groups.
    pub(super) groups: usize,
    /// The number of components.
    pub(super) components: usize,
    /// The new text of `allclear.toml`, where there are any. It starts with the old one.
    pub(super) config: Option<String>,
    /// The ids of components that are still as a new site has them, where others are added.
    pub(super) untouched: Vec<String>,
    /// Why they could not be added.
    pub(super) diagnostic: Option<Diagnostic>,
}

impl Catalogue {
    /// The components and groups of an `allclear.toml`.
    pub(super) fn read(config: &str) -> Self {
        let mut catalogue = Self {
            config: config.to_owned(),
            components: Existing::default(),
            groups: Existing::default(),
            obstacle: None,
            tables: String::new(),
            new_groups: 0,
            new_components: 0,
            untouched: Vec::new(),
        };
        let document = match Toml::parse(config) {
            Ok(document) => document,
            Err(error) => {
                let message = error.message().to_owned();
                catalogue.obstacle = Some(Obstacle::Syntax(error.span(), message));
                return catalogue;
            }
        };
        if let Some(item) = document.get("groups") {
            catalogue.groups = known(item);
            catalogue.refuse_inline("groups", item);
        }
        if let Some(item) = document.get("components") {
            catalogue.components = known(item);
            catalogue.untouched = untouched(item);
            catalogue.refuse_inline("components", item);
        }
        catalogue
    }

    /// Notes that a list cannot be extended by text behind it.
    fn refuse_inline(&mut self, key: &'static str, item: &Item) {
        if !item.is_array_of_tables() {
            self.obstacle = Some(Obstacle::Inline(item.span(), key));
        }
    }

    /// Whether nothing keeps components and groups from being added.
    pub(super) fn can_grow(&self) -> bool {
        self.obstacle.is_none()
    }

    /// The group of a name, which is not empty; added where the site has none.
    ///
    /// Groups are to be looked up before the components that belong to them.
    pub(super) fn group(&mut self, name: &str) -> CatalogueEntry {
        let entry = find_or_add(&mut self.groups, name, &slugify(name));
        if let CatalogueEntry::New(id) = &entry {
            self.new_groups += 1;
            table(&mut self.tables, "groups", id, name, &[]);
        }
        entry
    }

    /// The component of a name, or else of the id that follows from the name; added where the site has none.
    pub(super) fn component(&mut self, component: &NewComponent<'_>) -> CatalogueEntry {
        let entry = find_or_add(
            &mut self.components,
            component.name,
            &slugify(component.name),
        );
        self.add_component(component, entry)
    }

    /// The component whose id follows from the names of its group and its own; added where the site has none.
    ///
    /// For a name that several groups have: the id tells them apart, the name cannot.
    pub(super) fn component_of_group(
        &mut self,
        group: &str,
        component: &NewComponent<'_>,
    ) -> CatalogueEntry {
        let id = format!("{group}-{}", slugify(component.name));
        let entry = find_or_add(&mut self.components, "", &id);
        self.add_component(component, entry)
    }

    fn add_component(
        &mut self,
        component: &NewComponent<'_>,
        entry: CatalogueEntry,
    ) -> CatalogueEntry {
        if let CatalogueEntry::Old(id) = &entry {
            self.untouched.retain(|it| it != id);
        }
        if let CatalogueEntry::New(id) = &entry {
            let NewComponent {
                name,
                description,
                group,
                since,
            } = component;
            let fields = [
                description.map(|text| format!("description = {}", quoted(text))),
                group.map(|group| format!("group = {}", quoted(group))),
                since.map(|date| format!("since = {}", date.format("%Y-%m-%d"))),
            ];
            self.new_components += 1;
            table(&mut self.tables, "components", id, name, &fields);
        }
        entry
    }

    /// The result: what was added. Every byte of the old text stays.
    pub(super) fn finish(self) -> Added {
        if self.tables.is_empty() {
            return Added::default();
        }
        match &self.obstacle {
            Some(obstacle) => Added {
                diagnostic: Some(obstacle.diagnostic(&self.config, &self.tables)),
                ..Added::default()
            },
            None => Added {
                groups: self.new_groups,
                components: self.new_components,
                config: Some(append(&self.config, &self.tables)),
                untouched: match self.new_components {
                    0 => Vec::new(),
                    _ => self.untouched,
                },
                diagnostic: None,
            },
        }
    }
}

/// The components or groups that there are, found by their ids and names. A name that is empty matches nothing.
#[derive(Debug, Default)]
struct Existing {
    ids: HashSet<String>,
    /// The first id of each name.
    id_of_name: HashMap<String, String>,
    /// Each id with each of its names.
    named: HashSet<(String, String)>,
    /// The ids that stand for a component or group of the documents: one at most for each.
    matched: HashSet<String>,
    /// The last number that was put behind each id.
    numbers: HashMap<String, usize>,
}

impl Existing {
    fn add(&mut self, id: &str, names: impl IntoIterator<Item = String>) {
        self.ids.insert(id.to_owned());
        for name in names.into_iter().filter(|name| !name.is_empty()) {
            let first = self.id_of_name.entry(name.clone());
            first.or_insert_with(|| id.to_owned());
            self.named.insert((id.to_owned(), name));
        }
    }

    /// The id of this name: where it can be this one.
    fn of_name(&self, name: &str, slug: &str) -> Option<String> {
        let first = self.id_of_name.get(name)?;
        match self.named.contains(&(slug.to_owned(), name.to_owned())) {
            true => Some(slug.to_owned()),
            false => Some(first.clone()),
        }
    }
}

/// The entry of this name, or else of this id; added where there is none.
fn find_or_add(known: &mut Existing, name: &str, slug: &str) -> CatalogueEntry {
    if let Some(id) = known.of_name(name, slug) {
        return CatalogueEntry::Old(id);
    }
    let base = match slug
        .get(..LONGEST_ID - 4)
        .unwrap_or(slug)
        .trim_end_matches('-')
    {
        // `next` in an update's heading promises the next update.
        "" | "next" => format!("component{}", if slug.is_empty() { "" } else { "-next" }),
        // Windows keeps it for a device, so that no page can have it.
        base if is_device(base) => format!("component-{base}"),
        base => base.to_owned(),
    };
    // Ids with a smaller number stand for others already, and always will.
    let number = known.numbers.entry(base.clone()).or_insert(1);
    let mut id = numbered(&base, *number);
    while known.ids.contains(&id) {
        if known.matched.insert(id.clone()) {
            return CatalogueEntry::Old(id);
        }
        *number += 1;
        id = numbered(&base, *number);
    }
    known.matched.insert(id.clone());
    known.add(&id, [name.to_owned()]);
    CatalogueEntry::New(id)
}

fn numbered(base: &str, number: usize) -> String {
    match number {
        1 => base.to_owned(),
        number => format!("{base}-{number}"),
    }
}

/// Why nothing can be appended to the text of `allclear.toml`.
#[derive(Debug)]
enum Obstacle {
    Syntax(Option<std::ops::Range<usize>>, String),
    Inline(Option<std::ops::Range<usize>>, &'static str),
}

impl Obstacle {
    /// The report that it keeps the tables from being appended.
    fn diagnostic(&self, config: &str, tables: &str) -> Diagnostic {
        let file = Arc::new(SourceFile {
            path: Utf8PathBuf::from(CONFIG),
            text: config.to_owned(),
        });
        let place =
            |span: &Option<std::ops::Range<usize>>| Place::new(&file, span.clone().unwrap_or(0..1));
        match self {
            Obstacle::Syntax(span, message) => Diagnostic::error(
                Code::BadSyntax,
                place(span),
                format!("this is not TOML: {}", message.trim()),
            )
            .hint("fix it and import again: only then are the components added that it lacks"),
            Obstacle::Inline(span, key) => Diagnostic::error(
                Code::InlineList,
                place(span),
                format!("`{key}` is one value, and an import changes no text that is there"),
            )
            .hint(format!(
                "write it as `[[{key}]]` tables, and add these:\n{tables}"
            )),
        }
    }
}

/// The tables of a list, in whichever form it is written.
fn tables(item: &Item) -> Vec<&dyn TableLike> {
    match item {
        Item::ArrayOfTables(tables) => tables.iter().map(|table| table as &dyn TableLike).collect(),
        Item::Value(value) => value
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|row| row.as_inline_table().map(|table| table as &dyn TableLike))
            .collect(),
        Item::None | Item::Table(_) => Vec::new(),
    }
}

/// The names of a component or group: one, or one in each language.
fn names(table: &dyn TableLike) -> Vec<String> {
    let Some(name) = table.get("name") else {
        return Vec::new();
    };
    match (name.as_str(), name.as_table_like()) {
        (Some(name), _) => vec![name.to_owned()],
        (None, Some(languages)) => languages
            .iter()
            .filter_map(|(_, name)| name.as_str().map(str::to_owned))
            .collect(),
        (None, None) => Vec::new(),
    }
}

fn known(item: &Item) -> Existing {
    let mut existing = Existing::default();
    for table in tables(item) {
        if let Some(id) = table.get("id").and_then(Item::as_str) {
            existing.add(id, names(table));
        }
    }
    existing
}

/// The ids of the components that are as a new site has them.
fn untouched(item: &Item) -> Vec<String> {
    let of_new_site = ["id", "name", "since", "states"];
    let tables = tables(item).into_iter();
    let ids = tables.filter_map(|table| {
        let id = table.get("id").and_then(Item::as_str)?;
        let names = names(table);
        let is_untouched = !names.is_empty()
            && names.iter().all(|name| scaffold::is_component(id, name))
            && table.iter().all(|(key, _)| of_new_site.contains(&key));
        is_untouched.then(|| id.to_owned())
    });
    ids.collect()
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

//! Foreign exports as the source text of incident files.
//!
//! An import writes text, not values: what it makes is read, checked and rendered like a file that
//! somebody typed. Everything here is pure. The caller reads the documents and what the site has
//! already, and writes the files that come back.
//!
//! A format is a file of its own and a row in [`FORMATS`]: its function reads documents into drafts. All
//! formats share the rest: the bodies of updates as Markdown, the components that the site lacks, slugs, the
//! comment that says where a file came from, and the text of the file.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;
use chrono_tz::Tz;

pub use self::format::{Document, Format};
pub use self::tally::{Loss, Losses, Tally};

use self::catalogue::Catalogue;
use self::draft::{Draft, DraftKind};
use self::format::Export;
use self::origin::Origin;
use crate::characters::clean;
use crate::diagnostic::{Code, Diagnostic};
use crate::locale::{Language, Locale};
use crate::site::Slug;
use crate::source::INCIDENTS;
use crate::time::Instant;

mod body;
mod catalogue;
mod draft;
mod format;
mod origin;
mod proof;
mod statuspage;
mod tally;

/// The formats that can be imported.
pub const FORMATS: &[Format] = &[statuspage::FORMAT];

/// The content of the site that is imported into.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The text of `allclear.toml`.
    pub config: &'a str,
    /// The texts of the incident files by slug: none of them is written again.
    pub incidents: &'a BTreeMap<String, String>,
    /// The zone of times that name none, where their document names none either.
    pub zone: Tz,
    /// The instant of the import: subscribers are not told of what was posted so shortly before it that it could pass for news.
    pub now: Instant,
}

/// The result of an import.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The new files with their paths from the site's folder, sorted by path.
    pub files: Vec<(Utf8PathBuf, String)>,
    /// The new text of `allclear.toml`; `None` where it stays as it is. It starts with the old one.
    pub config: Option<String>,
    /// The figures of the import, and the losses.
    pub tally: Tally,
    /// The problems of what could not be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// Turns foreign documents into incident files, and adds the components that the site lacks.
///
/// No file of the site is written again. The result does not depend on the order of the documents.
pub fn import(format: &Format, documents: &[Document<'_>], target: &Target<'_>) -> Imported {
    let mut catalogue = Catalogue::read(target.config);
    let Export {
        mut drafts,
        losses,
        losses_of_whole,
        mut diagnostics,
    } = (format.read)(documents, target.zone, &mut catalogue);
    drafts.sort_by(|a, b| (a.start(), &a.id, &a.title).cmp(&(b.start(), &b.id, &b.title)));
    let added = catalogue.finish();
    let mut tally = Tally {
        components: added.components,
        groups: added.groups,
        untouched: added.untouched,
        losses,
        ..Tally::default()
    };
    let new = new_files(format, drafts, target, &mut tally);
    let config = added.config.as_deref().unwrap_or(target.config);
    let refused = match added.diagnostic {
        // Its tables are to be added by hand, and are not known here.
        Some(_) => BTreeMap::new(),
        None => proof::refused(config, new.iter().map(|file| (&file.path, &file.text))),
    };
    let mut files = Vec::new();
    for NewFile { draft, path, text } in new {
        if let Some(why) = refused.get(&path) {
            diagnostics.push(not_carried_over(&draft, why));
            continue;
        }
        match draft.kind {
            DraftKind::Maintenance { .. } => tally.maintenances += 1,
            DraftKind::Incident { .. } => tally.incidents += 1,
        }
        tally.updates += draft.updates.len();
        tally.losses.append(draft.losses);
        files.push((path, text));
    }
    files.sort();
    if !files.is_empty() {
        tally.losses.append(losses_of_whole);
    }
    diagnostics.extend(added.diagnostic);
    Imported {
        files,
        config: added.config,
        tally,
        diagnostics,
    }
}

/// A file that an import makes, with the draft that it is made of.
struct NewFile {
    draft: Draft,
    path: Utf8PathBuf,
    text: String,
}

/// The files of those drafts that the site does not have yet.
fn new_files(
    format: &Format,
    drafts: Vec<Draft>,
    target: &Target<'_>,
    tally: &mut Tally,
) -> Vec<NewFile> {
    let english = Locale::new(&Language::english());
    let mut places = Places::new(format, target);
    let mut files = Vec::new();
    for draft in drafts {
        match places.of(&draft) {
            Place::There(text) => {
                tally.already += 1;
                // An update seems to be a line that starts with `## `.
                let updates = text.lines().filter(|line| line.starts_with("## ")).count();
                if updates < draft.updates.len() {
                    tally.grown += 1;
                }
            }
            Place::New(slug) => {
                let origin = Origin::new(format.name, draft.id.as_deref());
                files.push(NewFile {
                    path: Utf8PathBuf::from(format!("{INCIDENTS}/{slug}.md")),
                    text: draft::text(&draft, origin.as_ref(), target.now, &english),
                    draft,
                });
            }
        }
    }
    files
}

/// The report that no file is made of a draft, because `check` would refuse it.
fn not_carried_over(draft: &Draft, why: &str) -> Diagnostic {
    let title = &draft.title;
    let message = match &draft.id {
        Some(id) => format!("`{title}` (`{}`) is not carried over: {why}", clean(id)),
        None => format!("`{title}` is not carried over: {why}"),
    };
    Diagnostic::file_error(Code::BadDocument, Utf8PathBuf::from(INCIDENTS), message)
        .hint("write its file by hand, or fix its document and import again")
}

/// The place of a draft among the files of the site.
enum Place<'a> {
    /// A new file.
    New(Slug),
    /// The file that has this text.
    There(&'a str),
}

/// The places that are taken.
struct Places<'a> {
    incidents: &'a BTreeMap<String, String>,
    /// The texts of the files that were imported from this format, by the ids there.
    imported: BTreeMap<&'a str, &'a str>,
    /// The slugs that drafts have got or have been compared with.
    tried: BTreeSet<Slug>,
    /// For each slug of a day and a title the first number that no draft has got or has been compared with.
    next: BTreeMap<Slug, u64>,
}

impl<'a> Places<'a> {
    fn new(format: &Format, target: &Target<'a>) -> Self {
        let texts = target.incidents.values().map(String::as_str);
        let imported = texts.filter_map(|text| {
            let origin = Origin::of(text).filter(|origin| origin.format == format.name)?;
            Some((origin.id, text))
        });
        Self {
            incidents: target.incidents,
            imported: imported.collect(),
            tried: BTreeSet::new(),
            next: BTreeMap::new(),
        }
    }

    /// The file that was made of a draft before; or one that is, by day and title, this very incident, although
    /// it does not say where it came from; else the first slug that no other incident has.
    fn of(&mut self, draft: &Draft) -> Place<'a> {
        let id = draft.id.as_deref();
        if let Some(text) = id.and_then(|id| self.imported.get(id)) {
            return Place::There(text);
        }
        let otherwise = match draft.kind {
            DraftKind::Incident { .. } => "incident",
            DraftKind::Maintenance { .. } => "maintenance",
        };
        let first = Slug::of_title(draft.start().date_naive(), &draft.title, otherwise);
        let next = self.next.entry(first.clone()).or_insert(1);
        let numbered = first.clone().numbered_from(*next).inspect(|_| *next += 1);
        let mut untried = numbered.filter(|slug| self.tried.insert(slug.clone()));
        let place = untried.find_map(|slug| match self.incidents.get(slug.as_str()) {
            None => Some(Place::New(slug)),
            Some(text) => Origin::of(text).is_none().then_some(Place::There(text)),
        });
        place.unwrap_or(Place::New(first))
    }
}

#[cfg(test)]
mod tests;

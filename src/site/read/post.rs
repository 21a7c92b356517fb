//! Incident files: from Markdown with front matter to an incident or a translation of one.

use std::ops::Range;
use std::sync::Arc;

use camino::Utf8Path;

use self::course::{SaidTimes, impossible};
use self::incident::incident;
use self::maintenance::maintenance;
use self::notice::notice;
use super::heading::{self, Heading};
use super::names::Names;
use super::stray;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, SourceFile, code_list, nearest_hint};
use crate::locale::{Language, LanguageIndex, language_of};
use crate::markdown;
use crate::site::Slug;
use crate::site::post::{Correction, Kind, Post};
use crate::site::update::{LocalizedMarkdown, Update};
use crate::site::vocabulary::{PostKind, State, Word};
use crate::syntax;
use crate::syntax::{Reader, TableReader, front_matter};

mod course;
mod incident;
mod maintenance;
mod notice;

/// The content of an incident file.
#[derive(Debug, Clone)]
pub enum Content {
    /// An incident in the site's first language.
    Original(Arc<Post>),
    /// An incident in another language.
    Translation(Arc<Translation>),
}

/// An incident in another language.
#[derive(Debug, Clone)]
pub struct Translation {
    /// The slug of the original.
    pub slug: Slug,
    /// The language.
    pub language: LanguageIndex,
    /// The title, where it is translated.
    pub title: Option<String>,
    /// The text before the first update.
    pub summary: LocalizedMarkdown,
    /// The updates, in the order of the file.
    pub updates: Vec<Update>,
    /// The file.
    pub file: Arc<SourceFile>,
}

/// Reads an incident file; `None`, with diagnostics, where it cannot be understood.
pub fn read(
    file: &Arc<SourceFile>,
    names: &Names<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Content> {
    let example = "2022-12-28-login-failures.md";
    let named = name(&file.path, names.languages, example, diagnostics);
    let parts = front_matter::split(file, diagnostics)?;
    let head = syntax::parse(file, parts.head.clone(), parts.format, diagnostics);
    let reader = &mut Reader { file, diagnostics };
    let language = named.as_ref().map(|(_, language)| *language);
    let language = language.unwrap_or(LanguageIndex::DEFAULT);
    stray::report_head(reader, &parts.head, language, names);
    reader.find_forbidden(&parts.body);
    let body_span = parts.body.clone();
    let body = body(reader, parts.body, language, names);
    stray::report(reader, &body_span, &body.updates, language, names);
    let mut table = reader.table(head.as_ref()?, "an incident")?;
    let (slug, _) = named?;
    if language == LanguageIndex::DEFAULT {
        let post = original(reader, &mut table, slug, body, names);
        table.finish(reader);
        return Some(Content::Original(Arc::new(post?)));
    }
    let translation = translation(reader, &table, slug, language, body);
    Some(Content::Translation(Arc::new(translation)))
}

/// The slug and the language that a path names: `2022-12-28-login-failures.ar.md`, or
/// `2022-12-28-login-failures/index.ar.md`; `example` is the name of such a file, for those that cannot have theirs.
pub(super) fn name(
    path: &Utf8Path,
    languages: &[Language],
    example: &str,
    diagnostics: &mut Diagnostics,
) -> Option<(Slug, LanguageIndex)> {
    let stem = path.file_stem().unwrap_or_default();
    let (stem, language) = match stem.rsplit_once('.') {
        Some((before, tag)) => match language_of(languages, tag) {
            Ok(language) => (before, language),
            Err(unknown) if Language::supported().any(|known| known == tag) => {
                let hint = unknown.hint.unwrap_or_default();
                diagnostics.push(
                    Diagnostic::file_error(unknown.code, path, unknown.message)
                        .hint(format!("{hint}, or rename the file")),
                );
                return None;
            }
            Err(_) => (stem, LanguageIndex::DEFAULT),
        },
        None => (stem, LanguageIndex::DEFAULT),
    };
    let slug = Slug::name_in_path(path, stem);
    match Slug::parse(slug) {
        Ok(slug) => Some((slug, language)),
        Err(error) => {
            diagnostics.push(
                Diagnostic::file_error(
                    Code::BadSlug,
                    path,
                    format!("`{slug}` cannot be part of an address: {error}"),
                )
                .hint(format!("name the file like `{example}`")),
            );
            None
        }
    }
}

/// The body of a file.
struct Body {
    language: LanguageIndex,
    summary: LocalizedMarkdown,
    /// Its updates, in the order of the file.
    updates: Vec<Update>,
}

fn body(
    reader: &mut Reader<'_>,
    span: Range<usize>,
    language: LanguageIndex,
    names: &Names<'_>,
) -> Body {
    let file = reader.file;
    let base = span.start;
    let outline = markdown::outline(&file.text[span.clone()]);
    let shift = |range: Range<usize>| base + range.start..base + range.end;
    let mut summary = shift(outline.before);
    let mut updates: Vec<(Heading, Range<usize>)> = Vec::new();
    for section in outline.sections {
        let text = shift(section.heading.clone());
        match heading::read(reader, &section, text, base, language, names) {
            heading::HeadingMeaning::Update(heading) => {
                updates.push((heading, shift(section.body)))
            }
            heading::HeadingMeaning::Broken => {}
            heading::HeadingMeaning::Prose => match updates.last_mut() {
                Some((_, text)) => text.end = base + section.body.end,
                None => summary.end = base + section.body.end,
            },
        }
    }
    let updates = updates
        .into_iter()
        .map(|(heading, text)| Update {
            state: heading.state,
            at: heading.at,
            changes: heading.changes,
            next: heading.next,
            telling: heading.telling,
            text: LocalizedMarkdown::new(language, file, text),
            place: reader.place(&heading.span),
        })
        .collect();
    Body {
        language,
        summary: LocalizedMarkdown::new(language, file, summary),
        updates,
    }
}

/// Sorts updates by time. A file that is written newest first keeps, read backwards, the order of
/// those of one instant.
fn in_order(mut updates: Vec<Update>) -> Vec<Update> {
    if updates.first().map(|update| update.at) > updates.last().map(|update| update.at) {
        updates.reverse();
    }
    updates.sort_by_key(|update| update.at);
    updates
}

fn translation(
    reader: &mut Reader<'_>,
    table: &TableReader<'_>,
    slug: Slug,
    language: LanguageIndex,
    body: Body,
) -> Translation {
    let mut title = None;
    for (key, node) in table.entries() {
        match key.name.as_str() {
            "title" => {
                title = reader
                    .text(node)
                    .map(|text| text.trim().to_owned())
                    .filter(|text| !text.is_empty())
            }
            name if KEYS.contains(&name) => {
                let message = format!("a translation does nothing with `{name}`");
                let hint =
                    "the original says it for all languages; a translation has a `title` and texts"
                        .to_owned();
                reader.warning(Code::UnusedKey, &key.span, message, hint);
            }
            name => {
                let message = format!("a translation has no key `{name}`");
                reader.error(
                    Code::UnknownKey,
                    &key.span,
                    message,
                    nearest_hint(name, KEYS),
                );
            }
        }
    }
    Translation {
        slug,
        language,
        title,
        summary: body.summary,
        updates: body.updates,
        file: Arc::clone(reader.file),
    }
}

/// Every key of an incident file.
const KEYS: [&str; 16] = [
    "title",
    "kind",
    "components",
    "regions",
    "impact",
    "started",
    "detected",
    "ended",
    "starts",
    "ends",
    "repeat",
    "except",
    "signals",
    "corrections",
    "draft",
    "pinned",
];

/// A post in the site's first language.
fn original(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    slug: Slug,
    body: Body,
    names: &Names<'_>,
) -> Option<Post> {
    let place = reader.place(&table.span);
    let title = table
        .require(reader, "title")
        .and_then(|node| reader.localized_text(node, names.languages));
    let updates = in_order(body.updates);
    let mut said = SaidTimes::default();
    let regions = table.take("regions");
    let regions = regions.map_or_else(Vec::new, |node| names.regions_of(reader, node));
    let kind = kind(reader, table, &updates, names, &mut said);
    let corrections = corrections(reader, table, names);
    let draft = table.flag(reader, "draft");
    let pinned = table.flag(reader, "pinned");
    if let Some(kind) = &kind {
        fitting(reader, kind, &updates);
        impossible(kind, &updates, &said, reader.diagnostics);
    }
    Some(Post {
        slug,
        title: title?,
        kind: kind?,
        regions,
        summary: body.summary,
        updates,
        corrections,
        draft,
        pinned,
        place,
    })
    .filter(|_| body.language == LanguageIndex::DEFAULT)
}

/// The kind of a post, with what only that kind has.
fn kind(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    updates: &[Update],
    names: &Names<'_>,
    said: &mut SaidTimes,
) -> Option<Kind> {
    match named_kind(reader, table)? {
        PostKind::Incident => {
            let keys = ["starts", "ends", "repeat", "except"];
            let hint = "an incident has `started` and `ended`";
            reject(reader, table, "an incident", &keys, hint);
            incident(reader, table, updates, names, said).map(Kind::Incident)
        }
        PostKind::Maintenance => {
            table.call("a maintenance");
            let keys = ["started", "detected", "ended", "impact", "signals"];
            let hint = "a maintenance has `starts` and `ends`";
            reject(reader, table, "a maintenance", &keys, hint);
            maintenance(reader, table, updates, names, said).map(Kind::Maintenance)
        }
        PostKind::Notice => {
            table.call("a notice");
            let keys = [
                "started", "detected", "ended", "repeat", "except", "impact", "signals",
            ];
            let hint = "a notice has no effect on any status; it is shown from `starts` to `ends`";
            reject(reader, table, "a notice", &keys, hint);
            notice(reader, table, updates, names, said).map(Kind::Notice)
        }
    }
}

/// The kind that a file names; an incident where it names none.
fn named_kind(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Option<PostKind> {
    let Some((word, node)) = table.text(reader, "kind") else {
        return Some(PostKind::Incident);
    };
    let kind = PostKind::parse(word);
    if kind.is_none() {
        // Whether a key fits the kind cannot be said, so that only keys of no kind are reported.
        for key in KEYS {
            table.take(key);
        }
        let message = format!("`{word}` is no kind of incident");
        let hint = nearest_hint(word, PostKind::words());
        reader.error(Code::UnknownKind, &node.span, message, hint);
    }
    kind
}

/// Reports keys that another kind has.
fn reject(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    what: &str,
    keys: &[&'static str],
    hint: &str,
) {
    for key in keys {
        if let Some((key, _)) = table.take_entry(key) {
            let message = format!("{what} has no `{}`", key.name);
            reader.error(Code::NotForKind, &key.span, message, hint.to_owned());
        }
    }
}

/// Reports states that belong to another kind.
fn fitting(reader: &mut Reader<'_>, kind: &Kind, updates: &[Update]) {
    for update in updates {
        let (what, fits): (_, fn(State) -> bool) = match kind {
            Kind::Incident(_) => ("an incident", State::fits_incident),
            Kind::Maintenance(_) => ("a maintenance", State::fits_maintenance),
            Kind::Notice(_) => ("a notice", |state| state == State::Update),
        };
        if !fits(update.state) {
            let states: Vec<&str> = State::ALL
                .iter()
                .copied()
                .filter(|state| fits(*state))
                .map(State::as_str)
                .collect();
            let message = format!("{what} is never `{}`", update.state.as_str());
            reader.error(
                Code::WrongState,
                &update.place.span,
                message,
                format!("{what} may be {}", code_list(&states)),
            );
        }
    }
}

fn corrections(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    names: &Names<'_>,
) -> Vec<Correction> {
    let items = table
        .take("corrections")
        .and_then(|node| reader.list(node))
        .unwrap_or_default();
    let mut corrections: Vec<Correction> = items
        .iter()
        .filter_map(|item| {
            let mut table = reader.table(item, "a correction")?;
            let at = table
                .require(reader, "at")
                .and_then(|node| reader.instant(node, names.zone));
            let note = table
                .require(reader, "note")
                .and_then(|node| reader.localized_text(node, names.languages));
            table.finish(reader);
            Some(Correction {
                at: at?,
                note: note?,
            })
        })
        .collect();
    corrections.sort_by_key(|correction| correction.at);
    corrections
}

//! Pages of a site's own: from Markdown with front matter to a page with its translations.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use camino::Utf8Path;

use super::memo::collected;
use super::post;
use super::translation::without_original;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, SourceFile, nearest_hint};
use crate::locale::{Language, LanguageIndex, LocalizedText};
use crate::site::Slug;
use crate::site::own_page::OwnPage;
use crate::site::update::LocalizedMarkdown;
use crate::source::PAGES;
use crate::syntax::{self, Reader, TableReader, front_matter};

/// The names of allclear's own folders and pages at the root of a site, which no page may have.
const RESERVED: [&str; 12] = [
    "404",
    "about",
    "api",
    "assets",
    "components",
    "embed",
    "evidence",
    "feeds",
    "history",
    "incidents",
    "schemas",
    "subscribe",
];

/// Whether no page can have this name, because allclear has it.
pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name.to_lowercase().as_str())
}

/// The keys of a page's front matter.
const KEYS: [&str; 1] = ["title"];

/// A page in one language, as a file has it.
struct PageFile {
    language: LanguageIndex,
    /// Only that of a translation may be missing.
    title: Option<LocalizedText>,
    page: OwnPage,
}

/// The pages of all files that could be read, by slug, each with its translations.
pub(super) fn pages(
    files: &[Arc<SourceFile>],
    languages: &[Language],
    diagnostics: &mut Diagnostics,
) -> Vec<OwnPage> {
    let mut originals: BTreeMap<String, OwnPage> = BTreeMap::new();
    let mut translations = Vec::new();
    for file in files {
        let (page, found) = collected(file, |found| read(file, languages, found));
        diagnostics.append(found);
        let Some(PageFile {
            language,
            title,
            page,
        }) = page
        else {
            continue;
        };
        if language != LanguageIndex::DEFAULT {
            translations.push((language, title, page));
            continue;
        }
        match originals.entry(page.slug.folded()) {
            Entry::Vacant(entry) => {
                entry.insert(page);
            }
            Entry::Occupied(first) => {
                let message = format!("two pages have the address `/{}/`", page.slug);
                diagnostics.push(
                    Diagnostic::error(Code::DuplicateSlug, page.place, message)
                        .related(first.get().place.clone(), "the first")
                        .hint("rename one of the files"),
                );
            }
        }
    }
    for (language, title, page) in translations {
        let Some(original) = originals.get_mut(&page.slug.folded()) else {
            let tag = languages[language.0].as_str();
            diagnostics.push(without_original(&page.place.file, tag));
            continue;
        };
        if let Some(title) = title {
            original
                .title
                .add(language, title.text(language).to_owned());
        }
        original.text.adopt(page.text);
    }
    originals.into_values().collect()
}

/// One file; `None`, with diagnostics, where it cannot be understood.
fn read(
    file: &Arc<SourceFile>,
    languages: &[Language],
    diagnostics: &mut Diagnostics,
) -> Option<PageFile> {
    let named = name(file, languages, diagnostics);
    let parts = front_matter::split(file, diagnostics)?;
    let head = syntax::parse(file, parts.head, parts.format, diagnostics);
    let reader = &mut Reader { file, diagnostics };
    let mut table = reader.table(head.as_ref()?, "a page")?;
    let (slug, language) = named?;
    let place = reader.place(&table.span);
    let title = match language {
        LanguageIndex::DEFAULT => {
            let title = table.require(reader, "title");
            let title = title.and_then(|node| reader.localized_text(node, languages));
            table.finish(reader);
            Some(title?)
        }
        _ => translated_title(reader, &table, language),
    };
    let text = LocalizedMarkdown::new(language, file, parts.body);
    let page = OwnPage {
        title: (title.clone()).unwrap_or_else(|| LocalizedText::plain(slug.to_string())),
        slug,
        text,
        place,
    };
    Some(PageFile {
        language,
        title,
        page,
    })
}

/// The title of a translation, where it has one.
fn translated_title(
    reader: &mut Reader<'_>,
    table: &TableReader<'_>,
    language: LanguageIndex,
) -> Option<LocalizedText> {
    let mut title = None;
    for (key, node) in table.entries() {
        if key.name == "title" {
            let text = reader.text(node).map(str::trim);
            let text = text.filter(|text| !text.is_empty());
            title =
                text.and_then(|text| LocalizedText::by_language(vec![(language, text.to_owned())]));
        } else {
            let message = format!("a translation has no key `{}`", key.name);
            let hint = nearest_hint(&key.name, KEYS);
            reader.error(Code::UnknownKey, &key.span, message, hint);
        }
    }
    title
}

/// The slug and the language that a file names, where the page may have such an address.
fn name(
    file: &SourceFile,
    languages: &[Language],
    diagnostics: &mut Diagnostics,
) -> Option<(Slug, LanguageIndex)> {
    let path = &file.path;
    let stem = path.file_stem().unwrap_or_default();
    let stem = stem.split('.').next().unwrap_or_default();
    let is_nested = path.parent() != Some(Utf8Path::new(PAGES));
    if is_nested || stem.eq_ignore_ascii_case("index") {
        let message = match is_nested {
            true => "this file is no page: pages lie directly in `pages/`",
            false => "`index` cannot be a page: it stands for the folder that it is in",
        };
        let hint = "`pages/imprint.md` becomes `/imprint/`: move the file, or rename it";
        diagnostics.push(Diagnostic::file_error(Code::BadSlug, path, message).hint(hint));
        return None;
    }
    let (slug, language) = post::name(path, languages, "imprint.md", diagnostics)?;
    let folded = slug.folded();
    let of_languages = languages
        .iter()
        .map(|language| language.as_str().to_lowercase());
    if is_reserved(&folded) || of_languages.into_iter().any(|tag| tag == folded) {
        let message = format!("a page cannot have the address `/{slug}/`, which is allclear's own");
        let taken = Diagnostic::file_error(Code::PathTaken, path, message);
        diagnostics.push(taken.hint("rename the file"));
        return None;
    }
    Some((slug, language))
}

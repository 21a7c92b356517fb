//! From a site's folder, a theme and an instant to every file of the page.
//!
//! This is the one function that joins the phases. Building, checking and the tests all call it;
//! nothing in it knows the clock, the terminal or the output folder.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::check;
use crate::diagnostic::{Diagnostics, Place, SourceFile};
use crate::error::Error;
use crate::locale::Locale;
use crate::output::pages::{self, Cache, Edition};
use crate::output::{Output, Route, atom, ical};
use crate::site::post::Post;
use crate::site::read::{self, Drafts, schema};
use crate::site::{BaseUrl, Site};
use crate::source::{self, Attachment, Files, THEMES};
use crate::status::SiteStatus;
use crate::syntax::Spanned;
use crate::theme::{Asset, LogoFiles, Theme};
use crate::time::Instant;

/// What to generate.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The site's folder.
    pub folder: &'a Utf8Path,
    /// The instant that the page is for.
    pub now: Instant,
    /// Where it will be published, where that is not what the site says.
    pub base_url: Option<BaseUrl>,
    /// Whether drafts are part of it.
    pub drafts: Drafts,
}

impl<'a> Request<'a> {
    /// The page of a site at an instant, without drafts.
    pub fn new(folder: &'a Utf8Path, now: Instant) -> Self {
        Self {
            folder,
            now,
            base_url: None,
            drafts: Drafts::LeftOut,
        }
    }
}

/// What came of it.
#[derive(Debug)]
pub struct Generated {
    /// The site, where enough of it could be understood.
    pub site: Option<Site>,
    /// Every file of the page; none where there is an error.
    pub outputs: Vec<Output>,
    /// Everything that is wrong, sorted by file and place.
    pub diagnostics: Diagnostics,
}

/// Reads a site without rendering it.
///
/// # Errors
///
/// Where there is no site in `folder`.
pub fn read(folder: &Utf8Path, drafts: Drafts) -> Result<(Option<Site>, Diagnostics), Error> {
    let mut diagnostics = Diagnostics::new();
    let files = source::read(folder, &mut diagnostics)?;
    let (site, found) = read::read(&files, drafts);
    diagnostics.append(found);
    diagnostics.sort();
    Ok((site, diagnostics))
}

/// Reads a site as if an incident file at `path`, from the site's folder, held `text`.
///
/// # Errors
///
/// Where there is no site in `folder`.
pub fn read_with(
    folder: &Utf8Path,
    drafts: Drafts,
    path: &Utf8Path,
    text: String,
) -> Result<(Option<Site>, Diagnostics), Error> {
    let mut diagnostics = Diagnostics::new();
    let mut files = source::read(folder, &mut diagnostics)?;
    files.incidents.retain(|file| file.path != path);
    let path = path.to_owned();
    files.incidents.push(Arc::new(SourceFile { path, text }));
    files.incidents.sort_by(|a, b| a.path.cmp(&b.path));
    let (site, found) = read::read(&files, drafts);
    diagnostics.append(found);
    diagnostics.sort();
    Ok((site, diagnostics))
}

/// Generates the page of a site.
///
/// # Errors
///
/// Where there is no site in the folder. What is wrong *with* the site is in the diagnostics.
pub fn generate(request: &Request<'_>) -> Result<Generated, Error> {
    generate_again(request, None)
}

/// What the last time has shown, for the next time to be sooner.
#[derive(Debug, Default)]
pub struct Memory {
    seen: source::Unchanged,
    parsed: read::Parsed,
    pages: Cache,
}

/// Generates the page of a site once more: the same bytes, sooner where `memory` saw the last time.
///
/// # Errors
///
/// As [`generate`].
pub fn generate_again(
    request: &Request<'_>,
    memory: Option<&mut Memory>,
) -> Result<Generated, Error> {
    let mut diagnostics = Diagnostics::new();
    let (seen, parsed, cache) = match memory {
        Some(Memory {
            seen,
            parsed,
            pages,
        }) => (Some(seen), Some(parsed), Some(pages)),
        None => (None, None, None),
    };
    let files = source::read_again(request.folder, seen, &mut diagnostics)?;
    let (site, found) = read::read_again(&files, request.drafts, parsed);
    diagnostics.append(found);
    let shared = shared(&files, request);
    let mut outputs = Vec::new();
    if let Some(site) = &site {
        outputs = pages(site, files, request, (cache, shared), &mut diagnostics);
        diagnostics.weigh(&site.rules);
    }
    diagnostics.sort();
    if diagnostics.errors() > 0 {
        outputs.clear();
    }
    Ok(Generated {
        site,
        outputs,
        diagnostics,
    })
}

/// Everything that is published, sorted by path.
fn pages(
    site: &Site,
    mut files: Files,
    request: &Request<'_>,
    (mut cache, mut shared): (Option<&mut Cache>, DefaultHasher),
    diagnostics: &mut Diagnostics,
) -> Vec<Output> {
    let Some(config) = &files.config else {
        return Vec::new();
    };
    let folder = Utf8Path::new(THEMES).join(&site.theme.value);
    let theme_files = source::read_folder(request.folder, &folder, diagnostics);
    for Attachment { path, bytes } in &theme_files {
        (path, bytes).hash(&mut shared);
    }
    let theme = Theme::new(site, config, theme_files, diagnostics);
    let logo = logo(site, config, request.folder, diagnostics);
    let Some(theme) = theme.map(|theme| theme.with_logo(logo)) else {
        return Vec::new();
    };
    let locales: Vec<Arc<Locale>> = site
        .languages
        .iter()
        .map(|language| Arc::new(theme.locale(language, diagnostics)))
        .collect();
    for locale in &locales {
        diagnostics.append(check::missing_messages(locale));
    }
    let compiled: Vec<_> = locales
        .iter()
        .map(|locale| theme.compile(locale, diagnostics))
        .collect();
    if diagnostics.errors() > 0 {
        return Vec::new();
    }
    let status = SiteStatus::new(site, request.now);
    for asset in theme.assets() {
        asset.path.hash(&mut shared);
    }
    // A site without history has no links to it, and one without maintenance none to a calendar.
    status.entries.is_empty().hash(&mut shared);
    status.has_maintenances(site).hash(&mut shared);
    // It has been read, and may be the largest part of a site: only a next build may want it.
    let evidence = std::mem::take(&mut files.evidence);
    match &mut cache {
        Some(cache) => cache.share(shared.finish(), evidence),
        None => drop(evidence),
    }
    diagnostics.append(check::contradictions(site, &status));
    let mut outputs: Vec<Output> = theme
        .assets()
        .map(|asset| Output::new(asset.path.clone(), asset.bytes.clone()))
        .collect();
    let schemas = [
        ("site", schema::site()),
        ("incident", schema::incident()),
        ("evidence", schema::evidence()),
    ];
    let schemas = schemas.map(|(of, text)| Output::new(format!("schemas/{of}.json"), text));
    outputs.extend(schemas);
    let base_url = request.base_url.as_ref().unwrap_or(&site.base_url);
    for (index, (locale, templates)) in locales.iter().zip(&compiled).enumerate() {
        let Some(templates) = templates else { continue };
        let edition = Edition::new(site, &status, index, locale, &theme).published_at(base_url);
        let (pages, found) = pages::pages(&edition, templates, cache.as_deref_mut());
        outputs.extend(pages);
        diagnostics.append(found);
        match atom::atom(&edition, templates) {
            Ok(feed) => outputs.push(feed),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
        outputs.push(ical::calendar(&edition));
        outputs.extend(attachments(&files.attachments, &edition));
    }
    outputs.sort_by(|a, b| a.path.cmp(&b.path));
    diagnostics.append(check::rules::findings(site, &status, &outputs));
    outputs
}

/// What all pages share, besides the theme and evidence: configuration, and how they were asked for.
fn shared(files: &Files, request: &Request<'_>) -> DefaultHasher {
    let mut hasher = DefaultHasher::new();
    files
        .config
        .as_ref()
        .map(|file| &file.text)
        .hash(&mut hasher);
    request
        .base_url
        .as_ref()
        .map(BaseUrl::to_string)
        .hash(&mut hasher);
    hasher
}

/// The files of the logo.
fn logo(
    site: &Site,
    config: &Arc<SourceFile>,
    folder: &Utf8Path,
    diagnostics: &mut Diagnostics,
) -> Option<LogoFiles> {
    let mut read = |path: &Spanned<Utf8PathBuf>| match source::read_file(folder, &path.value) {
        Ok(bytes) => {
            let extension = path.value.extension().unwrap_or_default();
            Some(Asset::new(
                &Utf8PathBuf::from(format!("logo.{extension}")),
                bytes,
            ))
        }
        Err(mut diagnostic) => {
            diagnostic.place = Some(Place::new(config, path.span.clone()));
            diagnostics.push(*diagnostic);
            None
        }
    };
    let logo = site.logo.as_ref()?;
    let light = read(&logo.light);
    let dark = logo.dark.as_ref().and_then(read);
    Some(LogoFiles {
        light: light?,
        dark,
    })
}

/// What lies beside an `index.md`, at the same place beside its page.
fn attachments(attachments: &[Attachment], edition: &Edition<'_>) -> Vec<Output> {
    let bundles: HashMap<&Utf8Path, &Post> = edition
        .status
        .pages()
        .map(|index| edition.site.post(edition.status.occurrence(index).post))
        .filter_map(|post| {
            let source = &post.place.file.path;
            let folder = source.parent()?;
            (source.file_name() == Some("index.md")).then_some((folder, post))
        })
        .collect();
    let published = |path: &Utf8Path| -> Option<Utf8PathBuf> {
        let mut folders = path.ancestors().skip(1);
        let (folder, post) = folders.find_map(|folder| Some((folder, *bundles.get(folder)?)))?;
        let page = Utf8PathBuf::from(Route::post(edition.prefix(), &post.slug).file());
        Some(page.parent()?.join(path.strip_prefix(folder).ok()?))
    };
    attachments
        .iter()
        .filter_map(|Attachment { path, bytes }| Some(Output::new(published(path)?, bytes.clone())))
        .collect()
}

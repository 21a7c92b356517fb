//! Generation: a site's folder, a theme and an instant become every file of the page.
//!
//! This is the one function that joins the phases. Building, checking and the tests all call it;
//! nothing in it knows the clock, the terminal or the output folder.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use chrono_tz::Tz;

use self::wordings::wordings;
use crate::check;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fault, Location, Place, SourceFile};
use crate::error::Error;
use crate::locale::{LanguageIndex, Locale};
use crate::output::pages::{Announced, Edition, PageMemo, Shared, announced};
use crate::output::{self, Context, Output, Publication};
use crate::site::read::{self, AsOf, Drafts, Memos};
use crate::site::{BaseUrl, Site};
use crate::source::{self, Attachment, CONFIG, EVIDENCE, Files, THEMES, Unchanged};
use crate::status::SiteStatus;
use crate::syntax::Spanned;
use crate::system::path::slashed;
use crate::theme::{Asset, LogoFiles, OwnThemes, Templates, Theme};
use crate::time::Instant;

mod wordings;

/// The inputs of [`generate`].
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The site's folder.
    pub folder: &'a Utf8Path,
    /// The instant that the page is for.
    pub now: Instant,
    /// The address at which it will be published, where that is not the site's own.
    pub base_url: Option<BaseUrl>,
    /// Whether drafts are part of it.
    pub drafts: Drafts,
    /// The point in time from which the files are looked at.
    pub as_of: AsOf,
}

impl<'a> Request<'a> {
    /// The page of a site at an instant, without drafts, from files that are history.
    pub fn new(folder: &'a Utf8Path, now: Instant) -> Self {
        Self {
            folder,
            now,
            base_url: None,
            drafts: Drafts::LeftOut,
            as_of: AsOf::History,
        }
    }
}

/// The result of [`generate`].
#[derive(Debug)]
pub struct Generated {
    /// The site, where enough of it could be understood.
    pub site: Option<Site>,
    /// Every file of the page; none where there is an error.
    pub outputs: Vec<Output>,
    /// What channels may be told of it.
    pub announced: Announced,
    /// Every problem, sorted by file and place.
    pub diagnostics: Diagnostics,
}

/// Reads a site without rendering it; what is wrong with it is added to the diagnostics, sorted by file and place.
///
/// It is for what says nothing of evidence: files are history.
///
/// # Errors
///
/// Where there is no site in `folder`.
pub fn read(
    folder: &Utf8Path,
    drafts: Drafts,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Site>, Error> {
    read_as_of(folder, drafts, AsOf::History, diagnostics)
}

/// The zone of the site in a folder, in which a time without a zone is; `None` where that cannot be read.
pub fn time_zone(folder: &Utf8Path) -> Option<Tz> {
    let text = source::read_text(folder, Utf8Path::new(CONFIG)).ok()??;
    let text = text.trim_start_matches('\u{feff}').to_owned();
    let path = Utf8PathBuf::from(CONFIG);
    let file = Arc::new(SourceFile { path, text });
    let config = read::config::read(&file, &mut Diagnostics::new())?;
    Some(config.settings.time_zone)
}

/// Reads a site as [`read`](fn@read) does, from a point in time.
///
/// # Errors
///
/// Where there is no site in `folder`.
pub fn read_as_of(
    folder: &Utf8Path,
    drafts: Drafts,
    as_of: AsOf,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Site>, Error> {
    let files = source::read(folder, &mut Unchanged::default(), diagnostics)?;
    Ok(meaning(&files, drafts, as_of, diagnostics))
}

/// Reads what `allclear.toml` says of a site, as if nothing had ever happened in it: whatever names other files is left out.
///
/// # Errors
///
/// Where there is no site in `folder`.
pub fn read_config(
    folder: &Utf8Path,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Site>, Error> {
    let files = source::read_config(folder, diagnostics)?;
    let site = read::read_config(&files, diagnostics);
    diagnostics.sort();
    Ok(site)
}

/// Reads a site as [`read_as_of`] does, as if an incident file, with its path from the site's folder, stood in it or in
/// the place of the one with its path.
///
/// # Errors
///
/// Where there is no site in `folder`.
pub fn read_with(
    file: SourceFile,
    folder: &Utf8Path,
    drafts: Drafts,
    as_of: AsOf,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Site>, Error> {
    let mut files = source::read(folder, &mut Unchanged::default(), diagnostics)?;
    files.incidents.retain(|known| known.path != file.path);
    files.incidents.push(Arc::new(file));
    files.incidents.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(meaning(&files, drafts, as_of, diagnostics))
}

/// The site that files describe, read once.
fn meaning(
    files: &Files,
    drafts: Drafts,
    as_of: AsOf,
    diagnostics: &mut Diagnostics,
) -> Option<Site> {
    let site = read::read(files, drafts, as_of, &mut Memos::default(), diagnostics);
    diagnostics.sort();
    site
}

/// The results of a build that make the next one faster. Each part states what it depends on, and its
/// `forget_unless` forgets every result that may have changed:
///
/// - a text, when the file has changed or is gone;
/// - the meaning of a file, when its text or the configuration has changed;
/// - a page, when the meaning of its files or anything that all pages share has changed.
///
/// So a build gives the same bytes with any memory, a fresh one too.
#[derive(Debug, Default)]
pub struct Memory {
    unchanged: Unchanged,
    files: Memos,
    pages: PageMemo,
    /// What people wrote, as it was last without errors.
    good: Option<Written>,
}

/// What people have written, each kind of file by path.
#[derive(Debug, Clone)]
struct Written {
    config: Option<Arc<SourceFile>>,
    incidents: Vec<Arc<SourceFile>>,
    pages: Vec<Arc<SourceFile>>,
}

impl Written {
    fn of(files: &Files) -> Self {
        Self {
            config: files.config.clone(),
            incidents: files.incidents.clone(),
            pages: files.pages.clone(),
        }
    }
}

/// Generates the page of a site, faster where `memory` is that of an earlier build of it.
///
/// # Errors
///
/// Where there is no site in the folder. What is wrong *with* the site is in the diagnostics, a fault of this program too.
pub fn generate(request: &Request<'_>, memory: &mut Memory) -> Result<Generated, Error> {
    Fault::caught(|| generated(request, memory)).unwrap_or_else(|fault| {
        // Nothing is known of what it was in the middle of.
        *memory = Memory::default();
        let finding = Diagnostic::fault(CONFIG, "making the page of this site", &fault);
        Ok(Generated {
            site: None,
            outputs: Vec::new(),
            announced: Announced::default(),
            diagnostics: Diagnostics::from(vec![finding]),
        })
    })
}

/// Reads a site as [`generate`] does, with the same memory, and renders nothing: to see whether there is anything to say.
/// `None` where it has errors.
///
/// # Errors
///
/// Where there is no site in the folder.
pub fn reread(request: &Request<'_>, memory: &mut Memory) -> Result<Option<Site>, Error> {
    let read = Fault::caught(|| {
        let mut diagnostics = Diagnostics::new();
        let files = source::read(request.folder, &mut memory.unchanged, &mut diagnostics)?;
        let (drafts, as_of) = (request.drafts, request.as_of);
        let site = read::read(&files, drafts, as_of, &mut memory.files, &mut diagnostics);
        Ok(site.filter(|_| diagnostics.errors() == 0))
    });
    read.unwrap_or_else(|_| {
        // A build will say it.
        *memory = Memory::default();
        Ok(None)
    })
}

/// Generates the page of a site as [`generate`] does, but of what people wrote as it was last without errors in this memory:
/// with the evidence of now, so that what is wrong with a text does not hide an outage. What is wrong with evidence is left
/// out with a warning. `None` where there is no such page.
///
/// # Errors
///
/// Where there is no site in the folder.
pub fn generate_last_good(
    request: &Request<'_>,
    memory: &mut Memory,
) -> Result<Option<Generated>, Error> {
    let Some(good) = memory.good.clone() else {
        return Ok(None);
    };
    let generated = Fault::caught(|| {
        let mut found = Diagnostics::new();
        let files = source::read(request.folder, &mut memory.unchanged, &mut found)?;
        let of_evidence = found
            .iter()
            .filter(|it| it.location.path().starts_with(EVIDENCE));
        let of_evidence: Vec<Diagnostic> = of_evidence.cloned().collect();
        let Written {
            config,
            incidents,
            pages,
        } = good;
        let files = Files {
            config,
            incidents,
            pages,
            ..files
        };
        let errors = Errors::OfTexts;
        Ok(from_files(
            files,
            request,
            memory,
            of_evidence.into(),
            errors,
        ))
    });
    let generated: Result<Generated, Error> = match generated {
        Ok(generated) => generated,
        Err(_) => {
            // A build will say it.
            *memory = Memory::default();
            return Ok(None);
        }
    };
    Ok(Some(generated?).filter(|it| it.diagnostics.errors() == 0))
}

fn generated(request: &Request<'_>, memory: &mut Memory) -> Result<Generated, Error> {
    let mut diagnostics = Diagnostics::new();
    let files = source::read(request.folder, &mut memory.unchanged, &mut diagnostics)?;
    let written = Written::of(&files);
    let generated = from_files(files, request, memory, diagnostics, Errors::All);
    if generated.diagnostics.errors() == 0 {
        memory.good = Some(written);
    }
    Ok(generated)
}

/// The errors that stand in the way of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Errors {
    /// All of them.
    All,
    /// Those of texts: what is wrong with evidence is left out.
    OfTexts,
}

/// The page of a site's files, with what was wrong with reading them.
fn from_files(
    files: Files,
    request: &Request<'_>,
    memory: &mut Memory,
    mut diagnostics: Diagnostics,
    errors: Errors,
) -> Generated {
    let site = read::read(
        &files,
        request.drafts,
        request.as_of,
        &mut memory.files,
        &mut diagnostics,
    );
    if errors == Errors::OfTexts {
        diagnostics.soften(EVIDENCE);
    }
    let (mut outputs, mut announced) = (Vec::new(), Announced::default());
    if let Some(site) = &site {
        let published = publish(site, files, request, &mut memory.pages, &mut diagnostics);
        (outputs, announced) = published.unwrap_or_default();
        diagnostics.apply_severities(&site.settings.rules);
    }
    diagnostics.sort();
    if diagnostics.errors() > 0 {
        outputs.clear();
    }
    Generated {
        site,
        outputs,
        announced,
        diagnostics,
    }
}

/// Everything that is published, sorted by path, and what channels may be told; `None` where an error stands in the way.
fn publish(
    site: &Site,
    mut files: Files,
    request: &Request<'_>,
    memo: &mut PageMemo,
    diagnostics: &mut Diagnostics,
) -> Option<(Vec<Output>, Announced)> {
    let config = files.config.as_ref()?;
    let folder = slashed(Utf8Path::new(THEMES).join(&site.settings.theme.value));
    let logo = logo(site, config, request.folder, diagnostics);
    let before = diagnostics.errors();
    let theme_files = source::read_folder(request.folder, &folder, diagnostics);
    if diagnostics.errors() > before {
        // What a theme lacks of which a part cannot be read only follows from that.
        return None;
    }
    let shared = shared(config, &theme_files, request);
    let own = OwnThemes {
        files: theme_files,
        // Only a hint names them, so that a folder that cannot be listed is no problem here.
        names: source::themes(request.folder).unwrap_or_default(),
    };
    let theme = Theme::new(site, config, own, diagnostics)?;
    let theme = theme.with_logo(logo);
    let locales = locales(site, &theme, diagnostics);
    let templates: Vec<Option<Templates>> = locales
        .iter()
        .map(|locale| theme.compile(locale, diagnostics))
        .collect();
    let status = SiteStatus::new(site, request.now);
    let commit = source::commit(request.folder);
    let publication = Publication {
        site,
        locales: &locales,
        status: &status,
        base_url: request.base_url.as_ref().unwrap_or(&site.settings.base_url),
        theme: &theme,
        attachments: &files.attachments,
        statics: &files.statics,
        feeds: &output::feeds(site).collect::<Vec<_>>(),
        commit: commit.as_deref(),
    };
    memo.forget_unless(Shared {
        hash: shared,
        evidence: std::mem::take(&mut files.evidence),
    });
    let editions = editions(&publication, &templates)?;
    if diagnostics.errors() > 0 {
        diagnostics.append(unfit_paths(&editions));
        return None;
    }
    diagnostics.append(check::contradictions(site, &status));
    let published_at = publication.base_url;
    diagnostics.append(check::scaffold_values(site, published_at, config));
    let outputs = output::publish(&editions, &mut Context::new(memo, diagnostics));
    if diagnostics.iter().any(|it| it.code == Code::Fault) {
        // What is not there because of it says nothing about the site.
        return None;
    }
    diagnostics.append(check::rules::findings(site, &status, &outputs));
    let wordings = wordings(site, config, request.folder, diagnostics);
    let announced = announced(&editions, &wordings, diagnostics).unwrap_or_else(|finding| {
        diagnostics.push(*finding);
        Announced::default()
    });
    Some((outputs, announced))
}

/// The languages of a site with the words of its theme, the first one first.
fn locales(site: &Site, theme: &Theme, diagnostics: &mut Diagnostics) -> Vec<Arc<Locale>> {
    let languages = site.settings.languages.iter();
    let locales: Vec<Arc<Locale>> = languages
        .map(|language| Arc::new(theme.locale(language, diagnostics)))
        .collect();
    for locale in locales.iter().filter(|it| theme.speaks(it.language())) {
        diagnostics.append(check::missing_messages(locale));
    }
    locales
}

/// The editions of a site, the one in its first language first; `None` where the templates for one of them are broken.
fn editions<'a>(
    publication: &Publication<'a>,
    templates: &'a [Option<Templates>],
) -> Option<Vec<Edition<'a>>> {
    let locales = publication.locales.iter().zip(templates).enumerate();
    let editions = locales.map(|(index, (locale, templates))| {
        let (language, templates) = (LanguageIndex(index), templates.as_ref()?);
        Some(Edition::new(publication, language, locale, templates))
    });
    editions.collect()
}

/// What is wrong with the paths of a site that cannot be published for other reasons, so that all of it is told in one
/// run. What else its pages lack, or a fault in making them, may only follow from those, and so may a clash between
/// files that allclear makes.
fn unfit_paths(editions: &[Edition<'_>]) -> Diagnostics {
    let work = || {
        let (mut memo, mut diagnostics) = (PageMemo::default(), Diagnostics::new());
        output::publish(editions, &mut Context::new(&mut memo, &mut diagnostics));
        let is_wanted = |it: &&Diagnostic| {
            matches!(it.code, Code::BadFileName | Code::PathTaken) && it.location.path() != CONFIG
        };
        let wanted = diagnostics.iter().filter(is_wanted).cloned();
        Diagnostics::from(wanted.collect::<Vec<_>>())
    };
    Fault::caught(work).unwrap_or_default()
}

/// A hash of what all pages are made from: configuration, theme, and how they were asked for.
fn shared(config: &SourceFile, theme_files: &[Attachment], request: &Request<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    config.text.hash(&mut hasher);
    let base_url = request.base_url.as_ref();
    base_url.map(BaseUrl::to_string).hash(&mut hasher);
    for Attachment { path, bytes } in theme_files {
        (path, bytes).hash(&mut hasher);
    }
    hasher.finish()
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
            let name = format!("logo.{}", extension.to_lowercase());
            let asset = Asset::new(Utf8Path::new(&name), bytes);
            Some(asset.because_of(&path.value))
        }
        Err(mut diagnostic) => {
            diagnostic.location = Location::Text(Place::new(config, path.span.clone()));
            diagnostics.push(*diagnostic);
            None
        }
    };
    let logo = site.settings.logo.as_ref()?;
    let light = read(&logo.light);
    let dark = logo.dark.as_ref().and_then(read);
    Some(LogoFiles {
        light: light?,
        dark,
    })
}

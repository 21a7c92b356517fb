//! The assembly of a site from its files, which resolves every reference and reports every problem.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use camino::Utf8Path;

use super::evidence_files::{AsOf, EvidenceFiles, EvidencePaths};
use super::latency::latency;
use super::logo_and_links::{Linkable, resolved};
use super::memo::{Memo, Memos, collected};
use super::names::Names;
use super::post::Content;
use super::signal::{SignalGround, signals as signals_of};
use super::{channel, config, own_page, post, probe, region, source, translation, unread_reports};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, SourceFile};
use crate::locale::{Language, Locale};
use crate::site::Site;
use crate::site::component::{Component, Group, Requirement};
use crate::site::config::{ComponentConfig, Config, GroupConfig, Settings};
use crate::site::lookup::Directory;
use crate::site::post::Post;
use crate::site::signal::Signal;
use crate::source::{Files, THEMES};
use crate::syntax::{Reader, Spanned};

/// Reads a site from its files.
///
/// The site is there whenever enough of it could be understood to go on; it may be published only
/// where the diagnostics hold no error. Files that `memos` knows are not taken apart again.
pub fn read(
    files: &Files,
    drafts: Drafts,
    as_of: AsOf,
    memos: &mut Memos,
    diagnostics: &mut Diagnostics,
) -> Option<Site> {
    let file = files.config.as_ref()?;
    let (config, found) = collected(file, |found| config::read(file, found));
    diagnostics.append(found);
    let config = config?;
    memos.forget_unless(file, files);
    let reader = &mut Reader { file, diagnostics };
    unread_reports::report(reader, &config, files);
    Some(assemble(reader, config, files, drafts, as_of, memos))
}

/// Reads a site from its configuration alone, as if nothing had ever happened in it. What names other files, which are not
/// there to be found, is left out: signals, links and the settings of sources.
pub fn read_config(files: &Files, diagnostics: &mut Diagnostics) -> Option<Site> {
    let file = files.config.as_ref()?;
    let config = config::read(file, diagnostics)?;
    let alone = Config {
        signals: Vec::new(),
        links: Vec::new(),
        sources: Vec::new(),
        ..config
    };
    let memos = &mut Memos::default();
    let reader = &mut Reader { file, diagnostics };
    let (drafts, as_of) = (Drafts::LeftOut, AsOf::History);
    Some(assemble(reader, alone, files, drafts, as_of, memos))
}

/// Whether incidents marked `draft` are part of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drafts {
    /// Drafts are part of the site.
    Included,
    /// Drafts are checked, and left out.
    LeftOut,
}

/// The site of a configuration, with what the other files say.
fn assemble(
    reader: &mut Reader<'_>,
    config: Config,
    files: &Files,
    drafts: Drafts,
    as_of: AsOf,
    memos: &mut Memos,
) -> Site {
    let Config {
        settings,
        groups,
        components,
        signals,
        regions,
        links,
        sources,
        probes,
        channels,
        quorum,
    } = config;
    no_repeats(reader, "group", groups.iter().map(|group| &group.id));
    no_repeats(reader, "component", components.iter().map(|it| &it.id));
    no_repeats(reader, "signal", signals.iter().map(|signal| &signal.id));
    no_repeats(reader, "region", regions.iter().map(|region| &region.id));

    let zone = settings.time_zone;
    let known_groups = Directory::new(&groups);
    let components: Vec<Component> = components
        .into_iter()
        .map(|component| resolve(reader, component, &known_groups, quorum))
        .collect();
    let known_components = Directory::new(&components);
    let evidence = EvidenceFiles {
        files: &files.evidence,
        paths: &EvidencePaths::new(&files.evidence),
        components: &known_components,
        probes: &probes,
        zone,
        as_of,
    };
    let latency = latency(reader, evidence, &signals, &sources, &mut memos.latency);
    let observed = source::observed(
        reader,
        evidence,
        &signals,
        settings.reports.as_ref(),
        &mut memos.states,
    );
    let sources = source::sources(reader, observed.states, observed.pulled, sources);
    let regions = region::regions(reader, regions);
    let known_regions = Directory::new(&regions);
    let ground = SignalGround {
        evidence,
        latency: &latency,
        regions: &known_regions,
        reports: settings.reports.as_ref(),
    };
    let signals: Vec<Signal> = signals
        .into_iter()
        .flat_map(|config| signals_of(reader, config, ground, &mut memos.samples))
        .collect();
    let probes = probe::probes(reader, probes, &known_components);
    let channels = channel::channels(reader, channels, &known_components);
    let locales = locales(&settings, files);
    let names = Names {
        components: &known_components,
        regions: &known_regions,
        signals: &Directory::new(&signals),
        languages: &settings.languages,
        locales: &locales,
        zone,
    };
    let posts = posts(reader, files, drafts, &names, &mut memos.posts);
    let own_pages = own_page::pages(&files.pages, &settings.languages, reader.diagnostics);
    let linkable = Linkable {
        pages: &own_pages,
        page_files: &files.pages,
        files: &files.statics,
        languages: &settings.languages,
    };
    let links = resolved(reader, links, linkable);
    Site {
        settings,
        groups: groups
            .into_iter()
            .map(|GroupConfig { id, name }| Group { id: id.value, name })
            .collect(),
        components,
        signals,
        regions,
        sources,
        latency,
        probes,
        channels,
        disbelieved: observed.disbelieved,
        posts,
        own_pages,
        links,
        locales,
    }
}

/// The languages of a site, with the messages of its theme. What is wrong with those is reported with the theme.
fn locales(settings: &Settings, files: &Files) -> Arc<[Locale]> {
    let folder = Utf8Path::new(THEMES).join(&settings.theme.value);
    let of_theme = |file: &&Arc<SourceFile>| file.path.starts_with(&folder);
    let tables = files.messages.iter().filter(of_theme).filter_map(|file| {
        let language = Language::parse(file.path.file_stem()?).ok()?;
        Some((language.as_str().to_owned(), file.text.as_str()))
    });
    let tables: BTreeMap<String, &str> = tables.collect();
    let locale = |language| Locale::with_tables(language, |tag| tables.get(tag).copied());
    settings.languages.iter().map(locale).collect()
}

/// Reports ids that stand twice.
fn no_repeats<'a>(
    reader: &mut Reader<'_>,
    what: &str,
    ids: impl Iterator<Item = &'a Spanned<String>>,
) {
    let mut seen: BTreeMap<&str, &Spanned<String>> = BTreeMap::new();
    for id in ids {
        match seen.entry(&id.value) {
            Entry::Vacant(entry) => {
                entry.insert(id);
            }
            Entry::Occupied(first) => {
                let message = format!("there are two {what}s `{}`", id.value);
                let first = reader.place(&first.get().span);
                reader.diagnostics.push(
                    Diagnostic::error(Code::DuplicateId, reader.place(&id.span), message)
                        .related(first, "the first")
                        .hint("give one of them another id"),
                );
            }
        }
    }
}

/// A component whose group is resolved.
fn resolve(
    reader: &mut Reader<'_>,
    component: ComponentConfig,
    groups: &Directory<'_, GroupConfig>,
    site_quorum: usize,
) -> Component {
    let ComponentConfig {
        id,
        name,
        description,
        group,
        since,
        required,
        valid_for,
        quorum,
    } = component;
    let group = group.and_then(|wanted| reader.known(&wanted.span, groups.group(&wanted.value)));
    Component {
        id: id.value,
        name,
        description,
        group,
        since,
        required: match required {
            Some(true) => Requirement::Always,
            Some(false) => Requirement::Never,
            None => Requirement::OnceObserved,
        },
        valid_for,
        quorum: quorum.unwrap_or(site_quorum),
    }
}

/// The posts of all incident files, by slug.
fn posts(
    reader: &mut Reader<'_>,
    files: &Files,
    drafts: Drafts,
    names: &Names<'_>,
    memo: &mut Memo<Option<Content>>,
) -> Vec<Arc<Post>> {
    let diagnostics = &mut *reader.diagnostics;
    let contents = memo.read_all(&files.incidents, diagnostics, |file, diagnostics| {
        post::read(file, names, diagnostics)
    });
    let mut posts = translation::joined(contents, names, diagnostics);
    if drafts == Drafts::LeftOut {
        posts.retain(|post| !post.draft);
    }
    posts
}

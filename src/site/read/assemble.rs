//! From files to a site: every name is followed, and every problem is told.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::evidence::{self, States};
use super::memo::{Memo, Memos};
use super::names::Names;
use super::post::{self, Content, Translation};
use super::samples;
use crate::diagnostic::{
    Code, Diagnostic, Diagnostics, Place, SourceFile, code_list, nearest_hint,
};
use crate::locale::Locale;
use crate::site::Site;
use crate::site::component::{Component, ComponentIndex, Group};
use crate::site::config::{self, ComponentConfig, Config, GroupConfig, SignalConfig};
use crate::site::observation::Source;
use crate::site::post::Post;
use crate::site::signal::{Sample, Signal};
use crate::source::Files;
use crate::syntax::{Reader, Spanned};
use crate::time;

/// Reads a site from its files.
///
/// The site is there whenever enough of it could be understood to go on; it may be published only
/// where the diagnostics hold no error. Files that `memos` knows are not taken apart again.
pub fn read(files: &Files, drafts: Drafts, memos: &mut Memos) -> (Option<Site>, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let site = files.config.as_ref().and_then(|file| {
        let config = super::config::read(file, &mut diagnostics)?;
        memos.forget_unless(file, files);
        Some(assemble(
            config,
            file,
            files,
            drafts,
            memos,
            &mut diagnostics,
        ))
    });
    diagnostics.sort();
    (site, diagnostics)
}

/// Whether incidents marked `draft` are part of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drafts {
    /// They are.
    Included,
    /// They are checked, and left out.
    LeftOut,
}

fn assemble(
    config: Config,
    file: &Arc<SourceFile>,
    files: &Files,
    drafts: Drafts,
    memos: &mut Memos,
    diagnostics: &mut Diagnostics,
) -> Site {
    let Config {
        title,
        base_url,
        languages,
        time_zone,
        theme,
        theme_options,
        logo,
        links,
        groups,
        components,
        signals,
        sources,
        quorum,
        weights,
        expected_every,
        rules,
    } = config;
    let mut reader = Reader { file, diagnostics };
    no_repeats(groups.iter().map(|group| &group.id), "group", &mut reader);
    no_repeats(
        components.iter().map(|component| &component.id),
        "component",
        &mut reader,
    );
    no_repeats(
        signals.iter().map(|signal| &signal.id),
        "signal",
        &mut reader,
    );
    let required: Vec<Option<bool>> = components
        .iter()
        .map(|component| component.required)
        .collect();
    let mut components: Vec<Component> = components
        .into_iter()
        .map(|component| resolve(component, &groups, quorum, &mut reader))
        .collect();

    let mut observed = Vec::new();
    for evidence in &files.evidence {
        if signals
            .iter()
            .filter_map(|signal| signal.file.as_ref())
            .any(|file| file.value == evidence.path)
        {
            continue;
        }
        if evidence.path.extension() == Some("json") {
            let place = Place::new(evidence, 0..0);
            let message = "no signal names this file, and component states are not kept in `.json`";
            reader.diagnostics.push(
                Diagnostic::warning(Code::UnusedFile, place, message)
                    .hint("name it as the `file` of a signal, or write states as JSON Lines in a `.jsonl` file"),
            );
            continue;
        }
        if samples::holds_samples(evidence) {
            // A signal without its file has been told of, or will be; this is likely that file.
            if signals.iter().all(|signal| has_file(signal, files)) {
                let place = Place::new(evidence, 0..evidence.text.len());
                let message = "this file holds samples, but no signal names it";
                reader.diagnostics.push(
                    Diagnostic::warning(Code::UnusedFile, place, message)
                        .hint("name it as the `file` of a signal in `allclear.toml`"),
                );
            }
            continue;
        }
        let read = || evidence::states(evidence, &components, time_zone);
        let (states, found) = memos.states.read(evidence, read);
        observed.push(states);
        reader.diagnostics.append(found);
    }
    let names = observed.iter().flat_map(States::keys);
    let names: BTreeSet<&str> = names.map(String::as_str).collect();
    for source in &sources {
        let name = &source.name.value;
        if !names.contains(name.as_str()) {
            let message = format!("no evidence comes from a source `{name}`");
            reader.warning(
                Code::UnusedSource,
                &source.name.span,
                message,
                nearest_hint(name, names.iter().copied()),
            );
        }
    }
    let sources = by_source(observed, sources);
    // An operator's word is no evidence, so it does not make evidence required.
    let seen: BTreeSet<ComponentIndex> = sources
        .iter()
        .filter(|source| !source.is_operator())
        .flat_map(|source| &source.observations)
        .map(|observation| observation.component)
        .collect();
    for (at, component) in components.iter_mut().enumerate() {
        component.required = required[at].unwrap_or_else(|| seen.contains(&ComponentIndex(at)));
    }
    let signals: Vec<Signal> = signals
        .into_iter()
        .map(|signal| {
            let memo = &mut memos.samples;
            with_samples(signal, &components, files, memo, time_zone, &mut reader)
        })
        .collect();

    let locales: Vec<Locale> = languages.iter().map(Locale::new).collect();
    let known = Names {
        components: &components,
        signals: &signals,
        languages: &languages,
        locales: &locales,
        zone: time_zone,
    };
    let read = (memos.posts).read_all(&files.incidents, |file| post::read(file, &known));
    let mut incidents = incidents(read, &known, reader.diagnostics);
    if drafts == Drafts::LeftOut {
        incidents.retain(|incident| !incident.draft);
    }
    Site {
        title,
        base_url,
        languages,
        time_zone,
        theme,
        theme_options,
        logo,
        links,
        groups: groups
            .into_iter()
            .map(|GroupConfig { id, name }| Group { id: id.value, name })
            .collect(),
        components,
        signals,
        sources,
        posts: incidents,
        weights,
        expected_every,
        rules,
    }
}

/// Reports ids that stand twice.
fn no_repeats<'a>(
    ids: impl Iterator<Item = &'a Spanned<String>>,
    what: &str,
    reader: &mut Reader<'_>,
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

fn resolve(
    component: ComponentConfig,
    groups: &[GroupConfig],
    site_quorum: usize,
    reader: &mut Reader<'_>,
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
    let group = group.and_then(|wanted| {
        let found = groups
            .iter()
            .position(|group| group.id.value == wanted.value);
        if found.is_none() {
            let hint = nearest_hint(
                &wanted.value,
                groups.iter().map(|group| group.id.value.as_str()),
            )
            .unwrap_or_else(|| {
                format!("add a `[[groups]]` table with `id = \"{}\"`", wanted.value)
            });
            reader.error(
                Code::UnknownGroup,
                &wanted.span,
                format!("there is no group `{}`", wanted.value),
                hint,
            );
        }
        found
    });
    Component {
        id: id.value,
        name,
        description,
        group,
        since,
        required: required.unwrap_or(false),
        valid_for,
        quorum: quorum.unwrap_or(site_quorum),
    }
}

/// Gathers observations by their source; each source's by component and time.
fn by_source(observed: Vec<States>, configured: Vec<config::SourceConfig>) -> Vec<Source> {
    let mut sources: BTreeMap<String, Source> = BTreeMap::new();
    for (name, observations) in observed.into_iter().flatten() {
        let entry = sources.entry(name).or_insert_with_key(|name| Source {
            name: name.clone(),
            silences: Vec::new(),
            observations: Vec::new(),
        });
        entry.observations.extend(observations);
    }
    for config::SourceConfig { name, ignore } in configured {
        if let Some(source) = sources.get_mut(&name.value) {
            source.silences.extend(ignore);
        }
    }
    let mut sources: Vec<Source> = sources.into_values().collect();
    for source in &mut sources {
        source
            .observations
            .sort_by_key(|observation| (observation.component, observation.from));
    }
    sources
}

/// Whether the file that a signal names is there.
fn has_file(signal: &SignalConfig, files: &Files) -> bool {
    let path = signal.file.as_ref().map(|file| &file.value);
    path.is_some_and(|path| files.evidence.iter().any(|file| file.path == *path))
}

fn with_samples(
    signal: SignalConfig,
    components: &[Component],
    files: &Files,
    memo: &mut Memo<Arc<Vec<Sample>>>,
    zone: chrono_tz::Tz,
    reader: &mut Reader<'_>,
) -> Signal {
    let SignalConfig {
        id,
        name,
        components: ids,
        file: path,
        unit,
        limit,
        sustained,
        valid_for,
    } = signal;
    let mut named = Vec::with_capacity(ids.len());
    for wanted in ids {
        match components
            .iter()
            .position(|component| component.id == wanted.value)
        {
            Some(at) => named.push(ComponentIndex(at)),
            None => {
                let hint = nearest_hint(
                    &wanted.value,
                    components.iter().map(|component| component.id.as_str()),
                );
                reader.error(
                    Code::UnknownComponent,
                    &wanted.span,
                    format!("there is no component `{}`", wanted.value),
                    hint,
                );
            }
        }
    }
    let found = path.map(|path| {
        let found = files.evidence.iter().find(|file| file.path == path.value);
        (found, path)
    });
    let samples = match found {
        None => Arc::default(),
        Some((Some(evidence), _)) => {
            let read = || {
                let (samples, found) = samples::samples(evidence, zone);
                (Arc::new(samples), found)
            };
            let (samples, found) = memo.read(evidence, read);
            reader.diagnostics.append(found);
            samples
        }
        Some((None, path)) => {
            let paths = files.evidence.iter().map(|file| file.path.as_str());
            let message = format!("there is no file `{}`", path.value);
            let hint = nearest_hint(path.value.as_str(), paths).unwrap_or_else(|| {
                "a signal's samples are a `.csv`, `.jsonl` or `.json` file in `evidence/`"
                    .to_owned()
            });
            reader.error(Code::MissingEvidenceFile, &path.span, message, hint);
            Arc::default()
        }
    };
    Signal {
        place: reader.place(&id.span),
        id: id.value,
        name,
        components: named,
        unit,
        limit,
        sustained,
        valid_for,
        samples,
    }
}

/// Reads every incident file, and joins translations with their originals.
fn incidents(
    read: Vec<(Option<Content>, Diagnostics)>,
    known: &Names<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<Arc<Post>> {
    let mut originals: BTreeMap<String, Arc<Post>> = BTreeMap::new();
    let mut translations = Vec::new();
    for (content, found) in read {
        diagnostics.append(found);
        match content {
            None => {}
            Some(Content::Translation(translation)) => translations.push(translation),
            Some(Content::Original(incident)) => match originals.entry(incident.slug.folded()) {
                Entry::Vacant(entry) => {
                    entry.insert(incident);
                }
                Entry::Occupied(first) => {
                    let message =
                        format!("two incidents have the slug `{}`", incident.slug.as_str());
                    diagnostics.push(
                        Diagnostic::error(Code::DuplicateSlug, incident.place.clone(), message)
                            .related(first.get().place.clone(), "the first")
                            .hint("rename one of the files: the slug is the address of the incident's page"),
                    );
                }
            },
        }
    }
    for translation in translations {
        join(translation, &mut originals, known, diagnostics);
    }
    let mut incidents: Vec<Arc<Post>> = originals.into_values().collect();
    incidents.sort_by(|a, b| a.slug.cmp(&b.slug));
    incidents
}

/// Adds a translation to its original: its updates are those of the same state and time.
fn join(
    translation: Translation,
    originals: &mut BTreeMap<String, Arc<Post>>,
    known: &Names<'_>,
    diagnostics: &mut Diagnostics,
) {
    let Translation {
        slug,
        language,
        title,
        summary,
        updates,
        file,
    } = translation;
    let Some(incident) = originals.get_mut(&slug.folded()) else {
        let name = file.path.file_name().unwrap_or_default();
        let original = name.replace(
            &format!(".{}.md", known.languages[language].as_str()),
            ".md",
        );
        let place = Place::new(&file, 0..file.text.lines().next().map_or(0, str::len));
        diagnostics.push(
            Diagnostic::error(
                Code::TranslationWithoutOriginal,
                place,
                format!("there is no `{original}` that this translates"),
            )
            .hint(format!(
                "write `{original}` beside it, or take the language out of this file's name"
            )),
        );
        return;
    };
    let incident = Arc::make_mut(incident);
    if let Some(title) = title {
        incident.title.add(language, title);
    }
    incident.summary.adopt(summary);
    let mut taken = vec![false; incident.updates.len()];
    for update in updates {
        let fits = |original: &crate::site::update::Update| {
            original.at == update.at && original.state == update.state
        };
        let found = (0..taken.len()).find(|at| !taken[*at] && fits(&incident.updates[*at]));
        match found {
            Some(at) => {
                taken[at] = true;
                incident.updates[at].text.adopt(update.text);
            }
            None => {
                let same_time = incident
                    .updates
                    .iter()
                    .find(|original| original.at == update.at);
                let message = match same_time {
                    Some(original) => format!(
                        "the original says `{}` at this time, not `{}`",
                        original.state.as_str(),
                        update.state.as_str()
                    ),
                    None => "the original has no update at this time".to_owned(),
                };
                let times: Vec<String> = incident
                    .updates
                    .iter()
                    .map(|original| time::with_offset(original.at, known.zone))
                    .collect();
                let times: Vec<&str> = times.iter().map(String::as_str).collect();
                let mut diagnostic =
                    Diagnostic::error(Code::TranslationMismatch, update.place, message);
                diagnostic = match same_time {
                    Some(original) => diagnostic.related(original.place.clone(), "the original"),
                    None if times.is_empty() => diagnostic.hint("the original has no updates"),
                    None => {
                        diagnostic.hint(format!("its updates are those of {}", code_list(&times)))
                    }
                };
                diagnostics.push(diagnostic);
            }
        }
    }
}

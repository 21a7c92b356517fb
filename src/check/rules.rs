//! Lints, which a site may set to `error`, `warning` or `off`: problems for readers that are no contradictions.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;
use percent_encoding::percent_decode_str;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::{left_source, rhythm, slow_probe};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place};
use crate::locale::LanguageIndex;
use crate::markdown::{self, Reference};
use crate::output::{Output, Route};
use crate::site::Site;
use crate::site::component::{ComponentIndex, Requirement};
use crate::site::post::{Kind, PostIndex};
use crate::site::update::LocalizedMarkdown;
use crate::site::vocabulary::State;
use crate::source::CONFIG;
use crate::status::SiteStatus;
use crate::status::occurrence::OccurrenceIndex;
use crate::time;

/// The time without an update after which an open incident is a finding, where nothing was promised.
const SILENCE: TimeDelta = TimeDelta::hours(24);

/// What the rules look at.
struct Checked<'a> {
    site: &'a Site,
    status: &'a SiteStatus,
    files: Published<'a>,
}

/// The rules that look at one post.
const OF_POSTS: &[fn(&Checked<'_>, PostIndex, &mut Diagnostics)] = &[
    silent_incident,
    overdue_maintenance,
    empty_updates,
    only_comments,
    stale_translations,
    references,
];

/// The rules that look at the whole site.
const OF_SITES: &[fn(&Checked<'_>, &mut Diagnostics)] = &[
    missing_evidence,
    slow_evidence,
    slow_probes,
    left_sources,
    references_of_pages,
];

/// The findings of all rules. `outputs` is everything that is published, sorted by path.
pub fn findings(site: &Site, status: &SiteStatus, outputs: &[Output]) -> Diagnostics {
    let checked = Checked {
        site,
        status,
        files: Published {
            outputs,
            ids: Mutex::default(),
        },
    };
    let pages: Vec<OccurrenceIndex> = status.pages().collect();
    let found: Vec<Diagnostics> = (pages.par_iter())
        .map(|index| {
            let post = status.occurrence(*index).post;
            let mut found = Diagnostics::new();
            for rule in OF_POSTS {
                rule(&checked, post, &mut found);
            }
            found
        })
        .collect();
    let mut diagnostics = Diagnostics::new();
    for found in found {
        diagnostics.append(found);
    }
    for rule in OF_SITES {
        rule(&checked, &mut diagnostics);
    }
    diagnostics
}

/// An open incident without an update for longer than was promised, or for a day.
fn silent_incident(checked: &Checked<'_>, index: PostIndex, diagnostics: &mut Diagnostics) {
    let Checked { site, status, .. } = checked;
    for occurrence in status.of_post(index) {
        let (course, now) = (&occurrence.course, status.now());
        let post = site.post(occurrence.post);
        let Kind::Incident(incident) = &post.kind else {
            continue;
        };
        if !course.is_open {
            continue;
        }
        let last = occurrence.published(site).last();
        let last = last.map_or(incident.started, |update| update.at);
        let message = match course.next_update {
            Some(due) if due < now => format!("an update was promised by {}", time::rfc3339(due)),
            Some(_) => continue,
            None if last + SILENCE < now => {
                format!("the last update is of {}", time::rfc3339(last))
            }
            None => continue,
        };
        let message = format!("this incident is open, and readers hear nothing: {message}");
        diagnostics.push(
            Diagnostic::warning(Code::SilentIncident, post.place.clone(), message).hint(
                "post one with `allclear update`, or say that it is over with `allclear resolve`",
            ),
        );
    }
}

/// A maintenance past its end that nobody said is completed.
fn overdue_maintenance(checked: &Checked<'_>, index: PostIndex, diagnostics: &mut Diagnostics) {
    let Checked { site, status, .. } = checked;
    for occurrence in status.of_post(index) {
        let Some(window) = occurrence.window else {
            continue;
        };
        let is_over = (occurrence.course.state).is_none_or(State::ends_maintenance);
        if is_over || status.now() <= window.ends() {
            continue;
        }
        let post = site.post(occurrence.post);
        let ends = time::rfc3339(window.ends());
        let message = format!("this maintenance was to end by {ends}, and nobody said that it has");
        diagnostics.push(
            Diagnostic::warning(Code::OverdueMaintenance, post.place.clone(), message)
                .hint("post `completed` with `allclear update`, or move `ends`"),
        );
    }
}

/// An update that says nothing; that something is over says enough, and so does the window of work that is announced.
fn empty_updates(checked: &Checked<'_>, index: PostIndex, diagnostics: &mut Diagnostics) {
    let post = checked.site.post(index);
    for update in &post.updates {
        let says_enough = update.state.ends_maintenance()
            || update.state == State::Scheduled
            || update.state.ends_incident() && update.state != State::Postmortem;
        if !says_enough && says_nothing(&update.text) {
            let message = "this update has no text";
            diagnostics.push(
                Diagnostic::warning(Code::EmptyUpdate, update.place.clone(), message)
                    .hint("say below it what readers should know"),
            );
        }
    }
}

/// Whether a text has nothing for readers: it is missing, or a comment.
fn says_nothing(text: &LocalizedMarkdown) -> bool {
    text.get(LanguageIndex::DEFAULT).is_none_or(|(text, _)| {
        text.trim_start().starts_with("<!--") && markdown::plain_text(text, 80).is_empty()
    })
}

/// A comment that is the only text of a post: somebody meant to write one.
fn only_comments(checked: &Checked<'_>, index: PostIndex, diagnostics: &mut Diagnostics) {
    let post = checked.site.post(index);
    let mut texts = post.updates.iter().map(|update| &update.text);
    if let Some((_, Place { file, span })) = post.summary.places().next()
        && says_nothing(&post.summary)
        && texts.all(says_nothing)
    {
        let message = "this comment is all the text there is, and readers do not see it";
        let text = &file.text[span.clone()];
        let start = span.start + text.len() - text.trim_start().len();
        let place = Place::new(&file, start..start + text.trim().len());
        diagnostics.push(
            Diagnostic::warning(Code::EmptyUpdate, place, message)
                .hint("say here what readers should know, outside of the comment"),
        );
    }
}

/// A translation without an update that the original has.
fn stale_translations(checked: &Checked<'_>, index: PostIndex, diagnostics: &mut Diagnostics) {
    let site = checked.site;
    let post = site.post(index);
    let texts = || post.updates.iter().map(|update| &update.text);
    let is_in = |text: &LocalizedMarkdown, language| text.places().any(|(of, _)| of == language);
    for (language, name) in site.settings.languages.iter().enumerate().skip(1) {
        let language = LanguageIndex(language);
        let (_, title) = post.title.get(language);
        let is_translated = title == language
            || is_in(&post.summary, language)
            || texts().any(|text| is_in(text, language));
        if !is_translated {
            continue;
        }
        for update in &post.updates {
            let is_behind =
                update.text.get(LanguageIndex::DEFAULT).is_some() && !is_in(&update.text, language);
            if is_behind {
                let message = format!("the translation into `{}` lacks this update", name.as_str());
                diagnostics.push(
                    Diagnostic::warning(Code::StaleTranslation, update.place.clone(), message)
                        .hint("until it has it, readers see the original, marked as such"),
                );
            }
        }
    }
}

/// A component that must have evidence and never had any.
fn missing_evidence(checked: &Checked<'_>, diagnostics: &mut Diagnostics) {
    let site = checked.site;
    // What is not believed, or not yet, is another matter.
    let mut seen = site.disbelieved.clone();
    let mut of_operators: BTreeSet<ComponentIndex> = BTreeSet::new();
    for source in &site.sources {
        let mentioned = match source.is_operator() {
            true => &mut of_operators,
            false => &mut seen,
        };
        let observations = source.observations.iter();
        mentioned.extend(observations.map(|observation| observation.component));
    }
    for (index, component) in site.components.iter().enumerate() {
        let index = ComponentIndex(index);
        if component.required == Requirement::Always && !seen.contains(&index) {
            let message = match of_operators.contains(&index) {
                false => format!(
                    "`{}` requires evidence, and no file mentions it",
                    component.id
                ),
                true => format!(
                    "`{}` requires evidence, and only an operator mentions it, whose word is none",
                    component.id
                ),
            };
            diagnostics.push(
                Diagnostic::file_warning(Code::MissingEvidence, CONFIG, message).hint(format!(
                    "record some with `allclear record {} operational --source NAME`",
                    component.id
                )),
            );
        }
    }
}

/// A component whose evidence comes more seldom than its all-clear lasts.
fn slow_evidence(checked: &Checked<'_>, diagnostics: &mut Diagnostics) {
    for found in rhythm::slow_evidence(checked.site, checked.status.now()) {
        diagnostics.push(found);
    }
}

/// A component that probes ask about too seldom for an all-clear.
fn slow_probes(checked: &Checked<'_>, diagnostics: &mut Diagnostics) {
    for found in slow_probe::slow_probes(checked.site) {
        diagnostics.push(found);
    }
}

/// Sources of probes that are gone, and that still tell of trouble.
fn left_sources(checked: &Checked<'_>, diagnostics: &mut Diagnostics) {
    for found in left_source::left_sources(checked.site, checked.status) {
        diagnostics.push(found);
    }
}

/// The published files, sorted by path, to look links up in.
struct Published<'a> {
    outputs: &'a [Output],
    /// The ids in each file that a link into a page looked for.
    ids: Mutex<HashMap<usize, Arc<HashSet<&'a [u8]>>>>,
}

impl<'a> Published<'a> {
    fn find(&self, path: &str) -> Option<usize> {
        // In the order of `publish`, which is not that of the paths' parts.
        let is_it = |output: &Output| output.path.as_str().cmp(path);
        self.outputs.binary_search_by(is_it).ok()
    }

    /// The ids in the file at an index.
    fn ids(&self, at: usize) -> Arc<HashSet<&'a [u8]>> {
        let mut ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        let of_file = ids
            .entry(at)
            .or_insert_with(|| Arc::new(ids_in(&self.outputs[at].bytes)));
        Arc::clone(of_file)
    }

    /// The fault of a link from a page; `None` where nothing is.
    fn fault(&self, page: &Route, target: &str) -> Option<String> {
        let (path, fragment) = target.split_once('#').unwrap_or((target, ""));
        let path = path.split('?').next().unwrap_or_default();
        let path = percent_decode_str(path).decode_utf8_lossy();
        let own = page.file();
        let file = match path.as_ref() {
            "" => own,
            path => resolved(own.trim_end_matches("index.html"), path)?,
        };
        let found = [
            file.clone(),
            format!("{}/index.html", file.trim_end_matches('/')),
        ];
        let found = found
            .iter()
            .find_map(|file| self.find(file.trim_start_matches('/')));
        let Some(at) = found else {
            return Some(format!("`{target}` leads to no page or file of the site"));
        };
        let is_there = fragment.is_empty() || self.ids(at).contains(fragment.as_bytes());
        (!is_there).then(|| format!("the page has no place `#{fragment}`"))
    }
}

/// The ids in a page.
fn ids_in(page: &[u8]) -> HashSet<&[u8]> {
    const ATTRIBUTE: &[u8] = b"id=\"";
    let starts = page.windows(ATTRIBUTE.len()).enumerate();
    let starts = starts.filter(|(_, window)| *window == ATTRIBUTE);
    let ids = starts.filter_map(|(at, _)| {
        let rest = &page[at + ATTRIBUTE.len()..];
        let end = rest.iter().position(|byte| *byte == b'"')?;
        Some(&rest[..end])
    });
    ids.collect()
}

/// A path seen from a folder; `None` for one that begins at the host, where the site may be at any depth.
fn resolved(folder: &str, path: &str) -> Option<String> {
    if path.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Links of a post that lead nowhere, and images without words.
fn references(checked: &Checked<'_>, index: PostIndex, diagnostics: &mut Diagnostics) {
    let post = checked.site.post(index);
    let updates = post.updates.iter().map(|update| &update.text);
    let texts = Linking {
        texts: std::iter::once(&post.summary).chain(updates).collect(),
        page: &|prefix| Route::post(prefix, &post.slug),
        hint: "links are relative to the page of the incident, as `../OTHER-SLUG/`; images lie beside an `index.md`",
    };
    look_up(checked, &texts, diagnostics);
}

/// The same of the pages of the site's own.
fn references_of_pages(checked: &Checked<'_>, diagnostics: &mut Diagnostics) {
    for own in &checked.site.own_pages {
        let texts = Linking {
            texts: vec![&own.text],
            page: &|prefix| Route::own(prefix, &own.slug),
            hint: "links are relative to the page, as `../OTHER-PAGE/`; images and other files lie in `static/`, which is `../` from here",
        };
        look_up(checked, &texts, diagnostics);
    }
}

/// Texts with links, and the page that they stand on.
struct Linking<'a> {
    texts: Vec<&'a LocalizedMarkdown>,
    /// The page in a language, by the prefix of its address.
    page: &'a dyn Fn(Option<&str>) -> Route,
    /// The way to fix a link.
    hint: &'static str,
}

/// Reports links that lead nowhere, and images without words.
fn look_up(checked: &Checked<'_>, linking: &Linking<'_>, diagnostics: &mut Diagnostics) {
    let Checked { site, files, .. } = checked;
    let mut reported = HashSet::new();
    for prose in &linking.texts {
        for (language, place) in prose.places() {
            let is_default = language == LanguageIndex::DEFAULT;
            let prefix = (!is_default).then(|| site.settings.language(language).as_str());
            let page = (linking.page)(prefix);
            for reference in markdown::references(place.text()) {
                let Reference {
                    span,
                    inside,
                    is_wordless,
                } = reference;
                let start = place.span.start;
                let at = Place::new(&place.file, start + span.start..start + span.end);
                if is_wordless {
                    let message = "this image has no words for those who do not see it";
                    diagnostics.push(
                        Diagnostic::warning(Code::WordlessImage, at.clone(), message).hint(
                            "say in the brackets what it shows: `![Errors per minute](graph.png)`",
                        ),
                    );
                }
                let fault = inside.and_then(|target| files.fault(&page, &target));
                if let Some(message) = fault.filter(|_| reported.insert((language, at.span.start)))
                {
                    diagnostics.push(
                        Diagnostic::warning(Code::BrokenLink, at, message).hint(linking.hint),
                    );
                }
            }
        }
    }
}

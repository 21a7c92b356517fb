//! Translations, joined with the posts that they translate.

use std::cell::OnceCell;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::lookalike::label;
use super::names::Names;
use super::post::{Content, Translation};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, LISTED, Place, SourceFile, code_list_of};
use crate::locale::LanguageIndex;
use crate::site::post::Post;
use crate::site::update::Update;
use crate::site::vocabulary::{State, Word};
use crate::time::{self, Instant};

/// The posts of all files that could be read, by slug, each with its translations.
pub(super) fn joined(
    contents: Vec<Option<Content>>,
    names: &Names<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<Arc<Post>> {
    let mut originals: BTreeMap<String, Arc<Post>> = BTreeMap::new();
    let mut translations = Vec::new();
    for content in contents.into_iter().flatten() {
        match content {
            Content::Translation(translation) => translations.push(translation),
            Content::Original(post) => match originals.entry(post.slug.folded()) {
                Entry::Vacant(entry) => {
                    entry.insert(post);
                }
                Entry::Occupied(first) => {
                    let message = format!("two incidents have the slug `{}`", post.slug.as_str());
                    diagnostics.push(
                        Diagnostic::error(Code::DuplicateSlug, post.place.clone(), message)
                            .related(first.get().place.clone(), "the first")
                            .hint("rename one of the files: the slug is the address of the incident's page"),
                    );
                }
            },
        }
    }
    for translation in translations {
        join(
            Arc::unwrap_or_clone(translation),
            &mut originals,
            names,
            diagnostics,
        );
    }
    let mut posts: Vec<Arc<Post>> = originals.into_values().collect();
    posts.sort_by(|a, b| a.slug.cmp(&b.slug));
    posts
}

/// Adds a translation to its original: its updates are those of the same state and time.
fn join(
    translation: Translation,
    originals: &mut BTreeMap<String, Arc<Post>>,
    names: &Names<'_>,
    diagnostics: &mut Diagnostics,
) {
    let Some(post) = originals.get_mut(&translation.slug.folded()) else {
        let tag = names.languages[translation.language.0].as_str();
        diagnostics.push(without_original(&translation.file, tag));
        return;
    };
    let post = Arc::make_mut(post);
    if let Some(title) = translation.title {
        post.title.add(translation.language, title);
    }
    post.summary.adopt(translation.summary);
    // Those that are left, of each time and state the last one first.
    let mut left: HashMap<(Instant, State), Vec<usize>> = HashMap::new();
    for (at, original) in post.updates.iter().enumerate().rev() {
        let alike = left.entry((original.at, original.state)).or_default();
        alike.push(at);
    }
    let times: OnceCell<String> = OnceCell::new();
    for update in translation.updates {
        let found = left.get_mut(&(update.at, update.state));
        match found.and_then(Vec::pop) {
            Some(at) => post.updates[at].text.adopt(update.text),
            None => {
                let originals = &post.updates;
                let times = || times.get_or_init(|| times_of(originals, names)).clone();
                let language = translation.language;
                diagnostics.push(mismatch(&update, originals, times, language, names));
            }
        }
    }
}

/// A translation, into the language `tag`, of a file that is not there.
pub(super) fn without_original(file: &Arc<SourceFile>, tag: &str) -> Diagnostic {
    let name = file.path.file_name().unwrap_or_default();
    let original = name.replace(&format!(".{tag}.md"), ".md");
    let place = Place::new(file, 0..file.text.lines().next().map_or(0, str::len));
    let message = format!("there is no `{original}` that this translates");
    Diagnostic::error(Code::TranslationWithoutOriginal, place, message).hint(format!(
        "write `{original}` beside it, or take the language out of this file's name"
    ))
}

/// An update of a translation that the original, whose updates are in the order of time, lacks; `times` is the hint that
/// names theirs.
fn mismatch(
    update: &Update,
    originals: &[Update],
    times: impl FnOnce() -> String,
    language: LanguageIndex,
    names: &Names<'_>,
) -> Diagnostic {
    let place = update.place.clone();
    let first = originals.partition_point(|original| original.at < update.at);
    let same_time = originals
        .get(first)
        .filter(|original| original.at == update.at);
    if let Some(original) = same_time {
        let message = format!(
            "the original says `{}` at this time, not `{}`",
            original.state.as_str(),
            update.state.as_str()
        );
        return Diagnostic::error(Code::TranslationMismatch, place, message)
            .related(original.place.clone(), "the original")
            .hint(format!(
                "write `{}`",
                label(original.state, language, names)
            ));
    }
    let message = "the original has no update at this time";
    Diagnostic::error(Code::TranslationMismatch, place, message).hint(times())
}

/// The hint that names the times of an original's updates.
fn times_of(originals: &[Update], names: &Names<'_>) -> String {
    let times = originals.iter().take(LISTED);
    let times: Vec<String> = times
        .map(|original| time::with_offset(original.at, names.zone))
        .collect();
    match originals.len() {
        0 => "the original has no updates".to_owned(),
        count => {
            let times = times.iter().map(String::as_str);
            format!("its updates are those of {}", code_list_of(times, count))
        }
    }
}

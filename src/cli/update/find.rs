//! The post that an update is for, and the states that fit it.

use std::collections::BTreeSet;

use allclear::diagnostic::{code_list, nearest, nearest_hint};
use allclear::locale::{Language, Locale};
use allclear::site::Site;
use allclear::site::lookup;
use allclear::site::post::{Kind, Post, PostIndex};
use allclear::site::vocabulary::{State, Status, Word};
use allclear::status::SiteStatus;
use allclear::status::occurrence::Occurrence;

use super::super::ask;
use super::super::failure::{Failure, bad_argument};

/// Refuses to end a post that has not begun, or is over.
pub(super) fn refuse_unfit(
    site: &Site,
    status: &SiteStatus,
    index: PostIndex,
    state: State,
) -> Result<(), Failure> {
    let (post, occurrences) = (site.post(index), status.of_post(index));
    let slug = post.slug.as_str();
    refuse_of_other_kind(post, state)?;
    let mut starts = occurrences.iter().map(|it| it.course.start);
    let begun = starts.any(|start| start <= status.now());
    let is_open = is_open(occurrences);
    let is_planned = is_planned(occurrences);
    match (&post.kind, state) {
        (Kind::Maintenance(_), State::Completed | State::Verifying) if !begun => Err(bad_argument(
            format!("`{slug}` has not begun"),
            format!(
                "say that it has with `allclear update {slug} in_progress`, or call it off with `cancelled`"
            ),
        )),
        (Kind::Maintenance(_), State::Scheduled | State::Cancelled) if !is_open && !is_planned => {
            Err(bad_argument(
                format!("`{slug}` is over"),
                "say what there is to say of it with `update`",
            ))
        }
        (Kind::Incident(_), State::Resolved) if !is_open => Err(bad_argument(
            format!("`{slug}` is over"),
            format!("add what was learnt with `allclear update {slug} postmortem`"),
        )),
        _ => Ok(()),
    }
}

/// Refuses a state that posts of another kind have.
fn refuse_of_other_kind(post: &Post, state: State) -> Result<(), Failure> {
    let (what, fits): (_, fn(State) -> bool) = match post.kind {
        Kind::Maintenance(_) => ("a maintenance", State::fits_maintenance),
        _ => ("an incident", State::fits_incident),
    };
    if fits(state) {
        return Ok(());
    }
    let states = State::ALL.iter().copied().filter(|state| fits(*state));
    let words: Vec<&str> = states.map(State::as_str).collect();
    Err(bad_argument(
        format!(
            "`{}` is {what}, which is never `{}`",
            post.slug,
            state.as_str()
        ),
        format!("{what} may be {}", code_list(&words)),
    ))
}

/// The state that a word names, in English or a language of the site.
pub(super) fn state(word: &str, locales: &[Locale]) -> Result<State, Failure> {
    let english = Locale::new(&Language::english());
    let known: Vec<&Locale> = std::iter::once(&english).chain(locales).collect();
    let mut found = known.iter().filter_map(|locale| locale.update_state(word));
    found.next().and_then(State::parse).ok_or_else(|| {
        bad_argument(
            format!("`{word}` is no state of an incident or a maintenance"),
            hint_of_state(word, &known),
        )
    })
}

/// The hint for a word that is no state in any of these languages.
fn hint_of_state(word: &str, locales: &[&Locale]) -> String {
    let words: Vec<&str> = State::words().collect();
    if let Some(near) = nearest(word, words.iter().copied()) {
        return format!("did you mean `{near}`?");
    }
    let meant = locales.iter().flat_map(|locale| locale.meant_states(word));
    let meant: BTreeSet<State> = meant.filter_map(State::parse).collect();
    let meant: Vec<String> = meant
        .into_iter()
        .map(|state| format!("`{}`", state.as_str()))
        .collect();
    match lookup::meant_status(word) {
        Some(Status::Operational) => {
            "did you mean `resolved`? Say how a component is with `-c ID=operational`".to_owned()
        }
        Some(status) => format!("say how a component is with `-c ID={}`", status.as_str()),
        None if !meant.is_empty() => format!("did you mean {}?", meant.join(" or ")),
        None => format!("the states are {}", code_list(&words)),
    }
}

/// Whether a part of the slug of a post is this.
pub(super) fn has(post: &Post, part: &str) -> bool {
    let slug = post.slug.as_str().to_lowercase();
    slug.contains(&part.to_lowercase())
}

/// Whether one of the occurrences of a post is going on.
pub(super) fn is_open(occurrences: &[Occurrence]) -> bool {
    occurrences.iter().any(|it| it.course.is_open)
}

/// Whether one of the occurrences of a post is still to come.
fn is_planned(occurrences: &[Occurrence]) -> bool {
    let mut states = occurrences.iter().map(|it| it.course.state);
    states.any(|state| state == Some(State::Scheduled))
}

/// The post that is meant: by a part of its slug, or else by being the only one that a state fits.
pub(super) fn find(
    site: &Site,
    status: &SiteStatus,
    part: Option<&str>,
    state: Option<State>,
) -> Result<PostIndex, Failure> {
    let all = || {
        let posts = (0..site.posts.len()).map(PostIndex);
        posts.filter(|it| !matches!(site.post(*it).kind, Kind::Notice(_)))
    };
    let fits = |post: &PostIndex| match (state, &site.post(*post).kind) {
        (None | Some(State::Resolved), _) => true,
        (Some(state), Kind::Maintenance(_)) => state.fits_maintenance(),
        (Some(state), _) => state.fits_incident(),
    };
    // A maintenance that repeats may be under way, or planned, for any of its times.
    let is_open = |post: &PostIndex| is_open(status.of_post(*post));
    let is_planned = |post: &PostIndex| is_planned(status.of_post(*post));
    let is_going_on = |post: &PostIndex| is_open(post) || is_planned(post);
    let slug = |post: &PostIndex| site.post(*post).slug.as_str();
    let names = |posts: &[PostIndex]| -> Vec<String> {
        posts.iter().map(|post| slug(post).to_owned()).collect()
    };
    let candidates: Vec<PostIndex> = match part {
        Some(part) => {
            let exact: Vec<_> = all().filter(|it| slug(it) == part).collect();
            let like = |it: &PostIndex| has(site.post(*it), part);
            let open: Vec<_> = all().filter(like).filter(is_going_on).collect();
            let any: Vec<_> = all().filter(like).collect();
            [exact, open, any]
                .into_iter()
                .find(|found| !found.is_empty())
                .unwrap_or_default()
        }
        None => all().filter(fits).filter(is_open).collect(),
    };
    match (candidates.as_slice(), part) {
        ([one], _) => Ok(*one),
        ([], Some(part)) => {
            let slugs = names(&all().collect::<Vec<_>>());
            let hint = nearest_hint(part, slugs.iter().map(String::as_str));
            Err(bad_argument(
                format!("no incident has `{part}` in its name"),
                hint.unwrap_or_else(|| "`allclear status` lists those that are open".to_owned()),
            ))
        }
        ([], None) => {
            let planned = names(&all().filter(fits).filter(is_planned).collect::<Vec<_>>());
            let hint = match planned.is_empty() {
                true => "name the incident, or start one with `allclear new incident`".to_owned(),
                false => format!("name what is only planned: {}", planned.join(", ")),
            };
            Err(bad_argument("nothing is open", hint))
        }
        (several, _) if ask::is_answered() => {
            let chosen = ask::choose("Which one?", names(several))?;
            let found = several.iter().find(|it| slug(it) == chosen);
            found
                .copied()
                .ok_or_else(|| bad_argument("nothing was chosen", "nothing was changed"))
        }
        (several, _) => Err(bad_argument(
            format!("which one is meant: {}?", names(several).join(", ")),
            "name it before the state: its whole name, or any part that no other has",
        )),
    }
}

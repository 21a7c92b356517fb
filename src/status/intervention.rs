//! The interventions of people in what the page says: overrides, silences and corrections.

use std::cmp::Reverse;

use super::component::{ComponentNow, OperatorWord};
use super::facts::Facts;
use super::period::LOOK_BACK;
use super::post::PostStatus;
use crate::site::component::ComponentIndex;
use crate::site::config::Silence;
use crate::site::observation::{Observation, SourceIndex};
use crate::site::post::{Correction, PostIndex};
use crate::time::Instant;

/// The interventions of people in what the page says, each kind newest first.
#[derive(Debug)]
pub struct Interventions {
    /// The overrides of the [`LOOK_BACK`].
    pub overrides: Vec<ComponentOverride>,
    /// The silences of the [`LOOK_BACK`].
    pub silences: Vec<SourceSilence>,
    /// The corrections of published posts.
    pub corrections: Vec<PostCorrection>,
}

/// An override of the evidence about a component.
#[derive(Debug)]
pub struct ComponentOverride {
    /// The component.
    pub component: ComponentIndex,
    /// The word of the operator.
    pub word: OperatorWord,
    /// Whether it is in force.
    pub in_force: bool,
}

/// A time in which a source is not believed.
#[derive(Debug)]
pub struct SourceSilence {
    /// The source.
    pub source: SourceIndex,
    /// The time, and why.
    pub silence: Silence,
}

/// A correction of a post.
#[derive(Debug)]
pub struct PostCorrection {
    /// The post.
    pub post: PostIndex,
    /// The correction.
    pub correction: Correction,
}

/// The interventions in a site whose components and posts have these statuses.
pub(super) fn interventions(
    facts: Facts<'_>,
    components: &[ComponentNow],
    posts: &[PostStatus],
) -> Interventions {
    Interventions {
        overrides: overrides(facts, components),
        silences: silences(facts),
        corrections: corrections(facts, posts),
    }
}

/// Whether something from `from` until `until` has begun, and was not over before the [`LOOK_BACK`].
fn is_recent(from: Instant, until: Instant, facts: Facts<'_>) -> bool {
    from <= facts.now && facts.now - LOOK_BACK < until
}

fn overrides(facts: Facts<'_>, components: &[ComponentNow]) -> Vec<ComponentOverride> {
    let said = facts
        .site
        .sources
        .iter()
        .flat_map(|it| it.observations.iter());
    let words = said.filter_map(|said| Some((said.component, word(said)?)));
    let recent = words.filter(|(_, word)| is_recent(word.from, word.until, facts));
    let mut overrides: Vec<ComponentOverride> = recent
        .map(|(component, word)| {
            let newest = components[component.0].operator.as_ref();
            let is_it =
                |newest: &OperatorWord| newest.from == word.from && newest.until == word.until;
            ComponentOverride {
                component,
                in_force: newest.is_some_and(is_it),
                word,
            }
        })
        .collect();
    overrides.sort_by_key(|it| Reverse(it.word.from));
    overrides
}

/// The word of an operator in an observation; `None` in that of a monitor.
fn word(said: &Observation) -> Option<OperatorWord> {
    let claim = said.claim.as_ref()?;
    Some(OperatorWord {
        status: said.status,
        reason: claim.reason.clone(),
        from: said.from,
        until: claim.until,
    })
}

fn silences(facts: Facts<'_>) -> Vec<SourceSilence> {
    let sources = facts.site.sources.iter().enumerate();
    let mut silences: Vec<SourceSilence> = sources
        .flat_map(|(index, source)| {
            let recent = source.silences.iter();
            let recent = recent.filter(|silence| is_recent(silence.from, silence.until, facts));
            recent.map(move |silence| SourceSilence {
                source: SourceIndex(index),
                silence: silence.clone(),
            })
        })
        .collect();
    silences.sort_by_key(|it| Reverse(it.silence.from));
    silences
}

fn corrections(facts: Facts<'_>, posts: &[PostStatus]) -> Vec<PostCorrection> {
    let Facts {
        site,
        now,
        occurrences,
        ..
    } = facts;
    let shown = posts.iter().filter_map(|post| post.shown);
    let published = shown.map(|index| occurrences[index.0].post);
    let mut corrections: Vec<PostCorrection> = published
        .flat_map(|post| {
            let made = site.post(post).corrections.iter();
            let made = made.filter(|correction| correction.at <= now);
            made.map(move |correction| PostCorrection {
                post,
                correction: correction.clone(),
            })
        })
        .collect();
    corrections.sort_by_key(|it| Reverse(it.correction.at));
    corrections
}

#[cfg(test)]
mod tests;

//! The places that documents have before they come: nothing that is wrong with a file's name should come to light only
//! then.

use std::collections::BTreeSet;

use super::document::{file, is_of_list, single};
use crate::output::file::Output;
use crate::output::route::API_DOCUMENTS;
use crate::site::{Site, folded};
use crate::source::STATIC;

/// The documents that are not there yet, without their content, in whose place a file would lie, and those that would
/// lie in their place: an incident that is not published may be later, and a list grows.
pub(super) fn later(site: &Site, outputs: &[Output]) -> Vec<Output> {
    let is_static = |it: &&Output| it.source.as_ref().is_some_and(|it| it.starts_with(STATIC));
    let statics = outputs.iter().filter(is_static);
    let statics = statics.map(|it| folded(it.path.as_str()));
    let statics: BTreeSet<String> = statics
        .filter_map(|path| Some(path.strip_prefix(API_DOCUMENTS)?.to_owned()))
        .collect();
    let posts = site.posts.iter().filter_map(|post| {
        let path = single(&post.slug);
        let place = folded(&path);
        let is_contested = is_of_list(&place) || statics.contains(&place);
        is_contested.then_some((place, empty(&path).because_of(&post.place.file.path)))
    });
    let posts: Vec<(String, Output)> = posts.collect();
    let places = statics.iter().chain(posts.iter().map(|(place, _)| place));
    let of_lists: BTreeSet<&String> = places.filter(|place| is_of_list(place)).collect();
    let of_lists: Vec<Output> = of_lists.into_iter().map(|place| empty(place)).collect();

    let all = of_lists
        .into_iter()
        .chain(posts.into_iter().map(|(_, output)| output));
    let is_there = |output: &Output| {
        let is_it = |it: &Output| it.path == output.path && it.source == output.source;
        outputs.iter().any(is_it)
    };
    all.filter(|output| !is_there(output)).collect()
}

/// A document without its content.
fn empty(path: &str) -> Output {
    file(path, "")
}

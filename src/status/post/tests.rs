#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use chrono::TimeDelta;

use crate::site::fixtures::{at, incident, maintenance, site, update};
use crate::site::post::Post;
use crate::site::vocabulary::State;
use crate::status::SiteStatus;
use crate::status::occurrence::AHEAD;
use crate::time::Instant;

fn updated(post: Post, now: Instant) -> Option<Instant> {
    SiteStatus::new(&site(1).with(post), now).posts[0].updated
}

#[test]
fn a_post_is_as_new_as_its_newest_published_update() {
    let updates = [
        update(State::Investigating, at("10:00"), &[]),
        update(State::Resolved, at("11:00"), &[]),
    ];
    let post = incident(at("09:00"), &[], &updates);
    assert_eq!(updated(post.clone(), at("09:30")), None);
    assert_eq!(updated(post.clone(), at("10:30")), Some(at("10:00")));
    assert_eq!(updated(post, at("12:00")), Some(at("11:00")));
}

#[test]
fn without_an_update_a_post_is_as_new_as_its_begin() {
    let post = incident(at("09:00"), &[], &[]);
    assert_eq!(updated(post.clone(), at("08:00")), None);
    assert_eq!(updated(post, at("12:00")), Some(at("09:00")));
}

#[test]
fn a_plan_without_an_update_is_as_new_as_what_is_known_of_it() {
    let starts = at("12:00");
    let post = maintenance(starts, at("13:00"), &[0], &[]);
    let news = starts - AHEAD;
    let minute = TimeDelta::minutes(1);
    assert_eq!(updated(post.clone(), news - minute), None);
    assert_eq!(updated(post.clone(), news), Some(news));
    assert_eq!(
        updated(post.clone(), starts - minute),
        Some(starts - minute)
    );
    assert_eq!(updated(post, starts), Some(starts));
}

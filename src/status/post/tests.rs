#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use chrono::TimeDelta;

use crate::locale::LocalizedText;
use crate::site::fixtures::{at, incident, maintenance, site, update};
use crate::site::post::{Correction, Kind, Post};
use crate::site::vocabulary::State;
use crate::status::SiteStatus;
use crate::status::occurrence::AHEAD;
use crate::time::Instant;

fn updated(post: Post, now: Instant) -> Option<Instant> {
    SiteStatus::new(&site(1).with(post), now).posts[0].updated
}

fn announced(post: Post, now: Instant) -> Option<Instant> {
    SiteStatus::new(&site(1).with(post), now).posts[0].announced
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
fn a_plan_without_an_update_is_news_once() {
    let (starts, ends) = (at("12:00"), at("13:00"));
    let post = maintenance(starts, ends, &[0], &[]);
    let news = starts - AHEAD;
    let minute = TimeDelta::minutes(1);
    for (now, expected) in [
        (news - minute, None),
        (news, Some(news)),
        (starts - minute, Some(news)),
        (starts, Some(starts)),
        (ends - minute, Some(starts)),
        (ends, Some(ends)),
        (ends + minute, Some(ends)),
    ] {
        assert_eq!(updated(post.clone(), now), expected, "{now}");
        let known = expected.map(|_| news);
        assert_eq!(announced(post.clone(), now), known, "{now}");
    }
}

#[test]
fn an_end_without_an_update_is_news_and_the_begin_stays() {
    let mut post = incident(at("09:00"), &[], &[]);
    if let Kind::Incident(incident) = &mut post.kind {
        incident.ended = Some(at("11:00"));
    }
    for (now, changed) in [("10:00", "09:00"), ("12:00", "11:00")] {
        assert_eq!(updated(post.clone(), at(now)), Some(at(changed)), "{now}");
        assert_eq!(announced(post.clone(), at(now)), Some(at("09:00")), "{now}");
    }
}

#[test]
fn an_end_that_an_update_announced_is_no_other_news() {
    let ended_without_update = |states: &[State], now: &str| {
        let hours = ["09:10", "09:20", "09:30"].iter();
        let updates: Vec<_> = (states.iter().zip(hours))
            .map(|(state, hour)| update(*state, at(hour), &[]))
            .collect();
        let mut post = incident(at("09:00"), &[], &updates);
        if let Kind::Incident(incident) = &mut post.kind {
            incident.ended = Some(at("11:00"));
        }
        let site = site(1).with(post);
        SiteStatus::new(&site, at(now)).occurrences[0].end_without_update(&site)
    };
    use State::{Investigating, Resolved, Update};
    assert_eq!(ended_without_update(&[], "10:59"), None);
    for (states, end) in [
        (&[] as &[State], Some(at("11:00"))),
        (&[Investigating, Update], Some(at("11:00"))),
        (&[Investigating, Resolved], None),
        (&[Investigating, Resolved, Update], None),
        (&[Resolved, Investigating], Some(at("11:00"))),
    ] {
        assert_eq!(ended_without_update(states, "12:00"), end, "{states:?}");
    }
}

#[test]
fn a_correction_is_news_once_readers_know_it() {
    let mut post = incident(
        at("09:00"),
        &[],
        &[update(State::Resolved, at("10:00"), &[])],
    );
    post.corrections = vec![Correction {
        at: at("11:00"),
        note: LocalizedText::plain("We were wrong.".to_owned()),
    }];
    assert_eq!(updated(post.clone(), at("10:30")), Some(at("10:00")));
    assert_eq!(updated(post, at("11:30")), Some(at("11:00")));
}

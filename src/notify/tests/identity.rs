//! What is the same news, whatever became of its time, its file, its language, or its channel.

use chrono::TimeDelta;

use super::order::of_one_post;
use super::world::{ALL, Host, Whole, World, news, run, run_with, words};
use crate::locale::LanguageIndex;
use crate::output::pages::{Announcement, Cause};
use crate::site::channel::fixtures::channels;
use crate::site::channel::message::About;
use crate::site::channel::{Channel, Voice};
use crate::site::fixtures::at;
use crate::site::vocabulary::Impact;
use crate::time::rfc3339;

/// The same news at the German address of its post.
fn german(mut news: Announcement) -> Announcement {
    news.voice = Voice {
        language: LanguageIndex(1),
        template: None,
    };
    if let About::Post(post) = &mut news.message.about {
        post.address = post.address.replace("example/", "example/de/");
    }
    news
}

fn two_languages() -> Vec<Channel> {
    let mut channels = channels(
        "[[channels]]\nname = 'en'\nslack = '${ONE}'\n[[channels]]\nname = 'de'\nslack = '${TWO}'\n",
    );
    channels[1].language = LanguageIndex(1);
    channels
}

#[test]
fn a_corrected_time_is_no_news_in_any_language() {
    let world = World::default();
    let host = Host::healthy(&world);
    let told = news(1, at("11:00"));
    let told = [told.clone(), german(told)];
    let first = run(&host, &two_languages(), &told, at("11:01"), ALL);
    assert_eq!(first.count("told"), 2, "{first:?}");
    let moved = news(1, at("10:58"));
    let moved = [moved.clone(), german(moved)];
    let report = run(&host, &two_languages(), &moved, at("11:30"), ALL);
    assert_eq!(report.count("told"), 0, "{report:?}");
}

#[test]
fn a_file_with_another_name_is_no_news_whatever_it_tells() {
    let one = channels("[[channels]]\nslack = '${ONE}'\n");
    for cause in [Cause::Person, Cause::Clock] {
        let world = World::default();
        let host = Host::healthy(&world);
        let told = Announcement {
            cause,
            ..of_one_post(news(1, at("11:00")))
        };
        run(&host, &one, std::slice::from_ref(&told), at("11:01"), ALL);
        let mut renamed = told;
        renamed.key = format!("discs@{}", rfc3339(at("11:00")));
        if let About::Post(post) = &mut renamed.message.about {
            post.slug = "discs".to_owned();
        }
        let report = run(&host, &one, &[renamed], at("11:30"), ALL);
        assert_eq!(report.count("told"), 0, "{cause:?}: {report:?}");
    }
}

#[test]
fn a_window_opens_once_unless_it_is_put_off_after_it_was_told() {
    let one = channels("[[channels]]\nslack = '${ONE}'\n");
    let world = World::default();
    let host = Host::healthy(&world);
    let opened = |time| Announcement {
        cause: Cause::Clock,
        ..of_one_post(news(1, time))
    };
    run(&host, &one, &[opened(at("11:00"))], at("11:05"), ALL);
    let corrected = run(&host, &one, &[opened(at("11:02"))], at("11:30"), ALL);
    assert_eq!(corrected.count("told"), 0, "{corrected:?}");
    let put_off = run(&host, &one, &[opened(at("14:00"))], at("14:00"), ALL);
    assert_eq!(put_off.count("told"), 1, "{put_off:?}");
}

#[test]
fn who_heard_the_beginning_of_a_post_hears_its_end() {
    let world = World::default();
    let host = Host::healthy(&world);
    let bad = channels("[[channels]]\nslack = '${ONE}'\nimpact = 'major'\n");
    let with = |number, time, impact| {
        let mut news = of_one_post(news(number, time));
        if let About::Post(post) = &mut news.message.about {
            post.impact = impact;
        }
        news
    };
    let begin = with(1, at("11:00"), Impact::Critical);
    run(&host, &bad, std::slice::from_ref(&begin), at("11:01"), ALL);
    let end = with(2, at("11:30"), Impact::Minor);
    let report = run(&host, &bad, &[begin, end], at("11:31"), ALL);
    assert_eq!(words(&report), ["slack n2 told"]);
}

#[test]
fn a_clock_that_was_wrong_for_a_while_loses_and_repeats_nothing() {
    let one = channels("[[channels]]\nslack = '${ONE}'\n");
    let world = World::default();
    let host = Host::healthy(&world);
    let now = at("12:00");
    let told = [news(1, at("11:00"))];
    run(&host, &one, &told, now, ALL);
    // Nobody has published for so long, whatever the clock says.
    let far = now + TimeDelta::days(9);
    run_with(&host, &one, &[news(2, far)], far, ALL, &Whole(now));
    let report = run(&host, &one, &told, now + TimeDelta::hours(1), ALL);
    assert_eq!(report.count("told"), 0, "{report:?}");
    // The page was published by that clock, too.
    run(&host, &one, &[news(3, far)], far, ALL);
    let later = [news(1, at("11:00")), news(4, at("13:30"))];
    let report = run(&host, &one, &later, now + TimeDelta::hours(2), ALL);
    assert_eq!(words(&report), ["slack n4 told"]);
    // What was still to be told is not given up by a clock that is wrong.
    let world = World::default();
    let host = Host::healthy(&world);
    run_with(&host, &one, &told, now, ALL, &super::world::Nothing);
    run_with(&host, &one, &told, far, ALL, &Whole(at("10:00")));
    let report = run(&host, &one, &told, now + TimeDelta::hours(1), ALL);
    assert_eq!(words(&report), ["slack n1 told"]);
}

//! Hosts that are killed anywhere.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::world::{ALL, Dice, Host, World, heard, ledger, news, run, three};
use crate::notify::State;
use crate::output::pages::Announcement;
use crate::site::fixtures::at;

/// How often each channel heard each piece of news in the end.
#[derive(Debug, Default)]
struct Counts {
    runs: usize,
    killed: usize,
    chat_once: usize,
    chat_never: usize,
    program_once: usize,
    program_again: usize,
}

#[test]
fn promises_hold_whoever_is_killed_and_however_many_run_at_once() {
    let channels = three();
    let mut counts = Counts::default();
    for round in 0..60 {
        let world = World::default();
        let dice = Dice::new(round + 1);
        let all: Vec<Announcement> = (0..6)
            .map(|number| news(number, at("11:00") + TimeDelta::minutes(7 * number as i64)))
            .collect();
        let mut now = at("11:05");
        for _ in 0..6 {
            // Several hosts at once, most of which are killed somewhere, with answers that fail or are lost.
            std::thread::scope(|scope| {
                for _ in 0..1 + dice.below(3) {
                    let steps = 1 + dice.below(60) as i64;
                    let host = Host::new(&world, steps, 1 + dice.below(1 << 40), dice.below(4));
                    let seen: Vec<Announcement> = all
                        .iter()
                        .filter(|it| it.message.at <= now)
                        .cloned()
                        .collect();
                    let channels = &channels;
                    counts.runs += 1;
                    let ended = scope.spawn(move || {
                        run(&host, channels, &seen, now, ALL);
                        host.is_alive()
                    });
                    if dice.below(2) == 0 {
                        counts.killed += usize::from(!ended.join().unwrap());
                    }
                }
            });
            now += TimeDelta::minutes(1 + dice.below(9) as i64);
        }
        // In the end one is not killed, and asks until nothing is left.
        now = at("13:00");
        for _ in 0..4 {
            now += TimeDelta::hours(1);
            run(&Host::healthy(&world), &channels, &all, now, ALL);
        }
        let ledger = ledger(&world);
        for (number, one) in all.iter().enumerate() {
            let title = format!("n{number}");
            for place in ["${ONE}", "${TWO}"] {
                match heard(&world, place, &title) {
                    0 => {
                        let name = if place == "${ONE}" { "one" } else { "two" };
                        let state = ledger.state(&one.key, name);
                        assert_eq!(
                            state,
                            Some(&State::Doubtful),
                            "round {round}: {title} {name}"
                        );
                        counts.chat_never += 1;
                    }
                    1 => counts.chat_once += 1,
                    times => panic!("round {round}: {place} heard {title} {times} times"),
                }
            }
            match heard(&world, "${PROGRAM}", &title) {
                0 => panic!("round {round}: the program never heard {title}"),
                1 => counts.program_once += 1,
                _ => counts.program_again += 1,
            }
        }
    }
    println!("{counts:?}");
    assert!(
        counts.chat_never > 0 && counts.program_again > 0,
        "nothing was ever in doubt: {counts:?}"
    );
}

#[test]
fn without_a_kill_and_with_hosts_at_once_everybody_hears_all_once() {
    let channels = three();
    for round in 0..20 {
        let world = World::default();
        let all: Vec<Announcement> = (0..6).map(|number| news(number, at("11:00"))).collect();
        std::thread::scope(|scope| {
            for host in 0..4 {
                let (world, all, channels) = (&world, &all, &channels);
                scope.spawn(move || {
                    let host = Host::new(world, i64::MAX, 1 + 10 * round + host, 0);
                    run(&host, channels, all, at("11:05"), ALL)
                });
            }
        });
        let heard = world.heard.lock().unwrap();
        let times: BTreeSet<usize> = heard.values().copied().collect();
        assert_eq!(
            (heard.len(), times),
            (18, BTreeSet::from([1])),
            "round {round}"
        );
    }
}

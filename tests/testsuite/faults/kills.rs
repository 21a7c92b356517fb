//! Commands that are killed at instants spread over all that they do.

use std::time::{Duration, Instant};

use super::case::{self, Case, stderr};
use super::side_by_side;

/// The variable that says at how many instants each command is killed, where it is not [`USUAL`].
const KILLS: &str = "ALLCLEAR_KILLS";
const USUAL: usize = 20;

#[test]
fn a_command_may_be_killed_at_any_instant() {
    let kills = std::env::var(KILLS).ok();
    let kills = kills.map_or(USUAL, |text| text.parse().unwrap());
    let cases = [
        case::first_build(),
        case::next_build(),
        case::record_added(),
        case::update(),
        case::new_incident(),
        case::import(),
    ];
    let jobs: Vec<&Case> = cases.iter().collect();
    let killed = side_by_side(&jobs, |case| kill(case, kills));
    eprintln!("{KILLS} changes how often");
    assert!(killed >= kills, "only {killed} were killed");
}

/// Kills a command so many times; how often it had not ended before.
fn kill(case: &Case, times: usize) -> usize {
    let usual = usual_time(case);
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let (mut killed, mut between) = (0, 0);
    for number in 0..times {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        // Each in a part of the time of its own, so that they are spread.
        let part = (number as f64 + (seed >> 11) as f64 / (1_u64 << 53) as f64) / times as f64;
        let wait = usual.mul_f64(part * 1.1);
        let site = case.site(&std::env::temp_dir());
        let mut child = case.command(&site).spawn().unwrap();
        std::thread::sleep(wait);
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        let what = format!(
            "{}, killed after {wait:?} of {usual:?}: {}",
            case.name,
            stderr(&output)
        );
        killed += usize::from(output.status.code().is_none());
        between += usize::from(case.is_between(&site));
        case.assert_sound(&site, &what);
    }
    eprintln!(
        "{}: killed {killed} times of {times}, {between} times in the middle of what it writes",
        case.name
    );
    killed
}

/// How long a command takes.
fn usual_time(case: &Case) -> Duration {
    let mut times: Vec<Duration> = (0..5)
        .map(|_| {
            let site = case.site(&std::env::temp_dir());
            let start = Instant::now();
            case.command(&site).output().unwrap();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[2]
}

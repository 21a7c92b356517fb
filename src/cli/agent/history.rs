//! The history that a new disk lacks: brought back before the first page, or as soon as the live page can be had.

use std::time::Duration;

use allclear::agent::Standing;
use allclear::site::observation::PULLED;
use allclear::source;
use allclear::time::rfc3339;
use camino::Utf8Path;

use super::machine::present;
use crate::cli::failure::Failure;
use crate::cli::global::Global;
use crate::cli::outcome::Outcome;
use crate::cli::print::report;
use crate::cli::pull;

/// The shortest time between two tries.
const LEAST: Duration = Duration::from_secs(1);

/// Brings back what the live page has published, unless that was done before. Where it fails an agent goes on, for a page
/// without history is better than none.
///
/// # Errors
///
/// Why it is to be tried again, in words that were said.
pub(super) fn bring_back(global: &Global) -> Result<(), String> {
    let folder = Utf8Path::new(PULLED).parent();
    if folder.is_some_and(|it| !source::is_bare(&global.site, it.as_str())) {
        return Ok(());
    }
    let pulled = pull::pull(global);
    if let Err(failure) = &pulled {
        say(&format!(
            "! {}: goes on without what was published before",
            failure.message()
        ));
    }
    outcome(pulled)
}

fn outcome(pulled: Result<Outcome, Failure>) -> Result<(), String> {
    match pulled {
        Ok(Outcome::Clean) => Ok(()),
        Ok(_) => Err("the site's files are wrong".to_owned()),
        Err(failure) => Err(failure.message()),
    }
}

/// Goes on trying to bring it back beside the agent, until it is done.
pub(super) fn bring_back_later(global: &Global, why: &str) {
    let mut quiet = global.clone();
    let is_quiet = std::mem::replace(&mut quiet.quiet, true);
    let mut standing = Standing::default();
    // It was said once.
    standing.failed(present(), why);
    let try_again = move || {
        loop {
            let now = present();
            let next = standing.next_try(now).unwrap_or(now);
            std::thread::sleep((next - now).to_std().unwrap_or_default().max(LEAST));
            let Err(why) = outcome(pull::pull(&quiet)) else {
                break;
            };
            if standing.failed(present(), &why) {
                say(&format!("! {why}"));
            }
        }
        if !is_quiet {
            say("brought back what the live page has published");
        }
    };
    let spawned = std::thread::Builder::new()
        .name("pull".to_owned())
        .spawn(try_again);
    if let Err(error) = spawned {
        say(&format!("! cannot try again: {error}"));
    }
}

/// A line of the agent's log.
fn say(text: &str) {
    report(&format!("{} {:<6} {text}\n", rfc3339(present()), "pull"));
}

//! `allclear publish --guard`: a look at the live page right before a host deploys a build by itself.

use std::thread;
use std::time::Duration;

use allclear::fetch::Client;
use allclear::publish::{Failure as Refusal, Guarded, Live, LivePage, Stopped, guard};
use allclear::site::BaseUrl;
use allclear::source;
use allclear::time::rfc3339;
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

use super::clock::present_moment;
use super::failure::{Failure, bad_argument, bad_option, report_failure};
use super::global::Global;
use super::header;
use super::outcome::Outcome;
use super::print::{print, report};
use super::progress;

/// How long the live page may take to say what it is.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How often a page is asked that does not say what it is.
const ATTEMPTS: usize = 3;

/// How long it is left alone between.
const PAUSE: Duration = Duration::from_millis(400);

/// The manifest of a build.
const MANIFEST: &str = "build.json";

/// The options of a guard.
#[derive(Debug, Args)]
pub(crate) struct GuardArgs {
    /// Publish nothing: end with 3 where the page at URL is newer than the build in the output folder
    ///
    /// For hosts that deploy by themselves, as the last step before they do, so that a pipeline that was slow does not put
    /// its older page over a newer one. The address is by default the one that the page was built for. Where no page is
    /// there yet (404, or no such host), that is said, and the deployment may go on. Where it is not known what is there,
    /// as behind a login, a bot wall or an error, the exit code is 2.
    #[arg(
        long,
        value_name = "URL",
        num_args = 0..=1,
        default_missing_value = "",
        conflicts_with_all = ["to", "dry_run", "force", "strict", "base_url", "now"]
    )]
    guard: Option<String>,
    /// The output folder that is guarded [default: `public` in the site's folder]
    #[arg(long, short, value_name = "DIR", requires = "guard")]
    output: Option<Utf8PathBuf>,
    #[arg(long = "header", value_name = header::VALUE, help = header::SHORT, long_help = header::LONG, requires = "guard")]
    headers: Vec<String>,
}

/// A guard of a build.
pub(crate) struct Guard<'a> {
    /// The address as it was typed; empty for that of the build.
    typed: &'a str,
    output: Option<&'a Utf8Path>,
    headers: &'a [String],
}

impl GuardArgs {
    /// The guard, where one is asked for.
    pub(crate) fn asked(&self) -> Option<Guard<'_>> {
        let typed = self.guard.as_deref()?;
        Some(Guard {
            typed,
            output: self.output.as_deref(),
            headers: &self.headers,
        })
    }
}

impl Guard<'_> {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        let key = header::key(self.headers)?;
        let folder = match self.output {
            Some(folder) => folder.to_owned(),
            None => global.in_site("public"),
        };
        let manifest = source::read_text(&folder, Utf8Path::new(MANIFEST))?;
        let build = manifest
            .as_deref()
            .and_then(|it| Live::parse(it.as_bytes()).ok());
        let (Some(manifest), Some(build)) = (&manifest, build) else {
            return Err(bad_argument(
                format!("there is no build in `{folder}`: it has no `{MANIFEST}` of allclear"),
                "run `allclear build` before, or name its folder with `--output`",
            ));
        };
        let (option, address) = match self.typed {
            "" => ("base_url", build.base_url.as_str()),
            typed => ("--guard", typed),
        };
        let url = BaseUrl::parse(address).map_err(|error| {
            let hint = "name where the page is, as `https://status.example.com/`";
            bad_option(option, address, error, hint)
        })?;
        let page = LivePage {
            client: &Client::new(),
            key: &key,
            url: &url,
            timeout: TIMEOUT,
            asked: present_moment(),
        };
        let found = progress::during("Asking the live page", global, || {
            let is_behind = |commit: &str| source::is_behind(&global.site, commit);
            let ask = || guard(page, manifest.as_bytes(), &is_behind);
            // One lost request should keep no incident from being published.
            let mut found = ask();
            for _ in 1..ATTEMPTS {
                if !matches!(found, Err(Stopped::Unasked(_))) {
                    break;
                }
                thread::sleep(PAUSE);
                found = ask();
            }
            found
        });
        match found {
            Ok(Guarded::Older(live)) => {
                if !global.quiet {
                    let (live, build) = (rfc3339(live), rfc3339(build.now));
                    print(&format!(
                        "{url} is of {live}, and this build of {build}: it may be deployed.\n"
                    ));
                }
                Ok(Outcome::Clean)
            }
            Ok(Guarded::NoPage(why)) => {
                report(&format!(
                    "{}: this build may be deployed, as the first one\n",
                    key.hidden(&why)
                ));
                Ok(Outcome::Clean)
            }
            Err(Stopped::Refused(refusal)) => {
                report_failure(&bad_argument(
                    key.hidden(&format!("{url}: {refusal}")),
                    hint(&refusal),
                ));
                Ok(match refusal {
                    Refusal::Newer { .. } | Refusal::Behind { .. } => Outcome::Newer,
                    _ => Outcome::CouldNotRun,
                })
            }
            Err(Stopped::Unasked(why)) => Err(bad_argument(
                key.hidden(&why),
                "nothing says whether the live page is newer than this build: run it again, or, where there is no page yet, deploy once without `--guard`",
            )),
        }
    }
}

/// What to do about a page that must not be replaced.
fn hint(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Newer { .. } => "do not deploy this build: build again, and deploy that",
        Refusal::Behind { .. } => {
            "do not deploy this build: `git pull`, build again, and deploy that; or, where that commit was given up, deploy once without `--guard`"
        }
        Refusal::OtherSite { .. } => {
            "name the right address, or, after a move, deploy once without `--guard`"
        }
        _ => refusal.hint(),
    }
}

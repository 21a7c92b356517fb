//! `allclear verify`.

use std::time::Duration;

use allclear::fetch::Client;
use allclear::generate::{Generated, Memory, Request, generate};
use allclear::publish::LivePage;
use allclear::publish::verify::{Patience, Unverified, verify};
use allclear::site::BaseUrl;
use allclear::source::CONFIG;
use allclear::time;
use clap::{Args, ValueEnum};

use self::checkout::Checkout;
use self::report::Report;
use super::clock::{BuildTime, Now};
use super::failure::{Failure, bad_argument, bad_option};
use super::global::Global;
use super::header;
use super::outcome::Outcome;
use super::print::{print, print_document};
use super::progress;

mod checkout;
mod report;

/// How long a page is left alone that is being published.
const PAUSE: Duration = Duration::from_millis(900);

/// Look whether the live page is whole and fresh
///
/// Asks for every file that the page's `build.json` lists, at most 16 at once, and compares it with what stands there: what is
/// missing, what is different, and what something between server and readers keeps an old copy of. Another media type or
/// Cache-Control than allclear would send is a warning, for hosts differ. Then it says whether the page's all-clear still
/// holds, whether a publication is under way or was killed, and, where the folder is a site, what publishing it now
/// would change.
///
/// It changes nothing, here or there. Any page that allclear has made can be looked at.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear verify                                the page of this site
  allclear verify https://status.example.com/ --format json

Exit codes: 0 whole and fresh, 1 not, 2 the page could not be asked, 3 whole and fresh, but later than this site at the present
instant, so that `publish` would refuse.")]
pub(crate) struct VerifyArgs {
    /// The address of the page; by default the site's `base_url`
    url: Option<String>,
    /// How long each file may take
    #[arg(long, value_name = "DURATION", default_value = "30s")]
    timeout: String,
    #[arg(long = "header", value_name = header::VALUE, help = header::SHORT, long_help = header::LONG)]
    headers: Vec<String>,
    /// How long a publication that is under way is waited for
    #[arg(long, value_name = "DURATION", default_value = "30s")]
    wait: String,
    /// How to say what was found
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: VerifyFormat,
    #[command(flatten)]
    now: Now,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum VerifyFormat {
    /// For people
    Human,
    /// For programs
    Json,
}

impl VerifyArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        let time = self.now.resolve(global)?;
        let timeout = self.timeout()?;
        let patience = self.patience()?;
        let key = header::key(&self.headers)?;
        let own = own_page(global, time)?;
        let url = self.url(own.as_ref())?;
        let page = LivePage {
            client: &Client::new(),
            key: &key,
            url: &url,
            timeout,
            asked: time.instant(),
        };
        let verdict = progress::counted("Looking at the live page", global, |progress| {
            verify(page, patience, progress)
        });
        let verdict = verdict.map_err(|Unverified(why)| {
            bad_argument(
                key.hidden(&why),
                "look at that address in a browser, or name another one",
            )
        })?;
        let checkout = own.map(|own| Checkout::of(&own, &verdict.listing));
        let report = Report {
            url: &url,
            verdict: &verdict,
            checkout: checkout.as_ref(),
            now: time.instant(),
        };
        match self.format {
            VerifyFormat::Json => print_document(&key.hidden(&report.json())),
            VerifyFormat::Human => print(&key.hidden(&report.human())),
        }
        Ok(report.outcome())
    }

    fn timeout(&self) -> Result<Duration, Failure> {
        duration("--timeout", &self.timeout)
    }

    fn patience(&self) -> Result<Patience, Failure> {
        let wait = match self.wait.trim() {
            "0" | "0s" => Duration::ZERO,
            typed => duration("--wait", typed)?,
        };
        let pauses = wait.as_millis().div_ceil(PAUSE.as_millis());
        Ok(Patience {
            pause: PAUSE,
            pauses: u32::try_from(pauses).unwrap_or(u32::MAX),
        })
    }

    /// The address that was typed, or else that of the site.
    fn url(&self, own: Option<&Generated>) -> Result<BaseUrl, Failure> {
        if let Some(typed) = &self.url {
            return BaseUrl::parse(typed).map_err(|error| {
                let hint = "name where the page is, as `https://status.example.com/`";
                bad_option("URL", typed, error, hint)
            });
        }
        let site = own.and_then(|own| own.site.as_ref());
        let url = site.map(|site| site.settings.base_url.clone());
        url.ok_or_else(|| {
            bad_argument(
                "no address is named, and this folder has no site that could be read",
                "name the page, as in `allclear verify https://status.example.com/`",
            )
        })
    }
}

fn duration(option: &str, typed: &str) -> Result<Duration, Failure> {
    let duration = time::parse_duration(typed).and_then(|it| it.to_std().ok());
    duration.ok_or_else(|| {
        let hint = "write it as `30s` or `2m`";
        bad_option(option, typed, "this is not a duration", hint)
    })
}

/// The page that the site in the folder would publish; `None` where there is no site.
fn own_page(global: &Global, time: BuildTime) -> Result<Option<Generated>, Failure> {
    if !global.site.join(CONFIG).exists() {
        return Ok(None);
    }
    let request = Request {
        as_of: time.as_of(),
        ..Request::new(&global.site, time.instant())
    };
    let own = progress::during("building", global, || {
        generate(&request, &mut Memory::default())
    })?;
    Ok(Some(own))
}

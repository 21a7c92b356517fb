//! `allclear collect`.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use allclear::collect::{Collector, Outside, Settings, Unwritten};
use allclear::diagnostic::{Diagnostics, Fault};
use allclear::error::Error;
use allclear::generate;
use allclear::site::{BaseUrl, Site};
use allclear::system::signals;
use allclear::time::{Instant, rfc3339};
#[cfg(debug_assertions)]
use chrono::TimeDelta;
use clap::Args;

use self::changes::Changes;
use super::clock::present_moment;
use super::failure::{Failure, bad_argument, bad_option};
use super::global::Global;
use super::outcome::Outcome;
use super::print::{report, report_all};

mod changes;

/// How often it is looked whether the site has changed.
const LOOKED_EVERY: Duration = Duration::from_secs(1);

/// The variable by which a test sets the clock of a debug build.
#[cfg(debug_assertions)]
const CLOCK: &str = "ALLCLEAR_CLOCK";

/// Take readers' reports that something fails, and count them as evidence
///
/// Readers send the form on the page, which it has where allclear.toml has `[reports]`. How many did is written every quarter of an
/// hour to evidence/reports/COMPONENT.csv, by region and kind, and to _any.csv where the reader did not know the component. A
/// signal reads these files.
///
/// A reader counts once for each component and hour. Who that is stays in memory, as a number that follows from the address and
/// from a key that is new each hour; it is never written. Of a network (IPv4 /24, IPv6 /48) 200 reports count in an hour, and a
/// million in all; where there were more, the counts are marked as capped.
///
/// A form that a page of another site sends is refused. A changed allclear.toml is taken over while it runs.
///
/// A stop (Ctrl-C, SIGTERM) writes all that was counted. A process that is killed loses at most a minute.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear collect                               behind a proxy on this machine
  allclear collect --listen 0.0.0.0:8080         reached by everybody

Reports are taken at the path of `url` in `[reports]`, and at /. The address of a reader is that of the
connection: name a proxy in `proxies` of `[reports]`, or all its readers count as one. /healthz says whether
counts can be written.

`allclear agent --collect IP:PORT` does the same as part of the agent.")]
pub(crate) struct CollectArgs {
    /// Take reports at this address; port 0 takes a free one
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:4041")]
    listen: SocketAddr,
    /// Where the page is published, instead of `base_url`: readers are sent there
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
}

impl CollectArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        let base_url = match &self.base_url {
            Some(text) => Some(BaseUrl::parse(text).map_err(|error| {
                let message = format!("this is no address for a site: {error}");
                let hint = "write it as `https://status.example.com/`";
                bad_option("--base-url", text, message, hint)
            })?),
            None => None,
        };
        let mut changes = Changes::of(&global.site, base_url.as_ref());
        let mut diagnostics = Diagnostics::new();
        let site = generate::read_config(&global.site, &mut diagnostics)?;
        let Some(site) = site.filter(|_| diagnostics.errors() == 0) else {
            report_all(&diagnostics, global);
            return Ok(Outcome::Findings);
        };
        let settings = settings(&site, base_url.as_ref())?;
        let (asked, listening) = mpsc::channel();
        let stop = move || {
            if asked.send(()).is_err() {
                std::process::exit(2);
            }
        };
        signals::on_end(stop)
            .map_err(|error| bad_argument(format!("cannot listen to signals: {error}"), ""))?;
        let collector = start(global, self.listen, Some(settings), clock()?)?;
        // Otherwise the end is asked for, or whoever could ask for it is gone, too.
        while listening.recv_timeout(LOOKED_EVERY) == Err(RecvTimeoutError::Timeout) {
            if let Err(fault) = Fault::caught(|| changes.look(&collector, say)) {
                say(&format!("allclear failed: {fault}"));
            }
        }
        drop(listening);
        collector.stop().map_err(|it| unwritten(&it))?;
        if !global.quiet {
            report(
                "ended, as it was asked to: all that was counted is kept, and the next start goes on from there\n",
            );
        }
        Ok(Outcome::Clean)
    }
}

/// Says what becomes of that which could not be written in the end.
fn unwritten(unwritten: &Unwritten) -> Failure {
    let Unwritten {
        why,
        journal,
        is_in_journal,
    } = unwritten;
    let hint = match is_in_journal {
        true => format!("put that right: the next start writes what is missing from `{journal}`"),
        false => format!(
            "put that right: the next start writes what `{journal}` has; what was counted since that could be written is lost"
        ),
    };
    bad_argument(
        format!("what was counted could not all be written: {why}"),
        hint,
    )
}

/// What a collector has to know of a site.
///
/// # Errors
///
/// Where the site asks for no reports.
pub(super) fn settings(site: &Site, base_url: Option<&BaseUrl>) -> Result<Settings, Failure> {
    Settings::of(site, base_url).ok_or_else(|| {
        bad_argument(
            "the site asks for no reports: there is no `[reports]` in allclear.toml",
            "add `[reports]` and below it `url = \"https://reports.example.com/\"`: the address at which readers reach this program",
        )
    })
}

/// The clock of a collector.
type CollectorClock = Box<dyn Fn() -> Instant + Send + Sync>;

/// The clock of this machine; in a debug build one that begins at the instant that a test asks for in the environment.
fn clock() -> Result<CollectorClock, Failure> {
    #[cfg(debug_assertions)]
    if let Ok(text) = std::env::var(CLOCK) {
        let begin = text.parse::<Instant>().map_err(|_| {
            let message = format!("`{CLOCK}` is no instant");
            bad_argument(message, "write it as `2022-12-28T19:00:00Z`, or unset it")
        })?;
        let began = std::time::Instant::now();
        let since = move || TimeDelta::from_std(began.elapsed()).unwrap_or_default();
        return Ok(Box::new(move || begin + since()));
    }
    Ok(Box::new(present_moment))
}

/// Starts a collector of the site at an address, and says where it listens.
pub(super) fn start(
    global: &Global,
    address: SocketAddr,
    settings: Option<Settings>,
    clock: CollectorClock,
) -> Result<Arc<Collector>, Failure> {
    let failed = |source| Error::Listen { address, source };
    let listener = TcpListener::bind(address).map_err(failed)?;
    let url = settings.as_ref().map(|it| it.url().to_string());
    let problem = settings.as_ref().and_then(Settings::problem);
    let outside = Outside {
        clock,
        tell: Box::new(say),
    };
    let collector = Collector::start(&listener, &global.site, settings, outside)?;
    let where_from = url.map_or_else(String::new, |url| {
        format!(", for the form that is sent to {url}")
    });
    report(&format!(
        "takes reports at http://{}/{where_from}\n",
        collector.address()
    ));
    if let Some(problem) = problem {
        say(&problem);
    }
    Ok(Arc::new(collector))
}

/// Says what is wrong.
fn say(problem: &str) {
    let at = rfc3339(present_moment());
    report(&format!("{at} reports ! {problem}\n"));
}

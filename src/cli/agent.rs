//! `allclear agent`.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use allclear::agent::{Agent, OPEN_METRICS, Report, Step};
use allclear::diagnostic::Diagnostics;
use allclear::generate;
use allclear::serve::{Monitor, MonitorAnswer};
use allclear::site::BaseUrl;
use allclear::source::EVIDENCE;
use allclear::write::{hold, hold_evidence};
use camino::Utf8PathBuf;
use clap::Args;
use strum::VariantArray as _;

use self::inbox::Inbox;
use self::machine::{Machine, present};
use self::reports::Reports;
use super::failure::{Failure, bad_option};
use super::global::Global;
use super::outcome::Outcome;
use super::output_folder::refuse_unsafe;
use super::print::report;

mod control;
mod history;
mod inbox;
mod machine;
mod publishing;
mod reports;
mod telling;

/// Follow the site's branch, probe, build and write, again and again
///
/// The page is built whenever it has something new to say, and renewed long before its word expires. Each step fails
/// alone, is said once, and is tried again. A stop (Ctrl-C, SIGTERM) finishes the step that is under way.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear agent -o /srv/www/status --listen 127.0.0.1:9464
  allclear agent --once                          every step once, for cron and pipelines

With --listen, /healthz says whether the page reaches its readers, /livez whether the agent is at work,
and /metrics has its counts as OpenMetrics. With --collect, `allclear collect --help` says what is counted.

Exit codes with --once: 0 every step worked, 1 the site's files are wrong, 2 another step failed, or it was stopped.")]
pub(crate) struct AgentArgs {
    /// The output folder [default: `public` in the site's folder]
    #[arg(long, short, value_name = "DIR")]
    output: Option<Utf8PathBuf>,
    /// Where the page will be published, instead of `base_url`
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Serve /healthz, /livez and /metrics at this address; port 0 takes a free one
    #[arg(long, value_name = "IP:PORT")]
    listen: Option<SocketAddr>,
    /// Take readers' reports at this address, as `allclear collect` does; port 0 takes a free one
    #[arg(long, value_name = "IP:PORT", conflicts_with = "once")]
    collect: Option<SocketAddr>,
    /// Bring back what the live page has published, before the first page, unless that was done before
    ///
    /// So a new disk loses no history. Where there is no page yet, or it cannot be had, that is said, and it is tried again
    /// until it worked, at first after five seconds and then up to every five minutes.
    #[arg(long)]
    pull: bool,
    /// Take every step once, and end
    #[arg(long)]
    once: bool,
}

impl AgentArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        let base_url = match &self.base_url {
            Some(text) => Some(BaseUrl::parse(text).map_err(|error| {
                let message = format!("this is no address for a site: {error}");
                let hint = "write it as `https://status.example.com/`";
                bad_option("--base-url", text, message, hint)
            })?),
            None => None,
        };
        let folder = self.output.unwrap_or_else(|| global.in_site("public"));
        refuse_unsafe(&global.site, &folder)?;
        // What is wrong with a site may be put right later; where there is none, somebody named the wrong folder.
        let mut diagnostics = Diagnostics::new();
        let site = generate::read_config(&global.site, &mut diagnostics)?;
        let site = site.filter(|_| diagnostics.errors() == 0);
        let _evidence = hold_evidence(&global.in_site(EVIDENCE))?;
        let _hold = hold(&folder)?;
        let shown = Arc::new(Mutex::new(Report::default()));
        if let Some(address) = self.listen {
            let shown = Arc::clone(&shown);
            let monitor = Monitor::start(address, move |path| answer(&shown, path))?;
            report(&format!("listening at http://{}/\n", monitor.address()));
        }
        let inbox = Arc::new(Inbox::default());
        // A single round that is cut off has not done its work; an agent that ends has.
        let cut_off = if self.once { 2 } else { 0 };
        inbox::stop_on_signals(&inbox, cut_off)?;
        if self.pull
            && let Err(why) = history::bring_back(global)
            && !self.once
        {
            history::bring_back_later(global, &why);
        }
        let reports = match self.collect {
            Some(address) => {
                let started = Reports::start(global, address, site.as_ref(), base_url.as_ref());
                Some(started?)
            }
            None => None,
        };
        let mut machine = Machine::new(global, folder, inbox, shown, reports);
        let mut agent = Agent::new(&global.site, base_url);
        if self.once {
            return Ok(outcome(agent.once(&mut machine)));
        }
        agent.run(&mut machine);
        machine.say_end();
        Ok(Outcome::Clean)
    }
}

/// What the exit code says of a single round.
fn outcome(report: &Report) -> Outcome {
    let is_failing = |step: &Step| report.is_failing(*step);
    match is_failing(&Step::Build) {
        true => Outcome::Findings,
        // It may have been stopped before.
        false if report.pages == 0 || Step::VARIANTS.iter().any(is_failing) => Outcome::CouldNotRun,
        false => Outcome::Clean,
    }
}

/// What a program is told that asks how the agent does.
fn answer(shown: &Mutex<Report>, path: &str) -> Option<MonitorAnswer> {
    let report = shown.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let health = |health: Result<(), String>| {
        let (status, text) = match health {
            Ok(()) => (200, "ok\n".to_owned()),
            Err(why) => (503, format!("{why}\n")),
        };
        MonitorAnswer {
            status,
            content_type: "text/plain; charset=utf-8",
            text,
        }
    };
    match path {
        "/healthz" => Some(health(report.is_healthy(present()))),
        "/livez" => Some(health(report.is_alive(present()))),
        "/metrics" => Some(MonitorAnswer {
            status: 200,
            content_type: OPEN_METRICS,
            text: report.open_metrics(),
        }),
        _ => None,
    }
}

//! `allclear notify`.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::time::Instant as Clock;

use allclear::fetch::Client;
use allclear::generate::{Generated, Memory, Request, generate};
use allclear::notify::{Most, Patience, Report, Sender as _, Telling, Tools, Wire, foresee, tell};
use allclear::publish::{self, Place};
use allclear::site::Site;
use allclear::site::channel::sending::{Step, Verdict};
use allclear::site::place::PlaceName;
use clap::{Args, Subcommand, ValueEnum};

use self::live::LiveThere;
use super::clock::Now;
use super::failure::{Failure, bad_argument};
use super::global::Global;
use super::outcome::Outcome;
use super::places::{cloud_variables, refuse_unsafe_place};
use super::print::{print, print_document, report, report_all};
use super::progress;

mod live;
mod printed;

/// The path of the ledger in its place.
pub(crate) const LEDGER: &str = "notified.json";

/// Tell the channels of the site what the live page says and they have not heard
///
/// Only what readers can read is told: publish first. Chats are told at most once and mail and programs at least once,
/// wherever this is killed and however many run it at once: what was told is kept in notified.json, where the page is
/// published or where `[notify] ledger` says. Nothing is told that is older than a day when it is first seen.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:
  allclear notify --dry-run             print every message, and send none
  allclear notify                       after each `allclear publish`
  allclear notify test customers        try one channel

Exit codes: 0 all is told that can be, 1 the site's files are wrong, 2 something could not be told."
)]
pub(crate) struct NotifyArgs {
    #[command(subcommand)]
    command: Option<NotifyCommand>,
    /// Print every message as it would be sent, without secrets, and send nothing
    #[arg(long)]
    dry_run: bool,
    /// How many messages may be sent over a channel, those included that were held because they were too many
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    most: Option<u32>,
    /// How to print what was done
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: NotifyFormat,
    #[command(flatten)]
    now: Now,
}

#[derive(Debug, Subcommand)]
enum NotifyCommand {
    /// Send a message to one channel that says that it is a test
    Test {
        /// The name of the channel
        channel: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum NotifyFormat {
    /// For people
    Human,
    /// For programs
    Json,
}

impl NotifyArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        let Some(page) = self.build(global)? else {
            return Ok(Outcome::Findings);
        };
        let Some(site) = &page.site else {
            return Ok(Outcome::Findings);
        };
        if let Some(NotifyCommand::Test { channel }) = &self.command {
            return test(site, &page, channel, global);
        }
        if site.channels.is_empty() {
            if !global.quiet {
                report("there are no `[[channels]]` in `allclear.toml`, so nobody was told\n");
            }
            return Ok(Outcome::Clean);
        }
        let client = Client::new();
        let places = Places::open(site, global, &client)?;
        let live = match places.published() {
            Some((name, place)) => LiveThere::in_place(site, name, place)?,
            None => LiveThere::at_its_address(site, &client)?,
        };
        let run = run_name();
        let telling = Telling {
            channels: &site.channels,
            news: &page.announced.news,
            page: &live,
            store: places.ledger.1.store(),
            ledger: LEDGER,
            now: self.now.resolve(global)?.instant(),
            zone: site.settings.time_zone,
            patience: Patience::TriesAtOnce,
            most: match self.most {
                Some(most) => Most::OfPerson(most as usize),
                None => Most::OfSite(site.settings.notify.most),
            },
            run: &run,
        };
        if self.dry_run {
            return self.foresee(telling);
        }
        let began = Clock::now();
        let told = tell(
            telling,
            &Tools {
                sender: &Wire {
                    client: &client,
                    environment: &|name| std::env::var(name).ok(),
                    networks: site.settings.notify.networks,
                },
                elapsed: &|| began.elapsed(),
                pause: &std::thread::sleep,
                dice: &dice,
            },
        );
        match self.format {
            NotifyFormat::Human if global.quiet => report(&printed::problems(&told)),
            NotifyFormat::Human => print(&printed::for_people(&told)),
            NotifyFormat::Json => print_document(&printed::for_programs(&told)),
        }
        Ok(outcome(&told))
    }

    fn foresee(&self, telling: Telling<'_>) -> Result<Outcome, Failure> {
        let foreseen = foresee(telling);
        let (foreseen, trouble) = foreseen.map_err(|why| bad_argument(why, LEDGER_HINT))?;
        match self.format {
            NotifyFormat::Human => print(&printed::foreseen(&foreseen)),
            NotifyFormat::Json => print_document(&printed::foreseen_for_programs(&foreseen)),
        }
        for why in &trouble {
            report(&format!("{why}\n"));
        }
        Ok(match trouble.is_empty() {
            true => Outcome::Clean,
            false => Outcome::CouldNotRun,
        })
    }

    /// The page; `None` where something is wrong with the site's files.
    fn build(&self, global: &Global) -> Result<Option<Generated>, Failure> {
        let time = self.now.resolve(global)?;
        let request = Request {
            as_of: time.as_of(),
            ..Request::new(&global.site, time.instant())
        };
        let page = progress::during("building", global, || {
            generate(&request, &mut Memory::default())
        })?;
        if page.diagnostics.errors() == 0 {
            return Ok(Some(page));
        }
        report_all(&page.diagnostics, global);
        if !global.quiet {
            report("nobody was told\n");
        }
        Ok(None)
    }
}

const LEDGER_HINT: &str =
    "look at `notified.json`; where it is lost, what is older than a day is not told again";

/// The exit of a run.
fn outcome(told: &Report) -> Outcome {
    match told.is_problem() {
        true => Outcome::CouldNotRun,
        false => Outcome::Clean,
    }
}

/// The places that a run needs.
struct Places<'a> {
    /// Where the page is published, where that is not the place of the ledger.
    page: Option<(&'a PlaceName, Place)>,
    ledger: (&'a PlaceName, Place),
    /// Whether the page is published where the ledger is.
    is_one: bool,
}

impl<'a> Places<'a> {
    fn open(site: &'a Site, global: &Global, client: &Client) -> Result<Self, Failure> {
        let open = |name: &'a PlaceName| {
            refuse_unsafe_place(&global.site, name)?;
            let tools = publish::Tools {
                client,
                variables: &cloud_variables(name)?,
            };
            let place = Place::open(name, &global.site, &tools);
            let place = place.map_err(|error| {
                bad_argument(
                    format!("`{name}` cannot be reached: {}", error.0),
                    "set the variables that the cloud's own tools take",
                )
            })?;
            Ok::<_, Failure>((name, place))
        };
        let page = site.settings.publish_to.first();
        let named = site.settings.notify.ledger.as_ref();
        let Some(ledger) = named.or(page) else {
            return Err(bad_argument(
                "nothing says where it is kept what was told",
                "write `ledger = \"s3://BUCKET\"` or a folder under `[notify]` in allclear.toml, or `to` under `[publish]`",
            ));
        };
        let is_one = page == Some(ledger);
        Ok(Self {
            page: page.filter(|_| !is_one).map(open).transpose()?,
            ledger: open(ledger)?,
            is_one,
        })
    }

    /// The place where the page is published; `None` where a host does that by itself.
    fn published(&self) -> Option<(&PlaceName, &Place)> {
        match (&self.page, self.is_one) {
            (Some((name, place)), _) => Some((name, place)),
            (None, true) => Some((self.ledger.0, &self.ledger.1)),
            (None, false) => None,
        }
    }
}

/// Sends a test to a channel.
fn test(site: &Site, page: &Generated, name: &str, global: &Global) -> Result<Outcome, Failure> {
    let Some(channel) = site.channels.iter().find(|it| it.name == name) else {
        let names: Vec<String> = site
            .channels
            .iter()
            .map(|it| format!("`{}`", it.name))
            .collect();
        let hint = match names.is_empty() {
            true => "add one to `[[channels]]` in `allclear.toml`".to_owned(),
            false => format!("the channels are {}", names.join(", ")),
        };
        return Err(bad_argument(format!("there is no channel `{name}`"), hint));
    };
    let voice = channel.voice();
    let message = page.announced.tests.iter().find(|(of, _)| *of == voice);
    let Some((_, message)) = message else {
        return Err(bad_argument(
            "there is no page to tell of",
            "build it first",
        ));
    };
    let client = Client::new();
    let wire = Wire {
        client: &client,
        environment: &|name| std::env::var(name).ok(),
        networks: site.settings.notify.networks,
    };
    let mut outcomes = Vec::new();
    let verdict = loop {
        match channel.kind.step(message, &outcomes) {
            Step::Send(parcel) => outcomes.push(wire.send(&parcel)),
            Step::Done(verdict) => break verdict,
        }
    };
    match verdict {
        Verdict::Sent(_) => {
            if !global.quiet {
                print(&format!("{name}: it has taken the test\n"));
            }
            Ok(Outcome::Clean)
        }
        Verdict::Refused(why)
        | Verdict::TryAgain { why, .. }
        | Verdict::Unknown(why)
        | Verdict::Partly { why, .. } => {
            report(&format!("{name}: {why}\n"));
            Ok(Outcome::CouldNotRun)
        }
    }
}

/// A name that no other run has.
pub(crate) fn run_name() -> String {
    format!("{:016x}", random())
}

/// A number from 0 to 1, another one each time.
pub(crate) fn dice() -> f64 {
    // As many bits as the number can hold.
    (random() >> 11) as f64 / (1u64 << 53) as f64
}

/// A number that nobody can foresee: the standard library seeds its hashers with such.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

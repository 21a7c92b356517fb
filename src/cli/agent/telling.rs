//! What the agent tells subscribers.

use std::time::Instant as Clock;

use allclear::agent::Told;
use allclear::fetch::Client;
use allclear::generate::Generated;
use allclear::locale::english::counted;
use allclear::notify::{JustBrought, Most, Patience, Report, Telling, Tools, Wire, tell};
use allclear::output::Output;
use allclear::output::pages::Announcement;
use allclear::publish::{self, Place};
use allclear::site::channel::{Channel, NotifySettings};
use allclear::site::place::PlaceName;
use allclear::status::SiteStatus;
use allclear::time::Instant;
use camino::Utf8Path;
use chrono::{TimeDelta, Utc};
use chrono_tz::Tz;

use crate::cli::notify::{LEDGER, dice, run_name};
use crate::cli::places::{cloud_variables, refuse_unsafe_place};

/// How long what a person has to look at waits.
const FOR_A_PERSON: TimeDelta = TimeDelta::hours(1);

/// The news of a page that has reached its readers.
#[derive(Debug)]
pub(super) struct News {
    channels: Vec<Channel>,
    settings: NotifySettings,
    /// Where the ledger is kept.
    ledger: Option<PlaceName>,
    zone: Tz,
    news: Vec<Announcement>,
    /// The instant of the page.
    page: Instant,
    outputs: Vec<Output>,
}

impl News {
    /// The news of a page; `None` where nobody is to be told.
    pub(super) fn of(page: &Generated, status: &SiteStatus) -> Option<Self> {
        let site = page.site.as_ref()?;
        if site.channels.is_empty() || page.announced.news.is_empty() {
            return None;
        }
        let settings = site.settings.notify.clone();
        let ledger = settings.ledger.as_ref();
        let ledger = ledger.or(site.settings.publish_to.first()).cloned();
        Some(Self {
            channels: site.channels.clone(),
            settings,
            ledger,
            zone: site.settings.time_zone,
            news: page.announced.news.clone(),
            page: status.now(),
            outputs: page.outputs.clone(),
        })
    }

    /// Tells them to the channels of the site in a folder.
    pub(super) fn tell(&self, folder: &Utf8Path, client: &Client) -> Told {
        let began = Clock::now();
        let told = match self.report(folder, client) {
            Ok(report) => told(&report),
            Err(why) => Told {
                failure: Some(why),
                ..Told::default()
            },
        };
        Told {
            took: began.elapsed(),
            ..told
        }
    }

    fn report(&self, folder: &Utf8Path, client: &Client) -> Result<Report, String> {
        let Some(ledger) = &self.ledger else {
            return Err("nothing says where it is kept what was told: write `ledger` under `[notify]`, or `to` under `[publish]`".to_owned());
        };
        refuse_unsafe_place(folder, ledger).map_err(|failure| failure.message())?;
        let variables = cloud_variables(ledger).map_err(|failure| failure.message())?;
        let tools = publish::Tools {
            client,
            variables: &variables,
        };
        let place = Place::open(ledger, folder, &tools);
        let place = place.map_err(|error| format!("`{ledger}` cannot be reached: {}", error.0))?;
        let telling = Telling {
            channels: &self.channels,
            news: &self.news,
            page: &JustBrought {
                now: self.page,
                outputs: &self.outputs,
            },
            store: place.store(),
            ledger: LEDGER,
            now: Utc::now(),
            zone: self.zone,
            patience: Patience::Waits,
            most: Most::OfSite(self.settings.most),
            run: &run_name(),
        };
        let began = Clock::now();
        Ok(tell(
            telling,
            &Tools {
                sender: &Wire {
                    client,
                    environment: &|name| std::env::var(name).ok(),
                    networks: self.settings.networks,
                },
                elapsed: &|| began.elapsed(),
                pause: &std::thread::sleep,
                dice: &dice,
            },
        ))
    }
}

/// What the agent makes of a report.
fn told(report: &Report) -> Told {
    let problems = report.lines.iter().filter(|line| line.end.is_problem());
    let problems = problems.map(|line| {
        let why = line.end.why().unwrap_or_default();
        format!("{}: {}: {why}", line.channel, line.end.word())
    });
    let mut problems: Vec<String> = report.trouble.iter().cloned().chain(problems).collect();
    problems.dedup();
    let count = report.count("told");
    let for_a_person = report.trouble.is_empty() && !problems.is_empty();
    Told {
        text: (count > 0).then(|| format!("{} told", counted(count, "message"))),
        failure: (!problems.is_empty()).then(|| problems.join("; ")),
        next: report
            .next
            .or_else(|| for_a_person.then(|| Utc::now() + FOR_A_PERSON)),
        ..Told::default()
    }
}

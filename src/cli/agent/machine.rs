//! This machine, as the outside of the agent: its clock, network, disk and terminal.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant as Clock};

use allclear::agent::{
    self, Followed, Line, Look, NewPage, Outside, PublishEnd, Published, Report, Told, Wake,
};
use allclear::diagnostic::Fault;
use allclear::error::Error;
use allclear::fetch::Client;
use allclear::generate::Generated;
use allclear::locale::english::counted;
use allclear::probe::{self, Kept, Looked, Tools as ProbeTools};
use allclear::site::Site;
use allclear::site::config::Follow;
use allclear::site::place::PlaceName;
use allclear::site::probe::ProbeIndex;
use allclear::time::{Instant, rfc3339};
use allclear::write::Copies;
use camino::Utf8PathBuf;
use chrono::{SubsecRound as _, Utc};

use super::control::{ControlLook, is_good};
use super::inbox::Inbox;
use super::publishing::OpenPlace;
use super::reports::Reports;
use super::telling::News;
use crate::cli::global::Global;
use crate::cli::output_folder::{refuse_vanished, warn_of_missing_compression, write_outputs};
use crate::cli::print::report;

/// The longest pause after which the clock is looked at again, which somebody may have set.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// This machine.
pub(super) struct Machine<'a> {
    global: &'a Global,
    output: Utf8PathBuf,
    copies: Copies,
    has_written: bool,
    inbox: Arc<Inbox>,
    shown: Arc<Mutex<Report>>,
    /// Where readers' reports come in, if it takes any.
    reports: Option<Reports>,
    client: Arc<Client>,
    control: ControlLook,
    places: BTreeMap<PlaceName, Arc<Mutex<OpenPlace>>>,
    began: Clock,
}

/// The present instant.
pub(super) fn present() -> Instant {
    Utc::now()
}

impl<'a> Machine<'a> {
    pub(super) fn new(
        global: &'a Global,
        output: Utf8PathBuf,
        inbox: Arc<Inbox>,
        shown: Arc<Mutex<Report>>,
        reports: Option<Reports>,
    ) -> Self {
        Self {
            global,
            output,
            copies: Copies::default(),
            has_written: false,
            inbox,
            shown,
            reports,
            client: Arc::new(Client::new()),
            control: ControlLook::default(),
            places: BTreeMap::new(),
            began: Clock::now(),
        }
    }

    /// Says that the agent ends.
    pub(super) fn say_end(&mut self) {
        self.tell(&Line {
            at: present(),
            about: "agent",
            text: "ended, as it was asked to".to_owned(),
            is_problem: false,
        });
    }
}

impl Outside for Machine<'_> {
    fn now(&self) -> Instant {
        present()
    }

    fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    fn wait(&mut self, until: Instant) -> Wake {
        loop {
            let left = (until - present()).to_std().unwrap_or_default();
            match self.inbox.wait(left.min(LONGEST_PAUSE)) {
                Wake::Time if left > LONGEST_PAUSE => {}
                wake => return wake,
            }
        }
    }

    fn look(&mut self, site: &Arc<Site>, due: Vec<ProbeIndex>) {
        let (asked, probes) = (Arc::clone(site), due.clone());
        let (inbox, client) = (Arc::clone(&self.inbox), Arc::clone(&self.client));
        let control = self.control.clone();
        let look = move || {
            let works = AtomicBool::new(false);
            let tools = ProbeTools {
                client: &client,
                environment: &|name| std::env::var(name).ok(),
                clock: &|| present().trunc_subsecs(0),
            };
            let bring = |looked: Looked| {
                works.fetch_or(is_good(&looked), Ordering::SeqCst);
                inbox.bring(Look {
                    site: Arc::clone(&asked),
                    probes: vec![looked.probe],
                    seen: Ok(vec![looked]),
                });
            };
            let looked = Fault::caught(|| probe::look_each(&asked, &due, tools, &bring));
            if let Err(fault) = looked {
                inbox.bring(Look {
                    site: Arc::clone(&asked),
                    probes: due,
                    seen: Err(format!("allclear failed: {fault}")),
                });
            }
            if works.into_inner()
                && let Some(warning) = control.warning(&asked)
            {
                report(&format!("{} probe  ! {warning}\n", rfc3339(present())));
            }
        };
        let spawned = std::thread::Builder::new()
            .name("look".to_owned())
            .spawn(look);
        if let Err(error) = spawned {
            self.inbox.bring(Look {
                site: Arc::clone(site),
                probes,
                seen: Err(format!("cannot look: {error}")),
            });
        }
    }

    fn keep(&mut self, site: &Site, looked: &[Looked]) -> Result<Kept, Error> {
        probe::keep(&self.global.site, site, looked)
    }

    fn follow(&mut self, branch: &Follow) -> Result<Option<Followed>, String> {
        let followed = agent::follow(&self.global.site, branch, &|| self.inbox.is_stopped());
        match followed {
            // It has not failed: it was not to go on.
            Err(_) if self.inbox.is_stopped() => Ok(None),
            followed => followed,
        }
    }

    fn write(&mut self, page: &NewPage) -> Result<String, String> {
        if let (Some(reports), Some(site)) = (&self.reports, &page.generated.site) {
            reports.adopt(site);
        }
        let written = self.write_page(&page.generated);
        written.map_err(|error| error.to_string())
    }

    fn publish(&mut self, name: &PlaceName, page: &Arc<NewPage>) {
        let place = self.places.entry(name.clone()).or_default();
        let (folder, client) = (self.global.site.clone(), Arc::clone(&self.client));
        let (place, inbox) = (Arc::clone(place), Arc::clone(&self.inbox));
        let (name, page) = (name.clone(), Arc::clone(page));
        let (unnamed, unsent) = (name.clone(), Arc::clone(&page));
        let publish = move || {
            let began = Clock::now();
            let end = Fault::caught(|| {
                let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
                place.publish(&name, &folder, &page.generated, &client)
            });
            inbox.bring_published(Published {
                place: name,
                page,
                end: end.unwrap_or_else(|fault| {
                    PublishEnd::Failed(format!("allclear failed: {fault}"))
                }),
                took: began.elapsed(),
            });
        };
        let spawned = std::thread::Builder::new()
            .name("publish".to_owned())
            .spawn(publish);
        if let Err(error) = spawned {
            self.inbox.bring_published(Published {
                place: unnamed,
                page: unsent,
                end: PublishEnd::Failed(format!("cannot publish: {error}")),
                took: Duration::ZERO,
            });
        }
    }

    fn notify(&mut self, page: &NewPage) -> bool {
        let Some(news) = News::of(&page.generated, &page.status) else {
            return false;
        };
        let (folder, client) = (self.global.site.clone(), Arc::clone(&self.client));
        let inbox = Arc::clone(&self.inbox);
        let tell = move || {
            let told = Fault::caught(|| news.tell(&folder, &client));
            inbox.bring_told(told.unwrap_or_else(|fault| Told {
                failure: Some(format!("allclear failed: {fault}")),
                ..Told::default()
            }));
        };
        let spawned = std::thread::Builder::new()
            .name("tell".to_owned())
            .spawn(tell);
        if let Err(error) = spawned {
            self.inbox.bring_told(Told {
                failure: Some(format!("cannot tell: {error}")),
                ..Told::default()
            });
        }
        true
    }

    fn tell(&mut self, line: &Line) {
        if self.global.quiet && !line.is_problem {
            return;
        }
        let mark = if line.is_problem { "! " } else { "" };
        let at = rfc3339(line.at);
        report(&format!("{at} {:<6} {mark}{}\n", line.about, line.text));
    }

    fn show(&mut self, report: &Report) {
        report.clone_into(&mut self.shown.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Machine<'_> {
    fn write_page(&mut self, page: &Generated) -> Result<String, Error> {
        refuse_vanished(&self.global.site, &self.output)?;
        if !std::mem::replace(&mut self.has_written, true) {
            warn_of_missing_compression(page);
        }
        let (site, outputs) = (page.site.as_ref(), page.outputs.clone());
        let written = write_outputs(&self.output, site, outputs, &mut self.copies)?;
        Ok(format!(
            "{}: {} written, {} deleted",
            self.output,
            counted(written.written, "file"),
            written.deleted
        ))
    }
}

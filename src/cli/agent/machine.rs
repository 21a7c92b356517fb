//! This machine, as the outside of the agent: its clock, network, disk and terminal.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant as Clock};

use allclear::agent::{self, Followed, Line, Look, Outside, Report, Step, Told, Wake};
use allclear::diagnostic::Fault;
use allclear::error::Error;
use allclear::fetch::Client;
use allclear::generate::Generated;
use allclear::locale::english::counted;
use allclear::probe::{self, Kept, Looked, Tools as ProbeTools};
use allclear::publish::{Again, Failure as Refusal, Place, Publication, Tools};
use allclear::site::Site;
use allclear::site::config::Follow;
use allclear::site::place::PlaceName;
use allclear::site::probe::ProbeIndex;
use allclear::status::SiteStatus;
use allclear::time::{Instant, rfc3339};
use allclear::write::Copies;
use camino::Utf8PathBuf;
use chrono::{SubsecRound as _, TimeDelta, Utc};

use super::control::{ControlLook, is_good};
use super::inbox::Inbox;
use super::telling::News;
use crate::cli::failure::Failure;
use crate::cli::global::Global;
use crate::cli::output_folder::{refuse_vanished, warn_of_missing_compression, write_page};
use crate::cli::places::{
    cloud_variables, outputs_for, refuse_unsafe_place, refuse_vanished_posts,
};
use crate::cli::print::report;

/// The longest pause after which the clock is looked at again, which somebody may have set.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// How much newer a page may be that another agent of the same site publishes at the same time.
const AT_ONCE: TimeDelta = TimeDelta::minutes(1);

/// This machine.
pub(super) struct Machine<'a> {
    global: &'a Global,
    output: Utf8PathBuf,
    copies: Copies,
    has_written: bool,
    inbox: Arc<Inbox>,
    shown: Arc<Mutex<Report>>,
    client: Arc<Client>,
    control: ControlLook,
    /// The places that took the last page.
    places: BTreeMap<PlaceName, Place>,
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
    ) -> Self {
        Self {
            global,
            output,
            copies: Copies::default(),
            has_written: false,
            inbox,
            shown,
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

    fn bring(&mut self, step: Step, page: &mut Generated) -> Result<Option<String>, String> {
        match step {
            Step::Write => {
                let written = self.write(page).map_err(|error| error.to_string());
                written.map(Some)
            }
            Step::Publish => self.publish(page),
            // These are not how a page reaches its readers.
            Step::Follow | Step::Probe | Step::Build | Step::Notify => Ok(None),
        }
    }

    fn notify(&mut self, page: &Generated, status: &SiteStatus) -> bool {
        let Some(news) = News::of(page, status) else {
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
    fn write(&mut self, page: &mut Generated) -> Result<String, Error> {
        refuse_vanished(&self.global.site, &self.output)?;
        if !std::mem::replace(&mut self.has_written, true) {
            warn_of_missing_compression(page);
        }
        let outputs = page.outputs.clone();
        let written = write_page(&self.output, page, &mut self.copies)?;
        page.outputs = outputs;
        Ok(format!(
            "{}: {} written, {} deleted",
            self.output,
            counted(written.written, "file"),
            written.deleted
        ))
    }

    /// Brings a page to the places of its site, in order.
    fn publish(&mut self, page: &Generated) -> Result<Option<String>, String> {
        let Some(site) = &page.site else {
            return Ok(None);
        };
        let mut said = Vec::new();
        for name in &site.settings.publish_to {
            said.push(self.publish_to(name, page)?);
        }
        Ok(Some(said.join("; ")).filter(|said| !said.is_empty()))
    }

    fn publish_to(&mut self, name: &PlaceName, page: &Generated) -> Result<String, String> {
        let folder = &self.global.site;
        let in_words = |failure: Failure| failure.message();
        let place = match self.places.remove(name) {
            Some(place) => place,
            None => {
                refuse_unsafe_place(folder, name).map_err(in_words)?;
                let tools = Tools {
                    client: &self.client,
                    variables: &cloud_variables(name).map_err(in_words)?,
                };
                let place = Place::open(name, folder, &tools);
                place.map_err(|error| format!("`{name}` cannot be reached: {}", error.0))?
            }
        };
        refuse_vanished_posts(folder, name, &place).map_err(in_words)?;
        let published = place.publish(Publication {
            outputs: &outputs_for(name, folder, page, &mut self.copies),
            again: Again::Keep,
            progress: &|_, _| {},
        });
        let said = match published {
            Ok(summary) => {
                let sent = counted(summary.sent, "file");
                format!("{name}: {sent} sent, {} deleted", summary.deleted)
            }
            // Another agent was faster.
            Err(Refusal::Newer { live, build }) if live - build < AT_ONCE => {
                format!("{name}: the page of {} is there already", rfc3339(live))
            }
            // It is opened anew the next time: it may have new credentials by then.
            Err(refusal) => return Err(format!("{name}: {refusal}")),
        };
        self.places.insert(name.clone(), place);
        Ok(said)
    }
}

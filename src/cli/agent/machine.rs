//! This machine, as the outside of the agent: its clock, network, disk and terminal.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant as Clock};

use allclear::agent::{self, Followed, Line, Look, Outside, Report, Step, Wake};
use allclear::diagnostic::Fault;
use allclear::error::Error;
use allclear::fetch::Client;
use allclear::generate::Generated;
use allclear::locale::english::counted;
use allclear::probe::{self, Kept, Looked, Tools};
use allclear::site::Site;
use allclear::site::config::Follow;
use allclear::site::probe::ProbeIndex;
use allclear::time::{Instant, rfc3339};
use allclear::write::Copies;
use camino::Utf8PathBuf;
use chrono::{SubsecRound as _, Utc};

use super::inbox::Inbox;
use crate::cli::global::Global;
use crate::cli::output_folder::{refuse_vanished, warn_of_missing_compression, write_page};
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
    client: Arc<Client>,
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
        let look = move || {
            let tools = Tools {
                client: &client,
                environment: &|name| std::env::var(name).ok(),
                clock: &|| present().trunc_subsecs(0),
            };
            let bring = |looked: Looked| {
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

    fn bring(&mut self, step: Step, page: &mut Generated) -> Result<String, Error> {
        match step {
            Step::Write => self.write(page),
            // These come before there is a page.
            Step::Follow | Step::Probe | Step::Build => Ok(String::new()),
        }
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
        let written = write_page(&self.output, page, &mut self.copies)?;
        Ok(format!(
            "{}: {} written, {} deleted",
            self.output,
            counted(written.written, "file"),
            written.deleted
        ))
    }
}

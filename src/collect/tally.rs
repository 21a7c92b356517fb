//! What a collector has counted, and how that gets to the disk.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use chrono::TimeDelta;

use super::counts::{Counts, Over, Subject};
use super::gate::{Bounds, Gate};
use super::settings::Settings;
use super::{journal, keep, origin};
use crate::agent::Standing;
use crate::error::Error;
use crate::time::Instant;
use crate::write::Hold;

/// How often the journal is written.
const SAVED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// What is outside of a collector.
pub struct Outside {
    /// The present instant.
    pub clock: Box<dyn Fn() -> Instant + Send + Sync>,
    /// Says what is wrong, a line at a time.
    pub tell: Box<dyn Fn(&str) + Send + Sync>,
}

/// What the threads of a collector share.
pub(super) struct Tally {
    folder: Utf8PathBuf,
    outside: Outside,
    settings: Mutex<Option<Arc<Settings>>>,
    state: Mutex<State>,
    keeper: Mutex<Keeper>,
    /// Why what is counted cannot be written; whoever asks for it waits for no disk.
    problem: Mutex<Option<String>>,
    has_told_of_proxy: AtomicBool,
}

/// What has been counted.
struct State {
    counts: Counts,
    gate: Gate,
    is_stopped: bool,
}

/// How what was counted is kept.
struct Keeper {
    /// While it lives, nobody else counts the reports of the site.
    hold: Option<Hold>,
    standing: Standing,
    /// When the journal was written last.
    saved: Option<Instant>,
}

/// The collector was stopped.
pub(super) struct Stopped;

/// What is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// What is due.
    WhatIsDue,
    /// All that there is.
    Everything,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Tally {
    /// Begins to count the reports of the site in a folder, with what an earlier collector has left.
    ///
    /// # Errors
    ///
    /// Where another collector counts them, or nothing can be written.
    pub(super) fn begin(
        folder: &Utf8Path,
        settings: Option<Settings>,
        outside: Outside,
    ) -> Result<Self, Error> {
        let hold = keep::hold(folder)?;
        let now = (outside.clock)();
        let counts = match keep::read(folder) {
            Ok(Some((counts, saved))) => counts.resume(saved, now),
            Ok(None) => Counts::default(),
            Err(why) => {
                (outside.tell)(&format!(
                    "{why}: goes on without what was counted in the last quarter of an hour"
                ));
                Counts::default()
            }
        };
        let tally = Self {
            folder: folder.to_owned(),
            outside,
            settings: Mutex::new(settings.map(Arc::new)),
            state: Mutex::new(State {
                counts,
                gate: Gate::new(Bounds::default()),
                is_stopped: false,
            }),
            keeper: Mutex::new(Keeper {
                hold: Some(hold),
                standing: Standing::default(),
                saved: None,
            }),
            problem: Mutex::default(),
            has_told_of_proxy: AtomicBool::new(false),
        };
        tally.settle(Wish::WhatIsDue);
        Ok(tally)
    }

    /// Whether it takes no more reports.
    pub(super) fn is_stopped(&self) -> bool {
        self.state().is_stopped
    }

    /// Takes no more reports, writes all that was counted, and lets another collector go on.
    ///
    /// # Errors
    ///
    /// Why something could not be written, in words.
    pub(super) fn stop(&self) -> Result<(), String> {
        self.state().is_stopped = true;
        self.settle(Wish::Everything);
        let mut keeper = lock(&self.keeper);
        keeper.hold = None;
        match keeper.standing.problem() {
            Some(why) => Err(why.to_owned()),
            None => Ok(()),
        }
    }

    /// Says what is wrong.
    pub(super) fn tell(&self, problem: &str) {
        (self.outside.tell)(problem);
    }

    /// Takes over what a changed site says.
    pub(super) fn adopt(&self, settings: Option<Settings>) {
        *lock(&self.settings) = settings.map(Arc::new);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// What is known of the site; `None` where it asks for no reports.
    pub(super) fn settings(&self) -> Option<Arc<Settings>> {
        lock(&self.settings).clone()
    }

    /// Why what is counted cannot be written; `None` where it can.
    pub(super) fn problem(&self) -> Option<String> {
        lock(&self.problem).clone()
    }

    /// Counts a report of a reader.
    pub(super) fn count(
        &self,
        settings: &Settings,
        reader: IpAddr,
        subject: &Subject,
    ) -> Result<(), Stopped> {
        let mut state = self.state();
        if state.is_stopped {
            return Err(Stopped);
        }
        // Asked in here, so that no report is older than what was done for a later one.
        let now = (self.outside.clock)();
        // It may be the first of its quarter.
        state.counts.begin(now, settings.components());
        let passed = state.gate.pass(reader, &subject.component, now);
        state.counts.add(now, subject, passed);
        Ok(())
    }

    /// Says once that somebody who is not believed names the address of a reader.
    pub(super) fn note_unbelieved(&self, connection: IpAddr, settings: &Settings) {
        let is_near = match origin::canonical(connection) {
            IpAddr::V4(address) => address.is_loopback() || address.is_private(),
            IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
        };
        let is_news = || !self.has_told_of_proxy.swap(true, Ordering::Relaxed);
        if is_near && !settings.is_believed(connection) && is_news() {
            self.tell(&format!(
                "a proxy at {connection} is not believed, so that all its readers count as one: name it in `proxies` of `[reports]`"
            ));
        }
    }

    /// Writes what is to be written.
    pub(super) fn settle(&self, wish: Wish) {
        let mut keeper = lock(&self.keeper);
        if keeper.hold.is_none() {
            return;
        }
        let settings = self.settings();
        let (now, over) = {
            let mut state = self.state();
            let now = (self.outside.clock)();
            state.gate.begin(now);
            if let Some(settings) = &settings {
                state.counts.begin(now, settings.components());
            }
            (now, state.counts.close(now))
        };
        let is_waiting = keeper.standing.next_try(now).is_some_and(|it| it > now);
        let is_saved = keeper
            .saved
            .is_some_and(|it| it <= now && now - it < SAVED_EVERY);
        let is_due = !(is_waiting || is_saved && over.is_empty());
        if !is_due && wish == Wish::WhatIsDue {
            return;
        }
        match self.write(over, now) {
            Ok(()) => {
                keeper.saved = Some(now);
                if keeper.standing.worked() {
                    self.tell("reports can be written again");
                }
            }
            Err(error) => {
                let why = error.to_string();
                if keeper.standing.failed(now, &why) {
                    self.tell(&format!(
                        "{why}; reports are kept in memory, and it is tried again"
                    ));
                }
            }
        }
        *lock(&self.problem) = keeper.standing.problem().map(str::to_owned);
    }

    /// Writes the journal, then the quarters that are over, and the journal without these.
    fn write(&self, over: Vec<Over>, now: Instant) -> Result<(), Error> {
        self.save(now)?;
        if over.is_empty() {
            return Ok(());
        }
        let appended = keep::append(&self.folder, over);
        let mut state = self.state();
        for over in &appended.written {
            state.counts.written(over);
        }
        drop(state);
        self.save(now)?;
        appended.failure.map_or(Ok(()), Err)
    }

    /// Writes the journal.
    fn save(&self, now: Instant) -> Result<(), Error> {
        let text = journal::text(&self.state().counts, now);
        keep::save(&self.folder, &text)
    }
}

//! What a collector has counted, and how that gets to the disk.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use chrono::TimeDelta;
use ipnet::IpNet;

use super::counts::{Counts, Over, Subject};
use super::gate::{Bounds, Gate};
use super::settings::Settings;
use super::{advice, journal, keep};
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
    /// Whether what is counted cannot be written; whoever asks for it waits for no disk.
    is_failing: AtomicBool,
    has_told_of_unbelieved: AtomicBool,
    has_told_of_silent: AtomicBool,
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
    /// When all that was due was written last.
    saved: Option<Instant>,
    /// Whether the journal had all that was counted when it was tried last to write something.
    is_in_journal: bool,
}

/// The collector was stopped.
pub(super) struct Stopped;

/// What could not be written when a collector was stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unwritten {
    /// Why, in words.
    pub why: String,
    /// The journal, from the site's folder.
    pub journal: &'static str,
    /// Whether the journal has all of it, so that the next collector of the site writes it.
    pub is_in_journal: bool,
}

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
            Ok(Some(mut counts)) => {
                // Nobody has listened since.
                counts.miss(now);
                counts
            }
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
                is_in_journal: false,
            }),
            is_failing: AtomicBool::new(false),
            has_told_of_unbelieved: AtomicBool::new(false),
            has_told_of_silent: AtomicBool::new(false),
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
    /// Where something could not be written to its file.
    pub(super) fn stop(&self) -> Result<(), Unwritten> {
        self.state().is_stopped = true;
        self.settle(Wish::Everything);
        let mut keeper = lock(&self.keeper);
        keeper.hold = None;
        match keeper.standing.problem() {
            Some(why) => Err(Unwritten {
                why: why.to_owned(),
                journal: keep::JOURNAL,
                is_in_journal: keeper.is_in_journal,
            }),
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

    /// Whether what is counted cannot be written.
    pub(super) fn is_failing(&self) -> bool {
        self.is_failing.load(Ordering::Relaxed)
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
        let Some(said) = advice::of_unbelieved(connection, settings.address_header()) else {
            return;
        };
        if !self.has_told_of_unbelieved.swap(true, Ordering::Relaxed) {
            self.tell(&said);
        }
    }

    /// Says once that a believed proxy does not name the address of a reader.
    pub(super) fn note_silent(&self, proxy: IpNet, settings: &Settings) {
        if !self.has_told_of_silent.swap(true, Ordering::Relaxed) {
            self.tell(&advice::of_silent(proxy, settings.address_header()));
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
            match &settings {
                Some(settings) => state.counts.begin(now, settings.components()),
                // Reports are refused.
                None => state.counts.miss(now),
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
        match self.write(&mut keeper, over, now) {
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
        let is_failing = keeper.standing.problem().is_some();
        self.is_failing.store(is_failing, Ordering::Relaxed);
    }

    /// Writes the journal, then the quarters that are over, and the journal without these.
    fn write(&self, keeper: &mut Keeper, over: Vec<Over>, now: Instant) -> Result<(), Error> {
        keeper.is_in_journal = false;
        self.save(now)?;
        keeper.is_in_journal = true;
        if over.is_empty() {
            return Ok(());
        }
        let appended = keep::append(&self.folder, over);
        let mut state = self.state();
        for over in &appended.written {
            state.counts.written(over);
        }
        state.counts.tried();
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

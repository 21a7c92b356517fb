//! The collector: readers say that they have a problem, too, and it counts them into evidence.
//!
//! A reader sends a form of the page, by [`ReportSettings`](crate::site::reports::ReportSettings). What it says is counted by
//! component, kind, region and quarter of an hour, and a quarter that is over is appended to the files in `evidence/reports`,
//! which signals read. Of readers nothing is kept: see [`gate`].
//!
//! The counts of the running quarter are in memory, and once a minute in a journal beside the files, so that a process that
//! is killed loses at most a minute. One that ends as it was asked to loses nothing.
//!
//! A test, or a replay of a night that is over, has a clock of its own:
//!
//! 1. [`Collector::start`] with a listener at a free port, [`Settings::of`] a site, and an [`Outside`] whose clock is a value
//!    that the test sets, as `Arc<Mutex<Instant>>`.
//! 2. Set the clock, and send requests to [`Collector::address`]. Each is counted at the instant of the clock. With the networks
//!    of the test in `proxies`, each may name the address of another reader in `X-Forwarded-For`.
//! 3. Set the clock to the next quarter of an hour, and call [`Collector::settle`]: the rows of the quarter before are in
//!    their files when it returns. Where that is called within two minutes of the start of each quarter, one without reports has
//!    its row of nought, too.

use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use chrono::TimeDelta;

use self::counts::{Counts, Subject};
use self::gate::{Bounds, Gate};
use crate::agent::Standing;
use crate::diagnostic::Fault;
use crate::error::Error;
use crate::serve::connections;
use crate::site::reports::REPORTS_FOLDER;
use crate::time::Instant;
use crate::write::{self, Hold};

pub use self::settings::Settings;

mod answer;
pub mod counts;
mod form;
pub mod gate;
mod journal;
mod keep;
mod origin;
mod settings;

/// How often it is looked whether something is to be written.
const TICK: Duration = Duration::from_secs(1);

/// How often the journal is written.
const SAVED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// How many connections there may be, of all threads; systems often let a program have 1,024 files.
const MOST_CONNECTIONS: usize = 768;

/// The most threads that answer requests.
const MOST_THREADS: usize = 8;

/// What is outside of a collector.
pub struct Outside {
    /// The present instant.
    pub clock: Box<dyn Fn() -> Instant + Send + Sync>,
    /// Says what is wrong, a line at a time.
    pub tell: Box<dyn Fn(&str) + Send + Sync>,
}

/// A collector that runs in the background for as long as the program does, or until it is stopped.
pub struct Collector {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl std::fmt::Debug for Collector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Collector")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// What the threads of a collector share.
struct Shared {
    folder: Utf8PathBuf,
    outside: Outside,
    settings: Mutex<Option<Arc<Settings>>>,
    state: Mutex<State>,
    keeper: Mutex<Keeper>,
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
struct Stopped;

impl Collector {
    /// Takes the reports of the site in a folder that come in by a listener. Without settings it takes none until
    /// [`Collector::adopt`] brings some.
    ///
    /// # Errors
    ///
    /// Where another collector counts the reports of this site, nothing can be written there, or nothing can be served.
    pub fn start(
        listener: &TcpListener,
        folder: &Utf8Path,
        settings: Option<Settings>,
        outside: Outside,
    ) -> Result<Self, Error> {
        let address = listener.local_addr().map_err(Error::io("listen at", ""))?;
        let failed = |source| Error::Listen { address, source };
        let hold = write::hold_reports(&crate::source::target(
            folder,
            Utf8Path::new(REPORTS_FOLDER),
        )?)?;
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
        let shared = Arc::new(Shared {
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
            has_told_of_proxy: AtomicBool::new(false),
        });
        shared.settle(Wish::WhatIsDue);
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = threads.min(MOST_THREADS);
        for _ in 0..threads {
            serve(listener, &shared, MOST_CONNECTIONS / threads).map_err(failed)?;
        }
        let kept = Arc::clone(&shared);
        let keep = move || {
            while !kept.state().is_stopped {
                std::thread::sleep(TICK);
                if let Err(fault) = Fault::caught(|| kept.settle(Wish::WhatIsDue)) {
                    (kept.outside.tell)(&format!("allclear failed: {fault}"));
                }
            }
        };
        let keeper = std::thread::Builder::new().name("collect".to_owned());
        keeper.spawn(keep).map_err(failed)?;
        Ok(Self { address, shared })
    }

    /// The address at which it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes over what a changed site says; without settings it takes no reports.
    pub fn adopt(&self, settings: Option<Settings>) {
        let mut shown = lock(&self.shared.settings);
        *shown = settings.map(Arc::new);
    }

    /// Does what is due at the instant of the clock: writes the quarters that are over, and the journal once a minute. It
    /// does so by itself each second.
    pub fn settle(&self) {
        self.shared.settle(Wish::WhatIsDue);
    }

    /// Takes no more reports, and writes all that was counted. A second call does nothing.
    ///
    /// # Errors
    ///
    /// Why something could not be written, in words.
    pub fn stop(&self) -> Result<(), String> {
        self.shared.state().is_stopped = true;
        self.shared.settle(Wish::Everything);
        let mut keeper = lock(&self.shared.keeper);
        keeper.hold = None;
        match keeper.standing.problem() {
            Some(why) => Err(why.to_owned()),
            None => Ok(()),
        }
    }
}

/// What is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    /// What is due.
    WhatIsDue,
    /// All that there is.
    Everything,
}

/// Answers what comes in by a listener, in a thread of its own.
fn serve(listener: &TcpListener, shared: &Arc<Shared>, most: usize) -> std::io::Result<()> {
    let listener = listener.try_clone()?;
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let shared = Arc::clone(shared);
    let serve = move || {
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let answer = move |peer, request| answer::answer(Arc::clone(&shared), peer, request);
            connections::serve(listener, most, answer).await;
            Ok::<_, std::io::Error>(())
        })
    };
    let thread = std::thread::Builder::new().name("reports".to_owned());
    thread.spawn(serve).map(|_| ())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    fn settings(&self) -> Option<Arc<Settings>> {
        lock(&self.settings).clone()
    }

    /// Why what is counted cannot be written; `None` where it can.
    fn problem(&self) -> Option<String> {
        lock(&self.keeper).standing.problem().map(str::to_owned)
    }

    /// Counts a report of a reader.
    fn count(&self, settings: &Settings, reader: IpAddr, subject: &Subject) -> Result<(), Stopped> {
        let now = (self.outside.clock)();
        let mut state = self.state();
        if state.is_stopped {
            return Err(Stopped);
        }
        // It may be the first of its quarter.
        state.counts.begin(now, settings.components());
        let passed = state.gate.pass(reader, &subject.component, now);
        state.counts.add(now, subject, passed);
        Ok(())
    }

    /// Says once that somebody who is not believed names the address of a reader.
    fn is_unbelieved(&self, connection: IpAddr, settings: &Settings) {
        let is_near = match origin::canonical(connection) {
            IpAddr::V4(address) => address.is_loopback() || address.is_private(),
            IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
        };
        let is_news = || !self.has_told_of_proxy.swap(true, Ordering::Relaxed);
        if is_near && !settings.is_believed(connection) && is_news() {
            (self.outside.tell)(&format!(
                "a proxy at {connection} is not believed, so that all its readers count as one: name it in `proxies` of `[reports]`"
            ));
        }
    }

    /// Writes what is to be written.
    fn settle(&self, wish: Wish) {
        let mut keeper = lock(&self.keeper);
        if keeper.hold.is_none() {
            return;
        }
        let now = (self.outside.clock)();
        let settings = self.settings();
        let (over, journal) = {
            let mut state = self.state();
            state.gate.begin(now);
            if let Some(settings) = &settings {
                state.counts.begin(now, settings.components());
            }
            let over = state.counts.close(now);
            (over, journal::text(&state.counts, now))
        };
        let is_waiting = keeper.standing.next_try(now).is_some_and(|it| it > now);
        let is_saved = keeper
            .saved
            .is_some_and(|it| it <= now && now - it < SAVED_EVERY);
        let is_due = !is_waiting && !(is_saved && over.is_empty());
        if !is_due && wish == Wish::WhatIsDue {
            return;
        }
        match self.write(over, &journal, now) {
            Ok(()) => {
                keeper.saved = Some(now);
                if keeper.standing.worked() {
                    (self.outside.tell)("reports can be written again");
                }
            }
            Err(error) => {
                let why = error.to_string();
                if keeper.standing.failed(now, &why) {
                    (self.outside.tell)(&format!(
                        "{why}; reports are kept in memory, and it is tried again"
                    ));
                }
            }
        }
    }

    /// Writes the journal, then the quarters that are over, and the journal without these.
    fn write(&self, over: Vec<counts::Over>, journal: &str, now: Instant) -> Result<(), Error> {
        keep::save(&self.folder, journal)?;
        if over.is_empty() {
            return Ok(());
        }
        let appended = keep::append(&self.folder, over);
        let journal = {
            let mut state = self.state();
            appended
                .written
                .iter()
                .for_each(|it| state.counts.written(it));
            journal::text(&state.counts, now)
        };
        keep::save(&self.folder, &journal)?;
        appended.failure.map_or(Ok(()), Err)
    }
}

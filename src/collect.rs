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
//!    their files when it returns. A quarter without reports has its row of nought only where that is called at least every ten
//!    seconds of the clock: to one that leaps, the collector was away.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use camino::Utf8Path;

use self::tally::{Tally, Wish};
use crate::diagnostic::Fault;
use crate::error::Error;
use crate::serve::connections;

pub use self::settings::Settings;
pub use self::tally::{Outside, Unwritten};

mod advice;
mod answer;
pub mod counts;
mod form;
pub mod gate;
mod journal;
mod keep;
mod origin;
mod settings;
mod tally;

/// How often it is looked whether something is to be written.
const TICK: Duration = Duration::from_secs(1);

/// How many connections there may be, of all threads; systems often let a program have 1,024 files.
const MOST_CONNECTIONS: usize = 768;

/// The most threads that answer requests.
const MOST_THREADS: usize = 8;

/// A collector that runs in the background for as long as the program does, or until it is stopped.
pub struct Collector {
    address: SocketAddr,
    tally: Arc<Tally>,
}

impl std::fmt::Debug for Collector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Collector")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

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
        let tally = Arc::new(Tally::begin(folder, settings, outside)?);
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = threads.min(MOST_THREADS);
        for _ in 0..threads {
            serve(listener, &tally, MOST_CONNECTIONS / threads).map_err(failed)?;
        }
        let kept = Arc::clone(&tally);
        let keep = move || {
            while !kept.is_stopped() {
                std::thread::sleep(TICK);
                if let Err(fault) = Fault::caught(|| kept.settle(Wish::WhatIsDue)) {
                    kept.tell(&format!("allclear failed: {fault}"));
                }
            }
        };
        let keeper = std::thread::Builder::new().name("collect".to_owned());
        keeper.spawn(keep).map_err(failed)?;
        Ok(Self { address, tally })
    }

    /// The address at which it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes over what a changed site says; without settings it takes no reports.
    pub fn adopt(&self, settings: Option<Settings>) {
        self.tally.adopt(settings);
    }

    /// Does what is due at the instant of the clock: writes the quarters that are over, and the journal once a minute. It
    /// does so by itself each second.
    pub fn settle(&self) {
        self.tally.settle(Wish::WhatIsDue);
    }

    /// Takes no more reports, and writes all that was counted. A second call does nothing.
    ///
    /// # Errors
    ///
    /// Where something could not be written to its file.
    pub fn stop(&self) -> Result<(), Unwritten> {
        self.tally.stop()
    }
}

/// Answers what comes in by a listener, in a thread of its own.
fn serve(listener: &TcpListener, tally: &Arc<Tally>, most: usize) -> std::io::Result<()> {
    let listener = listener.try_clone()?;
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let tally = Arc::clone(tally);
    let serve = move || {
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let answer = move |peer, request| answer::answer(Arc::clone(&tally), peer, request);
            connections::serve(listener, most, answer).await;
            Ok::<_, std::io::Error>(())
        })
    };
    let thread = std::thread::Builder::new().name("reports".to_owned());
    thread.spawn(serve).map(|_| ())
}

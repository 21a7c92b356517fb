//! What is outside of the agent: the clock, the network, the disk and the places to which the page goes, and whoever reads
//! the log.

use std::sync::Arc;
use std::time::Duration;

use super::follow::Followed;
use super::new_page::NewPage;
use super::report::Report;
use crate::error::Error;
use crate::probe::{Kept, Looked};
use crate::site::Site;
use crate::site::config::Follow;
use crate::site::place::PlaceName;
use crate::site::probe::ProbeIndex;
use crate::time::Instant;

/// The outside of an agent. A test has one whose day passes in a moment.
pub trait Outside {
    /// The present instant.
    fn now(&self) -> Instant;

    /// The time since some moment before the agent began, which no clock that is set changes.
    fn elapsed(&self) -> Duration;

    /// Waits until an instant, or until something has come in.
    fn wait(&mut self, until: Instant) -> Wake;

    /// Has probes of a site look, and does not wait for what they see: [`Outside::wait`] brings that of each as soon as it is
    /// there, so that one that hangs delays no other.
    fn look(&mut self, site: &Arc<Site>, due: Vec<ProbeIndex>);

    /// Keeps what probes of a site saw as evidence.
    ///
    /// # Errors
    ///
    /// Where something could not be written.
    fn keep(&mut self, site: &Site, looked: &[Looked]) -> Result<Kept, Error>;

    /// Takes over the new commits of a branch.
    ///
    /// # Errors
    ///
    /// Why that could not be done, in words.
    fn follow(&mut self, branch: &Follow) -> Result<Option<Followed>, String>;

    /// Writes a page into its folder; returns what is to be said of it.
    ///
    /// # Errors
    ///
    /// Why that could not be done, in words.
    fn write(&mut self, page: &NewPage) -> Result<String, String>;

    /// Has a page brought to a place where readers are, and does not wait for it: [`Outside::wait`] brings the result. So a
    /// place that hangs delays nothing but itself.
    fn publish(&mut self, place: &PlaceName, page: &Arc<NewPage>);

    /// Has subscribers told what a page says that has reached its readers, and does not wait for it: [`Outside::wait`] brings
    /// what came of it. So a channel that hangs delays no page. Returns whether anybody is to be told.
    fn notify(&mut self, page: &NewPage) -> bool;

    /// Says what happened.
    fn tell(&mut self, line: &Line);

    /// Shows how the agent does, after each round.
    fn show(&mut self, report: &Report);
}

/// The result of bringing a page to a place.
#[derive(Debug)]
pub struct Published {
    /// The place.
    pub place: PlaceName,
    /// The page.
    pub page: Arc<NewPage>,
    /// How it ended.
    pub end: PublishEnd,
    /// How long it took.
    pub took: Duration,
}

/// How bringing a page to a place ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublishEnd {
    /// The place has it; in words.
    Brought(String),
    /// Somebody else's page of that instant is there, which is a little newer: it has neither failed nor been brought.
    Outrun(Instant),
    /// It could not be brought; why, in words.
    Failed(String),
}

/// What came of telling subscribers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// What was told; `None` where there was nothing to tell.
    pub text: Option<String>,
    /// Why some of it could not be told.
    pub failure: Option<String>,
    /// When what waits, or could not be told, may be; `None` where nothing waits, or after a usual pause.
    pub next: Option<Instant>,
    /// How long it took.
    pub took: Duration,
}

/// Why [`Outside::wait`] returned.
#[derive(Debug)]
pub enum Wake {
    /// The instant has come.
    Time,
    /// Probes have looked.
    Looked(Look),
    /// A page was brought to a place, or was not.
    Published(Published),
    /// Subscribers were told.
    Told(Told),
    /// Somebody wants the agent to end.
    Stop,
}

/// What came of a look.
#[derive(Debug)]
pub struct Look {
    /// The site whose probes looked.
    pub site: Arc<Site>,
    /// The probes.
    pub probes: Vec<ProbeIndex>,
    /// What each saw, or why there is nothing.
    pub seen: Result<Vec<Looked>, String>,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When it happened.
    pub at: Instant,
    /// What it is about: the name of a step, or `agent`.
    pub about: &'static str,
    /// What happened, without secrets.
    pub text: String,
    /// Whether something is wrong.
    pub is_problem: bool,
}

//! What is outside of the agent: the clock, the network, the disk to which the page goes, and whoever reads the log.

use std::sync::Arc;
use std::time::Duration;

use super::follow::Followed;
use super::report::Report;
use super::step::Step;
use crate::error::Error;
use crate::generate::Generated;
use crate::probe::{Kept, Looked};
use crate::site::Site;
use crate::site::config::Follow;
use crate::site::probe::ProbeIndex;
use crate::status::SiteStatus;
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

    /// Takes a step with a page that was built; returns what is to be said of it, and `None` where it is not to be taken.
    ///
    /// # Errors
    ///
    /// Why that could not be done, in words.
    fn bring(&mut self, step: Step, page: &mut Generated) -> Result<Option<String>, String>;

    /// Has subscribers told what a page says that has reached its readers, and does not wait for it: [`Outside::wait`] brings
    /// what came of it. So a channel that hangs delays no page. Returns whether anybody is to be told.
    fn notify(&mut self, page: &Generated, status: &SiteStatus) -> bool;

    /// Says what happened.
    fn tell(&mut self, line: &Line);

    /// Shows how the agent does, after each round.
    fn show(&mut self, report: &Report);
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

//! What comes in while the agent waits: what probes saw, the results of publishing and telling, and the wish that it ends.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use allclear::agent::{Look, Published, Told, Wake};
use allclear::system::signals;

use crate::cli::failure::Failure;

/// How long a step that is under way has after a stop. Whatever is written stays whole, so that it may be cut off then.
const LAST_STEP: Duration = Duration::from_secs(9);

/// What has come in.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    is_stopped: bool,
    /// Whether the agent knows that it is to end.
    is_stop_known: bool,
    came: VecDeque<Wake>,
}

impl Inbox {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings what probes saw.
    pub(super) fn bring(&self, look: Look) {
        self.add(Wake::Looked(look));
    }

    /// Brings the result of publishing.
    pub(super) fn bring_published(&self, published: Published) {
        self.add(Wake::Published(published));
    }

    /// Brings what came of telling subscribers.
    pub(super) fn bring_told(&self, told: Told) {
        self.add(Wake::Told(told));
    }

    fn add(&self, wake: Wake) {
        self.lock().came.push_back(wake);
        self.changed.notify_all();
    }

    /// Wants the agent to end; returns whether that was wanted before.
    fn stop(&self) -> bool {
        let before = std::mem::replace(&mut self.lock().is_stopped, true);
        self.changed.notify_all();
        before
    }

    /// Whether the agent is to end.
    pub(super) fn is_stopped(&self) -> bool {
        self.lock().is_stopped
    }

    /// Waits at most so long for something. That the agent is to end comes before all else, and once: what is under way then
    /// may still come in.
    pub(super) fn wait(&self, longest: Duration) -> Wake {
        let is_empty = |state: &mut State| !state.is_stop_news() && state.came.is_empty();
        let waited = self
            .changed
            .wait_timeout_while(self.lock(), longest, is_empty);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if state.is_stop_news() {
            state.is_stop_known = true;
            return Wake::Stop;
        }
        state.came.pop_front().unwrap_or(Wake::Time)
    }
}

impl State {
    fn is_stop_news(&self) -> bool {
        self.is_stopped && !self.is_stop_known
    }
}

/// Has SIGTERM and SIGINT end the agent: the step that is under way is finished, and so is what is being published or told,
/// but nothing waits for what probes ask. A second one ends it at once. Where it is cut off, `cut_off` is its exit code.
pub(super) fn stop_on_signals(inbox: &Arc<Inbox>, cut_off: i32) -> Result<(), Failure> {
    let inbox = Arc::clone(inbox);
    let listening = signals::on_end(move || {
        if inbox.stop() {
            std::process::exit(cut_off);
        }
        std::thread::spawn(move || {
            std::thread::sleep(LAST_STEP);
            std::process::exit(cut_off);
        });
    });
    listening.map_err(|error| {
        crate::cli::failure::bad_argument(format!("cannot listen to signals: {error}"), "")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_under_way_comes_in_after_a_stop_that_is_said_once() {
        let inbox = Inbox::default();
        inbox.bring_told(Told::default());
        assert!(!inbox.stop());
        assert!(matches!(inbox.wait(Duration::ZERO), Wake::Stop));
        assert!(matches!(inbox.wait(Duration::ZERO), Wake::Told(_)));
        assert!(matches!(inbox.wait(Duration::ZERO), Wake::Time));
        assert!(inbox.is_stopped());
        assert!(inbox.stop());
    }
}

//! Whether the control addresses answer, looked at once, as soon as a probe has seen something good.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use allclear::probe::{Looked, no_control_answers};
use allclear::site::Site;
use allclear::site::probe::question::Verdict;
use allclear::site::vocabulary::Status;

/// Whether the control addresses were looked at, shared by all looks of an agent.
#[derive(Debug, Clone, Default)]
pub(super) struct ControlLook(Arc<AtomicBool>);

impl ControlLook {
    /// What is to be said where no control address answers though a probe does, the first time that it is asked for: no outage
    /// would ever count there.
    pub(super) fn warning(&self, site: &Site) -> Option<String> {
        if self.0.swap(true, Ordering::SeqCst) {
            return None;
        }
        let why = no_control_answers(site)?;
        Some(format!(
            "{why}, though a probe does: an outage would count for nothing; name others in `control` of `[probe]`"
        ))
    }
}

/// Whether a probe has seen something that works, and so that the network does.
pub(super) fn is_good(looked: &Looked) -> bool {
    let mut readings = looked.readings.iter();
    readings.any(|it| matches!(it.verdict, Verdict::Seen(Status::Operational, _)))
}

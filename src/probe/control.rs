//! The control addresses, which tell our own network from the services.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant as Moment};

use super::side_by_side::side_by_side;
use crate::fetch::{self, FetchError, Networks};
use crate::site::Site;
use crate::site::probe::{DEFAULT_TIMEOUT, HostAndPort};

/// The least time that a control address has to answer.
const LEAST: Duration = Duration::from_secs(2);

/// How long what they said holds for other looks that fail.
const HOLDS: Duration = Duration::from_secs(2);

/// The control addresses of a site, and what they said last.
pub(super) struct Control<'a> {
    addresses: &'a [HostAndPort],
    said: Mutex<Option<Said>>,
}

struct Said {
    begin: Moment,
    why_silent: Option<String>,
}

impl<'a> Control<'a> {
    /// Control addresses that were not asked yet.
    pub(super) fn new(addresses: &'a [HostAndPort]) -> Self {
        Self {
            addresses,
            said: Mutex::new(None),
        }
    }

    /// Why no control address answers; `None` where one does, and where there is none to be asked. Looks that fail together
    /// have one asking between them.
    pub(super) fn why_silent(&self, timeout: Duration) -> Option<String> {
        let wanted = Moment::now();
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(said) = said.as_ref().filter(|it| it.begin + HOLDS >= wanted) {
            return said.why_silent.clone();
        }
        let begin = Moment::now();
        let why_silent = why_silent(self.addresses, timeout);
        *said = Some(Said {
            begin,
            why_silent: why_silent.clone(),
        });
        why_silent
    }
}

/// Why no control address answers; `None` where one does, and where there is none to be asked.
///
/// Nothing is sent to them, so that those in private networks are asked, too.
fn why_silent(control: &[HostAndPort], timeout: Duration) -> Option<String> {
    let unanswered = unanswered(control, timeout)?;
    Some(format!("it may be our own network, for {unanswered}"))
}

/// That no control address of a site answers, and why, as the beginning of a sentence; `None` where one does, and where there
/// is none to be asked.
pub fn no_control_answers(site: &Site) -> Option<String> {
    let timeout = DEFAULT_TIMEOUT.to_std().unwrap_or(LEAST);
    unanswered(&site.settings.probe.control, timeout)
}

fn unanswered(control: &[HostAndPort], timeout: Duration) -> Option<String> {
    let timeout = timeout.max(LEAST);
    let answers = side_by_side(control, |HostAndPort { host, port }| {
        fetch::connect(host, *port, timeout, Networks::All).map(|_| ())
    });
    if answers.iter().any(Result::is_ok) {
        return None;
    }
    let first = answers.into_iter().find_map(Result::err)?;
    Some(sentence(control, &first))
}

fn sentence(control: &[HostAndPort], error: &FetchError) -> String {
    let names: Vec<String> = control.iter().map(HostAndPort::to_string).collect();
    format!("no control address answers ({}: {error})", names.join(", "))
}

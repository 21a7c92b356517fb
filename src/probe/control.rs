//! The control addresses, which tell our own network from the services.

use std::time::Duration;

use super::side_by_side::side_by_side;
use crate::fetch::{self, FetchError, Networks};
use crate::site::probe::HostAndPort;

/// The least time that a control address has to answer.
const LEAST: Duration = Duration::from_secs(2);

/// Why no control address answers; `None` where one does, and where there is none to be asked.
///
/// Nothing is sent to them, so that those in private networks are asked, too.
pub(super) fn why_silent(control: &[HostAndPort], timeout: Duration) -> Option<String> {
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
    format!(
        "it may be our own network, for no control address answers ({}: {error})",
        names.join(", ")
    )
}

//! One question to another machine, asked.

use std::time::{Duration, Instant};

use super::tools::Tools;
use crate::fetch::{self, Limits, Networks};
use crate::site::probe::HostAndPort;
use crate::site::probe::question::{Ask, Outcome};

/// What comes of a question.
pub(super) fn outcome(
    ask: &Ask,
    timeout: Duration,
    networks: Networks,
    tools: Tools<'_>,
) -> Outcome {
    let found = match ask {
        Ask::Http {
            request,
            redirects,
            body,
            excess,
        } => {
            let limits = Limits {
                timeout,
                redirects: *redirects,
                body: *body,
                excess: *excess,
                networks,
            };
            let answer = tools.client.ask(request, limits, tools.environment);
            answer.map(Outcome::Http)
        }
        Ask::Tcp(HostAndPort { host, port }) => {
            let begin = Instant::now();
            let connected = fetch::connect(host, *port, timeout, networks);
            connected.map(|_| Outcome::Tcp(begin.elapsed()))
        }
        Ask::Tls(HostAndPort { host, port }) => {
            let shown = tools.client.certificate(host, *port, timeout, networks);
            shown.map(Outcome::Tls)
        }
        Ask::Dns { name, kind, server } => {
            let records = fetch::records(name, *kind, *server, timeout, networks);
            records.map(Outcome::Dns)
        }
    };
    found.unwrap_or_else(Outcome::Failed)
}

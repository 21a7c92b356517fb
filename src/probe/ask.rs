//! One question to another machine, asked.

use std::time::Duration;

use super::look::Tools;
use crate::fetch::{Limits, Networks};
use crate::site::probe::question::{Ask, Outcome};

/// What comes of a question.
pub(super) fn outcome(
    ask: &Ask,
    timeout: Duration,
    networks: Networks,
    tools: Tools<'_>,
) -> Outcome {
    match ask {
        Ask::Http {
            request,
            redirects,
            body,
        } => {
            let limits = Limits {
                timeout,
                redirects: *redirects,
                body: *body,
                networks,
            };
            match tools.client.ask(request, limits, tools.environment) {
                Ok(answer) => Outcome::Http(answer),
                Err(error) => Outcome::Failed(error),
            }
        }
    }
}

//! What keeps a probe from ever looking.

use std::fmt;

use crate::diagnostic::{Code, Diagnostic};
use crate::fetch::{FetchError, Secrets};
use crate::site::probe::Probe;
use crate::site::probe::question::{Outcome, Reading, Verdict};

/// What keeps a probe from ever looking, until somebody changes something here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// What is wrong.
    pub why: String,
    /// What to do about it.
    pub remedy: String,
}

impl Obstacle {
    /// What kept a probe from looking, where it says nothing at all for that reason.
    pub(super) fn of(
        outcomes: &[Outcome],
        readings: &[Reading],
        secrets: &Secrets,
    ) -> Option<Self> {
        if readings.iter().any(|it| it.verdict != Verdict::Silent) {
            return None;
        }
        outcomes.iter().find_map(|outcome| {
            let Outcome::Failed(error) = outcome else {
                return None;
            };
            Some(Self {
                why: secrets.hidden(&error.to_string()),
                remedy: remedy(error)?,
            })
        })
    }

    /// The finding about a probe that has it.
    pub fn found_at(&self, probe: &Probe) -> Diagnostic {
        let message = format!("this probe can never look: {}", self.why);
        Diagnostic::warning(Code::HinderedProbe, probe.place.clone(), message)
            .hint(self.remedy.as_str())
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.why, self.remedy)
    }
}

/// What to do about an error that is as it is until somebody does something.
fn remedy(error: &FetchError) -> Option<String> {
    Some(match error {
        FetchError::MissingVariable(name) => {
            format!("set `{name}` where allclear runs; a pipeline has to hand it to this step")
        }
        FetchError::PrivateNetwork(_) => {
            "write `private = true` into `[probe]` to have addresses of private networks asked"
                .to_owned()
        }
        FetchError::NoAuthorities => "container images often lack them".to_owned(),
        // Of an address that is none it may be the service that led to it.
        _ => return None,
    })
}

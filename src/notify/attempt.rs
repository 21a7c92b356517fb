//! One attempt to tell a channel a message.

use std::time::{Duration, Instant as Moment};

use super::telling::Tools;
use crate::site::channel::Kind;
use crate::site::channel::message::Message;
use crate::site::channel::sending::{Outcome, Promise, Step, Verdict};

/// How often a message is sent again in one attempt.
const RETRIES: u32 = 3;

/// How many parcels a message takes at most.
const MOST_PARCELS: usize = 8;

/// How long to wait before the first retry; before each further one it is twice as long.
const PAUSE: Duration = Duration::from_millis(500);

/// How long an attempt waits at most, whatever a service asks for: what takes longer is for a later run.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How long after the begin of an attempt another retry may begin. What hangs is for a later run: others wait meanwhile, and
/// the claim in the ledger does not hold for ever.
const LAST_RETRY: Duration = Duration::from_secs(25);

/// What becomes of a message. What was certainly not taken is sent again, and what may have been, where that is promised.
pub(super) fn attempt(kind: &Kind, message: &Message, tools: &Tools<'_>) -> Verdict {
    let (begun, mut retries) = (Moment::now(), 0);
    loop {
        let verdict = once(kind, message, tools);
        let asked = match &verdict {
            Verdict::TryAgain { after, .. } => *after,
            Verdict::Unknown(_) if kind.promise() == Promise::AtLeastOnce => None,
            _ => return verdict,
        };
        let usual = PAUSE * 2u32.pow(retries);
        // From a half to one and a half, so that not all who failed at once come back at once.
        let pause = asked.unwrap_or_else(|| usual.mul_f64(0.5 + (tools.dice)()));
        let is_late = begun.elapsed() + pause > LAST_RETRY;
        if retries == RETRIES || pause > LONGEST_PAUSE || is_late {
            return verdict;
        }
        (tools.pause)(pause);
        retries += 1;
    }
}

fn once(kind: &Kind, message: &Message, tools: &Tools<'_>) -> Verdict {
    let mut outcomes: Vec<Outcome> = Vec::new();
    while outcomes.len() < MOST_PARCELS {
        match kind.step(message, &outcomes) {
            Step::Send(parcel) => outcomes.push(tools.sender.send(&parcel)),
            Step::Done(verdict) => return verdict,
        }
    }
    Verdict::Unknown("it never came to an end".to_owned())
}

//! Telling subscribers what the live page says.
//!
//! What is news is a pure function of what the page announces, of what is live, of the ledger and of the instant; what is sent
//! of it is a pure function of each kind of channel. Between both stands the ledger, `notified.json`, which is changed by
//! compare-and-swap *before* anything is sent, so that however many hosts run this at once, and wherever one is killed, each
//! channel keeps its promise: chats are told at most once; mail and programs at least once, with an identity by which their
//! receivers know what they have had.
//!
//! For each piece of news and channel the ledger goes this way:
//!
//! ```text
//! (nothing) --first sight--> untold --claim--> sending --taken--> told
//!     |                        ^  ^               |--certainly not taken--> untold, for later
//!     |                        |  '--a person-- held                |--some recipients--> left, for later
//!     |                        '--a day later--> given up           '--perhaps taken--> doubtful (chats), untold (the others)
//!     '--too old, filtered, `notify=no`--> silent
//! ```

#[cfg(feature = "agent")]
pub use self::convey::Wire;
pub use self::foresee::{Foreseen, foresee};
pub use self::ledger::{Entry, Ledger, State, Tries, UnreadableLedger};
pub use self::live::{JustBrought, LivePage, Readable};
pub use self::news::{Fate, Patience, Piece, Sight, Waiting, sight};
pub use self::report::{End, Line, Report};
pub use self::tell::tell;
pub use self::telling::{Most, Sender, Telling, Tools};

mod attempt;
#[cfg(feature = "agent")]
mod convey;
#[cfg(feature = "agent")]
mod email;
mod foresee;
mod keep;
#[cfg(feature = "agent")]
mod keyed;
mod ledger;
mod live;
mod news;
mod next;
mod of_channel;
mod report;
mod said;
mod stamp;
mod tell;
mod telling;
#[cfg(test)]
mod tests;

//! Looking at what probes ask about, and keeping what they saw.
//!
//! A failed look counts only once it was repeated, and once a control address showed that it was not our own network that
//! failed. All probes that are due look side by side, none waits for another, and each look ends within one and a half times its
//! timeout: a try may take all of the timeout, or what is left. The control addresses are asked beside those after the first, for
//! three tenths of the timeout, and for two seconds at least, so that a short timeout silences nothing. A slow answer is asked for
//! again, too; of all tries the best counts.

pub use self::control::no_control_answers;
pub use self::keep::{Kept, keep};
pub use self::look::{Looked, look, look_each};
pub use self::obstacle::Obstacle;
pub use self::tools::Tools;

mod ask;
mod control;
mod keep;
mod look;
mod obstacle;
mod side_by_side;
mod tools;

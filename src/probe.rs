//! Looking at what probes ask about, and keeping what they saw.
//!
//! A failed look counts only once it was repeated, and once a control address showed that it was not our own network that
//! failed. All probes that are due look side by side, and each look ends within one and a half times its timeout: the
//! first try may take all of the timeout, and those after it share three tenths of it, in which the control addresses are
//! asked, too. These have two seconds at least, so that a short timeout silences nothing.

pub use self::keep::{Kept, keep};
pub use self::look::{Looked, look};
pub use self::tools::Tools;

mod ask;
mod control;
mod keep;
mod look;
mod side_by_side;
mod tools;

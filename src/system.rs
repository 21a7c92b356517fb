//! What differs from one operating system to another: one file a concern, in which what each system does stands side by side.
//!
//! No other file of the library or the program asks for which system it is compiled. What is here does one thing for
//! `source`, `write`, `publish`, `agent` and `cli`, and says what it does where a system cannot do it.

#![expect(
    clippy::disallowed_methods,
    reason = "what reads and writes by calls of one system only does so for `source`, `write` and `publish`"
)]

pub mod busy;
pub mod file;
pub mod lock;
pub mod mounts;
pub mod network;
pub mod open;
pub mod path;
pub mod permissions;
#[cfg(feature = "agent")]
pub mod process;
pub mod rename;
#[cfg(feature = "agent")]
pub mod signals;
pub mod sync;

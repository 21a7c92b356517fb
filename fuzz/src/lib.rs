//! The targets of fuzzing: functions of any bytes, each of which asserts what must hold of the program's answer.
//!
//! Two runners share them. `cargo fuzz run TARGET` is guided by coverage and runs for hours; `run.rs` is a test of the
//! program that needs nothing but a stable compiler, changes the small corpora in `corpus/` by chance, and runs for as
//! long as it is told to. Inputs are texts as people write them wherever that can be, so that a finding can be read.

mod config;
mod evidence;
mod ground;
mod markdown;
mod markup;
mod post;
mod recurrence;
mod request;
mod site;
mod sound;
mod statuspage;
mod theme;
mod time;
mod update;

pub use config::config;
pub use evidence::{prometheus, samples_csv, samples_jsonl, states_csv, states_jsonl};
pub use markdown::markdown;
pub use post::{front_matter, heading};
pub use recurrence::recurrence;
pub use request::request;
pub use site::site;
pub use statuspage::statuspage;
pub use theme::theme;
pub use time::{spoken, time};
pub use update::update;

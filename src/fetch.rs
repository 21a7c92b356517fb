//! Asking other machines over HTTP: requests and answers as plain values, and the one client.
//!
//! What can be said of an answer is said elsewhere; here is only what every request has in common: secrets that come from the
//! environment and never appear in a message, limits of time and size, and which networks may be asked.

pub use self::answer::{Answer, Certificate, FetchError, NameAnswer};
#[cfg(feature = "agent")]
pub use self::client::Client;
#[cfg(feature = "agent")]
pub use self::connect::connect;
pub use self::environment::{EnvText, Environment, MissingVariable};
pub use self::field::{BadField, bad_field};
#[cfg(feature = "agent")]
pub use self::key::Key;
pub use self::limits::{Excess, Limits, Networks};
#[cfg(feature = "agent")]
pub use self::lookup::records;
#[cfg(feature = "agent")]
pub use self::reach::addresses;
pub use self::record_kind::RecordKind;
pub use self::request::{Method, Request};
#[cfg(feature = "agent")]
pub use self::secrets::Secrets;
#[cfg(feature = "agent")]
pub use self::tls::broken;

mod answer;
#[cfg(feature = "agent")]
mod certificate;
#[cfg(feature = "agent")]
mod client;
#[cfg(feature = "agent")]
mod connect;
mod environment;
mod field;
#[cfg(feature = "agent")]
mod https;
#[cfg(feature = "agent")]
mod key;
mod limits;
#[cfg(feature = "agent")]
mod lookup;
#[cfg(feature = "agent")]
mod reach;
mod record_kind;
mod request;
#[cfg(feature = "agent")]
mod secrets;
#[cfg(feature = "agent")]
mod tls;

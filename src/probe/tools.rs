//! What looking needs from outside.

use crate::fetch::{Client, Environment};
use crate::time::Instant;

/// What looking needs from outside.
#[derive(Clone, Copy)]
pub struct Tools<'a> {
    /// The client of HTTP.
    pub client: &'a Client,
    /// The variables of the environment.
    pub environment: &'a Environment<'a>,
    /// The present instant, whenever it is asked for.
    pub clock: &'a (dyn Fn() -> Instant + Sync),
}

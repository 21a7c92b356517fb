//! What is needed to reach places.

use crate::fetch::Client;

/// What is needed to reach places.
#[derive(Debug, Clone, Copy)]
pub struct Tools<'a> {
    /// The client for stores.
    pub client: &'a Client,
    /// The variables of the environment in which the tools of clouds keep credentials: those that begin with `AWS_`,
    /// `GOOGLE_` or `AZURE_`.
    pub variables: &'a [(String, String)],
}

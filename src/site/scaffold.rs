//! What a new site says of itself until its team says it.

/// The title of a new site.
pub const TITLE: &str = "Your Service Status";

/// The address of a new site, which is nobody's.
pub const BASE_URL: &str = "https://status.your-service.example/";

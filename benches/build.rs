//! Whole builds.
fn main() {}

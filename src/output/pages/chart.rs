//! Charts: figures as paths of SVG.

pub mod bars;
pub mod latency;
pub mod signal;

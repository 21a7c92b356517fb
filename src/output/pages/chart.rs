//! Charts: figures as paths of SVG.

pub mod bars;
pub mod signal;

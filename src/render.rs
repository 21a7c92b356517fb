//! Rendering.
pub mod view;

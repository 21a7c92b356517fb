//! The dialect of Markdown that every part of this module reads.

use pulldown_cmark::Options as Syntax;

/// The dialect: GitHub's.
///
/// One for every use, so that a heading that [`outline`](super::outline) finds is one for [`to_html`](super::to_html) as well.
/// Heading attributes are part of it everywhere: in a body they are read and dropped.
pub(super) const SYNTAX: Syntax = Syntax::ENABLE_TABLES
    .union(Syntax::ENABLE_FOOTNOTES)
    .union(Syntax::ENABLE_STRIKETHROUGH)
    .union(Syntax::ENABLE_TASKLISTS)
    .union(Syntax::ENABLE_GFM)
    .union(Syntax::ENABLE_HEADING_ATTRIBUTES);

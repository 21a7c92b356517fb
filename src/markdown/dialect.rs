//! The dialect of Markdown that every part of this module reads.

use pulldown_cmark::{Options as Syntax, TagEnd};

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

/// Whether what ends so stands on lines of its own.
pub(super) fn is_block(tag: TagEnd) -> bool {
    !matches!(
        tag,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
    )
}

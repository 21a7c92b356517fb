//! The options of a rendering, which are its words, its ids and its place in a page, and its result.

/// The words that rendering adds, in the page's language and as plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// The title of a note.
    pub note: String,
    /// The title of a tip.
    pub tip: String,
    /// The title of an important remark.
    pub important: String,
    /// The title of a warning.
    pub warning: String,
    /// The title of a caution.
    pub caution: String,
    /// The name of the list of footnotes.
    pub footnotes: String,
    /// The name of the link from a footnote back to the text.
    pub footnote_back: String,
    /// The name of a table that can be scrolled.
    pub table: String,
    /// A task that is done.
    pub task_done: String,
    /// A task that is not done.
    pub task_open: String,
}

/// The place of a body in its page.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// The prefix of every id in the output.
    ///
    /// It is unique in the page, so that two updates never share an id, and has no white space.
    pub id_prefix: &'a str,
    /// The path from this page to the one that the body's relative links and images are meant
    /// for, as `../incidents/x/`; empty where that is this page. In a feed it is the whole address of
    /// that page, and every link becomes one.
    pub base: &'a str,
    /// The level of the outermost headings, from 1 to 6.
    pub heading_level: u8,
    /// The words that rendering adds.
    pub labels: &'a Labels,
}

/// A body as HTML, with what its place in a page has to do with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Html {
    /// The HTML.
    pub text: String,
    /// Whether it is the same whatever [`Options::id_prefix`] and [`Options::base`] are: it has neither ids nor links that
    /// begin at a page.
    pub stands_anywhere: bool,
}

//! What readers can read now.

use std::collections::BTreeMap;

use bytes::Bytes;

use crate::output::Output;
use crate::output::pages::Announcement;
use crate::time::Instant;

/// A page that is live, wherever that is.
pub trait Readable: Sync {
    /// The instant that it is for.
    fn now(&self) -> Instant;

    /// A file of it; `None` where there is none.
    ///
    /// # Errors
    ///
    /// Where it cannot be read, in words.
    fn file(&self, path: &str) -> Result<Option<Bytes>, String>;
}

/// A page that has just reached its readers.
#[derive(Debug, Clone, Copy)]
pub struct JustBrought<'a> {
    /// The instant that it is for.
    pub now: Instant,
    /// Its files.
    pub outputs: &'a [Output],
}

impl Readable for JustBrought<'_> {
    fn now(&self) -> Instant {
        self.now
    }

    fn file(&self, path: &str) -> Result<Option<Bytes>, String> {
        let found = self.outputs.iter().find(|output| output.path == path);
        Ok(found.map(|output| output.bytes.clone()))
    }
}

/// The live page, as far as news ask about it.
#[derive(Debug, Clone, Default)]
pub struct LivePage {
    /// The instant that it is for.
    pub now: Instant,
    /// The files that were asked for and are there, by their paths.
    pub files: BTreeMap<String, Bytes>,
}

impl LivePage {
    /// Whether readers find a piece of news on it.
    pub fn has(&self, news: &Announcement) -> bool {
        let Some(page) = self.files.get(&news.file) else {
            return false;
        };
        self.now >= news.message.at
            && news
                .anchor
                .as_ref()
                .is_none_or(|anchor| has_anchor(page, anchor))
    }
}

/// Whether HTML has an element with an id, which is plain letters, digits and `-`.
fn has_anchor(html: &[u8], id: &str) -> bool {
    let mut rest = html;
    while let Some(at) = rest.windows(3).position(|it| it == b"id=") {
        rest = &rest[at + 3..];
        let value = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'"));
        let value = value.unwrap_or(rest);
        let end = value.strip_prefix(id.as_bytes());
        if end.is_some_and(|end| matches!(end.first(), Some(b'"' | b'\'' | b' ' | b'>' | b'\n'))) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::has_anchor;

    #[test]
    fn an_anchor_is_a_whole_id() {
        for html in [
            "<h3 id=\"update-1\">",
            "<h3 id=update-1>",
            "<h3 class=a id='update-1'>",
        ] {
            assert!(has_anchor(html.as_bytes(), "update-1"), "{html}");
        }
        for html in [
            "<h3 id=\"update-11\">",
            "<a href=\"#update-1\">",
            "update-1",
            "<h3 id=\"update-1",
        ] {
            assert!(!has_anchor(html.as_bytes(), "update-1"), "{html}");
        }
    }
}

//! The way in which a web server serves each file of the page: its type, how long it may be kept, and who may read it.
//!
//! It is said once, here, by the path alone. `serve`, `_headers`, `build.json` and the configurations of web servers
//! follow it, and a test asks real web servers.

use std::fmt;

use camino::Utf8Path;

use super::feed::FeedLink;
use super::media_type;
pub use super::route::{API, EMBED};
use crate::site::BaseUrl;
pub use crate::site::latency::LATENCY;
use crate::site::reports::ReportSettings;
use crate::theme::has_hash;

/// The policy of every page: it loads nothing but the site's own files, and runs nothing that stands in it.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
     base-uri 'none'; form-action ";

/// The policy of every page of a site that is published at an address.
///
/// Where the site asks for reports, its form may be sent to the collector. Browsers hold the answer to the policy too, which
/// leads back to the site, and a copy of the page may lie elsewhere.
pub fn policy(reports: Option<&ReportSettings>, base_url: &BaseUrl) -> String {
    let Some(reports) = reports else {
        return format!("{POLICY}'none'");
    };
    let (collector, site) = (reports.url.origin(), base_url.origin());
    let others = match collector == site {
        true => site.to_owned(),
        false => format!("{collector} {site}"),
    };
    format!("{POLICY}'self' {others}")
}

/// What browsers may tell other sites of the page from which they come, which is nothing.
///
/// Where the site asks for reports, it is the origin: the collector asks from which site a form comes, and may be on another
/// host, which under `same-origin` is told `null`.
pub fn referrer_policy(reports: Option<&ReportSettings>) -> &'static str {
    match reports {
        Some(_) => "strict-origin",
        None => "same-origin",
    }
}

/// The names of the files that programs of other sites read, of whatever they are; feeds and calendars besides.
const SHARED_NAMES: [&str; 3] = ["badge.svg", "badge.json", "embed.json"];

/// The single files that programs of other sites read.
pub const SHARED_FILES: [&str; 3] = ["build.json", "embed.js", "evidence/states.jsonl"];

/// How long a copy of a file may be used without asking for it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CacheRule {
    /// For ever: another content has another name.
    Forever,
    /// For half a minute, and not a second longer.
    ///
    /// A status page is asked for by many at once when it matters, which a short time takes off its server; and an
    /// all-clear that is over must not be shown from somewhere in between. So nobody may answer with an older copy, be
    /// it while a new one is fetched or because the server is away: a page that cannot be had claims nothing.
    Briefly,
}

impl CacheRule {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Forever, Self::Briefly];

    /// The value of `Cache-Control`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Forever => "public, max-age=31536000, immutable",
            Self::Briefly => "public, max-age=30, must-revalidate",
        }
    }

    /// The rule for a file by its path from the output folder.
    pub fn of(path: &Utf8Path) -> Self {
        match has_hash(path) {
            true => Self::Forever,
            false => Self::Briefly,
        }
    }
}

impl fmt::Display for CacheRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The way in which the files of a site with certain feeds are served.
#[derive(Debug, Clone, Default)]
pub struct Serving {
    /// The names of the feeds, with their media types.
    feeds: Vec<(String, &'static str)>,
}

impl Serving {
    /// The way in which files are served beside these feeds.
    pub fn with<'a>(feeds: impl IntoIterator<Item = &'a FeedLink>) -> Self {
        let feeds = feeds.into_iter().filter_map(|feed| {
            let file = (feed.route)(None, None).file();
            let name = Utf8Path::new(&file).file_name()?;
            Some((name.to_owned(), feed.media_type))
        });
        Self {
            feeds: feeds.collect(),
        }
    }

    /// The media type of a file, without a character set.
    pub fn media_type(&self, path: &Utf8Path) -> &'static str {
        let name = path.file_name();
        let mut feeds = self.feeds.iter();
        match feeds.find(|(feed, _)| Some(feed.as_str()) == name) {
            // An incident may be called as a feed is: what the API says of it is no feed.
            Some((_, media_type)) if !path.starts_with(API) => media_type,
            _ => media_type::of_extension(path.extension().unwrap_or_default()),
        }
    }

    /// The value of `Content-Type` of a file: its media type, and the character set of a text.
    pub fn content_type(&self, path: &Utf8Path) -> String {
        with_character_set(self.media_type(path))
    }

    /// Whether programs of other sites may read a file in a browser (`Access-Control-Allow-Origin`).
    pub fn is_shared(&self, path: &Utf8Path) -> bool {
        let name = path.file_name().unwrap_or_default();
        path.starts_with(API)
            || path.starts_with(LATENCY)
            || SHARED_FILES.contains(&path.as_str())
            || self.shared_names().any(|shared| shared == name)
    }

    /// The names of the files that programs of other sites may read wherever they lie.
    pub fn shared_names(&self) -> impl Iterator<Item = &str> {
        let feeds = self.feeds.iter().map(|(name, _)| name.as_str());
        feeds.chain(SHARED_NAMES)
    }

    /// The names whose media type is another one than that of their end, with it; below [`API`] it is that of their end.
    pub fn odd_names(&self) -> impl Iterator<Item = (&str, &'static str)> {
        let feeds = self.feeds.iter();
        let odd = feeds.filter(|(name, media_type)| {
            let extension = Utf8Path::new(name).extension();
            *media_type != media_type::of_extension(extension.unwrap_or_default())
        });
        odd.map(|(name, media_type)| (name.as_str(), *media_type))
    }
}

/// A media type as the value of `Content-Type`: with the character set of a text.
pub fn with_character_set(media_type: &str) -> String {
    match media_type::is_text(media_type) {
        true => format!("{media_type}; charset=utf-8"),
        false => media_type.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::feed::FeedKind;
    use crate::output::route::Route;

    #[test]
    fn only_what_has_a_hash_is_kept_for_ever() {
        for (path, rule) in [
            ("assets/style.0123456789.css", CacheRule::Forever),
            ("assets/fonts/a.b.abcdefabcd.woff2", CacheRule::Forever),
            ("assets/LICENSE.0123456789", CacheRule::Forever),
            ("assets/logo.2.png", CacheRule::Briefly),
            ("assets/style.0123456789.min.css", CacheRule::Briefly),
            ("assets/0123456789.css", CacheRule::Briefly),
            ("style.0123456789.css", CacheRule::Briefly),
            ("incidents/assets/style.0123456789.css", CacheRule::Briefly),
            ("index.html", CacheRule::Briefly),
            ("history.atom", CacheRule::Briefly),
        ] {
            assert_eq!(CacheRule::of(Utf8Path::new(path)), rule, "{path}");
        }
    }

    #[test]
    fn an_incident_may_be_called_as_a_feed_is() {
        let feed = FeedLink {
            kind: FeedKind::News,
            media_type: "application/feed+json",
            route: Route::json_feed,
            title: "JSON Feed",
            note: None,
            for_chats: false,
            is_linked: |_, _| true,
        };
        let serving = Serving::with([&feed]);
        for (path, media_type) in [
            ("feed.json", "application/feed+json"),
            ("ar/components/web/feed.json", "application/feed+json"),
            ("api/v2/incidents/feed.json", "application/json"),
            ("badge.json", "application/json"),
        ] {
            assert_eq!(
                serving.media_type(Utf8Path::new(path)),
                media_type,
                "{path}"
            );
        }
    }

    #[test]
    fn what_programs_read_is_shared() {
        let serving = Serving::default();
        for (path, is_shared) in [
            ("api/v2/summary.json", true),
            ("api/v2/incidents/page-2.json", true),
            ("badge.svg", true),
            ("ar/components/web/badge.json", true),
            ("embed.js", true),
            ("ar/embed.json", true),
            ("build.json", true),
            ("evidence/states.jsonl", true),
            ("evidence/latency/frankfurt.csv", true),
            ("evidence/latencies.csv", false),
            ("index.html", false),
            ("embed/index.html", false),
            ("apis/index.html", false),
            ("incidents/a/build.json", false),
            ("assets/style.0123456789.css", false),
        ] {
            assert_eq!(serving.is_shared(Utf8Path::new(path)), is_shared, "{path}");
        }
    }
}

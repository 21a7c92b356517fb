//! Every address and path of a site.
//!
//! A page is known by its [`Route`], and only here does a route become text: an address for readers
//! or a file for the web server. Links inside the site go from a page to the root and from there to
//! the other page, so that the same files work at any depth of any host; only canonical addresses,
//! feeds and the page for unknown addresses need a [`BaseUrl`].

use std::fmt;

use crate::site::{BaseUrl, Slug, folded, push_encoded};

/// The name of the file that is a page in Markdown: it lies beside the page.
pub(super) const TWIN: &str = "index.md";

/// The folder of the pages that other sites show in a frame, in each language.
pub const EMBED: &str = "embed";

/// The folder of the page that thanks for a report, in each language.
pub(super) const REPORTED: &str = "reported";

/// The folder of the documents that programs of other sites read, whatever they are called.
pub const API: &str = "api";

/// The folder of the documents of the API's version.
pub(super) const API_DOCUMENTS: &str = "api/v2/";

/// A page or file of the site.
///
/// It is a path from the site's root without a leading `/`, in the characters of its names: one of
/// a page ends with `/` (the index in the first language is empty), one of a file does not. Pages
/// in the site's first language, whose `lang` is `None`, stand at the root; those in every other
/// stand below its tag.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Route(String);

impl Route {
    /// The page that says what works now.
    pub fn index(lang: Option<&str>) -> Self {
        Self::below(lang, format_args!(""))
    }

    /// The page of an incident, a maintenance or a notice.
    pub fn post(lang: Option<&str>, slug: &Slug) -> Self {
        Self::below(lang, format_args!("incidents/{slug}/"))
    }

    /// The list of the months.
    pub fn history(lang: Option<&str>) -> Self {
        Self::below(lang, format_args!("history/"))
    }

    /// The incidents of a month of the site's zone; `month` and `page` count from 1.
    ///
    /// The first page is the month's own, so that its address stays when the month grows.
    pub fn month(lang: Option<&str>, year: i32, month: u32, page: usize) -> Self {
        if page <= 1 {
            Self::below(lang, format_args!("history/{year:04}-{month:02}/"))
        } else {
            Self::below(lang, format_args!("history/{year:04}-{month:02}/{page}/"))
        }
    }

    /// The page of a component, by its id.
    ///
    /// The id is one of `allclear.toml`, which has no `/` and is neither `.` nor `..`.
    pub fn component(lang: Option<&str>, id: &str) -> Self {
        Self::below(lang, format_args!("components/{id}/"))
    }

    /// The Atom feed of the newest updates, those of a component where one is named by its id.
    pub fn feed(lang: Option<&str>, component: Option<&str>) -> Self {
        Self::about_part(lang, component, "history.atom")
    }

    /// The RSS feed of the newest updates, those of a component where one is named by its id.
    pub fn rss(lang: Option<&str>, component: Option<&str>) -> Self {
        Self::about_part(lang, component, "history.rss")
    }

    /// The JSON feed of the newest posts, those of a component where one is named by its id.
    pub fn json_feed(lang: Option<&str>, component: Option<&str>) -> Self {
        Self::about_part(lang, component, "feed.json")
    }

    /// The calendar of maintenances, those of a component where one is named by its id.
    pub fn calendar(lang: Option<&str>, component: Option<&str>) -> Self {
        Self::about_part(lang, component, "maintenance.ics")
    }

    /// The badge of the site, that of a component where one is named by its id.
    pub fn badge(lang: Option<&str>, component: Option<&str>) -> Self {
        Self::about_part(lang, component, "badge.svg")
    }

    /// The badge of the site or of a component as data, for programs that draw it themselves.
    pub fn badge_data(lang: Option<&str>, component: Option<&str>) -> Self {
        Self::about_part(lang, component, "badge.json")
    }

    /// The page for a frame in other pages.
    pub fn embed(lang: Option<&str>) -> Self {
        Self::below(lang, format_args!("{EMBED}/"))
    }

    /// The words that the script in other pages shows.
    pub fn embed_data(lang: Option<&str>) -> Self {
        Self::below(lang, format_args!("embed.json"))
    }

    /// The script for other pages, which is the same in every language.
    pub fn embed_script() -> Self {
        Self::below(None, format_args!("embed.js"))
    }

    /// A file about the whole site, or about one component: it lies beside the page of that.
    fn about_part(lang: Option<&str>, component: Option<&str>, name: &str) -> Self {
        match component {
            None => Self::below(lang, format_args!("{name}")),
            Some(id) => Self::below(lang, format_args!("components/{id}/{name}")),
        }
    }

    /// The page that says how everything is computed.
    pub fn about(lang: Option<&str>) -> Self {
        Self::below(lang, format_args!("about/"))
    }

    /// The page that says how to follow what is published.
    pub fn subscribe(lang: Option<&str>) -> Self {
        Self::below(lang, format_args!("subscribe/"))
    }

    /// The page that thanks for a report; the collector sends readers there.
    pub fn reported(lang: Option<&str>) -> Self {
        Self::below(lang, format_args!("{REPORTED}/"))
    }

    /// A page of the site's own.
    pub fn own(lang: Option<&str>, slug: &Slug) -> Self {
        Self::below(lang, format_args!("{slug}/"))
    }

    /// A file of `static/`, by its path in the output: the same in every language.
    pub fn file_of_site(path: &str) -> Self {
        Self::below(None, format_args!("{path}"))
    }

    /// A document of the API, by its path in the folder of all.
    pub fn api(document: &str) -> Self {
        Self::below(None, format_args!("{API_DOCUMENTS}{document}"))
    }

    /// The document of the API with all that is said now.
    pub fn api_summary() -> Self {
        Self::api("summary.json")
    }

    /// The list of the pages as Markdown, for language models.
    pub fn llms() -> Self {
        Self::below(None, format_args!("llms.txt"))
    }

    /// The page for addresses that the site does not have.
    ///
    /// A web server shows it at any depth, so its links must start from [`BaseUrl::path`] instead of
    /// [`Route::root`].
    pub fn not_found(lang: Option<&str>) -> Self {
        Self::below(lang, format_args!("404.html"))
    }

    /// The page that lies in a file of the output; `None` for any other file, and for the page for unknown addresses.
    pub(super) fn of_page(file: &str) -> Option<Self> {
        let folder = file.strip_suffix("index.html")?;
        (folder.is_empty() || folder.ends_with('/')).then(|| Self(folder.to_owned()))
    }

    fn below(lang: Option<&str>, path: fmt::Arguments<'_>) -> Self {
        match lang {
            None => Self(path.to_string()),
            Some(lang) => Self(format!("{lang}/{path}")),
        }
    }

    /// Its address from the site's root, percent-encoded; empty for the index.
    pub fn url(&self) -> String {
        let mut url = String::with_capacity(self.0.len());
        push_encoded(&mut url, &self.0);
        url
    }

    /// Its absolute address on a site.
    pub fn on(&self, base: &BaseUrl) -> String {
        let mut url = base.as_str().to_owned();
        push_encoded(&mut url, &self.0);
        url
    }

    /// Its file from the output folder, with `/` between its parts and the characters of its names.
    pub fn file(&self) -> String {
        if self.0.is_empty() || self.0.ends_with('/') {
            format!("{}index.html", self.0)
        } else {
            self.0.clone()
        }
    }

    /// The page as Markdown.
    pub fn twin(&self) -> Self {
        Self(format!("{}{TWIN}", self.0))
    }

    /// The path from it to the site's root: `../../`, or `./` at the root itself.
    pub fn root(&self) -> String {
        match self.0.matches('/').count() {
            0 => "./".to_owned(),
            depth => "../".repeat(depth),
        }
    }
}

/// The page of a month in the place of which, or in the folder of which, a file at `path` lies, whether there is such a
/// page now or not; `None` for other files. `prefixes` are those of the site's languages.
pub(super) fn page_of_month(prefixes: &[Option<&str>], path: &str) -> Option<String> {
    let path = folded(path);
    prefixes.iter().find_map(|prefix| {
        let history = Route::history(*prefix).0;
        let inside = path.strip_prefix(&folded(&history))?;
        let mut parts = inside.split('/');
        let month = parts.next().filter(|month| is_month(month))?;
        let page = parts.next().filter(|page| is_number(page));
        let page = page.map_or_else(String::new, |page| format!("{page}/"));
        Some(format!("{history}{month}/{page}index.html"))
    })
}

/// Whether a folder's name is that of a month, as `2022-12`.
fn is_month(name: &str) -> bool {
    name.len() == 7
        && (name.split_once('-'))
            .is_some_and(|(year, month)| year.len() == 4 && is_number(year) && is_number(month))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::{BaseUrl, Route, Slug, page_of_month};

    #[test]
    fn every_route() {
        let slug = Slug::parse("2022-12-28-log-in").unwrap();
        let arabic = Slug::parse("عطل-100%").unwrap();
        let all = [
            Route::index(None),
            Route::index(Some("ar")),
            Route::post(None, &slug),
            Route::post(Some("ar"), &arabic),
            Route::history(None),
            Route::history(Some("ar")),
            Route::month(None, 2022, 12, 1),
            Route::month(None, 2022, 2, 2),
            Route::month(Some("zh-Hant"), 987, 1, 10),
            Route::component(None, "web.eu_1"),
            Route::component(Some("ar"), "web"),
            Route::not_found(None),
            Route::not_found(Some("ar")),
            Route::about(None),
            Route::about(Some("ar")),
            Route::subscribe(None),
            Route::subscribe(Some("ar")),
            Route::reported(None),
            Route::reported(Some("ar")),
            Route::own(None, &slug),
            Route::own(Some("ar"), &arabic),
            Route::file_of_site("papers/sla 1.pdf"),
            Route::badge(None, Some("web")),
            Route::badge(Some("ar"), None),
            Route::badge_data(None, None),
            Route::embed(Some("ar")),
            Route::embed_data(None),
            Route::embed_script(),
            Route::api_summary(),
            Route::llms(),
        ];
        let shown: Vec<String> = all
            .iter()
            .map(|route| format!("{} | {} | {}", route.url(), route.file(), route.root()))
            .collect();
        assert_eq!(
            shown,
            [
                " | index.html | ./",
                "ar/ | ar/index.html | ../",
                "incidents/2022-12-28-log-in/ | incidents/2022-12-28-log-in/index.html | ../../",
                "ar/incidents/%D8%B9%D8%B7%D9%84-100%25/ | ar/incidents/عطل-100%/index.html | ../../../",
                "history/ | history/index.html | ../",
                "ar/history/ | ar/history/index.html | ../../",
                "history/2022-12/ | history/2022-12/index.html | ../../",
                "history/2022-02/2/ | history/2022-02/2/index.html | ../../../",
                "zh-Hant/history/0987-01/10/ | zh-Hant/history/0987-01/10/index.html | ../../../../",
                "components/web.eu_1/ | components/web.eu_1/index.html | ../../",
                "ar/components/web/ | ar/components/web/index.html | ../../../",
                "404.html | 404.html | ./",
                "ar/404.html | ar/404.html | ../",
                "about/ | about/index.html | ../",
                "ar/about/ | ar/about/index.html | ../../",
                "subscribe/ | subscribe/index.html | ../",
                "ar/subscribe/ | ar/subscribe/index.html | ../../",
                "reported/ | reported/index.html | ../",
                "ar/reported/ | ar/reported/index.html | ../../",
                "2022-12-28-log-in/ | 2022-12-28-log-in/index.html | ../",
                "ar/%D8%B9%D8%B7%D9%84-100%25/ | ar/عطل-100%/index.html | ../../",
                "papers/sla%201.pdf | papers/sla 1.pdf | ../",
                "components/web/badge.svg | components/web/badge.svg | ../../",
                "ar/badge.svg | ar/badge.svg | ../",
                "badge.json | badge.json | ./",
                "ar/embed/ | ar/embed/index.html | ../../",
                "embed.json | embed.json | ./",
                "embed.js | embed.js | ./",
                "api/v2/summary.json | api/v2/summary.json | ../../",
                "llms.txt | llms.txt | ./",
            ]
        );
    }

    #[test]
    fn a_route_has_an_absolute_address() {
        let base = BaseUrl::parse("https://example.com/status").unwrap();
        let slug = Slug::parse("a'b&c").unwrap();
        assert_eq!(Route::index(None).on(&base), "https://example.com/status/");
        assert_eq!(
            Route::post(None, &slug).on(&base),
            "https://example.com/status/incidents/a%27b%26c/"
        );
    }

    #[test]
    fn a_page_is_known_by_its_file() {
        for route in [
            Route::index(None),
            Route::subscribe(Some("ar")),
            Route::component(None, "web"),
        ] {
            assert_eq!(Route::of_page(&route.file()), Some(route));
        }
        for file in [
            "404.html",
            "history.atom",
            "assets/index.html.map",
            "a/my-index.html",
        ] {
            assert_eq!(Route::of_page(file), None, "{file}");
        }
    }

    #[test]
    fn a_month_has_its_place_before_it_comes() {
        for (path, page) in [
            ("history/2023-01", Some("history/2023-01/index.html")),
            (
                "History/2023-01/INDEX.html",
                Some("history/2023-01/index.html"),
            ),
            (
                "ar/history/2023-01/2/index.html",
                Some("ar/history/2023-01/2/index.html"),
            ),
            ("history/2023-01/2", Some("history/2023-01/2/index.html")),
            ("history/2023-01/a.png", Some("history/2023-01/index.html")),
            ("history/index.html", None),
            ("history/2023-1/index.html", None),
            ("fr/history/2023-01/index.html", None),
            ("papers/2023-01/index.html", None),
        ] {
            assert_eq!(
                page_of_month(&[None, Some("ar")], path).as_deref(),
                page,
                "{path}"
            );
        }
    }
}

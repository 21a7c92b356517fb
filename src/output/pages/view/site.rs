//! Views that every page has: the site and the page itself.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::report::ReportView;

/// The site, on every page as `site`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SiteView {
    /// The site's title in the page's language.
    pub title: String,
    /// The history in the page's language, from the site's root; empty while there is no incident.
    pub history: String,
    /// The page that says how all of it is computed, from the site's root.
    pub about: String,
    /// The page that says how to follow what is published, from the site's root; empty where nothing that can be is.
    pub subscribe: String,
    /// The Atom feed in the page's language, from the site's root; empty where that format is off.
    pub feed: String,
    /// The calendar of maintenances in the page's language, from the site's root; empty while there is none, and where that
    /// format is off.
    pub calendar: String,
    /// The feeds in the page's language that there is something in, in the order in which pages link to them.
    pub feeds: Vec<FeedView>,
    /// Whether search engines may keep its pages; where not, each page says so by
    /// `<meta name="robots" content="noindex">` in its head.
    pub indexed: bool,
    /// The IANA name of the site's time zone.
    pub zone: String,
    /// The name of that zone at the instant of the build, as times have it: `EST`.
    pub zone_name: String,
    /// The picture beside the title.
    pub logo: Option<LogoView>,
    /// The form by which readers report a problem; nothing where the site does not ask for reports.
    pub report: Option<ReportView>,
    /// Links to other places, and to pages and files of the site.
    pub links: Vec<SiteLinkView>,
    /// The theme's options by their names, as the site sets them: a text or a choice as a text, a colour as
    /// a map of `light` and `dark`, else a number or a truth.
    pub options: BTreeMap<String, OptionView>,
}

/// A link beside the title, to be printed as
/// `{% if link.inside %}{{ page.root }}{% endif %}{{ link.url }}`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SiteLinkView {
    /// From the site's root where it leads inside the site, else a whole address.
    pub url: String,
    /// In the page's language.
    pub text: String,
    /// Whether it leads to a page or a file of the site.
    pub inside: bool,
}

/// A feed that readers can subscribe to.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FeedView {
    /// `news` for one that feed readers find by the head of a page, or `calendar`.
    pub kind: &'static str,
    /// From the site's root.
    pub url: String,
    /// The address by which a calendar program subscribes to it, by the scheme `webcal`; empty for other feeds.
    pub open: String,
    /// The media type, as `application/atom+xml`.
    pub media_type: &'static str,
    /// The name of its format, as `Atom`: the text of a link to it.
    pub title: &'static str,
    /// A text to stand before that link, in the page's language; empty where it stands before the link to another feed of
    /// this kind.
    pub note: String,
}

/// A feed in the head of a page, by which feed readers find it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct HeadLinkView {
    /// The media type, as `application/atom+xml`.
    pub media_type: &'static str,
    /// The title of the feed, with the name of its format.
    pub title: String,
    /// From the site's root.
    pub url: String,
}

/// The picture beside the title.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LogoView {
    /// From the site's root.
    pub light: String,
    /// The one for dark pages, from the site's root; empty where there is no other.
    pub dark: String,
}

/// The value of an option of the theme.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum OptionView {
    /// A text, in the page's language where it has several, or a choice.
    Text(String),
    /// A whole number.
    Number(i64),
    /// `true` or `false`.
    Boolean(bool),
    /// A colour for light pages and one for dark ones, each as `#rrggbb`.
    Color {
        /// For light pages.
        light: String,
        /// For dark pages.
        dark: String,
    },
}

/// The page itself, on every page as `page`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PageView {
    /// `index`, `incident`, `history`, `month`, `component`, `about`, `subscribe`, `page` (one of the site's own),
    /// `reported` (thanks for a report), `not_found` or `embed`.
    pub kind: &'static str,
    /// The title of the page without the site's; on the index, the headline.
    pub title: String,
    /// The title in the browser's tab, without the site's: the same, with the status on a component's page.
    pub tab: String,
    /// The name of the icon in the browser's tab, as in `HeadlineView::icon`; empty on a page that is about no status.
    pub icon: &'static str,
    /// One sentence for search results.
    pub description: String,
    /// What other services show of this page where its address is shared.
    pub card: CardView,
    /// The absolute address of this page; empty on `404.html`, which has none.
    pub canonical: String,
    /// The same page as Markdown, from this page: `index.md`; empty where there is none.
    pub markdown: &'static str,
    /// The path from this page to the site's root: `./`, `../../`, or the whole path on `404.html`.
    pub root: String,
    /// The path from this page to the index in this page's language.
    pub home: String,
    /// The BCP 47 tag of the page's language.
    pub lang: String,
    /// That language with a region, as Open Graph has it: `en_US`.
    pub locale: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// The instant of the build, RFC 3339 in UTC, where a reader may wait for news: on the index, the one for
    /// frames, a component's page, and the page of an incident or a maintenance that is not over; else empty.
    pub built: String,
    /// The feeds that concern this page, for its head: those of the site, and of the few components
    /// that it is about.
    pub feeds: Vec<HeadLinkView>,
    /// The same page in each language of the site, this one included; empty where there is one language.
    pub languages: Vec<LanguageView>,
}

/// What other services show of a page: Open Graph, and the cards of chat programs.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CardView {
    /// On the index the site's title and the headline; else the title in the browser's tab, without the site's.
    pub title: String,
    /// What stands below it: what is affected, and as of when that is said.
    pub text: String,
    /// The absolute address of a picture of the state at the build; empty where the theme has none.
    pub picture: String,
}

/// The same page in another language.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LanguageView {
    /// The BCP 47 tag.
    pub tag: String,
    /// The language with a region, as Open Graph has it: `pt_BR`.
    pub locale: String,
    /// The language's own name for itself.
    pub name: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// From the site's root.
    pub url: String,
    /// The absolute address, for `hreflang`.
    pub canonical: String,
    /// Whether this is the language of the page.
    pub current: bool,
}

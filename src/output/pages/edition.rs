//! An edition: the site in one language.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;

use super::card::Gallery;
use super::page::{Body, Page};
use super::view::{
    AffectedView, HeadLinkView, LanguageView, LaterView, Moment, NameView, PageView, Promise,
    StatusView,
};
use crate::locale::{LanguageIndex, Locale, LocalizedText};
use crate::markdown;
use crate::markdown::{Labels, Options};
use crate::output::feed::{FeedKind, FeedLink};
use crate::output::publication::Publication;
use crate::output::route::{Route, TWIN};
use crate::site::component::{ComponentIndex, GroupIndex};
use crate::site::observation::SourceIndex;
use crate::site::update::LocalizedMarkdown;
use crate::site::vocabulary::{FormatName, Status, Word};
use crate::site::{BaseUrl, Site};
use crate::source::Attachment;
use crate::status::{Condition, SiteStatus};
use crate::theme::{Templates, Theme};
use crate::time;
use crate::time::Instant;

/// The site in one language, with what its pages are made from.
#[derive(Debug)]
pub struct Edition<'a> {
    /// The site.
    pub site: &'a Site,
    /// Its status.
    pub status: &'a SiteStatus,
    /// The address at which it is published, which need not be the site's own.
    pub base_url: &'a BaseUrl,
    /// The language.
    pub locale: &'a Arc<Locale>,
    language: LanguageIndex,
    /// The words that rendering adds to a text, in each of the site's languages.
    labels: Vec<Labels>,
    /// The address of each component's page, in the order of components.
    component_urls: Vec<String>,
    /// The theme of its pages.
    pub(crate) theme: &'a Theme,
    /// The templates of the theme, compiled for the language.
    pub(crate) templates: &'a Templates,
    /// The files beside the incident files of the site.
    pub(crate) attachments: &'a [Attachment],
    /// The files of `static/`.
    pub(crate) statics: &'a [Attachment],
    /// The feeds of the site, in the order in which pages link to them.
    pub(crate) feeds: &'a [&'static FeedLink],
    /// The commit of the site's repository that is checked out.
    pub(crate) commit: Option<&'a str>,
    /// The texts that are the same wherever they stand, as HTML: pages, feeds and the API show the same updates.
    anywhere: Mutex<HashMap<TextKey, Arc<str>>>,
}

/// What the HTML of a text depends on that is the same wherever it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct TextKey {
    /// The address of its Markdown in memory, where the site holds it as long as there is an edition.
    address: usize,
    /// The length of its Markdown in bytes.
    length: usize,
    language: LanguageIndex,
    heading_level: u8,
}

/// The number of names that a sentence holds at most.
const MOST_NAMES: usize = 4;

/// The number of groups that a sentence holds at most, where "others" count as one.
const MOST_GROUPS: usize = 3;

/// The name of one component or of a group in a sentence.
struct CountedName {
    text: String,
    /// The number of components that it stands for.
    count: usize,
}

/// A text that may be in another language than its page, for want of a translation.
#[derive(Debug)]
pub(super) struct Localized {
    /// The text, plain or HTML.
    pub(super) text: String,
    /// The tag of its language where that is not the edition's, else empty.
    pub(super) lang: String,
    /// The direction of its language where that is not the edition's, else empty.
    pub(super) dir: &'static str,
}

impl<'a> Edition<'a> {
    /// The edition of a site in one of its languages.
    pub fn new(
        publication: &Publication<'a>,
        language: LanguageIndex,
        locale: &'a Arc<Locale>,
        templates: &'a Templates,
    ) -> Self {
        let Publication {
            site,
            status,
            base_url,
            locales,
            theme,
            attachments,
            statics,
            feeds,
            commit,
        } = *publication;
        let mut edition = Self {
            site,
            status,
            base_url,
            locale,
            language,
            labels: locales.iter().map(|locale| locale.labels()).collect(),
            component_urls: Vec::new(),
            theme,
            templates,
            attachments,
            statics,
            feeds,
            commit,
            anywhere: Mutex::default(),
        };
        edition.component_urls = site
            .components
            .iter()
            .map(|component| Route::component(edition.prefix(), &component.id).url())
            .collect();
        edition
    }

    /// The feeds that pages link to.
    pub(crate) fn feeds(&self) -> Vec<&'a FeedLink> {
        let feeds = self.feeds.iter().copied();
        let linked = feeds.filter(|feed| (feed.is_linked)(self.site, self.status));
        linked.collect()
    }

    /// The index of its language.
    pub(crate) fn language(&self) -> LanguageIndex {
        self.language
    }

    /// The folder of the language in the output; `None` for the first language, which has none.
    pub fn prefix(&self) -> Option<&'a str> {
        self.prefix_of(self.language)
    }

    /// The folder of any language of the site.
    pub(super) fn prefix_of(&self, language: LanguageIndex) -> Option<&'a str> {
        let is_default = language == LanguageIndex::DEFAULT;
        (!is_default).then(|| self.site.settings.language(language).as_str())
    }

    /// A message.
    pub(crate) fn text(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.locale.text(key, values).into_owned()
    }

    /// A reader-facing text of the site in this language.
    pub(crate) fn own<'t>(&self, text: &'t LocalizedText) -> &'t str {
        text.text(self.language)
    }

    /// A title in this language or another.
    pub(super) fn title(&self, text: &LocalizedText) -> Localized {
        let (text, language) = text.get(self.language);
        self.localized(text.to_owned(), language)
    }

    /// The note that a text is in the language of `tag` for want of a translation; empty where `tag` is.
    pub(super) fn original(&self, tag: &str) -> String {
        let locales = self.site.locales.iter();
        let mut locales = locales.filter(|locale| locale.language().as_str() == tag);
        locales.next().map_or_else(String::new, |locale| {
            let name = locale.own_name();
            self.text(
                "page-original",
                &[("language", &self.locale.isolate(&name))],
            )
        })
    }

    /// A text with the tag and direction of its language, empty where that is the edition's own.
    fn localized(&self, text: String, language: LanguageIndex) -> Localized {
        let (lang, dir) = match language == self.language {
            true => (String::new(), ""),
            false => {
                let language = self.site.settings.language(language);
                (language.as_str().to_owned(), language.direction().as_str())
            }
        };
        Localized { text, lang, dir }
    }

    /// Markdown as HTML, in this language or another; empty where there is none.
    pub(super) fn html(
        &self,
        prose: &LocalizedMarkdown,
        id_prefix: &str,
        base: &str,
        heading_level: u8,
    ) -> Localized {
        let Some((markdown, language)) = prose.get(self.language) else {
            return self.localized(String::new(), self.language);
        };
        let key = TextKey {
            address: markdown.as_ptr().addr(),
            length: markdown.len(),
            language,
            heading_level,
        };
        let known = || self.anywhere.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(html) = known().get(&key).cloned() {
            return self.localized(html.as_ref().to_owned(), language);
        }
        let options = Options {
            id_prefix,
            base,
            heading_level,
            labels: &self.labels[language.0],
        };
        let html = markdown::to_html(markdown, &options);
        if stands_anywhere(&html) {
            known().insert(key, html.as_str().into());
        }
        self.localized(html, language)
    }

    /// An instant, ready to print.
    pub(super) fn moment(&self, at: Instant) -> Moment {
        let local = at.with_timezone(&self.site.settings.time_zone);
        let (date, time) = (self.locale.date(local), self.locale.time(local));
        let clock = self.locale.clock(local);
        Moment {
            iso: time::rfc3339(at),
            text: self.text("date-time", &[("date", &date), ("time", &time)]),
            local: self.text("date-time", &[("date", &date), ("time", &clock)]),
            zone: self.locale.zone(local),
            date,
            time,
        }
    }

    /// An instant within a sentence, with its date: nobody knows on which day it is read.
    pub(super) fn moment_text(&self, at: Instant) -> String {
        let zone = self.site.settings.time_zone;
        self.locale.date_time(at.with_timezone(&zone))
    }

    /// The time of day of an instant without its zone, where that is clear from what stands around it.
    pub(super) fn clock(&self, at: Instant) -> String {
        let zone = &self.site.settings.time_zone;
        self.locale.clock(at.with_timezone(zone))
    }

    /// The time of day of an instant before that of another one, without its zone where that is the other's.
    pub(super) fn time_before(&self, at: Instant, other: Instant) -> String {
        let (this, other) = (self.moment(at), self.moment(other));
        match this.zone == other.zone {
            true => self.clock(at),
            false => this.time,
        }
    }

    /// The names of components within a sentence: a few of them, and how many others there are.
    pub(super) fn names(&self, components: &[ComponentIndex]) -> String {
        let names = components.iter().map(|it| self.counted_name(*it));
        self.some_of(&names.collect::<Vec<_>>(), MOST_NAMES)
    }

    /// The ids of components with blanks between them, for the filter of the history.
    pub(super) fn ids(&self, components: &[ComponentIndex]) -> String {
        let ids = components.iter();
        let ids: Vec<&str> = ids
            .map(|it| self.site.components[it.0].id.as_str())
            .collect();
        ids.join(" ")
    }

    /// The names that [`names`](Self::names) lists, each with what stands before it in the list and with its link.
    pub(super) fn linked_names(&self, components: &[ComponentIndex]) -> Vec<NameView> {
        let list = self.names(components);
        let mut rest = list.as_str();
        let mut names = Vec::new();
        for component in components.iter().take(MOST_NAMES) {
            let name = self.component_name(*component);
            let Some((before, after)) = rest.split_once(&*self.locale.isolate(name)) else {
                break;
            };
            names.push(NameView {
                before: before.to_owned(),
                name: name.to_owned(),
                url: self.component_url(*component).to_owned(),
            });
            rest = after;
        }
        if !rest.is_empty() {
            names.push(NameView {
                before: rest.to_owned(),
                name: String::new(),
                url: String::new(),
            });
        }
        names
    }

    /// Components within a sentence as [`names`](Self::names) gives them, or where those would leave out some, their
    /// largest groups with how many of each there are.
    pub(super) fn groups_or_names(&self, components: &[ComponentIndex]) -> String {
        if components.len() <= MOST_NAMES {
            return self.names(components);
        }
        let group_of = |component: &&ComponentIndex| self.site.components[component.0].group;
        let mut counts: BTreeMap<GroupIndex, usize> = BTreeMap::new();
        for group in components.iter().filter_map(|it| group_of(&it)) {
            *counts.entry(group).or_default() += 1;
        }
        if counts.is_empty() {
            return self.names(components);
        }
        let groups = counts.into_iter().map(|(GroupIndex(at), count)| {
            let group = &self.site.groups[at];
            let number = self.locale.number(count as u64);
            let name = self.locale.isolate(self.own(&group.name));
            let text = self.text("names-in-group", &[("name", &name), ("n", &number)]);
            CountedName { text, count }
        });
        let without_group = components.iter().filter(|it| group_of(it).is_none());
        let names = without_group.map(|it| self.counted_name(*it));
        let mut all: Vec<CountedName> = groups.chain(names).collect();
        all.sort_by_key(|name| Reverse(name.count));
        let most = match all.len() > MOST_GROUPS {
            true => MOST_GROUPS - 1,
            false => MOST_GROUPS,
        };
        self.some_of(&all, most)
    }

    fn counted_name(&self, component: ComponentIndex) -> CountedName {
        CountedName {
            text: self.component_name(component).to_owned(),
            count: 1,
        }
    }

    /// The first names as a list, and how many components the others stand for.
    fn some_of(&self, names: &[CountedName], most: usize) -> String {
        let (some, others) = names.split_at(names.len().min(most));
        let left: usize = others.iter().map(|name| name.count).sum();
        let left = (left > 0).then(|| self.locale.count("names-others", left as u64, &[]));
        let some = some.iter().map(|name| name.text.as_str());
        let items: Vec<&str> = some.chain(left.as_deref()).collect();
        self.locale.list(&items)
    }

    /// The day of an instant in the site's zone.
    pub(super) fn day_of(&self, at: Instant) -> NaiveDate {
        at.with_timezone(&self.site.settings.time_zone).date_naive()
    }

    /// A promised update, ready to print.
    pub(super) fn promise(&self, at: Instant) -> Promise {
        Promise {
            at: self.moment(at),
            overdue: at < self.status.now(),
        }
    }

    /// A status, ready to print.
    pub(super) fn status(&self, status: Status) -> StatusView {
        self.status_named(status.as_str(), icon(status))
    }

    /// The status of a component; one that is operational for lack of news says so.
    pub(crate) fn status_of(&self, component: ComponentIndex) -> StatusView {
        let state = &self.status.snapshot.components[component.0];
        self.condition(state.condition())
    }

    /// The status of a condition; one that is operational without evidence says so.
    pub(super) fn condition(&self, condition: Condition) -> StatusView {
        match condition.status {
            Status::Operational if !condition.confirmed => self.status_named("no_data", "ring"),
            status => self.status(status),
        }
    }

    /// The statuses to come of a component, each other than the one before it.
    pub(super) fn later(&self, component: ComponentIndex) -> Vec<LaterView> {
        let segments = &self.status.forecast.components[component.0];
        let mut last = self.status_of(component).id;
        let later = segments.iter().filter_map(|segment| {
            let status = self.condition(segment.condition());
            let is_news = std::mem::replace(&mut last, status.id) != status.id;
            is_news.then(|| LaterView {
                since: self.moment(segment.interval.start()),
                status,
            })
        });
        later.collect()
    }

    fn status_named(&self, id: &'static str, icon: &'static str) -> StatusView {
        StatusView {
            id,
            icon,
            text: self.text(&format!("status-{id}"), &[]),
        }
    }

    /// The address of the Atom feed.
    pub(super) fn feed_url(&self) -> String {
        Route::feed(self.prefix(), None).url()
    }

    /// The instant until which it is known that a component works: its evidence runs out then, or a window opens before.
    pub(crate) fn good_until(&self, component: ComponentIndex) -> Option<Instant> {
        let state = &self.status.snapshot.components[component.0];
        let evidence = state.evidence.as_ref();
        let valid_until = evidence.and_then(|evidence| evidence.valid_until);
        let at = valid_until.filter(|_| state.status == Status::Operational)?;
        let first_change = self.status.forecast.components[component.0].first();
        Some(first_change.map_or(at, |segment| segment.interval.start().min(at)))
    }

    /// The title of the feeds of the site, or of one of its components.
    pub(crate) fn feed_title(&self, component: Option<ComponentIndex>) -> String {
        let site = self.own(&self.site.settings.title);
        match component {
            None => site.to_owned(),
            Some(component) => format!("{} · {site}", self.component_name(component)),
        }
    }

    /// The links in a page's head to the feeds of news of the site, or of one of its components.
    pub(super) fn feed_links(
        &self,
        of: Option<ComponentIndex>,
    ) -> impl Iterator<Item = HeadLinkView> {
        let title = match of {
            None => self.own(&self.site.settings.title),
            Some(component) => self.component_name(component),
        };
        let id = of.map(|component| self.site.components[component.0].id.as_str());
        let news = self.feeds.iter().filter(|it| it.kind == FeedKind::News);
        news.map(move |feed| HeadLinkView {
            media_type: feed.media_type,
            title: format!("{title} ({})", feed.title),
            url: (feed.route)(self.prefix(), id).url(),
        })
    }

    /// The address of a component's page.
    pub(super) fn component_url(&self, component: ComponentIndex) -> &str {
        &self.component_urls[component.0]
    }

    /// The name of a component.
    pub(crate) fn component_name(&self, component: ComponentIndex) -> &'a str {
        self.site.components[component.0].name.text(self.language)
    }

    /// A component with a status.
    pub(super) fn affected(&self, component: ComponentIndex, status: Status) -> AffectedView {
        AffectedView {
            name: self.component_name(component).to_owned(),
            url: self.component_url(component).to_owned(),
            status: self.status(status),
        }
    }

    /// A page and what it knows of itself; `route` gives its place in each language.
    pub(super) fn page<'b>(
        &self,
        route: impl Fn(Option<&str>) -> Route,
        title: String,
        description: String,
        body: Body<'b>,
    ) -> Page<'b> {
        let kind = body.kind();
        let language = self.locale.language();
        let own = route(self.prefix());
        let root = own.root();
        let view = PageView {
            kind,
            tab: title.clone(),
            card: self.gallery().card(&title, &description, ""),
            title,
            description,
            icon: "",
            canonical: own.on(self.base_url),
            markdown: match self.has_twins() && kind != "not_found" {
                true => TWIN,
                false => "",
            },
            home: format!("{root}{}", Route::index(self.prefix()).url()),
            root,
            lang: language.as_str().to_owned(),
            locale: language.as_open_graph(),
            dir: language.direction().as_str(),
            built: match kind {
                "index" | "component" | "embed" => self.built(),
                _ => String::new(),
            },
            feeds: self.feed_links(None).collect(),
            languages: self.languages(route),
        };
        Page {
            route: own,
            view,
            body,
        }
    }

    /// The place of the pictures that other services show of its pages.
    pub(super) fn gallery(&self) -> Gallery<'a> {
        Gallery {
            theme: self.theme,
            base_url: self.base_url,
        }
    }

    /// Whether the pages of the site are published as Markdown, too.
    fn has_twins(&self) -> bool {
        let formats = &self.site.settings.build.formats;
        formats.contains(&FormatName::Markdown)
    }

    /// The instant of the build, for programs.
    pub(super) fn built(&self) -> String {
        time::rfc3339(self.status.now())
    }

    fn languages(&self, route: impl Fn(Option<&str>) -> Route) -> Vec<LanguageView> {
        if self.site.settings.languages.len() < 2 {
            return Vec::new();
        }
        let views = self.site.locales.iter().enumerate().map(|(index, locale)| {
            let language = locale.language();
            let route = route((index > 0).then_some(language.as_str()));
            LanguageView {
                tag: language.as_str().to_owned(),
                locale: language.as_open_graph(),
                name: locale.own_name(),
                dir: language.direction().as_str(),
                url: route.url(),
                canonical: route.on(self.base_url),
                current: LanguageIndex(index) == self.language,
            }
        });
        views.collect()
    }

    /// The evidence that the page rests on, in one sentence.
    pub(super) fn coverage(&self) -> String {
        let states = &self.status.snapshot.components;
        if states.is_empty() {
            return String::new();
        }
        let evidence = || states.iter().filter_map(|state| state.evidence.as_ref());
        // Those that have been believed: a source may say only what is silenced, or of the future.
        let sources: BTreeSet<SourceIndex> = evidence()
            .flat_map(|evidence| evidence.sources.iter().copied())
            .collect();
        let (covered, sources) = (evidence().count() as u64, sources.len() as u64);
        self.locale.coverage(covered, states.len() as u64, sources)
    }

    /// How uptime is computed, with the site's weights.
    pub(super) fn formula(&self) -> String {
        let weights = &self.site.settings.weights;
        let percent = |weight: f64| self.locale.percent(weight, 1);
        self.text(
            "uptime-formula",
            &[
                ("major", &percent(weights.major_outage)),
                ("partial", &percent(weights.partial_outage)),
            ],
        )
    }
}

/// The shape that stands beside a status.
pub(super) fn icon(status: Status) -> &'static str {
    match status {
        Status::Operational => "check",
        Status::UnderMaintenance => "clock",
        Status::Unknown => "question",
        Status::Suspected => "eye",
        Status::DegradedPerformance => "minus",
        Status::PartialOutage => "triangle",
        Status::MajorOutage => "cross",
    }
}

/// Whether HTML of a text is the same on whatever page: it has neither ids nor relative links.
fn stands_anywhere(html: &str) -> bool {
    let is_whole = |rest: &str| {
        let schemes = ["https://", "http://", "mailto:", "tel:"];
        schemes.iter().any(|scheme| rest.starts_with(scheme))
    };
    // A quotation mark of the text itself is escaped.
    let mut links = [" href=\"", " src=\""].into_iter();
    links.all(|link| html.split(link).skip(1).all(is_whole)) && !html.contains(" id=\"")
}

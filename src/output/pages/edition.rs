//! An edition: the site in one language.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use super::known_html::KnownHtml;
use super::view::{Moment, Promise};
use crate::locale::{LanguageIndex, Locale, LocalizedText};
use crate::markdown;
use crate::markdown::{Labels, Options};
use crate::output::feed::FeedLink;
use crate::output::publication::Publication;
use crate::output::route::Route;
use crate::site::component::ComponentIndex;
use crate::site::observation::SourceIndex;
use crate::site::region::RegionIndex;
use crate::site::update::LocalizedMarkdown;
use crate::site::vocabulary::FormatName;
use crate::site::{BaseUrl, Site};
use crate::source::Attachment;
use crate::status::SiteStatus;
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
    /// The texts that are the same wherever they stand, as HTML.
    known_html: KnownHtml,
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
            known_html: KnownHtml::default(),
        };
        edition.component_urls = site
            .components
            .iter()
            .map(|component| Route::component(edition.prefix(), &component.id).url())
            .collect();
        edition
    }

    /// Whether a format is published of the site.
    pub(super) fn publishes(&self, format: FormatName) -> bool {
        self.site.settings.build.formats.contains(&format)
    }

    /// The instant from which on readers are told that there should have been a newer build.
    pub(crate) fn late_from(&self) -> Option<Instant> {
        self.site.settings.build.late_from(self.status.now())
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
        let options = Options {
            id_prefix,
            base,
            heading_level,
            labels: &self.labels[language.0],
        };
        let html = || markdown::html(markdown, &options);
        let html = match prose.place(language) {
            Some(place) => self.known_html.html(&place, &options, html),
            None => html().text,
        };
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

    /// The address of a component's page.
    pub(super) fn component_url(&self, component: ComponentIndex) -> &str {
        &self.component_urls[component.0]
    }

    /// The name of a component.
    pub(crate) fn component_name(&self, component: ComponentIndex) -> &'a str {
        self.site.components[component.0].name.text(self.language)
    }

    /// The name of a region.
    pub(crate) fn region_name(&self, region: RegionIndex) -> &'a str {
        self.site.regions[region.0].name.text(self.language)
    }

    /// Something that is so in a region: `Partial outage in Japan`.
    pub(crate) fn in_region(&self, what: &str, region: RegionIndex) -> String {
        let what = self.locale.isolate(what);
        let region = self.locale.isolate(self.region_name(region));
        self.text("in-region", &[("what", &what), ("region", &region)])
    }

    /// The regions that an occurrence concerns, in words; empty where that is everywhere.
    pub(crate) fn concerns(&self, regions: &[RegionIndex]) -> String {
        if regions.is_empty() {
            return String::new();
        }
        let names = regions.iter().map(|it| self.region_name(*it));
        let names: Vec<_> = names.map(|name| self.locale.isolate(name)).collect();
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        let regions = self.locale.list(&names);
        self.text("page-concerns", &[("regions", &regions)])
    }

    /// Whether a signal counts for a component.
    pub(super) fn has_signals(&self, component: ComponentIndex) -> bool {
        let mut signals = self.site.signals.iter();
        signals.any(|signal| signal.components.contains(&component))
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
        if covered == 0 {
            return match self.site.signals.is_empty() {
                true => self.text("coverage-none", &[]),
                false => self.text("coverage-none-but-signals", &[]),
            };
        }
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

//! The view of the site that every page has.

use std::collections::BTreeMap;

use super::edition::Edition;
use super::report;
use super::subscribe;
use super::view::{FeedView, LogoView, OptionView, SiteLinkView, SiteView};
use crate::output::Route;
use crate::output::feed::FeedKind;
use crate::site::link::LinkTarget;
use crate::site::vocabulary::FormatName;
use crate::theme::OptionValue;

/// The part of the site that every page sees.
pub(super) fn view(edition: &Edition<'_>) -> SiteView {
    SiteView {
        title: edition.own(&edition.site.settings.title).to_owned(),
        history: if edition.status.months.is_empty() {
            String::new()
        } else {
            Route::history(edition.prefix()).url()
        },
        about: Route::about(edition.prefix()).url(),
        subscribe: match subscribe::is_there(edition) {
            true => Route::subscribe(edition.prefix()).url(),
            false => String::new(),
        },
        feed: match edition.publishes(FormatName::Atom) {
            true => Route::feed(edition.prefix(), None).url(),
            false => String::new(),
        },
        calendar: calendar(edition),
        feeds: feeds(edition),
        indexed: edition.site.settings.build.index,
        zone: edition.site.settings.time_zone.name().to_owned(),
        zone_name: edition.moment(edition.status.now()).zone,
        logo: edition.theme.logo().map(|logo| LogoView {
            light: logo.light.path.to_string(),
            dark: (logo.dark.as_ref()).map_or_else(String::new, |dark| dark.path.to_string()),
        }),
        report: report::form(edition),
        links: links(edition),
        options: options(edition),
    }
}

/// The calendar, where it is published and there is something in it.
fn calendar(edition: &Edition<'_>) -> String {
    let has_some = edition.status.has_maintenances(edition.site);
    match has_some && edition.publishes(FormatName::Calendar) {
        true => Route::calendar(edition.prefix(), None).url(),
        false => String::new(),
    }
}

/// The links beside the title.
fn links(edition: &Edition<'_>) -> Vec<SiteLinkView> {
    let links = edition.site.links.iter().map(|link| {
        let (url, inside) = match &link.targets[edition.language().0] {
            LinkTarget::Away(url) => (url.clone(), false),
            LinkTarget::Page(index, fragment) => {
                let slug = &edition.site.own_pages[index.0].slug;
                (Route::own(edition.prefix(), slug).url() + fragment, true)
            }
            LinkTarget::File(path, fragment) => {
                (Route::file_of_site(path.as_str()).url() + fragment, true)
            }
        };
        SiteLinkView {
            url,
            text: edition.own(&link.name).to_owned(),
            inside,
        }
    });
    links.collect()
}

/// The feeds that pages link to. Of several of a kind, one after another, the first has the note.
fn feeds(edition: &Edition<'_>) -> Vec<FeedView> {
    let feeds = edition.feeds.iter();
    let linked = feeds.filter(|feed| (feed.is_linked)(edition.site, edition.status));
    let mut last = None;
    let views = linked.map(|feed| FeedView {
        kind: feed.kind.as_str(),
        url: (feed.route)(edition.prefix(), None).url(),
        open: match feed.kind {
            FeedKind::Calendar => {
                subscribe::webcal(&(feed.route)(edition.prefix(), None).on(edition.base_url))
            }
            FeedKind::News => String::new(),
        },
        media_type: feed.media_type,
        title: feed.title,
        note: match last.replace(feed.kind) == Some(feed.kind) {
            true => String::new(),
            false => edition.text(feed.kind.note(), &[]),
        },
    });
    views.collect()
}

/// The theme's options as the site sets them.
fn options(edition: &Edition<'_>) -> BTreeMap<String, OptionView> {
    let options = edition.theme.options().iter().map(|(name, value)| {
        let value = match value {
            OptionValue::Color(colors) => OptionView::Color {
                light: colors.light.to_string(),
                dark: colors.dark.to_string(),
            },
            OptionValue::Text(text) => OptionView::Text(edition.own(text).to_owned()),
            OptionValue::Choice(word) => OptionView::Text(word.clone()),
            OptionValue::Number(number) => OptionView::Number(*number),
            OptionValue::Boolean(truth) => OptionView::Boolean(*truth),
        };
        (name.clone(), value)
    });
    options.collect()
}

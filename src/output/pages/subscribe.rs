//! The page that says how to follow what is published: the whole site, or one component.

use super::edition::Edition;
use super::members;
use super::page::{Body, Page};
use super::view::{
    BadgeView, EmbedView, FollowGroupView, FollowView, LinkView, SubscribeView, SubscriptionView,
};
use crate::markdown::{Inline, escaped};
use crate::output::Route;
use crate::output::feed::FeedKind;
use crate::site::component::ComponentIndex;
use crate::site::vocabulary::FormatName;

/// Whether a site has the page: something that can be followed is published.
pub(super) fn is_there(edition: &Edition<'_>) -> bool {
    let of_site = [FormatName::Api, FormatName::Embed, FormatName::Markdown];
    has_components(edition) || of_site.into_iter().any(|it| edition.publishes(it))
}

/// Whether something that can be followed is published of each component.
fn has_components(edition: &Edition<'_>) -> bool {
    !edition.feeds.is_empty() || edition.publishes(FormatName::Badges)
}

/// The page of an edition, where there is one.
pub(super) fn page<'a>(edition: &Edition<'_>) -> Option<Page<'a>> {
    is_there(edition).then(|| page_of(edition))
}

fn page_of<'a>(edition: &Edition<'_>) -> Page<'a> {
    let title = edition.text("page-subscribe", &[]);
    let description = edition.text("describe-subscribe", &[]);
    let published = |format, route: Route| match edition.publishes(format) {
        true => route.on(edition.base_url),
        false => String::new(),
    };
    let subscribe = Box::new(SubscribeView {
        site: follow_site(edition),
        groups: groups(edition),
        embed: edition.publishes(FormatName::Embed).then(|| embed(edition)),
        api: published(FormatName::Api, Route::api_summary()),
        markdown: published(FormatName::Markdown, Route::llms()),
    });
    let body = Body::Subscribe { subscribe };
    edition.page(Route::subscribe, title, description, body)
}

/// The link to the part of the page about a component, where there is one.
pub(super) fn link_to(edition: &Edition<'_>, component: ComponentIndex) -> Option<LinkView> {
    let page = Route::subscribe(edition.prefix()).url();
    let name = edition.locale.isolate(edition.component_name(component));
    has_components(edition).then(|| LinkView {
        url: format!("{page}#{}", id(edition, component)),
        text: edition.text("page-subscribe-to", &[("name", &name)]),
    })
}

/// The id of the part of the page about a component. A component may have the name of another element.
fn id(edition: &Edition<'_>, component: ComponentIndex) -> String {
    format!("component-{}", edition.site.components[component.0].id)
}

/// The components as on the index, each with how to follow it; none where nothing is published of them.
fn groups(edition: &Edition<'_>) -> Vec<FollowGroupView> {
    if !has_components(edition) {
        return Vec::new();
    }
    let groups = members::members(edition).into_iter();
    groups
        .map(|members| FollowGroupView {
            name: members.name,
            components: (members.components.into_iter())
                .map(|component| follow_component(edition, component))
                .collect(),
        })
        .collect()
}

/// The ways to follow the whole site.
fn follow_site(edition: &Edition<'_>) -> FollowView {
    let title = edition.own(&edition.site.settings.title);
    let page = Route::index(edition.prefix());
    FollowView {
        id: String::new(),
        name: title.to_owned(),
        news: feeds(edition, FeedKind::News, None),
        calendars: feeds(edition, FeedKind::Calendar, None),
        slack: slack(edition, None),
        badge: badge(edition, title, &page, None),
        url: page.url(),
    }
}

/// The ways to follow a component.
fn follow_component(edition: &Edition<'_>, component: ComponentIndex) -> FollowView {
    let name = edition.component_name(component);
    let title = edition.own(&edition.site.settings.title);
    let id_of_component = edition.site.components[component.0].id.as_str();
    let page = Route::component(edition.prefix(), id_of_component);
    let of = Some(id_of_component);
    FollowView {
        id: id(edition, component),
        name: name.to_owned(),
        news: feeds(edition, FeedKind::News, of),
        calendars: feeds(edition, FeedKind::Calendar, of),
        slack: slack(edition, of),
        badge: badge(edition, &format!("{name} · {title}"), &page, of),
        url: page.url(),
    }
}

/// The feeds of a kind about the site, or about a component.
fn feeds(edition: &Edition<'_>, kind: FeedKind, of: Option<&str>) -> Vec<SubscriptionView> {
    let feeds = edition.feeds.iter().filter(|feed| feed.kind == kind);
    let views = feeds.map(|feed| {
        let route = (feed.route)(edition.prefix(), of);
        let address = route.on(edition.base_url);
        SubscriptionView {
            url: route.url(),
            open: match kind {
                FeedKind::Calendar => webcal(&address),
                FeedKind::News => address.clone(),
            },
            address,
            media_type: feed.media_type,
            title: feed.title,
            note: feed
                .note
                .map_or_else(String::new, |key| edition.text(key, &[])),
        }
    });
    views.collect()
}

/// The address by which a calendar program subscribes to the calendar at an address, instead of reading it once.
pub(super) fn webcal(address: &str) -> String {
    let (_, place) = address.split_once("://").unwrap_or(("", address));
    format!("webcal://{place}")
}

/// What makes Slack follow the feed that is for chat programs; empty where there is none.
fn slack(edition: &Edition<'_>, of: Option<&str>) -> String {
    let mut feeds = edition.feeds.iter();
    let feed = feeds.find(|feed| feed.for_chats);
    feed.map_or_else(String::new, |feed| {
        let address = (feed.route)(edition.prefix(), of).on(edition.base_url);
        format!("/feed subscribe {address}")
    })
}

/// The badge of the site, or of a component, which leads to a page.
fn badge(edition: &Edition<'_>, alt: &str, page: &Route, of: Option<&str>) -> Option<BadgeView> {
    edition.publishes(FormatName::Badges).then(|| {
        let route = Route::badge(edition.prefix(), of);
        let picture = route.on(edition.base_url);
        let page = page.on(edition.base_url);
        let in_html = escaped(alt);
        let in_markdown = Inline::new().picture_link(alt, &picture, &page);
        BadgeView {
            url: route.url(),
            alt: alt.to_owned(),
            html: format!(r#"<a href="{page}"><img src="{picture}" alt="{in_html}"></a>"#),
            markdown: in_markdown.into_line(),
        }
    })
}

/// The code that shows the status on another page. Until the script has an answer, its element is a link.
fn embed(edition: &Edition<'_>) -> EmbedView {
    let title = escaped(edition.own(&edition.site.settings.title));
    let language = edition.locale.language();
    let frame = Route::embed(edition.prefix()).on(edition.base_url);
    let script = Route::embed_script().on(edition.base_url);
    let index = Route::index(edition.prefix()).on(edition.base_url);
    EmbedView {
        frame: format!(
            r#"<iframe src="{frame}" title="{title}" width="320" height="180"></iframe>"#
        ),
        element: format!(
            "<script async src=\"{script}\"></script>\n\
             <allclear-status lang=\"{language}\"><a href=\"{index}\">{title}</a></allclear-status>"
        ),
    }
}

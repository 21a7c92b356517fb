//! Views of the page that says how to follow what is published.

use schemars::JsonSchema;
use serde::Serialize;

/// The ways to follow the site, as `subscribe`. Where a format is not published, its field is empty.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SubscribeView {
    /// The ways to follow the whole site.
    pub site: FollowView,
    /// Those to follow one component, in the order of the index; none where nothing is published of one.
    pub groups: Vec<FollowGroupView>,
    /// The code that shows the status on another page.
    pub embed: Option<EmbedView>,
    /// The whole address of the summary in the API.
    pub api: String,
    /// The whole address of the list of the pages as Markdown.
    pub markdown: String,
}

/// Components under one heading, and how to follow each.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FollowGroupView {
    /// In the page's language; empty for the components without a group.
    pub name: String,
    /// In the order of `allclear.toml`.
    pub components: Vec<FollowView>,
}

/// The ways to follow the whole site, or one component.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FollowView {
    /// The id of its part of the page; empty for the whole site.
    pub id: String,
    /// The name of the component, or the site's title.
    pub name: String,
    /// Its page, from the site's root.
    pub url: String,
    /// The feeds for feed readers and chat programs.
    pub news: Vec<SubscriptionView>,
    /// The calendars of maintenances.
    pub calendars: Vec<SubscriptionView>,
    /// What makes Slack follow it, to be posted in a channel.
    pub slack: String,
    /// The picture of its status.
    pub badge: Option<BadgeView>,
}

/// A feed, and how a reader's program gets to it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SubscriptionView {
    /// From the site's root.
    pub url: String,
    /// The whole address, to be copied.
    pub address: String,
    /// The address that opens a calendar program, by the scheme `webcal`; the same as `address` for other feeds.
    pub open: String,
    /// The media type, as `application/atom+xml`.
    pub media_type: &'static str,
    /// The name of its format, as `Atom`: the text of a link to it.
    pub title: &'static str,
    /// A sentence that says what is in it, and for which programs; may be empty.
    pub note: String,
}

/// A picture of a status.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BadgeView {
    /// From the site's root.
    pub url: String,
    /// The words in its place for those who do not see it.
    pub alt: String,
    /// The HTML that shows it on another page, as text.
    pub html: String,
    /// The Markdown that does, as text.
    pub markdown: String,
}

/// The code that shows the status on another page.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EmbedView {
    /// The HTML of a frame, as text.
    pub frame: String,
    /// The HTML of an element with its script, as text.
    pub element: String,
}

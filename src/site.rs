//! A whole site: validated together, and then immutable.

use std::collections::BTreeSet;
use std::sync::Arc;

use self::channel::Channel;
use self::component::{Component, ComponentIndex, Group};
use self::config::Settings;
use self::latency::LatencySource;
use self::link::Link;
use self::observation::Source;
use self::own_page::OwnPage;
use self::post::{Post, PostIndex};
use self::probe::Probe;
use self::region::{Region, RegionIndex};
use self::signal::Signal;
use crate::locale::Locale;

pub(crate) use self::base_url::push_encoded;
pub use self::base_url::{BaseUrl, BaseUrlError};
pub use self::slug::{Slug, SlugError};
pub(crate) use self::slug::{fold_alike, folded, is_device};

mod base_url;
pub mod channel;
pub mod component;
pub mod config;
pub mod edit;
pub mod evidence_file;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod latency;
pub mod link;
pub mod lookup;
pub mod observation;
pub mod own_page;
pub mod place;
pub mod post;
pub mod probe;
pub mod read;
pub mod region;
pub mod reports;
pub mod scaffold;
pub mod signal;
mod slug;
pub mod status_word;
mod torn_line;
pub mod update;
pub mod vocabulary;

/// A site without errors.
#[derive(Debug, Clone)]
pub struct Site {
    /// The settings of the site as a whole.
    pub settings: Settings,
    /// The groups, in the order of `allclear.toml`.
    pub groups: Vec<Group>,
    /// The components, in the order of `allclear.toml`.
    pub components: Vec<Component>,
    /// The signals, in the order of `allclear.toml`.
    pub signals: Vec<Signal>,
    /// The regions, in the order of `allclear.toml`.
    pub regions: Vec<Region>,
    /// Every source of component states, by name.
    pub sources: Vec<Source>,
    /// The latency that sources measured, by the names of their files.
    pub latency: Vec<LatencySource>,
    /// The probes, in the order of `allclear.toml`.
    pub probes: Vec<Probe>,
    /// The channels, in the order of `allclear.toml`.
    pub channels: Vec<Channel>,
    /// The components of which files hold evidence from the future, which is not believed.
    pub disbelieved: BTreeSet<ComponentIndex>,
    /// Incidents, maintenances and notices, by slug.
    pub posts: Vec<Arc<Post>>,
    /// Pages of the site's own, by slug.
    pub own_pages: Vec<OwnPage>,
    /// Links beside the title, in the order in which they are shown.
    pub links: Vec<Link>,
    /// The languages of the settings, in their order, with the words of the site's theme.
    pub locales: Arc<[Locale]>,
}

impl Site {
    /// The post at an index.
    pub fn post(&self, index: PostIndex) -> &Post {
        &self.posts[index.0]
    }

    /// The region from which a source of evidence looks, by its name; the first of several.
    pub fn region_of(&self, source: &str) -> Option<RegionIndex> {
        let region = self.regions.iter().position(|it| it.has_source(source));
        region.map(RegionIndex)
    }
}

//! A whole site: validated together, and then immutable.

use std::sync::Arc;

use chrono::TimeDelta;
use chrono_tz::Tz;

use self::component::{Component, Group};
use self::config::{Link, Logo, Weights};
use self::observation::Source;
use self::post::{Post, PostIndex};
use self::signal::Signal;
use crate::diagnostic::{Code, RuleLevel};
use crate::locale::{Language, LocalizedText};
use crate::syntax::{Key, Spanned, Value};

pub(crate) use self::base_url::push_encoded;
pub use self::base_url::{BaseUrl, BaseUrlError};
pub use self::slug::{Slug, SlugError};

mod base_url;
pub mod component;
pub mod config;
pub mod edit;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod lookup;
pub mod observation;
pub mod post;
pub mod read;
pub mod signal;
mod slug;
pub mod update;
pub mod vocabulary;

/// A site without errors.
#[derive(Debug, Clone)]
pub struct Site {
    /// Its title.
    pub title: LocalizedText,
    /// Where it is published.
    pub base_url: BaseUrl,
    /// Its languages; the first is the default.
    pub languages: Vec<Language>,
    /// The zone of its day bars.
    pub time_zone: Tz,
    /// The name of its theme.
    pub theme: Spanned<String>,
    /// What it says to its theme.
    pub theme_options: Vec<(Key, Spanned<Value>)>,
    /// The picture beside its title.
    pub logo: Option<Logo>,
    /// Links to other places.
    pub links: Vec<Link>,
    /// In the order of `allclear.toml`.
    pub groups: Vec<Group>,
    /// In the order of `allclear.toml`.
    pub components: Vec<Component>,
    /// In the order of `allclear.toml`.
    pub signals: Vec<Signal>,
    /// Every source of component states, by name.
    pub sources: Vec<Source>,
    /// Incidents, maintenances and notices, by slug.
    pub posts: Vec<Arc<Post>>,
    /// How much an outage counts.
    pub weights: Weights,
    /// How often a site without evidence promises to be built.
    pub expected_every: Option<TimeDelta>,
    /// How much it makes of the rules of `check`.
    pub rules: Vec<(Code, RuleLevel)>,
}

impl Site {
    /// One of its posts.
    pub fn post(&self, index: PostIndex) -> &Post {
        &self.posts[index.0]
    }
}

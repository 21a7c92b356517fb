//! The places where readers are: each is brought the newest page by itself, and none is ahead of the first.

use std::sync::Arc;

use super::new_page::NewPage;
use crate::site::place::PlaceName;

/// The places of a site, in their order.
#[derive(Debug, Default)]
pub(super) struct Places(Vec<Place>);

/// What goes on at a place.
#[derive(Debug)]
struct Place {
    name: PlaceName,
    /// Whether a page is being brought there.
    is_busy: bool,
    /// The newest page that it is to have next.
    waiting: Option<Arc<NewPage>>,
}

impl Places {
    /// Takes over the places of a site.
    pub(super) fn adopt(&mut self, names: &[PlaceName]) {
        let mut before = std::mem::take(&mut self.0);
        let places = names.iter().map(|name| {
            let known = before.iter().position(|it| it.name == *name);
            known.map_or_else(
                || Place {
                    name: name.clone(),
                    is_busy: false,
                    waiting: None,
                },
                |known| before.swap_remove(known),
            )
        });
        self.0 = places.collect();
    }

    /// Whether the site has none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a page is being brought to any.
    pub(super) fn is_busy(&self) -> bool {
        self.0.iter().any(|place| place.is_busy)
    }

    /// Whether a page is on its way to the first one.
    pub(super) fn is_led(&self) -> bool {
        let first = self.0.first();
        first.is_some_and(|place| place.is_busy || place.waiting.is_some())
    }

    /// Whether it is the first one.
    pub(super) fn is_first(&self, name: &PlaceName) -> bool {
        self.0.first().is_some_and(|place| place.name == *name)
    }

    /// Whether the site has it.
    pub(super) fn has(&self, name: &PlaceName) -> bool {
        self.0.iter().any(|place| place.name == *name)
    }

    /// Has a new page brought to the first one.
    pub(super) fn offer(&mut self, page: &Arc<NewPage>) {
        if let Some(first) = self.0.first_mut() {
            first.waiting = Some(Arc::clone(page));
        }
    }

    /// Has a page that the first one has brought to the others.
    pub(super) fn offer_to_others(&mut self, page: &Arc<NewPage>) {
        for place in self.0.iter_mut().skip(1) {
            place.waiting = Some(Arc::clone(page));
        }
    }

    /// Notes that a page is no longer being brought to a place.
    pub(super) fn ended(&mut self, name: &PlaceName) {
        if let Some(place) = self.0.iter_mut().find(|it| it.name == *name) {
            place.is_busy = false;
        }
    }

    /// Has a page brought to a place again, unless a newer one waits there.
    pub(super) fn again(&mut self, name: &PlaceName, page: Arc<NewPage>) {
        if let Some(place) = self.0.iter_mut().find(|it| it.name == *name) {
            place.waiting.get_or_insert(page);
        }
    }

    /// The places for which a page waits that is not under way.
    pub(super) fn idle(&self) -> impl Iterator<Item = &PlaceName> {
        let idle = |place: &&Place| !place.is_busy && place.waiting.is_some();
        self.0.iter().filter(idle).map(|place| &place.name)
    }

    /// Takes the page that waits for a place, which is being brought there from now on.
    pub(super) fn begin(&mut self, name: &PlaceName) -> Option<Arc<NewPage>> {
        let place = self.0.iter_mut().find(|it| it.name == *name)?;
        let page = place.waiting.take()?;
        place.is_busy = true;
        Some(page)
    }
}

//! Statuses, ready to print.

use super::edition::Edition;
use super::view::{AffectedView, LaterView, StatusView};
use crate::site::component::ComponentIndex;
use crate::site::region::RegionIndex;
use crate::site::vocabulary::{Status, Word as _};
use crate::status::Condition;

impl Edition<'_> {
    /// A status, ready to print.
    pub(super) fn status(&self, status: Status) -> StatusView {
        self.status_named(status.as_str(), icon(status))
    }

    /// The status of a component; one that is operational for lack of news says so.
    pub(crate) fn status_of(&self, component: ComponentIndex) -> StatusView {
        let state = &self.status.snapshot.components[component.0];
        self.condition(state.condition())
    }

    /// The same for its row and its page, with the region to which what is wrong is confined.
    pub(super) fn status_in_region(&self, component: ComponentIndex) -> StatusView {
        let status = self.status_of(component);
        let region = self.status.snapshot.components[component.0].confined_to();
        match region {
            Some(region) => StatusView {
                text: self.in_region(&status.text, region),
                ..status
            },
            None => status,
        }
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

    /// A component with a status.
    pub(super) fn affected(&self, component: ComponentIndex, status: Status) -> AffectedView {
        AffectedView {
            name: self.component_name(component).to_owned(),
            url: self.component_url(component).to_owned(),
            status: self.status(status),
        }
    }

    /// A component with a status in a region, or everywhere.
    pub(super) fn affected_in(
        &self,
        component: ComponentIndex,
        region: Option<RegionIndex>,
        status: Status,
    ) -> AffectedView {
        let view = self.affected(component, status);
        match region {
            Some(region) => AffectedView {
                name: self.in_region(&view.name, region),
                ..view
            },
            None => view,
        }
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

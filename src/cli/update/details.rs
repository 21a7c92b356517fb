//! The details of an update that arguments say, as they are for a post.

use allclear::site::Site;
use allclear::site::edit::heading::NewStatus;
use allclear::site::post::{Kind, Post};
use allclear::site::vocabulary::{State, Status, Word};
use allclear::time::with_offset;

use super::super::argument::NamedComponent;
use super::super::clock::Now;
use super::super::failure::Failure;
use super::super::typed_time::{TimeOption, TypedTime, Viewpoint};

/// The arguments of an update beside its text.
#[derive(Clone, Copy)]
pub(super) struct Details<'a> {
    pub(super) now: &'a Now,
    /// The components whose status changes, as they were typed.
    pub(super) components: &'a [String],
    /// When the next update will come, as it was typed.
    pub(super) next: Option<&'a str>,
    /// When an incident was over, as it was typed.
    pub(super) ended: Option<&'a str>,
}

impl<'a> Details<'a> {
    /// The promise of the next update; nothing follows once the post is over.
    pub(super) fn promise(&self, state: State, view: Viewpoint) -> Result<Option<String>, Failure> {
        let Some(typed) = self.next else {
            return Ok(None);
        };
        let name = "--next";
        let option = TimeOption { name, typed };
        if ends(state) {
            let message = format!("no update is promised once this is `{}`", state.as_str());
            return Err(option.refuse(message, "leave it out, or post another state first"));
        }
        view.read_promise(option, view.now).map(Some)
    }

    /// The time at which an incident was over, where one is said, with the option that says it.
    pub(super) fn end(
        &self,
        post: &Post,
        view: Viewpoint,
    ) -> Result<Option<(TimeOption<'a>, TypedTime)>, Failure> {
        let Some(typed) = self.ended else {
            return Ok(None);
        };
        let name = "--ended";
        let option = TimeOption { name, typed };
        let Kind::Incident(incident) = &post.kind else {
            let message = "only an incident has an end of its own";
            let hint = "leave it out: a maintenance is over with the update that completes it";
            return Err(option.refuse(message, hint));
        };
        let path = &post.place.file.path;
        if let Some(ended) = incident.ended {
            let message = format!("`ended` is {} already", with_offset(ended, view.zone));
            return Err(option.refuse(
                message,
                format!("change it in `{path}`, or leave it as it is"),
            ));
        }
        // Nobody knows it better than to the minute.
        let ended = view.to_the_minute().read_past(option)?;
        if ended.at < incident.started {
            let started = with_offset(incident.started, view.zone);
            let message = format!("that is before it began, at {started}");
            let hint = "say a later one; if it began earlier, say so with `started` in its file";
            return Err(option.refuse(message, hint));
        }
        Ok(Some((option, ended)))
    }

    /// The components whose status changes.
    pub(super) fn changes(
        &self,
        site: &Site,
        post: &Post,
        state: State,
    ) -> Result<Vec<NewStatus>, Failure> {
        let mut changes = Vec::new();
        for named in NamedComponent::parse_all(site, self.components)? {
            let Some(status) = named.status else {
                let hint = format!("write `-c {}=operational`, or another status", named.id);
                return Err(named.refuse("this does not say how the component is", hint));
            };
            if ends(state) && status != Status::Operational {
                let message = format!(
                    "once this is `{}`, every component of it is operational",
                    state.as_str()
                );
                return Err(named.refuse(&message, "leave it out, or post another state first"));
            }
            if matches!(post.kind, Kind::Maintenance(_)) && status > Status::UnderMaintenance {
                let message = format!("a maintenance makes no component `{}`", status.as_str());
                let hint = format!(
                    "open an incident for what goes wrong: `allclear new incident \"TITLE\" -c {}={}`",
                    named.id,
                    status.as_str()
                );
                return Err(named.refuse(&message, hint));
            }
            changes.push(NewStatus {
                component: named.id,
                status,
            });
        }
        Ok(changes)
    }
}

/// Whether every component is operational once this is the state.
pub(super) fn ends(state: State) -> bool {
    state.ends_incident() || state.ends_maintenance()
}

//! Components, and the groups that stand in one list with them.

use serde::Serialize;
use serde_json::value::RawValue;

use super::json::json;
use super::subject::Subject;
use super::words;
use crate::site::component::{ComponentIndex, GroupIndex};
use crate::site::vocabulary::Word as _;
use crate::status::{ComponentNow, Conditions, DAYS};

/// A component, or a group of them.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Component<'a> {
    id: String,
    name: &'a str,
    status: &'static str,
    created_at: String,
    updated_at: String,
    /// Its place on the page, from 1, counted through all groups: the order is the page's, whether a client heeds groups
    /// or not.
    position: usize,
    description: Option<&'a str>,
    /// Whether its uptime is shown.
    showcase: bool,
    start_date: Option<String>,
    group_id: Option<String>,
    page_id: &'a str,
    group: bool,
    only_show_if_degraded: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    components: Option<Vec<&'a str>>,
    allclear: Claims,
}

/// What Statuspage's API has no place for.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Claims {
    /// In a list of components.
    Whole(WholeClaims),
    /// In an incident, which is the same in the next build unless something changed.
    Brief(BriefClaims),
}

/// The exact state, which may be a word that Statuspage does not know.
#[derive(Debug, Clone, Serialize)]
struct BriefClaims {
    state: &'static str,
    /// Whether fresh evidence covers it, whatever that says; of a group, whether it covers each member.
    confirmed: bool,
}

/// The exact state, and what it rests on; a group rests on its members.
#[derive(Debug, Clone, Serialize)]
struct WholeClaims {
    #[serde(flatten)]
    brief: BriefClaims,
    since: Option<String>,
    valid_until: Option<String>,
    built_at: String,
    evidence: Option<Evidence>,
    uptime: Option<Uptime>,
}

/// The evidence about a component.
#[derive(Debug, Clone, Serialize)]
struct Evidence {
    sources: usize,
    confirmed_at: String,
    valid_until: Option<String>,
}

/// The share of time that a component was up.
#[derive(Debug, Clone, Serialize)]
struct Uptime {
    days: u32,
    ratio: Option<f64>,
    measured: f64,
}

impl Component<'_> {
    /// The component as it stands in an incident.
    fn in_incident(&self) -> Self {
        let brief = match &self.allclear {
            Claims::Whole(WholeClaims { brief, .. }) | Claims::Brief(brief) => brief.clone(),
        };
        Self {
            allclear: Claims::Brief(brief),
            ..self.clone()
        }
    }
}

/// All components with their groups, in the order of the page: each group before its members, then those without one.
/// A group without members is none.
#[derive(Debug)]
pub(super) struct Components<'a> {
    /// The rows.
    pub(super) rows: Vec<Component<'a>>,
    /// The row of each component.
    row_of: Vec<usize>,
}

impl<'a> Components<'a> {
    /// All components of a site.
    pub(super) fn new(subject: &'a Subject<'a>) -> Self {
        let site = subject.edition.site;
        let mut all = Self {
            rows: Vec::with_capacity(site.components.len() + site.groups.len()),
            row_of: vec![0; site.components.len()],
        };
        let groups = (0..site.groups.len()).map(|at| Some(GroupIndex(at)));
        for group in groups.chain([None]) {
            let members: Vec<ComponentIndex> = (0..site.components.len())
                .filter(|at| site.components[*at].group == group)
                .map(ComponentIndex)
                .collect();
            if let Some(group) = group.filter(|_| !members.is_empty()) {
                all.push_group(subject, group, &members);
            }
            for member in members {
                all.row_of[member.0] = all.rows.len();
                let position = all.rows.len() + 1;
                all.rows.push(component(subject, member, position));
            }
        }
        all
    }

    fn push_group(
        &mut self,
        subject: &'a Subject<'a>,
        group: GroupIndex,
        members: &[ComponentIndex],
    ) {
        let position = self.rows.len() + 1;
        self.rows
            .push(row_of_group(subject, group, members, position));
    }

    /// The components of incidents, as they are now, in the site's order.
    pub(super) fn in_incidents(&self) -> Vec<Box<RawValue>> {
        let rows = self.row_of.iter().map(|row| self.rows[*row].in_incident());
        rows.map(|row| json(&row)).collect()
    }
}

fn component<'a>(
    subject: &'a Subject<'a>,
    index: ComponentIndex,
    position: usize,
) -> Component<'a> {
    let (site, status) = (subject.edition.site, subject.edition.status);
    let component = &site.components[index.0];
    let state = &status.snapshot.components[index.0];
    let uptime = &status.components[index.0].uptime;
    let evidence = state.evidence.as_ref();
    Component {
        id: component.id.clone(),
        name: subject.text(&component.name),
        status: words::component(state.status),
        created_at: subject.stamp(subject.created(index)),
        updated_at: subject.stamp(subject.updated(index)),
        position,
        description: component.description.as_ref().map(|it| subject.text(it)),
        showcase: true,
        start_date: component.since.map(|day| day.to_string()),
        group_id: component.group.map(|group| subject.group_id(group)),
        page_id: &subject.page_id,
        group: false,
        only_show_if_degraded: false,
        components: None,
        allclear: Claims::Whole(WholeClaims {
            brief: BriefClaims {
                state: state.status.as_str(),
                confirmed: state.confirmed,
            },
            since: state.since.map(|at| subject.stamp(at)),
            valid_until: (subject.edition.status.good_until(index)).map(|at| subject.stamp(at)),
            built_at: subject.stamp(status.now()),
            evidence: evidence.map(|evidence| Evidence {
                sources: evidence.sources.len(),
                confirmed_at: subject.stamp(evidence.confirmed_at),
                valid_until: evidence.valid_until.map(|at| subject.stamp(at)),
            }),
            uptime: Some(Uptime {
                days: DAYS,
                ratio: uptime.ratio,
                measured: uptime.measured,
            }),
        }),
    }
}

/// A group, which is as its worst member is.
fn row_of_group<'a>(
    subject: &'a Subject<'a>,
    index: GroupIndex,
    members: &[ComponentIndex],
    position: usize,
) -> Component<'a> {
    let (site, status) = (subject.edition.site, subject.edition.status);
    let states = || members.iter().map(|it| &status.snapshot.components[it.0]);
    let worst = Conditions::of(states().map(ComponentNow::condition)).worst();
    let created = members.iter().map(|it| subject.created(*it)).min();
    let updated = members.iter().map(|it| subject.updated(*it)).max();
    // As soon as one of them is not sure any more, the group is not.
    let valid_until = members
        .iter()
        .map(|it| subject.edition.status.good_until(*it));
    let valid_until = valid_until.min().flatten();
    Component {
        id: subject.group_id(index),
        name: subject.text(&site.groups[index.0].name),
        status: words::component(worst.status),
        created_at: subject.stamp(created.unwrap_or(subject.created)),
        updated_at: subject.stamp(updated.unwrap_or(subject.created)),
        position,
        description: None,
        showcase: false,
        start_date: None,
        group_id: None,
        page_id: &subject.page_id,
        group: true,
        only_show_if_degraded: false,
        components: Some(members.iter().map(|it| subject.component_id(*it)).collect()),
        allclear: Claims::Whole(WholeClaims {
            brief: BriefClaims {
                state: worst.status.as_str(),
                confirmed: states().all(|it| it.confirmed),
            },
            since: None,
            valid_until: valid_until.map(|at| subject.stamp(at)),
            built_at: subject.stamp(status.now()),
            evidence: None,
            uptime: None,
        }),
    }
}

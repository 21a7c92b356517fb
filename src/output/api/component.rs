//! Components, and the groups that stand in one list with them.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;

use super::json::json;
use super::subject::Subject;
use super::words;
use crate::locale::LanguageIndex;
use crate::site::Site;
use crate::site::component::{ComponentIndex, GroupIndex};
use crate::site::vocabulary::Word as _;
use crate::status::{ComponentNow, Conditions, DAYS, RegionNow};

/// A component, or a group of them.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct Component<'a> {
    /// The id in `allclear.toml`.
    id: String,
    /// The name in the site's first language.
    name: &'a str,
    /// `operational`, `under_maintenance`, `degraded_performance`, `partial_outage` or `major_outage`; of a group that of
    /// its worst member. What is suspected or unknown is `degraded_performance` here: `allclear.state` has the exact word.
    status: &'static str,
    /// The instant from which on anything is known of it.
    created_at: String,
    /// The instant at which its status last changed.
    updated_at: String,
    /// Its place on the page, from 1, counted through all groups: the order is the page's, whether a client heeds groups
    /// or not.
    position: usize,
    /// What it is, in the site's first language; null where `allclear.toml` does not say.
    description: Option<&'a str>,
    /// Whether its uptime is shown.
    showcase: bool,
    /// The day `since` of `allclear.toml`, from which on its uptime counts.
    start_date: Option<String>,
    /// The id of its group.
    group_id: Option<String>,
    /// The id of the page.
    page_id: &'a str,
    /// Whether it is a group.
    group: bool,
    /// Always false: every component is shown.
    only_show_if_degraded: bool,
    /// Of a group: the ids of its members.
    #[serde(skip_serializing_if = "Option::is_none")]
    components: Option<Vec<&'a str>>,
    /// What Statuspage's API has no place for.
    #[schemars(with = "WholeClaims")]
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
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct BriefClaims {
    /// The exact status: a word of `status`, or `suspected` or `unknown`.
    state: &'static str,
    /// Whether fresh evidence covers it, whatever that says; of a group, whether it covers each member.
    confirmed: bool,
}

/// The exact state of a component, and what it rests on; a group rests on its members. Inside of an incident only `state`
/// and `confirmed` are there.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "ComponentAllclear")]
struct WholeClaims {
    #[serde(flatten)]
    brief: BriefClaims,
    /// The instant since which it is in this state; null of groups, and where that is not known.
    since: Option<String>,
    /// The instant until which it is known to work; null where it does not, or nothing confirms it.
    valid_until: Option<String>,
    /// How it is in each region, where that is not the same in all; else absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    regions: Option<Vec<InRegion>>,
    /// The instant of the build.
    built_at: String,
    /// The fresh evidence about it; null where there is none, and of groups.
    evidence: Option<Evidence>,
    /// Its uptime; null of groups.
    uptime: Option<Uptime>,
}

/// A component in a region.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "ComponentRegion")]
struct InRegion {
    /// The region's id.
    id: String,
    /// Its name in the site's first language.
    name: String,
    /// The exact status there: a word of `status`, or `suspected` or `unknown`.
    status: &'static str,
}

/// The fresh evidence about a component.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "ComponentEvidence")]
struct Evidence {
    /// The number of sources.
    sources: usize,
    /// The instant of the newest observation.
    confirmed_at: String,
    /// The instant until which it holds.
    valid_until: Option<String>,
}

/// The share of time that a component was up.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Uptime {
    /// The number of days that it covers.
    days: u32,
    /// The share of the measured time, from 0 to 1; null where too little was measured.
    ratio: Option<f64>,
    /// The share of those days that was measured, from 0 to 1.
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
            regions: match state.differing_regions() {
                [] => None,
                regions => Some(regions.iter().map(|it| in_region(site, it)).collect()),
            },
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

fn in_region(site: &Site, now: &RegionNow) -> InRegion {
    let region = &site.regions[now.region.0];
    InRegion {
        id: region.id.clone(),
        name: region.name.text(LanguageIndex::DEFAULT).to_owned(),
        status: now.status.as_str(),
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
            regions: None,
            built_at: subject.stamp(status.now()),
            evidence: None,
            uptime: None,
        }),
    }
}

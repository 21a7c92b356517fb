//! Components: their rows on the index, and their own pages.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::about;
use super::card;
use super::chart::bars;
use super::edition::Edition;
use super::latency;
use super::page::{Body, Page};
use super::subscribe;
use super::view::{
    BarDay, BarPath, BarPlace, BarsView, ClaimView, ComponentPageView, ComponentView, EntryView,
    EvidenceView, MonthBarsView, RegionView, TickView, UptimeFigureView, UptimeView,
};
use crate::output::Route;
use crate::site::component::ComponentIndex;
use crate::site::observation::SourceIndex;
use crate::site::post::{Kind, PostIndex};
use crate::site::vocabulary::{Status, Word};
use crate::status::ComponentNow;
use crate::status::history;
use crate::status::occurrence::OccurrenceIndex;
use crate::status::uptime::{ComponentDay, DayCounts, Uptime, uptime};

/// The number of days of the longest month.
const LONGEST_MONTH: usize = 31;
/// The number of the last days that are drawn where there is no room for all.
const RECENT: usize = 30;
/// The number of days of a place in the bars: on all screens they are at least 24 pixels wide.
const PLACE: usize = 6;

/// The numbers of days over which its page gives the uptime of a component, the one of the index first.
const FIGURES: [usize; 3] = [crate::status::DAYS as usize, 30, 365];

/// A component's row.
pub(super) fn view(edition: &Edition<'_>, index: ComponentIndex) -> ComponentView {
    let component = &edition.site.components[index.0];
    let state = &edition.status.snapshot.components[index.0];
    let days = &edition.status.components[index.0];
    let name = |source: SourceIndex| edition.site.sources[source.0].name.clone();
    let evidence = state.evidence.as_ref().map(|evidence| EvidenceView {
        sources: evidence
            .sources
            .iter()
            .map(|source| name(*source))
            .collect(),
        confirmed_at: edition.moment(evidence.confirmed_at),
        valid_until: edition.moment(evidence.held_until),
        expired: evidence.valid_until.is_none(),
        counts: counts(edition, state, component.quorum),
        claims: evidence
            .claims
            .iter()
            .filter(|_| evidence.differs() || evidence.is_short_of(component.quorum))
            .map(|claim| ClaimView {
                source: name(claim.source),
                status: edition.status(claim.status),
            })
            .collect(),
    });
    ComponentView {
        id: component.id.clone(),
        name: edition.component_name(index).to_owned(),
        description: component
            .description
            .as_ref()
            .map_or_else(String::new, |text| edition.own(text).to_owned()),
        url: edition.component_url(index).to_owned(),
        status: edition.status_in_region(index),
        since: state.since.map(|at| edition.moment(at)),
        later: edition.later(index),
        bars: BarsView {
            places: places(edition, index),
            ..bars(
                edition,
                days.days(),
                &days.uptime,
                &days.causes,
                crate::status::DAYS as usize,
            )
        },
        uptime: uptime_view(edition, &days.uptime),
        evidence,
    }
}

/// The sentences that say which claim about a component counts; empty where there is nothing to say.
fn counts(edition: &Edition<'_>, state: &ComponentNow, quorum: usize) -> String {
    let Some(evidence) = &state.evidence else {
        return String::new();
    };
    let agreement = edition.locale.count("quorum", quorum as u64, &[]);
    let mut sentences = Vec::new();
    if evidence.is_short_of(quorum) {
        sentences.push(edition.text("sources-too-few", &[("quorum", &agreement)]));
    } else if evidence.sources_differ() {
        sentences.push(match quorum > 1 {
            true => edition.text("sources-quorum", &[("quorum", &agreement)]),
            false => edition.text("sources-differ", &[]),
        });
    }
    let shows_trouble = evidence.shown.is_some_and(|it| it >= Status::Suspected);
    if state.is_excused && shows_trouble {
        sentences.push(edition.text("sources-excused", &[]));
    }
    if let (Some(word), Some(shown)) = (&state.operator, evidence.shown) {
        if word.status > shown {
            sentences.push(edition.text("operator-worse", &[]));
        } else if word.status < shown && shows_trouble && !state.is_excused {
            let suspected = edition.status(Status::Suspected).text;
            sentences.push(edition.text("operator-better", &[("suspected", &suspected)]));
        }
    }
    edition.locale.sentences(&sentences)
}

/// The bars of some days, in a drawing as wide as `width` days.
fn bars(
    edition: &Edition<'_>,
    days: &[ComponentDay],
    uptime: &Uptime,
    causes: &BTreeMap<NaiveDate, PostIndex>,
    width: usize,
) -> BarsView {
    let paths = bars::bars(days).into_iter().map(|bars| BarPath {
        class: bars.status.as_str(),
        d: bars.path,
    });
    let full_day = |day: Option<&ComponentDay>| {
        day.map_or_else(String::new, |it| edition.locale.full_day(it.date))
    };
    BarsView {
        width: bars::bars_width(width),
        height: bars::BAR_HEIGHT,
        paths: paths.collect(),
        places: Vec::new(),
        days: (days.iter())
            .filter_map(|day| bar_day(edition, day, causes))
            .collect(),
        label: bars_label(edition, uptime),
        first: full_day(days.first()),
        recent: full_day(days.iter().rev().nth(RECENT - 1).or(days.first())),
        since: full_day(first_counted(days)),
    }
}

/// A day on which something happened; `None` for others.
fn bar_day(
    edition: &Edition<'_>,
    day: &ComponentDay,
    causes: &BTreeMap<NaiveDate, PostIndex>,
) -> Option<BarDay> {
    let cause = causes.get(&day.date);
    Some(BarDay {
        title: happened(edition, day)?,
        url: cause.map_or_else(String::new, |post| {
            Route::post(edition.prefix(), &edition.site.post(*post).slug).url()
        }),
    })
}

/// The places in the bars of a component's last days that lead to what happened.
fn places(edition: &Edition<'_>, index: ComponentIndex) -> Vec<BarPlace> {
    let component = &edition.status.components[index.0];
    let places = component.days().chunks(PLACE).enumerate();
    let places = places.filter_map(|(at, days)| {
        let happened = days.iter().filter_map(|day| {
            let bar_day = bar_day(edition, day, &component.causes)?;
            Some((day.date, bar_day))
        });
        let (dates, bar_days): (Vec<NaiveDate>, Vec<BarDay>) = happened.unzip();
        let newest = dates.last()?;
        let titles: Vec<String> = bar_days.iter().map(|day| day.title.clone()).collect();
        let url = &bar_days.first()?.url;
        let is_one = !url.is_empty() && bar_days.iter().all(|day| day.url == *url);
        let months = &edition.status.months;
        let month = (months.iter())
            .find(|month| (month.year, month.month) == (newest.year(), newest.month()));
        Some(BarPlace {
            at: at + 1,
            title: titles.join(" · "),
            url: match (is_one, month) {
                (true, _) => url.clone(),
                (false, Some(month)) => {
                    Route::month(edition.prefix(), month.year, month.month, 1).url()
                }
                (false, None) => edition.component_url(index).to_owned(),
            },
        })
    });
    places.collect()
}

/// The first of some days that counts.
pub(super) fn first_counted(days: &[ComponentDay]) -> Option<&ComponentDay> {
    days.iter().find(|day| day.interval.is_some())
}

/// Some days in a sentence. Too little time for a percentage is too little for "without an outage".
fn bars_label(edition: &Edition<'_>, uptime: &Uptime) -> String {
    let DayCounts {
        counted,
        down,
        minor,
        maintenance,
        unknown,
    } = uptime.days;
    if counted == 0 {
        return edition.text("uptime-nothing", &[]);
    }
    if uptime.ratio.is_none() && down + minor + maintenance + unknown == 0 {
        let days = edition.locale.count("days-count", counted, &[]);
        let what = edition.text("uptime-nothing", &[]);
        return edition.text("bars-label", &[("days", &days), ("what", &what)]);
    }
    let kinds = [
        ("bars-troubled", down),
        ("bars-minor", minor),
        ("bars-maintenance", maintenance),
        ("bars-unknown", unknown),
    ];
    edition.locale.bars_label(counted, &kinds)
}

/// The trouble of a day, in words; `None` where there was none.
fn happened(edition: &Edition<'_>, day: &ComponentDay) -> Option<String> {
    let worst = day.durations.worst().filter(|status| status.is_trouble())?;
    let date = edition.locale.full_day(day.date);
    let status = edition.text(&format!("status-{}", worst.as_str()), &[]);
    let duration = edition.locale.duration(day.durations.of(worst));
    Some(edition.text(
        "bar-day",
        &[("day", &date), ("status", &status), ("duration", &duration)],
    ))
}

/// The uptime of a component over some days.
fn uptime_view(edition: &Edition<'_>, uptime: &Uptime) -> UptimeView {
    let Some(ratio) = uptime.ratio else {
        return UptimeView {
            days: crate::status::DAYS,
            ratio: String::new(),
            measured: String::new(),
            text: edition.text("uptime-nothing", &[]),
        };
    };
    let ratio = edition.locale.percent(ratio, 2);
    let measured = match uptime.measured < 1.0 {
        true => edition.locale.percent(uptime.measured, 1),
        false => String::new(),
    };
    // What no evidence covers is known from incident reports.
    let reported = uptime.known() - uptime.confirmed;
    let is_reported = reported >= uptime.known();
    let key = match (is_reported, reported > TimeDelta::zero(), measured.as_str()) {
        (true, _, "") => "uptime-incidents",
        (true, _, _) => "uptime-incidents-measured",
        (false, true, "") => "uptime-partly",
        (false, true, _) => "uptime-partly-measured",
        (false, false, "") => "uptime-full",
        (false, false, _) => "uptime-text",
    };
    let text = edition.text(key, &[("ratio", &ratio), ("measured", &measured)]);
    UptimeView {
        days: crate::status::DAYS,
        ratio,
        measured,
        text,
    }
}

/// How long a component has been as it is; nothing in its first hour, of which the times below say enough.
fn held(edition: &Edition<'_>, index: ComponentIndex) -> String {
    let since = edition.status.snapshot.components[index.0].since;
    let held = since.map(|since| edition.status.now() - since);
    let Some(held) = held.filter(|held| *held >= TimeDelta::hours(1)) else {
        return String::new();
    };
    let whole = match held.num_days() {
        0 => held,
        days => TimeDelta::days(days),
    };
    let duration = edition.locale.duration(whole);
    let status = edition.status_in_region(index).text;
    let values = [("status", status.as_str()), ("duration", &duration)];
    edition.text("course-step", &values)
}

/// The uptime of a component over the last 90, 30 and 365 days: each over other days than those before it.
fn figures(edition: &Edition<'_>, index: ComponentIndex) -> Vec<UptimeFigureView> {
    let year = &edition.status.components[index.0].year;
    let weights = &edition.site.settings.weights;
    let mut seen = HashSet::new();
    let mut figures = Vec::new();
    for days in FIGURES {
        let days = &year[year.len().saturating_sub(days)..];
        let uptime = uptime(days, weights);
        let counted = uptime.days.counted;
        if counted == 0 || !seen.insert(counted) {
            continue;
        }
        let view = uptime_view(edition, &uptime);
        let only = edition.text("uptime-full", &[("ratio", &view.ratio)]);
        let days = edition.locale.count("days-count", counted, &[]);
        figures.push(UptimeFigureView {
            days: edition.text("uptime-last", &[("days", &days)]),
            note: match view.text == only {
                true => String::new(),
                false => view.text,
            },
            ratio: view.ratio,
        });
    }
    figures
}

/// The months that begin below the bars of a component.
fn ticks(edition: &Edition<'_>, index: ComponentIndex) -> Vec<TickView> {
    let days = edition.status.components[index.0].days();
    let begins = days
        .iter()
        .enumerate()
        .filter(|(_, day)| day.date.day() == 1);
    begins
        .map(|(at, day)| TickView {
            x: bars::middle(at, crate::status::DAYS as usize),
            text: edition.locale.short_month_name(day.date.month()),
        })
        // One at the edge would have no room.
        .filter(|tick| (3.0..=97.0).contains(&tick.x))
        .collect()
}

/// The months of a component, newest first.
fn months(
    edition: &Edition<'_>,
    index: ComponentIndex,
    in_history: &BTreeSet<(i32, u32)>,
) -> Vec<MonthBarsView> {
    let component = &edition.status.components[index.0];
    let newest_first = component.months.iter().rev();
    newest_first
        .map(|month| {
            let (year, number) = (month.first.year(), month.first.month());
            let days = &component.year[month.days.clone()];
            MonthBarsView {
                name: edition.locale.month(year, number),
                url: match in_history.contains(&(year, number)) {
                    true => Route::month(edition.prefix(), year, number, 1).url(),
                    false => String::new(),
                },
                bars: bars(
                    edition,
                    days,
                    &month.uptime,
                    &component.causes,
                    LONGEST_MONTH,
                ),
                uptime: uptime_view(edition, &month.uptime),
            }
        })
        .collect()
}

/// Whether nothing is known to have happened to a component, and nothing is planned.
fn is_quiet(
    edition: &Edition<'_>,
    planned: &BTreeSet<ComponentIndex>,
    index: ComponentIndex,
) -> bool {
    let days = &edition.status.components[index.0];
    let is_planned = planned.contains(&index);
    let worst = |day: &ComponentDay| day.durations.worst();
    let is_well = |day: &ComponentDay| worst(day).is_none_or(|worst| worst < Status::Suspected);
    days.entries.is_empty() && !is_planned && days.year.iter().all(is_well)
}

/// What the pages of all components share.
pub(super) struct ComponentContext {
    /// The months of the history, which have a page.
    in_history: BTreeSet<(i32, u32)>,
    /// The components of maintenances to come.
    planned: BTreeSet<ComponentIndex>,
}

impl ComponentContext {
    pub(super) fn new(edition: &Edition<'_>) -> Self {
        let months = edition.status.months.iter();
        let upcoming = edition.status.snapshot.upcoming.iter();
        let planned = upcoming.flat_map(|it| &edition.status.occurrence(*it).course.affected);
        Self {
            in_history: months.map(|month| (month.year, month.month)).collect(),
            planned: planned.map(|affected| affected.component).collect(),
        }
    }
}

/// How a component is in each region, where that is not the same in all.
fn regions(edition: &Edition<'_>, index: ComponentIndex) -> Vec<RegionView> {
    let state = &edition.status.snapshot.components[index.0];
    let regions = state.differing_regions().iter();
    regions
        .map(|it| RegionView {
            name: edition.region_name(it.region).to_owned(),
            status: edition.status(it.status),
            since: it.since.map(|at| edition.moment(at)),
            confirmed_at: it.confirmed_at.map(|at| edition.moment(at)),
            sources: (it.sources.iter())
                .map(|source| edition.site.sources[source.0].name.clone())
                .collect(),
        })
        .collect()
}

/// The page of a component.
pub(super) fn page<'a>(
    edition: &Edition<'_>,
    entries: &'a [Arc<EntryView>],
    index: ComponentIndex,
    context: &ComponentContext,
) -> Page<'a> {
    let component = &edition.site.components[index.0];
    let row = view(edition, index);
    let now = edition.status.now();
    let time = edition.moment_text(now);
    let description = edition.text(
        "describe-component",
        &[
            ("name", &row.name),
            ("status", &row.status.text),
            ("time", &time),
        ],
    );
    let title = row.name.clone();
    let tab = format!("{}: {}", row.name, row.status.text);
    let icon = row.status.icon;
    let shared = card::title(&tab, icon, &time);
    let card = edition.gallery().card(&shared, &description, icon);
    let named = edition.status.components[index.0].entries.iter();
    let (open, mut closed): (Vec<OccurrenceIndex>, Vec<OccurrenceIndex>) =
        named.map(|entry| entry.occurrence).partition(|index| {
            let occurrence = edition.status.occurrence(*index);
            let is_notice = matches!(edition.site.post(occurrence.post).kind, Kind::Notice(_));
            occurrence.course.is_open && !is_notice
        });
    // Of what takes place every day only the newest, or nothing else would have room.
    let mut seen = HashSet::new();
    closed.retain(|index| seen.insert(edition.status.occurrence(*index).post));
    let list = |occurrences: Vec<OccurrenceIndex>| {
        occurrences
            .into_iter()
            .take(history::PAGE)
            .map(|index| entries[index.0].as_ref())
            .collect()
    };
    let known = &edition.status.snapshot.components[index.0];
    let view = Box::new(ComponentPageView {
        regions: regions(edition, index),
        row,
        group: component.group.map_or_else(String::new, |group| {
            edition.own(&edition.site.groups[group.0].name).to_owned()
        }),
        held: held(edition, index),
        figures: figures(edition, index),
        ticks: ticks(edition, index),
        months: months(edition, index, &context.in_history),
        quiet: is_quiet(edition, &context.planned, index),
        open: list(open),
        entries: list(closed),
        follow: subscribe::link_to(edition, index),
        latency: latency::of_component(edition, index),
        built: edition.moment(now),
        operator: about::in_force(edition, index),
        good_until: edition
            .status
            .good_until(index)
            .map(|at| edition.moment(at)),
        unmeasured: match (&known.evidence, edition.has_signals(index)) {
            (Some(_), _) => String::new(),
            (None, false) => edition.text("page-no-evidence", &[]),
            (None, true) => edition.text("page-no-evidence-but-signals", &[]),
        },
        formula: edition.formula(),
    });
    let mut page = edition.page(
        |language| Route::component(language, &component.id),
        title,
        description,
        Body::Component { component: view },
    );
    page.view.tab = tab;
    page.view.icon = icon;
    page.view.card = card;
    page.view.feeds.splice(..0, edition.feed_links(Some(index)));
    page
}

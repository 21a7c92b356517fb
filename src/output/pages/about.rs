//! The page that says how all of it is computed, and from what.

use chrono::TimeDelta;

use super::edition::Edition;
use super::page::{Body, Page};
use super::signal;
use super::view::{
    AboutView, CorrectedView, CoverageView, FigureView, LimitView, LinkView, OverrideView,
    SilenceView,
};
use crate::output::Route;
use crate::site::component::ComponentIndex;
use crate::site::config::Limit;
use crate::site::observation::SourceIndex;
use crate::site::signal::{Signal, SignalIndex};
use crate::status::{ComponentNow, DAYS, OperatorWord, PostCorrection, SourceSilence};

/// The page of an edition.
pub(super) fn page<'a>(edition: &Edition<'_>) -> Page<'a> {
    let title = edition.text("title-about", &[]);
    let description = edition.text("describe-about", &[]);
    let overrides = overrides(edition);
    let count = overrides.len() as u64;
    let about = Box::new(AboutView {
        formula: edition.formula(),
        days: edition.locale.count("days-count", u64::from(DAYS), &[]),
        zone: edition.site.settings.time_zone.name().to_owned(),
        coverage: edition.coverage(),
        evidence: evidence(edition),
        signals: edition
            .site
            .signals
            .iter()
            .enumerate()
            .map(|(index, signal)| limit(edition, signal, SignalIndex(index)))
            .collect(),
        overrides,
        overrides_count: match count {
            0 => edition.text("overrides-none", &[]),
            _ => edition.locale.count("overrides-count", count, &[]),
        },
        silences: silences(edition),
        corrections: corrections(edition),
        delays: response_times(edition),
        built: edition.moment(edition.status.now()),
    });
    edition.page(Route::about, title, description, Body::About { about })
}

/// The evidence of all components. Twenty rows that say the same are one.
fn evidence(edition: &Edition<'_>) -> Vec<CoverageView> {
    let mut rows: Vec<(CoverageKey, Vec<ComponentIndex>)> = Vec::new();
    for index in (0..edition.site.components.len()).map(ComponentIndex) {
        let key = CoverageKey::of(edition, index);
        match rows.iter_mut().find(|(known, _)| *known == key) {
            Some((_, components)) => components.push(index),
            None => rows.push((key, vec![index])),
        }
    }
    let rows = rows.iter();
    rows.map(|(_, components)| coverage(edition, components))
        .collect()
}

/// What the row of a component says, besides when it was confirmed.
#[derive(PartialEq)]
struct CoverageKey {
    sources: Vec<SourceIndex>,
    quorum: usize,
    valid_for: TimeDelta,
    fresh: bool,
    /// Of one without a source: whether a signal counts for it.
    has_signals: bool,
}

impl CoverageKey {
    fn of(edition: &Edition<'_>, index: ComponentIndex) -> Self {
        let component = &edition.site.components[index.0];
        let state = &edition.status.snapshot.components[index.0];
        let Some(evidence) = &state.evidence else {
            // Without a source, none of the rest matters.
            return Self {
                sources: Vec::new(),
                quorum: 0,
                valid_for: TimeDelta::zero(),
                fresh: false,
                has_signals: edition.has_signals(index),
            };
        };
        Self {
            sources: evidence.sources.clone(),
            quorum: component.quorum.max(1),
            valid_for: component.valid_for,
            fresh: state.confirmed,
            has_signals: false,
        }
    }
}

/// The evidence of components that have the same.
fn coverage(edition: &Edition<'_>, components: &[ComponentIndex]) -> CoverageView {
    let states = components
        .iter()
        .map(|index| (*index, &edition.status.snapshot.components[index.0]));
    let confirmed = |state: &ComponentNow| state.evidence.as_ref().map(|it| it.confirmed_at);
    let Some((index, state)) = states.min_by_key(|(_, state)| confirmed(state)) else {
        return CoverageView::default();
    };
    let component = &edition.site.components[index.0];
    let evidence = state.evidence.as_ref();
    let sources: Vec<&str> = evidence.map_or_else(Vec::new, |evidence| {
        let names = evidence.sources.iter();
        names
            .map(|source| edition.site.sources[source.0].name.as_str())
            .collect()
    });
    CoverageView {
        names: edition.names(components),
        components: components
            .iter()
            .map(|index| LinkView {
                url: edition.component_url(*index).to_owned(),
                text: edition.component_name(*index).to_owned(),
            })
            .collect(),
        quorum: match component.quorum {
            0 | 1 => String::new(),
            quorum => edition.locale.count("quorum", quorum as u64, &[]),
        },
        valid_for: edition.locale.duration(component.valid_for),
        confirmed_at: evidence.map(|evidence| edition.moment(evidence.confirmed_at)),
        fresh: state.confirmed,
        unmeasured: match (evidence, edition.has_signals(index)) {
            (Some(_), _) => String::new(),
            (None, false) => edition.text("about-no-evidence", &[]),
            (None, true) => edition.text("about-no-evidence-but-signals", &[]),
        },
        sources: edition.locale.list(&sources),
    }
}

fn limit(edition: &Edition<'_>, signal: &Signal, index: SignalIndex) -> LimitView {
    let number = |value: f64| edition.locale.decimal(value);
    let unit = signal.unit.as_ref().map(|unit| edition.own(unit));
    let value = |value: f64| match unit {
        Some(unit) => edition.text(
            "signal-value",
            &[("number", &number(value)), ("unit", unit)],
        ),
        None => number(value),
    };
    let text = match signal.limit {
        Limit::Threshold(threshold) => {
            edition.text("limit-threshold", &[("value", &value(threshold))])
        }
        Limit::Never => edition.text("limit-none", &[]),
        Limit::Baseline {
            days,
            factor,
            floor,
        } => {
            let days = edition.locale.count("days-count", u64::from(days), &[]);
            edition.text(
                "limit-baseline",
                &[
                    ("factor", &number(factor)),
                    ("days", &days),
                    ("floor", &value(floor)),
                ],
            )
        }
    };
    let names: Vec<&str> = signal
        .components
        .iter()
        .map(|component| edition.component_name(*component))
        .collect();
    LimitView {
        name: signal::name(edition, index),
        text: match signal.sustained {
            at_once if at_once == TimeDelta::zero() || signal.limit == Limit::Never => text,
            sustained => {
                let duration = edition.locale.duration(sustained);
                edition.text("limit-for", &[("limit", &text), ("duration", &duration)])
            }
        },
        components: edition.locale.list(&names),
    }
}

/// The words of operators of the last year, newest first.
fn overrides(edition: &Edition<'_>) -> Vec<OverrideView> {
    let overrides = edition.status.interventions.overrides.iter();
    overrides
        .map(|it| OverrideView {
            in_force: it.in_force,
            ..view(edition, it.component, &it.word)
        })
        .collect()
}

/// The word of an operator that is in force for a component.
pub(super) fn in_force(edition: &Edition<'_>, component: ComponentIndex) -> Option<OverrideView> {
    let state = &edition.status.snapshot.components[component.0];
    let word = state.operator.as_ref()?;
    Some(view(edition, component, word))
}

/// The word of an operator about a component, as one that is in force.
fn view(edition: &Edition<'_>, component: ComponentIndex, word: &OperatorWord) -> OverrideView {
    OverrideView {
        component: edition.component_name(component).to_owned(),
        status: edition.status(word.status),
        reason: edition.own(&word.reason).to_owned(),
        from: edition.moment(word.from),
        until: edition.moment(word.until),
        in_force: true,
    }
}

fn silences(edition: &Edition<'_>) -> Vec<SilenceView> {
    let silences = edition.status.interventions.silences.iter();
    silences
        .map(|SourceSilence { source, silence }| SilenceView {
            source: edition.site.sources[source.0].name.clone(),
            from: edition.moment(silence.from),
            until: edition.moment(silence.until),
            reason: edition.own(&silence.reason).to_owned(),
        })
        .collect()
}

fn corrections(edition: &Edition<'_>) -> Vec<CorrectedView> {
    let corrections = edition.status.interventions.corrections.iter();
    corrections
        .map(|PostCorrection { post, correction }| {
            let post = edition.site.post(*post);
            CorrectedView {
                title: edition.own(&post.title).to_owned(),
                url: Route::post(edition.prefix(), &post.slug).url(),
                at: edition.moment(correction.at),
                note: edition.own(&correction.note).to_owned(),
            }
        })
        .collect()
}

/// The response times of the last year: medians, and what came late.
fn response_times(edition: &Edition<'_>) -> Vec<FigureView> {
    let year = &edition.status.year;
    let number = |count: usize| edition.locale.number(count as u64);
    let medians = [
        ("to-detect", year.to_detect),
        ("to-say", year.to_first_update),
        ("from-breach", year.from_breach),
        ("to-end", year.to_end),
    ];
    let mut figures = vec![("incidents", number(year.incidents))];
    figures.extend(
        medians
            .into_iter()
            .filter_map(|(name, median)| Some((name, edition.locale.duration(median?)))),
    );
    figures.push(("late", number(year.late)));
    if year.maintenances > 0 {
        figures.push(("maintenances", number(year.maintenances)));
        figures.push(("overran", number(year.overran)));
    }
    figures
        .into_iter()
        .map(|(name, text)| FigureView {
            name: edition.text(&format!("year-{name}"), &[]),
            text,
        })
        .collect()
}

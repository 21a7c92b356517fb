//! How long it took to notice, to tell and to end an incident, in words.

use chrono::TimeDelta;

use crate::output::pages::edition::Edition;
use crate::output::pages::view::DelayView;
use crate::status::response::ResponseTimes;
use crate::time::Instant;

/// The steps from the start to the end; nothing where they are only a start and an end.
pub(super) fn steps(edition: &Edition<'_>, times: &ResponseTimes) -> Vec<DelayView> {
    let first_update = times
        .first_update
        .filter(|_| times.to_first_update() > Some(TimeDelta::zero()));
    let known = [times.breached, times.detected, first_update];
    if known.iter().all(Option::is_none) {
        return Vec::new();
    }
    let mut steps: Vec<(Instant, &str)> = vec![(times.started, "started")];
    let others = [
        (times.breached, "breached"),
        (times.detected, "detected"),
        (first_update, "first-update"),
        (times.ended, "ended"),
    ];
    steps.extend(
        others
            .into_iter()
            .filter_map(|(at, name)| Some((at?, name))),
    );
    steps.sort_by_key(|(at, _)| *at);
    steps
        .into_iter()
        .map(|(at, name)| DelayView {
            name: edition.text(&format!("delay-{name}"), &[]),
            at: edition.moment(at),
            after: match at - times.started {
                none if none == TimeDelta::zero() => String::new(),
                after if after > TimeDelta::zero() => {
                    let duration = edition.locale.duration(after);
                    edition.text("delay-after", &[("duration", &duration)])
                }
                before => {
                    let duration = edition.locale.duration(-before);
                    edition.text("delay-before", &[("duration", &duration)])
                }
            },
        })
        .collect()
}

/// The sentences about promises that came late, and about a maintenance that overran.
pub(super) fn late(edition: &Edition<'_>, times: &ResponseTimes) -> Vec<String> {
    let promises = times.late.len() as u64;
    let mut late = Vec::new();
    if promises > 0 {
        late.push(edition.locale.count("late-promises", promises, &[]));
    }
    if let Some(overran) = times.overran {
        let duration = edition.locale.duration(overran);
        let duration = ("duration", duration.as_str());
        late.push(match times.ended {
            Some(_) => edition.text("late-overran", &[duration]),
            None => {
                let built = edition.moment_text(edition.status.now());
                edition.text("late-overruns", &[("time", &built), duration])
            }
        });
    }
    late
}

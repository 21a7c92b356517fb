//! Findings about courses that cannot have been: two places of a file that contradict one another.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place};
use crate::site::component::ComponentIndex;
use crate::site::post::{Incident, Kind, Maintenance, Notice};
use crate::site::update::Update;
use crate::site::vocabulary::{State, Status, Word};
use crate::time::{Instant, Recurrence};

/// The places of a file that say when something began, was known or was over.
#[derive(Debug, Default)]
pub(super) struct SaidTimes {
    /// `started`, or `starts`.
    pub(super) start: Option<Place>,
    /// `detected`.
    pub(super) detected: Option<Place>,
    /// `ended`, or `ends`.
    pub(super) end: Option<Place>,
}

/// Reports what cannot be in the course of a post, whose updates are in the order of time.
pub(super) fn impossible(
    kind: &Kind,
    updates: &[Update],
    said: &SaidTimes,
    diagnostics: &mut Diagnostics,
) {
    let mut found = Findings { diagnostics };
    match kind {
        Kind::Incident(incident) => {
            of_incident(incident, updates, &mut found);
            detection(incident, updates, said, &mut found);
            end(incident, updates, said, &mut found);
        }
        Kind::Maintenance(maintenance) => of_maintenance(maintenance, updates, said, &mut found),
        Kind::Notice(notice) => of_notice(notice, updates, said, &mut found),
    }
    promises(kind, updates, &mut found);
    same_instants(updates, &mut found);
}

/// The findings so far.
struct Findings<'a> {
    diagnostics: &'a mut Diagnostics,
}

impl Findings<'_> {
    /// Adds a finding about `at`, which contradicts what a label says of the other place.
    fn add(
        &mut self,
        at: &Place,
        message: impl Into<String>,
        other: &Place,
        label: &str,
        hint: &str,
    ) {
        let diagnostic = Diagnostic::warning(Code::ImpossibleCourse, at.clone(), message);
        self.diagnostics
            .push(diagnostic.related(other.clone(), label).hint(hint));
    }
}

/// The trouble that an update says of a component: its first change to something worse than maintenance.
fn trouble(update: &Update) -> Option<(Status, Place)> {
    let mut changes = update.changes.iter().map(|change| change.status);
    let status = changes.find(|status| status.is_trouble())?;
    Some((status, attribute(update, status.as_str())))
}

/// The place of what begins or ends with a word in the braces behind the text of an update's heading; else that
/// text.
fn attribute(update: &Update, word: &str) -> Place {
    let Place { file, span } = &update.place;
    let line = file.text[span.end..].lines().next().unwrap_or_default();
    let Some(at) = line.find(word) else {
        return update.place.clone();
    };
    let is_between = |character: char| character.is_whitespace() || "{}".contains(character);
    let start = line[..at].rfind(is_between).map_or(0, |before| before + 1);
    let end = line[at..]
        .find(is_between)
        .map_or(line.len(), |after| at + after);
    Place::new(file, span.end + start..span.end + end)
}

fn word(update: &Update) -> String {
    update.state.as_str().replace('_', " ")
}

/// Finds what ends an incident before it is open, and what is said after it was resolved.
fn of_incident(incident: &Incident, updates: &[Update], found: &mut Findings<'_>) {
    let opens = |update: &&Update| update.state != State::Update && !update.state.ends_incident();
    let first_open = updates.iter().find(opens);
    let mut is_named = !incident.components.is_empty();
    let mut closed: Option<&Update> = None;
    let mut was_open = false;
    for (at, update) in updates.iter().enumerate() {
        let state = word(update);
        if update.state.ends_incident() {
            if let Some((status, place)) = trouble(update) {
                let message = format!(
                    "`{}` says nothing here: all is operational again",
                    status.as_str()
                );
                let label = "this update ends the incident";
                let hint = "say it in an update before this one, or take it out";
                found.add(&place, message, &update.place, label, hint);
            }
            let is_early = update.at < incident.started;
            if let Some(open) = first_open.filter(|_| closed.is_none() && !was_open && !is_early) {
                let message = format!("this incident is {state} before its first other state");
                let hint = "look at both times: most often a year, a day or a time zone is wrong";
                found.add(&update.place, message, &open.place, "it begins here", hint);
            }
            let next = updates[at + 1..]
                .iter()
                .find(|it| it.state != State::Update);
            let resolved = next.filter(|it| it.state == State::Resolved);
            if let Some(resolved) = resolved.filter(|_| update.state == State::Postmortem) {
                let message =
                    "this postmortem is earlier than the update that resolves the incident";
                let hint =
                    "look at both times: a postmortem ends an incident too, if nothing has before";
                found.add(
                    &update.place,
                    message,
                    &resolved.place,
                    "it is resolved here",
                    hint,
                );
            }
            closed.get_or_insert(update);
        } else if update.state == State::Update {
            if let Some((closed, (_, place))) = closed.zip(trouble(update)) {
                let message =
                    "this changes nothing: the incident is over, and an `update` leaves it so";
                let hint =
                    "write a state that opens it again, as `investigating`, or a new incident";
                found.add(
                    &place,
                    message,
                    &closed.place,
                    "it is over from here on",
                    hint,
                );
            }
        } else {
            if let Some(closed) = closed
                .take()
                .filter(|_| was_open && is_named && update.changes.is_empty())
            {
                let message = format!(
                    "this opens the incident again ({state}) and does not say what is affected"
                );
                let hint = "all was operational when it was over: name what is not, as `{web=partial_outage}`";
                found.add(
                    &update.place,
                    message,
                    &closed.place,
                    "it was over from here on",
                    hint,
                );
            }
            was_open = true;
        }
        is_named |= !update.changes.is_empty();
    }
}

/// Finds what the team cannot have known at the time.
fn detection(incident: &Incident, updates: &[Update], said: &SaidTimes, found: &mut Findings<'_>) {
    let Some((detected, place)) = incident.detected.zip(said.detected.as_ref()) else {
        return;
    };
    if let Some(first) = updates.first().filter(|first| first.at < detected) {
        let message = "the team knew of this incident only after it had told its readers";
        let hint = "`detected` is when the team knew: look at both times";
        found.add(place, message, &first.place, "its first update", hint);
    }
    if let Some(start) = said.start.as_ref().filter(|_| detected < incident.started) {
        let message = "the team knew of this incident before it began";
        let hint =
            "look at both times: `started` is when the trouble began, not when somebody looked";
        found.add(place, message, start, "it began here", hint);
    }
}

/// Finds an `ended` that contradicts the update that resolves the incident.
fn end(incident: &Incident, updates: &[Update], said: &SaidTimes, found: &mut Findings<'_>) {
    let Some((ended, place)) = incident.ended.zip(said.end.as_ref()) else {
        return;
    };
    let states = updates.iter().filter(|it| it.state != State::Update);
    let over: Vec<&Update> = states.take_while(|it| it.at < ended).collect();
    let closing = over.iter().rposition(|it| !it.state.ends_incident());
    let first = closing.map_or(0, |at| at + 1);
    if let Some(resolved) = over.get(first) {
        let message = "this incident ended after the update that says that it is over";
        let hint = "`ended` is what counts: take it out, or move the time of the update";
        found.add(place, message, &resolved.place, "it is over here", hint);
    }
    let label = "it ended here";
    let hint = "`ended` is what counts: take it out, or write an incident of its own";
    // What comes after an update that resolves the incident opens it again.
    let of_this_end = updates.iter().take_while(|it| !it.state.ends_incident());
    for update in of_this_end.skip_while(|it| it.at < ended) {
        if let Some((status, trouble)) = trouble(update) {
            let message = format!(
                "`{}` says nothing here: the incident has ended",
                status.as_str()
            );
            found.add(&trouble, message, place, label, hint);
        }
    }
}

/// Finds what moves nothing in a maintenance that takes place once, and what is said in the wrong order.
fn of_maintenance(
    maintenance: &Maintenance,
    updates: &[Update],
    said: &SaidTimes,
    found: &mut Findings<'_>,
) {
    let (Some(starts), Some(ends)) = (&said.start, &said.end) else {
        return;
    };
    if let Some(recurrence) = &maintenance.recurrence {
        of_repeating(recurrence, updates, starts, found);
        return;
    }
    let window = maintenance.window;
    let named: BTreeSet<ComponentIndex> = maintenance.components.iter().copied().collect();
    let mut called_off: Option<&Update> = None;
    let mut began: Option<Instant> = None;
    for update in updates {
        let state = word(update);
        let is_late = window.ends() <= update.at;
        match (update.state, called_off) {
            (State::Verifying | State::Completed, Some(off)) => {
                let message =
                    format!("`{state}` changes nothing here: the maintenance was cancelled");
                let hint =
                    "write `scheduled` or `in progress` before it, if it takes place after all";
                found.add(
                    &update.place,
                    message,
                    &off.place,
                    "it was cancelled here",
                    hint,
                );
            }
            (State::Verifying | State::Completed, None)
                if update.at < window.starts() && began.is_none() =>
            {
                let message = format!("this maintenance is {state} before it began");
                let hint = "say with `in progress` when it began, or look at both times";
                found.add(
                    &update.place,
                    message,
                    starts,
                    "its window opens here",
                    hint,
                );
            }
            (State::Cancelled, None) if is_late => {
                let message = "this maintenance is cancelled after its window";
                let hint = "if it took place, write `completed`; if not, look at both times";
                found.add(&update.place, message, ends, "its window closes here", hint);
            }
            (State::Scheduled, _) if is_late => {
                let message = "this announces nothing: the window is over";
                let hint = "move `starts` and `ends`, or write a maintenance of its own";
                found.add(&update.place, message, ends, "its window closes here", hint);
            }
            _ => {}
        }
        match update.state {
            State::Cancelled => called_off = called_off.or(Some(update)),
            State::Scheduled if !is_late => called_off = None,
            State::InProgress => {
                called_off = None;
                began.get_or_insert(update.at);
            }
            _ => {}
        }
        let is_before = update.at < window.starts() && began.is_none();
        let taken = update.changes.iter().find(|change| {
            change.status == Status::UnderMaintenance && !named.contains(&change.component)
        });
        if let Some(change) = taken.filter(|_| is_before) {
            let message = "this changes nothing: the maintenance has not begun";
            let hint = "name the component in `components`, or in an update while it is under way";
            let place = attribute(update, change.status.as_str());
            found.add(&place, message, starts, "its window opens here", hint);
        }
    }
}

/// What ends a maintenance that repeats before it began for the first time, or a time of it that was called off.
fn of_repeating(
    recurrence: &Recurrence,
    updates: &[Update],
    starts: &Place,
    found: &mut Findings<'_>,
) {
    let opens = recurrence.first().starts();
    let mut called_off: Option<&Update> = None;
    let mut has_begun = false;
    for update in updates {
        let is_end = matches!(update.state, State::Verifying | State::Completed);
        let off = called_off.filter(|off| is_end && is_of_same_window(recurrence, off, update));
        let state = word(update);
        if let Some(off) = off {
            let message = format!("`{state}` changes nothing here: this time was cancelled");
            let hint = "write `scheduled` or `in progress` before it, if it takes place after all";
            let label = "it was cancelled here";
            found.add(&update.place, message, &off.place, label, hint);
        } else if is_end && update.at < opens && !has_begun {
            let message = format!("this maintenance is {state} before it began");
            let hint = "say with `in progress` when it began, or look at both times";
            let label = "its first window opens here";
            found.add(&update.place, message, starts, label, hint);
        }
        match update.state {
            State::Cancelled => called_off = Some(update),
            State::Scheduled => called_off = None,
            State::InProgress => {
                called_off = None;
                has_begun = true;
            }
            _ => {}
        }
    }
}

/// Whether an update comes before the window after the one that another update called off.
fn is_of_same_window(recurrence: &Recurrence, off: &Update, update: &Update) -> bool {
    let mut left = recurrence.windows_after(off.at);
    left.next();
    left.next().is_none_or(|next| update.at < next.starts())
}

/// Finds updates of a notice that is no longer shown.
fn of_notice(notice: &Notice, updates: &[Update], said: &SaidTimes, found: &mut Findings<'_>) {
    let Some((ends, place)) = notice.ends.zip(said.end.as_ref()) else {
        return;
    };
    for update in updates.iter().filter(|update| ends <= update.at) {
        let message = "this update comes after the notice was taken off the page";
        let hint = "move `ends`, or write a notice of its own";
        found.add(
            &update.place,
            message,
            place,
            "it is shown up to here",
            hint,
        );
    }
}

/// Finds promises of an update to what is over.
fn promises(kind: &Kind, updates: &[Update], found: &mut Findings<'_>) {
    let ends = |update: &Update| match kind {
        Kind::Incident(_) => update.state.ends_incident(),
        Kind::Maintenance(_) => update.state.ends_maintenance(),
        Kind::Notice(_) => false,
    };
    let repeats = matches!(kind, Kind::Maintenance(it) if it.recurrence.is_some());
    let mut over: Option<&Update> = None;
    for update in updates {
        if ends(update) {
            over = Some(update);
        } else if update.state != State::Update {
            over = None;
        }
        // What repeats is soon not over any more.
        let is_last_word = !repeats || over.is_some_and(|over| std::ptr::eq(over, update));
        if let Some(over) = over.filter(|_| update.next.is_some() && is_last_word) {
            let message = "this promises an update, and nobody waits for one: it is over";
            let hint = "take `next` out, or say in the text what will follow";
            let place = attribute(update, "next=");
            found.add(
                &place,
                message,
                &over.place,
                "it is over from here on",
                hint,
            );
        }
    }
}

/// Finds two states of one instant, between which the order in the file decides.
fn same_instants(updates: &[Update], found: &mut Findings<'_>) {
    for pair in updates.windows(2) {
        let [first, second] = pair else { continue };
        let is_state = |update: &Update| update.state != State::Update;
        if first.at == second.at && is_state(first) && is_state(second) {
            let message = format!(
                "this update ({}) is of the same instant as another ({})",
                word(second),
                word(first)
            );
            let hint = "the order in the file decides which one counts: look at both times";
            found.add(&second.place, message, &first.place, "the other", hint);
        }
    }
}

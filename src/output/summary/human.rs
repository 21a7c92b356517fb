//! A summary in a few lines for the terminal.

use std::collections::BTreeSet;

use super::{
    ComponentSummary, ContradictionSummary, IncidentSummary, MaintenanceSummary, Summary,
    UptimeSummary,
};
use crate::characters::for_terminal;
use crate::locale::english::counted;
use crate::site::vocabulary::{State, Word};

/// A summary for people: the headline, then what they would look for next.
pub fn text(summary: &Summary) -> String {
    let mut text = format!("{}\n", summary.headline.text);
    if let Some(until) = &summary.headline.valid_until {
        text.push_str(&format!("good until {until}\n"));
    }
    let width = |text: &dyn Fn(&ComponentSummary) -> String| {
        let widths = summary.components.iter().map(|it| text(it).chars().count());
        widths.max().unwrap_or(0)
    };
    let widths = Widths {
        name: width(&|it| it.name.clone()),
        // As wide as the longest status even where all are shorter.
        status: width(&status_text).max(20),
        // As wide as `100.00 % uptime` even where all are shorter.
        uptime: width(&|it| up(&it.uptime)).max(16),
    };
    let sections = [
        (
            "Components",
            of_each(&summary.components, |it| component_line(it, &widths)),
        ),
        (
            "Open incidents",
            of_each(&summary.incidents, |it| incident_lines(it, &summary.now)),
        ),
        ("Maintenance", maintenance_lines(&summary.maintenances)),
        (
            "Signals that contradict the quiet",
            of_each(&summary.contradictions, contradiction_line),
        ),
    ];
    for (title, lines) in sections {
        if !lines.is_empty() {
            text.push_str(&format!("\n{title}\n{lines}"));
        }
    }
    for_terminal(&text)
}

fn of_each<T>(all: &[T], lines: impl Fn(&T) -> String) -> String {
    all.iter().map(lines).collect()
}

/// The widths of columns of the components, in characters.
struct Widths {
    name: usize,
    status: usize,
    uptime: usize,
}

/// A status, with the region to which it is confined.
fn status_text(component: &ComponentSummary) -> String {
    let status = component.status.replace('_', " ");
    match &component.confined_to {
        Some(region) => format!("{status} in {region}"),
        None => status,
    }
}

fn component_line(component: &ComponentSummary, widths: &Widths) -> String {
    let ComponentSummary {
        name,
        since,
        evidence,
        uptime,
        ..
    } = component;
    let status = status_text(component);
    let since = since
        .as_ref()
        .map_or_else(String::new, |since| format!("  since {since}"));
    let evidence = match (evidence, uptime.ratio) {
        (Some(_), _) => "",
        (None, Some(_)) => "  (from incident reports)",
        (None, None) => "  (no evidence)",
    };
    let uptime = up(uptime);
    let (name_width, status_width, uptime_width) = (widths.name, widths.status, widths.uptime);
    format!(
        "  {name:name_width$}  {status:status_width$}  {uptime:>uptime_width$}{since}{evidence}\n"
    )
}

/// An uptime, with the share of the time that is known where that is not all of it.
fn up(uptime: &UptimeSummary) -> String {
    let Some(ratio) = uptime.ratio else {
        return "not measured long enough".to_owned();
    };
    // Rounded down: what is not all of the time never reads 100 %.
    let percent = |share: f64, steps: f64| (share * 100.0 * steps).floor() / steps;
    let ratio = format!("{:.2} % uptime", percent(ratio, 100.0));
    match uptime.measured < 1.0 {
        true => format!("{ratio}, {:.1} % measured", percent(uptime.measured, 10.0)),
        false => ratio,
    }
}

fn incident_lines(incident: &IncidentSummary, now: &str) -> String {
    let IncidentSummary {
        slug,
        title,
        state,
        impact,
        impact_said,
        started,
        next_update,
        region_names,
        ..
    } = incident;
    let impact = match (impact_said, *impact) {
        (false, _) => String::new(),
        (true, "none") => ", no impact".to_owned(),
        (true, impact) => format!(", {impact} impact"),
    };
    let mut text = format!("  {title}\n    {slug}: {state}{impact}, since {started}\n");
    if !region_names.is_empty() {
        text.push_str(&format!("    concerns {}\n", region_names.join(", ")));
    }
    if let Some(next) = next_update {
        let overdue = if next.as_str() < now { ", overdue" } else { "" };
        text.push_str(&format!("    next update promised by {next}{overdue}\n"));
    }
    text
}

/// The maintenances, of which one that repeats stands once for all that is still to come of it.
fn maintenance_lines(maintenances: &[MaintenanceSummary]) -> String {
    let mut text = String::new();
    let mut listed = BTreeSet::new();
    for maintenance in maintenances {
        let MaintenanceSummary {
            slug,
            title,
            state,
            starts,
            ends,
        } = maintenance;
        let is_to_come = *state == State::Scheduled.as_str();
        if is_to_come && !listed.insert(slug) {
            continue;
        }
        let state = state.replace('_', " ");
        text.push_str(&format!(
            "  {title}\n    {slug}: {state}, {starts} to {ends}\n"
        ));
        let further: Vec<&MaintenanceSummary> = (maintenances.iter())
            .filter(|other| other.slug == *slug && other.starts > *starts)
            .collect();
        if let Some(last) = further.last().filter(|_| is_to_come) {
            let times = counted(further.len(), "more time");
            text.push_str(&format!("    and {times} up to {}\n", last.starts));
        }
    }
    text
}

fn contradiction_line(contradiction: &ContradictionSummary) -> String {
    let ContradictionSummary {
        signal,
        region,
        components,
        since,
        value,
        capped,
        usual,
        threshold,
    } = contradiction;
    let components = components.join(", ");
    let region = (region.as_ref()).map_or_else(String::new, |region| format!(" in {region}"));
    let least = if *capped { "at least " } else { "" };
    let usual = usual.map_or_else(String::new, |usual| format!(", usually {usual}"));
    format!(
        "  {signal}{region} ({components}): {least}{value}{usual}, at or above {threshold} since {since}\n"
    )
}

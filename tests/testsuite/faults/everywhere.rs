//! Commands in which each operation that changes the disk fails in turn. Only debug builds have such failures.

use super::case::{self, Case, stderr};
use super::side_by_side;

/// The variable that has every operation fail in every way, for which a usual run lacks the time: `all`.
const THOROUGH: &str = "ALLCLEAR_FAULTS";

fn is_thorough() -> bool {
    std::env::var(THOROUGH).is_ok_and(|value| value == "all")
}

/// The ways in which an operation fails. Those of a usual run stand first; the others do less harm of the same kind.
const FAULTS: [&str; 5] = [
    "killed-halfway",
    "half-written",
    "broken",
    "killed",
    "no-room",
];

/// The ways that a run has the time for.
fn faults() -> &'static [&'static str] {
    if is_thorough() { &FAULTS } else { &FAULTS[..3] }
}

#[test]
fn a_command_may_fail_anywhere() {
    let cases = case::commands();
    let failed = fail_in_turn(&cases, 1);
    eprintln!(
        "{failed} operations of {} commands failed in turn, in {} ways",
        cases.len(),
        faults().len()
    );
    assert!(failed >= cases.len() * faults().len() * 3, "{failed}");
}

/// That each operation of a build may fail is tested beside the code that writes; this is the whole program.
#[test]
fn a_build_may_fail_anywhere() {
    let cases = [case::first_build(), case::next_build()];
    let failed = fail_in_turn(&cases, if is_thorough() { 1 } else { 7 });
    eprintln!(
        "{failed} operations of {} builds failed in turn, in {} ways",
        cases.len(),
        faults().len()
    );
    assert!(failed >= cases.len() * faults().len() * 4, "{failed}");
}

/// Has each `step`th operation of each command fail, in every way; how many have.
fn fail_in_turn(cases: &[Case], step: usize) -> usize {
    let jobs: Vec<(&Case, &str)> = cases
        .iter()
        .flat_map(|case| faults().iter().map(move |fault| (case, *fault)))
        .collect();
    side_by_side(&jobs, |(case, fault)| fail_everywhere(case, fault, step))
}

/// Has each `step`th operation of a command fail in turn; how many have.
fn fail_everywhere(case: &Case, fault: &str, step: usize) -> usize {
    let mut failed = 0;
    for number in (1..).step_by(step) {
        let site = case.site(&std::env::temp_dir());
        let output = case
            .command(&site)
            .env("ALLCLEAR_FAIL_AT", format!("{number} {fault}"))
            .output()
            .unwrap();
        let message = stderr(&output);
        let what = format!("{}, {fault} at {number}: {message}", case.name);
        case.assert_sound(&site, &what);
        if output.status.success() {
            break;
        }
        failed += 1;
        if let Some(code) = output.status.code() {
            assert_eq!(code, 2, "{what}");
            let is_told = message.starts_with("error: ") && message.contains("\n  help: ");
            assert!(is_told && message.contains('`'), "{what}");
        }
    }
    failed
}

/// What the variable must say.
#[test]
fn a_failure_that_is_asked_for_wrongly_is_told() {
    let case = case::first_build();
    for asked in ["", "3", "x broken", "3 odd", "-1 broken"] {
        let site = case.site(&std::env::temp_dir());
        let mut command = case.command(&site);
        let output = command.env("ALLCLEAR_FAIL_AT", asked).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{asked}");
        assert_eq!(
            stderr(&output),
            "error: `ALLCLEAR_FAIL_AT` does not say where the disk fails\n  help: write a number and one of no-room, half-written, broken, killed, killed-halfway\n"
        );
    }
}

//! The colours and shapes of states outside of the site's own pages, where no style sheet of the theme is.
//!
//! They are those of the default theme; a test compares.

/// The colours of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colors {
    /// Dark enough for white letters on it, and on light pages.
    pub(crate) light: &'static str,
    /// Bright enough on dark pages.
    pub(crate) dark: &'static str,
}

const fn pair(light: &'static str, dark: &'static str) -> Colors {
    Colors { light, dark }
}

const GREEN: Colors = pair("#0b6135", "#55c98f");
const BLUE: Colors = pair("#1b4f9c", "#8ab6ff");
const GREY: Colors = pair("#4a5563", "#aab4c2");
const VIOLET: Colors = pair("#6a3597", "#caabf7");
const YELLOW: Colors = pair("#6f5200", "#e4b84a");
const ORANGE: Colors = pair("#963a00", "#ffa766");
const RED: Colors = pair("#a81418", "#ff8f85");

/// The colours of the state of a headline or of a component.
pub(crate) fn colors(state: &str) -> Colors {
    match state {
        "all_clear" | "operational" => GREEN,
        "maintenance" | "under_maintenance" => BLUE,
        "suspected" => VIOLET,
        "degraded_performance" | "incident" => YELLOW,
        "partial_outage" | "minor_outage" => ORANGE,
        "major_outage" => RED,
        _ => GREY,
    }
}

/// Whether a state is bad, or not confirmed where it should be.
pub(super) fn is_trouble(state: &str) -> bool {
    let is_well = matches!(
        state,
        "all_clear"
            | "operational"
            | "no_known_problems"
            | "no_data"
            | "maintenance"
            | "under_maintenance"
    );
    !is_well
}

/// The drawing of an icon, 16 units square.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// The path that is drawn as a line; may be empty.
    pub(crate) line: &'static str,
    /// The path that is filled by the rule "even-odd"; may be empty.
    pub(crate) fill: &'static str,
}

const QUESTION: &str = "M4.6 5A3.4 3.4 0 1 1 9 8.3c-.7.3-1 .8-1 1.7m0 4v.1";

/// The same as scripts with another question mark write it.
const TURNED_QUESTION: &str = "M11.4 5A3.4 3.4 0 1 0 7 8.3c.7.3 1 .8 1 1.7m0 4v.1";

/// The languages of such scripts.
const TURNED: [&str; 3] = ["ar", "fa", "ur"];

/// The shape of an icon in a language.
pub(crate) fn shape(icon: &str, language: &str) -> Shape {
    let line = |line| Shape { line, fill: "" };
    let fill = |fill| Shape { line: "", fill };
    match icon {
        "check" => line("m2.5 8.8 3.6 3.7 7.4-9"),
        "dash" => line("M3 8h10"),
        "ring" => line("M8 2.7a5.3 5.3 0 1 0 .01 0z"),
        "clock" => line("M8 1.7a6.3 6.3 0 1 0 .01 0zM8 4.6V8l2.6 1.7"),
        "eye" => Shape {
            line: "M1 8c3.6-6 10.4-6 14 0-3.6 6-10.4 6-14 0z",
            fill: "M8 5.7a2.3 2.3 0 1 0 .01 0z",
        },
        "minus" => fill("M8 1a7 7 0 1 0 .01 0zM4.5 6.9h7v2.2h-7z"),
        "triangle" => fill(
            "M8 1c.6 0 1 .3 1.3.8l6.2 11c.6 1-.1 2.2-1.3 2.2H1.8c-1.2 0-1.9-1.2-1.3-2.2l6.2-11C7 1.3 7.4 1 8 1zM7 5.5v4.5h2V5.5zm0 5.7v2h2v-2z",
        ),
        "cross" => line("m3 3 10 10M13 3 3 13"),
        _ if TURNED.contains(&language) => line(TURNED_QUESTION),
        _ => line(QUESTION),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    const STYLE: &str = include_str!("../../../themes/default/assets/style.css");
    const EMBED: &str = include_str!("../../../themes/default/assets/embed.css");
    const ICONS: &str = include_str!("../../../themes/default/templates/icons.html");

    const STATES: [&str; 14] = [
        "all_clear",
        "operational",
        "maintenance",
        "under_maintenance",
        "suspected",
        "degraded_performance",
        "incident",
        "partial_outage",
        "minor_outage",
        "major_outage",
        "unknown",
        "no_known_problems",
        "no_data",
        "something_new",
    ];

    /// The name of the colour that the style sheet gives a state.
    fn name_in_style(state: &str) -> &'static str {
        let class = format!(".{state}");
        let rules = STYLE.lines().filter(|line| line.contains("{ --c: var(--"));
        let mut rules = rules.filter_map(|line| line.split_once(" { --c: var(--"));
        let rule = rules.find(|(classes, _)| classes.split(", ").any(|it| it == class));
        rule.map_or("grey", |(_, rest)| rest.split_once(')').unwrap().0)
    }

    #[test]
    fn colours_are_those_of_the_default_theme() {
        for state in STATES {
            let Colors { light, dark } = colors(state);
            let name = name_in_style(state);
            let value = format!("--{name}: light-dark({light}, {dark});");
            assert!(STYLE.contains(&value), "{state}: {value}");
        }
    }

    #[test]
    fn colours_are_those_of_the_page_for_frames() {
        let rules = EMBED
            .lines()
            .filter(|line| line.contains("{ --c: light-dark("));
        let rules: Vec<&str> = rules.collect();
        assert_eq!(rules.len(), 6);
        for state in STATES {
            let Colors { light, dark } = colors(state);
            let value = format!("{{ --c: light-dark({light}, {dark}) }}");
            let class = format!(".{state}");
            let is_of = |rule: &&&str| {
                let (classes, _) = rule.split_once(" {").unwrap();
                classes.split(", ").any(|it| it == class)
            };
            match rules.iter().find(is_of) {
                Some(rule) => assert!(rule.ends_with(&value), "{state}: {rule}"),
                // What has no rule is grey.
                None => assert_eq!(colors(state), GREY, "{state}"),
            }
        }
    }

    #[test]
    fn the_script_for_other_pages_draws_the_same_question_mark() {
        let script = include_str!("../embed/element.js");
        assert!(script.contains(&format!("line: \"{QUESTION}\"")));
    }

    #[test]
    fn shapes_are_those_of_the_default_theme() {
        for icon in [
            "check", "dash", "ring", "clock", "question", "eye", "minus", "triangle", "cross",
        ] {
            let symbol = ICONS.split(&format!("id=\"i-{icon}\"")).nth(1).unwrap();
            let symbol = symbol.split("</symbol>").next().unwrap();
            let Shape { line, fill } = shape(icon, "en");
            // The pupil of the eye is a circle there.
            let parts = [line, if icon == "eye" { "" } else { fill }];
            for part in parts.into_iter().filter(|part| !part.is_empty()) {
                assert!(symbol.contains(&format!("d=\"{part}\"")), "{icon}: {part}");
            }
        }
    }

    #[test]
    fn each_kind_of_state_has_its_own_shape_and_colour() {
        let icons = [
            ("check", "all_clear"),
            ("ring", "no_data"),
            ("clock", "maintenance"),
            ("question", "unknown"),
            ("eye", "suspected"),
            ("minus", "degraded_performance"),
            ("triangle", "partial_outage"),
            ("cross", "major_outage"),
        ];
        for (at, (icon, _)) in icons.iter().enumerate() {
            for (other, _) in &icons[..at] {
                assert_ne!(shape(icon, "en"), shape(other, "en"));
            }
        }
        assert_ne!(shape("question", "ar"), shape("question", "en"));
        assert_ne!(shape("question", "ur"), shape("question", "he"));
    }
}

//! The index of the reference.

use std::fmt::Write as _;

/// A page that is written.
pub(super) struct Written {
    /// Its file in `reference/`.
    pub(super) file: &'static str,
    /// What it tells.
    pub(super) about: &'static str,
    pub(super) text: String,
}

/// The pages of the reference that people write: the file, its title, and what it tells.
const BY_HAND: &[(&str, &str, &str)] = &[
    (
        "files.md",
        "The files of a site",
        "what lies where, and all keys of `allclear.toml` in one file",
    ),
    (
        "incidents.md",
        "Incidents",
        "incidents, maintenances, notices, updates and translations",
    ),
    (
        "states.md",
        "Evidence",
        "component states, samples, latency, and how they are weighed",
    ),
    (
        "probes.md",
        "Probes",
        "what `[[probes]]` ask, and what each answer says",
    ),
    (
        "headline.md",
        "The headline",
        "the situations, in the order in which they count",
    ),
    (
        "publishing.md",
        "Publishing",
        "building, publishing, verifying, pipelines and the agent",
    ),
    (
        "channels.md",
        "Channels",
        "whom `[[channels]]` tell of news, how often, and how",
    ),
    (
        "readers.md",
        "What reads the page",
        "badges, embeds, feeds, and the programs that were tried",
    ),
    (
        "pages.md",
        "Pages, files and themes of your own",
        "`pages/`, `static/` and `themes/`",
    ),
    (
        "promises.md",
        "What is promised",
        "each promise with the test that holds it",
    ),
];

/// The index of the pages that were written, and of those by hand that are there.
pub(super) fn page(written: &[Written], is_there: impl Fn(&str) -> bool) -> String {
    let mut text = "# What the reference has\n\nWritten from the program itself:\n\n".to_owned();
    for page in written {
        let _ = writeln!(
            text,
            "- [{}]({}): {}.",
            title(&page.text),
            page.file,
            page.about
        );
    }
    let mut by_hand = String::new();
    for (file, title, about) in BY_HAND.iter().filter(|(file, ..)| is_there(file)) {
        let _ = writeln!(by_hand, "- [{title}]({file}): {about}.");
    }
    if !by_hand.is_empty() {
        let _ = write!(text, "\nHow it works:\n\n{by_hand}");
    }
    text
}

/// The title of a page.
fn title(text: &str) -> &str {
    let mut lines = text.lines();
    lines
        .find_map(|line| line.strip_prefix("# "))
        .unwrap_or_default()
}

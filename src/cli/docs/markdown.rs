//! Pieces of Markdown.

/// A row of a table; a line break in a cell is a blank, and `|` stays a character.
pub(super) fn row<const N: usize>(cells: [&str; N]) -> String {
    let cells = cells.map(|cell| one_line(cell).replace('|', "\\|"));
    format!("| {} |\n", cells.join(" | "))
}

/// The two lines that head a table.
pub(super) fn head<const N: usize>(cells: [&str; N]) -> String {
    format!("{}|{}\n", row(cells), " --- |".repeat(N))
}

/// From how many sections on a page has a list of them at its top.
const MANY: usize = 8;

/// A page with links to its sections below its first paragraph, where they are many.
pub(super) fn with_contents(page: &str) -> String {
    let mut is_code = false;
    let headings = page.lines().filter_map(|line| {
        is_code ^= line.starts_with("```");
        line.strip_prefix("## ").filter(|_| !is_code)
    });
    let links: Vec<String> = headings
        .map(|heading| format!("[{heading}](#{})", anchor(heading)))
        .collect();
    let beginning = page.split_inclusive("\n\n").take(2);
    let beginning: usize = beginning.map(str::len).sum();
    match links.len() < MANY {
        true => page.to_owned(),
        false => format!(
            "{}On this page: {}.\n\n{}",
            &page[..beginning],
            links.join(" · "),
            &page[beginning..]
        ),
    }
}

/// The place of a heading on its page.
pub(super) fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter_map(|it| match it {
        ' ' => Some('-'),
        it => (it.is_alphanumeric() || matches!(it, '-' | '_')).then_some(it),
    });
    kept.collect::<String>().to_lowercase()
}

/// A text as one paragraph.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text as a fenced block.
pub(super) fn block(language: &str, text: &str) -> String {
    format!("```{language}\n{}\n```\n", text.trim_end())
}

/// Words as code, as `a`, `b` or `c`.
pub(super) fn alternatives<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let mut words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.pop() {
        Some(last) if words.is_empty() => last,
        Some(last) => format!("{} or {last}", words.join(", ")),
        None => String::new(),
    }
}

/// A sentence with a full stop at its end.
pub(super) fn sentence(text: &str) -> String {
    let text = one_line(text);
    match text.chars().next_back() {
        Some('.' | ':' | '!' | '?') | None => text,
        Some(_) => text + ".",
    }
}

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

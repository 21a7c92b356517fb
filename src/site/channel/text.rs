//! Texts that must not be longer than a service allows.

/// The beginning of a text, of so many characters at most, cut between words and marked with `…`.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let room = most.saturating_sub(1);
    let end = text
        .char_indices()
        .nth(room)
        .map_or(text.len(), |(at, _)| at);
    let begun = &text[..end];
    // A word that is longer than a third of the room is cut in two: little would be left without it.
    let words = begun.rfind(char::is_whitespace);
    let words = words.filter(|at| begun[*at..].chars().count() <= room / 3);
    // The cut may be at the end of a word.
    let is_whole = text[end..].starts_with(char::is_whitespace);
    let kept = match (is_whole, words) {
        (false, Some(at)) => &begun[..at],
        _ => begun,
    };
    match most {
        0 => String::new(),
        _ => format!("{}…", kept.trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn a_text_is_cut_between_words() {
        assert_eq!(cut("short", 5), "short");
        assert_eq!(cut("several words here", 14), "several words…");
        assert_eq!(cut("several words here", 13), "several…");
        assert_eq!(cut("ünbröken", 4), "ünb…");
        assert_eq!(cut("anything", 0), "");
        assert_eq!(cut("anything", 1), "…");
    }
}

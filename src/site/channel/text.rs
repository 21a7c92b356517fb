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
    // A word that is longer than half of the room is cut in two: little would be left without it.
    let words = begun.rfind(char::is_whitespace);
    let words = words.filter(|at| begun[*at..].chars().count() <= room / 2);
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

/// The beginning of a text that is so long at most once it is written in a form of its own, as with escapes.
pub(super) fn cut_as(text: &str, most: usize, form: impl Fn(&str) -> String) -> String {
    let mut room = most;
    loop {
        let formed = form(&cut(text, room));
        let excess = formed.chars().count().saturating_sub(most);
        if excess == 0 {
            return formed;
        }
        // Each character grows to seven at most, so that this comes to an end soon.
        room = room.saturating_sub(excess.div_ceil(8).max(1));
    }
}

#[cfg(test)]
mod tests {
    use super::{cut, cut_as};

    #[test]
    fn a_text_is_cut_so_that_its_form_fits() {
        let form = |text: &str| text.replace('&', "&amp;");
        assert_eq!(cut_as("a & b & c", 40, form), "a &amp; b &amp; c");
        assert_eq!(cut_as("a & b & c", 12, form), "a &amp; b…");
        assert_eq!(cut_as("&&&&", 2, form), "…");
    }

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

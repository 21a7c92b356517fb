//! The last line of a file of JSON Lines, of which a writer that was killed may have left half.

use serde::de::IgnoredAny;

/// A byte-order mark, which editors on Windows put at the start of a file, and which readers leave out.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// The length of the part of a line without its line end that is no half of anything: all of it, none, or what stands
/// before zeros or half a character.
///
/// Half a line has begun as an object and has no end, or a power cut has put zeros in its place. What else stands
/// without its line end was written by somebody, as by an editor that ends lines in its own way: it is nobody's to
/// delete, and `check` says what is wrong with it.
pub(super) fn whole_part(line: &[u8]) -> usize {
    let written = without_blanks_behind(line);
    let whole = without_debris(written);
    let content = without_blanks_before(whole.strip_prefix(MARK).unwrap_or(whole));
    let is_cut = whole.len() < written.len();
    match (is_cut || is_begun(content)) && !begins_whole(content) {
        true => 0,
        false if is_cut => whole.len(),
        false => line.len(),
    }
}

/// A line without the blanks that readers leave out at its end.
fn without_blanks_behind(line: &[u8]) -> &[u8] {
    str::from_utf8(line).map_or(line.trim_ascii_end(), |line| line.trim_end().as_bytes())
}

/// A line without the blanks that readers leave out at its start.
fn without_blanks_before(line: &[u8]) -> &[u8] {
    str::from_utf8(line).map_or(line.trim_ascii_start(), |line| line.trim_start().as_bytes())
}

/// A line without the zeros and the half characters at its end.
fn without_debris(line: &[u8]) -> &[u8] {
    let mut whole = line;
    loop {
        let zeros = whole.iter().rev().take_while(|byte| **byte == 0).count();
        let mut shorter = &whole[..whole.len() - zeros];
        if let Err(error) = str::from_utf8(shorter)
            && error.error_len().is_none()
        {
            shorter = &shorter[..error.valid_up_to()];
        }
        // This is what half a character is once somebody has read it.
        let read = "\u{fffd}".as_bytes();
        shorter = shorter.strip_suffix(read).unwrap_or(shorter);
        if shorter.len() == whole.len() {
            return whole;
        }
        whole = without_blanks_behind(shorter);
    }
}

/// Whether a line is an object, or the half of one.
fn is_begun(line: &[u8]) -> bool {
    line.starts_with(b"{") || line.contains(&0) || str::from_utf8(line).is_err()
}

/// Whether a line begins with a whole value, so that what is wrong stands behind it.
fn begins_whole(line: &[u8]) -> bool {
    let mut values = serde_json::Deserializer::from_slice(line).into_iter::<IgnoredAny>();
    matches!(values.next(), Some(Ok(_)))
}

#[cfg(test)]
mod tests {
    use super::whole_part;

    #[test]
    fn only_halves_are_taken_away() {
        let whole = "{\"a\":1}";
        let halves = [
            "{\"a",
            "\0\0",
            "\u{fffd}",
            "\u{fffd} ",
            " \0",
            "{\u{fffd}\0",
            "\u{a0}{",
            "\u{fffd}\u{b}",
            "x\0",
        ];
        for half in halves {
            assert_eq!(whole_part(half.as_bytes()), 0, "{half:?}");
        }
        for debris in ["\0", "\u{fffd}", " \0 \u{fffd} "] {
            let line = format!("{whole}{debris}");
            assert_eq!(whole_part(line.as_bytes()), whole.len(), "{line:?}");
        }
        for line in ["", "  ", whole, "{\"a\":1} ", "{\"a\":1},", "x", "\u{feff}"] {
            assert_eq!(whole_part(line.as_bytes()), line.len(), "{line:?}");
        }
    }
}

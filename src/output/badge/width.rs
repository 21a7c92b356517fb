//! How wide a text will be, roughly: no fonts are read, and every reader has others.

use unicode_normalization::char::is_combining_mark;

use crate::characters::is_invisible;

/// A length, in the pixels of a badge.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(super) struct Pixels(pub(super) f64);

/// A size of letters, in pixels, and how much wider than usual they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Letters {
    pub(super) size: f64,
    pub(super) weight: f64,
}

/// The most marks on one letter: towers of them would hide what stands above.
const MARKS: usize = 4;

/// The most characters of a text, whatever their width.
const LONGEST: usize = 400;

/// The estimated width of a text.
pub(super) fn width(text: &str, letters: Letters) -> Pixels {
    let ems: f64 = units(text).map(|unit| unit.ems).sum();
    Pixels(ems * letters.size * letters.weight)
}

/// A text in one line, without marks of direction and with `…` in the place of what does not fit into a width.
pub(super) fn shortened(text: &str, limit: Pixels, letters: Letters) -> String {
    // One that ends nowhere, or in a part that is cut off, would turn what stands behind it.
    let is_shown = |c: &char| !is_invisible(*c) || matches!(c, '\u{200c}' | '\u{200d}');
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| word.chars().filter(is_shown).collect())
        .filter(|word: &String| !word.is_empty())
        .collect();
    let text = words.join(" ");
    let most = limit.0 / (letters.size * letters.weight);
    let is_whole = width(&text, letters) <= limit && text.chars().count() <= LONGEST;
    let mut shown = String::new();
    let mut used = if is_whole { 0.0 } else { ems('…') };
    let mut count = 0;
    for unit in units(&text) {
        used += unit.ems;
        count += unit.text.chars().count();
        if !is_whole && (used > most || count >= LONGEST) {
            shown.truncate(shown.trim_end().len());
            shown.push('…');
            break;
        }
        shown.extend(unit.text.chars().take(1));
        let marks = unit.text.chars().skip(1);
        let mut room = MARKS;
        shown.extend(marks.filter(|c| {
            let is_shown = !is_combining_mark(*c) || room > 0;
            room = room.saturating_sub(usize::from(is_combining_mark(*c)));
            is_shown
        }));
    }
    shown
}

/// What must not be taken apart: a character with the marks on it, or an emoji of several.
struct Unit<'a> {
    text: &'a str,
    ems: f64,
}

fn units(text: &str) -> impl Iterator<Item = Unit<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let mut end = first.len_utf8();
        let mut last = first;
        // A flag is two letters.
        let mut is_half_a_flag = is_flag_letter(first);
        for c in rest[end..].chars() {
            let is_second = is_half_a_flag && is_flag_letter(c);
            if !(belongs_to_the_one_before(c) || last == '\u{200d}' || is_second) {
                break;
            }
            is_half_a_flag = false;
            end += c.len_utf8();
            last = c;
        }
        let (unit, after) = rest.split_at(end);
        rest = after;
        Some(Unit {
            text: unit,
            ems: ems(first),
        })
    })
}

fn is_flag_letter(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

fn belongs_to_the_one_before(c: char) -> bool {
    is_combining_mark(c)
        || is_invisible(c)
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}')
}

/// The usual width of a character in a font without serifs, in its size.
fn ems(c: char) -> f64 {
    match c {
        c if belongs_to_the_one_before(c) => 0.0,
        'i' | 'j' | 'l' | '\'' | '|' | '.' | ',' | ':' | ';' | '!' | 'ı' => 0.26,
        ' ' | 'f' | 't' | 'I' | '/' | '·' | '\u{a0}' | '\u{202f}' => 0.3,
        'r' | '(' | ')' | '[' | ']' | '-' | '"' | '{' | '}' => 0.36,
        'm' | 'M' | 'W' | '%' | '@' | 'ш' | 'щ' | 'ж' | 'ю' | 'м' | '…' | '—' => 0.87,
        'w' | 'C' | 'D' | 'G' | 'H' | 'N' | 'O' | 'Q' | 'R' | 'U' => 0.74,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | 'J' => 0.52,
        'A'..='Z' | '&' | '+' | '=' | '<' | '>' | '~' => 0.65,
        '\u{21}'..='\u{7e}' => 0.57,
        '\u{5d0}'..='\u{5ff}' => 0.55,
        // Letters that join are narrower within a word than alone.
        '\u{600}'..='\u{8ff}' => 0.48,
        '\u{fb50}'..='\u{fdef}' | '\u{fe70}'..='\u{fefc}' => 0.6,
        '\u{fdf0}'..='\u{fdff}' => 2.2,
        '\u{900}'..='\u{dff}' => 0.62,
        '\u{1100}'..='\u{115f}'
        | '\u{2600}'..='\u{27bf}'
        | '\u{2e3a}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}' => 1.0,
        '\u{12000}'..='\u{12fff}' => 2.0,
        '\u{1f000}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}' => 1.25,
        c if c.is_uppercase() => 0.7,
        _ => 0.58,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTERS: Letters = Letters {
        size: 10.0,
        weight: 1.0,
    };

    fn cut(text: &str, limit: f64) -> String {
        shortened(text, Pixels(limit), LETTERS)
    }

    #[test]
    fn what_fits_is_left_as_it_is() {
        for text in [
            "",
            "Web",
            "تسجيل الدخول",
            "状态页面",
            "👩‍👩‍👧‍👦 family",
            "🇺🇦🇫🇷",
            "Ge\u{301}nie",
            "می\u{200c}خواهم",
        ] {
            assert_eq!(cut(text, 200.0), text);
        }
    }

    #[test]
    fn what_is_long_is_cut_between_characters() {
        assert_eq!(cut("Notifications", 50.0), "Notificati…");
        assert_eq!(cut("aaaa bbbb", 38.0), "aaaa…");
        assert_eq!(cut("状态页面状态页面", 50.0), "状态页面…");
        assert_eq!(cut("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 25.0), "👩‍👩‍👧‍👦…");
        assert_eq!(cut("🇺🇦🇫🇷🇩🇪", 36.0), "🇺🇦🇫🇷…");
        assert_eq!(cut("👍🏽👍🏽👍🏽👍🏽", 36.0), "👍🏽👍🏽…");
        assert_eq!(
            cut("e\u{301}e\u{301}e\u{301}e\u{301}", 21.0),
            "e\u{301}e\u{301}…"
        );
        let long = "w".repeat(10_000);
        assert!(width(&cut(&long, 200.0), LETTERS) <= Pixels(200.0));
    }

    #[test]
    fn what_nobody_sees_takes_no_room_and_turns_nothing() {
        assert_eq!(
            cut("\u{202e}live ton\u{202c} \u{2066}x", 200.0),
            "live ton x"
        );
        assert_eq!(cut(" a\n\tb\u{2028}c ", 200.0), "a b c");
        assert_eq!(cut(&"\u{200b}".repeat(10_000), 50.0), "");
        assert_eq!(cut(&"a\u{200d}".repeat(10_000), 50.0), "…");
        let tower = format!("Z{}o", "\u{300}".repeat(100));
        assert_eq!(cut(&tower, 50.0), "Z\u{300}\u{300}\u{300}\u{300}o");
    }
}

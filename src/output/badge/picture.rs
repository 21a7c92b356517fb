//! The picture of a badge as SVG.
//!
//! It has a ground and a border of its own, so that it is legible on any page; colours are attributes, since a strict
//! policy allows no style inside of it. Each text has the width that was estimated for it (`textLength`), so that no
//! font makes it run into another.

use super::look::{Colors, Shape, colors, shape};
use super::width::{Letters, Pixels, shortened, width};
use crate::locale::{Direction, Locale};
use crate::markdown::escaped;
use crate::output::pages::claim::Claim;

/// The letters of a name.
pub(super) const LABEL: Letters = Letters {
    size: 13.0,
    weight: 1.0,
};

/// The letters of a state.
const STATE: Letters = Letters {
    size: 13.0,
    weight: 1.07,
};

/// The letters of a time.
const TIME: Letters = Letters {
    size: 11.0,
    weight: 1.0,
};

const HEIGHT: f64 = 40.0;
const MARGIN: f64 = 10.0;
const GAP: f64 = 7.0;

/// The widest name.
const WIDEST: Pixels = Pixels(200.0);

/// The ground of the words.
const GROUND: &str = "#fdfdfb";
/// The colour of the name and the state.
const INK: &str = "#1b1e22";
/// The colour of the time.
const MUTED: &str = "#494f57";
/// The colour of the border, which stands out on light and on dark pages.
const BORDER: &str = "#767d87";

/// A text with its place from the side at which reading begins.
struct Word<'a> {
    text: &'a str,
    start: f64,
    baseline: f64,
    letters: Letters,
    weight: u16,
    color: &'static str,
}

impl Word<'_> {
    fn width(&self) -> f64 {
        rounded(width(self.text, self.letters).0)
    }

    fn end(&self) -> f64 {
        self.start + self.width()
    }
}

/// The badge about something of this name.
pub(super) fn picture(name: &str, claim: &Claim, locale: &Locale) -> String {
    let language = locale.language();
    let direction = language.direction();
    let name = shortened(name, WIDEST, LABEL);
    let words = words(&name, claim);
    let ends = words.iter().map(Word::end);
    let total = ends.fold(HEIGHT, f64::max).ceil() + MARGIN;
    // No part of it has an id: a page may have many badges in it.
    let (tile, side) = match direction {
        Direction::Ltr => (0.0, "M6 0h34v40H6a6 6 0 0 1-6-6V6a6 6 0 0 1 6-6z"),
        Direction::Rtl => (total - HEIGHT, "M0 0h34a6 6 0 0 1 6 6v28a6 6 0 0 1-6 6H0z"),
    };
    let Colors { light: color, .. } = colors(claim.state);
    let title = escaped(&format!("{name}: {}. {}", claim.text, claim.time));
    let (tag, way) = (language.as_str(), direction.as_str());
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{total}\" height=\"{HEIGHT}\" viewBox=\"0 0 {total} {HEIGHT}\" \
         role=\"img\" lang=\"{tag}\">\n\
         <title>{title}</title>\n\
         <rect width=\"{total}\" height=\"{HEIGHT}\" rx=\"6\" fill=\"{GROUND}\"/>\n\
         <path transform=\"translate({tile})\" fill=\"{color}\" d=\"{side}\"/>\n\
         <rect x=\".5\" y=\".5\" width=\"{}\" height=\"{}\" rx=\"5.5\" fill=\"none\" stroke=\"{BORDER}\"/>\n",
        total - 1.0,
        HEIGHT - 1.0,
    );
    svg.push_str(&icon(shape(claim.icon, language.base()), tile));
    svg.push_str(&format!(
        "<g font-family=\"system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif\" \
         text-anchor=\"middle\" direction=\"{way}\" aria-hidden=\"true\">\n",
    ));
    for word in words.iter().filter(|word| !word.text.is_empty()) {
        svg.push_str(&text(word, total, direction));
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

/// The words of a badge: the name and the state in one line, the time below.
fn words<'a>(name: &'a str, claim: &'a Claim) -> [Word<'a>; 3] {
    let start = HEIGHT + MARGIN;
    let name = Word {
        text: name,
        start,
        baseline: 17.0,
        letters: LABEL,
        weight: 400,
        color: INK,
    };
    let state = Word {
        text: &claim.text,
        start: match name.text {
            "" => start,
            _ => name.end() + GAP,
        },
        baseline: 17.0,
        letters: STATE,
        weight: 700,
        color: INK,
    };
    let time = Word {
        text: &claim.time,
        start,
        baseline: 31.5,
        letters: TIME,
        weight: 400,
        color: MUTED,
    };
    [name, state, time]
}

fn text(word: &Word<'_>, total: f64, direction: Direction) -> String {
    // By its middle, for not every program that draws pictures knows where a text from right to left begins.
    let middle = word.start + word.width() / 2.0;
    let x = match direction {
        Direction::Ltr => middle,
        Direction::Rtl => total - middle,
    };
    let Word {
        baseline,
        letters,
        weight,
        color,
        ..
    } = word;
    format!(
        "<text x=\"{}\" y=\"{baseline}\" font-size=\"{}\" font-weight=\"{weight}\" fill=\"{color}\" \
         textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>\n",
        rounded(x),
        letters.size,
        word.width(),
        escaped(word.text),
    )
}

/// An icon in white on the tile that begins at `tile`.
fn icon(shape: Shape, tile: f64) -> String {
    let Shape { line, fill } = shape;
    let mut paths = String::new();
    if !line.is_empty() {
        paths.push_str(&format!(
            "<path fill=\"none\" stroke=\"#fff\" stroke-width=\"2.2\" stroke-linecap=\"round\" stroke-linejoin=\"round\" d=\"{line}\"/>"
        ));
    }
    if !fill.is_empty() {
        paths.push_str(&format!(
            "<path fill=\"#fff\" fill-rule=\"evenodd\" d=\"{fill}\"/>"
        ));
    }
    let x = tile + 10.0;
    format!("<g transform=\"translate({x} 10) scale(1.25)\">{paths}</g>\n")
}

/// A number with one decimal at most: more would say nothing.
fn rounded(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::super::look::colors;
    use super::*;

    /// The relative luminance of a colour (WCAG 2.2).
    fn luminance(color: &str) -> f64 {
        let part = |at: usize| {
            let value = u8::from_str_radix(&color[at..at + 2], 16).unwrap();
            let value = f64::from(value) / 255.0;
            match value <= 0.04045 {
                true => value / 12.92,
                false => ((value + 0.055) / 1.055).powf(2.4),
            }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn everything_stands_out_from_its_ground() {
        assert!(contrast("#ffffff", "#000000") > 20.9);
        for ink in [INK, MUTED] {
            assert!(contrast(ink, GROUND) >= 7.0, "{ink}");
        }
        for state in [
            "all_clear",
            "maintenance",
            "suspected",
            "incident",
            "partial_outage",
            "major_outage",
            "unknown",
        ] {
            let Colors { light, dark } = colors(state);
            // White letters, where programs draw the badge; and the icon.
            assert!(contrast("#ffffff", light) >= 4.5, "{state}");
            assert!(contrast("#15181d", dark) >= 4.5, "{state}");
        }
        // What is no text needs 3 (WCAG 2.2, 1.4.11), on the white and on the nearly black page of code hosts.
        for page in ["#ffffff", "#0d1117"] {
            assert!(contrast(BORDER, page) >= 3.0, "{page}");
        }
    }
}

//! Colours, and how well one can be read on another.

use std::fmt;

/// The least contrast of text that WCAG 2.2 asks for (1.4.3, level AA).
pub const LEAST_CONTRAST: f64 = 4.5;

/// A colour in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color {
    /// Red, green and blue.
    channels: [u8; 3],
}

impl Color {
    /// Reads `#rgb` or `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        let digits: Vec<u8> = digits
            .chars()
            .map(|digit| {
                digit
                    .to_digit(16)
                    .and_then(|value| u8::try_from(value).ok())
            })
            .collect::<Option<_>>()?;
        let channels = match digits.as_slice() {
            [r, g, b] => [r * 17, g * 17, b * 17],
            [r, r2, g, g2, b, b2] => [r * 16 + r2, g * 16 + g2, b * 16 + b2],
            _ => return None,
        };
        Some(Self { channels })
    }

    /// Its relative luminance, from 0 to 1 (WCAG 2.2).
    fn luminance(self) -> f64 {
        let [r, g, b] = self.channels.map(|channel| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// The contrast with another colour, from 1 to 21 (WCAG 2.2, "contrast ratio").
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The nearest shade or tint of it that can be read on `ground`.
    pub fn readable_on(self, ground: Self) -> Self {
        let target = if ground.luminance() > 0.18 {
            0.0
        } else {
            255.0
        };
        (0..=100)
            .map(|step| f64::from(step) / 100.0)
            .map(|share| Self {
                channels: self.channels.map(|channel| {
                    let channel = f64::from(channel);
                    (channel + (target - channel) * share).round() as u8
                }),
            })
            .find(|shade| shade.contrast(ground) >= LEAST_CONTRAST)
            .unwrap_or(self)
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [r, g, b] = self.channels;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn colours_are_read() {
        assert_eq!(Color::parse("#1b4f9c").unwrap().to_string(), "#1b4f9c");
        assert_eq!(Color::parse("#FA0").unwrap().to_string(), "#ffaa00");
        for wrong in [
            "",
            "#",
            "1b4f9c",
            "#1b4f9",
            "#1b4f9cff",
            "#ggg",
            "teal",
            "#é00",
        ] {
            assert_eq!(Color::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        let contrast = |a, b| Color::parse(a).unwrap().contrast(Color::parse(b).unwrap());
        assert_eq!(contrast("#000", "#fff"), 21.0);
        assert_eq!(contrast("#fff", "#fff"), 1.0);
        // The lightest grey on white that passes, and the first that does not.
        assert!(contrast("#767676", "#ffffff") >= LEAST_CONTRAST);
        assert!(contrast("#777777", "#ffffff") < LEAST_CONTRAST);
    }

    #[test]
    fn a_colour_that_cannot_be_read_has_a_shade_that_can() {
        for (color, ground) in [
            ("#ffcc00", "#fdfdfb"),
            ("#102030", "#15181d"),
            ("#777", "#777"),
        ] {
            let (color, ground) = (Color::parse(color).unwrap(), Color::parse(ground).unwrap());
            assert!(color.readable_on(ground).contrast(ground) >= LEAST_CONTRAST);
        }
    }
}

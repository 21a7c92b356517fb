//! Latency over a stretch of time: its median and its 95th percentile.

use super::signal::{HEIGHT, WIDTH};
use crate::status::latency::{Spread, Stretch};

/// A chart. What is drawn reaches from the earlier end at the left to the later one at the right, and from nought to a
/// little above the highest value.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// The path of the medians, in steps; it breaks off where nothing was measured.
    pub median: String,
    /// The path of the 95th percentiles.
    pub high: String,
    /// The highest value.
    pub peak: f64,
    /// How far above the bottom it lies, as a share of the height.
    pub peak_height: f64,
}

/// The chart of a stretch of time.
pub fn latency(stretch: &Stretch) -> Chart {
    let spreads = stretch.drawn.iter().flatten();
    let peak = spreads.map(|it| it.high).fold(0.0, f64::max);
    // Some air above what is highest.
    let top = if peak > 0.0 { peak * 1.05 } else { 1.0 };
    Chart {
        median: steps(&stretch.drawn, top, |it| it.median),
        high: steps(&stretch.drawn, top, |it| it.high),
        peak,
        peak_height: peak / top,
    }
}

/// A level line for each part, joined where the next one is measured, too.
fn steps(parts: &[Option<Spread>], top: f64, value: impl Fn(&Spread) -> f64) -> String {
    let x = |part: usize| tenth(part as f64 / parts.len() as f64 * f64::from(WIDTH));
    let mut path = String::new();
    let mut last: Option<f64> = None;
    for (part, spread) in parts.iter().enumerate() {
        let Some(spread) = spread else {
            last = None;
            continue;
        };
        let y = tenth((1.0 - value(spread) / top) * f64::from(HEIGHT));
        match last {
            None => path.push_str(&format!("M{} {y}", x(part))),
            Some(last) if last != y => path.push_str(&format!("V{y}")),
            Some(_) => {}
        }
        path.push_str(&format!("H{}", x(part + 1)));
        last = Some(y);
    }
    path
}

/// A tenth of a unit is finer than a screen shows.
fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::fixtures::at;

    #[test]
    fn steps_with_a_gap() {
        let spread = |median, high| Spread { median, high };
        let stretch = Stretch {
            from: at("10:00"),
            until: at("14:00"),
            whole: spread(1.0, 1.0),
            drawn: vec![
                Some(spread(50.0, 100.0)),
                Some(spread(0.0, 100.0)),
                None,
                Some(spread(20.0, 20.0)),
            ],
            written: Vec::new(),
        };
        let chart = latency(&stretch);
        assert_eq!(chart.median, "M0 52.4H80V100H160M240 81H320");
        assert_eq!(chart.high, "M0 4.8H80H160M240 81H320");
        assert_eq!(chart.peak, 100.0);
    }
}

//! The text format in which programs expose metrics to Prometheus.
//!
//! Only what is needed of it: the samples of one metric. The crate for all of it would add regular expressions to the program.

/// A sample of a metric.
#[derive(Debug, PartialEq)]
pub(super) struct Sample {
    /// Its labels, in their order.
    pub(super) labels: Vec<(String, String)>,
    /// Its value.
    pub(super) value: f64,
}

impl Sample {
    /// The value of a label.
    pub(super) fn label(&self, name: &str) -> Option<&str> {
        let mut found = self.labels.iter().filter(|(it, _)| it == name);
        found.next().map(|(_, value)| value.as_str())
    }
}

/// A text that is not of this format.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotExposition;

/// The samples of a metric, in a text that has at least one metric.
pub(super) fn samples(text: &str, metric: &str) -> Result<Vec<Sample>, NotExposition> {
    let mut all = Vec::new();
    let mut has_comment = false;
    for line in text.lines().map(str::trim) {
        has_comment |= line.starts_with("# TYPE ");
        let rest = line.strip_prefix(metric);
        if let Some(rest) = rest.filter(|rest| rest.starts_with(['{', ' ', '\t'])) {
            all.push(sample(rest).ok_or(NotExposition)?);
        }
    }
    match has_comment || !all.is_empty() {
        true => Ok(all),
        false => Err(NotExposition),
    }
}

/// What stands behind the name of a metric: labels, a value, and perhaps an instant.
fn sample(text: &str) -> Option<Sample> {
    let mut labels = Vec::new();
    let mut rest = text.trim_start();
    if let Some(inner) = rest.strip_prefix('{') {
        rest = inner.trim_start();
        while !rest.starts_with('}') {
            let (name, behind) = rest.split_once('=')?;
            let (value, behind) = quoted(behind.trim_start())?;
            labels.push((name.trim().to_owned(), value));
            let behind = behind.trim_start();
            rest = behind.strip_prefix(',').unwrap_or(behind).trim_start();
        }
        rest = rest.strip_prefix('}')?;
    }
    let value = rest.split_whitespace().next()?.parse().ok()?;
    Some(Sample { labels, value })
}

/// A text in quotes, and what stands behind it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let text = text.strip_prefix('"')?;
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => match characters.next()?.1 {
                'n' => value.push('\n'),
                escaped => value.push(escaped),
            },
            plain => value.push(plain),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn samples_of_one_metric_have_their_labels_unescaped() {
        let text = "# HELP m Its help\n# TYPE m gauge\nm 3\nmore{a=\"b\"} 4\nm{a=\"x \\\"y\\\" \\\\ \\n, }\", b=\"\" , } NaN 17\n\nm{ } +Inf\n";
        let found = samples(text, "m").unwrap();
        let labels: Vec<_> = found.iter().map(|it| it.labels.clone()).collect();
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(
            labels,
            [
                vec![],
                vec![pair("a", "x \"y\" \\ \n, }"), pair("b", "")],
                vec![]
            ]
        );
        assert_eq!(found[0].value, 3.0);
        assert!(found[1].value.is_nan());
        assert_eq!(found[2].value, f64::INFINITY);
        assert_eq!(samples(text, "none"), Ok(vec![]));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "OK",
            "m{",
            "m{a",
            "m{a=",
            "m{a=\"",
            "m{a=\"b\"",
            "m{a=\"b\"}",
            "m{a=\"b\"} x",
            "m",
        ] {
            assert_eq!(samples(text, "m"), Err(NotExposition), "{text}");
        }
    }
}

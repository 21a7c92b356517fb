//! What the outputs of two runs may differ in.

/// A text with `#` in place of what one run measures and the next need not: seconds, and sizes in bytes.
pub(super) fn without_measures(text: &str) -> String {
    let lines = text.trim_end().lines().map(|line| {
        let words: Vec<&str> = line.split(' ').collect();
        let is_measure = |at: usize| {
            let unit = words
                .get(at + 1)
                .map(|unit| unit.trim_end_matches([')', ',']));
            let is_number = words[at].contains(|c: char| c.is_ascii_digit());
            is_number && matches!(unit, Some("s" | "ms" | "bytes" | "KB" | "MB"))
        };
        let words = (0..words.len()).map(|at| {
            match words[at].split_at(usize::from(words[at].starts_with('('))) {
                (before, _) if is_measure(at) => format!("{before}#"),
                (before, word) => format!("{before}{word}"),
            }
        });
        words.collect::<Vec<_>>().join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A text with `#` in place of each date, as `2022-12-28`, and each instant, as `2022-12-28T19:00:00Z`.
pub(super) fn without_dates(text: &str) -> String {
    let is_like = |text: &str, pattern: &str| {
        text.len() >= pattern.len()
            && pattern
                .bytes()
                .zip(text.bytes())
                .all(|(wanted, byte)| match wanted {
                    b'0' => byte.is_ascii_digit(),
                    wanted => byte == wanted,
                })
    };
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let date = ["0000-00-00T00:00:00Z", "0000-00-00 00:00", "0000-00-00"]
            .into_iter()
            .find(|pattern| is_like(rest, pattern));
        match date {
            Some(_) => out.push('#'),
            None => out.push(first),
        }
        rest = &rest[date.map_or(first.len_utf8(), str::len)..];
    }
    out
}

#[test]
fn what_is_left_out_of_a_comparison() {
    let built = "32 pages in public: 47 files written (338.4 KB), 0 unchanged, 0 deleted, 0.04 s";
    assert_eq!(
        without_measures(built),
        "32 pages in public: 47 files written (# KB), 0 unchanged, 0 deleted, # s"
    );
    assert_eq!(
        without_dates("2022-12-28-x.md · 2022-12-28T19:00:00Z, 2022-12-28 19:00, 12-28"),
        "#-x.md · #, #, 12-28"
    );
}

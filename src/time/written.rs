//! Times as people write them, which need not be instants that a file may hold.
//!
//! Nothing here is guessed at to be believed: what is found is only told, so that whoever wrote `28.12.2022 22:10`
//! learns how files say it.

/// A text that reads like a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenTime {
    /// Whether it names a day.
    pub has_date: bool,
    /// Whether it names a time of day.
    pub has_clock: bool,
    /// How many words stand in it besides months and zones.
    pub words: usize,
    /// The same in the form of files, where there is no doubt about it.
    pub canonical: Option<String>,
}

/// The most words that may stand in a time besides its months: a weekday, a zone, `at`.
const MOST_WORDS: usize = 3;

/// Reads a text that is nothing but a time; `is_month` tells which words are months. `None` where there is anything
/// else, and where there are two times, as in `19:45 - 22:10`.
pub fn written(text: &str, is_month: impl Fn(&str) -> bool) -> Option<WrittenTime> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut seen = Seen::default();
    let parts =
        text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '[' | ']' | ';'));
    for part in parts.filter(|part| !part.is_empty()) {
        seen.part(part, &is_month)?;
    }
    seen.finish()
}

/// What was found so far.
#[derive(Debug, Default)]
struct Seen {
    /// How often a day was named in digits.
    dates: usize,
    /// The day, where its digits have one reading only.
    date: Option<String>,
    has_month: bool,
    /// A single number, which is a day or an hour.
    day: Option<String>,
    years: usize,
    clocks: usize,
    /// The time of day, where it has one reading only.
    clock: Option<Clock>,
    /// Digits with a point between them, which are a time of day beside a day alone.
    points: Vec<Clock>,
    words: Vec<String>,
}

/// A time of day.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Clock {
    hour: u32,
    rest: String,
}

impl Seen {
    /// Takes a part without white space; `None` where it belongs to no time.
    fn part(&mut self, part: &str, is_month: &impl Fn(&str) -> bool) -> Option<()> {
        if !part.starts_with(|c: char| c.is_ascii_digit()) {
            return self.word(part, is_month);
        }
        let numbers = Numbers::of(part);
        let tail = numbers.tail.trim_end_matches('.');
        let widths: Vec<usize> = numbers.texts.iter().map(|text| text.len()).collect();
        match (widths.as_slice(), numbers.marks.as_slice()) {
            ([4, 1..=2, 1..=2], ['-' | '/' | '.' | '年', '-' | '/' | '.' | '月']) => {
                let [year, month, day] = numbers.texts[..] else {
                    return None;
                };
                self.date(Some(format!("{year}-{month:0>2}-{day:0>2}")));
                self.behind_date(tail, is_month)
            }
            ([1..=2, 1..=2, 2 | 4], ['-' | '/' | '.', '-' | '/' | '.']) => {
                self.date(day_first(&numbers));
                self.behind_date(tail, is_month)
            }
            ([1..=2, 2] | [1..=2, 2, 2], [':' | 'h' | 'H' | '時' | '时' | '点', ..]) => {
                self.clock(Clock::of(&numbers.texts)?);
                self.behind_clock(tail, is_month)
            }
            ([1..=2, 2] | [1..=2, 2, 2], ['.', ..]) => {
                self.points.push(Clock::of(&numbers.texts)?);
                self.behind_clock(tail, is_month)
            }
            ([4], []) if tail.is_empty() => {
                self.years += 1;
                Some(())
            }
            ([1..=2], []) => self.number(numbers.texts[0], tail),
            _ => None,
        }
    }

    fn date(&mut self, date: Option<String>) {
        self.dates += 1;
        self.date = date;
    }

    fn clock(&mut self, clock: Clock) {
        self.clocks += 1;
        self.clock = Some(clock);
    }

    /// A single number: a day, or an hour.
    fn number(&mut self, number: &str, tail: &str) -> Option<()> {
        match tail.to_lowercase().as_str() {
            "" | "st" | "nd" | "rd" | "th" | "er" | "º" | "ª" | "日" if self.day.is_none() => {
                self.day = Some(number.to_owned());
                Some(())
            }
            "am" | "pm" | "a.m" | "p.m" => {
                self.clock(Clock::of(&[number, "00"])?);
                self.half(tail)
            }
            "h" | "時" | "时" | "点" => {
                self.clock(Clock::of(&[number, "00"])?);
                Some(())
            }
            _ => None,
        }
    }

    /// What stands behind a day without white space: nothing, or `T` and a time of day.
    fn behind_date(&mut self, tail: &str, is_month: &impl Fn(&str) -> bool) -> Option<()> {
        let tail = tail.strip_prefix('日').unwrap_or(tail);
        match tail.strip_prefix(['T', 't', '_', '-', '@']) {
            Some(clock) => self.part(clock, is_month),
            None => tail.is_empty().then_some(()),
        }
    }

    /// What stands behind a time of day without white space: a half of the day, or a zone.
    fn behind_clock(&mut self, tail: &str, is_month: &impl Fn(&str) -> bool) -> Option<()> {
        let fraction = tail.strip_prefix('.').unwrap_or_default();
        let tail = match fraction.starts_with(|c: char| c.is_ascii_digit()) {
            true => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
            false => tail,
        };
        match tail.to_lowercase().as_str() {
            "" | "h" | "分" => Some(()),
            _ => self.word(tail, is_month),
        }
    }

    /// `am` or `pm`.
    fn half(&mut self, half: &str) -> Option<()> {
        let is_afternoon = half.starts_with(['p', 'P']);
        if self.clocks == 0 && self.points.is_empty() {
            let hour = self.day.take()?;
            self.clock(Clock::of(&[&hour, "00"])?);
        }
        let clock = self.clock.as_mut().or(self.points.last_mut())?;
        match (clock.hour, is_afternoon) {
            (12, false) => clock.hour = 0,
            (1..12, true) => clock.hour += 12,
            _ => {}
        }
        Some(())
    }

    fn word(&mut self, word: &str, is_month: &impl Fn(&str) -> bool) -> Option<()> {
        let plain = word.trim_end_matches('.');
        let is_offset =
            plain.starts_with(['+', '-']) && plain[1..].starts_with(|c: char| c.is_ascii_digit());
        if !is_offset && !plain.chars().any(char::is_alphabetic) {
            return None;
        }
        if is_month(plain) && !self.has_month {
            self.has_month = true;
            return Some(());
        }
        if matches!(plain.to_lowercase().as_str(), "am" | "pm" | "a.m" | "p.m") {
            return self.half(plain);
        }
        self.words.push(plain.to_owned());
        (self.words.len() <= MOST_WORDS).then_some(())
    }

    fn finish(mut self) -> Option<WrittenTime> {
        let has_date = self.dates > 0 || self.has_month && self.day.is_some();
        if self.clocks == 0 && has_date && self.points.len() == 1 {
            self.clock = self.points.pop();
            self.clocks = 1;
        }
        let is_one =
            self.dates <= 1 && self.clocks <= 1 && self.years <= 1 && self.points.is_empty();
        let is_apart = self.dates == 0 || !(self.has_month || self.day.is_some() || self.years > 0);
        let has_clock = self.clocks == 1;
        let is_a_time = has_date || has_clock && self.day.is_none() && self.years == 0;
        let is_short = self.words.iter().all(|word| word.chars().count() <= 32);
        (is_one && is_apart && is_a_time && is_short).then(|| WrittenTime {
            has_date,
            has_clock,
            words: self.words.iter().filter(|word| !is_zone(word)).count(),
            canonical: self.canonical(),
        })
    }

    /// The time in the form of files, with what follows it.
    fn canonical(&self) -> Option<String> {
        let (date, clock) = (self.date.as_ref()?, self.clock.as_ref()?);
        let zone = match self.words.as_slice() {
            [] => String::new(),
            [zone] => format!(" {zone}"),
            _ => return None,
        };
        Some(format!("{date} {:02}{}{zone}", clock.hour, clock.rest))
    }
}

/// Whether a word is written as zones are: `UTC`, `Europe/Paris`, `+01:00`.
fn is_zone(word: &str) -> bool {
    word.contains('/') || !word.chars().any(char::is_lowercase) && word.is_ascii()
}

impl Clock {
    fn of(numbers: &[&str]) -> Option<Self> {
        let hour = numbers.first()?.parse().ok()?;
        let rest: String = numbers[1..]
            .iter()
            .map(|number| format!(":{number}"))
            .collect();
        Some(Self { hour, rest })
    }
}

/// A day that is not written with its year first; `None` where month and day could be either.
fn day_first(numbers: &Numbers<'_>) -> Option<String> {
    let [first, second, year] = numbers.texts[..] else {
        return None;
    };
    let (a, b): (u32, u32) = (first.parse().ok()?, second.parse().ok()?);
    let is_dotted = numbers.marks.iter().all(|mark| *mark == '.');
    let (day, month) = match (is_dotted || a > 12, b > 12) {
        (true, false) => (a, b),
        (false, true) => (b, a),
        _ => return None,
    };
    (year.len() == 4).then(|| format!("{year}-{month:02}-{day:02}"))
}

/// Numbers with single marks between them.
struct Numbers<'a> {
    texts: Vec<&'a str>,
    marks: Vec<char>,
    /// What stands behind the last of them.
    tail: &'a str,
}

impl<'a> Numbers<'a> {
    /// At most three numbers at the start of a text.
    fn of(text: &'a str) -> Self {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let (first, mut tail) = text.split_at(digits(text));
        let (mut texts, mut marks) = (vec![first], Vec::new());
        while texts.len() < 3
            && let Some(mark) = tail.chars().next()
            && "-/.:hH年月時时点".contains(mark)
        {
            let behind = &tail[mark.len_utf8()..];
            let count = digits(behind);
            if count == 0 {
                break;
            }
            marks.push(mark);
            texts.push(&behind[..count]);
            tail = &behind[count..];
        }
        Self { texts, marks, tail }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_month(word: &str) -> bool {
        ["December", "Dec", "dezembro", "декабря"].contains(&word)
    }

    fn read(text: &str) -> Option<(bool, bool, Option<String>)> {
        written(text, is_month).map(|it| (it.has_date, it.has_clock, it.canonical))
    }

    #[test]
    fn days_with_a_time_of_day() {
        for (text, canonical) in [
            ("2022-12-28 22:10", Some("2022-12-28 22:10")),
            ("2022-12-28T22:10:05", Some("2022-12-28 22:10:05")),
            ("2022-12-28 22:10 UTC", Some("2022-12-28 22:10 UTC")),
            (
                "2022-12-28, 22:10 (Europe/Paris)",
                Some("2022-12-28 22:10 Europe/Paris"),
            ),
            ("2022-12-28 22:10 +01:00", Some("2022-12-28 22:10 +01:00")),
            ("2022-12-28 22:10+01:00", Some("2022-12-28 22:10 +01:00")),
            ("2022/12/28 22:10Z", Some("2022-12-28 22:10 Z")),
            ("28.12.2022 22:10", Some("2022-12-28 22:10")),
            ("8.1.2023, 9:05", Some("2023-01-08 09:05")),
            ("12/28/2022 10:10 PM", Some("2022-12-28 22:10")),
            ("28/12/2022 22:10", Some("2022-12-28 22:10")),
            ("01/02/2023 22:10", None),
            ("2022-12-28 12:10am", Some("2022-12-28 00:10")),
            ("2022年12月28日 22時10分", Some("2022-12-28 22:10")),
            ("2022-12-28 22.10", Some("2022-12-28 22:10")),
            ("2022-12-28 22h10", Some("2022-12-28 22:10")),
            ("2022-12-28 22h", Some("2022-12-28 22:00")),
            ("Dec 28, 2022 at 22:10", None),
            ("28 dezembro 2022 22:10", None),
            ("at 2022-12-28 around 22:10", None),
        ] {
            let expected = Some((true, true, canonical.map(str::to_owned)));
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn half_a_time() {
        for text in ["22:10", "22:10 UTC", "10pm", "10 pm", "22:10:05.250"] {
            assert_eq!(read(text), Some((false, true, None)), "{text}");
        }
        for text in ["2022-12-28", "28 December", "Dec 28th, 2022", "28.12.2022"] {
            assert_eq!(read(text), Some((true, false, None)), "{text}");
        }
    }

    #[test]
    fn words_are_counted_without_zones() {
        for (text, words) in [
            ("22:10", 0),
            ("22:10 UTC", 0),
            ("2022-12-28 22:10 Europe/Paris", 0),
            ("at 22:10 CET", 1),
            ("back by 22:10", 2),
        ] {
            assert_eq!(
                written(text, is_month).map(|it| it.words),
                Some(words),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "",
            "tonight",
            "2022",
            "3 of 5 servers",
            "version 10.15",
            "1.2.3",
            "19:45 - 22:10",
            "2022-12-28 19:45 2022-12-28 22:10",
            "22:10 by a rollback of everything",
            "100%",
            "2022-12-28 22:10 · 22:15",
            "19:45 22:10",
            "22:10 2022",
            "Dec 28, 2022x",
            "Dec 28, 2022 2023",
            "28 December 29",
            "2022-12-28 December 22:10",
            "2022-12-28 5 22:10",
            "2022-12-28 2022 22:10",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

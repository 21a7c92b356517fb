//! Many known names, among which the one that an unknown name most likely means is found without a look at all of them.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use super::nearest::{code_list_of, distance, has_word, is_guess};

/// The number of names up to which each is compared with an unknown one.
///
/// Of more names only so many are: those that stand beside the unknown name in the alphabet, read forwards or
/// backwards. A slip of the pen leaves either the beginning or the end of a name as it is, and the cost of an unknown
/// name stays the same however many are known.
const COMPARED: usize = 512;

/// Names that are known, for guesses at what unknown ones mean.
///
/// Whoever asks for one name often gets the answer of the first time.
#[derive(Debug)]
pub struct KnownNames<'a> {
    names: Vec<&'a str>,
    index: OnceLock<NameIndex>,
    guesses: Mutex<HashMap<String, Guess>>,
}

/// The names in the orders in which they are looked up.
#[derive(Debug)]
struct NameIndex {
    lowered: Vec<String>,
    /// The first name that has a word, and how many have it.
    by_word: HashMap<String, (usize, usize)>,
    /// The names in the order of the alphabet, and in that of their letters read backwards; empty where all names are
    /// compared.
    forwards: Vec<(String, usize)>,
    backwards: Vec<(String, usize)>,
}

/// What is known of an unknown name.
#[derive(Debug, Clone, Copy)]
struct Guess {
    /// The first name of which it is a word, and how many there are.
    of_word: (usize, usize),
    /// The nearest name, with how far it is.
    nearest: Option<(usize, usize)>,
}

impl<'a> KnownNames<'a> {
    /// These names, which need not differ.
    pub fn new(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            names: names.into_iter().collect(),
            index: OnceLock::new(),
            guesses: Mutex::default(),
        }
    }

    /// A hint that names the nearest of these names and of `others`, or some of them where none is near.
    ///
    /// It is that of [`nearest_hint`](super::nearest_hint), as long as there are not very many names.
    pub fn hint(&self, name: &str, others: &[&str]) -> Option<String> {
        if let Some(near) = self.nearest(name, others) {
            return Some(format!("did you mean `{near}`?"));
        }
        let count = self.names.len() + others.len();
        let all = self.names.iter().chain(others).copied();
        (count > 0).then(|| format!("known: {}", code_list_of(all, count)))
    }

    /// The nearest of these names and of `others`.
    fn nearest<'n>(&'n self, name: &str, others: &[&'n str]) -> Option<&'n str> {
        let guess = self.guess(name);
        let lowered = name.to_lowercase();
        let (first, count) = guess.of_word;
        let of_word: Vec<&str> = others
            .iter()
            .copied()
            .filter(|other| has_word(other, &lowered))
            .collect();
        match (count, of_word.as_slice()) {
            (1, []) => return self.names.get(first).copied(),
            (0, [only]) => return Some(only),
            _ => {}
        }
        let known = guess.nearest.map(|(at, far)| (far, self.names[at]));
        let others = others.iter().map(|other| {
            let far = distance(&lowered, &other.to_lowercase());
            (far, *other)
        });
        let others = others.filter(|(far, other)| is_guess(*far, other));
        known
            .into_iter()
            .chain(others)
            .min_by_key(|(far, _)| *far)
            .map(|(_, near)| near)
    }

    fn guess(&self, name: &str) -> Guess {
        let mut guesses = self.guesses.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(guess) = guesses.get(name) {
            return *guess;
        }
        let guess = self.compare(name);
        guesses.insert(name.to_owned(), guess);
        guess
    }

    fn compare(&self, name: &str) -> Guess {
        let index = self.index.get_or_init(|| NameIndex::new(&self.names));
        let lowered = name.to_lowercase();
        let compared = index.beside(&lowered, self.names.len()).into_iter();
        let near = compared
            .map(|at| (at, distance(&lowered, &index.lowered[at])))
            .filter(|(at, far)| is_guess(*far, self.names[*at]));
        Guess {
            of_word: index.by_word.get(&lowered).copied().unwrap_or_default(),
            nearest: near.min_by_key(|(_, far)| *far),
        }
    }

    /// The number of names that were looked for.
    #[cfg(test)]
    pub(crate) fn searches(&self) -> usize {
        self.guesses.lock().map_or(0, |guesses| guesses.len())
    }
}

impl NameIndex {
    fn new(names: &[&str]) -> Self {
        let mut by_word: HashMap<String, (usize, usize)> = HashMap::new();
        for (at, name) in names.iter().enumerate() {
            let mut words: Vec<&str> = name.split(['_', '-']).collect();
            words.sort_unstable();
            words.dedup();
            for word in words {
                by_word.entry(word.to_owned()).or_insert((at, 0)).1 += 1;
            }
        }
        let lowered: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        let mut index = Self {
            lowered,
            by_word,
            forwards: Vec::new(),
            backwards: Vec::new(),
        };
        if names.len() > COMPARED {
            let forwards = index.lowered.iter().cloned();
            index.forwards = forwards.zip(0..).collect();
            index.forwards.sort_unstable();
            let backwards = index.lowered.iter().map(|name| backwards(name));
            index.backwards = backwards.zip(0..).collect();
            index.backwards.sort_unstable();
        }
        index
    }

    /// The names with which an unknown one of so many is compared, in their order.
    fn beside(&self, lowered: &str, count: usize) -> Vec<usize> {
        if count <= COMPARED {
            return (0..count).collect();
        }
        let around = |sorted: &[(String, usize)], name: &str| -> Vec<usize> {
            let at = sorted.partition_point(|(other, _)| other.as_str() < name);
            let first = at.saturating_sub(COMPARED / 4);
            let last = (at + COMPARED / 4).min(sorted.len());
            sorted[first..last].iter().map(|(_, at)| *at).collect()
        };
        let mut beside = around(&self.forwards, lowered);
        beside.extend(around(&self.backwards, &backwards(lowered)));
        beside.sort_unstable();
        beside.dedup();
        beside
    }
}

fn backwards(name: &str) -> String {
    name.chars().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::nearest_hint;

    #[test]
    fn the_guess_is_that_of_a_look_at_all_names() {
        let names = [
            "web", "api", "log-in", "log-out", "mail-in", "Web-EU", "cache", "next", "web",
        ];
        let words = [
            "wbe", "out", "LOG-IN", "log", "mial-in", "web-eu", "zzz", "", "nxet", "next", "in",
            "cahce",
        ];
        for count in 0..names.len() {
            let known = KnownNames::new(names[..count].iter().copied());
            for (word, others) in words
                .iter()
                .flat_map(|word| [(word, &[][..]), (word, &["next", "mail"][..])])
            {
                let all = names[..count].iter().chain(others).copied();
                let expected = nearest_hint(word, all);
                assert_eq!(known.hint(word, others), expected, "{word} of {count}");
            }
        }
    }

    #[test]
    fn of_very_many_names_the_ones_with_a_slip_are_found() {
        let names: Vec<String> = (0..20_000).map(|n| format!("host{n:05}-disk")).collect();
        let known = KnownNames::new(names.iter().map(String::as_str));
        for (slip, meant) in [
            ("host01234-dsik", "host01234-disk"),
            ("hots01234-disk", "host01234-disk"),
            ("host19999-disc", "host19999-disk"),
            ("Host00000-disk", "host00000-disk"),
            ("host00777", "host00777-disk"),
        ] {
            let hint = format!("did you mean `{meant}`?");
            assert_eq!(known.hint(slip, &[]), Some(hint), "{slip}");
        }
        let none = known.hint("elsewhere", &[]).unwrap_or_default();
        assert!(none.ends_with("`host00011-disk` and 19988 more"), "{none}");
    }

    #[test]
    fn a_name_is_looked_for_once() {
        let known = KnownNames::new(["web", "api"]);
        for _ in 0..1_000 {
            assert_eq!(
                known.hint("wbe", &[]).as_deref(),
                Some("did you mean `web`?")
            );
        }
        assert_eq!(known.searches(), 1);
    }
}

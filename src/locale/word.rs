//! The words by which people name the state of an update, as written at the head of it.

use std::collections::BTreeMap;

use super::messages::{self, Message, Table};

/// The ids of all states: what the English messages have a `state-` for.
pub(super) fn states() -> impl Iterator<Item = &'static str> {
    let keys = messages::english().iter().map(|(key, _)| key);
    keys.filter_map(|key| key.strip_prefix("state-"))
}

/// Adds the words that `table` has for the states: the ids, what readers see, and the other forms.
pub(super) fn add_states(words: &mut BTreeMap<String, &'static str>, table: &Table) {
    for state in states() {
        words.insert(fold(state), state);
        if let Some(Message::Text(text)) = table.get(&format!("state-{state}")) {
            words.insert(fold(text), state);
        }
        if let Some(Message::Words(other)) = table.get(&format!("words-{state}")) {
            words.extend(other.iter().map(|word| (fold(word), state)));
        }
    }
}

/// Normalized words: without the differences that no writer means.
///
/// Those are capitals; any kind and number of spaces, hyphens and underscores; invisible direction
/// marks and joiners; vowel signs and tatweel; the letters that Arabic keyboards and habits mix up, as
/// `أ` and `ا`, `ى` and `ي`, `ة` and `ه`; and `ё`, which most write as `е`.
pub(super) fn fold(words: &str) -> String {
    let mut folded = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{670}' | 'ـ' => {}
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' => {}
            '\u{61c}' | '\u{ad}' | '\u{feff}' => {}
            '-' | '_' | '\u{2010}' | '\u{2011}' => folded.push(' '),
            'أ' | 'إ' | 'آ' | 'ٱ' => folded.push('ا'),
            'ى' | 'ی' => folded.push('ي'),
            'ک' => folded.push('ك'),
            'ة' => folded.push('ه'),
            'ı' => folded.push('i'),
            'ё' | 'Ё' => folded.push('е'),
            _ => folded.extend(
                c.to_lowercase()
                    .filter(|lower| !matches!(lower, '\u{300}'..='\u{36f}')),
            ),
        }
    }
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_writer_means_is_folded_away() {
        for (written, folded) in [
            ("  In\u{a0}Progress ", "in progress"),
            ("POST-MORTEM", "post mortem"),
            ("in_progress", "in progress"),
            ("حُلَّتْ", "حلت"),
            ("مـراقـبـة", "مراقبه"),
            ("أُلغِيَت", "الغيت"),
            ("\u{200f}الحل\u{200f}", "الحل"),
            ("İptal", "iptal"),
            ("PLANLANDI", "planlandi"),
            ("planlandı", "planlandi"),
            ("", ""),
        ] {
            assert_eq!(fold(written), folded);
        }
    }

    #[test]
    fn no_word_stands_for_two_states() {
        for language in messages::translated() {
            let table = Table::built_in(language);
            let mut seen: BTreeMap<String, &str> = BTreeMap::new();
            for state in states() {
                let text = table
                    .get(&format!("state-{state}"))
                    .and_then(|message| message.form(icu_plurals::PluralCategory::Other));
                let Some(Message::Words(words)) = table.get(&format!("words-{state}")) else {
                    unreachable!("{language} has no words for {state}");
                };
                for word in words.iter().map(String::as_str).chain(text) {
                    let earlier = seen.insert(fold(word), state);
                    assert!(
                        earlier.is_none_or(|earlier| earlier == state),
                        "{word}: {earlier:?} and {state}"
                    );
                }
            }
        }
    }
}

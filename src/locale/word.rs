//! The words by which people name the state of an update, as written at the head of it.

use std::collections::{BTreeMap, BTreeSet};

use super::messages::{self, Message, Table};
use crate::characters::is_invisible;

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

/// Adds the words that people write for the states besides those that are read, and these as well.
pub(super) fn add_synonyms(words: &mut BTreeMap<String, BTreeSet<&'static str>>, table: &Table) {
    let mut read = BTreeMap::new();
    add_states(&mut read, table);
    let mut add = |word: &str, state| {
        words.entry(fold_loosely(word)).or_default().insert(state);
    };
    for (word, state) in read {
        add(&word, state);
    }
    for state in states() {
        if let Some(Message::Words(other)) = table.get(&format!("synonyms-{state}")) {
            other.iter().for_each(|word| add(word, state));
        }
    }
}

/// Normalized words, without the accents of Latin letters and the points of Hebrew and Hindi as well, which many
/// leave out.
pub(super) fn fold_loosely(words: &str) -> String {
    let mut folded = String::with_capacity(words.len());
    for c in fold(words).chars() {
        match c {
            'à'..='å' | 'ā' | 'ă' => folded.push('a'),
            'ç' | 'ć' | 'č' => folded.push('c'),
            'è'..='ë' | 'ē' | 'ę' => folded.push('e'),
            'ğ' => folded.push('g'),
            'ì'..='ï' | 'ī' => folded.push('i'),
            'ñ' => folded.push('n'),
            'ò'..='ö' | 'ø' => folded.push('o'),
            'ş' | 'ș' => folded.push('s'),
            'ù'..='ü' | 'ū' => folded.push('u'),
            'ß' => folded.push_str("ss"),
            'й' => folded.push('и'),
            'ї' | 'ґ' => folded.push(if c == 'ї' { 'і' } else { 'г' }),
            'ँ' => folded.push('ं'),
            '\u{591}'..='\u{5c7}' | '\u{93c}' | '\'' | '’' | 'ʼ' => {}
            _ => folded.push(c),
        }
    }
    folded
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
            '\u{ad}' => {}
            c if is_invisible(c) => {}
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
    fn accents_may_be_left_out() {
        for (written, folded) in [
            ("Résolu", "resolu"),
            ("ÇÖZÜLDÜ", "cozuldu"),
            ("Gelöst", "gelost"),
            ("जाँच", "जांच"),
            ("Пом'якшено", "помякшено"),
        ] {
            assert_eq!(fold_loosely(written), folded);
        }
    }

    /// A synonym that is read as another state would be told to mean what it does not.
    #[test]
    fn no_synonym_is_a_word_that_is_read() {
        let mut wrong = Vec::new();
        for language in messages::translated() {
            let table = Table::built_in(language);
            let mut read = BTreeMap::new();
            add_states(&mut read, messages::english());
            add_states(&mut read, &table);
            for state in states() {
                let Some(Message::Words(words)) = table.get(&format!("synonyms-{state}")) else {
                    unreachable!("{language} has no synonyms for {state}");
                };
                let is_read = |word: &&String| read.contains_key(&fold(word));
                let read = words.iter().filter(is_read).cloned();
                wrong.extend(read.map(|word| (language, state, word)));
            }
        }
        assert_eq!(wrong, []);
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

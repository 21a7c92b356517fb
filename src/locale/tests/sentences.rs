//! Sentences with names in them, and several of them.

use super::locale;
use crate::locale::Language;
use crate::locale::messages::{self, Message};

/// Every status that the sentence below the headline tells of.
const STATUSES: [&str; 7] = [
    "major_outage",
    "partial_outage",
    "degraded_performance",
    "suspected",
    "reported",
    "unknown",
    "under_maintenance",
];

#[test]
fn no_sentence_agrees_with_the_names_in_it() {
    let mut sentences = Vec::new();
    for tag in Language::supported() {
        let locale = locale(tag);
        for status in STATUSES {
            // "Payments" is one component; whatever the names are, all other words are the same.
            let around = |names: &str| {
                let sentence = locale.affected(status, names);
                let (before, after) = sentence.split_once(names).unwrap();
                (before.to_owned(), after.to_owned())
            };
            let several = locale.list(&["Log-in", "API"]);
            assert_eq!(around("Payments"), around(&several), "{tag} {status}");
            let (before, after) = around("X");
            // The names stand alone behind a colon: in no case, in no gender, and before no particle.
            assert!(
                before.trim_end().ends_with([':', '：']),
                "{tag} {status}: {before}"
            );
            assert!(
                [".", "。", "।"].contains(&after.as_str()),
                "{tag} {status}: {after}"
            );
            sentences.push(before);
        }
    }
    assert_eq!(
        locale("en").affected("major_outage", "Log-in, API"),
        "Down: Log-in, API."
    );
    assert_eq!(
        locale("ru").affected("partial_outage", "API"),
        "Частично недоступно: API."
    );
    assert_eq!(
        locale("ja").affected("major_outage", "API"),
        "停止中：API。"
    );
}

#[test]
fn no_sentence_agrees_with_the_name_of_a_region() {
    for tag in Language::supported() {
        let locale = locale(tag);
        for key in ["in-region", "headline-suspected-region", "page-concerns"] {
            let around = |name: &str| {
                let values = [("what", "X"), ("region", name), ("regions", name)];
                let text = locale.text(key, &values).into_owned();
                let (before, after) = text.split_once(name).unwrap();
                (before.to_owned(), after.to_owned())
            };
            assert_eq!(around("日本"), around("the United States"), "{tag} {key}");
        }
        assert!(!locale.text("page-regions", &[]).starts_with('['), "{tag}");
    }
    let said = |tag: &str| {
        let locale = locale(tag);
        let region = locale.text("headline-suspected-region", &[("region", "Japan")]);
        let outage = locale.text("headline-partial_outage", &[]);
        let values = [("what", outage.as_ref()), ("region", "Japan")];
        let outage = locale.text("in-region", &values);
        format!("{region} | {outage}")
    };
    assert_eq!(
        said("en"),
        "Problems reported in Japan, not yet confirmed | Partial outage in Japan"
    );
    assert_eq!(
        said("de"),
        "Probleme gemeldet (Japan), noch nicht bestätigt | Teilausfall (Japan)"
    );
    assert_eq!(
        said("zh"),
        "有问题报告（Japan），尚未确认 | 部分中断（Japan）"
    );
}

#[test]
fn sentences_stand_apart_as_the_language_has_it() {
    let all = |tag: &str, sentences: &[&str]| locale(tag).sentences(sentences);
    assert_eq!(
        all("en", &["Down: A.", "", "Slow: B."]),
        "Down: A. Slow: B."
    );
    assert_eq!(all("hi", &["बंद: A।", "धीमा: B।"]), "बंद: A। धीमा: B।");
    for tag in ["ja", "zh", "zh-Hant"] {
        assert_eq!(
            all(tag, &["停止中：A。", "遅延：B。", "C。"]),
            "停止中：A。遅延：B。C。"
        );
    }
    assert_eq!(all("ja", &[]), "");
    assert_eq!(all("ja", &["", "一。"]), "一。");
}

/// The texts of a message with all its values in their places.
fn filled(message: &Message, value: &str) -> Vec<String> {
    let texts = message.texts();
    texts
        .map(|text| {
            let names = messages::names_in(text);
            let values: Vec<(&str, &str)> = names.map(|name| (name, value)).collect();
            messages::fill(text, &values).into_owned()
        })
        .collect()
}

#[test]
fn no_message_has_two_blanks_or_two_full_stops() {
    const WRONG: [&str; 11] = [
        "  ", "..", "。。", "।।", "。.", ".。", "。 ", " 。", "， ", "： ", " ：",
    ];
    for tag in Language::supported() {
        let locale = locale(tag);
        for (key, message) in locale.messages.iter() {
            for text in filled(message, "X") {
                for wrong in WRONG {
                    assert!(!text.contains(wrong), "{tag} {key}: {text}");
                }
                assert_eq!(text.trim(), text, "{tag} {key}");
            }
            // A date may end with a full stop, as in Russian.
            for text in filled(message, "г.") {
                assert!(!text.contains(".."), "{tag} {key}: {text}");
            }
        }
    }
}

#[test]
fn punctuation_is_full_width_among_han_and_kana() {
    let is_wide = |c: char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}');
    for tag in ["ja", "zh", "zh-Hant"] {
        for (key, message) in locale(tag).messages.iter() {
            for text in message.texts() {
                let chars: Vec<char> = text.chars().collect();
                for pair in chars.windows(2) {
                    let is_wrong = is_wide(pair[0])
                        && matches!(pair[1], ',' | '.' | ':' | ';' | '(' | '!' | '?')
                        || matches!(pair[0], ',' | ')') && is_wide(pair[1]);
                    assert!(!is_wrong, "{tag} {key}: {text}");
                }
                // Japanese has no blanks at its words.
                let blank = chars
                    .windows(3)
                    .any(|it| is_wide(it[0]) && it[1] == ' ' && is_wide(it[2]));
                assert!(!blank, "{tag} {key}: {text}");
            }
        }
    }
}

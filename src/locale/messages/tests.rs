#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;

fn faults(text: &str) -> Vec<(String, String, Option<String>)> {
    Table::default()
        .override_with(text)
        .iter()
        .map(|fault| {
            (
                text[fault.span.clone()].to_owned(),
                fault.to_string(),
                fault.hint(),
            )
        })
        .collect()
}

#[test]
fn the_built_in_tables_have_no_fault() {
    for (language, table) in BUILT_IN {
        let (entries, faults) = parse(table);
        assert_eq!(faults, [], "{language}");
        for entry in entries {
            assert_eq!(check(&entry), Ok(()), "{language}");
        }
    }
}

#[test]
fn a_translation_uses_the_values_of_the_english_message() {
    for language in translated() {
        for (key, message) in Table::built_in(language).iter() {
            let mut lost = value_names(english().get(key).unwrap());
            let names = value_names(message);
            lost.retain(|name| *name != "n" && !names.contains(name));
            assert!(lost.is_empty(), "{language} {key} lacks {lost:?}");
        }
    }
}

#[test]
fn values_are_filled_in() {
    let values = [("a", "1"), ("b", "{a}")];
    assert_eq!(fill("no value", &values), "no value");
    assert_eq!(fill("{a} and {b}, {a}", &values), "1 and {a}, 1");
    assert_eq!(fill("{c} {a", &values), "{c} {a");
    assert_eq!(fill("{a{a}", &values), "{a1");
    assert_eq!(fill("{a}", &[]), "{a}");
}

#[test]
fn every_fault_of_a_table_is_found() {
    let text = r#"status-operational = "Up"
status-operatoinal = "Up"
status-unknown = 1
incidents-count = { one = "one", several = "{n}" }
days-count = { one = "one" }
headline-unknown = "Unknown since {time}"
words-resolved = "Done"
title-history = { one = "History", other = "Histories" }
status-suspected = "Sus\u0007"
words-identified = ["known", "f\u009bund"]
"#;
    let found = faults(text);
    let expected: Vec<(String, String, Option<String>)> = [
        (
            "status-operatoinal",
            "there is no message `status-operatoinal`",
            Some("did you mean `status-operational`?"),
        ),
        ("1", "the message `status-unknown` must be a text", None),
        (
            "several",
            "`several` is no plural form",
            Some("the forms are `zero`, `one`, `two`, `few`, `many` and `other`"),
        ),
        (
            r#"{ one = "one" }"#,
            "the message `days-count` lacks the form `other`",
            Some("add `other = \"...\"`"),
        ),
        (
            "\"Unknown since {time}\"",
            "the message `headline-unknown` has no value `{time}`",
            Some("its values are `{since}`"),
        ),
        (
            "\"Done\"",
            "the message `words-resolved` must be a list of words",
            None,
        ),
        (
            r#"{ one = "History", other = "Histories" }"#,
            "the message `title-history` must be a text",
            None,
        ),
        (
            r#""Sus\u0007""#,
            "this text holds the control character U+0007",
            Some("delete it"),
        ),
        (
            r#"["known", "f\u009bund"]"#,
            "this text holds the control character U+009B",
            Some("delete it"),
        ),
    ]
    .map(|(at, message, hint)| (at.into(), message.into(), hint.map(String::from)))
    .into();
    assert_eq!(found, expected);
}

#[test]
fn an_unknown_key_is_answered_with_those_that_begin_like_it() {
    for (key, expected) in [
        (
            "headline-all_operational",
            "did you mean `headline-all_clear`?",
        ),
        (
            "page-next-foreseen-instant",
            "known: `page-next-due`, `page-next-overdue`",
        ),
        (
            "duration-fortnights",
            "known: `duration-days`, `duration-hours`, `duration-minutes`, `duration-two`, `duration-under-minute`",
        ),
    ] {
        let hints: Vec<Option<String>> = faults(&format!("{key} = \"x\"\n"))
            .into_iter()
            .map(|(_, _, hint)| hint)
            .collect();
        assert_eq!(hints, [Some(expected.to_owned())], "{key}");
    }
    let hint = faults("zzz = \"x\"\n")[0].2.clone().unwrap();
    assert!(
        hint.starts_with("known: `") && hint.ends_with(" more"),
        "{hint}"
    );
}

#[test]
fn what_can_be_read_of_a_broken_table_is_used() {
    let mut table = Table::default();
    let faults = table.override_with("status-unknown = \"?\"\nstatus-operational = \n");
    assert_eq!(
        table.get("status-unknown"),
        Some(&Message::Text("?".into()))
    );
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(matches!(faults[0].kind, MessageFaultKind::Syntax(_)));
}

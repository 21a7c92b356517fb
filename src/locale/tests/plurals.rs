//! Plurals, in messages of one count and of several.

use super::locale;

#[test]
fn english_plurals() {
    let english = locale("en");
    let all: Vec<String> = [0, 1, 2, 1000]
        .map(|n| english.count("incidents-count", n, &[]))
        .into();
    assert_eq!(
        all,
        [
            "0 incidents",
            "1 incident",
            "2 incidents",
            "1,000 incidents"
        ]
    );
}

#[test]
fn arabic_plurals() {
    let arabic = locale("ar");
    let all: Vec<String> = [0, 1, 2, 3, 10, 11, 99, 100, 102, 103]
        .map(|n| arabic.count("incidents-count", n, &[]))
        .into();
    assert_eq!(
        all,
        [
            "لا حوادث",
            "حادث واحد",
            "حادثان",
            "3 حوادث",
            "10 حوادث",
            "11 حادثًا",
            "99 حادثًا",
            "100 حادث",
            "102 حادث",
            "103 حوادث",
        ]
    );
    assert_eq!(
        locale("ar-EG").count("incidents-count", 11, &[]),
        "١١ حادثًا"
    );
}

#[test]
fn russian_plurals() {
    let (russian, faults) = locale("ru").with_overrides(
        "incidents-count = { one = \"{n} инцидент\", few = \"{n} инцидента\", many = \"{n} инцидентов\", other = \"{n} инцидента\" }",
    );
    assert_eq!(faults, []);
    let all: Vec<String> = [0, 1, 2, 5, 11, 21, 112]
        .map(|n| russian.count("incidents-count", n, &[]))
        .into();
    assert_eq!(
        all,
        [
            "0 инцидентов",
            "1 инцидент",
            "2 инцидента",
            "5 инцидентов",
            "11 инцидентов",
            "21 инцидент",
            "112 инцидентов",
        ]
    );
}

#[test]
fn sentences_of_several_counts() {
    let (english, arabic) = (locale("en"), locale("ar"));
    assert_eq!(
        english.coverage(1, 5, 2),
        "Evidence covers 1 of 5 components, from 2 sources."
    );
    assert_eq!(
        english.coverage(5, 5, 1),
        "Evidence covers 5 of 5 components, from 1 source."
    );
    assert_eq!(
        arabic.coverage(4, 5, 2),
        "قياسات لـ 4 مكوّنات من أصل 5، من مصدرين."
    );
    let two_of = |troubled, unknown| [("bars-troubled", troubled), ("bars-unknown", unknown)];
    assert_eq!(
        english.bars_label(90, &two_of(0, 0)),
        "90 days without an outage."
    );
    assert_eq!(
        english.bars_label(90, &two_of(2, 0)),
        "90 days: 2 with an outage."
    );
    assert_eq!(
        english.bars_label(90, &two_of(0, 1)),
        "90 days: 1 not fully measured."
    );
    assert_eq!(
        english.bars_label(
            90,
            &[("bars-troubled", 2), ("bars-minor", 1), ("bars-unknown", 5)]
        ),
        "90 days: 2 with an outage, 1 with minor problems, 5 not fully measured."
    );
    assert_eq!(
        arabic.bars_label(90, &two_of(2, 5)),
        "90 يومًا: يومان فيهما انقطاع، و5 أيام لم تُقَس بالكامل."
    );
}

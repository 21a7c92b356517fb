use super::{Lookalike, Meaning};
use crate::locale::{Language, LanguageIndex, Locale};
use crate::markdown::Standing;
use crate::site::lookup::Directory;
use crate::site::read::names::Names;
use crate::site::vocabulary::State;

/// An answer about the lookalike in a text of a language.
fn read<T>(tag: &str, text: &str, answer: impl FnOnce(Option<Lookalike>, &Names<'_>) -> T) -> T {
    let languages: Vec<Language> = Language::parse(tag).into_iter().collect();
    let locales: Vec<Locale> = languages.iter().map(Locale::new).collect();
    let names = Names {
        components: &Directory::new(&[]),
        regions: &Directory::new(&[]),
        signals: &Directory::new(&[]),
        languages: &languages,
        locales: &locales,
        zone: chrono_tz::UTC,
    };
    answer(
        Lookalike::read(text, LanguageIndex::DEFAULT, &names),
        &names,
    )
}

/// The hint for a text that is meant as an update where it stands.
fn hint(tag: &str, text: &str, standing: &Standing) -> Option<String> {
    read(tag, text, |found, names| {
        let found = found.filter(|found| found.is_meant(standing))?;
        Some(found.hint(LanguageIndex::DEFAULT, names))
    })
}

fn heading(level: u8) -> Standing {
    Standing::Heading {
        level,
        is_nested: false,
    }
}

fn emphasis(is_whole: bool, alike: usize) -> Standing {
    Standing::Emphasis { is_whole, alike }
}

#[test]
fn other_words_are_answered_with_those_that_are_meant() {
    let times = "2022-12-28 22:10";
    for (tag, word, meant) in [
        ("en", "Fixed", "`resolved`"),
        ("en", "CLOSED", "`resolved`"),
        ("en", "Done", "`resolved` or `completed`"),
        ("en", "Recovered", "`resolved`"),
        ("en", "Mitigated", "`monitoring` or `resolved`"),
        ("en", "Solved", "`resolved`"),
        ("en", "Restored", "`resolved`"),
        ("en", "Watching", "`monitoring`"),
        ("en", "Resloved", "`resolved`"),
        ("en", "Fully restored", "`resolved`"),
        ("de", "Repariert", "`Behoben`"),
        ("de", "Fixed", "`Behoben`"),
        ("de", "Gelost", "`Behoben`"),
        ("es", "Solucion", "`Resuelto`"),
        ("fr", "Réparée", "`Résolu`"),
        ("fr", "Resolu", "`Résolu`"),
        ("tr", "COZULDU", "`Çözüldü`"),
        ("ru", "Починили", "`Устранено`"),
        ("ar", "أصلحت", "`تم الحل`"),
        ("ja", "復旧しました", "`解決済み`"),
        ("zh", "已修复", "`已解决`"),
    ] {
        let text = format!("{word} · {times}");
        let found = hint(tag, &text, &Standing::Section).unwrap_or_default();
        let expected = format!("did you mean {meant}? Write `## ");
        assert!(found.starts_with(&expected), "{tag} {word}: {found}");
        assert!(found.contains(times), "{tag} {word}: {found}");
    }
}

#[test]
fn every_language_answers_for_every_state() {
    for tag in Language::supported() {
        let words = if tag == "ar" {
            "رقصة البطة"
        } else {
            "Zzzzz"
        };
        let text = format!("{words} · 2022-12-28 22:10");
        let found = hint(tag, &text, &Standing::Section).unwrap_or_default();
        assert!(
            found.starts_with("the status words are `"),
            "{tag}: {found}"
        );
        assert_eq!(
            found.matches('`').count(),
            2 * State::ALL.len() + 2,
            "{tag}"
        );
    }
}

#[test]
fn spellings_of_the_whole_heading() {
    let right = "write `## Resolved · 2022-12-28 22:10`";
    for text in [
        "Resolved: 2022-12-28 22:10",
        "Resolved, 2022-12-28 22:10",
        "Resolved (2022-12-28 22:10)",
        "Resolved / 2022-12-28 22:10",
        "Resolved 28.12.2022 22:10",
        "Resolved • 2022/12/28 22:10",
        "**Resolved** · 2022-12-28 22:10",
        "Resolved · `2022-12-28 22:10`",
        "✅ Resolved · 2022-12-28 22:10",
        "[Resolved] 2022-12-28T22:10",
        "Resolved&nbsp;&middot; 2022-12-28 22:10",
        "2022-12-28 22:10 · Resolved",
        "2022-12-28 22:10: Resolved",
        "[2022-12-28 22:10] Resolved",
        "２０２２－１２－２８　２２：１０・Resolved",
        "Resolved #2 · 2022-12-28 22:10",
    ] {
        assert_eq!(
            hint("en", text, &heading(3)).as_deref(),
            Some(right),
            "{text}"
        );
    }
    let text = "Resolved: 2022-12-28 22:10 {web=operational}";
    let right = "write `## Resolved · 2022-12-28 22:10 {web=operational}`";
    assert_eq!(hint("en", text, &heading(1)).as_deref(), Some(right));
    for text in [
        "Resolved at 10pm",
        "Update Jun 24, 8AM",
        "Resolved on Dec 28th, 2022",
    ] {
        let found = hint("en", text, &Standing::Section).unwrap_or_default();
        assert!(found.starts_with("write `## "), "{text}: {found}");
        let is_whole = text.contains("8AM");
        assert_eq!(hint("en", text, &heading(4)).is_some(), is_whole, "{text}");
    }
    for text in [
        "Monitoring - yesterday 22:10",
        "Resolved at 10pm, 2022-12-28",
    ] {
        assert!(hint("en", text, &heading(4)).is_some(), "{text}");
    }
}

#[test]
fn a_typo_with_half_a_time_is_meant_where_updates_stand() {
    let text = "Resloved · 22:10";
    assert!(hint("en", text, &Standing::Section).is_some());
    assert_eq!(hint("en", text, &heading(3)), None);
}

#[test]
fn words_that_mean_nothing_need_a_separator_and_a_whole_time() {
    let is_told = |text: &str, standing: &Standing| hint("en", text, standing).is_some();
    for standing in [Standing::Section, heading(3), emphasis(true, 1)] {
        assert!(is_told("Rolled back · 2022-12-28 22:10", &standing));
        for text in [
            "Rolled back · 22:10",
            "Rolled back 2022-12-28 22:10",
            "Next look: 2022-12-28 22:10",
            "Timeline - May 29, 2021",
            "What we changed on the way to this day · 2022-12-28 22:10",
            "2022-12-28 22:10 · Rolled back",
        ] {
            assert!(!is_told(text, &standing), "{text}");
        }
    }
    assert!(!is_told("Start · 2022-12-28 22:10", &emphasis(false, 1)));
}

#[test]
fn prose_is_left_alone() {
    for text in [
        "Root cause",
        "Resolved",
        "What happened on 28 December",
        "Monitoring 24/7",
        "Monitoring - 3 of 5 servers",
        "Update 17:30 Central Time: System is available",
        "Update: the outage was moved to October 20, 2022",
        "Plugins that were upgraded at 16:37 Denver time",
        "Outage 19:45 – 22:10",
        "Monitoring 19:45 – 22:10",
        "Outage on May 7 - 9 2024",
        "2021-06-08 07:37:00",
        "28 December 2022",
        "22:10 - Resolved",
        "10,110 reports in 15 min",
    ] {
        for standing in [heading(3), emphasis(true, 1)] {
            assert_eq!(hint("en", text, &standing), None, "{text}");
        }
    }
    for text in [
        "**Update:** back by 22:10",
        "**Update:** fixed 22:10",
        "**Resolved:** rolled back at 2022-12-28 22:10",
    ] {
        assert_eq!(hint("en", text, &emphasis(false, 1)), None, "{text}");
    }
    for text in [
        "**Resolved** at 2022-12-28 22:10",
        "**Resolved** - 22:10 UTC",
    ] {
        assert!(hint("en", text, &emphasis(false, 1)).is_some(), "{text}");
    }
    let label = "**Resolved:** 2022-12-28 22:10";
    assert!(hint("en", label, &emphasis(false, 1)).is_some());
    assert_eq!(hint("en", label, &emphasis(false, 3)), None);
    assert_eq!(hint("en", label, &Standing::Content), None);
}

#[test]
fn a_word_of_another_language_of_the_site_is_answered_in_that_of_the_file() {
    let tags = ["de", "ar"].map(Language::parse);
    let languages: Vec<Language> = tags.into_iter().flatten().collect();
    let locales: Vec<Locale> = languages.iter().map(Locale::new).collect();
    let names = Names {
        components: &Directory::new(&[]),
        regions: &Directory::new(&[]),
        signals: &Directory::new(&[]),
        languages: &languages,
        locales: &locales,
        zone: chrono_tz::UTC,
    };
    let arabic = LanguageIndex(1);
    let found = Lookalike::read("Behoben · 2022-12-28 22:10", arabic, &names);
    let hint = found.map(|found| found.hint(arabic, &names));
    let expected = "write `## تم الحل · 2022-12-28 22:10`";
    assert_eq!(hint.as_deref(), Some(expected));
}

#[test]
fn a_word_that_is_read_is_told_from_one_that_is_not() {
    let meaning = |tag, text| read(tag, text, |found, _| found.map(|found| found.meaning));
    assert_eq!(
        meaning("de", "Behoben: 22:10"),
        Some(Meaning::Word(State::Resolved))
    );
    assert_eq!(
        meaning("de", "Erledigt: 22:10"),
        Some(Meaning::Synonym(vec![State::Resolved, State::Completed]))
    );
}

#[test]
fn braces_may_stand_before_the_time() {
    for (text, heading) in [
        (
            "Monitoring {next=30m} · 2022-12-28 22:10",
            "## Monitoring · 2022-12-28 22:10 {next=30m}",
        ),
        (
            "{web=operational} Resolved · 2022-12-28 22:10",
            "## Resolved · 2022-12-28 22:10 {web=operational}",
        ),
    ] {
        let expected = Some(format!("write `{heading}`"));
        assert_eq!(hint("en", text, &Standing::Section), expected, "{text}");
    }
}

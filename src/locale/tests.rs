#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use chrono::{NaiveDate, TimeDelta, TimeZone};

use super::*;

mod plurals;
mod sentences;

fn locale(tag: &str) -> Locale {
    Locale::new(&Language::parse(tag).unwrap())
}

/// Half past eight in the evening of 28 December 2022 in a zone.
fn evening(zone: Tz) -> DateTime<Tz> {
    zone.with_ymd_and_hms(2022, 12, 28, 20, 30, 0).unwrap()
}

/// A text in which the characters that no editor shows stand by their names.
fn visible(text: &str) -> String {
    text.replace('\u{a0}', "<NBSP>")
        .replace('\u{202f}', "<NNBSP>")
        .replace('\u{200e}', "<LRM>")
        .replace('\u{200f}', "<RLM>")
        .replace('\u{61c}', "<ALM>")
        .replace('\u{2011}', "<NBHYPHEN>")
        .replace('\u{2068}', "<FSI>")
        .replace('\u{2069}', "<PDI>")
}

#[test]
fn a_locale_is_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Locale>();
}

#[test]
fn no_language_lacks_anything() {
    for tag in Language::supported() {
        assert_eq!(locale(tag).missing(), [], "{tag}");
    }
}

/// What would show through in a page that must not say it.
#[test]
fn the_words_of_an_all_clear_are_in_no_other_message() {
    for tag in messages::translated() {
        let locale = locale(tag);
        let clear = locale.text("headline-all_clear", &[]).to_lowercase();
        for (key, message) in locale.messages.iter() {
            let texts = format!("{message:?}").to_lowercase();
            assert!(
                key == "headline-all_clear" || !texts.contains(&clear),
                "{tag} {key}"
            );
        }
    }
}

#[test]
fn a_message_that_is_missing_is_said_in_english() {
    let mut german = locale("de");
    german.messages.remove("incidents-count");
    assert_eq!(german.missing().len(), 1);
    assert_eq!(
        german.count("incidents-count", 1234, &[]),
        "1.234 incidents"
    );
}

#[test]
fn a_missing_form_is_named() {
    let mut russian = locale("ru");
    russian
        .messages
        .override_with("days-count = { one = \"{n} день\", other = \"{n} дня\" }");
    let missing: Vec<String> = russian
        .missing()
        .iter()
        .filter(|missing| missing.key == "days-count")
        .map(MissingMessage::to_string)
        .collect();
    assert_eq!(missing, ["`days-count.few`", "`days-count.many`"]);
}

#[test]
fn dates_and_times_in_every_language() {
    let at = evening(chrono_tz::America::New_York);
    let day = at.date_naive();
    let written = |tag: &'static str| {
        let locale = locale(tag);
        let all = [
            locale.date(at),
            locale.day(day),
            locale.day_month(day),
            locale.month(2022, 12),
            locale.month_name(12),
            locale.year(2022),
            locale.time(at),
        ];
        (tag, visible(&all.join(" | ")))
    };
    let all: Vec<_> = Language::supported()
        .chain(["ar-EG", "en-GB"])
        .map(written)
        .collect();
    let expected = [
        (
            "ar",
            "28 ديسمبر 2022 | الأربعاء، 28 ديسمبر 2022 | 28 ديسمبر | ديسمبر 2022 | ديسمبر | 2022 | 8:30 م EST",
        ),
        (
            "de",
            "28. Dez. 2022 | Mi., 28. Dez. 2022 | 28. Dez. | Dezember 2022 | Dezember | 2022 | 20:30 EST",
        ),
        (
            "en",
            "Dec 28, 2022 | Wed, Dec 28, 2022 | Dec 28 | December 2022 | December | 2022 | 8:30 PM EST",
        ),
        (
            "es",
            "28 dic 2022 | mié, 28 dic 2022 | 28 dic | diciembre de 2022 | diciembre | 2022 | 20:30 EST",
        ),
        (
            "fa",
            "۲۸ دسامبر ۲۰۲۲ | چهارشنبه ۲۸ دسامبر ۲۰۲۲ | ۲۸ دسامبر | دسامبر ۲۰۲۲ | دسامبر | ۲۰۲۲ | ۲۰:۳۰ EST",
        ),
        (
            "fr",
            "28 déc. 2022 | mer. 28 déc. 2022 | 28 déc. | décembre 2022 | décembre | 2022 | 20:30 EST",
        ),
        (
            "he",
            "28 בדצמ׳ 2022 | יום ד׳, 28 בדצמ׳ 2022 | 28 בדצמ׳ | דצמבר 2022 | דצמבר | 2022 | 20:30 EST",
        ),
        (
            "hi",
            "28 दिस॰ 2022 | बुध, 28 दिस॰ 2022 | 28 दिस॰ | दिसंबर 2022 | दिसंबर | 2022 | 8:30 pm EST",
        ),
        (
            "id",
            "28 Des 2022 | Rab, 28 Des 2022 | 28 Des | Desember 2022 | Desember | 2022 | 20.30 EST",
        ),
        (
            "it",
            "28 dic 2022 | mer 28 dic 2022 | 28 dic | dicembre 2022 | dicembre | 2022 | 20:30 EST",
        ),
        (
            "ja",
            "2022年12月28日 | 2022年12月28日水曜日 | 12月28日 | 2022年12月 | 12月 | 2022年 | 20:30 EST",
        ),
        (
            "ko",
            "2022년 12월 28일 | 2022년 12월 28일 수요일 | 12월 28일 | 2022년 12월 | 12월 | 2022년 | 오후 8:30 EST",
        ),
        (
            "nl",
            "28 dec 2022 | wo 28 dec 2022 | 28 dec | december 2022 | december | 2022 | 20:30 EST",
        ),
        (
            "pl",
            "28 gru 2022 | śr., 28 gru 2022 | 28 gru | grudzień 2022 | grudzień | 2022 | 20:30 EST",
        ),
        (
            "pt-BR",
            "28 de dez. de 2022 | qua., 28 de dez. de 2022 | 28 de dez. | dezembro de 2022 | dezembro | 2022 | 20:30 EST",
        ),
        (
            "ru",
            "28 дек. 2022 г. | ср, 28 дек. 2022 г. | 28 дек. | декабрь 2022 г. | декабрь | 2022 | 20:30 EST",
        ),
        (
            "tr",
            "28 Ara 2022 | 28 Ara 2022 Çar | 28 Ara | Aralık 2022 | Aralık | 2022 | 20:30 EST",
        ),
        (
            "uk",
            "28 груд. 2022 р. | ср, 28 груд. 2022 р. | 28 груд. | грудень 2022 р. | грудень | 2022 | 20:30 EST",
        ),
        (
            "zh",
            "2022年12月28日 | 2022年12月28日周三 | 12月28日 | 2022年12月 | 十二月 | 2022年 | 20:30 EST",
        ),
        (
            "zh-Hant",
            "2022年12月28日 | 2022年12月28日週三 | 12月28日 | 2022年12月 | 12月 | 2022年 | 晚上8:30 EST",
        ),
        (
            "ar-EG",
            "٢٨ ديسمبر ٢٠٢٢ | الأربعاء، ٢٨ ديسمبر ٢٠٢٢ | ٢٨ ديسمبر | ديسمبر ٢٠٢٢ | ديسمبر | ٢٠٢٢ | ٨:٣٠ م EST",
        ),
        (
            "en-GB",
            "28 Dec 2022 | Wed, 28 Dec 2022 | 28 Dec | December 2022 | December | 2022 | 20:30 EST",
        ),
    ];
    assert_eq!(all, expected.map(|(tag, text)| (tag, text.to_owned())));
}

#[test]
fn numbers_percentages_and_lists_in_every_language() {
    let written = |tag: &'static str| {
        let locale = locale(tag);
        let all = [
            locale.number(1_234_567),
            locale.percent(0.9921, 2),
            locale.list(&["Web", "iOS app", "Log-in"]),
        ];
        (tag, visible(&all.join(" | ")))
    };
    let more = ["ar-EG", "en-GB", "de-CH", "es-MX"];
    let all: Vec<_> = Language::supported().chain(more).map(written).collect();
    let expected = [
        (
            "ar",
            "1,234,567 | 99.21<LRM>%<LRM> | <FSI>Web<PDI> و<FSI>iOS app<PDI> و<FSI>Log-in<PDI>",
        ),
        ("de", "1.234.567 | 99,21<NBSP>% | Web, iOS app und Log-in"),
        ("en", "1,234,567 | 99.21% | Web, iOS app, and Log-in"),
        ("es", "1.234.567 | 99,21<NBSP>% | Web, iOS app y Log-in"),
        (
            "fa",
            "۱٬۲۳۴٬۵۶۷ | ۹۹٫۲۱٪ | <FSI>Web<PDI>،<RLM> <FSI>iOS app<PDI>، و <FSI>Log-in<PDI>",
        ),
        (
            "fr",
            "1<NNBSP>234<NNBSP>567 | 99,21<NBSP>% | Web, iOS app et Log-in",
        ),
        (
            "he",
            "1,234,567 | 99.21% | <FSI>Web<PDI>, <FSI>iOS app<PDI> ו<NBHYPHEN><FSI>Log-in<PDI>",
        ),
        ("hi", "12,34,567 | 99.21% | Web, iOS app और Log-in"),
        ("id", "1.234.567 | 99,21% | Web, iOS app, dan Log-in"),
        ("it", "1.234.567 | 99,21% | Web, iOS app e Log-in"),
        ("ja", "1,234,567 | 99.21% | Web、iOS app、Log-in"),
        ("ko", "1,234,567 | 99.21% | Web, iOS app 및 Log-in"),
        ("nl", "1.234.567 | 99,21% | Web, iOS app en Log-in"),
        ("pl", "1<NBSP>234<NBSP>567 | 99,21% | Web, iOS app i Log-in"),
        ("pt-BR", "1.234.567 | 99,21% | Web, iOS app e Log-in"),
        (
            "ru",
            "1<NBSP>234<NBSP>567 | 99,21<NBSP>% | Web, iOS app и Log-in",
        ),
        ("tr", "1.234.567 | %99,21 | Web, iOS app ve Log-in"),
        ("uk", "1<NBSP>234<NBSP>567 | 99,21% | Web, iOS app і Log-in"),
        ("zh", "1,234,567 | 99.21% | Web、iOS app 和 Log-in"),
        ("zh-Hant", "1,234,567 | 99.21% | Web、iOS app 和 Log-in"),
        (
            "ar-EG",
            "١٬٢٣٤٬٥٦٧ | ٩٩٫٢١٪<ALM> | <FSI>Web<PDI> و<FSI>iOS app<PDI> و<FSI>Log-in<PDI>",
        ),
        ("en-GB", "1,234,567 | 99.21% | Web, iOS app and Log-in"),
        ("de-CH", "1'234'567 | 99.21% | Web, iOS app und Log-in"),
        ("es-MX", "1,234,567 | 99.21% | Web, iOS app y Log-in"),
    ];
    assert_eq!(all, expected.map(|(tag, text)| (tag, text.to_owned())));
}

#[test]
fn every_month_can_be_written_in_every_language() {
    for tag in Language::supported() {
        let locale = locale(tag);
        for month in 1..=12 {
            let date = NaiveDate::from_ymd_opt(1970, month, 1).unwrap();
            let all = [
                locale.full_day(date),
                locale.month(2070, month),
                locale.month_name(month),
            ];
            assert!(all.iter().all(|text| text.chars().count() > 1), "{all:?}");
        }
    }
}

#[test]
fn what_no_calendar_has_is_written_as_it_is() {
    let english = locale("en");
    assert_eq!(english.month(2022, 13), "2022-13");
    assert_eq!(english.month_name(0), "0");
    assert_eq!(english.full_day(NaiveDate::MAX), "+262142-12-31");
}

#[test]
fn a_zone_is_named_by_its_abbreviation_or_its_offset() {
    let english = locale("en");
    let written: Vec<String> = [
        chrono_tz::UTC,
        chrono_tz::Europe::Berlin,
        chrono_tz::Asia::Kolkata,
        chrono_tz::Asia::Riyadh,
        chrono_tz::Asia::Kathmandu,
        chrono_tz::America::Sao_Paulo,
        chrono_tz::America::St_Johns,
        chrono_tz::Antarctica::Troll,
    ]
    .into_iter()
    .map(|zone| english.time(evening(zone)))
    .collect();
    assert_eq!(
        written,
        [
            "8:30 PM UTC",
            "8:30 PM CET",
            "8:30 PM IST",
            "8:30 PM UTC+3",
            "8:30 PM UTC+5:45",
            "8:30 PM UTC-3",
            "8:30 PM NST",
            "8:30 PM UTC",
        ]
    );
    assert_eq!(
        english.date_time(evening(chrono_tz::Europe::Berlin)),
        "Dec 28, 2022, 8:30 PM CET"
    );
}

#[test]
fn a_percentage_is_rounded_down() {
    let english = locale("en");
    for (ratio, digits, text) in [
        (1.0, 2, "100%"),
        (1.5, 2, "100%"),
        (0.999_999_9, 2, "99.99%"),
        (0.999_999_999_999, 2, "99.99%"),
        (0.999_999_999_999, 0, "99%"),
        (0.9991, 2, "99.91%"),
        (0.999, 2, "99.9%"),
        (0.29, 0, "29%"),
        (0.57, 1, "57%"),
        (0.3, 2, "30%"),
        (0.1, 9, "10%"),
        (0.000_01, 2, "0%"),
        (0.0, 2, "0%"),
        (-0.5, 2, "0%"),
        (f64::NAN, 2, "0%"),
        (2.0 / 3.0, 200, "66.666666666%"),
    ] {
        assert_eq!(english.percent(ratio, digits), text, "{ratio}");
    }
}

#[test]
fn a_duration_is_in_its_two_largest_units() {
    let (english, arabic, german) = (locale("en"), locale("ar"), locale("de"));
    for (seconds, in_english, in_arabic) in [
        (-90, "under 1 min", "أقل من دقيقة"),
        (0, "under 1 min", "أقل من دقيقة"),
        (59, "under 1 min", "أقل من دقيقة"),
        (60, "1 min", "دقيقة واحدة"),
        (2 * 3600 - 1, "1 h 59 min", "ساعة واحدة و59 دقيقة"),
        (2 * 3600, "2 h", "ساعتان"),
        (2 * 3600 + 10 * 60, "2 h 10 min", "ساعتان و10 دقائق"),
        (24 * 3600 + 59 * 60, "1 d", "يوم واحد"),
        (
            3 * 86_400 + 4 * 3600 + 59 * 60,
            "3 d 4 h",
            "3 أيام و4 ساعات",
        ),
        (
            1234 * 86_400 + 11 * 3600,
            "1,234 d 11 h",
            "1,234 يومًا و11 ساعة",
        ),
    ] {
        let length = TimeDelta::seconds(seconds);
        assert_eq!(english.duration(length), in_english);
        assert_eq!(arabic.duration(length), in_arabic);
    }
    assert_eq!(german.duration(TimeDelta::minutes(130)), "2 Std. 10 Min.");
}

#[test]
fn a_theme_replaces_single_messages() {
    let (english, faults) = locale("en").with_overrides(
        "headline-all_clear = \"All good\"\nwords-resolved = [\"Fixed\"]\nheadline-all-clear = \"All good\"\n",
    );
    assert_eq!(english.text("headline-all_clear", &[]), "All good");
    assert_eq!(english.text("headline-major_outage", &[]), "Major outage");
    assert_eq!(english.update_state("Fixed"), Some("resolved"));
    assert_eq!(english.update_state("Resolved"), Some("resolved"));
    let faults: Vec<String> = faults.iter().map(MessageFault::to_string).collect();
    assert_eq!(faults, ["there is no message `headline-all-clear`"]);
}

#[test]
fn an_unknown_message_shows() {
    let english = locale("en");
    assert_eq!(english.text("no-such", &[("a", "b")]), "[no-such]");
    assert_eq!(english.count("no-such", 2, &[]), "[no-such]");
    assert_eq!(english.text("words-resolved", &[]), "[words-resolved]");
}

#[test]
fn a_name_of_the_other_direction_is_isolated() {
    let (english, arabic) = (locale("en"), locale("ar"));
    assert_eq!(english.isolate("Web"), "Web");
    assert_eq!(english.isolate("الويب"), "\u{2068}الويب\u{2069}");
    assert_eq!(arabic.isolate("الويب"), "الويب");
    assert_eq!(arabic.isolate("C++"), "\u{2068}C++\u{2069}");
    assert_eq!(arabic.isolate("42"), "42");
}

#[test]
fn headings_are_understood() {
    let (english, arabic) = (locale("en"), locale("ar"));
    for (words, state) in [
        ("Investigating", Some("investigating")),
        (" in\u{a0}PROGRESS ", Some("in_progress")),
        ("in_progress", Some("in_progress")),
        ("Post-mortem", Some("postmortem")),
        ("canceled", Some("cancelled")),
        ("Root cause", None),
        ("", None),
    ] {
        assert_eq!(english.update_state(words), state, "{words}");
        assert_eq!(arabic.update_state(words), state, "{words}");
    }
    for (words, state) in [
        ("قيد التحقيق", "investigating"),
        ("تحقيق", "investigating"),
        ("التحقيق", "investigating"),
        ("تم تحديد السبب", "identified"),
        ("مـراقـبـة", "monitoring"),
        ("المراقبة", "monitoring"),
        ("تمّ الحلّ", "resolved"),
        ("حُلَّت المشكلة", "resolved"),
        ("تحليل ما بعد الحادث", "postmortem"),
        ("تحديث", "update"),
        ("مجدولة", "scheduled"),
        ("جارية", "in_progress"),
        ("قيد التحقق", "verifying"),
        ("اكتملت", "completed"),
        ("الغيت", "cancelled"),
    ] {
        assert_eq!(arabic.update_state(words), Some(state), "{words}");
        assert_eq!(english.update_state(words), None, "{words}");
    }
}

#[test]
fn every_status_and_state_has_its_messages() {
    let english = locale("en");
    let statuses = [
        "under_maintenance",
        "unknown",
        "suspected",
        "degraded_performance",
        "partial_outage",
        "major_outage",
    ];
    for status in statuses {
        assert!(
            !english
                .text(&format!("status-{status}"), &[])
                .starts_with('['),
            "{status}"
        );
        assert!(
            !english.affected(status, "Web").starts_with('['),
            "{status}"
        );
    }
    for state in word::states() {
        let text = english.text(&format!("state-{state}"), &[]);
        assert_eq!(english.update_state(&text), Some(state));
    }
}

/// A language by its messages alone, of which CLDR knows the dates and the plural forms.
#[test]
fn another_language_has_what_cldr_says_of_it() {
    let swedish = Language::parse("sv").unwrap();
    let table =
        "page-history = \"Historik\"\nstate-resolved = \"Löst\"\nwords-resolved = [\"Åtgärdat\"]\n";
    let locale = Locale::with_tables(&swedish, |tag| (tag == "sv").then_some(table));
    let at = evening(chrono_tz::Europe::Stockholm);
    assert_eq!(locale.date_time(at), "28 dec. 2022, 20:30 CET");
    assert_eq!(visible(&locale.percent(0.9921, 2)), "99,21<NBSP>%");
    assert_eq!(locale.text("page-history", &[]), "Historik");
    assert_eq!(locale.text("page-about", &[]), "How this page works");
    assert_eq!(locale.count("days-count", 1, &[]), "1 day");
    assert_eq!(locale.own_name(), "Svenska");
    for words in ["Löst", "lost", "Åtgärdat", "Resolved"] {
        let is_read = words != "lost";
        assert_eq!(locale.update_state(words).is_some(), is_read, "{words}");
    }
    let missing: Vec<&str> = locale.missing().iter().map(|it| it.key).collect();
    assert!(missing.contains(&"page-about"));
    assert!(
        !missing
            .iter()
            .any(|key| key.starts_with("words-") || key.starts_with("synonyms-"))
    );
    assert!(!missing.contains(&"page-history") && !missing.contains(&"calendar-months"));
}

/// Navajo: CLDR has no names of months for it.
#[test]
fn dates_that_cldr_does_not_know_are_in_the_messages() {
    let language = Language::parse("nv").unwrap();
    let at = evening(chrono_tz::UTC);
    let without = Locale::new(&language);
    assert_eq!(without.date(at), "Dec 28, 2022");
    let missing: Vec<&str> = without.missing().iter().map(|it| it.key).collect();
    assert!(missing.contains(&"calendar-months") && missing.contains(&"language-name"));
    let months: Vec<String> = (1..=12).map(|month| format!("\"Month {month}\"")).collect();
    let table = format!(
        "language-name = \"Diné\"\ncalendar-months = [{0}]\ncalendar-months-short = [{0}]\ncalendar-date = \"{{day}} {{month}} {{year}}\"\n\
         calendar-weekdays = [\"Mo\", \"Tu\"]\n",
        months.join(", ")
    );
    let (locale, faults) = Locale::new(&language).with_overrides(&table);
    let faults: Vec<String> = faults.iter().map(MessageFault::to_string).collect();
    assert_eq!(
        faults,
        ["the message `calendar-weekdays` must be a list of seven names"]
    );
    assert_eq!(locale.date(at), "28 Month 12 2022");
    assert_eq!(locale.day(at.date_naive()), "Wed, 28 Month 12 2022");
    assert_eq!(locale.month(2022, 12), "Month 12 2022");
    assert_eq!(locale.month_name(13), "13");
    assert_eq!(locale.own_name(), "Diné");
    assert_eq!(locale.time(at), "20:30 UTC");
}

#[test]
fn a_table_to_start_from_has_every_message_and_uses_none() {
    for tag in ["sv", "cy", "pt-PT", "zh-Hant-HK"] {
        let language = Language::parse(tag).unwrap();
        let start = table_to_start(&language);
        let (_, faults) = Locale::new(&language).with_overrides(&start);
        assert_eq!(faults, [], "{tag}");
        let used = start
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        assert_eq!(used.count(), 0, "{tag}");
        // Without the marks it is a whole table, in the plural forms of the language.
        let in_use: Vec<&str> = start
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(message) if !message.starts_with(' ') || message.starts_with("  ") => message,
                _ => line,
            })
            .collect();
        let (locale, faults) = Locale::new(&language).with_overrides(&in_use.join("\n"));
        assert_eq!(faults, [], "{tag}");
        assert_eq!(locale.missing(), [], "{tag}");
    }
}

/// Chinese has a blank between its own script and another.
#[test]
fn a_list_in_chinese_has_blanks_where_the_script_changes() {
    for tag in ["zh", "zh-Hant"] {
        let locale = locale(tag);
        assert_eq!(locale.list(&["Web", "API"]), "Web 和 API");
        assert_eq!(locale.list(&["支付", "API"]), "支付和 API");
        assert_eq!(locale.list(&["API", "支付"]), "API 和支付");
        assert_eq!(locale.list(&["支付", "登录", "网站"]), "支付、登录和网站");
        assert_eq!(locale.list(&["支付API", "API支付"]), "支付API 和 API支付");
    }
    assert_eq!(locale("ja").list(&["Web", "API"]), "Web、API");
}

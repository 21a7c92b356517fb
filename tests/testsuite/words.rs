//! The words of the page: dates that can be read on any day, one scale of words, and names that nobody has to count.

use std::collections::BTreeSet;

use scraper::{Html, Selector};

use crate::site_test::{NOW, SiteTest};

/// The languages of the program.
const LANGUAGES: [&str; 20] = [
    "en", "ar", "de", "es", "fa", "fr", "he", "hi", "id", "it", "ja", "ko", "nl", "pl", "pt-BR",
    "ru", "tr", "uk", "zh", "zh-Hant",
];

/// A site whose page says something by itself in each of the ways that there are: evidence that runs out, a promise, a
/// window that opens and one that closes, and a rhythm of builds.
fn foretelling() -> SiteTest {
    let config = SiteTest::new().read("allclear.toml");
    let languages = LANGUAGES.map(|tag| format!("\"{tag}\"")).join(", ");
    let config = config.replace("[\"en\", \"ar\"]", &format!("[{languages}]"));
    let states: String = ["web", "api", "login"]
        .map(|id| format!("{{\"component\":\"{id}\",\"status\":\"operational\",\"from\":\"2022-12-20T00:00:00Z\",\"to\":\"2022-12-29T01:25:00Z\",\"source\":\"x\"}}\n"))
        .concat();
    SiteTest::empty()
        .file("allclear.toml", config + "\n[build]\nexpected_every = \"1h\"\n")
        .file("evidence/states.jsonl", states)
        .file(
            "incidents/slow.md",
            "---\ntitle: Slow\ncomponents: {web: degraded_performance}\n---\n\n## Investigating · 2022-12-28 20:10 {next=40m}\n\nx\n",
        )
        .file(
            "incidents/work.md",
            "---\ntitle: Work\nkind: maintenance\ncomponents: [api]\nstarts: 2022-12-28 20:00\nends: 2022-12-28 21:00\n---\n\n## Scheduled · 2022-12-28 12:00\n\nx\n",
        )
}

/// The text of a fragment of HTML, each run of white space as one blank.
fn text_of(html: &str) -> String {
    let text: String = Html::parse_fragment(html).root_element().text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a page says by itself at some later instant: the texts of its templates.
fn later_texts(html: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    let templates = Selector::parse("template[data-html]").unwrap();
    let later = page
        .select(&templates)
        .filter_map(|it| it.value().attr("data-html"));
    later.map(text_of).collect()
}

#[test]
fn what_is_read_on_an_unknown_day_has_its_date() {
    for theme in ["default", "plain"] {
        let site = foretelling();
        let config = site.read("allclear.toml");
        site.write("allclear.toml", format!("theme = \"{theme}\"\n{config}"));
        site.build();
        for (language, year) in [
            ("", "2022"),
            ("ru/", "2022"),
            ("ja/", "2022"),
            ("fa/", "۲۰۲۲"),
        ] {
            let html = site.read(&format!("public/{language}index.html"));
            let later = later_texts(&html);
            // Those with a time in them: statuses of single components have none.
            let digits = |text: &&String| text.chars().any(char::is_numeric);
            let timed: BTreeSet<&String> = later.iter().filter(digits).collect();
            assert!(timed.len() >= 3, "{theme} {language}: {later:#?}");
            for text in timed {
                assert!(text.contains(year), "{theme} {language}: {text}");
            }
        }
        // The promise that stands on the page is read later as well.
        let index = text_of(&site.read("public/index.html"));
        assert!(
            index.contains("Next update by Dec 28, 2022, 8:50 PM EST"),
            "{index}"
        );
        // So do the facts of what is open: an old copy of the page is read as well.
        for dated in [
            "Since Dec 28, 2022, 8:10 PM EST",
            "Investigating Dec 28, 2022, 8:10 PM EST",
        ] {
            assert!(index.contains(dated), "{theme}: {index}");
        }
    }
}

#[test]
fn an_all_clear_says_the_day_up_to_which_it_holds() {
    for theme in ["default", "plain"] {
        let site = foretelling();
        let config = site.read("allclear.toml");
        site.write("allclear.toml", format!("theme = \"{theme}\"\n{config}"));
        std::fs::remove_dir_all(site.path("incidents")).unwrap();
        site.build();
        let until = "Confirmed until Dec 28, 2022, 9:25 PM EST";
        for page in ["index.html", "components/web/index.html"] {
            let text = text_of(&site.read(&format!("public/{page}")));
            assert!(text.contains(until), "{theme} {page}: {text}");
        }
        let description = site.read("public/index.html");
        let description = description
            .split("name=\"description\" content=\"")
            .nth(1)
            .unwrap();
        assert!(
            description.starts_with("All systems operational. As of Dec 28, 2022, 8:30 PM EST."),
            "{theme}"
        );
    }
}

#[test]
fn a_day_has_its_year_unless_its_heading_has() {
    let site = foretelling();
    site.build();
    for page in site.outputs().iter().filter(|page| page.ends_with(".html")) {
        let in_english = !LANGUAGES[1..]
            .iter()
            .any(|tag| page.starts_with(&format!("{tag}/")));
        if !in_english || page.starts_with("history/") {
            continue;
        }
        let text = text_of(&site.read(&format!("public/{page}")));
        for (at, _) in text.match_indices("Dec ") {
            let date: String = text[at..].chars().take(12).collect();
            let number: String = date
                .chars()
                .skip(4)
                .take_while(char::is_ascii_digit)
                .collect();
            if number.is_empty() {
                // The name of a month below bars.
                continue;
            }
            assert!(
                date.starts_with(&format!("Dec {number}, 2022")),
                "{page}: {date}"
            );
        }
    }
}

#[test]
fn no_sentence_ends_twice() {
    let site = foretelling();
    site.build();
    let mut pages = 0;
    for page in site.outputs().iter().filter(|page| page.ends_with(".html")) {
        let html = site.read(&format!("public/{page}"));
        // The script and the program's own dots apart.
        let text = later_texts(&html).join("\n") + &text_of(&html);
        for twice in ["..", "。。", "।।", "۔۔", ".。", ".।"] {
            assert!(!text.replace("...", "").contains(twice), "{page}: {twice}");
        }
        pages += 1;
    }
    assert!(pages > 100);
}

/// A site with many components, of which evidence shows `down` in a partial outage.
fn many(components: usize, groups: &[&str], down: usize) -> SiteTest {
    let mut config = "title = \"T\"\nbase_url = \"https://status.example.com/\"\n".to_owned();
    for group in groups {
        config += &format!(
            "\n[[groups]]\nid = \"{}\"\nname = \"{group}\"\n",
            group.to_lowercase()
        );
    }
    for at in 0..components {
        config += &format!("\n[[components]]\nid = \"c{at}\"\nname = \"Service {at}\"\n");
        if !groups.is_empty() {
            let group = groups[at * groups.len() / components].to_lowercase();
            config += &format!("group = \"{group}\"\n");
        }
    }
    let affected: String = (0..down)
        .map(|at| format!("  c{at}: partial_outage\n"))
        .collect();
    SiteTest::empty().file("allclear.toml", config).file(
        "incidents/2022-12-29-down.md",
        format!("---\ntitle: Much is down\ncomponents:\n{affected}---\n\n## Investigating · 2022-12-29 01:00\n\nx\n"),
    )
}

/// The sentence below the headline.
fn detail(site: &SiteTest) -> String {
    site.build();
    let page = Html::parse_document(&site.read("public/index.html"));
    let detail = Selector::parse(".headline .detail").unwrap();
    page.select(&detail).next().unwrap().text().collect()
}

#[test]
fn a_headline_names_four_and_counts_the_others() {
    assert_eq!(
        detail(&many(9, &[], 4)),
        "Partly down: Service 0, Service 1, Service 2, and Service 3."
    );
    assert_eq!(
        detail(&many(9, &[], 5)),
        "Partly down: Service 0, Service 1, Service 2, Service 3, and 1 other."
    );
    // Up to eight are named even where there are groups, above that the groups are counted.
    assert_eq!(
        detail(&many(30, &["Clients", "Data"], 8)),
        "Partly down: Service 0, Service 1, Service 2, Service 3, and 4 others."
    );
    assert_eq!(
        detail(&many(60, &["Clients", "Data", "Mail"], 49)),
        "Partly down: Clients (20), Data (20), and Mail (9)."
    );
    assert_eq!(
        detail(&many(60, &["A", "B", "C", "D", "E", "F"], 55)),
        "Partly down: A (10), B (10), and 35 others."
    );
    assert_eq!(
        detail(&many(60, &[], 49)),
        "Partly down: Service 0, Service 1, Service 2, Service 3, and 45 others."
    );
}

#[test]
fn lists_name_four_too() {
    let site = many(60, &[], 49);
    site.build();
    let page = Html::parse_document(&site.read("public/history/2022-12/index.html"));
    let facts = Selector::parse(".entry .named").unwrap();
    let facts: String = page.select(&facts).next().unwrap().text().collect();
    assert!(facts.contains("Service 3, and 45 others"), "{facts}");
    assert!(!facts.contains("Service 4,"), "{facts}");
}

/// The pages and feeds of a site with one open incident, as one text.
fn said_of(head: &str) -> String {
    let site = SiteTest::new().file(
        "incidents/2022-12-28-slow.md",
        format!(
            "---\ntitle: Pages fail\n{head}---\n\n## Investigating · 2022-12-28 19:45\n\nWe look.\n"
        ),
    );
    site.build();
    let pages = [
        "index.html",
        "incidents/2022-12-28-slow/index.html",
        "history.atom",
        "history/2022-12/index.html",
    ];
    let pages = pages.map(|page| site.read(&format!("public/{page}")));
    let status = site.run_exits(3, &["status", "--now", NOW]);
    text_of(&pages.concat()) + status.stdout()
}

#[test]
fn impact_is_a_word_of_those_who_set_it() {
    // It follows from the status; that is what the page says.
    let said = said_of("components: {web: partial_outage}\n");
    assert!(!said.contains("mpact"), "{said}");
    assert!(said.contains("Partial outage"), "{said}");
    let said = said_of("");
    assert!(!said.contains("mpact"), "{said}");
    let said = said_of("components: {web: partial_outage}\nimpact: critical\n");
    assert!(said.contains("Critical impact"), "{said}");
    assert!(
        said.contains("investigating, critical impact, since"),
        "{said}"
    );
    let said = said_of("components: {web: operational}\nimpact: none\n");
    assert!(!said.contains("none impact"), "{said}");
    assert!(said.contains("No impact"), "{said}");
}

#[test]
fn many_affected_components_do_not_push_the_update_out_of_sight() {
    let site = many(60, &[], 49);
    site.build();
    for page in ["index.html", "incidents/2022-12-29-down/index.html"] {
        let page = Html::parse_document(&site.read(&format!("public/{page}")));
        let folded = Selector::parse("details:not([open])").unwrap();
        let folded = page
            .select(&folded)
            .find(|it| it.select(&Selector::parse(".affected").unwrap()).count() > 0);
        let text: String = folded.unwrap().text().collect();
        assert!(text.starts_with("Affected components (49)"), "{text}");
        assert!(text.contains("Service 48"), "{text}");
    }
}

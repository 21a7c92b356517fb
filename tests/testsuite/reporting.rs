//! The form by which readers report a problem, and the page that thanks them.

use scraper::{ElementRef, Html};
use snapbox::{file, str};

use crate::pages::{all, assert_sound, page, text, texts};
use crate::site_test::{NOW, SiteTest};

/// A site of a group and a component without one in two languages, which asks for reports as the text says.
fn site(reports: &str) -> SiteTest {
    SiteTest::empty().file(
        "allclear.toml",
        format!(
            r#"title = "Acme"
base_url = "https://acme.example/status/"
languages = ["en", "ar"]

{reports}

[[groups]]
id = "apps"
name = {{ en = "Apps", ar = "التطبيقات" }}

[[components]]
id = "login"
name = "Log-in"

[[components]]
id = "web"
name = {{ en = "Web", ar = "الويب" }}
group = "apps"

# What is counted is no part of these tests.
[check]
unread-reports = "off"
"#
        ),
    )
}

fn built(site: SiteTest) -> SiteTest {
    site.build();
    site
}

const REPORTS: &str = "[reports]\nurl = \"https://reports.example.com/\"\n";

const REGIONS: &str = r#"
[[regions]]
id = "jp"
name = { en = "Japan", ar = "اليابان" }

[[regions]]
id = "us"
name = "the United States"
"#;

/// Counts of a file, in which nobody has reported anything but what the rows say.
fn counts(rows: &str) -> String {
    format!("time,region,kind,value,capped\n2022-12-28T22:00:00Z,,,0,\n{rows}")
}

#[test]
fn reports_that_no_signal_reads_are_told() {
    let asking = |signals: &str| {
        let config = format!(
            "title = \"Acme\"\nbase_url = \"https://acme.example/\"\n\n{REPORTS}\n[[components]]\nid = \"web\"\n{signals}"
        );
        SiteTest::empty()
            .file("allclear.toml", config)
            .file("evidence/reports/_any.csv", counts(""))
            .file(
                "evidence/reports/web.csv",
                counts("2022-12-28T22:15:00Z,,slow,2,\n"),
            )
    };
    let warns = |site: &SiteTest, report: snapbox::data::Inline| {
        site.run_warns(&["check", "--now", NOW])
            .expect_stderr(report);
    };
    let silent = asking("");
    warns(
        &silent,
        str![[r#"
warning[unread-reports]: no signal reads what readers report, so that nothing on the page changes by it
 --> allclear.toml:4:1
  |
4 | [reports]
  | ^^^^^^^^^
  |
  = help: write `[[signals]]`, and below it `id = "reports-web"`, `components = ["web"]`, `file = "evidence/reports/web.csv"` and `threshold = 50`

1 warning; `allclear explain CODE` says more of each

"#]],
    );
    let signal = |name: &str| {
        format!(
            "\n[[signals]]\nid = \"reports{name}\"\ncomponents = [\"web\"]\nfile = \"evidence/reports/{name}.csv\"\nthreshold = 50\n"
        )
    };
    // Nobody has reported what no signal reads.
    let read = asking(&signal("web"));
    read.run(&["check", "--now", NOW]);
    let any = "# a comment\ntime,region,kind,value,capped\n2022-12-28T22:00:00Z,,,0,\n2022-12-28T22:15:00Z,,login,3,\n";
    read.write("evidence/reports/_any.csv", any);
    warns(
        &read,
        str![[r#"
warning[unread-reports]: no signal reads what is reported by readers who do not know which component it is
 --> evidence/reports/_any.csv:4:1
  |
4 | 2022-12-28T22:15:00Z,,login,3,
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: write `[[signals]]`, and below it `id = "reports"`, `components = ["web"]`, `file = "evidence/reports/_any.csv"` and `threshold = 50`

1 warning; `allclear explain CODE` says more of each

"#]],
    );
    let both = asking(&(signal("web") + &signal("_any"))).file("evidence/reports/_any.csv", any);
    both.run(&["check", "--now", NOW]);
    // A site that reads the counts in another way says so.
    let off = asking("\n[check]\nunread-reports = \"off\"\n");
    off.run(&["check", "--now", NOW]);
}

/// What each field of a form may send, in the order of the page: a name, the values, and what readers see of them.
fn fields(page: &Html) -> Vec<String> {
    let fields = all(page, "form :is(input, select)").into_iter();
    let value = |it: ElementRef<'_>| it.attr("value").unwrap_or("NONE").to_owned();
    fields
        .map(|field| {
            let name = field.attr("name").unwrap();
            let options = all(page, &format!("[name={name}] option")).into_iter();
            let values: Vec<String> = match field.value().name() {
                "select" => options
                    .map(|it| format!("{}={}", value(it), text(it)))
                    .collect(),
                _ => vec![value(field)],
            };
            format!("{name}: {}", values.join(" | "))
        })
        .collect()
}

#[test]
fn without_reports_nothing_speaks_of_them() {
    let site = built(site(""));
    for (path, bytes) in site.contents() {
        assert!(!path.contains("report"), "{path}");
        let text = String::from_utf8_lossy(&bytes);
        for word in ["<form", "/reported", "report.css", "report.js"] {
            assert!(!text.contains(word), "{path}: {word}");
        }
    }
    assert!(
        site.read("public/_headers")
            .contains("form-action 'none'\n")
    );
}

#[test]
fn the_form_on_the_index_asks_what_a_reader_knows() {
    let site = built(site(&format!("{REPORTS}{REGIONS}")));
    assert_sound(&site.path("public"), "/status/");
    for (language, form) in [
        ("", file!["snapshots/report.html"]),
        ("ar/", file!["snapshots/report.ar.html"]),
    ] {
        let page = page(&site, &format!("{language}index.html"));
        let forms = all(&page, ".report");
        assert_eq!(forms.len(), 1, "{language}");
        snapbox::assert_data_eq!(format!("{}\n", forms[0].html()), form);
    }
    // It is closed until somebody opens it.
    assert!(all(&page(&site, "index.html"), ".report[open]").is_empty());
}

#[test]
fn the_form_on_the_page_of_a_component_is_about_that() {
    for theme in ["default", "plain"] {
        let site = built(site(&format!("theme = \"{theme}\"\n{REPORTS}")));
        assert_sound(&site.path("public"), "/status/");
        let fields = fields(&page(&site, "ar/components/web/index.html"));
        assert_eq!(
            fields,
            [
                "language: ar",
                "component: web",
                "kind: unreachable",
                "kind: error",
                "kind: slow",
                "kind: login",
                "kind: other",
            ],
            "{theme}"
        );
        for other in ["about", "subscribe", "history", "reported", "embed"] {
            let file = format!("public/{other}/index.html");
            if site.path(&file).exists() {
                assert!(!site.read(&file).contains("<form"), "{theme} {other}");
            }
        }
    }
}

#[test]
fn the_form_asks_for_a_region_only_where_no_proxy_says_it() {
    let asks = |reports: &str| {
        let site = site(reports);
        site.build();
        let fields = fields(&page(&site, "index.html"));
        let region = fields.into_iter().find(|it| it.starts_with("region"));
        region.unwrap_or_default()
    };
    assert_eq!(
        asks(&format!("{REPORTS}{REGIONS}")),
        "region: =No answer | jp=Japan | us=the United States"
    );
    let header = "region_header = \"CF-IPCountry\"\nproxies = [\"10.0.0.0/8\"]\n";
    assert_eq!(asks(&format!("{REPORTS}{header}{REGIONS}")), "");
    assert_eq!(asks(REPORTS), "");
}

#[test]
fn kinds_are_those_of_the_site() {
    let kinds = r#"kinds = ["slow", { id = "maps", name = { en = "No <b>map</b> & \"tiles\"", ar = "لا خريطة" } }]
"#;
    let site = built(site(&format!("{REPORTS}{kinds}")));
    let shown = |path: &str| texts(&page(&site, path), "fieldset label");
    assert_eq!(
        shown("index.html"),
        ["It is slow", "No <b>map</b> & \"tiles\""]
    );
    assert_eq!(shown("ar/index.html"), ["بطء في الاستجابة", "لا خريطة"]);
}

#[test]
fn names_in_the_form_are_text() {
    let site = site(&format!("{REPORTS}{REGIONS}"));
    let config = site.read("allclear.toml");
    let odd = r#"</option></select><b onclick='x'>&amp;"#;
    let config = config
        .replace("\"Log-in\"", &format!("\"{odd}\""))
        .replace("\"Apps\"", &format!("\"{odd}\""))
        .replace("\"the United States\"", &format!("\"{odd}\""));
    site.write("allclear.toml", config);
    site.build();
    let page = page(&site, "index.html");
    assert!(all(&page, "[onclick]").is_empty());
    let form = fields(&page);
    assert_eq!(
        form[1],
        format!("component: =I do not know | web=Web | login={odd}")
    );
    assert_eq!(
        form.last().unwrap(),
        &format!("region: =No answer | jp=Japan | us={odd}")
    );
    let groups = all(&page, "optgroup");
    assert_eq!(groups[0].attr("label"), Some(odd));
}

#[test]
fn each_language_has_its_own_words() {
    let languages = [
        "en", "ar", "de", "es", "fa", "fr", "he", "hi", "id", "it", "ja", "ko", "nl", "pl",
        "pt-BR", "ru", "tr", "uk", "zh", "zh-Hant",
    ];
    let site = site(&format!("{REPORTS}{REGIONS}"));
    let list = languages.map(|tag| format!("\"{tag}\"")).join(", ");
    let config = site.read("allclear.toml");
    let config = config.replace("[\"en\", \"ar\"]", &format!("[{list}]"));
    site.write("allclear.toml", config);
    site.build();
    let words = |language: &str| {
        let folder = match language {
            "en" => String::new(),
            other => format!("{other}/"),
        };
        let index = page(&site, &format!("{folder}index.html"));
        let thanks = page(&site, &format!("{folder}reported/index.html"));
        assert_eq!(fields(&index)[0], format!("language: {language}"));
        let form = ".report :is(summary, legend, label, button, .note, option[value=\"\"])";
        [texts(&index, form), texts(&thanks, "h1, h1 + p")].concat()
    };
    let english = words("en");
    assert_eq!(english.len(), 15, "{english:?}");
    for language in &languages[1..] {
        let own = words(language);
        assert_eq!(own.len(), english.len(), "{language}");
        let pairs = own.iter().zip(&english).enumerate();
        for (at, (own, english)) in pairs {
            assert!(!own.is_empty(), "{language} {at}");
            // "Component" is the same word in some languages.
            assert!(
                own != english || english == "Component",
                "{language}: {own}"
            );
        }
        // No two kinds are called the same.
        let mut kinds = own[4..9].to_vec();
        kinds.sort();
        kinds.dedup();
        assert_eq!(kinds.len(), 5, "{language}: {own:?}");
    }
}

#[test]
fn the_policy_lets_the_form_through() {
    let policy = |reports: &str| {
        let site = built(site(reports));
        let headers = site.read("public/_headers");
        let (_, policy) = headers.split_once("form-action ").unwrap();
        let policy = policy.lines().next().unwrap().to_owned();
        for server in ["nginx", "caddy", "apache"] {
            let text = site.run(&["hosting", server]).stdout().to_owned();
            let allowed = format!("form-action {policy}; frame-ancestors ");
            assert_eq!(
                text.matches("form-action").count(),
                text.matches(&allowed).count(),
                "{server}: {text}"
            );
            assert!(text.contains(&allowed), "{server}: {text}");
        }
        policy
    };
    assert_eq!(policy(""), "'none'");
    assert_eq!(
        policy("[reports]\nurl = \"https://reports.example.com:8443/acme/\"\n"),
        "'self' https://reports.example.com:8443 https://acme.example"
    );
    assert_eq!(
        policy("[reports]\nurl = \"https://acme.example/report/\"\n"),
        "'self' https://acme.example"
    );
}

/// The collector asks from where a form comes, which browsers keep to themselves on the way to another host under the usual
/// `same-origin`.
#[test]
fn the_form_may_say_from_which_site_it_comes() {
    for (reports, expected) in [("", "same-origin"), (REPORTS, "strict-origin")] {
        let site = built(site(reports));
        let mut texts = vec![site.read("public/_headers")];
        texts.extend(
            ["nginx", "caddy", "apache"]
                .map(|server| site.run(&["hosting", server]).stdout().to_owned()),
        );
        for text in texts {
            let mut lines = text
                .lines()
                .filter_map(|line| line.split_once("Referrer-Policy"));
            let (_, policy) = lines.next().unwrap();
            let policy = policy
                .trim_matches([':', ' ', ';'])
                .trim_end_matches(" always");
            assert_eq!(policy, expected, "{text}");
            assert_eq!(lines.count(), 0, "{text}");
        }
    }
}

#[test]
fn a_reader_is_thanked() {
    let site = built(site(REPORTS));
    site.check_page(
        "reported/index.html",
        str![[r#"
<main id="main">
<h1>Thank you for your report</h1>
<p class="prose">Each reader is counted at most once an hour for each component.</p>
<p class="more"><a href="../">Current status</a></p>
</main>

"#]],
    );
    for (folder, index) in [("", "../"), ("ar/", "../../ar/")] {
        let path = format!("{folder}reported/index.html");
        let page = page(&site, &path);
        let robots = all(&page, "meta[name=robots]");
        let robots: Vec<_> = robots.iter().map(|it| it.attr("content")).collect();
        assert_eq!(robots, [Some("noindex")], "{path}");
        let back = all(&page, ".more a")[0].attr("href");
        assert_eq!(back, Some(index), "{path}");
    }
    assert!(!site.path("public/reported/index.md").exists());
    for list in ["sitemap.xml", "llms.txt"] {
        assert!(!site.read(&format!("public/{list}")).contains("reported"));
    }
}

#[test]
fn a_site_that_is_not_to_be_found_says_so_once() {
    let site = built(site(&format!("build.index = false\n{REPORTS}")));
    let robots = "meta[name=robots]";
    for path in ["reported/index.html", "index.html"] {
        assert_eq!(all(&page(&site, path), robots).len(), 1, "{path}");
    }
}

#[test]
fn a_page_of_the_sites_own_may_be_called_so_where_no_reports_are_asked_for() {
    let own = "---\ntitle: Reported\n---\n\nIn the news.\n";
    let free = built(site("").file("pages/reported.md", own));
    let sitemap = free.read("public/sitemap.xml");
    assert!(
        sitemap.contains("https://acme.example/status/reported/"),
        "{sitemap}"
    );
    let taken = site(REPORTS).file("pages/reported.md", own);
    let outcome = taken.run_fails(1, &["build"]);
    assert!(outcome.stderr().contains("pages/reported.md"));
}

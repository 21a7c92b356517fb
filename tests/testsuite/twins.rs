//! Pages as Markdown, `index.md` beside each, and `llms.txt`.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use scraper::{ElementRef, Html, Selector};
use snapbox::str;

use crate::pages::page;
use crate::site_test::{NOW, SiteTest};

/// A text as one compares what is said: without spaces, and without the marks of direction.
fn said(text: &str) -> String {
    let is_said = |c: &char| !c.is_whitespace() && !matches!(c, '\u{2066}'..='\u{2069}');
    text.chars().filter(is_said).collect()
}

/// A twin as a program reads it.
struct Twin {
    /// The headings with their levels.
    headings: Vec<(HeadingLevel, String)>,
    /// All of its text.
    text: String,
    /// Its words, without the marks around them.
    words: Vec<String>,
    /// The targets of its links and pictures.
    targets: Vec<String>,
}

#[track_caller]
fn read(markdown: &str) -> Twin {
    let mut twin = Twin {
        headings: Vec::new(),
        text: String::new(),
        words: Vec::new(),
        targets: Vec::new(),
    };
    let mut level = None;
    for event in Parser::new_ext(
        markdown,
        Options::ENABLE_GFM
            | Options::ENABLE_TABLES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_TASKLISTS,
    ) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => panic!("{html}\n{markdown}"),
            Event::Start(Tag::Heading { level: it, .. }) => {
                level = Some(it);
                twin.headings.push((it, String::new()));
            }
            Event::End(TagEnd::Heading(_)) => level = None,
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                twin.targets.push(dest_url.into_string());
            }
            Event::Text(text) | Event::Code(text) => {
                twin.text += &said(&text);
                let words = text.split_whitespace();
                let words = words.map(|word| said(word.trim_matches(['·', '–', ':', ','])));
                twin.words.extend(words);
                if let Some((_, heading)) = twin.headings.last_mut().filter(|_| level.is_some()) {
                    heading.push_str(&said(&text));
                }
            }
            _ => {}
        }
    }
    twin
}

/// The texts of a page's `<main>`, line by line, but for those of drawings and ways around the site, and the figures
/// on the index.
fn shown(page: &Html, path: &str) -> Vec<String> {
    let left_out = |element: ElementRef<'_>| {
        let element = element.value();
        let is_figure =
            element.name() == "details" && ["index.html", "ar/index.html"].contains(&path);
        let classes = [
            "axis",
            "year",
            "filter",
            "turn",
            "skip",
            "footnote",
            "footnotes",
        ];
        ["svg", "nav", "template"].contains(&element.name())
            || is_figure && element.attr("open").is_none() && element.attr("class").is_none()
            || element.classes().any(|class| classes.contains(&class))
    };
    // The sentences that explain the drawings, and the words that unfold figures and the formula.
    let about_drawings = [
        "One bar a day",
        "كل عمود",
        "The dashed line",
        "الخط المتقطّع",
        "Show the numbers",
        "عرض الأرقام",
        "How this is counted",
        "كيف يُحسب هذا",
    ];
    let main = Selector::parse("main").unwrap();
    let main = page.select(&main).next().unwrap();
    let mut shown = Vec::new();
    for node in main.descendants() {
        let Some(text) = node.value().as_text() else {
            continue;
        };
        let mut around = node.ancestors().filter_map(ElementRef::wrap);
        if around.any(left_out) {
            continue;
        }
        let mut text = text.to_string();
        for sentence in about_drawings {
            if let Some(start) = text.find(sentence) {
                text.truncate(start);
            }
        }
        // A dash stands where there is no number, of which the twin says why.
        let lines = text.lines().map(said);
        let lines = lines.filter(|line| !line.is_empty() && line != "–");
        shown.extend(lines);
    }
    shown
}

/// The twin says what the page says, its headline and title, each time, status and text, and its links lead somewhere.
#[track_caller]
fn agrees(site: &SiteTest, path: &str) {
    let html = page(site, path);
    let markdown = site.read(&format!(
        "public/{}",
        path.replace("index.html", "index.md")
    ));
    let twin = read(&markdown);
    let h1 = Selector::parse("main h1").unwrap();
    let h1: String = html.select(&h1).next().unwrap().text().collect();
    let first = twin.headings.first().unwrap();
    assert_eq!(first, &(HeadingLevel::H1, said(&h1)), "{path}\n{markdown}");
    let firsts = twin
        .headings
        .iter()
        .filter(|(level, _)| *level == HeadingLevel::H1);
    assert_eq!(firsts.count(), 1, "{path}\n{markdown}");
    for line in shown(&html, path) {
        assert!(twin.text.contains(&line), "{path}: {line:?}\n{markdown}");
    }
    // And it says no more than the page, but where it puts drawings and figures into words.
    let has_drawings = path.contains("incidents/")
        || path.contains("components/")
        || ["index.html", "ar/index.html"].contains(&path);
    let page: String = html.root_element().text().collect();
    let page = said(&page);
    for word in twin.words.iter().filter(|_| !has_drawings) {
        assert!(page.contains(word), "{path}: {word:?}\n{markdown}");
    }
    for target in &twin.targets {
        // A calendar program is opened by a scheme of its own.
        let target = target.replace("webcal://", "https://");
        let is_whole = target.starts_with("https://") || target.starts_with("mailto:");
        assert!(is_whole, "{path}: {target}");
        if let Some(inside) = target.strip_prefix("https://status.example.com/") {
            let file = match inside.split('#').next().unwrap() {
                folder if folder.is_empty() || folder.ends_with('/') => {
                    format!("{folder}index.html")
                }
                file => file.to_owned(),
            };
            assert!(site.path("public").join(&file).exists(), "{path}: {target}");
        }
    }
}

#[test]
fn every_page_has_a_twin_that_says_the_same() {
    let site = SiteTest::demo();
    // During an outage, when its evidence has run out, all clear, and before anything is known.
    for now in [
        "2022-12-29T01:30:00Z",
        "2022-12-30T12:00:00Z",
        "2022-12-28T12:01:00Z",
        "2022-06-01T12:00:00Z",
    ] {
        site.run(&["build", "--now", now]);
        let outputs = site.outputs();
        let pages = outputs.iter().filter(|path| path.ends_with("index.html"));
        // The page for frames in other pages says less than the index, which has one.
        let pages = pages.filter(|path| !path.ends_with("embed/index.html"));
        let pages: Vec<_> = pages.collect();
        let twins = outputs.iter().filter(|path| path.ends_with(".md"));
        assert_eq!(twins.count(), pages.len(), "{outputs:?}");
        for path in pages {
            agrees(&site, path);
            let head = page(&site, path);
            let selector = Selector::parse("head > link[type='text/markdown']").unwrap();
            let links = head.select(&selector);
            let links: Vec<_> = links.map(|it| (it.attr("rel"), it.attr("href"))).collect();
            assert_eq!(links, [(Some("alternate"), Some("index.md"))], "{path}");
        }
        let lost = site.read("public/404.html");
        assert!(!lost.contains("text/markdown"), "{lost}");
    }
}

#[test]
fn the_plain_theme_links_them_too() {
    let site = SiteTest::demo();
    let config = site.read("allclear.toml");
    site.write("allclear.toml", config.replace("\"default\"", "\"plain\""));
    site.run(&["build", "--now", NOW]);
    let index = site.read("public/index.html");
    assert!(
        index.contains("<link rel=\"alternate\" type=\"text/markdown\" href=\"index.md\">\n"),
        "{index}"
    );
    read(&site.read("public/index.md"));
}

#[test]
fn without_the_format_there_is_nothing_of_it() {
    let site = SiteTest::new();
    let config = site.read("allclear.toml");
    site.write(
        "allclear.toml",
        format!("{config}\n[build]\nformats = [\"atom\"]\n"),
    );
    site.run(&["build", "--now", NOW]);
    let of_it = |path: &&String| path.ends_with(".md") || path.ends_with("llms.txt");
    assert_eq!(site.outputs().iter().find(of_it), None);
    for path in site.outputs().iter().filter(|path| path.ends_with(".html")) {
        let html = site.read(&format!("public/{path}"));
        assert!(!html.contains("text/markdown"), "{path}");
    }
}

/// An incident whose every text tries to be something else.
fn hostile() -> SiteTest {
    SiteTest::new()
        .file(
            "incidents/hostile/index.md",
            "---\ntitle: \"# Not *a* [title](x) <b>bold</b> `c` &lt; _d_ #\"\ncomponents: {web: major_outage}\n\
             corrections: [{at: 2022-12-28 20:30, note: \"## no <i>heading</i>\"}]\n---\n\n\
             Summary\n===\n\nwith <script>alert(1)</script> and ![a picture](graph.png) and <!-- nothing -->.\n\n\
             ## Investigating · 2022-12-28 19:45\n\n# Top\n\n<h1>raw</h1>\n\n```\n# code\n</pre>\n```\n\n\
             ## Update · 2022-12-28 20:00\n\n- [ ] one[^1]\n- two <br> three\n\n[^1]: A note\\\n  of two lines.\n\n\
             [^2]: Nobody asks.\n\n| a | b |\n|---|---|\n| <i>c</i> | d \\| e |\n",
        )
        .file("incidents/hostile/graph.png", "PNG")
        .file(
            "incidents/second.md",
            "---\ntitle: \"1. Second\"\ncomponents: {api: partial_outage}\n---\n\n## Investigating · 2022-12-28 19:50\n\n\
             Footnote[^1], too.\n\n[^1]: Another.\n",
        )
}

#[test]
fn no_text_becomes_more_than_text() {
    let site = hostile();
    site.run(&["build", "--now", NOW]);
    agrees(&site, "incidents/hostile/index.html");
    agrees(&site, "incidents/second/index.html");
    agrees(&site, "index.html");
    let twin = site.read("public/incidents/hostile/index.md");
    snapbox::assert_data_eq!(
        twin,
        str![[r#"
[Example Status](https://status.example.com/)

# # Not /*a/* /[title/](x) /<b>bold/</b> /`c/` /&lt; /_d/_ /#

**Investigating** · Since Dec 28, 2022, 7:45 PM EST

### Summary

with /<script>alert(1)/</script> and ![a picture](https://status.example.com/incidents/hostile/graph.png) and .

## Affected components

- [Web](https://status.example.com/components/web/): Major outage

## Updates

### Investigating · Update · Dec 28, 2022, 8:00 PM EST

- [ ] one[^u2-1]
- two/
  three

| a | b |
| --- | --- |
| /<i>c/</i> | d /| e |

[^u2-1]: A note/
    of two lines.

[^u2-2]: Nobody asks.

### Investigating · Dec 28, 2022, 7:45 PM EST

#### Top

/<h1>raw/</h1>

```
# code
</pre>
```

## Corrections

- Dec 28, 2022, 8:30 PM EST: ## no /<i>heading/</i>

"#]]
    );
}

#[test]
fn an_incident_reads_well() {
    let site = SiteTest::demo();
    site.run(&["build", "--now", "2022-12-30T12:00:00Z"]);
    snapbox::assert_data_eq!(
        site.read("public/incidents/2022-11-22-late-notifications/index.md"),
        str![[r#"
[Twitter Status (a reconstruction)](https://status.example.com/)

# Notifications arrive late (illustrative)

**Postmortem** · Nov 22, 2022, 2:10 PM EST – 2:52 PM EST · Lasted 42 min

This incident is illustrative: it did not happen. It shows what a short incident and its postmortem
look like.

## Affected components

- [Notifications](https://status.example.com/components/notifications/): Partial outage

## Updates

### Postmortem · Nov 24, 2022, 11:00 AM EST

One worker of the queue stopped when its disk was full, and nothing told us so.

| Time (Eastern) | What happened |
| --- | --- |
| 14:10 | The worker stops, the queue grows |
| 14:16 | A probe notices late notifications |
| 14:35 | We find the worker |
| 14:52 | The queue is empty |

#### What we do about it

- [x] Old log files are deleted before the disk is full
- [x] A worker that stops raises an alarm
- [ ] The queue spreads its load when a worker is missing

### Resolved · Nov 22, 2022, 2:52 PM EST

Notifications arrive on time again. Those that were delayed have been delivered.

### Identified · Nov 22, 2022, 2:35 PM EST

A queue is full because one of its workers has stopped. We are starting it again.

### Investigating · Nov 22, 2022, 2:22 PM EST

Some notifications arrive up to half an hour late, others not at all. We are looking for the cause.

## How long it took

- Started: 2:10 PM EST
- Noticed by the team: 2:16 PM EST · 6 min after the start
- First update: 2:22 PM EST · 12 min after the start
- Over: 2:52 PM EST · 42 min after the start

"#]]
    );
    snapbox::assert_data_eq!(
        site.read("public/ar/incidents/2022-11-22-late-notifications/index.md"),
        str![[r#"
[حالة تويتر (محاكاة)](https://status.example.com/ar/)

# تأخر وصول الإشعارات (مثال توضيحي)

**تحليل ما بعد الحادث** · 22 نوفمبر 2022، 2:10 م EST – 2:52 م EST · المدة: 42 دقيقة

هذا حادث توضيحي لم يقع فعلًا، والغرض منه بيان شكل حادث قصير والتحليل الذي يليه.

## المكوّنات المتأثرة

- [الإشعارات](https://status.example.com/ar/components/notifications/): انقطاع جزئي

## التحديثات

### تحليل ما بعد الحادث · 24 نوفمبر 2022، 11:00 ص EST

توقفت إحدى عمليات المعالجة عندما امتلأ قرصها، ولم ينبهنا شيء إلى ذلك.

| الوقت (شرق الولايات المتحدة) | ما حدث |
| --- | --- |
| 14:10 | تتوقف العملية ويطول الطابور |
| 14:16 | يرصد مسبار تأخر الإشعارات |
| 14:35 | نجد العملية المتوقفة |
| 14:52 | يفرغ الطابور |

#### ما نفعله حيال ذلك

- [x] تُحذف ملفات السجل القديمة قبل أن يمتلئ القرص
- [x] يُطلَق تنبيه عند توقف أي عملية معالجة
- [ ] يوزَّع الحمل تلقائيًا عند غياب إحدى العمليات

### تم الحل · 22 نوفمبر 2022، 2:52 م EST

عادت الإشعارات تصل في وقتها، وسُلّمت الإشعارات التي تأخرت.

### تم تحديد السبب · 22 نوفمبر 2022، 2:35 م EST

امتلأ أحد طوابير الرسائل لأن إحدى عمليات المعالجة توقفت، ونحن نعيد تشغيلها.

### قيد التحقيق · 22 نوفمبر 2022، 2:22 م EST

يصل بعض الإشعارات متأخرًا حتى نصف ساعة، وبعضها لا يصل إطلاقًا. نحن نبحث عن السبب.

## كم استغرق الأمر

- البداية: 2:10 م EST
- علم الفريق بالمشكلة: 2:16 م EST · 6 دقائق بعد البداية
- أول تحديث: 2:22 م EST · 12 دقيقة بعد البداية
- النهاية: 2:52 م EST · 42 دقيقة بعد البداية

"#]]
    );
}

/// A site with evidence that runs out 15 minutes after what it says last.
fn evident() -> SiteTest {
    let site = SiteTest::new();
    let config = site.read("allclear.toml").replace(
        "id = \"login\"",
        "states = { valid_for = \"15m\" }\nid = \"login\"",
    );
    site.file("allclear.toml", config)
        .file("pages/imprint.md", "---\ntitle: Imprint\n---\n\nExample Ltd.\n")
        .file(
            "evidence/probe.jsonl",
            ["web", "api", "login"]
                .map(|id| format!("{{\"component\":\"{id}\",\"status\":\"operational\",\"from\":\"2022-12-20T00:00:00Z\",\"to\":\"2022-12-29T01:25:30Z\",\"source\":\"probe\"}}\n"))
                .concat(),
        )
}

#[test]
fn llms_txt_says_until_when_it_holds() {
    let site = evident();
    site.run(&["build", "--now", NOW]);
    snapbox::assert_data_eq!(
        site.read("public/llms.txt"),
        str![[r#"
# Example Status

> A status page. What it said at 2022-12-29 01:30 UTC: All systems operational. Valid until 2022-12-29 01:40 UTC; after that, treat every status here as unconfirmed and fetch this file again.

Every page of this site is there as Markdown, too: add `index.md` to its address. Times on pages are in the time zone America/New_York.

## Now

- [Current status](https://status.example.com/index.md)

## Components

- [Web](https://status.example.com/components/web/index.md): Operational
- [API](https://status.example.com/components/api/index.md): Operational
- [Log-in](https://status.example.com/components/login/index.md): Operational

## Pages

- [How this page works](https://status.example.com/about/index.md): how everything here is computed, and from what evidence
- [Get updates](https://status.example.com/subscribe/index.md): the feeds, calendars and badges of the whole site and of each component
- [Imprint](https://status.example.com/imprint/index.md)
- [العربية](https://status.example.com/ar/index.md): the status in the language ar

## Data

- [summary.json](https://status.example.com/api/v2/summary.json): the status as JSON, for programs
- [Atom](https://status.example.com/history.atom): application/atom+xml
- [RSS](https://status.example.com/history.rss): application/rss+xml
- [JSON Feed](https://status.example.com/feed.json): application/feed+json

"#]]
    );
    for line in site.read("public/llms.txt").lines() {
        if let Some((_, rest)) = line.split_once("](https://status.example.com/") {
            let path = rest.split(')').next().unwrap();
            assert!(site.path("public").join(path).exists(), "{path}");
        }
    }
}

#[test]
fn llms_txt_names_what_is_open_and_promises_nothing_without_evidence() {
    let site = hostile();
    site.run(&["build", "--now", NOW]);
    let text = site.read("public/llms.txt");
    let start: String = text
        .lines()
        .take(12)
        .map(|line| format!("{line}\n"))
        .collect();
    snapbox::assert_data_eq!(
        start,
        str![[r#"
# Example Status

> A status page. What it said at 2022-12-29 01:30 UTC: Partial outage. Down: Web. Partly down: API. It names no time up to which this is valid: fetch this file again before you rely on it.

Every page of this site is there as Markdown, too: add `index.md` to its address. Times on pages are in the time zone America/New_York.

## Now

- [Current status](https://status.example.com/index.md)
- [# Not /*a/* /[title/](x) /<b>bold/</b> /`c/` /&lt; /_d/_ #](https://status.example.com/incidents/hostile/index.md): Investigating
- [1. Second](https://status.example.com/incidents/second/index.md): Investigating


"#]]
    );
}

#[test]
fn one_of_the_site_takes_the_place_of_llms_txt() {
    let site = SiteTest::new().file("static/llms.txt", "ours\n");
    site.build();
    assert_eq!(site.read("public/llms.txt"), "ours\n");
}

#[test]
fn another_file_cannot_lie_where_a_twin_does() {
    let site = SiteTest::new().file("static/about/index.md", "ours\n");
    let outcome = site.run_fails(1, &["build", "--now", NOW]);
    assert!(
        outcome.stderr().contains("path-taken"),
        "{}",
        outcome.stderr()
    );
}

//! Pages of a site's own, as an imprint: `pages/NAME.md` becomes `/NAME/`.

use snapbox::str;

use crate::pages::{all, page, texts};
use crate::site_test::{NOW, SiteTest};

/// A site with an imprint in two languages and terms in one, linked.
fn site(theme: &str) -> SiteTest {
    let site = SiteTest::new();
    let config = site
        .read("allclear.toml")
        .replace("time_zone", &format!("theme = \"{theme}\"\ntime_zone"))
        + "\n[[links]]\nname = { en = \"Help\", ar = \"مساعدة\" }\nurl = \"https://help.example.com/\"\n\n\
         [[links]]\npage = \"imprint\"\n\n\
         [[links]]\nname = \"Our terms\"\nurl = \"terms/\"\n\n\
         [[links]]\nname = \"SLA\"\nurl = \"papers/sla 2022.pdf\"\n";
    site.file("allclear.toml", config)
        .file("static/papers/sla 2022.pdf", "%PDF")
        .file(
            "pages/imprint.md",
            "---\ntitle: Imprint\n---\n\n**Example** Ltd, <b>Main</b> Street 1. See [terms](../terms/#notice).\n\n## Register\n\nHRB 1.\n",
        )
        .file(
            "pages/imprint.ar.md",
            "---\ntitle: بيانات النشر\n---\n\nشركة المثال.\n",
        )
        .file(
            "pages/terms.md",
            "---\ntitle: Terms of use\n---\n\n## Notice\n\nBe kind, by [paper](../papers/sla%202022.pdf).\n\n| a | b |\n| - | - |\n| 1 | 2 |\n",
        )
}

#[test]
fn a_page_is_published_in_every_language_and_theme() {
    for theme in ["default", "plain"] {
        let site = site(theme);
        site.build();
        for (path, title, lang) in [
            ("imprint/index.html", "Imprint", None),
            ("ar/imprint/index.html", "بيانات النشر", None),
            ("terms/index.html", "Terms of use", None),
            ("ar/terms/index.html", "Terms of use", Some("en")),
        ] {
            let page = page(&site, path);
            assert_eq!(texts(&page, "h1"), [title], "{theme}: {path}");
            assert_eq!(
                texts(&page, "title"),
                [format!("{title} · Example Status")],
                "{theme}: {path}"
            );
            let mut marked = all(&page, "main [lang]");
            marked.dedup_by_key(|it| it.attr("lang").map(str::to_owned));
            let marked: Vec<_> = marked.iter().filter_map(|it| it.attr("lang")).collect();
            assert_eq!(marked, Vec::from_iter(lang), "{theme}: {path}");
            let canonical = all(&page, "link[rel=canonical]").remove(0);
            let address = path.trim_end_matches("index.html");
            assert_eq!(
                canonical.attr("href"),
                Some(format!("https://status.example.com/{address}").as_str())
            );
        }
        let main = |path: &str| {
            let text = site.read(path);
            let (_, main) = text.split_once("<main").unwrap();
            main.split_once("</main>").unwrap().0.to_owned()
        };
        let english = main("public/imprint/index.html");
        for part in [
            "<strong>Example</strong> Ltd, &lt;b&gt;Main&lt;/b&gt; Street 1.",
            "<a href=\"../terms/#notice\">terms</a>",
            ">Register</h2>",
        ] {
            assert!(english.contains(part), "{theme}: {part}\n{english}");
        }
        let fallback = main("public/ar/terms/index.html");
        for part in ["English", "href=\"../../terms/../papers/sla%202022.pdf\""] {
            assert!(fallback.contains(part), "{theme}: {part}\n{fallback}");
        }
        // Without the page in this language as without any: the same address in each.
        let page = page(&site, "ar/imprint/index.html");
        let others = all(&page, "a[hreflang=en]");
        assert_eq!(others[0].attr("href"), Some("../../imprint/"), "{theme}");
    }
}

#[test]
fn links_lead_to_pages_and_files_of_the_site() {
    for theme in ["default", "plain"] {
        let site = site(theme);
        site.build();
        let links = |path: &str| -> Vec<(String, String)> {
            let page = page(&site, path);
            let all = all(&page, "nav a");
            let links = all.into_iter().map(|link| {
                let href = link.attr("href").unwrap().to_owned();
                (crate::pages::text(link), href)
            });
            let wanted = ["help.example.com", "imprint", "terms", "papers"];
            links
                .filter(|(_, href)| wanted.iter().any(|wanted| href.contains(wanted)))
                .filter(|(text, _)| !["English", "العربية"].contains(&text.as_str()))
                .collect()
        };
        let expected = |names: [&str; 4], root: &str, of_files: &str| -> Vec<(String, String)> {
            let hrefs = [
                "https://help.example.com/".to_owned(),
                format!("{root}imprint/"),
                format!("{root}terms/"),
                format!("{of_files}papers/sla%202022.pdf"),
            ];
            let names = names.map(str::to_owned).into_iter();
            names.zip(hrefs).collect()
        };
        let english = ["Help", "Imprint", "Our terms", "SLA"];
        let arabic = ["مساعدة", "بيانات النشر", "Our terms", "SLA"];
        assert_eq!(links("index.html"), expected(english, "./", "./"));
        assert_eq!(links("about/index.html"), expected(english, "../", "../"));
        assert_eq!(links("404.html"), expected(english, "/", "/"));
        assert_eq!(links("ar/index.html"), expected(arabic, "../ar/", "../"));
        assert_eq!(
            links("ar/imprint/index.html"),
            expected(arabic, "../../ar/", "../../")
        );
    }
}

#[test]
fn what_is_wrong_with_a_page_is_told() {
    let site = SiteTest::new()
        .file("pages/nothing.md", "Just text\n")
        .file("pages/untitled.md", "---\nlang: en\n---\n\nText\n")
        .file("pages/about.md", "---\ntitle: About us\n---\n")
        .file("pages/API.md", "---\ntitle: The API\n---\n")
        .file("pages/ar.md", "---\ntitle: Arabic\n---\n")
        .file("pages/two words.md", "---\ntitle: Two\n---\n")
        .file("pages/legal/terms.md", "---\ntitle: Terms\n---\n")
        .file("pages/lost.ar.md", "---\ntitle: Lost\n---\n")
        .file("pages/kept.fr.md", "---\ntitle: Gardé\n---\n")
        .file("pages/same.md", "---\ntitle: Same\n---\n")
        .file("pages/Same.md", "---\ntitle: Same\n---\n")
        .file("pages/README.md", "What this folder is for.\n");
    site.run_fails(1, &["check", "--now", NOW])
        .expect_stderr(str![[r#"
error[path-taken]: a page cannot have the address `/API/`, which is allclear's own
--> pages/API.md
 = help: rename the file

error[path-taken]: a page cannot have the address `/about/`, which is allclear's own
--> pages/about.md
 = help: rename the file

error[path-taken]: a page cannot have the address `/ar/`, which is allclear's own
--> pages/ar.md
 = help: rename the file

error[unknown-language]: `fr` is not among this site's languages
--> pages/kept.fr.md
 = help: add "fr" to `languages` in `allclear.toml`, or rename the file

error[bad-slug]: this file is no page: pages lie directly in `pages/`
--> pages/legal/terms.md
 = help: `pages/imprint.md` becomes `/imprint/`: move the file, or rename it

error[translation-without-original]: there is no `lost.md` that this translates
 --> pages/lost.ar.md:1:1
  |
1 | ---
  | ^^^
  |
  = help: write `lost.md` beside it, or take the language out of this file's name

error[missing-front-matter]: this file does not start with front matter
 --> pages/nothing.md:1:1
  |
1 | Just text
  | ^^^^^^^^^
  |
  = help: write `---` as the first line, then `title: ...`, then `---`

error[duplicate-slug]: two pages have the address `/same/`
 --> pages/same.md:2:1
  |
2 | title: Same
  | ^^^^^^^^^^^
  |
 ::: pages/Same.md:2:1
  |
2 | title: Same
  | ----------- the first
  |
  = help: rename one of the files

error[bad-slug]: `two words` cannot be part of an address: contains white space (U+0020)
--> pages/two words.md
 = help: name the file like `imprint.md`

error[missing-key]: a page needs `title`
 --> pages/untitled.md:2:1
  |
2 | lang: en
  | ^^^^^^^^

error[unknown-key]: a page has no key `lang`
 --> pages/untitled.md:2:1
  |
2 | lang: en
  | ^^^^
  |
  = help: known: `title`

11 errors; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn a_link_that_leads_nowhere_is_told() {
    let site = SiteTest::new()
        .file(
            "pages/imprint.md",
            "---\ntitle: Imprint\n---\n\n[Terms](../term/) and [below](#nowhere), ![](x.png)\n",
        )
        .file("static/files/terms.pdf", "%PDF");
    site.run_warns(&["check", "--now", NOW])
        .expect_stderr(str![[r#"
warning[broken-link]: `../term/` leads to no page or file of the site
 --> pages/imprint.md:5:1
  |
5 | [Terms](../term/) and [below](#nowhere), ![](x.png)
  | ^^^^^^^^^^^^^^^^^
  |
  = help: links are relative to the page, as `../OTHER-PAGE/`; images and other files lie in `static/`, which is `../` from here

warning[broken-link]: the page has no place `#nowhere`
 --> pages/imprint.md:5:23
  |
5 | [Terms](../term/) and [below](#nowhere), ![](x.png)
  |                       ^^^^^^^^^^^^^^^^^
  |
  = help: links are relative to the page, as `../OTHER-PAGE/`; images and other files lie in `static/`, which is `../` from here

warning[broken-link]: `x.png` leads to no page or file of the site
 --> pages/imprint.md:5:42
  |
5 | [Terms](../term/) and [below](#nowhere), ![](x.png)
  |                                          ^^^^^^^^^^
  |
  = help: links are relative to the page, as `../OTHER-PAGE/`; images and other files lie in `static/`, which is `../` from here

warning[wordless-image]: this image has no words for those who do not see it
 --> pages/imprint.md:5:42
  |
5 | [Terms](../term/) and [below](#nowhere), ![](x.png)
  |                                          ^^^^^^^^^^
  |
  = help: say in the brackets what it shows: `![Errors per minute](graph.png)`

4 warnings; `allclear explain CODE` says more of each

"#]]);
    let config = site.read("allclear.toml");
    for link in [
        "page = \"imprnt\"",
        "page = \"pages/imprint.md\"",
        "name = \"X\"\nurl = \"pages/imprint.md\"",
        "name = \"X\"\nurl = \"static/files/terms.pdf\"",
        "page = \"imprint\"\nurl = \"https://example.com/\"",
        "name = \"X\"\nurl = \"imprnt/\"",
        "name = \"X\"\nurl = \"/imprint/x\"",
        "name = \"X\"\nurl = \"/jobs/\"",
        "name = \"X\"\nurl = \"https://\"",
        "url = \"imprint/\"",
        "name = \"X\"",
        "name = \"X\"\npag = \"imprint\"",
    ] {
        site.write("allclear.toml", format!("{config}\n[[links]]\n{link}\n"));
        let report = site.run_fails(1, &["check", "--now", NOW]);
        let report = report.stderr();
        let (report, _) = report.split_once("\n\n").unwrap();
        site.write("reports.txt", {
            let before = std::fs::read_to_string(site.path("reports.txt")).unwrap_or_default();
            format!("{before}{report}\n\n")
        });
    }
    snapbox::assert_data_eq!(
        site.read("reports.txt"),
        str![[r#"
error[unknown-page]: there is no page `imprnt`
  --> allclear.toml:19:8
   |
19 | page = "imprnt"
   |        ^^^^^^^^
   |
   = help: did you mean `imprint`?

error[unknown-page]: there is no page `pages/imprint.md`
  --> allclear.toml:19:8
   |
19 | page = "pages/imprint.md"
   |        ^^^^^^^^^^^^^^^^^^
   |
   = help: did you mean `imprint`?

error[bad-url]: `pages/imprint.md` is no page or file of the site
  --> allclear.toml:20:7
   |
20 | url = "pages/imprint.md"
   |       ^^^^^^^^^^^^^^^^^^
   |
   = help: did you mean `imprint/`?

error[bad-url]: `static/files/terms.pdf` is no page or file of the site
  --> allclear.toml:20:7
   |
20 | url = "static/files/terms.pdf"
   |       ^^^^^^^^^^^^^^^^^^^^^^^^
   |
   = help: did you mean `files/terms.pdf`?

error[missing-key]: a link needs either `url` or `page`
  --> allclear.toml:19:1
   |
19 | page = "imprint"
   | ^^^^
   |
   = help: keep one of them

error[bad-url]: `imprnt/` is no page or file of the site
  --> allclear.toml:20:7
   |
20 | url = "imprnt/"
   |       ^^^^^^^^^
   |
   = help: did you mean `imprint/`?

error[bad-url]: `/imprint/x` is no page or file of the site
  --> allclear.toml:20:7
   |
20 | url = "/imprint/x"
   |       ^^^^^^^^^^^^
   |
   = help: did you mean `imprint/`?

error[bad-url]: `/jobs/` is no address that a link can lead to
  --> allclear.toml:20:7
   |
20 | url = "/jobs/"
   |       ^^^^^^^^
   |
   = help: write the whole address: `https://...`, `mailto:...` or `tel:...`; or write the page as `pages/jobs.md`

error[bad-url]: `https://` is no address that a link can lead to
  --> allclear.toml:20:7
   |
20 | url = "https://"
   |       ^^^^^^^^^^
   |
   = help: write the whole address: `https://...`, `mailto:...` or `tel:...`

error[missing-key]: a link needs `name`
  --> allclear.toml:18:1
   |
18 | [[links]]
   | ^^^^^^^^^

error[missing-key]: a link needs either `url` or `page`
  --> allclear.toml:18:1
   |
18 | [[links]]
   | ^^^^^^^^^
   |
   = help: write where it leads: `url = "https://..."`, or `page = "imprint"` for `pages/imprint.md`

error[unknown-key]: a link has no key `pag`
  --> allclear.toml:20:1
   |
20 | pag = "imprint"
   | ^^^
   |
   = help: did you mean `page`?


"#]]
    );
}

#[test]
fn a_page_never_takes_the_place_of_another_file() {
    let site = SiteTest::new()
        .file("pages/imprint.md", "---\ntitle: Imprint\n---\n\nText\n")
        .file("pages/history.atom.md", "---\ntitle: A feed\n---\n\nText\n")
        .file("static/imprint/index.html", "mine");
    site.run_fails(1, &["check", "--now", NOW])
        .expect_stderr(str![[r#"
error[path-taken]: this file would take the place of `history.atom`, which allclear makes
--> pages/history.atom.md
 = help: rename it

error[path-taken]: this file would take the place of `imprint/index.html`, which `pages/imprint.md` becomes
--> static/imprint/index.html
 = help: rename it

2 errors; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn a_link_to_a_page_that_cannot_be_read_is_no_second_fault() {
    let site = SiteTest::new().file("pages/broken.md", "---\ntitel: Broken\n---\n");
    let config = site.read("allclear.toml");
    for link in ["page = \"broken\"", "name = \"X\"\nurl = \"broken/\""] {
        site.write("allclear.toml", format!("{config}\n[[links]]\n{link}\n"));
        site.run_fails(1, &["check", "--now", NOW])
            .expect_stderr(str![[r#"
error[unknown-key]: a page has no key `titel`
 --> pages/broken.md:2:1
  |
2 | titel: Broken
  | ^^^^^
  |
  = help: did you mean `title`?

1 error; `allclear explain CODE` says more of each

"#]]);
    }
}

#[test]
fn a_file_in_pages_that_is_no_page_is_told() {
    let site = SiteTest::new()
        .file("pages/imprint.markdown", "---\ntitle: Imprint\n---\n")
        .file("pages/terms.MD", "---\ntitle: Terms\n---\n")
        .file("pages/sla.md.txt", "---\ntitle: SLA\n---\n")
        .file("pages/sla.pdf", "%PDF")
        .file("pages/README.md", "What this folder is for.\n")
        .file("pages/.notes", "x")
        .file("pages/old.md~", "x");
    site.run_warns(&["check", "--now", NOW])
        .expect_stderr(str![[r#"
warning[unused-file]: nothing reads this file
--> pages/imprint.markdown
 = help: rename it to `imprint.md`

warning[unused-file]: nothing reads this file
--> pages/sla.md.txt
 = help: rename it to `sla.md`

warning[unused-file]: nothing reads this file
--> pages/sla.pdf
 = help: a page ends in `.md`; what is published as it is lies in `static/`: move it to `static/sla.pdf`

warning[unused-file]: nothing reads this file
--> pages/terms.MD
 = help: rename it to `terms.md`

4 warnings; `allclear explain CODE` says more of each

"#]]);
}

/// A page that allclear makes cannot be written by hand, so nobody is told to.
#[test]
fn a_link_to_a_page_of_allclears_own_needs_its_whole_address() {
    let config = SiteTest::new().read("allclear.toml");
    for (url, hint) in [
        ("history/", "`/history/` is allclear's own"),
        ("/About", "`/About/` is allclear's own"),
        ("terms/", "or write the page as `pages/terms.md`"),
    ] {
        let link = format!("{config}\n[[links]]\nname = \"X\"\nurl = \"{url}\"\n");
        let site = SiteTest::new().file("allclear.toml", link);
        let told = site.run_fails(1, &["check", "--now", NOW]);
        let help = format!(
            "= help: write the whole address: `https://...`, `mailto:...` or `tel:...`; {hint}\n"
        );
        assert!(told.stderr().contains(&help), "{url}: {}", told.stderr());
    }
}

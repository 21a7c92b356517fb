//! Faults of a site's own theme: each is told where it stands, with what is meant.

use snapbox::str;

use crate::site_test::{NOW, SiteTest};

/// A site with a theme `mine` of one template.
fn with(template: &str, text: &str) -> SiteTest {
    let site = SiteTest::new();
    let config = site.read("allclear.toml");
    let config = config.replace("time_zone", "theme = \"mine\"\ntime_zone");
    site.file("allclear.toml", config)
        .file("themes/mine/theme.toml", "contract = 2\n")
        .file(&format!("themes/mine/templates/{template}"), text)
}

/// What `check` says of a theme of one template, without its last lines.
fn report(template: &str, text: &str) -> String {
    let site = with(template, text);
    let report = site.run_fails(1, &["check", "--now", NOW]);
    let report = report.stderr();
    let (report, _) = report.rsplit_once("\n\n").unwrap();
    format!("{report}\n\n")
}

#[test]
fn a_message_that_is_not_there() {
    snapbox::assert_data_eq!(
        report(
            "headline.html",
            "{#- t(key=\"no-comment\") -#}\n<h1>{{ headline.text }}</h1>\n{{ t(key=\"page-hstory\") }}\n"
        ),
        str![[r#"
error[broken-theme]: there is no message `page-hstory`
 --> themes/mine/templates/headline.html:3:10
  |
3 | {{ t(key="page-hstory") }}
  |          ^^^^^^^^^^^^^
  |
  = help: did you mean `page-history`?


"#]]
    );
    // Nobody sees it today: an outage would be the worst moment to learn of it.
    snapbox::assert_data_eq!(
        report(
            "headline.html",
            "{% if headline.state == \"major_outage\" %}{{ <sentence at={index.built} key='page-asof' /> }}{% endif %}\n"
        ),
        str![[r#"
error[broken-theme]: there is no message `page-asof`
 --> themes/mine/templates/headline.html:1:76
  |
1 | {% if headline.state == "major_outage" %}{{ <sentence at={index.built} key='page-asof' /> }}{% endif %}
  |                                                                            ^^^^^^^^^^^
  |
  = help: did you mean `page-as-of`?


"#]]
    );
    // An asset as well.
    snapbox::assert_data_eq!(
        report(
            "headline.html",
            "{% if headline.state == \"major_outage\" %}{{ asset(name=\"stlye.css\") }}{% endif %}\n"
        ),
        str![[r#"
error[broken-theme]: there is no asset `stlye.css`
 --> themes/mine/templates/headline.html:1:56
  |
1 | {% if headline.state == "major_outage" %}{{ asset(name="stlye.css") }}{% endif %}
  |                                                        ^^^^^^^^^^^
  |
  = help: did you mean `style.css`?


"#]]
    );
    // A key that is put together is known only when it is asked for.
    snapbox::assert_data_eq!(
        report(
            "headline.html",
            "<h1>x</h1>\n{{ t(key=\"status-\" ~ headline.state) }}\n"
        ),
        str![[r#"
error[broken-theme]: there is no message `status-no_known_problems`
 --> themes/mine/templates/headline.html:2:4
  |
2 | {{ t(key="status-" ~ headline.state) }}
  |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: did you mean `headline-no_known_problems`?


"#]]
    );
}

#[test]
fn a_value_that_a_message_lacks() {
    snapbox::assert_data_eq!(
        report(
            "headline.html",
            "<h1>x</h1>{{ t(key=\"page-older\", mnth=\"May\") }}\n"
        ),
        str![[r#"
error[broken-theme]: the message `page-older` has no value `{mnth}`
 --> themes/mine/templates/headline.html:1:14
  |
1 | <h1>x</h1>{{ t(key="page-older", mnth="May") }}
  |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: did you mean `month`?


"#]]
    );
}

#[test]
fn names_that_lead_nowhere_are_told_at_their_own_places() {
    let cases = [
        (
            "{{ asset(name=\"favicon.sgv\") }}",
            "there is no asset `favicon.sgv`",
            "1:15",
            "did you mean `favicon.svg`?",
        ),
        (
            "\n {% include \"headlin.html\" %}",
            "Unknown template `headlin.html`",
            "2:13",
            "did you mean `headline.html`?",
        ),
        (
            "<p>\n\t{{ <momnt at={index.built} /> }}",
            "Unknown component `momnt`",
            "2:5",
            "did you mean `moment`?",
        ),
        (
            "{{ headline.text | markdwon }}",
            "Unknown filter `markdwon`",
            "1:20",
            "did you mean `markdown`?",
        ),
        (
            "{{ aset(name=\"style.css\") }}",
            "Unknown function `aset`",
            "1:4",
            "did you mean `asset`?",
        ),
    ];
    for (text, message, at, hint) in cases {
        let report = report("headline.html", text);
        let message = format!("error[broken-theme]: {message}\n");
        let place = format!("--> themes/mine/templates/headline.html:{at}\n");
        let hint = format!("= help: {hint}\n");
        for part in [&message, &place, &hint] {
            assert!(
                report.contains(part.as_str()),
                "{part}\nis not in\n{report}"
            );
        }
    }
}

#[test]
fn faults_between_templates_are_told_at_their_own_places() {
    snapbox::assert_data_eq!(
        report(
            "base.html",
            "{% extends \"default/base.html\" %}\n{% block footr %}{% endblock %}\n{% block haed %}{% endblock %}\n"
        ),
        str![[r#"
error[broken-theme]: Block `footr` is not defined in any parent template
 --> themes/mine/templates/base.html:2:10
  |
2 | {% block footr %}{% endblock %}
  |          ^^^^^
  |
  = help: did you mean `footer`?

error[broken-theme]: Block `haed` is not defined in any parent template
 --> themes/mine/templates/base.html:3:10
  |
3 | {% block haed %}{% endblock %}
  |          ^^^^
  |
  = help: did you mean `head`?


"#]]
    );
    snapbox::assert_data_eq!(
        report("month.html", "\n{% extends \"defalt/month.html\" %}\n"),
        str![[r#"
error[broken-theme]: there is no template `defalt/month.html`
 --> themes/mine/templates/month.html:2:12
  |
2 | {% extends "defalt/month.html" %}
  |            ^^^^^^^^^^^^^^^^^^^
  |
  = help: did you mean `default/month.html`?


"#]]
    );
    snapbox::assert_data_eq!(
        report("base.html", "{% extends \"plain/base.html\" %}\n"),
        str![[r#"
error[broken-theme]: there is no template `plain/base.html`
 --> themes/mine/templates/base.html:1:12
  |
1 | {% extends "plain/base.html" %}
  |            ^^^^^^^^^^^^^^^^^
  |
  = help: write `extends = "plain"` into `themes/mine/theme.toml`: this theme extends `default`


"#]]
    );
    // What the theme extends is not known, so that what is missing is not either.
    let site = with("base.html", "{% extends \"plain/base.html\" %}\n").file(
        "themes/mine/theme.toml",
        "contract = 2\nextends = \"plian\"\nnmae = \"Mine\"\n",
    );
    site.run_fails(1, &["check", "--now", NOW])
        .expect_stderr(str![[r#"
error[unknown-theme]: there is no built-in theme `plian`
 --> themes/mine/theme.toml:2:11
  |
2 | extends = "plian"
  |           ^^^^^^^
  |
  = help: a theme extends one of `default`, `plain`

error[unknown-key]: the theme has no key `nmae`
 --> themes/mine/theme.toml:3:1
  |
3 | nmae = "Mine"
  | ^^^^
  |
  = help: did you mean `name`?

2 errors; `allclear explain CODE` says more of each

"#]]);
    snapbox::assert_data_eq!(
        report("headline.html", "<p>{% include \"default/index.html\" %}\n"),
        str![[r#"
error[broken-theme]: this template leads back to itself: themes/mine/templates/headline.html, built-in/default/templates/index.html, themes/mine/templates/headline.html
 --> themes/mine/templates/headline.html:1:15
  |
1 | <p>{% include "default/index.html" %}
  |               ^^^^^^^^^^^^^^^^^^^^


"#]]
    );
    let one = "\n{% component one() %}1{% endcomponent one %}";
    let site = with("a.html", one).file("themes/mine/templates/b.html", one);
    site.run_fails(1, &["check", "--now", NOW])
        .expect_stderr(str![[r#"
warning[unused-file]: nothing uses this file
--> themes/mine/templates/a.html
 = help: no page is made of a template of this name: include it in one that is used, or remove it

warning[unused-file]: nothing uses this file
--> themes/mine/templates/b.html
 = help: no page is made of a template of this name: include it in one that is used, or remove it

error[broken-theme]: there are two components `one`
 --> themes/mine/templates/b.html:2:14
  |
2 | {% component one() %}1{% endcomponent one %}
  |              ^^^
  |
 ::: themes/mine/templates/a.html:2:14
  |
2 | {% component one() %}1{% endcomponent one %}
  |              --- the first
  |
  = help: give one of them another name

1 error and 2 warnings; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn a_frame_of_ones_own_has_a_place_for_the_page() {
    snapbox::assert_data_eq!(
        report("base.html", "<main>{% block main %}{% endblock %}</main>\n"),
        str![[r#"
error[broken-theme]: Block `head` is not defined in any parent template
 --> built-in/default/templates/reported.html:4:10
  |
4 | {% block head %}
  |          ^^^^
  |
  = help: did you mean `header`?

error[broken-theme]: this frame has no block `content`, which every page fills
 --> themes/mine/templates/base.html:1:1
  |
1 | <main>{% block main %}{% endblock %}</main>
  | ^
  |
  = help: write `{% block content %}{% endblock %}` where the page belongs, or extend a built-in `base.html`


"#]]
    );
}

#[test]
fn one_fault_is_told_once() {
    // The component `mine` is gone with the file that cannot be read: that is no second fault.
    let site = with(
        "components/mine.html",
        "{% component mine() %}{{ %}{% endcomponent mine %}",
    )
    .file("themes/mine/templates/headline.html", "{{ <mine /> }}");
    site.run_fails(1, &["check", "--now", NOW])
        .expect_stderr(str![[r#"
error[broken-theme]: Found `%` but expected one of: integer, float, string, bool, ident, `-`, `not`, `<`, `{`, `[` or `(`
 --> themes/mine/templates/components/mine.html:1:26
  |
1 | {% component mine() %}{{ %}{% endcomponent mine %}
  |                          ^

1 error; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn a_built_in_template_says_so() {
    snapbox::assert_data_eq!(
        report(
            "components/status.html",
            "{% component status(status: map, tone: string) -%}\n{{ status.text }} {{ tone }}\n{%- endcomponent status %}\n"
        ),
        str![[r#"
error[broken-theme]: Argument `tone` (type: `string`) missing.
  --> built-in/default/templates/component_headline.html:14:22
   |
14 | <p class="detail">{{ <status status /> }}</p>
   |                      ^^^^^^^^^^^^^^^^^
   |
   = help: this template is built in; `allclear theme eject templates/component_headline.html` copies it to `themes/mine/templates/component_headline.html`, where it can be changed

error[broken-theme]: Argument `tone` (type: `string`) missing.
 --> built-in/default/templates/components/status_later.html:3:4
  |
3 | {{ <status status /> }}
  |    ^^^^^^^^^^^^^^^^^
  |
  = help: this template is built in; `allclear theme eject templates/components/status_later.html` copies it to `themes/mine/templates/components/status_later.html`, where it can be changed


"#]]
    );
}

#[test]
fn an_unknown_theme_is_answered_with_those_of_the_site() {
    let site = SiteTest::new().file("themes/mine/theme.toml", "contract = 2\n");
    let config = site.read("allclear.toml");
    for (name, hint) in [
        ("mien", "did you mean `mine`?"),
        ("plian", "did you mean `plain`?"),
        (
            "zebra",
            "there are `default`, `plain` and the site's own `mine`; a theme of your own has its files in `themes/zebra/`",
        ),
    ] {
        let theme = format!("theme = \"{name}\"\ntime_zone");
        site.write("allclear.toml", config.replace("time_zone", &theme));
        let report = site.run_fails(1, &["check", "--now", NOW]);
        let report = report.stderr();
        assert!(
            report.contains(&format!("= help: {hint}\n")),
            "{hint}\nis not in\n{report}"
        );
        assert!(report.contains(" --> allclear.toml:4:9\n"), "{report}");
    }
}

#[test]
fn markdown_of_a_template_is_that_of_incident_files() {
    let site = with(
        "not_found.html",
        "{{ \"**Call** <b>us</b> at https://help.example.com/a_b_c\" | markdown }}",
    );
    site.build();
    let text = site.read("public/404.html");
    assert_eq!(
        text.trim_end(),
        "<p><strong>Call</strong> &lt;b&gt;us&lt;/b&gt; at <a dir=\"ltr\" href=\"https://help.example.com/a_b_c\">https://help.example.com/a_b_c</a></p>"
    );
    snapbox::assert_data_eq!(
        report("headline.html", "{{ 3 | markdown }}\n"),
        str![[r#"
error[broken-theme]: Invalid type for the value, expected `&str` but got `i64`
 --> themes/mine/templates/headline.html:1:4
  |
1 | {{ 3 | markdown }}
  |    ^


"#]]
    );
}

//! Diagnostics of the files of a theme: its `theme.toml`, templates that cannot be compiled, and messages.

use snapbox::str;

use crate::site_test::{NOW, Outcome, SiteTest};

#[test]
fn a_template_that_cannot_be_compiled() {
    let site = SiteTest::new();
    let config = site.read("allclear.toml");
    let config = config.replace("time_zone", "theme = \"mine\"\ntime_zone");
    site.file("allclear.toml", config)
        .file("themes/mine/theme.toml", "contract = 2\n")
        .file(
            "themes/mine/templates/not_found.html",
            "<h1>{{ page.title }}</h1>\n<p>{% if page %}Nothing here</p>\n",
        )
        .run_fails(1, &["check", "--now", NOW])
        .expect_stdout(str![""])
        .expect_stderr(str![[r#"
error[broken-theme]: Unexpected end of input
 --> themes/mine/templates/not_found.html:2:17
  |
2 | <p>{% if page %}Nothing here</p>
  |                 ^^^^^^^^^^^^^^^^

1 error; `allclear explain CODE` says more of each

"#]]);
}

/// The outcome of `check` for a theme with these files.
fn theme_report(files: &[(&str, &str)]) -> Outcome {
    let site = SiteTest::new();
    let config = site.read("allclear.toml");
    let config = config.replace("time_zone", "theme = \"mine\"\ntime_zone");
    let site = site.file("allclear.toml", config);
    for (path, text) in files {
        site.write(&format!("themes/mine/{path}"), text);
    }
    site.run_fails(1, &["check", "--now", NOW])
        .expect_stdout(str![""])
}

#[test]
fn a_theme_for_another_contract() {
    let of = |contract: &str| {
        theme_report(&[
            ("theme.toml", contract),
            ("templates/headline.html", "{{ headline.words }}"),
        ])
    };
    of("name = \"Mine\"\ncontract = 1\n").expect_stderr(str![[r#"
error[theme-contract]: this theme is made for contract 1, but allclear 0.1.0 speaks contract 2
 --> themes/mine/theme.toml:2:12
  |
2 | contract = 1
  |            ^
  |
  = help: the changes are in allclear's CHANGELOG.md, "For theme authors", and `allclear theme reference` says what templates see now; fix the theme, then write `contract = 2`

1 error; `allclear explain CODE` says more of each

"#]]);
    of("contract = 3\n").expect_stderr(str![[r#"
error[theme-contract]: this theme is made for contract 3, but allclear 0.1.0 speaks contract 2
 --> themes/mine/theme.toml:1:12
  |
1 | contract = 3
  |            ^
  |
  = help: `allclear theme reference` says what templates see now; fix the theme, then write `contract = 2`

1 error; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn a_theme_that_does_not_say_its_contract() {
    theme_report(&[("templates/headline.html", "{{ headline.text }}")]).expect_stderr(str![[r#"
error[theme-contract]: the theme `mine` does not say which contract it is made for
--> themes/mine/theme.toml
 = help: write `contract = 2` into this file

1 error; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn everything_that_is_wrong_in_a_theme_toml() {
    theme_report(&[(
        "theme.toml",
        r##"contract = 2
extends = "defautl"
colour = "red"

[options.Size]
type = "number"
default = 1

[options.ground]
type = "colour"
default = "#fff"

[options.shape]
type = "choice"
values = ["round", "square"]
default = "oval"

[options.motto]
type = "text"
"##,
    )])
    .expect_stderr(str![[r#"
error[unknown-theme]: there is no built-in theme `defautl`
 --> themes/mine/theme.toml:2:11
  |
2 | extends = "defautl"
  |           ^^^^^^^^^
  |
  = help: a theme extends one of `default`, `plain`

error[unknown-key]: the theme has no key `colour`
 --> themes/mine/theme.toml:3:1
  |
3 | colour = "red"
  | ^^^^^^
  |
  = help: known: `name`, `contract`, `extends`, `options`

error[bad-id]: `Size` cannot be the name of an option
 --> themes/mine/theme.toml:5:10
  |
5 | [options.Size]
  |          ^^^^
  |
  = help: use small letters, digits and `_`, and start with a letter

error[wrong-type]: `colour` is no type of an option
  --> themes/mine/theme.toml:10:8
   |
10 | type = "colour"
   |        ^^^^^^^^
   |
   = help: did you mean `color`?

error[out-of-range]: `oval` is not one of `round`, `square`
  --> themes/mine/theme.toml:16:11
   |
16 | default = "oval"
   |           ^^^^^^
   |
   = help: known: `round`, `square`

error[missing-key]: an option needs `default`
  --> themes/mine/theme.toml:18:1
   |
18 | [options.motto]
   | ^^^^^^^^^^^^^^^

6 errors; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn messages_that_a_theme_cannot_change() {
    theme_report(&[
        ("theme.toml", "contract = 2\n"),
        (
            "messages/en.toml",
            "headline-all_claer = \"Fine\"\npage-as-of = \"As of {tiem}\"\ndays-count = { one = \"a day\" }\n",
        ),
        ("messages/xx.toml", "headline-all_clear = \"?\"\n"),
    ])
    .expect_stderr(str![[r#"
error[bad-message]: there is no message `headline-all_claer`
 --> themes/mine/messages/en.toml:1:1
  |
1 | headline-all_claer = "Fine"
  | ^^^^^^^^^^^^^^^^^^
  |
  = help: did you mean `headline-all_clear`?

error[bad-message]: the message `page-as-of` has no value `{tiem}`
 --> themes/mine/messages/en.toml:2:14
  |
2 | page-as-of = "As of {tiem}"
  |              ^^^^^^^^^^^^^^
  |
  = help: its values are `{time}`

error[bad-message]: the message `days-count` lacks the form `other`
 --> themes/mine/messages/en.toml:3:14
  |
3 | days-count = { one = "a day" }
  |              ^^^^^^^^^^^^^^^^^
  |
  = help: add `other = "..."`

error[unknown-language]: `xx` is no language
--> themes/mine/messages/xx.toml
 = help: built in: `ar`, `de`, `en`, `es`, `fa`, `fr`, `he`, `hi`, `id`, `it`, `ja`, `ko`, `nl`, `pl`, `pt-BR`, `ru`, `tr`, `uk`, `zh`, `zh-Hant`; a region may follow, as in `en-GB`

4 errors; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn a_language_without_all_forms_of_a_message() {
    let site = SiteTest::new();
    let config = site.read("allclear.toml");
    site.file(
        "allclear.toml",
        config.replace("\"ar\"]", "\"ru\"]\ntheme = \"mine\""),
    )
    .file("themes/mine/theme.toml", "contract = 2\n")
    .file(
        "themes/mine/messages/ru.toml",
        "days-count = { one = \"{n} день\", other = \"{n} дня\" }\n",
    )
    .run_warns(&["check", "--now", NOW])
    .expect_stderr(str![[r#"
warning[missing-message]: the interface lacks 2 of its messages in `ru`, and says them in English
--> allclear.toml
 = help: missing: `days-count.few`, `days-count.many`

1 warning; `allclear explain CODE` says more of each

"#]]);
}

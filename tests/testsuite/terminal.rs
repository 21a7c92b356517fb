//! What `new`, `update` and `resolve` ask for on a terminal.
//!
//! Linux alone has the program by which a test gets one.

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};

use snapbox::{IntoData as _, str};

use crate::posting::{AT, HEAD, with};
use crate::site_test::{SiteTest, files_below};

/// What the program shows on a pseudo-terminal, which `script` of util-linux makes. Each answer is typed once its
/// question is on the screen, as a person would.
fn on_a_terminal(
    site: &SiteTest,
    command: (&str, Option<&str>),
    answers: &[(&str, &str)],
) -> String {
    on_a_terminal_while(site, command, answers, |_| {})
}

/// The same, where something happens while each question stands.
fn on_a_terminal_while(
    site: &SiteTest,
    (arguments, editor): (&str, Option<&str>),
    answers: &[(&str, &str)],
    meanwhile: impl Fn(&str),
) -> String {
    let program = snapbox::cmd::cargo_bin!("allclear");
    let command = format!("{} {arguments} --now {AT}", program.display());
    let mut script = Command::new("script");
    script
        .args(["-qec", &command, "/dev/null"])
        .current_dir(site.path(""))
        .env_remove("VISUAL")
        .env_remove("EDITOR")
        .env("TERM", "xterm")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    if let Some(editor) = editor {
        script.env("EDITOR", editor);
    }
    let child = script.spawn();
    let mut child = child.expect("`script`, which Debian has in `bsdutils`");
    let mut input = child.stdin.take().unwrap();
    let mut output = child.stdout.take().unwrap();
    let mut shown = Vec::new();
    let mut from = 0;
    for (question, answer) in answers {
        // What is shown after it, be it in the same moment, is for the next one.
        from = loop {
            let mut places = shown[from..].windows(question.len());
            if let Some(at) = places.position(|place| place == question.as_bytes()) {
                break from + at + question.len();
            }
            let mut buffer = [0; 4096];
            let count = output.read(&mut buffer).unwrap();
            let new = String::from_utf8_lossy(&shown[from..]);
            assert!(count > 0, "`{question}` was never asked:\n{new}");
            shown.extend_from_slice(&buffer[..count]);
        };
        meanwhile(question);
        input.write_all(answer.as_bytes()).unwrap();
        input.flush().unwrap();
    }
    output.read_to_end(&mut shown).unwrap();
    child.wait().unwrap();
    String::from_utf8_lossy(&shown).into_owned()
}

#[test]
fn what_was_not_said_is_asked_for_on_a_terminal() {
    let open = format!("{HEAD}## Investigating · 2022-12-28 19:45\n\nWe look.\n");
    let site = with(&open);
    // The third state; the first component, which is better now; a text.
    let shown = on_a_terminal(
        &site,
        ("update", None),
        &[
            ("What is its state now?", "monit"),
            ("monit", "\r"),
            ("Which components?", " "),
            ("[x]", "\r"),
            ("How is web?", "\r"),
            ("What should readers know?", "A fix is out."),
            ("is out.", "\r"),
        ],
    );
    let update = "## Monitoring · 2022-12-28 20:30 {web=operational}\n\nA fix is out.\n\n";
    assert_eq!(
        site.read("incidents/2022-12-28-log-in-fails.md"),
        open.replace("## Investigating", &format!("{update}## Investigating")),
        "{shown}"
    );

    let site = SiteTest::new();
    on_a_terminal(
        &site,
        ("new incident", None),
        &[
            ("What do readers notice?", "Nobody can log in"),
            ("can log in", "\r"),
            // Nothing is chosen, which may be a slip; then the third of them, and how it is.
            ("Which components?", "\r"),
            ("Is no component affected?", "\r"),
            ("Which components?", "login"),
            ("login", " "),
            ("[x]", "\r"),
            ("How is login?", "major"),
            ("major", "\r"),
            ("What should readers know?", "We look."),
            ("We look.", "\r"),
        ],
    );
    let text = site.read("incidents/2022-12-28-nobody-can-log-in.md");
    snapbox::assert_data_eq!(
        &text,
        str![[r#"
---
# yaml-language-server: $schema=../public/schemas/incident.json
title: "Nobody can log in"
components:
  login: major_outage
started: 2022-12-28 20:30
---

## Investigating · 2022-12-28 20:30

We look.

"#]]
        .raw()
    );

    // Whoever leaves has changed nothing.
    let shown = on_a_terminal(
        &site,
        ("resolve", None),
        &[("What should readers know?", "\u{3}")],
    );
    assert!(shown.contains("nothing was changed"), "{shown}");
    assert_eq!(site.read("incidents/2022-12-28-nobody-can-log-in.md"), text);

    // A text is written in the editor, where there is one; what it explains is left out.
    site.write("editor", "#!/bin/sh\ngrep -q 'What should readers know?' \"$2\" && [ \"$1\" = --wait ] && { echo 'Two'; echo 'lines.'; cat \"$2\"; } > written && cp written \"$2\"\n");
    make_executable(&site.path("editor"));
    let editor = format!("{} --wait", site.path("editor").display());
    let shown = on_a_terminal(&site, ("resolve", Some(&editor)), &[]);
    let after = site.read("incidents/2022-12-28-nobody-can-log-in.md");
    let resolved = "## Resolved · 2022-12-28 20:30:20\n\nTwo\nlines.\n\n## Investigating";
    assert_eq!(after, text.replace("## Investigating", resolved), "{shown}");
    let shown = on_a_terminal(&site, ("update log-in postmortem", Some("false")), &[]);
    assert!(shown.contains("`false` ended with an error"), "{shown}");
    assert_eq!(
        site.read("incidents/2022-12-28-nobody-can-log-in.md"),
        after
    );

    on_a_terminal(
        &site,
        ("new maintenance", None),
        &[
            ("What do readers notice?", "Upgrade\r"),
            ("Which components?", "\r"),
            ("Is no component under maintenance?", "y\r"),
            ("What should readers know?", "It is short.\r"),
            ("When does it begin?", "in the night\r"),
            ("this is not a time", ""),
            ("When does it begin?", "2023-01-14 02:00\r"),
            ("When does it end?", "90m\r"),
        ],
    );
    let text = site.read("incidents/2022-12-28-upgrade.md");
    snapbox::assert_data_eq!(
        &text,
        str![[r#"
---
# yaml-language-server: $schema=../public/schemas/incident.json
title: "Upgrade"
kind: maintenance
starts: 2023-01-14 02:00
ends: 2023-01-14 03:30
---

## Scheduled · 2022-12-28 20:30

It is short.

"#]]
        .raw()
    );
}

/// Lets a file be run as a program.
fn make_executable(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// On a terminal nothing is assumed: what was said is not asked again, and the rest is.
#[test]
fn the_plan_of_a_host_is_asked_for_on_a_terminal() {
    let valid_for = |host: &str, answers: &[(&str, &str)]| -> String {
        let site = SiteTest::empty();
        let shown = on_a_terminal(&site, (&format!("init --ci {host}"), None), answers);
        assert_eq!(shown.contains("Which plan"), !answers.is_empty(), "{shown}");
        let config = site.read("allclear.toml");
        let states = config.lines().find(|line| line.starts_with("states"));
        states.unwrap().split('#').next().unwrap().trim().to_owned()
    };
    let free = valid_for("gitlab", &[("Which plan of GitLab is it?", "\r")]);
    assert_eq!(free, "states = { valid_for = \"75m\" }");
    let answers = [("Which plan of Cloudflare is it?", "paid"), ("paid", "\r")];
    let paid = valid_for("cloudflare", &answers);
    assert_eq!(paid, "states = { valid_for = \"45m\" }");
    // Where it makes no difference, and where it was said, nobody is asked.
    assert_eq!(valid_for("netlify", &[]), "states = { required = false }");
    let said = valid_for("gitlab --plan paid", &[]);
    assert_eq!(said, "states = { valid_for = \"30m\" }");
}

#[test]
fn a_status_and_a_window_are_asked_for_on_a_terminal() {
    let site = SiteTest::new();
    let shown = on_a_terminal(
        &site,
        ("new incident Down -c web=major_outage -c api", None),
        &[
            ("How is api?", "degraded"),
            ("degraded", "\r"),
            ("What should readers know?", "We look.\r"),
        ],
    );
    assert!(!shown.contains("How is web?"), "{shown}");
    assert!(shown.contains("the page will say"), "{shown}");
    let text = site.read("incidents/2022-12-28-down.md");
    let components = "\ncomponents:\n  web: major_outage\n  api: degraded_performance\n";
    assert!(text.contains(components), "{text}");

    on_a_terminal(
        &site,
        ("new maintenance Move -c login -m Soon.", None),
        &[
            ("When does it begin?", "tomorrow 2am\r"),
            ("When does it end?", "23:00\r"),
            ("and it begins at", ""),
            ("When does it end?", "90 min\r"),
        ],
    );
    let text = site.read("incidents/2022-12-28-move.md");
    let window = "\nstarts: 2022-12-29 02:00\nends: 2022-12-29 03:30\n";
    assert!(text.contains(window), "{text}");
}

/// The file of the incident that is written while a question stands.
const FILE: &str = "incidents/2022-12-28-log-in-fails.md";

/// What an incident file with these updates is.
fn incident(updates: &str) -> String {
    format!("{HEAD}Summary.\n\n{updates}## Investigating · 2022-12-28 19:45\n\nWe look.\n")
}

/// What is shown where somebody posts an update, and something happens before the text is known.
fn posted_while(site: &SiteTest, command: &str, meanwhile: impl Fn()) -> String {
    let question = "What should readers know?";
    let answers = [(question, "A fix is out.\r")];
    on_a_terminal_while(site, (command, None), &answers, |_| meanwhile())
}

/// A colleague saves the file, or pulls theirs, while somebody thinks about what to say: both texts stand.
#[test]
fn what_changes_while_a_question_stands_is_kept() {
    let site = with(&incident(""));
    let theirs = "## Identified · 2022-12-28 20:10\n\nA disk.\n\n";
    let shown = posted_while(&site, "update log-in monitoring", || {
        let text = incident(theirs).replace("Summary.", "A better summary.");
        site.write(FILE, text);
        site.write("incidents/other.md", incident(""));
    });
    let ours = "## Monitoring · 2022-12-28 20:30\n\nA fix is out.\n\n";
    assert_eq!(
        site.read(FILE),
        incident(&format!("{ours}{theirs}")).replace("Summary.", "A better summary."),
        "{shown}"
    );
    assert!(shown.contains("the page will say"), "{shown}");

    // Theirs is of the same minute, or of the same second.
    for (at, ours) in [("20:30", "20:30:20"), ("20:30:20", "20:30:21")] {
        let site = with(&incident(""));
        let theirs = format!("## Identified · 2022-12-28 {at}\n\nA disk.\n\n");
        let shown = posted_while(&site, "update log-in monitoring", || {
            site.write(FILE, incident(&theirs));
        });
        let ours = format!("## Monitoring · 2022-12-28 {ours}\n\nA fix is out.\n\n");
        let expected = incident(&format!("{ours}{theirs}"));
        assert_eq!(site.read(FILE), expected, "{shown}");
    }

    // The file is the same one in another folder.
    let site = with(&incident(""));
    let shown = posted_while(&site, "update log-in monitoring", || {
        std::fs::create_dir(site.path("incidents/2022")).unwrap();
        let new = site.path("incidents/2022/2022-12-28-log-in-fails.md");
        std::fs::rename(site.path(FILE), new).unwrap();
    });
    let text = site.read("incidents/2022/2022-12-28-log-in-fails.md");
    assert!(text.contains("\n\nA fix is out.\n\n"), "{shown}");
    assert!(!site.path(FILE).exists());
}

/// Where the update can no longer be posted, nothing is changed, the reason is told, and the text is there to be used again.
#[test]
fn a_text_that_cannot_be_posted_any_more_is_given_back() {
    let resolved = "## Resolved · 2022-12-28 20:20\n\nIt works.\n\n";
    let slug = "2022-12-28-log-in-fails";
    /// A command, what happens to its file meanwhile, and what it says then.
    type Case<'a> = (&'a str, &'a dyn Fn(&SiteTest), &'a str);
    let cases: [Case<'_>; 5] = [
        (
            "update log-in monitoring",
            &|site| site.write(FILE, incident(resolved)),
            "`2022-12-28-log-in-fails` was ended meanwhile",
        ),
        (
            "resolve log-in",
            &|site| site.write(FILE, incident(resolved)),
            "`2022-12-28-log-in-fails` is over",
        ),
        (
            "update log-in monitoring",
            &|site| std::fs::remove_file(site.path(FILE)).unwrap(),
            "there is no incident `2022-12-28-log-in-fails` any more",
        ),
        (
            "update log-in monitoring",
            &|site| {
                let new = site.path("incidents/2022-12-28-sign-in-fails.md");
                std::fs::rename(site.path(FILE), new).unwrap();
            },
            "there is no incident `2022-12-28-log-in-fails` any more",
        ),
        (
            "update log-in monitoring",
            &|site| site.write(FILE, "---\ntitle: [\n---\n"),
            "error[bad-syntax]",
        ),
    ];
    for (command, change, told) in cases {
        let site = with(&incident(""));
        let shown = posted_while(&site, command, || change(&site));
        assert!(shown.contains(told), "{shown}");
        let back = "The text was not posted:\r\n\r\nA fix is out.\r\n";
        assert!(shown.contains(back), "{shown}");
        let expected = with(&incident(""));
        change(&expected);
        for file in files_below(&site.path("incidents")) {
            let file = format!("incidents/{file}");
            assert_eq!(site.read(&file), expected.read(&file), "{slug}");
        }
    }

    // What an editor was opened for is given back too.
    let site = with(&incident(""));
    let file = site.path(FILE);
    let editor = format!(
        "#!/bin/sh\nprintf '# Two\\nlines.\\n' > \"$1\"\nrm '{}'\n",
        file.display()
    );
    site.write("editor", editor);
    make_executable(&site.path("editor"));
    let editor = site.path("editor").display().to_string();
    let shown = on_a_terminal(&site, ("resolve", Some(&editor)), &[]);
    let back = "The text was not posted:\r\n\r\n# Two\r\nlines.\r\n";
    assert!(shown.contains(back), "{shown}");
}

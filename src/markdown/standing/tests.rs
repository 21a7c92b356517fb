use super::{Standing, Swallower, standings};

/// The standing of the line that holds an `X`.
fn of(body: &str) -> Standing {
    let at = body.find('X').unwrap_or_default();
    let start = body[..at].rfind('\n').map_or(0, |at| at + 1);
    let end = body[at..].find('\n').map_or(body.len(), |end| at + end + 1);
    standings(body, std::slice::from_ref(&(start..end))).remove(0)
}

fn heading(level: u8, is_nested: bool) -> Standing {
    Standing::Heading { level, is_nested }
}

fn emphasis(is_whole: bool, alike: usize) -> Standing {
    Standing::Emphasis { is_whole, alike }
}

fn swallowed(by: Swallower) -> impl Fn(&Standing) -> bool {
    move |standing| matches!(standing, Standing::Swallowed { by: found, .. } if *found == by)
}

#[test]
fn headings_of_every_kind() {
    assert_eq!(of("a\n\n## X\n"), Standing::Section);
    assert_eq!(of("a\n\nX\n---\n"), Standing::Section);
    assert_eq!(of("### X\n"), heading(3, false));
    assert_eq!(of("X\n===\n"), heading(1, false));
    assert_eq!(of("> ## X\n"), heading(2, true));
    assert_eq!(of("- a\n\n  ## X\n"), heading(2, true));
    assert_eq!(of("##X\n"), Standing::Text);
    assert_eq!(of("- ##X\n"), Standing::Text);
}

#[test]
fn bold_and_italic_lines() {
    assert_eq!(of("**X** a\n"), emphasis(false, 1));
    assert_eq!(of("a\n__X a__\nb\n"), emphasis(true, 1));
    assert_eq!(of("*X*\n*b*\n"), emphasis(true, 2));
    assert_eq!(of("> **X**\n"), emphasis(true, 1));
    assert_eq!(of("<b>X</b>\n"), emphasis(true, 0));
    assert_eq!(of("- **X**\n"), Standing::Text);
    assert_eq!(of("X\n"), Standing::Text);
}

#[test]
fn what_has_an_end_is_content() {
    for body in [
        "```\n## X\n```\n",
        "~~~ text\n## X\n~~~\n\nb\n",
        "````\n```\n## X\n````\n",
        "- ```\n  ## X\n  ```\n",
        "<!--\n## X\n-->\n",
        "<pre>\n## X\n</pre>\n",
        "|a|\n|-|\n|X|\n",
        "[X]: http://example.com/\n",
    ] {
        assert_eq!(of(body), Standing::Content, "{body}");
    }
}

#[test]
fn what_has_no_end_swallows() {
    for body in [
        "```\n## X\n",
        "```\na\n\n## X\n\nb\n```text\nc\n```\n",
        "```\n## X\n```\n\n```\n",
        "```\n## X\n~~~\n",
    ] {
        assert!(swallowed(Swallower::Fence)(&of(body)), "{body}");
    }
    for body in ["<!-- a\n\n## X\n", "<!-- a\n\n## X\n\n<!-- b -->\n"] {
        assert!(swallowed(Swallower::Comment)(&of(body)), "{body}");
    }
    for body in [
        "<div>\n## X\n</div>\n",
        "<pre>\n\n## X\n",
        "<details>\n## X\n",
    ] {
        assert!(swallowed(Swallower::Html)(&of(body)), "{body}");
    }
}

#[test]
fn the_line_that_begins_it_is_told() {
    let body = "a\n\n```sh\nls\n\n## X\n";
    let Standing::Swallowed { opening, .. } = of(body) else {
        unreachable!("{body}");
    };
    assert_eq!(&body[opening], "```sh");
}

#[test]
fn what_is_indented_is_code_by_its_blanks_alone() {
    let is_indented = swallowed(Swallower::Indent);
    for body in ["    ## X\n", "a\n\n\t## X\n", "- a\n\n      ## X\n"] {
        assert!(is_indented(&of(body)), "{body}");
    }
}

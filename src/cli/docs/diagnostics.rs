//! Errors and warnings: what `allclear explain` says, all of it.

use std::fmt::Write as _;

use allclear::diagnostic::Code;

/// The page of all codes, in the order of the alphabet.
pub(super) fn page() -> String {
    let mut text = "# Errors and warnings\n\n\
        The word in brackets behind `error` or `warning` is the kind of what was found. `allclear explain CODE` prints what \
        stands here of it. Of many findings that are alike three are printed, with `check --all` each.\n\n\
        An **error** keeps a page from being built, and `check` and `build` end with exit code 1. A **warning** keeps nothing \
        back, unless `--strict` makes errors of all warnings, or `check --deny CODE` of those of one kind. A **rule** is a \
        warning that a site may make an `error` or turn `off` in [`[check]`](site.md#top-level). A **contradiction**, in which \
        posts and evidence disagree, is an error in `check` and a warning in `build`, for the page is to tell the truth.\n"
        .to_owned();
    let mut codes: Vec<Code> = Code::ALL.to_vec();
    codes.sort_by_key(|code| code.as_str());
    for code in codes {
        let _ = write!(
            text,
            "\n## {}\n\n*{}.*\n\n{}\n",
            code.as_str(),
            weight(code),
            code.explanation()
        );
    }
    text
}

/// How much is made of a kind.
fn weight(code: Code) -> &'static str {
    match (code.is_warning(), code.is_rule()) {
        (true, _) if code.is_contradiction() => "Contradiction",
        (true, true) => "Warning, a rule",
        (true, false) => "Warning",
        (false, true) => "Error, a rule",
        (false, false) => "Error",
    }
}

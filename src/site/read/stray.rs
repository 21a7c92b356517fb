//! The lines of an incident file that somebody meant as an update, and that are none to the parser.

use std::ops::Range;

use chrono_tz::Tz;

use super::lookalike::Lookalike;
use super::names::Names;
use crate::characters::is_invisible;
use crate::diagnostic::{Code, Diagnostic};
use crate::locale::{Language, LanguageIndex, Locale};
use crate::markdown::{self, Standing, Swallower};
use crate::site::lookup::Directory;
use crate::site::update::Update;
use crate::syntax::Reader;

/// The longest line that can be a heading of an update, in bytes.
const LONGEST: usize = 300;

/// A line that may be a stray update.
struct Candidate {
    /// Its bytes in the body, without white space around them.
    span: Range<usize>,
    /// Its text, without the marks before it.
    text: Range<usize>,
    /// The hashes before its text.
    hashes: usize,
    /// Whether it has no time, so that only its hashes tell that it is meant as a heading.
    is_bare: bool,
}

/// Reports the lines of a body that read like an update and are none; `body` is where it stands in the file, and
/// `updates` are the headings in it that are updates,
/// in the order of the file.
pub(super) fn report(
    reader: &mut Reader<'_>,
    body: &Range<usize>,
    updates: &[Update],
    language: LanguageIndex,
    names: &Names<'_>,
) {
    let text = &reader.file.text[body.clone()];
    let mut found: Vec<(Candidate, Lookalike)> = Vec::new();
    let is_update = |candidate: &Candidate| {
        let line = body.start + candidate.span.start..body.start + candidate.span.end;
        let first = updates.partition_point(|update| update.place.span.start < line.start);
        let heading = updates.get(first).map(|update| &update.place.span);
        heading.is_some_and(|heading| heading.end <= line.end)
    };
    for candidate in candidates(text).filter(|candidate| !is_update(candidate)) {
        let line = &text[candidate.text.clone()];
        let lookalike = match candidate.is_bare {
            true => Lookalike::timeless(line, language, names),
            false => Lookalike::read(line, language, names),
        };
        found.extend(lookalike.map(|lookalike| (candidate, lookalike)));
    }
    if found.is_empty() {
        return;
    }
    let lines: Vec<Range<usize>> = found
        .iter()
        .map(|(candidate, _)| candidate.span.clone())
        .collect();
    let mut last_opening = None;
    for ((candidate, lookalike), standing) in
        found.into_iter().zip(markdown::standings(text, &lines))
    {
        let Some(problem) =
            problem(&candidate, &standing, text).filter(|_| lookalike.is_meant(&standing))
        else {
            continue;
        };
        let at =
            |span: &Range<usize>| reader.place(&(body.start + span.start..body.start + span.end));
        let mut diagnostic =
            Diagnostic::error(Code::BadUpdateHeading, at(&candidate.span), problem);
        diagnostic = match &standing {
            // One end that is missing is one mistake, whatever it swallows.
            Standing::Swallowed { opening, .. } if last_opening.as_ref() == Some(opening) => {
                continue;
            }
            Standing::Swallowed { opening, .. } if opening.end > candidate.span.start => {
                diagnostic.hint(lookalike.hint(language, names))
            }
            Standing::Swallowed { by, opening } => {
                last_opening = Some(opening.clone());
                diagnostic
                    .related(at(opening), "it begins here")
                    .hint(end_of(*by))
            }
            _ => diagnostic.hint(lookalike.hint(language, names)),
        };
        reader.diagnostics.push(diagnostic);
    }
}

/// Whether a line of a foreign text, as Markdown, may read like an update in any language.
pub fn may_be_there(markdown: &str) -> bool {
    let candidates: Vec<Candidate> = candidates(markdown).collect();
    if candidates.is_empty() {
        return false;
    }
    let languages = [Language::english()];
    let locales = languages.each_ref().map(Locale::new);
    let names = Names {
        components: &Directory::new(&[]),
        regions: &Directory::new(&[]),
        signals: &Directory::new(&[]),
        languages: &languages,
        locales: &locales,
        zone: Tz::UTC,
    };
    let reads_like_one = |candidate: &Candidate| {
        let text = &markdown[candidate.text.clone()];
        Lookalike::read(text, LanguageIndex::DEFAULT, &names).is_some()
    };
    let lines = candidates.into_iter().filter(reads_like_one);
    let lines: Vec<Range<usize>> = lines.map(|candidate| candidate.span).collect();
    let mut standings = markdown::standings(markdown, &lines).into_iter();
    standings.any(|standing| !matches!(standing, Standing::Content | Standing::Text))
}

/// Reports updates that stand in the head of a file, where `##` begins a comment.
pub(super) fn report_head(
    reader: &mut Reader<'_>,
    head: &Range<usize>,
    language: LanguageIndex,
    names: &Names<'_>,
) {
    let text = &reader.file.text[head.clone()];
    let standing = Standing::Swallowed {
        by: Swallower::Comment,
        opening: 0..0,
    };
    let mut headings = candidates(text).filter(|candidate| candidate.hashes > 1);
    let meant = headings.find(|candidate| {
        let lookalike = Lookalike::read(&text[candidate.text.clone()], language, names);
        lookalike.is_some_and(|found| found.is_meant(&standing))
    });
    if let Some(Candidate { span, .. }) = meant {
        let span = head.start + span.start..head.start + span.end;
        let message = "this update stands in the front matter, where it is a comment";
        let hint = "end the front matter before it, and write the update below".to_owned();
        reader.error(Code::BadUpdateHeading, &span, message, hint);
    }
}

/// The lines of a text that may be stray updates, by the marks with which they begin.
fn candidates(text: &str) -> impl Iterator<Item = Candidate> {
    let mut lines = text.split_inclusive('\n').peekable();
    let mut start = 0;
    std::iter::from_fn(move || {
        let line = lines.next()?;
        let begins = start;
        start += line.len();
        let next = lines.peek().copied().unwrap_or_default();
        Some(candidate(line, begins, next))
    })
    .flatten()
}

fn candidate(line: &str, start: usize, next: &str) -> Option<Candidate> {
    if line.len() > LONGEST {
        return None;
    }
    let is_underlined = matches!(
        next.trim_start_matches([' ', '>']).chars().next(),
        Some('=' | '-')
    );
    if !is_underlined && !line.bytes().any(may_mark) {
        return None;
    }
    let whole = line.trim();
    let rest = without_containers(whole);
    let text = rest.trim_start_matches(['#', '＃']);
    let hashes = rest[..rest.len() - text.len()].chars().count();
    let is_marked = hashes > 0
        || is_underlined
        || rest.starts_with(['*', '_', '<'])
        || rest.contains("**")
        || rest.contains("__");
    if !is_marked {
        return None;
    }
    let is_bare = !has_number(line);
    if is_bare && (hashes < 2 || text.starts_with([' ', '\t'])) {
        return None;
    }
    let offset = |part: &str| start + (part.as_ptr().addr() - line.as_ptr().addr());
    let from = offset(whole);
    let text_from = offset(text);
    Some(Candidate {
        span: from..from + whole.len(),
        text: text_from..text_from + text.len(),
        hashes,
        is_bare,
    })
}

/// Whether a byte may begin a mark of a line that may be a stray update, the wide hash among them.
fn may_mark(byte: u8) -> bool {
    matches!(byte, b'#' | b'*' | b'_' | b'<' | 0xef)
}

fn has_number(line: &str) -> bool {
    line.bytes().any(|byte| byte.is_ascii_digit())
        || !line.is_ascii() && line.chars().any(char::is_numeric)
}

/// A line without the marks of block quotes and lists, and without characters that cannot be seen.
fn without_containers(line: &str) -> &str {
    let mut rest = line;
    loop {
        let is_unseen = |c: char| c.is_whitespace() || is_invisible(c);
        let inner = rest.trim_start_matches(is_unseen);
        let inner = inner.strip_prefix('>').unwrap_or(inner);
        let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
        let item = match digits {
            0 => inner.strip_prefix(['-', '+', '*']),
            1..=9 => inner[digits..].strip_prefix(['.', ')']),
            _ => None,
        };
        let inner = item.filter(|item| item.starts_with(' ')).unwrap_or(inner);
        if inner.len() == rest.len() {
            return rest;
        }
        rest = inner;
    }
}

/// The problem with a line that reads like an update; `None` where it is one, or text without any mark.
fn problem(candidate: &Candidate, standing: &Standing, body: &str) -> Option<String> {
    let text = &body[candidate.text.clone()];
    Some(match standing {
        Standing::Section | Standing::Content => return None,
        Standing::Heading { is_nested: true, .. } => {
            "this reads like an update, but its heading stands in a list, a block quote or a footnote".to_owned()
        }
        Standing::Heading { level, .. } => {
            format!("this reads like an update, but its heading is of level {level}, not 2")
        }
        Standing::Emphasis { .. } => {
            "this reads like an update, but is bold or italic text and no heading".to_owned()
        }
        Standing::Text if candidate.hashes > 0 && text.starts_with(' ') => {
            "this reads like an update, but `## ` does not begin its line".to_owned()
        }
        Standing::Text if candidate.hashes > 0 => {
            "this reads like an update, but no blank stands behind its `#`".to_owned()
        }
        Standing::Text => return None,
        Standing::Swallowed { by: Swallower::Html, .. } if candidate.hashes > 1 || is_tagged(text) => {
            "this reads like an update, but stands in a block of HTML, where it is no heading".to_owned()
        }
        Standing::Swallowed { by, .. } if candidate.hashes > 1 => match by {
            Swallower::Fence => "this update stands in a code block that has no end".to_owned(),
            Swallower::Indent => {
                "this reads like an update, but its blanks make it code".to_owned()
            }
            _ => "this update stands in a comment that has no end".to_owned(),
        },
        Standing::Swallowed { .. } => return None,
    })
}

/// Whether a text begins with a tag of a heading, or of bold text.
fn is_tagged(text: &str) -> bool {
    let lowered = text.to_ascii_lowercase();
    let tags = ["<h1", "<h2", "<h3", "<h4", "<h5", "<h6", "<b>", "<strong>"];
    tags.iter().any(|tag| lowered.starts_with(tag))
}

/// The hint for something that swallows updates.
fn end_of(by: Swallower) -> &'static str {
    match by {
        Swallower::Fence => {
            "end the code with a fence of its own (three backticks or tildes) before the update"
        }
        Swallower::Comment => "end the comment with `-->` before the update",
        Swallower::Indent => "begin the line with `## `",
        Swallower::Html => {
            "leave an empty line before the update, and end what was opened with a tag"
        }
    }
}

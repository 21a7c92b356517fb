//! The faults of templates as the engine tells them, and as diagnostics at real places.

use std::ops::Range;

use camino::Utf8PathBuf;
use tera::ErrorKind;

use super::built_in::BUILT_IN;
use super::scan;
use super::template_files::{SITE, TemplateFiles};
use crate::diagnostic::{Code, Diagnostic, Place, UnknownName, nearest_hint};

/// The functions that templates may call.
const FUNCTIONS: [&str; 5] = ["t", "asset", "range", "throw", "super"];

/// The filters that templates may use.
const FILTERS: [&str; 38] = [
    "abs",
    "capitalize",
    "default",
    "escape",
    "escape_html",
    "escape_xml",
    "first",
    "float",
    "get",
    "group_by",
    "indent",
    "int",
    "join",
    "keys",
    "last",
    "length",
    "lower",
    "markdown",
    "newlines_to_br",
    "nth",
    "pairs",
    "pluralize",
    "replace",
    "reverse",
    "round",
    "safe",
    "sort",
    "split",
    "str",
    "title",
    "trim",
    "trim_end",
    "trim_start",
    "truncate",
    "unique",
    "upper",
    "values",
    "wordcount",
];

/// The faults of templates that one error of the engine tells.
#[derive(Debug)]
pub(super) struct Faults {
    /// What is reported.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The template without which the engine finds the next error, where there is such a one.
    pub(super) culprit: Option<String>,
}

/// An error of a function for templates: the engine knows texts only, so that the hint is its second line.
pub(super) fn refusal(unknown: &UnknownName) -> tera::Error {
    let hint = unknown.hint.as_deref().unwrap_or_default();
    tera::Error::message(format!("{}\n{hint}", unknown.message))
}

/// The faults that an error of compiling tells; `left_out` are templates that had faults themselves, so that what
/// refers to them is no fault.
pub(super) fn of_compiling(
    files: &TemplateFiles,
    left_out: &[String],
    error: &tera::Error,
) -> Faults {
    let one = |name: &str, diagnostic| Faults {
        diagnostics: vec![diagnostic],
        culprit: Some(name.to_owned()),
    };
    match error.kind() {
        ErrorKind::SyntaxError(report) => {
            let name = report.filename();
            let span = report.span().range.clone();
            one(name, at(files, name, span, report.message()))
        }
        ErrorKind::CircularExtend {
            tpl,
            inheritance_chain: chain,
        }
        | ErrorKind::CircularInclude {
            tpl,
            include_chain: chain,
        } => {
            let (name, diagnostic) = circle(files, tpl, chain);
            one(&name, diagnostic)
        }
        ErrorKind::MissingParent { current, .. } if !left_out.is_empty() => Faults {
            diagnostics: Vec::new(),
            culprit: Some(current.clone()),
        },
        ErrorKind::MissingParent { current, parent } => {
            let text = files.templates.get(current).map(|file| file.text.as_str());
            let span = text.and_then(|text| scan::mentioned(text, &[parent]));
            let message = format!("there is no template `{parent}`");
            let mut diagnostic = at(files, current, span.unwrap_or(0..0), &message);
            diagnostic.hint = template_hint(files, parent);
            one(current, diagnostic)
        }
        _ => Faults {
            diagnostics: between_templates(files, left_out, &error.to_string()),
            culprit: None,
        },
    }
}

/// The fault that an error of rendering tells. What is wrong in a built-in template is told where the site's own
/// calls it, if it does.
pub(super) fn of_rendering(files: &TemplateFiles, error: &tera::Error) -> Diagnostic {
    let ErrorKind::RenderingError(report) = error.kind() else {
        return at(files, "", 0..0, &error.to_string());
    };
    let (message, hint) = match report.message().split_once('\n') {
        Some((message, hint)) => (message, Some(hint)),
        None => (report.message(), None),
    };
    let mut diagnostic = at(
        files,
        report.filename(),
        report.span().range.clone(),
        message,
    );
    let notes = error.to_string();
    let notes = notes
        .lines()
        .filter_map(|line| line.strip_prefix("note: called from "));
    let mut callers = notes.filter_map(position);
    let is_own = report.filename().starts_with(SITE);
    if let Some(caller) = callers.find(|caller| !is_own && caller.template.starts_with(SITE))
        && let Some(file) = files.templates.get(caller.template)
    {
        let span = caller.span(&file.text, 1);
        diagnostic = at(files, caller.template, span, message);
    }
    if let Some(hint) = hint.filter(|hint| !hint.is_empty()) {
        diagnostic.hint = Some(hint.to_owned());
    }
    diagnostic
}

/// Messages and assets that templates ask for by their names and that are not there.
pub(super) fn of_names(
    files: &TemplateFiles,
    knows: impl Fn(&str) -> Result<(), Box<UnknownName>>,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in files.templates.values() {
        let keys = scan::keys(&file.text).into_iter();
        let keys = keys.map(|(key, span)| (knows(key), span));
        let assets = scan::assets(&file.text).into_iter();
        let assets = assets.map(|(name, span)| (files.asset(name).map(drop), span));
        for (known, span) in keys.chain(assets) {
            if let Err(unknown) = known {
                let place = Place::new(file, span);
                let mut diagnostic = Diagnostic::error(Code::BrokenTheme, place, unknown.message);
                diagnostic.hint = unknown.hint;
                found.push(diagnostic);
            }
        }
    }
    found
}

/// A fault at a place of a template. A built-in one says so, and how to change it.
fn at(files: &TemplateFiles, name: &str, span: Range<usize>, message: &str) -> Diagnostic {
    let Some(file) = files.templates.get(name) else {
        let theme = Utf8PathBuf::from(format!("themes/{}", files.theme));
        return Diagnostic::file_error(Code::BrokenTheme, theme, message);
    };
    let diagnostic = Diagnostic::error(Code::BrokenTheme, Place::new(file, span), message);
    let inside = name.split_once('/').map_or(name, |(_, inside)| inside);
    match name.starts_with(SITE) {
        true => diagnostic,
        false => diagnostic.hint(format!(
            "this template is built in; `allclear theme eject templates/{inside}` copies it to `themes/{}/templates/{inside}`, where it can be changed",
            files.theme
        )),
    }
}

/// Templates that lead back to themselves, told at one of the site's own; and its name.
fn circle(files: &TemplateFiles, template: &str, chain: &[String]) -> (String, Diagnostic) {
    let start = chain.iter().position(|name| name == template).unwrap_or(0);
    let mut circle: Vec<&str> = chain[start..].iter().map(String::as_str).collect();
    if circle.len() > 1 {
        circle.pop();
    }
    let own = circle.iter().position(|name| name.starts_with(SITE));
    circle.rotate_left(own.unwrap_or(0));
    let Some(first) = circle.first().copied() else {
        return (
            template.to_owned(),
            at(files, template, 0..0, "this template leads back to itself"),
        );
    };
    let next = circle.get(1).copied().unwrap_or(first);
    let bare = next.split_once('/').map_or(next, |(_, inside)| inside);
    let path = |name: &str| match files.templates.get(name) {
        Some(file) => file.path.to_string(),
        None => name.to_owned(),
    };
    let mut paths: Vec<String> = circle.iter().map(|name| path(name)).collect();
    paths.push(path(first));
    let text = files.templates.get(first).map(|file| file.text.as_str());
    let span = text.and_then(|text| scan::mentioned(text, &[next, bare]));
    let message = format!("this template leads back to itself: {}", paths.join(", "));
    (
        first.to_owned(),
        at(files, first, span.unwrap_or(0..0), &message),
    )
}

/// The faults that the engine finds between templates, which it tells as one text: for each a line
/// `error: MESSAGE`, a line ` --> TEMPLATE:LINE:COLUMN`, and the source.
fn between_templates(files: &TemplateFiles, left_out: &[String], text: &str) -> Vec<Diagnostic> {
    if let Some(diagnostic) = two_of_one_name(files, text) {
        return vec![diagnostic];
    }
    let mut found = Vec::new();
    for report in text.split("\n\n") {
        let mut lines = report.lines();
        let message = lines.next().and_then(|line| line.strip_prefix("error: "));
        let place = lines
            .next()
            .and_then(|line| line.trim_start().strip_prefix("--> "));
        let place = place.and_then(position);
        let (Some(message), Some(place)) = (message, place) else {
            found.push(at(files, "", 0..0, report));
            continue;
        };
        let refers = ["Unknown template ", "Unknown component "];
        if !left_out.is_empty() && refers.iter().any(|start| message.starts_with(start)) {
            continue;
        }
        let carets = lines.last().unwrap_or_default();
        let width = carets.chars().filter(|c| *c == '^').count();
        let file = files.templates.get(place.template);
        let span = file.map_or(0..0, |file| place.span(&file.text, width));
        if let Some(frame) = frame_without_content(files, message, place.template) {
            found.push(frame);
            continue;
        }
        let mut diagnostic = at(files, place.template, span, message);
        if let Some(hint) = hint(files, message) {
            diagnostic.hint = Some(hint);
        }
        found.push(diagnostic);
    }
    found
}

/// A theme's own frame that lacks the block which the built-in pages fill.
fn frame_without_content(
    files: &TemplateFiles,
    message: &str,
    template: &str,
) -> Option<Diagnostic> {
    let frame = format!("{SITE}base.html");
    let is_it = message.starts_with("Block `content` ") && !template.starts_with(SITE);
    if !is_it || !files.templates.contains_key(&frame) {
        return None;
    }
    let message = "this frame has no block `content`, which every page fills";
    let diagnostic = at(files, &frame, 0..0, message);
    Some(diagnostic.hint("write `{% block content %}{% endblock %}` where the page belongs, or extend a built-in `base.html`"))
}

/// A component that two files of a theme define.
fn two_of_one_name(files: &TemplateFiles, text: &str) -> Option<Diagnostic> {
    let mut names = text.strip_prefix("Component `")?.split('`');
    let component = names.next()?;
    let mut places = names.skip(1).step_by(2).filter_map(|name| {
        let file = files.templates.get(name)?;
        let mut named = scan::named(&file.text, "component").into_iter();
        let (_, span) = named.find(|(name, _)| *name == component)?;
        Some(Place::new(file, span))
    });
    let (first, second) = (places.next()?, places.next()?);
    let message = format!("there are two components `{component}`");
    let diagnostic = Diagnostic::error(Code::BrokenTheme, second, message);
    Some(
        diagnostic
            .related(first, "the first")
            .hint("give one of them another name"),
    )
}

/// The nearest name to an unknown one.
fn hint(files: &TemplateFiles, message: &str) -> Option<String> {
    let (what, rest) = message.split_once(" `")?;
    let (name, _) = rest.split_once('`')?;
    let known = |keyword| -> Vec<&str> {
        let texts = files.templates.values();
        let named = texts.flat_map(|file| scan::named(&file.text, keyword));
        named
            .map(|(known, _)| known)
            .filter(|known| *known != name)
            .collect()
    };
    match what {
        "Block" => nearest_hint(name, sorted(known("block"))),
        "Unknown component" => nearest_hint(name, sorted(known("component"))),
        "Unknown function" => nearest_hint(name, FUNCTIONS),
        "Unknown filter" => nearest_hint(name, FILTERS),
        "Unknown template" => template_hint(files, name),
        _ => None,
    }
}

/// The nearest template to an unknown one, with the name of its theme where the unknown one has one.
fn template_hint(files: &TemplateFiles, name: &str) -> Option<String> {
    let theme = name.split('/').next().unwrap_or_default();
    if BUILT_IN.contains(&theme) && !files.bases.iter().any(|base| base == theme) {
        let nearest = files.bases.first().map_or("none", String::as_str);
        return Some(format!(
            "write `extends = \"{theme}\"` into `themes/{}/theme.toml`: this theme extends `{nearest}`",
            files.theme
        ));
    }
    let names = files.templates.keys().map(String::as_str);
    let bare = names
        .clone()
        .filter_map(|name| Some(name.split_once('/')?.1));
    let prefixed = names.filter(|name| !name.starts_with(SITE));
    nearest_hint(name, sorted(bare.chain(prefixed).collect()))
}

fn sorted(mut names: Vec<&str>) -> Vec<&str> {
    names.sort_unstable();
    names.dedup();
    names
}

/// A place as the engine writes it.
struct Position<'t> {
    template: &'t str,
    /// From 1.
    line: usize,
    /// In characters, from 1.
    column: usize,
}

/// The place in `TEMPLATE:LINE:COLUMN`.
fn position(text: &str) -> Option<Position<'_>> {
    let mut parts = text.rsplitn(3, ':');
    let column = parts.next()?.parse().ok()?;
    let line = parts.next()?.parse().ok()?;
    let template = parts.next()?;
    Some(Position {
        template,
        line,
        column,
    })
}

impl Position<'_> {
    /// The bytes of `width` characters there.
    fn span(&self, text: &str, width: usize) -> Range<usize> {
        let mut lines = text.split_inclusive('\n');
        let before = lines.by_ref().take(self.line.saturating_sub(1));
        let start: usize = before.map(str::len).sum();
        let line = lines.next().unwrap_or_default();
        let byte = |column: usize| {
            let mut indices = line.char_indices().map(|(at, _)| at);
            start + indices.nth(column).unwrap_or(line.len())
        };
        let column = self.column.saturating_sub(1);
        byte(column)..byte(column + width)
    }
}

//! The files of a site's own theme that nothing uses.
//!
//! A template with a misspelt name overrides nothing, and the page looks as if nobody had written it.

use camino::{Utf8Path, Utf8PathBuf};

use super::parts::Parts;
use super::template_files::SITE;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, nearest};
use crate::locale::Language;
use crate::source::leftover;

/// The things with which a site's own theme is compared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Used<'a> {
    /// The theme's folder, from the site's.
    pub(super) folder: &'a Utf8Path,
    /// The files of the built-in themes below it, by their paths in a theme.
    pub(super) below: &'a [Utf8PathBuf],
    /// The languages of the site.
    pub(super) languages: &'a [Language],
    /// The configuration, which may name an asset.
    pub(super) config: &'a str,
}

/// Reports the files of a theme that no page comes from; `parts` holds the theme's own alone.
pub(super) fn report(parts: &Parts, used: Used<'_>, diagnostics: &mut Diagnostics) {
    for (path, hint) in templates(parts, used)
        .into_iter()
        .chain(assets(parts, used))
    {
        diagnostics.push(unused(&used.folder.join(path), hint));
    }
    for (tag, file) in &parts.messages {
        let is_read = |language: &Language| language.tags().contains(tag);
        // A file of which no message is translated yet waits for its language.
        let is_comment = |line: &str| line.is_empty() || line.starts_with('#');
        let is_waiting = !file.text.is_empty() && file.text.lines().all(is_comment);
        if !is_waiting && !used.languages.iter().any(is_read) {
            let message =
                format!("the site has no language `{tag}`, so nothing reads these messages");
            let warning = Diagnostic::file_warning(Code::UnusedFile, file.path.clone(), message);
            diagnostics.push(warning.hint(format!(
                "add `{tag}` to `languages` in `allclear.toml`, or remove the file"
            )));
        }
    }
    for inside in &parts.leftovers {
        diagnostics.push(leftover(&used.folder.join(inside)));
    }
    for inside in &parts.unread {
        let hint = "a theme has `theme.toml`, and files in `templates/`, `assets/` and `messages/`"
            .to_owned();
        diagnostics.push(unused(&used.folder.join(inside), hint));
    }
}

fn unused(path: &Utf8Path, hint: String) -> Diagnostic {
    Diagnostic::file_warning(Code::UnusedFile, path, "nothing uses this file").hint(hint)
}

/// The templates that are neither in the place of a built-in one nor named by one that is used.
fn templates(parts: &Parts, used: Used<'_>) -> Vec<(Utf8PathBuf, String)> {
    let built_in: Vec<&str> = names_in(used.below, "templates").collect();
    let own: Vec<(&str, &str)> = parts
        .templates
        .iter()
        .filter_map(|(name, file)| Some((name.strip_prefix(SITE)?, file.text.as_str())))
        .collect();
    let (mut reached, mut rest): (Vec<_>, Vec<_>) = own
        .into_iter()
        .partition(|(name, _)| built_in.contains(name));
    // Each that is named by one that is used is used as well, until none is added.
    loop {
        let is_named = |(name, text): &(&str, &str)| {
            let mut texts = reached.iter().map(|(_, text)| *text);
            texts.any(|other| names(other, name) || calls(other, text))
        };
        let (found, left): (Vec<_>, Vec<_>) = rest.into_iter().partition(is_named);
        rest = left;
        if found.is_empty() {
            break;
        }
        reached.extend(found);
    }
    rest.into_iter()
        .map(|(name, _)| {
            let hint = near(name, &built_in).unwrap_or_else(|| {
                "no page is made of a template of this name: include it in one that is used, or remove it".to_owned()
            });
            (Utf8Path::new("templates").join(name), hint)
        })
        .collect()
}

/// The assets that are neither in the place of a built-in one nor named in a template, another asset or a manifest.
fn assets(parts: &Parts, used: Used<'_>) -> Vec<(Utf8PathBuf, String)> {
    let built_in: Vec<&str> = names_in(used.below, "assets").collect();
    let texts = || {
        let templates = parts.templates.values().map(|file| file.text.as_str());
        let manifest = parts.manifest.iter().map(|file| file.text.as_str());
        templates.chain(manifest).chain([used.config])
    };
    let is_used = |name: &str| {
        let file = Utf8Path::new(name).file_name().unwrap_or(name);
        let mut others = parts.assets.iter().filter(|(other, _)| *other != name);
        built_in.contains(&name)
            || texts().any(|text| text.contains(file))
            || others.any(|(_, bytes)| String::from_utf8_lossy(bytes).contains(file))
    };
    let unused = parts.assets.keys().filter(|name| !is_used(name));
    unused
        .map(|name| {
            let hint = near(name, &built_in).unwrap_or_else(|| {
                format!("write `asset(name=\"{name}\")` in a template, or remove it")
            });
            (Utf8Path::new("assets").join(name), hint)
        })
        .collect()
}

/// The hint that names the built-in file that is meant; endings are alike anyway, and do not count.
fn near(name: &str, built_in: &[&str]) -> Option<String> {
    let stem = |name: &str| Utf8Path::new(name).with_extension("").to_string();
    let stems: Vec<String> = built_in.iter().map(|name| stem(name)).collect();
    let meant = nearest(&stem(name), stems.iter().map(String::as_str))?;
    let at = stems.iter().position(|stem| stem == meant)?;
    Some(format!("did you mean `{}`?", built_in[at]))
}

/// The names of the files in a folder of a theme.
fn names_in<'a>(files: &'a [Utf8PathBuf], folder: &'a str) -> impl Iterator<Item = &'a str> {
    let inside = files
        .iter()
        .filter_map(move |path| path.strip_prefix(folder).ok());
    inside.map(Utf8Path::as_str)
}

/// Whether a template names another in quotes, with or without the prefix of the site's own.
fn names(text: &str, template: &str) -> bool {
    ['"', '\''].iter().any(|quote| {
        text.contains(&format!("{quote}{template}{quote}"))
            || text.contains(&format!("{quote}{SITE}{template}{quote}"))
    })
}

/// Whether a template calls a component that another one defines.
fn calls(text: &str, definitions: &str) -> bool {
    let mut defined = definitions.split("component ").skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-');
        &rest[..end.unwrap_or(rest.len())]
    });
    defined.any(|name| !name.is_empty() && text.contains(&format!("<{name}")))
}

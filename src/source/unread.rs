//! The files that somebody put into a site and that nothing reads.
//!
//! A file with the wrong ending, or in a folder with nearly the right name, is an outage that no reader hears of.
//! Whether it was meant is told by its place and its name alone.

use std::collections::HashSet;

use camino::{Utf8Path, Utf8PathBuf};
use walkdir::WalkDir;

use super::files::{
    ATTACHABLE, EVIDENCE, FileKind, INCIDENTS, PAGES, STATIC, TEMPLATES, THEMES, has_leftover,
    is_hidden, kind_of,
};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// Endings with which people save Markdown.
const MARKDOWN: [&str; 5] = ["md", "markdown", "mdown", "mkd", "mdx"];

/// Endings of evidence, and those that are nearly that.
const STATES: [&str; 6] = ["jsonl", "csv", "json", "ndjson", "tsv", "txt"];

/// Endings of the files of a theme.
const OF_THEMES: [&str; 3] = ["html", "css", "toml"];

/// Endings of files that are published as they are.
const PUBLISHED: [&str; 9] = [
    "css",
    "html",
    "ico",
    "js",
    "pdf",
    "png",
    "svg",
    "txt",
    "webmanifest",
];

/// How deep a folder with nearly the right name is looked into.
const DEPTH: usize = 4;

/// The files in `incidents/` that are neither read nor published; `beside_pages` are those beside an `index.md`.
pub(super) fn in_incidents(
    paths: &[Utf8PathBuf],
    beside_pages: &[Utf8PathBuf],
    diagnostics: &mut Diagnostics,
) {
    let beside_pages: HashSet<&Utf8PathBuf> = beside_pages.iter().collect();
    for path in paths {
        let kind = kind_of(path);
        let is_beside_page = beside_pages.contains(path);
        let is_used = kind == Some(FileKind::Incident)
            || kind == Some(FileKind::Attachment) && is_beside_page;
        if is_used || path.starts_with(TEMPLATES) || is_about_the_folder(path) {
            continue;
        }
        if report_leftover(path, diagnostics) {
            continue;
        }
        let nothing_reads = "nothing reads this file";
        let (message, hint) = match is_beside_page {
            _ if is_text(path) => {
                let hint = format!("rename it to `{}`", with_ending(path, "md"));
                (nothing_reads, hint)
            }
            true => ("this file is not published", unpublished_hint(path)),
            false => (nothing_reads, INCIDENT_HINT.to_owned()),
        };
        diagnostics.push(unused(path, message).hint(hint));
    }
}

/// The hint for a file in `incidents/` that lies beside no page.
const INCIDENT_HINT: &str =
    "an incident file ends in `.md`; pictures and the like are published beside an `index.md`";

/// The hint for a file beside a page of a kind that is not published there.
fn unpublished_hint(path: &Utf8Path) -> String {
    let has_script = has_ending(path, &["svg", "html", "htm", "xhtml", "xml", "js"]);
    let why = match has_script {
        true => "a browser that opens it runs the scripts in it: ",
        false => "",
    };
    let endings = ATTACHABLE.join(", ");
    format!(
        "{why}beside an `index.md` are published files that end in {endings}; put it into `static/` if readers are to have it all the same"
    )
}

/// The files in `static/` that are not published.
pub(super) fn in_static(paths: &[Utf8PathBuf], diagnostics: &mut Diagnostics) {
    for path in paths {
        report_leftover(path, diagnostics);
    }
}

/// Reports a file that was left behind beside another one, and tells whether it is such a file.
fn report_leftover(path: &Utf8Path, diagnostics: &mut Diagnostics) -> bool {
    let is_leftover = has_leftover(path);
    if is_leftover {
        diagnostics.push(leftover(path));
    }
    is_leftover
}

/// The finding about a file that was left behind beside another one.
pub fn leftover(path: &Utf8Path) -> Diagnostic {
    let message = "a merge, an editor or a backup seems to have left this file behind: nothing reads or publishes it";
    let hint = "delete it once nothing in it is missing elsewhere, or rename it if it is meant";
    unused(path, message).hint(hint)
}

/// The files in `evidence/` that cannot be evidence by their ending.
pub(super) fn in_evidence(paths: &[Utf8PathBuf], diagnostics: &mut Diagnostics) {
    for path in paths {
        if kind_of(path).is_some() || is_about_the_folder(path) {
            continue;
        }
        if report_leftover(path, diagnostics) {
            continue;
        }
        let ending = path.extension().unwrap_or_default().to_lowercase();
        let hint = match ending.as_str() {
            "ndjson" => format!("rename it to `{}`", with_ending(path, "jsonl")),
            "jsonl" | "csv" | "json" => format!("rename it to `{}`", with_ending(path, &ending)),
            _ => "component states are kept in `.jsonl` and `.csv`, samples of a signal also in `.json`".to_owned(),
        };
        diagnostics.push(unused(path, "nothing reads this file").hint(hint));
    }
}

/// The files in `pages/` that are no pages.
pub(super) fn in_pages(paths: &[Utf8PathBuf], diagnostics: &mut Diagnostics) {
    for path in paths {
        if kind_of(path).is_some()
            || is_about_the_folder(path)
            || report_leftover(path, diagnostics)
        {
            continue;
        }
        let hint = match is_text(path) {
            true => format!("rename it to `{}`", with_ending(path, "md")),
            false => {
                let inside = path.strip_prefix(PAGES).unwrap_or(path);
                format!(
                    "a page ends in `.md`; what is published as it is lies in `static/`: move it to `static/{inside}`"
                )
            }
        };
        diagnostics.push(unused(path, "nothing reads this file").hint(hint));
    }
}

/// The folders of a site's root with nearly the name of one that is read, and with the files of such a one.
pub(super) fn near_folders(root: &Utf8Path, diagnostics: &mut Diagnostics) {
    let known: [(&str, &[&str]); 5] = [
        (INCIDENTS, &MARKDOWN),
        (EVIDENCE, &STATES),
        (THEMES, &OF_THEMES),
        (PAGES, &MARKDOWN),
        (STATIC, &PUBLISHED),
    ];
    let Ok(entries) = root.read_dir_utf8() else {
        return;
    };
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(|entry| entry.file_name().to_owned())
        .collect();
    names.sort_unstable();
    for name in &names {
        let meant = known.iter().find(|(known, _)| is_near(name, known));
        let Some((meant, endings)) = meant else {
            continue;
        };
        // Where the file system knows no capitals, `Incidents` is read as `incidents`.
        let is_read = name.eq_ignore_ascii_case(meant)
            && root.join(meant).is_dir()
            && !names.iter().any(|it| it == meant);
        if !is_read && holds(&root.join(name), endings) {
            let message = format!("nothing reads the folder `{name}/`");
            let hint = format!("did you mean `{meant}/`? Move its files there");
            diagnostics.push(unused(Utf8Path::new(name), &message).hint(hint));
        }
    }
}

fn unused(path: &Utf8Path, message: &str) -> Diagnostic {
    Diagnostic::file_warning(Code::UnusedFile, path, message)
}

/// Whether a folder's name is another spelling of a known one, or a slip away from it.
fn is_near(name: &str, known: &str) -> bool {
    let lowered = name.to_lowercase();
    // Of a short name two slips make another word: `status` is not `static`.
    let most = if known.len() > 6 { 2 } else { 1 };
    name != known && !is_hidden(name.as_bytes()) && strsim::osa_distance(&lowered, known) <= most
}

/// Whether a file with one of these endings lies in a folder.
fn holds(folder: &Utf8Path, endings: &[&str]) -> bool {
    let entries = WalkDir::new(folder).max_depth(DEPTH).into_iter();
    let mut files = entries
        .filter_entry(|entry| !is_hidden(entry.file_name().as_encoded_bytes()))
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file());
    files.any(|entry| {
        let path = Utf8Path::from_path(entry.path());
        path.is_some_and(|path| !is_about_the_folder(path) && has_ending(path, endings))
    })
}

fn has_ending(path: &Utf8Path, endings: &[&str]) -> bool {
    let ending = path.extension().unwrap_or_default();
    endings
        .iter()
        .any(|known| known.eq_ignore_ascii_case(ending))
}

/// Whether a file is most likely a text that was meant to be read: `a.markdown`, `a.MD`, `a.md.txt`.
fn is_text(path: &Utf8Path) -> bool {
    has_ending(path, &MARKDOWN) || has_ending(path, &["txt", "text"])
}

/// Whether a file speaks to those who look into its folder.
fn is_about_the_folder(path: &Utf8Path) -> bool {
    let stem = path
        .file_name()
        .unwrap_or_default()
        .split('.')
        .next()
        .unwrap_or_default();
    ["readme", "license", "contributing"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(stem))
}

/// The name of a file with another ending, of which it has one only.
fn with_ending(path: &Utf8Path, ending: &str) -> String {
    let mut stem = path.file_stem().unwrap_or_default();
    for known in MARKDOWN {
        stem = stem.strip_suffix(&format!(".{known}")).unwrap_or(stem);
    }
    format!("{stem}.{ending}")
}

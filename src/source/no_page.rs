//! The files in `pages/` that are no pages.

use camino::{Utf8Path, Utf8PathBuf};

use super::files::{PAGES, kind_of};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// Endings with which people save Markdown, in small letters.
const MARKDOWN: [&str; 4] = ["md", "markdown", "mdown", "txt"];

/// Reports files of `pages/` that nothing reads; a `README.md` speaks to those who look into the folder.
pub(super) fn report(in_pages: &[Utf8PathBuf], diagnostics: &mut Diagnostics) {
    for path in in_pages {
        let name = path.file_name().unwrap_or_default();
        if kind_of(path).is_some() || name.to_lowercase().starts_with("readme") {
            continue;
        }
        let ending = path.extension().unwrap_or_default().to_lowercase();
        let hint = match MARKDOWN.contains(&ending.as_str()) {
            true => {
                let stem = path.file_stem().unwrap_or_default();
                let stem = stem.strip_suffix(".md").unwrap_or(stem);
                format!("rename it to `{stem}.md`")
            }
            false => {
                let inside = path.strip_prefix(PAGES).unwrap_or(Utf8Path::new(name));
                format!(
                    "a page ends in `.md`; what is published as it is lies in `static/`: move it to `static/{inside}`"
                )
            }
        };
        let message = "nothing reads this file";
        let warning = Diagnostic::file_warning(Code::UnusedFile, path.clone(), message);
        diagnostics.push(warning.hint(hint));
    }
}

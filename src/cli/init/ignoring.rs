//! What git ignores beside a site: folders that are made anew wherever they are needed.

use allclear::error::Error;
use allclear::source::read_text;
use allclear::write::edit;
use camino::Utf8Path;

use crate::cli::failure::Failure;

/// The file that names what git ignores.
pub(super) const FILE: &str = ".gitignore";

/// A folder that git ignores, and what it is.
pub(super) struct Ignored {
    comment: &'static str,
    name: &'static str,
}

/// What is built.
pub(super) const OUTPUT: Ignored = Ignored {
    comment: "# What `allclear build` writes.",
    name: "public",
};

/// What a pipeline fetches.
pub(super) const FETCHED: Ignored = Ignored {
    comment: "# What `get-allclear.sh` fetches.",
    name: ".installed",
};

/// What became of the list of what git ignores.
pub(super) enum Ignoring {
    /// All was there already, or there is nothing to ignore.
    Nothing,
    /// There is a list now.
    New,
    /// These lines were added to it.
    Added(String),
    /// The list is a link, and its owner has to add these lines.
    Left(String),
}

impl Ignoring {
    /// Has git ignore these folders.
    pub(super) fn of(file: &Utf8Path, wanted: &[&Ignored]) -> Result<Self, Failure> {
        let is_there = file.exists();
        let folder = file.parent().unwrap_or(Utf8Path::new(""));
        let text = read_text(folder, Utf8Path::new(FILE));
        let missing: Vec<_> = match &text {
            Ok(Some(text)) => (wanted.iter())
                .filter(|it| !ignores(text, it.name))
                .collect(),
            _ => wanted.iter().collect(),
        };
        if missing.is_empty() {
            return Ok(Self::Nothing);
        }
        let lines: Vec<_> = (missing.iter())
            .map(|it| format!("`/{}`", it.name))
            .collect();
        let lines = lines.join(" and ");
        if file.is_symlink() {
            return Ok(Self::Left(lines));
        }
        text?;
        edit(file, |old| -> Result<_, Error> {
            let newline = if old.contains("\r\n") { "\r\n" } else { "\n" };
            let mut text = old.to_owned();
            if !old.is_empty() && !old.ends_with('\n') {
                text.push_str(newline);
            }
            for Ignored { comment, name } in &missing {
                text.push_str(&format!("{comment}{newline}/{name}{newline}"));
            }
            Ok((text, ()))
        })?;
        Ok(match is_there {
            true => Self::Added(lines),
            false => Self::New,
        })
    }

    /// The rest of a sentence that begins with what was written.
    pub(super) fn clause(&self, file: &Utf8Path) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::New => format!(" and {file}"),
            Self::Added(lines) => format!(", and added {lines} to {file}"),
            Self::Left(lines) => format!(", and left {file} as it is: add {lines} to it"),
        }
    }

    /// The same as a line of its own.
    pub(super) fn sentence(&self, file: &Utf8Path) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::New => format!("Wrote {file}.\n"),
            Self::Added(lines) => format!("Added {lines} to {file}.\n"),
            Self::Left(lines) => format!("Left {file} as it is: add {lines} to it.\n"),
        }
    }
}

/// Whether a list of what git ignores has a folder beside it.
fn ignores(list: &str, folder: &str) -> bool {
    let mut lines = list.lines();
    lines.any(|line| line.trim().trim_matches('/') == folder)
}

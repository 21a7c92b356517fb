//! Keeping what probes saw, by the rules of `record`.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest as _, Sha256};

use super::look::Looked;
use crate::error::Error;
use crate::site::edit::observation::{NewObservation, record};
use crate::site::probe::question::Verdict;
use crate::site::{Site, is_device};
use crate::source;
use crate::write;

/// The longest name of a file that is that of its source, in bytes.
const LONGEST: usize = 64;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kept {
    /// The number of observations.
    pub observations: usize,
    /// The files in which they are, from the site's folder.
    pub files: BTreeSet<Utf8PathBuf>,
}

/// Writes what probes saw into the evidence of the site in a folder.
///
/// # Errors
///
/// Where something could not be written; everything else was.
pub fn keep(folder: &Utf8Path, site: &Site, looked: &[Looked]) -> Result<Kept, Error> {
    let mut kept = Kept::default();
    let mut failed = None;
    for looked in looked {
        let source = &site.probes[looked.probe.0].source;
        let path = states_file(source);
        for reading in &looked.readings {
            let Verdict::Seen(status, at) = reading.verdict else {
                continue;
            };
            let component = &site.components[reading.component.0];
            let seen = NewObservation {
                component: &component.id,
                status,
                source,
                at,
            };
            let grown = source::target(folder, &path).and_then(|target| {
                write::grow(&target, |end| record(end, seen, component.valid_for))
            });
            match grown {
                Ok(_) => {
                    kept.observations += 1;
                    kept.files.insert(path.clone());
                }
                Err(error) => failed = failed.or(Some(error)),
            }
        }
    }
    match failed {
        Some(error) => Err(error),
        None => Ok(kept),
    }
}

/// The file of the component states that the probes of a source see, from the site's folder.
fn states_file(source: &str) -> Utf8PathBuf {
    Utf8Path::new(source::EVIDENCE).join(file_stem(source) + ".jsonl")
}

/// The name of a source as every disk can have it, without an ending. What differs in names differs in these.
fn file_stem(source: &str) -> String {
    let is_safe = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    let is_plain =
        source.chars().all(is_safe) && !source.starts_with('.') && !source.ends_with('.');
    if is_plain && !source.is_empty() && source.len() <= LONGEST && !is_device(source) {
        return source.to_owned();
    }
    let lower = source.to_lowercase();
    let kept = lower.chars().map(|c| if is_safe(c) { c } else { '-' });
    let kept: String = kept.take(LONGEST).collect();
    let hash = Sha256::digest(source.as_bytes());
    let kept = kept.trim_matches(['.', '-']);
    format!(
        "{kept}-{:02x}{:02x}{:02x}{:02x}",
        hash[0], hash[1], hash[2], hash[3]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_sources_have_two_files_on_every_disk() {
        let sources = [
            "frankfurt",
            "Frankfurt",
            "http-example.com",
            "http example.com",
            "http/example.com",
            "con",
            "CON",
            "..",
            "",
            "../../etc/passwd",
            "日本",
            "中国",
            "a\u{0}b",
        ];
        let stems: BTreeSet<String> = sources
            .iter()
            .map(|it| file_stem(it).to_lowercase())
            .collect();
        assert_eq!(stems.len(), sources.len(), "{stems:?}");
        for stem in &stems {
            assert!(!is_device(stem) && !stem.starts_with('.'), "{stem}");
            assert!(
                stem.bytes().all(|it| it.is_ascii_graphic() && it != b'/'),
                "{stem}"
            );
        }
        assert_eq!(
            states_file("http-example.com"),
            "evidence/http-example.com.jsonl"
        );
        assert!(file_stem(&"x".repeat(1000)).len() < 100);
    }
}

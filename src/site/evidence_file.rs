//! The files of evidence that a source has by its name.

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest as _, Sha256};

use super::latency::LATENCY;
use super::slug::is_device;
use crate::source::EVIDENCE;
use crate::system::path::slashed;

/// The longest name of a file that is that of its source, in bytes.
const LONGEST: usize = 64;

/// The file of the component states that the probes of a source see, from the site's folder.
pub fn states_file(source: &str) -> Utf8PathBuf {
    slashed(Utf8Path::new(EVIDENCE).join(file_stem(source) + ".jsonl"))
}

/// The file of the latency that the probes of a source measure, from the site's folder.
pub fn latency_file(source: &str) -> Utf8PathBuf {
    slashed(Utf8Path::new(LATENCY).join(file_stem(source) + ".csv"))
}

/// The name of a source as every disk can have it, without an ending. What differs in names differs in these.
pub fn file_stem(source: &str) -> String {
    if is_file_stem(source) && source.len() <= LONGEST {
        return source.to_owned();
    }
    let lower = source.to_lowercase();
    let kept = lower.chars().map(|c| match u8::try_from(c) {
        Ok(byte) if is_safe(byte) => c,
        _ => '-',
    });
    let kept: String = kept.take(LONGEST).collect();
    let hash = Sha256::digest(source.as_bytes());
    let kept = kept.trim_matches(['.', '-']);
    format!(
        "{kept}-{:02x}{:02x}{:02x}{:02x}",
        hash[0], hash[1], hash[2], hash[3]
    )
}

/// Whether a name, without an ending, is one that every disk can have, as all of [`file_stem`] are.
pub fn is_file_stem(name: &str) -> bool {
    // What was shortened has a hash behind it.
    let is_short = !name.is_empty() && name.len() <= LONGEST + "-01234567".len();
    let is_plain = name.bytes().all(is_safe);
    let is_visible = !name.starts_with('.') && !name.ends_with('.');
    is_short && is_plain && is_visible && !is_device(name)
}

/// Whether every disk can have a byte in a name, and tells it from others.
fn is_safe(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

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
            assert!(is_file_stem(stem), "{stem}");
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
        assert_eq!(
            latency_file("http-example.com"),
            "evidence/latency/http-example.com.csv"
        );
        assert!(file_stem(&"x".repeat(1000)).len() < 100);
    }

    #[test]
    fn a_name_that_some_disk_cannot_have_is_none() {
        let long = "a".repeat(LONGEST + 10);
        let names = [
            "", ".", "..", ".a", "a.", "con", "aux.a", "A", "a b", "a\\b", "a/b", "${PATH}",
            "a\u{1b}", "é", &long,
        ];
        for name in names {
            assert!(!is_file_stem(name), "{name:?}");
        }
    }
}

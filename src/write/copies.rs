//! Compressed copies beside the files of the page (`[build] precompress`).
//!
//! Compressing takes longer than all else together, so that it is done only where a file has changed: a copy in memory
//! or in the output folder that unpacks to what the file holds now is one of it. Nothing else is asked of a copy, neither
//! its age nor who made it, so that a torn one is made anew like any torn file.

use std::collections::{HashMap, HashSet};
use std::fs;

use bytes::Bytes;
use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use super::path;
use crate::output::compressed::{Encoding, is_worth_packing};
use crate::output::{self, Output};

/// The copies that a program has made, by the paths of their files, for its next build.
#[derive(Debug, Default)]
pub struct Copies {
    of: HashMap<Utf8PathBuf, Packed>,
}

/// A file with its copies.
#[derive(Debug)]
struct Packed {
    bytes: Bytes,
    /// In the order of [`Encoding::ALL`]; `None` where there was no memory for one.
    copies: Vec<Option<Bytes>>,
}

/// The files of the page with compressed copies beside those that are worth it; where a file of the site lies in the
/// place of a copy, that stays.
pub fn with_copies(folder: &Utf8Path, outputs: Vec<Output>, memory: &mut Copies) -> Vec<Output> {
    let serving = output::serving();
    let worth = outputs
        .par_iter()
        .filter(|it| is_worth_packing(it, &serving));
    let packed: HashMap<Utf8PathBuf, Packed> = worth
        .map(|output| (output.path.clone(), packed(folder, output, memory)))
        .collect();
    let taken: HashSet<String> = outputs
        .iter()
        .map(|it| path::key(it.path.as_str()))
        .collect();
    let mut all = outputs;
    for at in 0..all.len() {
        let Some(known) = packed.get(&all[at].path) else {
            continue;
        };
        for (encoding, bytes) in Encoding::ALL.iter().zip(&known.copies) {
            let Some(bytes) = bytes else { continue };
            let copy = Output::new(path_of_copy(&all[at].path, *encoding), bytes.clone());
            let is_free = !taken.contains(&path::key(copy.path.as_str()));
            if is_free && path::flaw(copy.path.as_str()).is_none() {
                all.push(copy);
            }
        }
    }
    memory.of = packed;
    all
}

fn path_of_copy(path: &Utf8Path, encoding: Encoding) -> Utf8PathBuf {
    format!("{path}.{}", encoding.extension()).into()
}

/// A file with its copies: those of the last build where they are ones of it.
fn packed(folder: &Utf8Path, output: &Output, memory: &Copies) -> Packed {
    let bytes = output.bytes.clone();
    let known = memory.of.get(&output.path);
    if let Some(known) = known.filter(|known| known.bytes == bytes) {
        let copies = known.copies.clone();
        return Packed { bytes, copies };
    }
    let copies = Encoding::ALL.iter().map(|encoding| {
        let there = there(&folder.join(path_of_copy(&output.path, *encoding)), output);
        let there = there.filter(|there| encoding.unpacks_to(there, &bytes));
        there.or_else(|| encoding.pack(&bytes))
    });
    Packed {
        copies: copies.collect(),
        bytes,
    }
}

/// The file in the place of a copy, where it may be one.
fn there(path: &Utf8Path, output: &Output) -> Option<Bytes> {
    let metadata = fs::symlink_metadata(path).ok()?;
    // Of a file that is a text no copy is longer.
    let may_be = metadata.is_file() && metadata.len() <= output.bytes.len() as u64 + 1024;
    let bytes = may_be.then(|| fs::read(path).ok())??;
    Some(bytes.into())
}

#[cfg(all(test, feature = "precompress"))]
mod tests;

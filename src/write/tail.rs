//! Texts that only grow: files of evidence, to which monitors write every minute.
//!
//! A line is added behind the others in one write, and nothing that stood before is written again: so no crash can lose
//! it, others who append by themselves lose nothing, and the cost does not depend on the length of the history. A program
//! that is killed leaves at worst half a line at the end, which readers leave out and the next writer cuts off.
//!
//! A line that is there is changed only by bytes in the place of as many others that lie within one block of the disk.
//! Disks write a block as a whole, and a signal does not stop the system within one, so that the line says the old or the
//! new. Anything else could tear the only line that tells of a day. Where the bytes reach over the end of a block, a line
//! is added instead, which says the same.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom};

use camino::Utf8Path;

use super::disk;
use super::folder::{LockedFolder, behind_links};
use super::one::create_in;
use crate::error::Error;
use crate::site::edit::tail::{Replacement, TailChange};

/// How much of the end of a text is looked at, in bytes.
const LONGEST: u64 = 1 << 20;

/// The smallest block that disks write as a whole, in bytes.
const BLOCK: u64 = 512;

/// How often [`grow`] begins anew where others append all the time.
const ATTEMPTS: usize = 1000;

/// The way in which a text has grown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grown {
    /// By a line.
    Longer,
    /// In the place of what was there.
    InPlace,
}

/// Adds what `change` makes of the end of a text, one program at a time; a file that is not there has an empty text. The
/// end begins with a line, where it is not the text as a whole.
///
/// # Errors
///
/// Where the file or its folder cannot be read or written. The text is then as it was, or ends with half a line.
pub fn grow(path: &Utf8Path, change: impl Fn(&[u8]) -> TailChange) -> Result<Grown, Error> {
    let path = &behind_links(path)?;
    let folder = LockedFolder::of(path)?;
    for _ in 0..ATTEMPTS {
        let Some(end) = read_end(path).map_err(Error::io("read", path))? else {
            let line = change(&[]).line + "\n";
            match create_in(&folder, &[(path.clone(), &line)]) {
                Err(Error::Exists(_)) => continue,
                created => return created.map(|()| Grown::Longer),
            }
        };
        let change = change(&end.bytes);
        if length(path).map_err(Error::io("read", path))? == end.length() {
            return apply(path, &end, change).map_err(Error::io("write", path));
        }
    }
    let error = io::Error::other("something else writes to it again and again");
    Err(Error::io("write", path)(error))
}

/// The end of a text.
#[derive(Debug)]
struct End {
    /// How many bytes stand before it.
    start: u64,
    bytes: Vec<u8>,
    /// Whether a line ends where it begins.
    is_at_line: bool,
}

impl End {
    /// The length of the whole text.
    fn length(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

/// The end of a text from the start of a line on; `None` where there is no such file.
fn read_end(path: &Utf8Path) -> io::Result<Option<End>> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => return Err(io::Error::other("it is not a file")),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    }
    let mut file = File::open(path)?;
    let start = file.metadata()?.len().saturating_sub(LONGEST);
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    if start == 0 {
        let is_at_line = true;
        return Ok(Some(End {
            start,
            bytes,
            is_at_line,
        }));
    }
    // What is left of a longer line is none.
    let cut = bytes.iter().position(|byte| *byte == b'\n');
    let skipped = cut.map_or(bytes.len(), |at| at + 1);
    bytes.drain(..skipped);
    Ok(Some(End {
        start: start + skipped as u64,
        bytes,
        is_at_line: cut.is_some(),
    }))
}

fn length(path: &Utf8Path) -> io::Result<u64> {
    Ok(fs::metadata(path)?.len())
}

fn apply(path: &Utf8Path, end: &End, change: TailChange) -> io::Result<Grown> {
    let kept = &end.bytes[..change.kept];
    let kept_length = end.start + kept.len() as u64;
    if kept.len() < end.bytes.len() {
        let file = disk::open_to_change(path)?;
        disk::cut(&file, kept_length)?;
        disk::sync(&file)?;
    }
    if let Some(Replacement { at, bytes }) = &change.instead {
        let at = end.start + *at as u64;
        if is_in_block(at, bytes.len()) {
            replace(path, at, bytes.as_bytes())?;
            return Ok(Grown::InPlace);
        }
    }
    let ends_line = kept.last().map_or(end.is_at_line, |byte| *byte == b'\n');
    let separator = if ends_line { "" } else { "\n" };
    append(path, kept_length, &format!("{separator}{}\n", change.line))?;
    Ok(Grown::Longer)
}

/// Whether bytes at a place lie within one block of the disk.
fn is_in_block(at: u64, length: usize) -> bool {
    at % BLOCK + length as u64 <= BLOCK
}

fn replace(path: &Utf8Path, at: u64, bytes: &[u8]) -> io::Result<()> {
    if bytes.is_empty() {
        return Ok(());
    }
    let mut file = disk::open_to_change(path)?;
    disk::replace_in_block(&mut file, at, bytes)?;
    disk::sync(&file)
}

/// Adds a text behind the first `before` bytes of a file, which are all that there were.
fn append(path: &Utf8Path, before: u64, text: &str) -> io::Result<()> {
    let mut file = disk::open_to_append(path)?;
    let added = disk::write(&mut file, text.as_bytes()).and_then(|()| disk::sync(&file));
    if added.is_err() && ends_with_part_of(path, before, text).is_ok_and(|it| it) {
        // Half a line stops nobody, but none is better. Windows lets no file be cut that is open to append.
        let _ = disk::open_to_change(path).and_then(|file| disk::cut(&file, before));
    }
    added
}

/// Whether behind the first `before` bytes of a file stands a part of a text and nothing that others have added.
fn ends_with_part_of(path: &Utf8Path, before: u64, text: &str) -> io::Result<bool> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(before))?;
    let mut added = Vec::new();
    file.take(text.len() as u64 + 1).read_to_end(&mut added)?;
    Ok(text.as_bytes().starts_with(&added))
}

//! Counts, as of readers' reports: files of CSV in which several rows may be of one time, each of a region or a kind.
//!
//! It is the first line that tells: where it names a column besides `time` and `value`, all rows of a time add up. The
//! sum does not depend on their order.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use chrono_tz::Tz;

use super::cell::{instant, number, within};
use super::csv::{Columns, each_record, skip_comments};
use super::gone::weakened;
use super::last_line::{Form, read_line};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, SourceFile, UnknownName};
use crate::locale::english::counted;
use crate::site::lookup::Directory;
use crate::site::region::{Region, RegionIndex};
use crate::site::reports::is_reports;
use crate::site::signal::Sample;
use crate::syntax::Reader;
use crate::time::{self, Instant};

/// The columns of a file of counts, in the order in which `allclear collect` writes them.
pub(super) const KEYS: [&str; 5] = ["time", "region", "kind", "value", "capped"];

/// The word of a row that counts only a part of what there was.
const CAPPED: &str = "yes";

/// The counts of a file.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// Whether its rows name regions.
    pub has_regions: bool,
    /// Whether its rows name kinds.
    pub has_kinds: bool,
    /// The kinds that rows name.
    kinds: Vec<String>,
    /// The rows, by time and value.
    rows: Vec<Count>,
}

/// A row of counts.
#[derive(Debug, Clone, Copy)]
struct Count {
    at: Instant,
    region: Option<RegionIndex>,
    /// The index of its kind.
    kind: Option<usize>,
    value: f64,
    is_capped: bool,
}

/// Values by time, and which of them are the least that there was.
#[derive(Debug, Clone, Default)]
pub struct Series {
    /// The values.
    pub samples: Arc<Vec<Sample>>,
    /// The instants of those that are the least that there was.
    pub capped: Arc<Vec<Instant>>,
}

/// The samples of a file, as they are kept while it does not change.
#[derive(Debug, Clone)]
pub enum SampleFile {
    /// A sample a line.
    Samples(Arc<Vec<Sample>>),
    /// Counts, of which samples are the sums.
    Counts(Arc<Counts>),
}

impl Default for SampleFile {
    fn default() -> Self {
        Self::Samples(Arc::default())
    }
}

/// Whether a file holds counts, by the columns that its first line names.
pub fn holds_counts(file: &SourceFile) -> bool {
    let first = &file.text[skip_comments(&file.text, 0)..];
    let names = first.lines().next().unwrap_or_default().split(',');
    let mut names = names.map(|name| name.trim().trim_matches('"'));
    file.path.extension() == Some("csv")
        && names.any(|name| KEYS.contains(&name) && !["time", "value"].contains(&name))
}

/// The first row of a file that counts anything, as bytes of it; `None` where it holds none, or is no file of counts.
pub fn first_counted(file: &SourceFile) -> Option<Range<usize>> {
    let mut column = None;
    let mut start = 0;
    for line in file.text.split_inclusive('\n') {
        let (line, at) = (line.trim_end(), start..start + line.len());
        start = at.end;
        let mut cells = line.split(',').map(|cell| cell.trim().trim_matches('"'));
        match column {
            _ if line.is_empty() || line.starts_with('#') => {}
            None => column = Some(cells.position(|name| name == KEYS[3])?),
            Some(column) => {
                let value = cells.nth(column).and_then(|it| it.parse::<f64>().ok());
                if value.is_some_and(|it| it > 0.0) {
                    return Some(at.start..at.start + line.len());
                }
            }
        }
    }
    None
}

impl Counts {
    /// The kinds that rows name.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.kinds.iter().map(String::as_str)
    }

    /// What was counted at each time that the file has: nought where no row of it is of the region or of the kinds that
    /// are asked for.
    pub fn series(&self, region: Option<RegionIndex>, kinds: Option<&[&str]>) -> Series {
        let is_counted: Vec<bool> = (self.kinds.iter())
            .map(|kind| kinds.is_none_or(|kinds| kinds.contains(&kind.as_str())))
            .collect();
        let counts = |row: &&Count| {
            let is_of_kind = row.kind.map_or(kinds.is_none(), |kind| is_counted[kind]);
            is_of_kind && (region.is_none() || row.region == region)
        };
        let times = self.rows.chunk_by(|a, b| a.at == b.at);
        let (mut samples, mut capped) = (Vec::new(), Vec::new());
        for rows in times {
            let at = rows[0].at;
            let counted = rows.iter().filter(counts);
            let value = counted.clone().fold(0.0, |sum, row| sum + row.value);
            samples.push(Sample { at, value });
            if counted.clone().any(|row| row.is_capped) {
                capped.push(at);
            }
        }
        Series {
            samples: Arc::new(samples),
            capped: Arc::new(capped),
        }
    }
}

/// Reads the counts of a file. A row of a region that the site does not have counts as one of none; it is an error, but
/// in files that `allclear collect` writes and nobody edits, of which the region may have been removed.
pub fn counts(
    file: &Arc<SourceFile>,
    regions: &Directory<'_, Region>,
    zone: Tz,
    diagnostics: &mut Diagnostics,
) -> Counts {
    let mut reading = Reading {
        regions,
        zone,
        found: Counts::default(),
        by_kind: BTreeMap::new(),
        gone: Vec::new(),
    };
    let mut reader = Reader { file, diagnostics };
    if reading.plain(&file.text).is_none() {
        (reading.found, reading.by_kind) = Default::default();
        let columns = Columns {
            broken: Code::BadSample,
            known: &KEYS,
            required: &["time", "value"],
        };
        each_record(&mut reader, &columns, |reader, cells, span| {
            reading.found.has_regions = cells[1].is_some();
            reading.found.has_kinds = cells[2].is_some();
            read_line(reader, Form::Csv, span, |reader| {
                reading.row(reader, cells, span);
            });
        });
        reading.report_gone(&mut reader);
    }
    let mut counts = reading.found;
    let order = |a: &Count, b: &Count| a.at.cmp(&b.at).then(a.value.total_cmp(&b.value));
    counts.rows.sort_by(order);
    counts
}

/// A file that is being read.
struct Reading<'a> {
    regions: &'a Directory<'a, Region>,
    zone: Tz,
    found: Counts,
    by_kind: BTreeMap<String, usize>,
    /// The places of regions that the site does not have.
    gone: Vec<(Range<usize>, UnknownName)>,
}

impl Reading<'_> {
    /// Reads a row, or reports what is wrong with it.
    fn row(&mut self, reader: &mut Reader<'_>, cells: &[Option<&str>], span: &Range<usize>) {
        let cell = |key: usize| cells[key].unwrap_or_default();
        let at = instant(reader, "time", cell(0), span, self.zone);
        let value = number(reader, cell(3), span);
        let is_capped = match cell(4) {
            "" => Some(false),
            CAPPED => Some(true),
            word => {
                let place = within(reader, span, "capped", word);
                let message = format!("`{word}` does not say whether more was there than counted");
                let hint = format!("write `{CAPPED}`, or nothing");
                reader.error(Code::BadSample, &place, message, hint);
                None
            }
        };
        let region = self.region(reader, cell(1), span);
        if let (Some(at), Some(value), Some(is_capped)) = (at, value, is_capped) {
            let kind = self.kind(cell(2));
            self.found.rows.push(Count {
                at,
                region,
                kind,
                value,
                is_capped,
            });
        }
    }

    /// The region of a word; `None` for none, and for one that the site does not have. A site without regions does not ask.
    fn region(
        &mut self,
        reader: &Reader<'_>,
        word: &str,
        span: &Range<usize>,
    ) -> Option<RegionIndex> {
        if word.is_empty() || self.regions.all().is_empty() {
            return None;
        }
        self.meant(word).or_else(|| {
            let unknown = self.regions.region(word).err()?;
            self.gone
                .push((within(reader, span, "region", word), unknown));
            None
        })
    }

    fn meant(&self, word: &str) -> Option<RegionIndex> {
        let all = self.regions.all().iter();
        let is_meant = |region: &Region| region.is_meant_by(word);
        self.regions
            .region(word)
            .ok()
            .or_else(|| all.clone().position(is_meant).map(RegionIndex))
    }

    fn kind(&mut self, word: &str) -> Option<usize> {
        if word.is_empty() {
            return None;
        }
        if let Some(kind) = self.by_kind.get(word) {
            return Some(*kind);
        }
        let kind = self.found.kinds.len();
        self.by_kind.insert(word.to_owned(), kind);
        self.found.kinds.push(word.to_owned());
        Some(kind)
    }

    /// Reports the regions that the site does not have.
    fn report_gone(&mut self, reader: &mut Reader<'_>) {
        let gone = std::mem::take(&mut self.gone);
        if !is_reports(&reader.file.path) {
            for (place, unknown) in gone {
                reader.known::<()>(&place, Err(unknown));
            }
            return;
        }
        let mut by_name: BTreeMap<String, (Range<usize>, Code, usize)> = BTreeMap::new();
        for (place, unknown) in gone {
            let first = by_name.entry(unknown.message);
            first.or_insert((place, unknown.code, 0)).2 += 1;
        }
        for (message, (place, code, rows)) in by_name {
            let message = format!(
                "{message}: {} of it count in the sum alone",
                counted(rows, "row")
            );
            let hint = "where it was removed, nothing is to be done; where it has another id now, write that here";
            let error = Diagnostic::error(code, reader.place(&place), message);
            reader.diagnostics.push(weakened(error).hint(hint));
        }
    }

    /// Reads a text that is as `allclear collect` writes it, without quotes and with its columns in their order; `None`
    /// where a line is anything else, so that the other reader has to begin again and to report what is wrong.
    fn plain(&mut self, text: &str) -> Option<()> {
        let mut lines = text.lines().filter(|line| !line.starts_with('#'));
        if lines.next()? != KEYS.join(",") {
            return None;
        }
        (self.found.has_regions, self.found.has_kinds) = (true, true);
        let mut last: Option<(&str, Instant)> = None;
        for line in lines {
            let mut cells = line.split(',');
            let mut cell = || cells.next();
            let (time, region, kind) = (cell()?, cell()?, cell()?);
            let (value, capped) = (cell()?, cell()?);
            if cells.next().is_some() || line.contains(['"', ' ', '\t']) {
                return None;
            }
            let at = match last {
                Some((written, at)) if written == time => at,
                _ => time::parse(time, self.zone).ok()?,
            };
            last = Some((time, at));
            let is_of_none = region.is_empty() || self.regions.all().is_empty();
            let region = match is_of_none {
                true => None,
                false => Some(self.meant(region)?),
            };
            let kind = self.kind(kind);
            let is_capped = match capped {
                "" => false,
                CAPPED => true,
                _ => return None,
            };
            self.found.rows.push(Count {
                at,
                region,
                kind,
                value: value.parse().ok()?,
                is_capped,
            });
        }
        Some(())
    }
}

#[cfg(test)]
mod tests;

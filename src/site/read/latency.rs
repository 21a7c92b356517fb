//! Files of latency, `evidence/latency/SOURCE.csv`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use chrono_tz::Tz;

use super::cell::instant;
use super::csv::{Columns, each_record};
use super::evidence_files::EvidenceFiles;
use super::future::believed_latency;
use super::gone;
use super::last_line::{Form, read_line};
use super::memo::Memo;
use super::source::is_named;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, SourceFile};
use crate::site::component::Component;
use crate::site::config::{SignalConfig, SourceConfig};
use crate::site::evidence_file::{file_stem, is_file_stem};
use crate::site::latency::{LATENCY, LatencySample, LatencySource, is_latency};
use crate::site::lookup::Directory;
use crate::syntax::Reader;
use crate::time;

/// The columns of a file of latency.
pub(super) const KEYS: [&str; 3] = ["time", "component", "milliseconds"];

/// The latency of each source of a site. What a source measured while it is silenced is not believed, and is no part of
/// it.
pub(super) fn latency(
    reader: &mut Reader<'_>,
    evidence: EvidenceFiles<'_>,
    signals: &[SignalConfig],
    sources: &[SourceConfig],
    memo: &mut Memo<Arc<Vec<LatencySample>>>,
) -> Vec<LatencySource> {
    let files = evidence.files.iter();
    let files = files.filter(|file| is_latency(&file.path) && !is_named(&file.path, signals));
    let mut read = |file: &Arc<SourceFile>| {
        if file.path.extension() != Some("csv") {
            reader.diagnostics.push(unused(file));
            return None;
        }
        let stem = file.path.file_stem().unwrap_or_default();
        let is_in_folder = file.path.parent().is_some_and(|it| it == LATENCY);
        if !is_in_folder || !is_file_stem(stem) {
            reader.diagnostics.push(ill_named(file));
            return None;
        }
        let samples = memo.read(file, reader.diagnostics, |diagnostics| {
            Arc::new(rows(file, evidence.components, evidence.zone, diagnostics))
        });
        let samples = believed_latency(samples, file, evidence, reader.diagnostics);
        let name = file.path.file_stem().unwrap_or_default().to_owned();
        Some(LatencySource {
            samples: not_silenced(samples, &name, sources),
            name,
        })
    };
    let mut found: Vec<LatencySource> = files.filter_map(&mut read).collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// A file of latency of a kind that is not read.
fn unused(file: &Arc<SourceFile>) -> Diagnostic {
    let place = Place::new(file, 0..0);
    let message = "latency is kept in `.csv` files, so this one is not read";
    Diagnostic::warning(Code::UnusedFile, place, message)
        .hint("write it as CSV with the columns `time,component,milliseconds`, or move component states out of `evidence/latency/`")
}

/// A file of latency at a path that could not be published: two could have it, or a disk or an address not.
fn ill_named(file: &Arc<SourceFile>) -> Diagnostic {
    let place = Place::new(file, 0..0);
    let stem = file.path.file_stem().unwrap_or_default();
    let message = "this is not where the latency of a source is kept, so it is not read";
    Diagnostic::warning(Code::UnusedFile, place, message).hint(format!(
        "call it `{LATENCY}/{}.csv`: a name that every disk can have",
        file_stem(stem)
    ))
}

/// The samples of a source outside of its silences.
fn not_silenced(
    samples: Arc<Vec<LatencySample>>,
    name: &str,
    sources: &[SourceConfig],
) -> Arc<Vec<LatencySample>> {
    let of_source = sources
        .iter()
        .filter(|it| file_stem(&it.name.value) == name);
    let silences: Vec<_> = of_source.flat_map(|source| &source.ignore).collect();
    if silences.is_empty() {
        return samples;
    }
    let is_silenced = |sample: &LatencySample| {
        let mut silences = silences.iter();
        silences.any(|it| it.from <= sample.at && sample.at < it.until)
    };
    let believed = samples.iter().filter(|it| !is_silenced(it));
    Arc::new(believed.copied().collect())
}

/// The rows of a file that can be read, by component and then by time.
fn rows(
    file: &Arc<SourceFile>,
    components: &Directory<'_, Component>,
    zone: Tz,
    diagnostics: &mut Diagnostics,
) -> Vec<LatencySample> {
    let plain = plain(&file.text, components, zone).map(|Plain { rows, gone }| {
        for (id, lines) in gone {
            let warning = left_out(file, id, lines, components);
            warning.into_iter().for_each(|it| diagnostics.push(it));
        }
        rows
    });
    let mut rows = plain.unwrap_or_else(|| {
        let mut rows = Vec::new();
        let mut found = Diagnostics::new();
        let mut reader = Reader {
            file,
            diagnostics: &mut found,
        };
        let columns = Columns {
            broken: Code::BadSample,
            known: &KEYS,
            required: &KEYS,
        };
        each_record(&mut reader, &columns, |reader, cells, span| {
            read_line(reader, Form::Csv, span, |reader| {
                rows.extend(row(reader, cells, span, components, zone));
            });
        });
        diagnostics.append(gone::left_out(&found));
        rows
    });
    rows.sort_by_key(|row| (row.component, row.at));
    rows
}

/// The sample of a line, or diagnostics that say what is wrong with it.
fn row(
    reader: &mut Reader<'_>,
    cells: &[Option<&str>],
    span: &Range<usize>,
    components: &Directory<'_, Component>,
    zone: Tz,
) -> Option<LatencySample> {
    let cell = |key: usize| cells[key].unwrap_or_default();
    let (time, id, length) = (cell(0), cell(1), cell(2));
    let at = instant(reader, "time", time, span, zone);
    let found = components.component(id);
    let place = cell_place(reader, span, id);
    let component = reader.known(&place, found);
    let milliseconds = milliseconds(length);
    if milliseconds.is_none() {
        let place = cell_place(reader, span, length);
        let message = format!("`{length}` is no length of time in milliseconds");
        let hint = "write a number that is not negative, as `182` or `182.5`; a look that failed has no row";
        reader.error(Code::BadSample, &place, message, hint.to_owned());
    }
    Some(LatencySample {
        component: component?,
        at: at?,
        milliseconds: milliseconds?,
    })
}

/// Where a cell with a text stands in a line; the line where none is just that.
fn cell_place(reader: &Reader<'_>, span: &Range<usize>, text: &str) -> Range<usize> {
    let line = &reader.file.text[span.clone()];
    let is_edge = |c: Option<char>| c.is_none_or(|c| c == ',' || c == '"' || c.is_whitespace());
    let mut places = line.match_indices(text).filter(|(at, text)| {
        let before = line[..*at].chars().next_back();
        !text.is_empty() && is_edge(before) && is_edge(line[at + text.len()..].chars().next())
    });
    let place = places.next();
    place.map_or(span.clone(), |(at, text)| {
        span.start + at..span.start + at + text.len()
    })
}

/// The number of milliseconds that a cell holds.
fn milliseconds(text: &str) -> Option<f64> {
    let number = text.parse::<f64>().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number)
}

/// The warning that lines about a component that is not there are left out.
fn left_out(
    file: &Arc<SourceFile>,
    id: &str,
    lines: usize,
    components: &Directory<'_, Component>,
) -> Option<Diagnostic> {
    let unknown = components.component(id).err()?;
    let first = file.text.find(&format!(",{id},")).unwrap_or_default() + 1;
    let place = Place::new(file, first..first + id.len());
    let error = Diagnostic::error(unknown.code, place, unknown.message);
    Some(gone::warning(error, lines))
}

/// A text that is as programs write it.
struct Plain<'a> {
    rows: Vec<LatencySample>,
    /// The ids of components that are not there, with the number of their lines.
    gone: BTreeMap<&'a str, usize>,
}

/// Reads a text that is as programs write it, without quotes and with its columns in their order; `None`, with nothing
/// lost but time, where a line is anything else.
fn plain<'a>(text: &'a str, components: &Directory<'_, Component>, zone: Tz) -> Option<Plain<'a>> {
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    if lines.next()? != KEYS.join(",") {
        return None;
    }
    let (mut rows, mut gone) = (Vec::new(), BTreeMap::new());
    // All or nothing: the other reader, which begins again, reports what is wrong.
    for line in lines {
        let (time, rest) = line.split_once(',')?;
        let (id, length) = rest.split_once(',')?;
        let (at, milliseconds) = (time::parse(time, zone).ok()?, milliseconds(length)?);
        match components.component(id) {
            Ok(component) => rows.push(LatencySample {
                component,
                at,
                milliseconds,
            }),
            Err(_) => *gone.entry(id).or_insert(0) += 1,
        }
    }
    Some(Plain { rows, gone })
}

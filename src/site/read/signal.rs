//! Signals: their components and their samples.

use std::ops::Range;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::counts::{Counts, SampleFile, Series, counts, holds_counts};
use super::evidence_files::EvidenceFiles;
use super::future::believed_samples;
use super::memo::Memo;
use super::samples;
use crate::diagnostic::{Code, code_list, nearest_hint};
use crate::site::component::ComponentIndex;
use crate::site::config::{Limit, LimitConfig, SamplesFrom, SignalConfig, TOTAL};
use crate::site::latency::{LatencySource, medians, part_of};
use crate::site::lookup::Directory;
use crate::site::region::{Region, RegionIndex};
use crate::site::reports::{KNOWN_KINDS, OF_ANY, REPORTS_FOLDER, ReportSettings, is_reports};
use crate::site::signal::{Sample, Signal};
use crate::syntax::{Reader, Spanned};

/// What signals are read from, beside their entries.
#[derive(Debug, Clone, Copy)]
pub(super) struct SignalGround<'a> {
    pub(super) evidence: EvidenceFiles<'a>,
    pub(super) latency: &'a [LatencySource],
    pub(super) regions: &'a Directory<'a, Region>,
    pub(super) reports: Option<&'a ReportSettings>,
}

/// The signals of an entry with their samples: one, or one for each region and behind them the one of all together.
pub(super) fn signals(
    reader: &mut Reader<'_>,
    config: SignalConfig,
    ground: SignalGround<'_>,
    memo: &mut Memo<SampleFile>,
) -> Vec<Signal> {
    let SignalConfig {
        id,
        name,
        components: ids,
        samples: from,
        by_region,
        kinds,
        unit,
        limit,
        sustained,
        valid_for,
    } = config;
    let evidence = ground.evidence;
    let named = ids.iter().filter_map(|id| {
        let found = evidence.components.component(&id.value);
        reader.known(&id.span, found)
    });
    let named: Vec<ComponentIndex> = named.collect();
    let asked = Asked {
        signal: &id.value,
        by_region: by_region.is_some(),
        kinds: kinds.as_deref(),
    };
    let found: Vec<(Option<RegionIndex>, Series)> = match from {
        None => vec![(None, Series::default())],
        Some(SamplesFrom::File(path)) => asked.in_file(reader, &path, ground, memo),
        Some(SamplesFrom::Latency(component)) => {
            let found = evidence.components.component(&component.value);
            let component = reader.known(&component.span, found);
            let of = |it| Arc::new(samples_of(it, ground.latency));
            let samples = component.map_or_else(Arc::default, of);
            let capped = Arc::default();
            vec![(None, Series { samples, capped })]
        }
    };
    if let Some(span) = by_region.filter(|_| ground.regions.all().is_empty()) {
        let message = "this site has no regions by which to tell this signal apart";
        let hint = "list them, each as a `[[regions]]` table".to_owned();
        reader.error(Code::MissingKey, &span, message, hint);
    }
    let limits = limits(reader, limit, ground.regions);
    let place = reader.place(&id.span);
    let signals = found.into_iter().map(|(region, series)| Signal {
        id: id.value.clone(),
        region,
        name: name.clone(),
        components: named.clone(),
        unit: unit.clone(),
        limit: limits(region),
        sustained,
        valid_for,
        samples: series.samples,
        capped: series.capped,
        place: place.clone(),
    });
    signals.collect()
}

/// The limit of each region and of all together, as an entry says them.
fn limits(
    reader: &mut Reader<'_>,
    limit: LimitConfig,
    regions: &Directory<'_, Region>,
) -> impl Fn(Option<RegionIndex>) -> Limit + use<> {
    let (same, of_each) = match limit {
        LimitConfig::Same(limit) => (limit, Vec::new()),
        LimitConfig::Thresholds(thresholds) => (Limit::Never, thresholds),
    };
    let said: Vec<Range<usize>> = of_each.iter().map(|(id, _)| id.span.clone()).collect();
    let known = of_each.into_iter().filter_map(|(id, threshold)| {
        let region = match id.value.as_str() {
            TOTAL => None,
            word => Some(reader.known(&id.span, regions.find_beside(&[TOTAL], word))?),
        };
        Some((region.map(RegionIndex), Limit::Threshold(threshold)))
    });
    let known: Vec<(Option<RegionIndex>, Limit)> = known.collect();
    unlimited(reader, &said, &known, regions);
    move |region| {
        let own = known.iter().find(|(it, _)| *it == region);
        own.map_or(same, |(_, limit)| *limit)
    }
}

/// Reports what a table of thresholds, with ids at these places, leaves without any: a region, where there is none for all
/// together that would count it too.
fn unlimited(
    reader: &mut Reader<'_>,
    said: &[Range<usize>],
    known: &[(Option<RegionIndex>, Limit)],
    regions: &Directory<'_, Region>,
) {
    let has = |region| known.iter().any(|(it, _)| *it == region);
    // What is misspelt is an error, and may be the one that is missing.
    let (Some(first), true) = (said.first(), said.len() == known.len()) else {
        return;
    };
    let ids = regions.all().iter().enumerate();
    let without = ids.filter(|(index, _)| !has(Some(RegionIndex(*index))));
    let without: Vec<&str> = without.map(|(_, region)| region.id.as_str()).collect();
    if has(None) || without.is_empty() {
        return;
    }
    let message = format!(
        "`threshold` leaves out {} and `{TOTAL}`: nothing that is counted there is ever too high",
        code_list(&without)
    );
    let hint = format!("add what is missing, or `{TOTAL}` for all together");
    reader.warning(Code::MissingThreshold, first, message, hint);
}

/// What an entry asks of its file.
struct Asked<'a> {
    signal: &'a str,
    by_region: bool,
    kinds: Option<&'a [Spanned<String>]>,
}

impl Asked<'_> {
    /// The samples in the file that an entry names, for each of its signals.
    fn in_file(
        &self,
        reader: &mut Reader<'_>,
        path: &Spanned<Utf8PathBuf>,
        ground: SignalGround<'_>,
        memo: &mut Memo<SampleFile>,
    ) -> Vec<(Option<RegionIndex>, Series)> {
        let evidence = ground.evidence;
        let Some(file) = evidence.find(&path.value) else {
            self.missing(reader, path, ground);
            return self.of_none(ground);
        };
        let read = memo.read(file, reader.diagnostics, |diagnostics| {
            match holds_counts(file) {
                true => {
                    let counts = counts(file, ground.regions, evidence.zone, diagnostics);
                    SampleFile::Counts(Arc::new(counts))
                }
                false => {
                    let samples = samples::samples(file, evidence.zone, diagnostics);
                    SampleFile::Samples(Arc::new(samples))
                }
            }
        });
        let counts = match read {
            SampleFile::Counts(counts) => counts,
            SampleFile::Samples(samples) => {
                self.lacks(reader, path, [self.by_region, self.kinds.is_some()]);
                let samples =
                    believed_samples(samples, self.signal, file, evidence, reader.diagnostics);
                let capped = Arc::default();
                return vec![(None, Series { samples, capped })];
            }
        };
        let lacks_regions = self.by_region && !counts.has_regions;
        let lacks_kinds = self.kinds.is_some() && !counts.has_kinds;
        self.lacks(reader, path, [lacks_regions, lacks_kinds]);
        let kinds = self.kinds.map(|kinds| {
            known_kinds(reader, kinds, &counts, ground.reports);
            kinds.iter().map(|it| it.value.as_str()).collect::<Vec<_>>()
        });
        let mut all = counts.series(None, kinds.as_deref());
        all.samples =
            believed_samples(all.samples, self.signal, file, evidence, reader.diagnostics);
        let believed = all.samples.len();
        let regions = ground.regions.all().iter().enumerate();
        let regions = regions.filter(|_| self.by_region).map(|(index, _)| {
            let region = Some(RegionIndex(index));
            let mut series = counts.series(region, kinds.as_deref());
            if believed < series.samples.len() {
                Arc::make_mut(&mut series.samples).truncate(believed);
            }
            (region, series)
        });
        let mut series: Vec<(Option<RegionIndex>, Series)> = regions.collect();
        series.push((None, all));
        series
    }

    /// Reports that the file of a signal is not there. Where reports are collected, nothing is wrong: it comes with the first
    /// quarter of an hour. Its kinds are known before.
    fn missing(
        &self,
        reader: &mut Reader<'_>,
        path: &Spanned<Utf8PathBuf>,
        ground: SignalGround<'_>,
    ) {
        let evidence = ground.evidence;
        if ground.reports.is_some() && is_counted(&path.value, evidence) {
            let kinds = self.kinds.unwrap_or_default();
            known_kinds(reader, kinds, &Counts::default(), ground.reports);
            return;
        }
        let message = format!("there is no file `{}`", path.value);
        let hint = evidence.paths.names.hint(path.value.as_str(), &[]);
        let hint = hint.unwrap_or_else(|| {
            "a signal's samples are a `.csv`, `.jsonl` or `.json` file in `evidence/`".to_owned()
        });
        reader.error(Code::MissingEvidenceFile, &path.span, message, hint);
    }

    /// What is there of a file that is not.
    fn of_none(&self, ground: SignalGround<'_>) -> Vec<(Option<RegionIndex>, Series)> {
        let regions = ground.regions.all().iter().enumerate();
        let regions = regions.filter(|_| self.by_region);
        let regions = regions.map(|(index, _)| Some(RegionIndex(index)));
        let all = regions.chain([None]);
        all.map(|region| (region, Series::default())).collect()
    }

    /// Reports columns that a file would need: for regions, and for kinds.
    fn lacks(&self, reader: &mut Reader<'_>, path: &Spanned<Utf8PathBuf>, lacks: [bool; 2]) {
        let columns = [("by", "region"), ("kinds", "kind")];
        let lacking = columns.into_iter().zip(lacks).filter(|(_, lacks)| *lacks);
        for ((key, column), _) in lacking {
            let message = format!(
                "`{key}` needs a column `{column}`, which `{}` lacks",
                path.value
            );
            let hint = "counts are CSV with the columns `time,region,kind,value,capped`".to_owned();
            reader.error(Code::MissingKey, &path.span, message, hint);
        }
    }
}

/// Whether reports are counted in a file, by its path.
fn is_counted(path: &Utf8Path, evidence: EvidenceFiles<'_>) -> bool {
    let component = path.strip_prefix(REPORTS_FOLDER).ok();
    let component = component.and_then(|name| name.as_str().strip_suffix(".csv"));
    is_reports(path)
        && component.is_some_and(|id| id == OF_ANY || evidence.components.component(id).is_ok())
}

/// Reports kinds that neither the form nor the file has: nothing would ever be counted.
fn known_kinds(
    reader: &mut Reader<'_>,
    kinds: &[Spanned<String>],
    counts: &Counts,
    reports: Option<&ReportSettings>,
) {
    let offered: Vec<&str> = match reports {
        Some(reports) => reports.kinds.iter().map(|it| it.id.as_str()).collect(),
        None => KNOWN_KINDS.to_vec(),
    };
    for kind in kinds {
        let mut known = offered.iter().copied().chain(counts.kinds());
        if known.all(|it| it != kind.value) {
            let message = format!("there is no kind of reports `{}`", kind.value);
            let hint = nearest_hint(&kind.value, offered.iter().copied());
            reader.error(Code::UnknownKind, &kind.span, message, hint);
        }
    }
}

/// The latency of a component as samples, by time: the median of each five minutes of each source is one, at their start,
/// and of several at one instant the longest counts. So nothing changes once rows are thinned.
fn samples_of(component: ComponentIndex, latency: &[LatencySource]) -> Vec<Sample> {
    let medians = latency
        .iter()
        .flat_map(|source| medians(source.of(component)));
    let mut samples: Vec<Sample> = medians
        .map(|(at, value)| Sample {
            at: part_of(at),
            value,
        })
        .collect();
    samples.sort_by(|a, b| a.at.cmp(&b.at).then(b.value.total_cmp(&a.value)));
    samples.dedup_by_key(|sample| sample.at);
    samples
}

//! The plan of a build: everything it has to do in the output folder, found without touching it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{self, Metadata};
use std::io;

use camino::Utf8Path;
use rayon::prelude::*;
use walkdir::WalkDir;

use super::manifest::Manifest;
use super::written::Written;
use super::{manifest, path};
use crate::error::Error;
use crate::output::{self, Arrangement, Flaw, Keyed, Output};
use crate::system::file::Identity;
use crate::system::path::slashed;

/// Everything that a build has to do.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    /// The files and folders that are moved into place, in this order.
    pub(super) steps: Vec<Step<'a>>,
    /// Files of an earlier build that stand where a new file or folder goes; deleted before the steps.
    pub(super) in_the_way: Vec<&'a str>,
    /// The other files of an earlier build that are gone; deleted after the steps.
    pub(super) stale: Vec<&'a str>,
    /// The manifest that covers the old and the new files, where it differs from the one that is there.
    pub(super) intent: Option<String>,
    /// The manifest of the new files, where it differs from the one that covers the old ones too.
    pub(super) manifest: Option<String>,
    /// The result of [`super::write`], but for the deleted files.
    pub(super) totals: Written,
}

/// Something that is moved into place at once.
#[derive(Debug)]
pub(super) enum Step<'a> {
    /// A file in a folder that is there.
    File(&'a Output),
    /// A folder that is not there yet, with all in it: itself first, each folder before those in it.
    Folder(Vec<NewFolder<'a>>),
}

/// A folder and the files that lie directly in it.
#[derive(Debug)]
pub(super) struct NewFolder<'a> {
    /// Its path, from the output folder.
    pub(super) path: &'a str,
    /// Its files.
    pub(super) files: Vec<&'a Output>,
}

impl<'a> Step<'a> {
    /// Its path, from the output folder.
    pub(super) fn path(&self) -> &'a str {
        match self {
            Self::File(output) => output.path.as_str(),
            Self::Folder(folders) => folders.first().map_or("", |folder| folder.path),
        }
    }

    /// The rank of a step among all: a file that others link to comes first.
    ///
    /// Pages load assets, and what lies higher announces what lies deeper: feeds the incidents, the
    /// `index.html` of the root everything.
    fn rank(&self) -> impl Ord + use<> {
        let path = self.path();
        let is_asset = path == "assets" || path.starts_with("assets/");
        let folders =
            path::folders_above(path).count() + usize::from(matches!(self, Self::Folder(_)));
        let is_index = path.rsplit('/').next() == Some("index.html");
        (!is_asset, std::cmp::Reverse(folders), is_index)
    }
}

/// Sorts the files of the site by their keys, and refuses those that no folder could hold: a site of which `check` says
/// nothing has none.
pub(super) fn arrange(outputs: &[Output]) -> Result<Vec<Keyed<'_>>, Error> {
    let Arrangement { files, flaws } = output::arrange(outputs);
    match flaws.first() {
        None => Ok(files),
        Some(Flaw::Path { output, reason }) => Err(Error::OutputPath {
            path: output.path.clone(),
            reason,
        }),
        Some(Flaw::Clash { first, second }) => Err(Error::OutputClash {
            first: first.path.clone(),
            second: second.path.clone(),
        }),
    }
}

/// Compares `outputs` with what `folder` holds; `old` is its manifest. Where that is torn, the files at the paths of
/// `outputs` are taken for those of an earlier build: nothing else stood there when the last one was done.
pub(super) fn plan<'a>(
    folder: &'a Utf8Path,
    outputs: &'a [Keyed<'a>],
    old: Option<&'a Manifest>,
) -> Result<Plan<'a>, Error> {
    let is_torn = old.is_some_and(|old| old.is_torn);
    let listed = old.map(|old| manifest::paths(&old.text));
    let mut ours: HashSet<&str> = listed.into_iter().flatten().collect();
    let new: HashSet<&str> = outputs.iter().map(Keyed::path).collect();
    if is_torn {
        ours.extend(&new);
    }
    let mut gone: Vec<&str> = ours.difference(&new).copied().collect();
    gone.sort_unstable();
    let (in_the_way, stale): (Vec<&str>, Vec<&str>) = gone
        .into_iter()
        .partition(|path| is_in_the_way(path, outputs));

    let mut survey = Survey::new(folder, ours, &in_the_way);
    let places = outputs
        .iter()
        .map(|output| survey.place(path::folder_of(output.path())))
        .collect::<Result<Vec<_>, _>>()?;
    let findings: Vec<Result<Finding, Error>> = outputs
        .par_iter()
        .zip(&places)
        .map(|(output, place)| match place {
            Place::There => survey.find(output),
            Place::Missing(_) => Ok(Finding::New),
        })
        .collect();

    let mut totals = Written {
        was_manifest_torn: is_torn,
        ..Written::default()
    };
    let mut steps = Steps::default();
    let mut made = Vec::with_capacity(outputs.len());
    for ((keyed, place), finding) in outputs.iter().zip(places).zip(findings) {
        let bytes = keyed.output.bytes.len() as u64;
        match finding? {
            Finding::New => {
                steps.add(keyed.output, place);
                made.push(keyed.path());
                totals.written += 1;
                totals.bytes_written += bytes;
            }
            finding @ (Finding::Same | Finding::SameButForeign) => {
                if matches!(finding, Finding::Same) {
                    made.push(keyed.path());
                }
                totals.unchanged += 1;
                totals.bytes_unchanged += bytes;
            }
        }
    }

    let intent = manifest::text(
        survey
            .ours
            .iter()
            .copied()
            .chain(made.iter().copied())
            .collect(),
    );
    let manifest = manifest::text(made);
    Ok(Plan {
        steps: steps.sorted(),
        in_the_way,
        stale,
        manifest: Some(manifest).filter(|manifest| *manifest != intent),
        intent: Some(intent).filter(|intent| old.is_none_or(|old| is_torn || old.text != *intent)),
        totals,
    })
}

/// Whether `gone`, a file of an earlier build, stands where one of `outputs` or a folder of it goes,
/// or the other way round.
fn is_in_the_way(gone: &str, outputs: &[Keyed<'_>]) -> bool {
    let key = path::key(gone);
    let at = outputs.partition_point(|output| output.key < key);
    let neighbours = &outputs[at.saturating_sub(1)..outputs.len().min(at + 1)];
    neighbours
        .iter()
        .any(|output| path::clash(gone, output.path()))
}

/// The folder that a file of the site goes into.
#[derive(Debug, Clone, Copy)]
enum Place<'a> {
    /// A folder that is there.
    There,
    /// A folder that is not there; with the outermost folder that is missing.
    Missing(&'a str),
}

/// The finding at the path of a file of the site.
enum Finding {
    /// Nothing, or a file of an earlier build with another content.
    New,
    /// A file of an earlier build with the same content.
    Same,
    /// A file with the same content that no build made: it is the user's, and stays so.
    SameButForeign,
}

/// Looks at the output folder.
struct Survey<'a> {
    folder: &'a Utf8Path,
    ours: HashSet<&'a str>,
    in_the_way: HashSet<&'a str>,
    /// Keys of the files in the way, to know a file whose name changes only in case.
    recased: HashMap<String, &'a str>,
    /// Folders that will be empty once the files in the way are deleted, unless something else is there.
    emptied: HashSet<&'a str>,
    places: HashMap<&'a str, Place<'a>>,
}

impl<'a> Survey<'a> {
    fn new(folder: &'a Utf8Path, ours: HashSet<&'a str>, in_the_way: &[&'a str]) -> Self {
        Self {
            folder,
            ours,
            recased: in_the_way
                .iter()
                .map(|path| (path::key(path), *path))
                .collect(),
            emptied: in_the_way
                .iter()
                .flat_map(|path| path::folders_above(path))
                .collect(),
            in_the_way: in_the_way.iter().copied().collect(),
            places: HashMap::from([("", Place::There)]),
        }
    }

    /// Whether the folder `path` is there; a symbolic link is none.
    fn place(&mut self, path: &'a str) -> Result<Place<'a>, Error> {
        if let Some(place) = self.places.get(path) {
            return Ok(*place);
        }
        let place = match self.place(path::folder_of(path))? {
            Place::Missing(outermost) => Place::Missing(outermost),
            Place::There => match self.look(path)? {
                None => Place::Missing(path),
                Some(metadata) if metadata.is_dir() => Place::There,
                Some(metadata) if metadata.is_file() && self.in_the_way.contains(path) => {
                    Place::Missing(path)
                }
                Some(_) => return Err(self.foreign(path)),
            },
        };
        self.places.insert(path, place);
        Ok(place)
    }

    /// Compares a file of the site, in a folder that is there, with what stands at its path.
    fn find(&self, keyed: &Keyed<'_>) -> Result<Finding, Error> {
        let path = keyed.path();
        let Some(metadata) = self.look(path)? else {
            return Ok(Finding::New);
        };
        if metadata.is_dir() && self.will_be_gone(path) {
            return Ok(Finding::New);
        }
        if !metadata.is_file() {
            return Err(self.foreign(path));
        }
        if self.is_recased(keyed) {
            return Ok(Finding::New);
        }
        let bytes = &keyed.output.bytes;
        let same = metadata.len() == bytes.len() as u64 && {
            let full = self.folder.join(path);
            fs::read(&full).map_err(Error::io("read", &full))? == *bytes
        };
        match (same, self.ours.contains(path)) {
            (true, true) => Ok(Finding::Same),
            (true, false) => Ok(Finding::SameButForeign),
            (false, true) => Ok(Finding::New),
            (false, false) => Err(self.foreign(path)),
        }
    }

    /// Whether all that the folder `path` holds is files in the way.
    fn will_be_gone(&self, path: &str) -> bool {
        let top = self.folder.join(path);
        WalkDir::new(&top).into_iter().all(|entry| {
            let Ok(entry) = entry else { return false };
            let Some(inside) = Utf8Path::from_path(entry.path())
                .and_then(|full| full.strip_prefix(self.folder).ok())
                .map(|inside| slashed(inside.to_owned()).into_string())
            else {
                return false;
            };
            let inside = inside.as_str();
            if entry.file_type().is_dir() {
                self.emptied.contains(inside)
            } else {
                entry.file_type().is_file() && self.in_the_way.contains(inside)
            }
        })
    }

    /// Whether the file at the path of `keyed` is really one in the way, on a disk that ignores case.
    fn is_recased(&self, keyed: &Keyed<'_>) -> bool {
        let Some(old) = self.recased.get(&keyed.key) else {
            return false;
        };
        let identity = |path: &str| Identity::at(self.folder.join(path).as_std_path());
        let old = identity(old);
        old.is_some() && old == identity(keyed.path())
    }

    /// The metadata of what stands at `path`, without following a symbolic link.
    fn look(&self, path: &str) -> Result<Option<Metadata>, Error> {
        let full = self.folder.join(path);
        match fs::symlink_metadata(&full) {
            Ok(metadata) => Ok(Some(metadata)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io("read", &full)(error)),
        }
    }

    fn foreign(&self, path: &str) -> Error {
        Error::ForeignFile(self.folder.join(path))
    }
}

/// The steps while they are collected.
#[derive(Default)]
struct Steps<'a> {
    files: Vec<Step<'a>>,
    /// The steps of new folders, by the outermost folder that is not there.
    folders: BTreeMap<&'a str, Vec<NewFolder<'a>>>,
    /// Where each new folder stands in its step.
    at: HashMap<&'a str, usize>,
}

impl<'a> Steps<'a> {
    fn add(&mut self, output: &'a Output, place: Place<'a>) {
        let Place::Missing(outermost) = place else {
            self.files.push(Step::File(output));
            return;
        };
        let path = output.path.as_str();
        let folders = self.folders.entry(outermost).or_default();
        let mut last = 0;
        for folder in path::folders_above(path).filter(|folder| folder.len() >= outermost.len()) {
            last = *self.at.entry(folder).or_insert_with(|| {
                folders.push(NewFolder {
                    path: folder,
                    files: Vec::new(),
                });
                folders.len() - 1
            });
        }
        if let Some(folder) = folders.get_mut(last) {
            folder.files.push(output);
        }
    }

    fn sorted(self) -> Vec<Step<'a>> {
        let mut steps = self.files;
        steps.extend(self.folders.into_values().map(Step::Folder));
        steps.sort_by_cached_key(Step::rank);
        steps
    }
}

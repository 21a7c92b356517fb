//! The steps of a publication.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use bytes::Bytes;

use super::live::{self, Live};
use super::plan::{Plan, plan, stage};
use super::store::{Condition, Content, Refused, Store, Version};
use crate::output::Output;
use crate::time::Instant;

/// How many transfers run at once.
const AT_ONCE: usize = 16;

/// How often a publisher begins anew where others publish all the time.
const ATTEMPTS: usize = 20;

/// How often a file is written again that somebody else changes all the time.
const WRITES: usize = 20;

/// What is to be published.
#[derive(Debug, Clone, Copy)]
pub struct Publication<'a> {
    /// Every file of the build, `build.json` among them.
    pub outputs: &'a [Output],
    /// What is done where the live page is newer, or is another site's.
    pub again: Again,
}

/// What is done where the live page is newer than the build, or is another site's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// It stays.
    Keep,
    /// It is replaced all the same.
    Replace,
}

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many files were sent.
    pub sent: usize,
    /// How many bytes were sent.
    pub bytes: u64,
    /// How many files were there already.
    pub unchanged: usize,
    /// How many files were deleted.
    pub deleted: usize,
}

/// Why nothing, or not all, was published. What is live is whole all the same, or will be with the next publication.
#[derive(Debug)]
pub enum Failure {
    /// The live page is newer.
    Newer {
        /// Its instant.
        live: Instant,
        /// The instant of the build.
        build: Instant,
    },
    /// The live page is another site's.
    OtherSite {
        /// Its address.
        live: String,
        /// The address of the build.
        build: String,
    },
    /// What is live at `build.json` is none.
    Foreign,
    /// The build has no manifest.
    NoManifest,
    /// Others publish all the time.
    Contended,
    /// The store failed.
    Store {
        /// The path.
        path: String,
        /// The store's words.
        why: String,
    },
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer { live, build } => write!(
                f,
                "the live page is of {}, which is later than {} of this build",
                crate::time::rfc3339(*live),
                crate::time::rfc3339(*build)
            ),
            Self::OtherSite { live, build } => {
                write!(
                    f,
                    "the live page is that of {live}, and this build is for {build}"
                )
            }
            Self::Foreign => f.write_str("another program's `build.json` is there"),
            Self::NoManifest => f.write_str("the build has no `build.json`"),
            Self::Contended => f.write_str("others publish there all the time"),
            Self::Store { path, why } => write!(f, "{path}: {why}"),
        }
    }
}

/// Publishes a build.
///
/// # Errors
///
/// Where the live page is newer or another site's, and where the store fails.
pub fn publish(store: &dyn Store, publication: Publication<'_>) -> Result<Summary, Failure> {
    let outputs = publication.outputs.iter();
    let files: BTreeMap<&str, &Bytes> = outputs.map(|it| (it.path.as_str(), &it.bytes)).collect();
    let manifest = files.get(live::PATH).ok_or(Failure::NoManifest)?;
    let build = Live::parse(manifest).map_err(|_| Failure::NoManifest)?;
    let publisher = Publisher {
        store,
        build,
        files,
        again: publication.again,
        sent: AtomicUsize::new(0),
        bytes: AtomicU64::new(0),
        deleted: AtomicUsize::new(0),
    };
    for _ in 0..ATTEMPTS {
        match publisher.attempt() {
            Err(Stop::Overtaken) => {}
            Err(Stop::Failure(failure)) => return Err(failure),
            Ok(unchanged) => {
                return Ok(Summary {
                    sent: publisher.sent.into_inner(),
                    bytes: publisher.bytes.into_inner(),
                    unchanged,
                    deleted: publisher.deleted.into_inner(),
                });
            }
        }
    }
    Err(Failure::Contended)
}

/// Why an attempt ended.
enum Stop {
    /// Somebody else has claimed the page.
    Overtaken,
    Failure(Failure),
}

/// What was created.
struct Created {
    /// The paths at which something was already.
    there: Vec<String>,
    /// The version of the live manifest since.
    version: Option<Version>,
}

struct Publisher<'a> {
    store: &'a dyn Store,
    build: Live,
    files: BTreeMap<&'a str, &'a Bytes>,
    again: Again,
    sent: AtomicUsize,
    bytes: AtomicU64,
    deleted: AtomicUsize,
}

impl Publisher<'_> {
    /// One way through all steps; returns how many files were there already.
    fn attempt(&self) -> Result<usize, Stop> {
        let found = self.store.read(live::PATH).map_err(at(live::PATH))?;
        let (live, version) = match found {
            None => (None, None),
            Some((bytes, version)) => (Live::parse(&bytes).ok(), Some(version)),
        };
        self.refuse(live.as_ref(), version.is_some())?;
        let Plan {
            create,
            replace,
            delete,
            former,
        } = plan(&self.build, live.as_ref());
        let is_settled = live.as_ref().is_some_and(|live| live.unsettled.is_none());
        let unchanged = self.build.files.len() - create.len() - replace.len();
        if is_settled && create.is_empty() && replace.is_empty() && delete.is_empty() {
            let live = live.as_ref();
            if live.is_some_and(|live| live.done(&former) == self.build.done(&former)) {
                return Ok(unchanged);
            }
        }

        // Where nothing is live, nothing can be missed: all of it is written after the claim.
        let created = match (&live, version) {
            (Some(live), Some(version)) => self.create(live, version, &create)?,
            (_, version) => Created {
                there: create.clone(),
                version,
            },
        };
        let mut replace: Vec<&str> = replace.iter().map(String::as_str).collect();
        replace.extend(created.there.iter().map(String::as_str));

        let touched = create.iter().map(String::as_str);
        let touched = touched.chain(replace.iter().copied());
        let touched = touched.chain(delete.iter().map(String::as_str));
        let unsettled = touched.map(str::to_owned).collect();
        let condition = created.version.as_ref();
        let claimed = self.put_manifest(
            self.build.claim(&unsettled, &former),
            condition.map_or(Condition::New, Condition::Unchanged),
        )?;

        self.switch(&replace, &claimed)?;
        self.make_whole(&create, &claimed)?;
        let gone: Vec<&str> = delete.iter().map(String::as_str).collect();
        self.delete(&gone, &claimed)?;
        self.put_manifest(self.build.done(&former), Condition::Unchanged(&claimed))?;
        Ok(unchanged)
    }

    /// Refuses to replace a newer page, and what is not this site's.
    fn refuse(&self, live: Option<&Live>, is_there: bool) -> Result<(), Stop> {
        if self.again == Again::Replace {
            return Ok(());
        }
        let failure = match live {
            None if is_there => Failure::Foreign,
            Some(live) if live.base_url != self.build.base_url => Failure::OtherSite {
                live: live.base_url.clone(),
                build: self.build.base_url.clone(),
            },
            Some(live) if live.now > self.build.now => Failure::Newer {
                live: live.now,
                build: self.build.now,
            },
            _ => return Ok(()),
        };
        Err(Stop::Failure(failure))
    }

    /// Creates files, assets first, after the live manifest says so: what a killed publisher has created is found by the
    /// next.
    fn create(&self, live: &Live, version: Version, paths: &[String]) -> Result<Created, Stop> {
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        if paths.is_empty() {
            return Ok(Created {
                there: Vec::new(),
                version: Some(version),
            });
        }
        let announced = live.announce(paths.iter().copied());
        let version = self.put_manifest(announced, Condition::Unchanged(&version))?;
        let there = Mutex::new(Vec::new());
        self.in_stages(&paths, |path| match self.put(path, Condition::New) {
            Err(Refused::Changed) => {
                let mut there = there.lock().unwrap_or_else(PoisonError::into_inner);
                there.push(path.to_owned());
                Ok(())
            }
            result => result.map_err(at(path)),
        })?;
        Ok(Created {
            there: there.into_inner().unwrap_or_else(PoisonError::into_inner),
            version: Some(version),
        })
    }

    /// Writes what differs.
    fn switch(&self, paths: &[&str], claimed: &Version) -> Result<(), Stop> {
        self.in_stages(paths, |path| self.replace(path, claimed))
    }

    fn replace(&self, path: &str, claimed: &Version) -> Result<(), Stop> {
        for _ in 0..WRITES {
            let version = self.store.version(path).map_err(at(path))?;
            self.still_mine(claimed)?;
            let condition = version
                .as_ref()
                .map_or(Condition::New, Condition::Unchanged);
            match self.put(path, condition) {
                Err(Refused::Changed) => {}
                result => return result.map_err(at(path)),
            }
        }
        Err(Stop::Failure(Failure::Contended))
    }

    /// Creates again what an older publisher has deleted since it was created, because it did not know of it.
    fn make_whole(&self, created: &[String], claimed: &Version) -> Result<(), Stop> {
        each(created, |path| {
            match self.store.version(path).map_err(at(path))? {
                Some(_) => Ok(()),
                None => self.replace(path, claimed),
            }
        })
    }

    /// Deletes what no build needs any more.
    fn delete(&self, paths: &[&str], claimed: &Version) -> Result<(), Stop> {
        each(paths, |path| {
            let Some(version) = self.store.version(path).map_err(at(path))? else {
                return Ok(());
            };
            self.still_mine(claimed)?;
            match self.store.delete(path, &version) {
                // Somebody writes it anew: it is not old any more.
                Err(Refused::Changed) => Ok(()),
                result => {
                    self.deleted.fetch_add(1, Ordering::Relaxed);
                    result.map_err(at(path))
                }
            }
        })
    }

    /// Stops where somebody else has claimed the page.
    fn still_mine(&self, claimed: &Version) -> Result<(), Stop> {
        let version = self.store.version(live::PATH).map_err(at(live::PATH))?;
        match version.as_ref() == Some(claimed) {
            true => Ok(()),
            false => Err(Stop::Overtaken),
        }
    }

    /// Writes the manifest; where somebody else did so since, the attempt is over.
    fn put_manifest(&self, text: String, condition: Condition<'_>) -> Result<Version, Stop> {
        let bytes = Bytes::from(text);
        let content = Content {
            bytes: &bytes,
            content_type: "application/json",
            cache: "no-cache",
        };
        match self.store.write(live::PATH, content, condition) {
            Err(Refused::Changed) => Err(Stop::Overtaken),
            result => result.map_err(at(live::PATH)),
        }
    }

    fn put(&self, path: &str, condition: Condition<'_>) -> Result<(), Refused> {
        let (Some(bytes), Some(file)) = (self.files.get(path), self.build.files.get(path)) else {
            return Err(Refused::Failed(
                "the build lists this file and does not have it".to_owned(),
            ));
        };
        let content = Content {
            bytes,
            content_type: &file.content_type,
            cache: &file.cache,
        };
        self.store.write(path, content, condition)?;
        self.sent.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        Ok(())
    }

    /// Does something for each path, in the order of [`stage`].
    fn in_stages<'p>(
        &self,
        paths: &[&'p str],
        work: impl Fn(&'p str) -> Result<(), Stop> + Sync,
    ) -> Result<(), Stop> {
        let mut stages: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for path in paths {
            stages.entry(stage(path)).or_default().push(path);
        }
        stages
            .values()
            .try_for_each(|paths| each(paths, |path| work(path)))
    }
}

/// Does something for each item, [`AT_ONCE`] of them side by side; after the first failure nothing new is begun.
fn each<T: Sync>(items: &[T], work: impl Fn(&T) -> Result<(), Stop> + Sync) -> Result<(), Stop> {
    let next = AtomicUsize::new(0);
    let failure = Mutex::new(None);
    thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(items.len()) {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(stop) = work(item) {
                        next.store(items.len(), Ordering::Relaxed);
                        let mut failure = failure.lock().unwrap_or_else(PoisonError::into_inner);
                        failure.get_or_insert(stop);
                    }
                }
            });
        }
    });
    match failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(stop) => Err(stop),
        None => Ok(()),
    }
}

/// A store's failure at a path.
fn at(path: &str) -> impl Fn(Refused) -> Stop {
    move |refused| {
        let why = match refused {
            Refused::Changed => "somebody else has changed it".to_owned(),
            Refused::Failed(why) => why,
        };
        Stop::Failure(Failure::Store {
            path: path.to_owned(),
            why,
        })
    }
}

//! The steps of a publication.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use bytes::Bytes;

use super::failure::Failure;
use super::live::{self, Live, LiveFile, Remains};
use super::plan::{Plan, plan, stage};
use super::refusal::{Again, IsBehind, IsThere, refuse};
use super::store::{Condition, Content, Refused, Store, Version};
use super::summary::{Preview, Summary};
use crate::output::Output;
use crate::time::Instant;

/// How many transfers run at once.
const AT_ONCE: usize = 16;

/// How often a publisher begins anew where others publish all the time.
const ATTEMPTS: u32 = 12;

/// How often a file is written again that somebody else changes all the time.
const WRITES: u32 = 8;

/// What is to be published.
#[derive(Clone, Copy)]
pub struct Publication<'a> {
    /// Every file of the build, `build.json` among them.
    pub outputs: &'a [Output],
    /// What is done where the live page is newer, or is another site's.
    pub again: Again,
    /// Whether the site's files are as they were before the commit of the live page.
    pub is_behind: IsBehind<'a>,
    /// Is told how many files are done, and of how many.
    pub progress: &'a (dyn Fn(usize, usize) + Sync),
}

/// Publishes a build.
///
/// # Errors
///
/// Where the live page is newer or another site's, and where the store fails.
pub fn publish(store: &dyn Store, publication: Publication<'_>) -> Result<Summary, Failure> {
    let publisher = Publisher::new(store, publication)?;
    let mut last = Failure::Contended;
    for turn in 0..ATTEMPTS {
        rest(turn);
        match publisher.attempt() {
            Err(Stop::Overtaken) => {}
            Err(Stop::Unanswered(failure)) => last = failure,
            Err(Stop::Failure(failure)) => return Err(failure),
            Ok(()) => return Ok(publisher.summary()),
        }
    }
    Err(last)
}

/// What [`publish`] would do.
///
/// # Errors
///
/// Where the live page is newer or another site's, and where the store fails.
pub fn preview(store: &dyn Store, publication: Publication<'_>) -> Result<Preview, Failure> {
    let publisher = Publisher::new(store, publication)?;
    let (live, _) = match publisher.look() {
        Err(Stop::Overtaken) => return Err(Failure::Contended),
        Err(Stop::Unanswered(failure) | Stop::Failure(failure)) => return Err(failure),
        Ok(found) => found,
    };
    let plan = plan(&publisher.build, live.as_ref());
    let sent = plan.create.into_iter().chain(plan.replace);
    Ok(Preview::new(sent.collect(), plan.delete, |path| {
        publisher.build.files.get(path).map_or(0, |file| file.size)
    }))
}

/// Why an attempt ended.
enum Stop {
    /// Somebody else has claimed the page.
    Overtaken,
    /// It is not known whether a request has taken place. It is looked at anew.
    Unanswered(Failure),
    Failure(Failure),
}

/// What was created.
struct Created {
    /// The paths at which something was already.
    there: Vec<String>,
    /// The version of the live manifest since.
    version: Version,
}

struct Publisher<'a> {
    store: &'a dyn Store,
    build: Live,
    files: BTreeMap<&'a str, &'a Bytes>,
    again: Again,
    is_behind: IsBehind<'a>,
    /// What is replaced though it is newer: no page that came later.
    limit: OnceLock<Instant>,
    progress: &'a (dyn Fn(usize, usize) + Sync),
    /// How many files are to be written.
    planned: AtomicUsize,
    /// How many of them are, or were found to be there.
    written: AtomicUsize,
    sent: AtomicUsize,
    bytes: AtomicU64,
    deleted: AtomicUsize,
    /// The paths of files that could not be deleted.
    undeleted: Mutex<BTreeSet<String>>,
}

impl<'a> Publisher<'a> {
    fn new(store: &'a dyn Store, publication: Publication<'a>) -> Result<Self, Failure> {
        let outputs = publication.outputs.iter();
        let files: BTreeMap<&str, &Bytes> =
            outputs.map(|it| (it.path.as_str(), &it.bytes)).collect();
        let manifest = files.get(live::PATH).ok_or(Failure::NoManifest)?;
        let build = Live::parse(manifest).map_err(|_| Failure::NoManifest)?;
        Ok(Self {
            store,
            build,
            files,
            again: publication.again,
            is_behind: publication.is_behind,
            limit: OnceLock::new(),
            progress: publication.progress,
            planned: AtomicUsize::new(0),
            written: AtomicUsize::new(0),
            sent: AtomicUsize::new(0),
            bytes: AtomicU64::new(0),
            deleted: AtomicUsize::new(0),
            undeleted: Mutex::default(),
        })
    }

    fn summary(self) -> Summary {
        let sent = self.sent.into_inner();
        Summary {
            sent,
            bytes: self.bytes.into_inner(),
            unchanged: self.build.files.len().saturating_sub(sent),
            deleted: self.deleted.into_inner(),
            undeleted: into_inner(self.undeleted).len(),
        }
    }

    /// What is live, with its version; fails where it must not be replaced.
    fn look(&self) -> Result<(Option<Live>, Option<Version>), Stop> {
        let found = self.store.read(live::PATH).map_err(at(live::PATH))?;
        let (live, version) = match found {
            None => (None, None),
            Some((bytes, version)) => (Live::parse(&bytes).ok(), Some(version)),
        };
        let there = match version {
            Some(_) => IsThere::Yes,
            None => IsThere::No,
        };
        let again = self.again(live.as_ref());
        refuse(&self.build, live.as_ref(), there, again, self.is_behind).map_err(Stop::Failure)?;
        Ok((live, version))
    }

    /// What is done where the live page is newer. Whoever replaces a newer one has meant the one that was there, and none
    /// that comes while that is done.
    fn again(&self, live: Option<&Live>) -> Again {
        let now = live.map_or(self.build.now, |live| live.now);
        let limit = *self.limit.get_or_init(|| now);
        match now > limit.max(self.build.now) {
            true => Again::Keep,
            false => self.again,
        }
    }

    /// One way through all steps.
    fn attempt(&self) -> Result<(), Stop> {
        let (live, version) = self.look()?;
        let plan = plan(&self.build, live.as_ref());
        self.begin(&plan);
        if let Some(live) = &live
            && live.unsettled.is_none()
            && plan.is_nothing()
            && live.settled(&plan.remains) == self.build.settled(&plan.remains)
        {
            return Ok(());
        }
        let claimed = match (&live, version) {
            (Some(live), Some(version)) => {
                let created = self.create(live, version, &plan.create)?;
                let claimed = self.claim(&plan, Condition::Unchanged(&created.version))?;
                let there = created.there.iter();
                let replace: Vec<&String> = plan.replace.iter().chain(there).collect();
                self.in_stages(&replace, |path| match plan.keep.contains(path) {
                    true => self.keep(path, &claimed),
                    false => self.replace(path, &claimed),
                })?;
                self.make_whole(&plan, &claimed)?;
                claimed
            }
            // Where nothing is live, nothing can be missed: all of it is written after the claim.
            (_, version) => {
                let condition = version.as_ref();
                let condition = condition.map_or(Condition::New, Condition::Unchanged);
                let claimed = self.claim(&plan, condition)?;
                self.try_condition()?;
                let all: Vec<&String> = plan.create.iter().collect();
                self.in_stages(&all, |path| match self.put(path, Condition::New) {
                    Err(Refused::Changed | Refused::Unanswered(..)) => self.replace(path, &claimed),
                    result => result.map_err(at(path)),
                })?;
                claimed
            }
        };
        let gone: Vec<&str> = plan.delete.iter().map(String::as_str).collect();
        self.delete(&gone, &claimed)?;
        let mut remains = plan.remains;
        // They are deleted by a later one.
        remains.former.extend(lock(&self.undeleted).iter().cloned());
        let settled = self.build.settled(&remains);
        self.put_manifest(settled, Condition::Unchanged(&claimed))?;
        Ok(())
    }

    /// Begins to count for a plan.
    fn begin(&self, plan: &Plan) {
        self.planned.store(plan.writes(), Ordering::Relaxed);
        self.written.store(0, Ordering::Relaxed);
        self.sent.store(0, Ordering::Relaxed);
        self.bytes.store(0, Ordering::Relaxed);
        lock(&self.undeleted).clear();
    }

    /// Makes the build the live one, which is not finished.
    fn claim(&self, plan: &Plan, condition: Condition<'_>) -> Result<Version, Stop> {
        let touched = plan.create.iter().chain(&plan.replace).chain(&plan.delete);
        let unsettled = touched.cloned().collect();
        self.put_manifest(self.build.claim(&unsettled, &plan.remains), condition)
    }

    /// Fails where a store takes a write whose condition does not hold: all depends on that.
    fn try_condition(&self) -> Result<(), Stop> {
        let nobody = Version {
            e_tag: Some("\"00000000000000000000000000000000\"".to_owned()),
            generation: Some("1".to_owned()),
            mark: None,
        };
        let own = self.build.settled(&Remains::default());
        match self.put_manifest(own, Condition::Unchanged(&nobody)) {
            Err(Stop::Overtaken) => Ok(()),
            Ok(_) => Err(Stop::Failure(Failure::Unconditional)),
            Err(stop) => Err(stop),
        }
    }

    /// Creates files, assets first, after the live manifest says so: what a killed publisher has created is found by the
    /// next.
    fn create(&self, live: &Live, version: Version, paths: &[String]) -> Result<Created, Stop> {
        let there = Vec::new();
        if paths.is_empty() {
            return Ok(Created { there, version });
        }
        let announced = live.announce(paths.iter().map(String::as_str));
        let version = self.put_manifest(announced, Condition::Unchanged(&version))?;
        let there = Mutex::new(there);
        let paths: Vec<&String> = paths.iter().collect();
        self.in_stages(&paths, |path| match self.put(path, Condition::New) {
            Err(Refused::Changed | Refused::Unanswered(..)) => {
                lock(&there).push(path.to_owned());
                Ok(())
            }
            result => result.map_err(at(path)),
        })?;
        let there = into_inner(there);
        Ok(Created { there, version })
    }

    /// Writes a file where it is not there yet as it is to be.
    fn keep(&self, path: &str, claimed: &Version) -> Result<(), Stop> {
        let version = self.store.version(path).map_err(at(path))?;
        let mark = version.and_then(|version| version.mark);
        let wanted = self.build.files.get(path).map(LiveFile::mark);
        if mark.is_none() || mark != wanted {
            return self.replace(path, claimed);
        }
        self.count_written();
        Ok(())
    }

    /// Writes what differs, on the condition that the page is still claimed.
    fn replace(&self, path: &str, claimed: &Version) -> Result<(), Stop> {
        let mut last = Failure::Contended;
        for turn in 0..WRITES {
            rest(turn);
            let version = self.store.version(path).map_err(at(path))?;
            self.still_mine(claimed)?;
            let condition = version.as_ref();
            let condition = condition.map_or(Condition::New, Condition::Unchanged);
            match self.put(path, condition) {
                Err(Refused::Changed) => {}
                Err(refused @ Refused::Unanswered(..)) => last = Failure::of_store(path, refused),
                result => return result.map_err(at(path)),
            }
        }
        Err(Stop::Failure(last))
    }

    /// Creates again what an older publisher has deleted since it was created, because it did not know of it.
    fn make_whole(&self, plan: &Plan, claimed: &Version) -> Result<(), Stop> {
        let new: Vec<&String> = plan.create.iter().chain(&plan.may_be_there).collect();
        each(&new, |path| {
            match self.store.version(path).map_err(at(path))? {
                Some(_) => Ok(()),
                None => self.replace(path, claimed),
            }
        })
    }

    /// Deletes what no build needs any more. A page is not worse for a file that nothing leads to: what cannot be deleted
    /// is left for a later publication.
    fn delete(&self, paths: &[&str], claimed: &Version) -> Result<(), Stop> {
        each(paths, |path| {
            let Some(version) = self.store.version(path).map_err(at(path))? else {
                return Ok(());
            };
            self.still_mine(claimed)?;
            match self.store.delete(path, &version) {
                Ok(()) => {
                    self.deleted.fetch_add(1, Ordering::Relaxed);
                }
                // Somebody writes it anew: it is not old any more.
                Err(Refused::Changed) => {}
                Err(Refused::Unanswered(..) | Refused::Failed(_) | Refused::Hindered(..)) => {
                    lock(&self.undeleted).insert((*path).to_owned());
                }
            }
            Ok(())
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
            mark: "manifest",
        };
        match self.store.write(live::PATH, content, condition) {
            Err(Refused::Changed) => Err(Stop::Overtaken),
            result => result.map_err(at(live::PATH)),
        }
    }

    fn count_written(&self) {
        let written = self.written.fetch_add(1, Ordering::Relaxed) + 1;
        (self.progress)(written, self.planned.load(Ordering::Relaxed));
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
            mark: &file.mark(),
        };
        self.store.write(path, content, condition)?;
        self.count_written();
        self.sent.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        Ok(())
    }

    /// Does something for each path, in the order of [`stage`].
    fn in_stages(
        &self,
        paths: &[&String],
        work: impl Fn(&str) -> Result<(), Stop> + Sync,
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
    |refused| {
        let is_known = !matches!(refused, Refused::Unanswered(..));
        let failure = Failure::of_store(path, refused);
        match is_known {
            true => Stop::Failure(failure),
            false => Stop::Unanswered(failure),
        }
    }
}

/// Rests before another turn, each time longer, for at most two seconds.
fn rest(turn: u32) {
    if turn > 0 {
        thread::sleep(Duration::from_millis(20 << turn.min(7)).min(Duration::from_secs(2)));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn into_inner<T>(mutex: Mutex<T>) -> T {
    mutex.into_inner().unwrap_or_else(PoisonError::into_inner)
}

//! Waiting for a site's files to change.
//!
//! It says only *that* something changed: the whole site is built again, so that nothing stays stale. What
//! the system reports of folders that come and go is patchy; a look at the whole site is not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use notify::event::{MetadataKind, ModifyKind};
use notify::{Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use crate::error::Error;
use crate::source::{EVIDENCE, INCIDENTS, PAGES, STATIC, THEMES};

/// How long nothing may happen before a batch of changes is over.
const QUIET: Duration = Duration::from_millis(50);
/// How long a batch lasts at most.
const LONGEST: Duration = Duration::from_millis(500);
/// How often a folder is looked at where there are no events.
const POLL: Duration = Duration::from_millis(500);

/// The way in which changes are noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WatchMethod {
    /// By the events of the file system.
    Events,
    /// By looking at the files again and again, as network file systems need.
    Polling,
}

/// Why [`SiteWatcher::wait`] returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// Files of the site changed.
    Changed,
    /// No file changed in the time allowed.
    Waited,
}

/// Watches the files of a site.
pub struct SiteWatcher {
    watcher: Box<dyn Watcher + Send>,
    events: Receiver<notify::Result<Event>>,
    root: Utf8PathBuf,
    /// The folders that hold parts of the site, each with how deep to watch it.
    parts: BTreeMap<Utf8PathBuf, RecursiveMode>,
    watched: BTreeSet<Utf8PathBuf>,
}

impl SiteWatcher {
    /// Begins to watch the site in a folder.
    ///
    /// # Errors
    ///
    /// Where the system cannot watch, as when all of its watches are taken.
    pub fn new(folder: &Utf8Path, method: WatchMethod) -> Result<Self, Error> {
        let root = folder
            .canonicalize_utf8()
            .map_err(Error::io("open", folder))?;
        let (sender, events) = mpsc::channel();
        let watcher: notify::Result<Box<dyn Watcher + Send>> = match method {
            WatchMethod::Events => RecommendedWatcher::new(sender, Config::default())
                .map(|watcher| Box::new(watcher) as Box<dyn Watcher + Send>),
            WatchMethod::Polling => {
                // Times are compared to the second only, in which two saves have room.
                let config = Config::default()
                    .with_poll_interval(POLL)
                    .with_compare_contents(true);
                PollWatcher::new(sender, config)
                    .map(|watcher| Box::new(watcher) as Box<dyn Watcher + Send>)
            }
        };
        let mut watching = Self {
            watcher: watcher.map_err(|error| failed(&root, &error))?,
            events,
            parts: [INCIDENTS, EVIDENCE, THEMES, PAGES, STATIC]
                .map(|part| (root.join(part), RecursiveMode::Recursive))
                .into(),
            root,
            watched: BTreeSet::new(),
        };
        watching.cover()?;
        Ok(watching)
    }

    /// Watches the site's folder, and what lies in its parts: an output folder beside them stays unseen.
    fn cover(&mut self) -> Result<(), Error> {
        let root = (self.root.clone(), RecursiveMode::NonRecursive);
        let parts = self
            .parts
            .iter()
            .map(|(folder, mode)| (folder.clone(), *mode));
        for (folder, mode) in std::iter::once(root).chain(parts).collect::<Vec<_>>() {
            if !folder.is_dir() {
                // It may come back as another folder of the same name.
                if self.watched.remove(&folder) {
                    let _ = self.watcher.unwatch(folder.as_std_path());
                }
            } else if !self.watched.contains(&folder) {
                let watched = self.watcher.watch(folder.as_std_path(), mode);
                watched.map_err(|error| failed(&folder, &error))?;
                self.watched.insert(folder);
            }
        }
        Ok(())
    }

    /// Also watches the folder of a picture, as a logo's, by the picture's path from the site's folder.
    ///
    /// # Errors
    ///
    /// As [`Self::new`].
    pub fn picture(&mut self, path: &Utf8Path) -> Result<(), Error> {
        let path = self.root.join(path);
        if let Some(folder) = path.parent().filter(|folder| *folder != self.root) {
            let mode = RecursiveMode::NonRecursive;
            self.parts.entry(folder.to_owned()).or_insert(mode);
        }
        self.cover()
    }

    /// Waits until files of the site have changed and nothing more does, for so long at most.
    ///
    /// # Errors
    ///
    /// Where the system sends no more events.
    pub fn wait(&mut self, longest: Duration) -> Result<Wake, Error> {
        let deadline = Instant::now() + longest;
        let mut lost = Vec::new();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.events.recv_timeout(left) {
                Ok(event) if self.concerns(&event) => {
                    lost.extend(self.parts_of(&event));
                    break;
                }
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => return Ok(Wake::Waited),
                Err(RecvTimeoutError::Disconnected) => {
                    let gone = notify::Error::generic("the watcher has ended");
                    return Err(failed(&self.root, &gone));
                }
            }
        }
        let begun = Instant::now();
        while begun.elapsed() < LONGEST
            && let Ok(event) = self.events.recv_timeout(QUIET)
        {
            lost.extend(self.parts_of(&event));
        }
        // A folder that was moved away and back is another one to the system.
        for part in lost {
            if self.watched.remove(&part) {
                let _ = self.watcher.unwatch(part.as_std_path());
            }
        }
        self.cover()?;
        Ok(Wake::Changed)
    }

    /// The folders of the site that an event says came or went.
    fn parts_of(&self, event: &notify::Result<Event>) -> Vec<Utf8PathBuf> {
        let is_about = |part: &&Utf8PathBuf| match event {
            Ok(event) if !event.paths.is_empty() => {
                matches!(
                    event.kind,
                    EventKind::Create(_)
                        | EventKind::Remove(_)
                        | EventKind::Modify(ModifyKind::Name(_))
                ) && event.paths.iter().any(|path| path == part.as_std_path())
            }
            // Something was lost: nothing is sure.
            _ => true,
        };
        self.parts.keys().filter(is_about).cloned().collect()
    }

    /// Whether an event is about files of the site. Reading a file is no such event, or a build would start itself.
    fn concerns(&self, event: &notify::Result<Event>) -> bool {
        let Ok(event) = event else {
            // Something was lost: only a look will tell.
            return true;
        };
        let is_change = match event.kind {
            EventKind::Access(_) => false,
            // Polling notices a change by the file's time.
            EventKind::Modify(ModifyKind::Metadata(what)) => what == MetadataKind::WriteTime,
            _ => true,
        };
        let is_inside = |path: &std::path::PathBuf| {
            let Ok(inside) = path.strip_prefix(self.root.as_std_path()) else {
                return true;
            };
            // In the site's own folder only what can be part of a site: an editor's or a build's files are not.
            let is_root = inside.as_os_str().is_empty();
            let is_config = inside == std::path::Path::new(crate::source::CONFIG);
            let is_part = |(part, mode): (&Utf8PathBuf, &RecursiveMode)| match mode {
                RecursiveMode::Recursive => path.starts_with(part.as_std_path()),
                RecursiveMode::NonRecursive => path == part.as_std_path(),
            };
            is_root || is_config || self.parts.iter().any(is_part) || is_picture(path)
        };
        is_change && (event.paths.is_empty() || event.paths.iter().any(is_inside))
    }
}

/// Whether a path may be that of a logo.
fn is_picture(path: &std::path::Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension
        .is_some_and(|it| crate::site::config::PICTURES.contains(&it.to_ascii_lowercase().as_str()))
}

fn failed(path: &Utf8Path, error: &notify::Error) -> Error {
    Error::Watch {
        path: path.to_owned(),
        message: error.to_string(),
    }
}

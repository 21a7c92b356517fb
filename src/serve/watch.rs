//! Waiting for a site's files to change.
//!
//! It says only *that* something changed: the whole site is built again, so that nothing stays stale. The system's
//! events make it quick; but what they tell of folders that come and go, of links, and of a site that is away for a
//! while is patchy. So it also looks at all files itself, again and again, and where a look and the events
//! disagree it watches everything anew.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use notify::event::{MetadataKind, ModifyKind};
use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::error::Error;
use crate::source::{CONFIG, Closeness, EVIDENCE, INCIDENTS, Look, PAGES, Place, STATIC, THEMES};

/// How long nothing may happen before a batch of changes is over.
const QUIET: Duration = Duration::from_millis(50);
/// How long a batch lasts at most.
const LONGEST: Duration = Duration::from_millis(500);
/// How often the files are looked at where there are no events.
const POLL: Duration = Duration::from_millis(500);
/// How often they are looked at where there are.
const LOOK: Duration = Duration::from_secs(1);
/// How much longer than a look the pause before the next one is.
const PAUSE: u32 = 20;

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
    /// What receives the system's events; none where it is not asked.
    watcher: Option<RecommendedWatcher>,
    /// Kept so that the other end never closes.
    _sender: Sender<notify::Result<Event>>,
    events: Receiver<notify::Result<Event>>,
    root: Utf8PathBuf,
    /// The folders that hold parts of the site, each with how deep to watch it.
    parts: BTreeMap<Utf8PathBuf, RecursiveMode>,
    watched: Vec<Utf8PathBuf>,
    /// What was there before the last build began.
    seen: Look,
    next_look: Instant,
}

impl SiteWatcher {
    /// Begins to watch the site in a folder.
    ///
    /// # Errors
    ///
    /// Where the system cannot watch, as when all of its watches are taken.
    pub fn new(folder: &Utf8Path, method: WatchMethod) -> Result<Self, Error> {
        // Links in it are not followed once and for all: they may lead elsewhere later.
        let root = camino::absolute_utf8(folder).map_err(Error::io("open", folder))?;
        let (sender, events) = mpsc::channel();
        let watcher = match method {
            WatchMethod::Events => Some(
                RecommendedWatcher::new(sender.clone(), Config::default())
                    .map_err(|error| failed(&root, &error))?,
            ),
            WatchMethod::Polling => None,
        };
        let mut watching = Self {
            watcher,
            _sender: sender,
            events,
            parts: [INCIDENTS, EVIDENCE, THEMES, PAGES, STATIC]
                .map(|part| (root.join(part), RecursiveMode::Recursive))
                .into(),
            root,
            watched: Vec::new(),
            seen: Look::default(),
            next_look: Instant::now(),
        };
        watching.watch_anew()?;
        watching.look_again();
        Ok(watching)
    }

    /// Watches the site's folder, and what lies in its parts: an output folder beside them stays unseen.
    fn watch_anew(&mut self) -> Result<(), Error> {
        let Some(watcher) = &mut self.watcher else {
            return Ok(());
        };
        for folder in self.watched.drain(..) {
            let _ = watcher.unwatch(folder.as_std_path());
        }
        let root = (&self.root, &RecursiveMode::NonRecursive);
        for (folder, mode) in std::iter::once(root).chain(&self.parts) {
            if folder.is_dir() {
                let watched = watcher.watch(folder.as_std_path(), *mode);
                watched.map_err(|error| failed(folder, &error))?;
                self.watched.push(folder.clone());
            }
        }
        Ok(())
    }

    /// Also watches the folder of a picture, as a logo's, by the picture's path from the site's folder.
    pub fn picture(&mut self, path: &Utf8Path) {
        let path = self.root.join(path);
        let folder = path.parent().filter(|folder| *folder != self.root);
        if let Some(folder) = folder.filter(|folder| !self.parts.contains_key(*folder)) {
            let folder = folder.to_owned();
            self.parts.insert(folder, RecursiveMode::NonRecursive);
            // What cannot be watched is looked at.
            let _ = self.watch_anew();
        }
    }

    /// What is there now.
    fn look(&self) -> Look {
        let mut places = vec![Place::Files(&self.root, is_of_root)];
        places.extend(self.parts.iter().map(|(part, mode)| match mode {
            RecursiveMode::Recursive => Place::Tree(part),
            RecursiveMode::NonRecursive => Place::Files(part, is_picture),
        }));
        let closeness = match self.watcher {
            Some(_) => Closeness::Times,
            None => Closeness::Bytes,
        };
        Look::at(&self.root, &places, closeness)
    }

    /// Keeps in mind what is there now; returns what was there before.
    fn look_again(&mut self) -> Look {
        let begun = Instant::now();
        let look = self.look();
        let pause = match self.watcher {
            Some(_) => LOOK,
            None => POLL,
        };
        self.next_look = Instant::now() + pause.max(begun.elapsed() * PAUSE);
        std::mem::replace(&mut self.seen, look)
    }

    /// Waits until files of the site have changed and nothing more does, for so long at most.
    pub fn wait(&mut self, longest: Duration) -> Wake {
        let deadline = Instant::now() + longest;
        let mut is_certain = loop {
            let until = deadline.min(self.next_look);
            let left = until.saturating_duration_since(Instant::now());
            match self.events.recv_timeout(left) {
                Ok(event) if self.concerns(&event) => break !self.is_about_folders(&event),
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) if Instant::now() >= self.next_look => {
                    if self.look_again() != self.seen {
                        break false;
                    }
                }
                Err(_) => return Wake::Waited,
            }
        };
        let begun = Instant::now();
        while begun.elapsed() < LONGEST
            && let Ok(event) = self.events.recv_timeout(QUIET)
        {
            is_certain &= !self.is_about_folders(&event);
        }
        // A folder that was moved away and back is another one to the system.
        if !is_certain {
            let _ = self.watch_anew();
        }
        let before = self.look_again();
        if is_certain && !before.has_same_folders(&self.seen) {
            let _ = self.watch_anew();
            self.look_again();
        }
        Wake::Changed
    }

    /// Whether an event says that a folder of the site, or a link, came or went: what lies in it may be unwatched.
    fn is_about_folders(&self, event: &notify::Result<Event>) -> bool {
        let Ok(event) = event else {
            // Something was lost: nothing is sure.
            return true;
        };
        let is_folder = |path: &std::path::PathBuf| {
            path == self.root.as_std_path()
                || self.parts.keys().any(|part| path == part.as_std_path())
                || path.symlink_metadata().is_ok_and(|it| !it.is_file())
        };
        match event.kind {
            _ if event.need_rescan() || event.paths.is_empty() => true,
            EventKind::Create(_)
            | EventKind::Remove(_)
            | EventKind::Modify(ModifyKind::Name(_)) => event.paths.iter().any(is_folder),
            _ => false,
        }
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
            let is_part = |(part, mode): (&Utf8PathBuf, &RecursiveMode)| match mode {
                RecursiveMode::Recursive => path.starts_with(part.as_std_path()),
                RecursiveMode::NonRecursive => path == part.as_std_path(),
            };
            is_root || is_of_root(path) || self.parts.iter().any(is_part)
        };
        is_change && (event.paths.is_empty() || event.paths.iter().any(is_inside))
    }
}

/// Whether a file of the site's own folder can be part of the site.
fn is_of_root(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == CONFIG) || is_picture(path)
}

/// Whether a path may be that of a logo.
fn is_picture(path: &Path) -> bool {
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

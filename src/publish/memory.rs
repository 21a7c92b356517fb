//! A store in memory, whose publishers can be killed.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use bytes::Bytes;

use super::store::{Condition, Content, Refused, Store, Version};

/// A store.
#[derive(Debug, Default)]
pub(super) struct Memory {
    files: Mutex<BTreeMap<String, (Bytes, Version)>>,
    versions: AtomicU64,
    /// How many files were written.
    pub(super) writes: AtomicU64,
}

/// The way of one publisher to a store, which is cut after some requests.
pub(super) struct Way<'a> {
    store: &'a Memory,
    left: AtomicI64,
    /// Is called before each write.
    before: Option<&'a (dyn Fn(&str) + Sync)>,
}

impl Memory {
    /// A way that is cut after so many requests.
    pub(super) fn way(&self, requests: i64) -> Way<'_> {
        Way {
            store: self,
            left: AtomicI64::new(requests),
            before: None,
        }
    }

    /// A way on which something happens before each write.
    pub(super) fn way_after<'a>(&'a self, before: &'a (dyn Fn(&str) + Sync)) -> Way<'a> {
        Way {
            before: Some(before),
            ..self.way(i64::MAX)
        }
    }

    pub(super) fn get(&self, path: &str) -> Option<Bytes> {
        let files = self.files.lock().unwrap();
        files.get(path).map(|(bytes, _)| bytes.clone())
    }

    pub(super) fn paths(&self) -> Vec<String> {
        self.files.lock().unwrap().keys().cloned().collect()
    }
}

fn version(number: u64, mark: &str) -> Version {
    Version {
        e_tag: Some(number.to_string()),
        generation: None,
        mark: Some(mark.to_owned()),
    }
}

impl Way<'_> {
    /// Counts a request.
    fn pass(&self) -> Result<(), Refused> {
        std::thread::yield_now();
        match self.left.fetch_sub(1, Ordering::Relaxed) > 0 {
            true => Ok(()),
            false => Err(Refused::Failed("killed".to_owned())),
        }
    }
}

impl Store for Way<'_> {
    fn read(&self, path: &str) -> Result<Option<(Bytes, Version)>, Refused> {
        self.pass()?;
        let files = self.store.files.lock().unwrap();
        Ok(files.get(path).cloned())
    }

    fn version(&self, path: &str) -> Result<Option<Version>, Refused> {
        self.pass()?;
        let files = self.store.files.lock().unwrap();
        Ok(files.get(path).map(|(_, version)| version.clone()))
    }

    fn write(
        &self,
        path: &str,
        content: Content<'_>,
        condition: Condition<'_>,
    ) -> Result<Version, Refused> {
        self.pass()?;
        if let Some(before) = self.before {
            before(path);
        }
        let mut files = self.store.files.lock().unwrap();
        let there = files.get(path).map(|(_, version)| version.clone());
        let holds = match condition {
            Condition::New => there.is_none(),
            Condition::Unchanged(wanted) => there.as_ref() == Some(wanted),
        };
        if !holds {
            return Err(Refused::Changed);
        }
        let number = self.store.versions.fetch_add(1, Ordering::Relaxed);
        self.store.writes.fetch_add(1, Ordering::Relaxed);
        let version = version(number, content.mark);
        files.insert(path.to_owned(), (content.bytes.clone(), version.clone()));
        Ok(version)
    }

    fn delete(&self, path: &str, wanted: &Version) -> Result<(), Refused> {
        self.pass()?;
        let mut files = self.store.files.lock().unwrap();
        match files.get(path) {
            Some((_, version)) if version != wanted => Err(Refused::Changed),
            _ => {
                files.remove(path);
                Ok(())
            }
        }
    }
}

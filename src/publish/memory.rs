//! A store in memory, and the way of a publisher to a store, who can be killed.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::live::hexadecimal;
use super::store::{Condition, Content, Refused, Store, Version};

/// A store in memory, no kinder than those of clouds: a content that comes back has the same version again, and a file is
/// deleted whatever its version is.
#[derive(Debug, Default)]
pub(super) struct Memory {
    files: Mutex<BTreeMap<String, (Bytes, Version)>>,
    /// Whether conditions are ignored.
    pub(super) is_careless: bool,
}

impl Memory {
    pub(super) fn get(&self, path: &str) -> Option<Bytes> {
        let files = self.files.lock().unwrap();
        files.get(path).map(|(bytes, _)| bytes.clone())
    }

    pub(super) fn paths(&self) -> Vec<String> {
        self.files.lock().unwrap().keys().cloned().collect()
    }
}

impl Store for Memory {
    fn read(&self, path: &str) -> Result<Option<(Bytes, Version)>, Refused> {
        Ok(self.files.lock().unwrap().get(path).cloned())
    }

    fn version(&self, path: &str) -> Result<Option<Version>, Refused> {
        let files = self.files.lock().unwrap();
        Ok(files.get(path).map(|(_, version)| version.clone()))
    }

    fn write(
        &self,
        path: &str,
        content: Content<'_>,
        condition: Condition<'_>,
    ) -> Result<Version, Refused> {
        let mut files = self.files.lock().unwrap();
        let there = files.get(path).map(|(_, version)| version.clone());
        let holds = match condition {
            Condition::New => there.is_none(),
            Condition::Unchanged(wanted) => there.as_ref() == Some(wanted),
        };
        if !holds && !self.is_careless {
            return Err(Refused::Changed);
        }
        let version = Version {
            e_tag: Some(hexadecimal(&Sha256::digest(content.bytes))),
            generation: None,
            mark: Some(content.mark.to_owned()),
        };
        files.insert(path.to_owned(), (content.bytes.clone(), version.clone()));
        Ok(version)
    }

    fn delete(&self, path: &str, _: &Version) -> Result<(), Refused> {
        self.files.lock().unwrap().remove(path);
        Ok(())
    }
}

/// The way of one publisher to a store, which is cut after some requests.
pub(super) struct Way<'a> {
    store: &'a dyn Store,
    left: AtomicI64,
    /// Is called before each write and each deletion.
    before: &'a (dyn Fn(&str) + Sync),
}

/// A way that is never cut.
pub(super) fn way(store: &dyn Store) -> Way<'_> {
    cut_after(i64::MAX, store)
}

/// A way that is cut after so many requests.
pub(super) fn cut_after(requests: i64, store: &dyn Store) -> Way<'_> {
    Way {
        store,
        left: AtomicI64::new(requests),
        before: &|_| {},
    }
}

/// A way on which something happens before each write and each deletion.
pub(super) fn disturbed<'a>(store: &'a dyn Store, before: &'a (dyn Fn(&str) + Sync)) -> Way<'a> {
    Way {
        before,
        ..way(store)
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
        self.store.read(path)
    }

    fn version(&self, path: &str) -> Result<Option<Version>, Refused> {
        self.pass()?;
        self.store.version(path)
    }

    fn write(
        &self,
        path: &str,
        content: Content<'_>,
        condition: Condition<'_>,
    ) -> Result<Version, Refused> {
        self.pass()?;
        (self.before)(path);
        self.store.write(path, content, condition)
    }

    fn delete(&self, path: &str, wanted: &Version) -> Result<(), Refused> {
        self.pass()?;
        (self.before)(path);
        self.store.delete(path, wanted)
    }
}

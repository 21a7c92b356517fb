//! The ledger in a store, changed by compare-and-swap.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::ledger::Ledger;
use crate::publish::{Condition, Content, Refused, Store, Version};

/// How often a change is tried while others change the ledger, too.
const MOST_RACES: usize = 100;

/// How often a change is tried where the store fails.
const MOST_FAILURES: usize = 3;

/// The ledger, with what is known of it.
pub(super) struct Keeper<'a> {
    store: &'a dyn Store,
    path: &'a str,
    /// The ledger as it was last read or written here.
    known: Mutex<Option<Known>>,
}

struct Known {
    ledger: Ledger,
    /// Nothing where there is no file yet.
    version: Option<Version>,
}

/// Whether a change of the ledger is to be written.
pub(super) enum Change<T> {
    /// It is.
    Write(T),
    /// The ledger is as it should be.
    Keep(T),
}

impl<'a> Keeper<'a> {
    pub(super) fn new(store: &'a dyn Store, path: &'a str) -> Self {
        Self {
            store,
            path,
            known: Mutex::new(None),
        }
    }

    /// The ledger as it is now.
    ///
    /// # Errors
    ///
    /// Where it cannot be read, in words.
    pub(super) fn read(&self) -> Result<Ledger, String> {
        let known = self.load()?;
        let ledger = known.ledger.clone();
        *self.lock() = Some(known);
        Ok(ledger)
    }

    /// Changes the ledger, which others may do at once: `change` gets it as it is then, perhaps several times.
    ///
    /// # Errors
    ///
    /// Where it could not be written, in words; it may have been written all the same.
    pub(super) fn change<T>(
        &self,
        mut change: impl FnMut(&mut Ledger) -> Change<T>,
    ) -> Result<T, String> {
        let mut known = self.lock();
        let (mut races, mut failures) = (0, 0);
        loop {
            let now = match known.take() {
                Some(now) => now,
                None => self.load()?,
            };
            let mut ledger = now.ledger.clone();
            let result = match change(&mut ledger) {
                Change::Write(result) => result,
                Change::Keep(result) => {
                    *known = Some(now);
                    return Ok(result);
                }
            };
            match self.write(&ledger, now.version.as_ref()) {
                Ok(version) => {
                    let version = Some(version);
                    *known = Some(Known { ledger, version });
                    return Ok(result);
                }
                Err(Refused::Changed) if races < MOST_RACES => races += 1,
                Err(Refused::Unanswered(..) | Refused::Failed(_) | Refused::Hindered(..))
                    if failures + 1 < MOST_FAILURES =>
                {
                    failures += 1;
                }
                Err(refused) => return Err(self.words(refused)),
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn load(&self) -> Result<Known, String> {
        let found = self.store.read(self.path);
        let found = found.map_err(|refused| self.words(refused))?;
        let Some((bytes, version)) = found else {
            return Ok(Known {
                ledger: Ledger::default(),
                version: None,
            });
        };
        let ledger = Ledger::parse(&bytes).map_err(|error| format!("`{}`: {error}", self.path))?;
        Ok(Known {
            ledger,
            version: Some(version),
        })
    }

    fn write(&self, ledger: &Ledger, version: Option<&Version>) -> Result<Version, Refused> {
        let bytes = Bytes::from(ledger.text());
        let mark: String = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let content = Content {
            bytes: &bytes,
            content_type: "application/json",
            cache: "no-store",
            mark: &mark,
        };
        let condition = match version {
            Some(version) => Condition::Unchanged(version),
            None => Condition::New,
        };
        self.store.write(self.path, content, condition)
    }

    fn words(&self, refused: Refused) -> String {
        match refused {
            Refused::Changed => format!("others change `{}` all the time", self.path),
            Refused::Unanswered(_, why) | Refused::Failed(why) | Refused::Hindered(_, why) => {
                format!("`{}`: {why}", self.path)
            }
        }
    }
}

//! Texts that are asked for again and again, and made once.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{PoisonError, RwLock};

/// The texts that are known already, by what they say.
#[derive(Debug)]
pub(super) struct Known<K>(RwLock<HashMap<K, String>>);

impl<K> Default for Known<K> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<K: Eq + Hash> Known<K> {
    /// The text for `key`, which `make` makes where it is asked for the first time.
    pub(super) fn text(&self, key: K, make: impl FnOnce() -> Option<String>) -> Option<String> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = known.get(&key) {
            return Some(text.clone());
        }
        drop(known);
        let text = make()?;
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(key, text.clone());
        Some(text)
    }
}

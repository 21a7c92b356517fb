//! One agent at a time on an output folder, and on the evidence of a site.

use std::fs::{File, TryLockError};

use camino::Utf8Path;

use super::{disk, manifest};
use crate::error::Error;

/// The hold of an agent on a folder, which no other agent can have while this value lives.
///
/// It is a lock on a file of its own, for that on the folder is for single builds, which others make, too.
/// The file stays where it is when the agent ends: only its lock counts, and that ends with the process, however it ends.
#[derive(Debug)]
#[must_use]
pub struct Hold {
    _handle: File,
}

/// Takes hold of a folder.
pub(super) fn hold(folder: &Utf8Path) -> Result<Hold, Error> {
    let path = folder.join(manifest::HELD);
    match disk::try_lock(&path) {
        Ok(handle) => Ok(Hold { _handle: handle }),
        Err(TryLockError::WouldBlock) => Err(Error::AgentAtWork(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(Error::io("lock", &path)(error)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;
    use crate::write::{hold, hold_evidence};

    #[test]
    fn only_one_agent_holds_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        let output = root.join("public");
        let first = hold(&output).unwrap();
        assert!(matches!(hold(&output), Err(Error::AgentAtWork(_))));
        // A first build finds the folder as good as empty.
        assert!(matches!(manifest::read(&output), Ok(None)));
        drop(first);
        drop(hold(&output).unwrap());
        // A folder of somebody else stays as it is.
        std::fs::write(root.join("notes.txt"), "mine").unwrap();
        assert!(matches!(hold(root), Err(Error::ForeignOutput(_))));
        assert!(!root.join(manifest::HELD).exists());
    }

    #[test]
    fn only_one_agent_is_at_work_for_a_site() {
        let folder = tempfile::tempdir().unwrap();
        let evidence = Utf8Path::from_path(folder.path()).unwrap().join("evidence");
        let first = hold_evidence(&evidence).unwrap();
        assert!(first.is_some());
        let refused = hold_evidence(&evidence);
        assert!(matches!(refused, Err(Error::AgentOfSite(_))));
        drop(first);
        assert!(hold_evidence(&evidence).unwrap().is_some());
        // Where no folder can be, nothing is held.
        let file = evidence.join("states.jsonl");
        std::fs::write(&file, "").unwrap();
        assert!(hold_evidence(&file.join("evidence")).unwrap().is_none());
    }
}

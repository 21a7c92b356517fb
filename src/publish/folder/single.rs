//! Single files of a folder, as of a store.

use bytes::Bytes;

use super::place::{Place, at};
use super::{Folder, disk, in_folder};
use crate::output::build_manifest::sha256;
use crate::output::path::danger;
use crate::publish::{Condition, Content, Failure, Refused, Store, Version};

impl Store for Folder {
    fn read(&self, path: &str) -> Result<Option<(Bytes, Version)>, Refused> {
        refuse_danger(path)?;
        let path = in_folder(&self.path, path);
        let found = disk::read(&path).map_err(|error| refused(at(&path)(error)))?;
        Ok(found.map(|bytes| {
            let version = version(&bytes);
            (bytes.into(), version)
        }))
    }

    fn version(&self, path: &str) -> Result<Option<Version>, Refused> {
        Ok(self.read(path)?.map(|(_, version)| version))
    }

    fn write(
        &self,
        path: &str,
        content: Content<'_>,
        condition: Condition<'_>,
    ) -> Result<Version, Refused> {
        let place = self.place()?;
        let found = self.version(path)?;
        let holds = match condition {
            Condition::New => found.is_none(),
            Condition::Unchanged(wanted) => found.as_ref() == Some(wanted),
        };
        if !holds {
            return Err(Refused::Changed);
        }
        let target = place.target.join(path);
        let above = target.parent().unwrap_or(&place.target);
        let disk = &self.disk;
        let written = disk
            .make_folders(above)
            .and_then(|()| disk.write_new(&place.file, content.bytes))
            .and_then(|()| disk.sync_file(&place.file))
            .and_then(|()| disk.rename(&place.file, &target))
            .and_then(|()| disk.sync_names(above));
        written.map_err(|error| refused(at(&target)(error)))?;
        Ok(version(content.bytes))
    }

    fn delete(&self, path: &str, wanted: &Version) -> Result<(), Refused> {
        let place = self.place()?;
        match self.version(path)? {
            None => Ok(()),
            Some(found) if found != *wanted => Err(Refused::Changed),
            Some(_) => {
                let path = place.target.join(path);
                let removed = self.disk.remove_file(&path);
                removed.map_err(|error| refused(at(&path)(error)))
            }
        }
    }
}

impl Folder {
    fn place(&self) -> Result<Place, Refused> {
        Place::lock(&self.disk, self.path.as_std_path(), self.patience).map_err(refused)
    }
}

/// The version of some bytes: what they are.
fn version(bytes: &[u8]) -> Version {
    Version {
        e_tag: Some(sha256(bytes)),
        generation: None,
        mark: None,
    }
}

fn refuse_danger(path: &str) -> Result<(), Refused> {
    match danger(path) {
        Some(why) => Err(Refused::Failed(format!("{path}: {why}"))),
        None => Ok(()),
    }
}

fn refused(failure: Failure) -> Refused {
    Refused::Failed(failure.to_string())
}

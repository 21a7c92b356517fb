//! Places to publish to, of whatever kind.

use std::path::PathBuf;

use camino::Utf8Path;

use super::bring::{Publication, preview, publish};
use super::failure::Failure;
use super::folder::Folder;
use super::live::{self, Live};
use super::object::{BadBucket, Bucket};
use super::store::Store;
use super::summary::{Preview, Summary};
use super::tools::Tools;
use crate::site::place::PlaceName;

/// A place to publish to.
#[derive(Debug)]
pub enum Place {
    /// A part of a bucket.
    Bucket(Bucket),
    /// A folder that a web server reads.
    Folder(Folder),
}

impl Place {
    /// A place of the site in a folder.
    ///
    /// # Errors
    ///
    /// Where credentials are missing or make no sense.
    pub fn open(name: &PlaceName, site: &Utf8Path, tools: &Tools<'_>) -> Result<Self, BadBucket> {
        match name {
            PlaceName::Bucket {
                cloud,
                bucket,
                prefix,
            } => Ok(Self::Bucket(Bucket::open(*cloud, bucket, prefix, tools)?)),
            PlaceName::Folder(path) => Ok(Self::Folder(Folder::new(&site.join(path)))),
        }
    }

    /// Publishes a build there.
    ///
    /// # Errors
    ///
    /// Where the live page is newer or another site's, and where the place fails.
    pub fn publish(&self, publication: Publication<'_>) -> Result<Summary, Failure> {
        match self {
            Self::Bucket(bucket) => publish(bucket, publication),
            Self::Folder(folder) => folder.publish(publication),
        }
    }

    /// What [`Place::publish`] would do.
    ///
    /// # Errors
    ///
    /// The same.
    pub fn preview(&self, publication: Publication<'_>) -> Result<Preview, Failure> {
        match self {
            Self::Bucket(bucket) => preview(bucket, publication),
            Self::Folder(folder) => folder.preview(publication),
        }
    }

    /// What lies beside a folder since a publication could neither move nor delete it, for it is of others.
    pub fn kept(&self) -> Vec<PathBuf> {
        match self {
            Self::Bucket(_) => Vec::new(),
            Self::Folder(folder) => folder.kept(),
        }
    }

    /// The manifest of the page that is live there; `None` where there is none.
    ///
    /// # Errors
    ///
    /// Where the place fails.
    pub fn live(&self) -> Result<Option<Live>, Failure> {
        let found = self.store().read(live::PATH);
        let found = found.map_err(|refused| Failure::of_store(live::PATH, refused))?;
        Ok(found.and_then(|(bytes, _)| Live::parse(&bytes).ok()))
    }

    /// Its files by themselves.
    pub fn store(&self) -> &dyn Store {
        match self {
            Self::Bucket(bucket) => bucket,
            Self::Folder(folder) => folder,
        }
    }
}

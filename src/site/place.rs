//! Where a page is published: a bucket of a cloud, or a folder that a web server reads.

use std::fmt;

use camino::Utf8PathBuf;

/// A place where a page is published, or where what was told of it is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlaceName {
    /// A part of a bucket.
    Bucket {
        /// Whose it is.
        cloud: Cloud,
        /// The name of the bucket.
        bucket: String,
        /// The path in front of all others; empty for the whole bucket.
        prefix: String,
    },
    /// A folder, from the site's folder.
    Folder(Utf8PathBuf),
}

/// A way to speak to buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cloud {
    /// S3, of Amazon or of whoever speaks like it.
    S3,
    /// Google Cloud Storage.
    Google,
    /// Azure Blob Storage, where a bucket is called a container.
    Azure,
}

impl Cloud {
    const ALL: [Self; 3] = [Self::S3, Self::Google, Self::Azure];

    /// The scheme of its addresses.
    pub fn scheme(self) -> &'static str {
        match self {
            Self::S3 => "s3",
            Self::Google => "gs",
            Self::Azure => "az",
        }
    }
}

/// Why a text names no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceError {
    /// It is empty.
    Empty,
    /// It has a scheme that is none of a store's.
    Scheme,
    /// The name of the bucket is missing, or has a character that no bucket's name has.
    Bucket,
    /// The path in a bucket has an empty part, `.`, `..`, or a character that would have to be encoded.
    Prefix,
}

impl fmt::Display for PlaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "it is empty",
            Self::Scheme => "it begins with none of `s3://`, `gs://` and `az://`",
            Self::Bucket => {
                "a bucket's name has letters, digits, `.`, `_`, `-` and `$`, and no login or port"
            }
            Self::Prefix => "the path in the bucket has a part that no file can have there",
        })
    }
}

impl std::error::Error for PlaceError {}

impl PlaceName {
    /// What a text names: `s3://BUCKET/PREFIX`, `gs://`, `az://`, or a folder.
    ///
    /// # Errors
    ///
    /// Where it names none.
    pub fn parse(text: &str) -> Result<Self, PlaceError> {
        if text.trim().is_empty() {
            return Err(PlaceError::Empty);
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            return Ok(Self::Folder(Utf8PathBuf::from(text)));
        };
        let cloud = Cloud::ALL.into_iter().find(|it| it.scheme() == scheme);
        let cloud = cloud.ok_or(PlaceError::Scheme)?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.$".contains(&byte);
        if bucket.is_empty() || !bucket.bytes().all(is_plain) {
            return Err(PlaceError::Bucket);
        }
        let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
        let is_part = |part: &str| !matches!(part, "" | "." | "..") && part.bytes().all(is_plain);
        if !prefix.is_empty() && !prefix.split('/').all(is_part) {
            return Err(PlaceError::Prefix);
        }
        Ok(Self::Bucket {
            cloud,
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
        })
    }
}

impl fmt::Display for PlaceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bucket {
                cloud,
                bucket,
                prefix,
            } => {
                write!(f, "{}://{bucket}", cloud.scheme())?;
                match prefix.is_empty() {
                    true => Ok(()),
                    false => write!(f, "/{prefix}"),
                }
            }
            Self::Folder(path) => f.write_str(path.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cloud, PlaceError, PlaceName};

    #[test]
    fn a_place_is_a_bucket_or_a_folder() {
        let bucket = |cloud, bucket: &str, prefix: &str| PlaceName::Bucket {
            cloud,
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
        };
        for (text, expected, shown) in [
            (
                "s3://status",
                bucket(Cloud::S3, "status", ""),
                "s3://status",
            ),
            (
                "s3://status/",
                bucket(Cloud::S3, "status", ""),
                "s3://status",
            ),
            (
                "gs://pages/a/b/",
                bucket(Cloud::Google, "pages", "a/b"),
                "gs://pages/a/b",
            ),
            ("az://$web", bucket(Cloud::Azure, "$web", ""), "az://$web"),
            (
                "/srv/www/status",
                PlaceName::Folder("/srv/www/status".into()),
                "/srv/www/status",
            ),
        ] {
            let place = PlaceName::parse(text);
            assert_eq!(place, Ok(expected), "{text}");
            assert_eq!(place.map(|it| it.to_string()), Ok(shown.to_owned()));
        }
    }

    #[test]
    fn what_names_no_place_says_why() {
        for (text, expected) in [
            ("", PlaceError::Empty),
            ("ftp://host/path", PlaceError::Scheme),
            ("https://bucket.s3.amazonaws.com", PlaceError::Scheme),
            ("s3://", PlaceError::Bucket),
            ("s3:///prefix", PlaceError::Bucket),
            ("s3://key:secret@bucket", PlaceError::Bucket),
            ("s3://bucket/a//b", PlaceError::Prefix),
            ("s3://bucket/../b", PlaceError::Prefix),
            ("s3://bucket/a b", PlaceError::Prefix),
        ] {
            assert_eq!(PlaceName::parse(text), Err(expected), "{text}");
        }
    }
}

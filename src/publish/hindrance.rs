//! Why a store does not do what it is asked, as far as somebody can do something about it.

/// Why a store does not do what it is asked, as far as somebody can do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hindrance {
    /// Nobody has said who asks, and the machine has no credentials of its own.
    NoCredentials,
    /// Nobody has such credentials, or not any more.
    BadCredentials,
    /// They are not allowed to do this.
    Denied,
    /// There is no such bucket.
    NoBucket,
    /// The bucket is in another region.
    Elsewhere,
    /// The clock of this machine is wrong.
    Clock,
    /// There is no answer.
    Unreachable,
}

impl Hindrance {
    /// What to do.
    pub fn hint(self) -> &'static str {
        match self {
            Self::NoCredentials => {
                "set the variables that the cloud's own tools take, such as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, GOOGLE_APPLICATION_CREDENTIALS, or AZURE_STORAGE_CONNECTION_STRING"
            }
            Self::BadCredentials => "these credentials are wrong or have ended: name others",
            Self::Denied => {
                "these credentials need the permissions to read, write and delete files, and to list the bucket: for S3 `s3:GetObject`, `s3:PutObject`, `s3:DeleteObject` and `s3:ListBucket`"
            }
            Self::NoBucket => "create it, or correct its name, or the region, endpoint or account",
            Self::Elsewhere => {
                "set `AWS_REGION` to the region of the bucket, and `AWS_ENDPOINT_URL` where it is not one of Amazon's"
            }
            Self::Clock => "set the clock of this machine",
            Self::Unreachable => {
                "look at the network and the endpoint, and run it again, which finishes what was begun"
            }
        }
    }
}

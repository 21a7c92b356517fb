//! Stores in clouds: S3 and what speaks like it, Google Cloud Storage, Azure.

use std::borrow::Cow;
use std::future::Future;
use std::str::FromStr;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use object_store::aws::{AmazonS3Builder, S3ConditionalPut};
use object_store::azure::MicrosoftAzureBuilder;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService,
};
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::path::Path;
use object_store::{
    Attribute, ClientOptions, Error, GetOptions, GetResult, ObjectStore, ObjectStoreExt as _,
    PutMode, PutOptions, RetryConfig, UpdateVersion,
};

use super::credentials;
use super::store::{Condition, Content, Refused, Store, Version};
use super::tools::Tools;
use crate::fetch::{Client, FetchError};
use crate::site::place::Cloud;

#[cfg(test)]
mod opening;
mod said;

/// Where a store keeps the mark of a file.
const MARK: Attribute = Attribute::Metadata(Cow::Borrowed("allclearmark"));

/// For how long reading is tried again.
const PATIENCE: Duration = Duration::from_secs(10);

/// A part of a bucket.
#[derive(Debug)]
pub struct Bucket {
    store: Arc<dyn ObjectStore>,
    /// The path in front of all others.
    prefix: Path,
}

/// A bucket that cannot be reached with what is known of it.
#[derive(Debug)]
pub struct BadBucket(pub String);

impl Bucket {
    /// A bucket, with the credentials that its cloud's own tools take from the environment.
    ///
    /// # Errors
    ///
    /// Where credentials are missing or make no sense.
    pub fn open(
        cloud: Cloud,
        bucket: &str,
        prefix: &str,
        tools: &Tools<'_>,
    ) -> Result<Self, BadBucket> {
        let connector = Connector(tools.client.clone());
        // What was named comes last: it counts, whatever the environment says.
        let store: Arc<dyn ObjectStore> = match cloud {
            Cloud::S3 => {
                let builder = AmazonS3Builder::new();
                let with = AmazonS3Builder::with_config;
                let builder = configured(builder, credentials::OF_AMAZON, tools, with)
                    .with_bucket_name(bucket)
                    .with_conditional_put(S3ConditionalPut::ETagMatch)
                    .with_http_connector(connector)
                    .with_retry(no_retries());
                Arc::new(builder.build().map_err(bad)?)
            }
            Cloud::Google => {
                let builder = GoogleCloudStorageBuilder::new();
                let with = GoogleCloudStorageBuilder::with_config;
                let builder = configured(builder, credentials::OF_GOOGLE, tools, with)
                    .with_bucket_name(bucket)
                    .with_http_connector(connector)
                    .with_retry(no_retries());
                Arc::new(builder.build().map_err(bad)?)
            }
            Cloud::Azure => {
                let builder = MicrosoftAzureBuilder::new();
                let with = MicrosoftAzureBuilder::with_config;
                let builder = configured(builder, credentials::OF_AZURE, tools, with)
                    .with_container_name(bucket)
                    .with_http_connector(connector)
                    .with_retry(no_retries());
                Arc::new(builder.build().map_err(bad)?)
            }
        };
        let prefix = Path::parse(prefix).map_err(|error| BadBucket(error.to_string()))?;
        Ok(Self { store, prefix })
    }

    /// The key of a path, whatever letters it has: requests encode it.
    fn path(&self, path: &str) -> Result<Path, Refused> {
        let key = match self.prefix.as_ref() {
            "" => path.to_owned(),
            prefix => format!("{prefix}/{path}"),
        };
        Path::parse(key).map_err(|error| Refused::Failed(error.to_string()))
    }
}

/// A builder with what the variables of these names say.
fn configured<B, K: FromStr>(
    builder: B,
    names: &[&str],
    tools: &Tools<'_>,
    with: fn(B, K, String) -> B,
) -> B {
    let named = tools.variables.iter();
    let named = named.filter(|(name, _)| names.contains(&name.as_str()));
    named.fold(builder, |builder, (name, value)| {
        match name.to_ascii_lowercase().parse() {
            Ok(key) => with(builder, key, value.clone()),
            Err(_) => builder,
        }
    })
}

/// A request that is sent once: whoever sends one again first looks whether it may still be sent.
fn no_retries() -> RetryConfig {
    RetryConfig {
        max_retries: 0,
        ..RetryConfig::default()
    }
}

/// What is read, asked for again for some seconds where there is no answer.
fn read_again<T>(read: impl Fn() -> Result<T, Refused>) -> Result<T, Refused> {
    let began = Instant::now();
    let mut pause = Duration::from_millis(50);
    loop {
        match read() {
            Err(Refused::Unanswered(..)) if began.elapsed() + pause < PATIENCE => {
                thread::sleep(pause);
                pause *= 2;
            }
            result => return result,
        }
    }
}

fn bad(error: Error) -> BadBucket {
    BadBucket(error.to_string())
}

impl Store for Bucket {
    fn read(&self, path: &str) -> Result<Option<(Bytes, Version)>, Refused> {
        let path = self.path(path)?;
        read_again(|| {
            let read = async {
                let found = self.store.get(&path).await?;
                let version = version(&found);
                Ok((found.bytes().await?, version))
            };
            there(wait(read)?)
        })
    }

    fn version(&self, path: &str) -> Result<Option<Version>, Refused> {
        let path = self.path(path)?;
        read_again(|| {
            let options = GetOptions {
                head: true,
                ..GetOptions::default()
            };
            there(wait(self.store.get_opts(&path, options))?.map(|found| version(&found)))
        })
    }

    fn write(
        &self,
        path: &str,
        content: Content<'_>,
        condition: Condition<'_>,
    ) -> Result<Version, Refused> {
        let is_new = matches!(condition, Condition::New);
        let mode = match condition {
            Condition::New => PutMode::Create,
            Condition::Unchanged(version) => PutMode::Update(UpdateVersion {
                e_tag: version.e_tag.clone(),
                version: version.generation.clone(),
            }),
        };
        let attributes = [
            (Attribute::ContentType, content.content_type.to_owned()),
            (Attribute::CacheControl, content.cache.to_owned()),
            (MARK, content.mark.to_owned()),
        ];
        let options = PutOptions {
            mode,
            attributes: attributes.into_iter().collect(),
            ..PutOptions::default()
        };
        let path = self.path(path)?;
        let put = self
            .store
            .put_opts(&path, content.bytes.clone().into(), options);
        match wait(put)? {
            Ok(put) => Ok(Version {
                e_tag: put.e_tag,
                generation: put.version,
                mark: Some(content.mark.to_owned()),
            }),
            // What is to be new is there to nobody: the bucket is not.
            Err(error @ Error::NotFound { .. }) if is_new => Err(said::missing(&error.to_string())),
            Err(error @ Error::NotFound { .. }) => {
                let more = said::more_than_missing(&error.to_string());
                Err(more.unwrap_or(Refused::Changed))
            }
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => Err(Refused::Changed),
            Err(error) => Err(failed(&error)),
        }
    }

    /// Stores do not all delete on a condition, and `object_store` never does: it is asked for just before.
    fn delete(&self, path: &str, wanted: &Version) -> Result<(), Refused> {
        match self.version(path)? {
            None => Ok(()),
            Some(version) if version != *wanted => Err(Refused::Changed),
            Some(_) => {
                let path = self.path(path)?;
                there(wait(self.store.delete(&path))?).map(|_| ())
            }
        }
    }
}

fn version(found: &GetResult) -> Version {
    Version {
        e_tag: found.meta.e_tag.clone(),
        generation: found.meta.version.clone(),
        mark: found.attributes.get(&MARK).map(|mark| mark.to_string()),
    }
}

/// What was found; `None` where nothing is there.
fn there<T>(found: object_store::Result<T>) -> Result<Option<T>, Refused> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error @ Error::NotFound { .. }) => match said::more_than_missing(&error.to_string()) {
            Some(refused) => Err(refused),
            None => Ok(None),
        },
        Err(error) => Err(failed(&error)),
    }
}

fn failed(error: &Error) -> Refused {
    said::refused(&error.to_string())
}

/// Waits for one request: each thread of a publication drives its own.
fn wait<F: Future>(future: F) -> Result<F::Output, Refused> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let runtime = runtime.map_err(|error| Refused::Failed(error.to_string()))?;
    Ok(runtime.block_on(future))
}

/// The way of `object_store` to the one client.
#[derive(Debug, Clone)]
struct Connector(Client);

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

#[async_trait::async_trait]
impl HttpService for Connector {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (parts, body) = request.into_parts();
        let body = match body.as_bytes() {
            Some(bytes) => bytes.clone(),
            None => http_body_util::BodyExt::collect(body).await?.to_bytes(),
        };
        let request = ureq::http::Request::from_parts(parts, body);
        // It blocks its thread, which waits for nothing else.
        let answer = self.0.ask_store(request).map_err(|error| {
            let kind = match error {
                FetchError::TimedOut => HttpErrorKind::Timeout,
                FetchError::Connection(_) | FetchError::UnknownHost => HttpErrorKind::Connect,
                _ => HttpErrorKind::Unknown,
            };
            HttpError::new(kind, error)
        })?;
        let (parts, body) = answer.into_parts();
        Ok(HttpResponse::from_parts(parts, body.into()))
    }
}

//! What the environment says of a bucket, and what it does not.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::super::tools::Tools;
use super::Bucket;
use crate::fetch::Client;
use crate::site::place::Cloud;

/// The name of a bucket that was opened, as the library says it.
fn opened(cloud: Cloud, variables: &[(&str, &str)]) -> String {
    let variables: Vec<(String, String)> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let tools = Tools {
        client: &Client::new(),
        variables: &variables,
    };
    let bucket = Bucket::open(cloud, "status", "", &tools).unwrap();
    bucket.store.to_string()
}

#[test]
fn the_bucket_is_the_one_that_was_named() {
    let of_amazon = [
        ("AWS_ACCESS_KEY_ID", "K"),
        ("AWS_SECRET_ACCESS_KEY", "S"),
        ("AWS_BUCKET", "backups"),
        ("AWS_BUCKET_NAME", "backups"),
        ("AWS_S3_EXPRESS", "true"),
    ];
    assert_eq!(opened(Cloud::S3, &of_amazon), "AmazonS3(status)");
    let of_google = [
        ("GOOGLE_SKIP_SIGNATURE", "true"),
        ("GOOGLE_BUCKET", "backups"),
        ("GOOGLE_BUCKET_NAME", "backups"),
    ];
    assert_eq!(
        opened(Cloud::Google, &of_google),
        "GoogleCloudStorage(status)"
    );
    let of_azure = [
        ("AZURE_STORAGE_ACCOUNT_NAME", "acme"),
        ("AZURE_STORAGE_ACCOUNT_KEY", "a2V5Cg=="),
        ("AZURE_CONTAINER_NAME", "backups"),
    ];
    assert_eq!(
        opened(Cloud::Azure, &of_azure),
        "MicrosoftAzure { account: acme, container: status }"
    );
}

/// A write without its condition would put an older page over a newer one.
#[test]
fn no_variable_takes_the_conditions_of_writes_away() {
    let variables = [
        ("AWS_ACCESS_KEY_ID", "K".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "S".to_owned()),
        ("AWS_CONDITIONAL_PUT", "disabled".to_owned()),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value));
    let tools = Tools {
        client: &Client::new(),
        variables: &variables,
    };
    let bucket = Bucket::open(Cloud::S3, "status", "", &tools).unwrap();
    let said = format!("{:?}", bucket.store);
    assert!(said.contains("conditional_put: ETagMatch"), "{said}");
}

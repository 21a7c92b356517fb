//! The credentials of clouds, as their own tools keep them.

use std::fmt;

/// The files in which the tools of AWS keep credentials.
#[derive(Debug, Clone, Default)]
pub struct AwsFiles {
    /// The text of `~/.aws/credentials`.
    pub credentials: String,
    /// The text of `~/.aws/config`.
    pub config: String,
}

/// The key of a profile of AWS's tools, with the variables that say the same.
const KEY: [(&str, &str); 3] = [
    ("aws_access_key_id", "AWS_ACCESS_KEY_ID"),
    ("aws_secret_access_key", "AWS_SECRET_ACCESS_KEY"),
    ("aws_session_token", "AWS_SESSION_TOKEN"),
];

/// Where the buckets of a profile are, with the variables that say the same.
const PLACE: [(&str, &[&str]); 2] = [
    ("region", &["AWS_REGION", "AWS_DEFAULT_REGION"]),
    (
        "endpoint_url",
        &["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT"],
    ),
];

/// How a profile may say who asks without a key.
const NOT_FOLLOWED: [&str; 6] = [
    "sso_session",
    "sso_start_url",
    "login_session",
    "credential_process",
    "role_arn",
    "web_identity_token_file",
];

/// The variables that say how S3 is reached: who asks, and where. None says what is written, or under which condition.
pub const OF_AMAZON: &[&str] = &[
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SKIP_SIGNATURE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_ENDPOINT_URL_STS",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_METADATA_ENDPOINT",
    "AWS_IMDSV1_FALLBACK",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "AWS_ENDPOINT",
    "AWS_ALLOW_HTTP",
    "AWS_VIRTUAL_HOSTED_STYLE_REQUEST",
    "AWS_REQUEST_PAYER",
];

/// The variables that say how Google Cloud Storage is reached.
pub const OF_GOOGLE: &[&str] = &[
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_SERVICE_ACCOUNT",
    "GOOGLE_SERVICE_ACCOUNT_PATH",
    "GOOGLE_SERVICE_ACCOUNT_KEY",
    "GOOGLE_BEARER_TOKEN",
    "GOOGLE_SKIP_SIGNATURE",
    "GOOGLE_BASE_URL",
    "GOOGLE_ALLOW_HTTP",
];

/// The variables that say how the storage of Azure is reached.
pub const OF_AZURE: &[&str] = &[
    "AZURE_STORAGE_ACCOUNT_NAME",
    "AZURE_STORAGE_ACCOUNT_KEY",
    "AZURE_STORAGE_ACCESS_KEY",
    "AZURE_STORAGE_SAS_TOKEN",
    "AZURE_STORAGE_SAS_KEY",
    "AZURE_STORAGE_CLIENT_ID",
    "AZURE_STORAGE_CLIENT_SECRET",
    "AZURE_STORAGE_TENANT_ID",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_TENANT_ID",
    "AZURE_AUTHORITY_HOST",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_USE_AZURE_CLI",
    "AZURE_MSI_ENDPOINT",
    "AZURE_IDENTITY_ENDPOINT",
    "AZURE_OBJECT_ID",
    "AZURE_MSI_RESOURCE_ID",
    "AZURE_SKIP_SIGNATURE",
    "AZURE_STORAGE_ENDPOINT",
    "AZURE_STORAGE_USE_EMULATOR",
    "AZURE_ALLOW_HTTP",
];

/// The names that the tools of Azure have for variables, with those of the library that speaks to it.
const NAMES_OF_AZURE: [(&str, &str); 3] = [
    ("AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_ACCOUNT_NAME"),
    ("AZURE_STORAGE_KEY", "AZURE_STORAGE_ACCOUNT_KEY"),
    ("AZURE_STORAGE_SERVICE_ENDPOINT", "AZURE_STORAGE_ENDPOINT"),
];

/// The parts of a connection string of Azure, with the variables that say the same.
const OF_CONNECTION_STRING: [(&str, &str); 4] = [
    ("AccountName", "AZURE_STORAGE_ACCOUNT_NAME"),
    ("AccountKey", "AZURE_STORAGE_ACCOUNT_KEY"),
    ("SharedAccessSignature", "AZURE_STORAGE_SAS_TOKEN"),
    ("BlobEndpoint", "AZURE_STORAGE_ENDPOINT"),
];

/// The variables of the environment that concern clouds, by the names that are understood here.
pub fn variables(environment: impl IntoIterator<Item = (String, String)>) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = environment
        .into_iter()
        .filter(|(name, value)| {
            let is_of_cloud = ["AWS_", "GOOGLE_", "AZURE_"]
                .iter()
                .any(|prefix| name.starts_with(prefix));
            is_of_cloud && !value.is_empty()
        })
        .collect();
    for (name, variable) in NAMES_OF_AZURE {
        if own(&found, variable).is_none()
            && let Some(value) = own(&found, name)
        {
            found.push((variable.to_owned(), value));
        }
    }
    if let Some(connection) = own(&found, "AZURE_STORAGE_CONNECTION_STRING") {
        for (part, variable) in OF_CONNECTION_STRING {
            let parts = connection.split(';').filter_map(|it| it.split_once('='));
            let value = parts.into_iter().find(|(name, _)| *name == part);
            if let Some((_, value)) = value.filter(|_| own(&found, variable).is_none()) {
                found.push((variable.to_owned(), value.to_owned()));
            }
        }
    }
    found
}

/// The variables with what a profile of AWS's tools says: keys, region and endpoint of the one that `AWS_PROFILE` names, else
/// of `default`.
///
/// A variable counts for more than a file, as there, and the key comes as a whole from one of them.
///
/// # Errors
///
/// Where keys are needed, and the profile is missing or has them in a way that is not followed here.
pub fn with_profile(
    mut found: Vec<(String, String)>,
    aws: &AwsFiles,
) -> Result<Vec<(String, String)>, BadProfile> {
    let is_set = |found: &[(String, String)], names: &[&str]| {
        let mut names = names.iter();
        names.all(|name| own(found, name).is_some())
    };
    let named = own(&found, "AWS_PROFILE").or_else(|| own(&found, "AWS_DEFAULT_PROFILE"));
    let profile = named.as_deref().unwrap_or("default");
    let has_key = is_set(&found, &["AWS_ACCESS_KEY_ID"])
        || is_set(&found, &["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"]);
    if !has_key {
        let mut sources = [&aws.credentials, &aws.config].into_iter();
        let source = sources.find(|text| of_profile(text, profile, KEY[0].0).is_some());
        match source {
            Some(text) => {
                found.retain(|(name, _)| KEY.iter().all(|(_, variable)| name != variable));
                for (key, variable) in KEY {
                    let said = of_profile(text, profile, key);
                    found.extend(said.map(|value| (variable.to_owned(), value)));
                }
            }
            None => needs_no_key(named.as_deref(), &found, aws)?,
        }
    }
    for (key, variables) in PLACE {
        if variables.iter().any(|name| own(&found, name).is_some()) {
            continue;
        }
        let said = of_profile(&aws.credentials, profile, key);
        let said = said.or_else(|| of_profile(&aws.config, profile, key));
        found.extend(said.map(|value| (variables[0].to_owned(), value)));
    }
    Ok(found)
}

/// Refuses a profile that was named and is missing, and one that says in another way who asks.
fn needs_no_key(
    named: Option<&str>,
    found: &[(String, String)],
    aws: &AwsFiles,
) -> Result<(), BadProfile> {
    let profile = named.unwrap_or("default");
    let texts = [&aws.credentials, &aws.config];
    let is_there = |text: &&String| lines(text).any(|(name, _)| name == profile);
    if let Some(named) = named
        && !texts.iter().any(is_there)
    {
        return Err(BadProfile::Missing(named.to_owned()));
    }
    let is_of_container = found
        .iter()
        .any(|(name, _)| name.starts_with("AWS_CONTAINER_CREDENTIALS_"));
    if named.is_none() && is_of_container {
        return Ok(());
    }
    let is_said = |key: &&str| {
        let mut texts = texts.iter();
        texts.any(|text| of_profile(text, profile, key).is_some())
    };
    match NOT_FOLLOWED.into_iter().find(is_said) {
        Some(key) => Err(BadProfile::NotFollowed {
            profile: profile.to_owned(),
            key,
        }),
        None => Ok(()),
    }
}

/// Why a profile of AWS's tools does not say who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadProfile {
    /// There is none of that name.
    Missing(String),
    /// It has no keys, but something else, which is not followed.
    NotFollowed {
        /// Its name.
        profile: String,
        /// What it has.
        key: &'static str,
    },
}

impl fmt::Display for BadProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(profile) => {
                write!(
                    f,
                    "there is no profile `{profile}` in the files of AWS's tools"
                )
            }
            Self::NotFollowed { profile, key } => write!(
                f,
                "the profile `{profile}` has no keys, but `{key}`, which allclear does not follow"
            ),
        }
    }
}

impl std::error::Error for BadProfile {}

impl BadProfile {
    /// What to do.
    pub fn hint(&self) -> String {
        match self {
            Self::Missing(_) => {
                "correct `AWS_PROFILE`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY instead"
                    .to_owned()
            }
            Self::NotFollowed { profile, .. } => format!(
                "`aws configure export-credentials --profile {profile} --format env` prints keys as variables of the environment"
            ),
        }
    }
}

fn own(found: &[(String, String)], wanted: &str) -> Option<String> {
    let own = found.iter().find(|(name, _)| name == wanted);
    own.map(|(_, value)| value.clone())
}

/// What a file of AWS's tools says of a profile.
fn of_profile(text: &str, profile: &str, key: &str) -> Option<String> {
    let said = lines(text)
        .filter(|(name, line)| *name == profile && !line.starts_with(['#', ';']))
        .filter_map(|(_, line)| line.split_once('='))
        .filter(|(name, _)| name.trim() == key);
    let last = said.last().map(|(_, value)| value.trim().to_owned());
    last.filter(|value| !value.is_empty())
}

/// The lines of a file of AWS's tools, each with the name of its profile; the heading of one is among its lines.
fn lines(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut profile = "";
    text.lines().map(str::trim).map(move |line| {
        if let Some(section) = line.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            let section = section.trim();
            profile = section.strip_prefix("profile ").unwrap_or(section).trim();
        }
        (profile, line)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::{AwsFiles, variables, with_profile};

    fn of(environment: &[(&str, &str)], aws: &AwsFiles) -> Vec<String> {
        let environment = environment.iter();
        let environment =
            environment.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let mut found: Vec<String> = with_profile(variables(environment), aws)
            .unwrap()
            .into_iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        found.sort();
        found
    }

    fn files() -> AwsFiles {
        AwsFiles {
            credentials: "[default]\naws_access_key_id = A\naws_secret_access_key=S\n\n[other]\n# aws_access_key_id = no\naws_access_key_id = O\naws_secret_access_key = T==\n"
                .to_owned(),
            config: "[default]\nregion = eu-north-1\n[profile other]\nendpoint_url = https://store.example.com\n"
                .to_owned(),
        }
    }

    #[test]
    fn a_profile_says_what_variables_do_not() {
        assert_eq!(
            of(&[("HOME", "/root")], &files()),
            [
                "AWS_ACCESS_KEY_ID=A",
                "AWS_REGION=eu-north-1",
                "AWS_SECRET_ACCESS_KEY=S"
            ]
        );
        assert_eq!(
            of(
                &[("AWS_PROFILE", "other"), ("AWS_REGION", "auto")],
                &files()
            ),
            [
                "AWS_ACCESS_KEY_ID=O",
                "AWS_ENDPOINT_URL=https://store.example.com",
                "AWS_PROFILE=other",
                "AWS_REGION=auto",
                "AWS_SECRET_ACCESS_KEY=T=="
            ]
        );
    }

    #[test]
    fn keys_of_the_environment_are_not_mixed_with_those_of_a_file() {
        let mut with_token = files();
        with_token
            .credentials
            .push_str("[default]\naws_session_token = no\n");
        let environment = [("AWS_ACCESS_KEY_ID", "E"), ("AWS_SECRET_ACCESS_KEY", "F")];
        assert_eq!(
            of(&environment, &with_token),
            [
                "AWS_ACCESS_KEY_ID=E",
                "AWS_REGION=eu-north-1",
                "AWS_SECRET_ACCESS_KEY=F"
            ]
        );
    }

    /// As the tools of AWS do it: what the environment says of keys, it says as a whole, whatever profile is chosen.
    #[test]
    fn keys_come_from_one_source_as_a_whole() {
        let environment = [
            ("AWS_PROFILE", "other"),
            ("AWS_ACCESS_KEY_ID", "E"),
            ("AWS_SECRET_ACCESS_KEY", "F"),
            ("AWS_SESSION_TOKEN", "G"),
        ];
        assert_eq!(
            of(&environment, &files()),
            [
                "AWS_ACCESS_KEY_ID=E",
                "AWS_ENDPOINT_URL=https://store.example.com",
                "AWS_PROFILE=other",
                "AWS_SECRET_ACCESS_KEY=F",
                "AWS_SESSION_TOKEN=G"
            ]
        );
        // Half of a key is none.
        let environment = [("AWS_SECRET_ACCESS_KEY", "F"), ("AWS_SESSION_TOKEN", "G")];
        assert_eq!(
            of(&environment, &files()),
            [
                "AWS_ACCESS_KEY_ID=A",
                "AWS_REGION=eu-north-1",
                "AWS_SECRET_ACCESS_KEY=S"
            ]
        );
        // The two files are two sources.
        let both = AwsFiles {
            credentials: "[default]\naws_access_key_id = A\naws_secret_access_key = S\n".to_owned(),
            config: "[default]\naws_access_key_id = B\naws_session_token = no\n".to_owned(),
        };
        assert_eq!(
            of(&[], &both),
            ["AWS_ACCESS_KEY_ID=A", "AWS_SECRET_ACCESS_KEY=S"]
        );
        // Who asks is said already, in another way.
        let identity = [
            ("AWS_ROLE_ARN", "arn:aws:iam::1:role/page"),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"),
        ];
        assert_eq!(
            of(&identity, &files()),
            [
                "AWS_REGION=eu-north-1",
                "AWS_ROLE_ARN=arn:aws:iam::1:role/page",
                "AWS_WEB_IDENTITY_TOKEN_FILE=/token"
            ]
        );
    }

    #[test]
    fn a_variable_counts_for_more_than_a_file_by_each_of_its_names() {
        let environment = [
            ("AWS_PROFILE", "other"),
            ("AWS_DEFAULT_REGION", "ap-south-1"),
            ("AWS_ENDPOINT_URL_S3", "https://s3.example.com"),
        ];
        let mut aws = files();
        aws.config.push_str("region = eu-west-1\n");
        assert_eq!(
            of(&environment, &aws),
            [
                "AWS_ACCESS_KEY_ID=O",
                "AWS_DEFAULT_REGION=ap-south-1",
                "AWS_ENDPOINT_URL_S3=https://s3.example.com",
                "AWS_PROFILE=other",
                "AWS_SECRET_ACCESS_KEY=T=="
            ]
        );
    }

    #[test]
    fn a_connection_string_is_taken_apart() {
        let connection = "DefaultEndpointsProtocol=https;AccountName=status;AccountKey=a2V5Cg==;EndpointSuffix=core.windows.net";
        let found = of(
            &[("AZURE_STORAGE_CONNECTION_STRING", connection)],
            &AwsFiles::default(),
        );
        assert!(
            found.contains(&"AZURE_STORAGE_ACCOUNT_KEY=a2V5Cg==".to_owned()),
            "{found:?}"
        );
        assert!(
            found.contains(&"AZURE_STORAGE_ACCOUNT_NAME=status".to_owned()),
            "{found:?}"
        );
        assert_eq!(
            of(&[("AZURE_STORAGE_ACCOUNT", "status")], &AwsFiles::default()),
            [
                "AZURE_STORAGE_ACCOUNT=status",
                "AZURE_STORAGE_ACCOUNT_NAME=status"
            ]
        );
    }
}

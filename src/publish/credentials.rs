//! The credentials of clouds, as their own tools keep them.

/// The files in which the tools of AWS keep credentials.
#[derive(Debug, Clone, Default)]
pub struct AwsFiles {
    /// The text of `~/.aws/credentials`.
    pub credentials: String,
    /// The text of `~/.aws/config`.
    pub config: String,
}

/// What a profile of AWS's tools may say, with the variable that says the same.
const OF_PROFILE: [(&str, &str); 5] = [
    ("aws_access_key_id", "AWS_ACCESS_KEY_ID"),
    ("aws_secret_access_key", "AWS_SECRET_ACCESS_KEY"),
    ("aws_session_token", "AWS_SESSION_TOKEN"),
    ("region", "AWS_REGION"),
    ("endpoint_url", "AWS_ENDPOINT_URL"),
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
/// of `default`. A variable counts for more than a file, as there.
pub fn with_profile(mut found: Vec<(String, String)>, aws: &AwsFiles) -> Vec<(String, String)> {
    let chosen = own(&found, "AWS_PROFILE").or_else(|| own(&found, "AWS_DEFAULT_PROFILE"));
    let profile = chosen.clone().unwrap_or_else(|| "default".to_owned());
    let has_key = own(&found, "AWS_ACCESS_KEY_ID").is_some() && chosen.is_none();
    for (key, variable) in OF_PROFILE {
        let is_of_key = key.starts_with("aws_");
        if is_of_key && has_key || !is_of_key && own(&found, variable).is_some() {
            continue;
        }
        let said = of_profile(&aws.credentials, &profile, key)
            .or_else(|| of_profile(&aws.config, &profile, key));
        if let Some(value) = said {
            found.retain(|(name, _)| name != variable);
            found.push((variable.to_owned(), value));
        }
    }
    found
}

fn own(found: &[(String, String)], wanted: &str) -> Option<String> {
    let own = found.iter().find(|(name, _)| name == wanted);
    own.map(|(_, value)| value.clone())
}

/// What a file of AWS's tools says of a profile.
fn of_profile(text: &str, profile: &str, key: &str) -> Option<String> {
    let mut is_in_it = false;
    let mut found = None;
    for line in text.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            let section = section.trim();
            let name = section.strip_prefix("profile ").unwrap_or(section).trim();
            is_in_it = name == profile;
        } else if is_in_it
            && !line.starts_with(['#', ';'])
            && let Some((name, value)) = line.split_once('=')
            && name.trim() == key
        {
            found = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{AwsFiles, variables, with_profile};

    fn of(environment: &[(&str, &str)], aws: &AwsFiles) -> Vec<String> {
        let environment = environment.iter();
        let environment =
            environment.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let mut found: Vec<String> = with_profile(variables(environment), aws)
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

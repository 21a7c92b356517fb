//! `publish` to a bucket: what it takes from the environment, and what it says where that does not lead there.

use crate::site_test::{Outcome, SiteTest};
use crate::web_server::{Reply, WebServer};

const NOW: &str = "2022-12-29T01:30:00Z";

/// What a publication says, with variables of the environment; nobody's own files are read.
fn published(site: &SiteTest, to: &str, variables: &[(&str, &str)]) -> Outcome {
    let mut command = site.command(&["publish", "--now", NOW, "--to", to]);
    for (name, value) in variables {
        command = command.env(name, value);
    }
    Outcome::of(command.env("HOME", site.path("home")).assert())
}

#[test]
fn a_folder_needs_no_files_of_clouds() {
    // A folder stands where the file should, which cannot be read.
    let site = SiteTest::new().file("home/.aws/credentials/readme.txt", "");
    let done = published(&site, "live", &[]);
    assert_eq!((done.code(), done.stderr()), (0, ""));
    let bucket = published(&site, "s3://status", &[]);
    assert_eq!(bucket.code(), 2);
    assert!(
        bucket.stderr().contains("home/.aws/credentials"),
        "{}",
        bucket.stderr()
    );
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_none_of_clouds() {
    use std::os::unix::ffi::OsStrExt as _;

    let site = SiteTest::new();
    let broken = std::ffi::OsStr::from_bytes(b"\xff");
    let arguments = ["publish", "--now", NOW, "--to", "live"];
    let command = site.command(&arguments).env("BROKEN", broken);
    let done = Outcome::of(command.env("AWS_BROKEN", broken).assert());
    assert_eq!((done.code(), done.stderr()), (0, ""));
}

/// A store that speaks S3 and answers everything alike.
fn store(status: u16, code: &'static str, message: &'static str) -> WebServer {
    WebServer::new(move |_, _| {
        let body = format!(
            "<?xml version=\"1.0\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>"
        );
        Reply::Whole(status, Vec::new(), body.into_bytes())
    })
}

/// What a publication to `s3://status` says of a store, whose address is `URL/` in it.
fn refused(server: &WebServer, more: &[&str]) -> String {
    let site = SiteTest::new();
    let arguments = [&["publish", "--now", NOW, "--to", "s3://status"], more].concat();
    let command = site
        .command(&arguments)
        .env("HOME", site.path("home"))
        .env("AWS_ACCESS_KEY_ID", "key")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("AWS_ENDPOINT_URL", server.url())
        .env("AWS_ALLOW_HTTP", "true");
    let done = Outcome::of(command.assert().code(2));
    assert_eq!(done.stdout(), "");
    done.stderr().replace(server.url(), "URL/")
}

#[test]
fn a_bucket_that_is_not_there_is_said() {
    let missing = store(404, "NoSuchBucket", "The specified bucket does not exist");
    for more in [&[] as &[&str], &["--dry-run"]] {
        assert_eq!(
            refused(&missing, more),
            "error: s3://status: `build.json`: there is no such bucket (NoSuchBucket: The specified bucket does not exist; GET URL/status/build.json: 404)
  help: create it, or correct its name, or the region, endpoint or account
"
        );
    }
    assert_eq!(missing.asked().len(), 2);
    // One that says so of a write only, and not in its words.
    let short = WebServer::new(|_, _| Reply::Whole(404, Vec::new(), Vec::new()));
    let said = refused(&short, &[]);
    assert!(
        said.starts_with("error: s3://status: `build.json`: there is no such bucket (PUT URL/status/build.json: 404)"),
        "{said}"
    );
    // Azure calls it a container.
    let missing = store(404, "ContainerNotFound", "The container is gone.");
    let connection = format!(
        "AccountName=acme;AccountKey=a2V5Cg==;BlobEndpoint={}acme",
        missing.url()
    );
    let variables = [
        ("AZURE_STORAGE_CONNECTION_STRING", connection.as_str()),
        ("AZURE_ALLOW_HTTP", "true"),
    ];
    let done = published(&SiteTest::new(), "az://status", &variables);
    let said = done.stderr();
    assert!(
        said.starts_with("error: az://status: `build.json`: there is no such bucket (ContainerNotFound: The container is gone.; "),
        "{said}"
    );
}

#[test]
fn a_store_that_refuses_is_heard() {
    let of = |status, code, message| refused(&store(status, code, message), &[]);
    assert_eq!(
        of(403, "AccessDenied", "Access Denied"),
        "error: s3://status: `build.json`: AccessDenied: Access Denied (GET URL/status/build.json: 403)
  help: these credentials need the permissions to read, write and delete files, and to list the bucket: for S3 `s3:GetObject`, `s3:PutObject`, `s3:DeleteObject` and `s3:ListBucket`
"
    );
    assert_eq!(
        of(403, "SignatureDoesNotMatch", "It &lt;differs&gt;."),
        "error: s3://status: `build.json`: SignatureDoesNotMatch: It <differs>. (GET URL/status/build.json: 403)
  help: these credentials are wrong or have ended: name others
"
    );
    assert_eq!(
        of(403, "RequestTimeTooSkewed", "Late."),
        "error: s3://status: `build.json`: RequestTimeTooSkewed: Late. (GET URL/status/build.json: 403)
  help: set the clock of this machine
"
    );
    assert_eq!(
        of(400, "AuthorizationHeaderMalformed", "Elsewhere."),
        "error: s3://status: `build.json`: AuthorizationHeaderMalformed: Elsewhere. (GET URL/status/build.json: 400)
  help: set `AWS_REGION` to the region of the bucket, and `AWS_ENDPOINT_URL` where it is not one of Amazon's
"
    );
    assert_eq!(
        of(400, "InvalidArgument", "What?"),
        "error: s3://status: `build.json`: InvalidArgument: What? (GET URL/status/build.json: 400)
  help: fix that and run it again, which finishes what was begun
"
    );
}

/// A machine that has credentials of its own says so to whoever asks it.
#[test]
fn credentials_that_nobody_has_are_said() {
    const HELP: &str = "  help: set the variables that the cloud's own tools take, such as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, GOOGLE_APPLICATION_CREDENTIALS, or AZURE_STORAGE_CONNECTION_STRING\n";
    let machine = WebServer::new(|_, _| Reply::Whole(403, Vec::new(), Vec::new()));
    let variables = [("AWS_METADATA_ENDPOINT", machine.url())];
    let done = published(&SiteTest::new(), "s3://status", &variables);
    assert_eq!(done.code(), 2);
    assert_eq!(
        done.stderr(),
        format!(
            "error: s3://status: `build.json`: no credentials were found, and this machine has none of its own\n{HELP}"
        )
    );
    let host = machine.url().trim_start_matches("http://");
    let host = host.trim_end_matches('/');
    let variables = [("GCE_METADATA_HOST", host), ("GCE_METADATA_IP", host)];
    let done = published(&SiteTest::new(), "gs://status", &variables);
    assert_eq!(done.code(), 2);
    assert_eq!(
        done.stderr(),
        format!(
            "error: gs://status: `build.json`: no credentials were found, and this machine has none of its own\n{HELP}"
        )
    );
}

#[test]
fn a_profile_that_cannot_be_used_is_said() {
    let site = SiteTest::new()
        .file(
            "home/.aws/credentials",
            "[default]\naws_access_key_id = A\naws_secret_access_key = S\n",
        )
        .file(
            "home/.aws/config",
            "[profile team]\nsso_session = acme\nregion = eu-north-1\n",
        );
    let done = published(&site, "s3://status", &[("AWS_PROFILE", "typo")]);
    assert_eq!(
        (done.code(), done.stderr()),
        (
            2,
            "error: s3://status: there is no profile `typo` in the files of AWS's tools
  help: correct `AWS_PROFILE`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY instead
"
        )
    );
    let done = published(&site, "s3://status", &[("AWS_PROFILE", "team")]);
    assert_eq!(
        (done.code(), done.stderr()),
        (2, "error: s3://status: the profile `team` has no keys, but `sso_session`, which allclear does not follow
  help: `aws configure export-credentials --profile team --format env` prints keys as variables of the environment
")
    );
}

/// Whoever was overtaken may have sent some files by then, so that nothing is said of what was not changed.
#[test]
fn what_may_not_be_replaced_is_said() {
    let site = SiteTest::new();
    let at = |now: &str, more: &[&str]| {
        let arguments = [&["publish", "--to", "live", "--now", now], more].concat();
        Outcome::of(site.command(&arguments).assert())
    };
    assert_eq!(at("2022-12-29T01:31:00Z", &[]).code(), 0);
    let older = at(NOW, &[]);
    assert_eq!(
        (older.code(), older.stderr()),
        (3, "error: live: the live page is of 2022-12-29T01:31:00Z, which is later than 2022-12-29T01:30:00Z of this build
  help: the later page stays; `--force` replaces it all the same
")
    );
    let other = at(
        "2022-12-29T01:32:00Z",
        &["--base-url", "https://other.example.com/"],
    );
    assert_eq!(
        (other.code(), other.stderr()),
        (2, "error: live: the live page is that of https://status.example.com/, and this build is for https://other.example.com/
  help: that page stays; name another place, or, after a move, replace it with `--force`
")
    );
    site.write("other/build.json", "mine");
    let arguments = ["publish", "--to", "other", "--now", NOW];
    assert_eq!(
        site.run_fails(2, &arguments).stderr(),
        "error: other: what is there was not published by allclear
  help: it stays; name an empty place, or replace what is there with `--force`
"
    );
}

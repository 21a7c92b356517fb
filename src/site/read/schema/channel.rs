//! The shape of `[[channels]]` and `[notify]`.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use crate::site::vocabulary::{Impact, PostKind};

/// A place where subscribers are told what the page says. Exactly one of `slack`, `discord`, `teams`, `mastodon`, `bluesky`,
/// `email` and `webhook` is there and says of which kind it is.
#[derive(JsonSchema)]
#[schemars(
    deny_unknown_fields,
    extend("examples" = [{
        "slack": "${SLACK_WEBHOOK}",
        "name": "customers",
        "kinds": ["incident", "maintenance"],
        "impact": "minor",
        "quiet": { "from": "22:00", "to": "07:00" },
    }])
)]
pub(super) struct Channel {
    /// The name by which arguments and the ledger know it, unique in the site; by default that of its kind.
    name: Option<String>,
    /// A channel of Slack: the address of an incoming webhook, as `${NAME}`, because it is a secret.
    slack: Option<String>,
    /// A channel of Discord: the address of a webhook, as `${NAME}`, because it is a secret.
    discord: Option<String>,
    /// A channel or a chat of Microsoft Teams: the address of a workflow, as `${NAME}`, because it is a secret.
    teams: Option<String>,
    /// An account of Mastodon: the address of its instance, as `https://mastodon.social`.
    mastodon: Option<String>,
    /// Of Mastodon: the token of an application that may write posts, as `${NAME}`.
    token: Option<String>,
    /// Of Mastodon: who sees the posts.
    #[schemars(extend("default" = "public"))]
    visibility: Option<Visibility>,
    /// Of Mastodon: the number of characters that the instance allows in a post.
    #[schemars(range(min = 100, max = 100_000), extend("default" = 500))]
    characters: Option<u32>,
    /// An account of Bluesky: its handle, as `status.example.com`.
    bluesky: Option<String>,
    /// Of Bluesky: an app password, as `${NAME}`.
    password: Option<String>,
    /// Of Bluesky: the account's server.
    #[schemars(extend("default" = "https://bsky.social"))]
    service: Option<String>,
    /// Mail: the addresses of a team's own people, as `ops@example.com`; each gets a letter of their own.
    #[schemars(length(min = 1))]
    email: Option<Vec<String>>,
    /// Of mail: the server that sends it, as `smtps://user:${NAME}@smtp.example.com`, or with `smtp://` for STARTTLS.
    smtp: Option<String>,
    /// Of mail: whom it is from, as `Example <status@example.com>`.
    from: Option<String>,
    /// Of mail: where a recipient asks for no more, as a `mailto:` or an `https` address; by default nothing is said of it.
    unsubscribe: Option<String>,
    /// A program of yours that takes signed requests: its address.
    webhook: Option<String>,
    /// Of a webhook: header fields of the requests, by their names; secrets stand in them as `${NAME}`.
    headers: Option<BTreeMap<String, String>>,
    /// Of a webhook: the key with which requests are signed (`X-Hub-Signature-256`), as `${NAME}`.
    secret: Option<String>,
    /// The ids of the components whose news it is told; by default all.
    components: Option<Vec<String>>,
    /// The kinds of files in `incidents/` whose news it is told; by default all.
    kinds: Option<Vec<PostKind>>,
    /// The least impact of the incidents whose news it is told.
    #[schemars(extend("default" = "none"))]
    impact: Option<Impact>,
    /// The language in which it is told; by default the site's first.
    language: Option<String>,
    /// The hours of each day in which news of maintenance wait, in the site's zone.
    quiet: Option<Quiet>,
    /// The file that words its texts, with Tera, as a path in the site's folder.
    template: Option<String>,
    /// Whether it reaches those who run the service: they are told, too, of an outage that nobody has announced, of what is
    /// suspected, and that an all-clear was withdrawn because evidence stopped.
    #[schemars(extend("default" = false))]
    operators: Option<bool>,
}

/// Who sees a post.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum Visibility {
    Public,
    Unlisted,
    Private,
    Direct,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Quiet {
    /// The time at which they begin, as `22:00`.
    from: Clock,
    /// The time at which they end, as `07:00`.
    to: Clock,
}

/// A time of the day, as `22:00`.
#[derive(JsonSchema)]
struct Clock(#[schemars(regex(pattern = r"^\s*[0-9]{1,2}:[0-9]{1,2}\s*$"))] String);

#[derive(JsonSchema)]
#[schemars(
    deny_unknown_fields,
    extend("examples" = [{ "ledger": "s3://acme-status", "most": 20 }])
)]
pub(super) struct Notify {
    /// The place where it is kept what was told: an address of a store, or a folder; by default with the page.
    ledger: Option<String>,
    /// The number of messages that one run sends over a channel at most; more are held, and the run says so.
    #[schemars(range(min = 1, max = 10_000), extend("default" = 20))]
    most: Option<u32>,
    /// Whether channels may be in private networks, and on this machine.
    #[schemars(extend("default" = false))]
    private: Option<bool>,
}

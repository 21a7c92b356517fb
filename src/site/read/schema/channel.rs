//! The shape of `[[channels]]` and `[notify]`.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use crate::site::vocabulary::{Impact, PostKind};

/// Where subscribers are told what the page says: exactly one of the keys that name a kind says how.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Channel {
    /// Its name, unique in the site; by default that of its kind.
    name: Option<String>,
    /// The address of an incoming webhook of Slack, as `${NAME}`: it is a secret.
    slack: Option<String>,
    /// Instead, the address of a webhook of Discord, as `${NAME}`: it is a secret.
    discord: Option<String>,
    /// Instead, the address of a workflow of Microsoft Teams, as `${NAME}`: it is a secret.
    teams: Option<String>,
    /// Instead, the address of an instance of Mastodon, as `https://mastodon.social`.
    mastodon: Option<String>,
    /// Of Mastodon: the token of an application that may write posts, as `${NAME}`.
    token: Option<String>,
    /// Of Mastodon: who sees the posts; by default everybody.
    visibility: Option<Visibility>,
    /// Of Mastodon: the characters that the instance allows; by default 500.
    #[schemars(range(min = 100, max = 100_000))]
    characters: Option<u32>,
    /// Instead, the handle of an account of Bluesky, as `status.example.com`.
    bluesky: Option<String>,
    /// Of Bluesky: an app password, as `${NAME}`.
    password: Option<String>,
    /// Of Bluesky: the account's server; by default `https://bsky.social`.
    service: Option<String>,
    /// Instead, the addresses of mail of a team's own people, as `ops@example.com`; each gets a letter of their own.
    #[schemars(length(min = 1))]
    email: Option<Vec<String>>,
    /// Of mail: the server, as `smtps://user:${NAME}@smtp.example.com`, or with `smtp://` for STARTTLS.
    smtp: Option<String>,
    /// Of mail: whom it is from, as `Example <status@example.com>`.
    from: Option<String>,
    /// Of mail: where a recipient asks for no more, as `mailto:` or an `https` address; by default it is not said.
    unsubscribe: Option<String>,
    /// Instead, the address of a program that takes requests.
    webhook: Option<String>,
    /// Of a webhook: header fields of its requests, in which secrets stand as `${NAME}`.
    headers: Option<BTreeMap<String, String>>,
    /// Of a webhook: the key with which requests are signed, as `${NAME}`.
    secret: Option<String>,
    /// The ids of the components whose news it is told; by default all.
    components: Option<Vec<String>>,
    /// The kinds of posts whose news it is told; by default all.
    kinds: Option<Vec<PostKind>>,
    /// The least impact of the incidents whose news it is told; by default `none`.
    impact: Option<Impact>,
    /// The language in which it is told; by default the site's first.
    language: Option<String>,
    /// The hours of each day in which news of maintenance wait, in the site's zone.
    quiet: Option<Quiet>,
    /// The template of its texts, by its path from the site's folder.
    template: Option<String>,
    /// Whether it reaches those who run the service, who are told of silent evidence, too; by default it does not.
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
    /// Their start, as `22:00`.
    from: Clock,
    /// Their end, as `07:00`.
    to: Clock,
}

/// A time of the day, as `22:00`.
#[derive(JsonSchema)]
struct Clock(#[schemars(regex(pattern = r"^\s*[0-9]{1,2}:[0-9]{1,2}\s*$"))] String);

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Notify {
    /// Where it is kept what was told: an address of a store or a folder; by default with the page.
    ledger: Option<String>,
    /// How many messages a run sends over a channel at most; by default 20.
    #[schemars(range(min = 1, max = 10_000))]
    most: Option<u32>,
    /// Whether channels may be in private networks; by default they may not.
    private: Option<bool>,
}

//! The hosts that build and publish a page, and what each of them can keep.
//!
//! A clock that comes too late makes a page say less than it could, and one that costs too much may keep an incident from being
//! published. So each host and plan has its own rhythm, and the time for which evidence holds follows from it.

use clap::ValueEnum;

use super::file::PipelineFile;
use super::release;

/// A host for which `init` writes a pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Host {
    /// Workflows for GitHub Actions and Pages
    Github,
    /// A pipeline for GitLab and its Pages
    Gitlab,
    /// A configuration for Netlify
    Netlify,
    /// A configuration for Cloudflare
    Cloudflare,
    /// Nothing
    None,
}

/// The plan of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Plan {
    /// The one that costs nothing
    Free,
    /// One that is paid for
    Paid,
}

/// What a host can keep of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keeping {
    /// It holds for so long, as `allclear.toml` says it.
    For(&'static str),
    /// There is no clock, and evidence need not be there.
    Nothing,
    /// Nobody knows: there is no host.
    Unknown,
}

/// The place in a pipeline of the time for which evidence holds.
const VALID_FOR: &str = "VALID_FOR";

/// The place in a pipeline of [`RULES`].
const REQUEST_RULES: &str = "REQUEST_RULES";

/// How a change is checked before it is published: what nobody would see is refused, and what goes wrong may be said.
/// `packaging/action.sh` has the same.
const RULES: &str = "--deny unused-file,future-update --warn contradiction,unannounced-outage";

/// The file by which GitHub proposes newer actions.
const DEPENDABOT: &str = ".github/dependabot.yml";

impl Host {
    /// The name of the host, where its plan makes a difference.
    pub(crate) fn with_plans(self) -> Option<&'static str> {
        match self {
            Self::Gitlab => Some("GitLab"),
            Self::Cloudflare => Some("Cloudflare"),
            Self::Github | Self::Netlify | Self::None => None,
        }
    }

    /// What it can keep of evidence.
    pub(crate) fn keeping(self, plan: Plan) -> Keeping {
        match (self, plan) {
            // Its clock comes every few hours, on every plan.
            (Self::Github, _) => Keeping::For("6h"),
            // Once an hour, and a quarter for a late one.
            (Self::Gitlab | Self::Cloudflare, Plan::Free) => Keeping::For("75m"),
            (Self::Gitlab, Plan::Paid) => Keeping::For("30m"),
            (Self::Cloudflare, Plan::Paid) => Keeping::For("45m"),
            (Self::Netlify, _) => Keeping::Nothing,
            (Self::None, _) => Keeping::Unknown,
        }
    }

    /// The files of the pipeline.
    pub(crate) fn files(self, plan: Plan) -> Vec<PipelineFile> {
        let build = || ("build-status.sh", include_str!("build-status.sh"));
        let files = match self {
            Self::Github => vec![
                (".github/workflows/status.yml", include_str!("github.yml")),
                (
                    ".github/workflows/clock.yml",
                    include_str!("github-clock.yml"),
                ),
                (DEPENDABOT, include_str!("dependabot.yml")),
            ],
            Self::Gitlab => vec![(".gitlab-ci.yml", include_str!("gitlab.yml"))],
            Self::Netlify => vec![build(), ("netlify.toml", include_str!("netlify.toml"))],
            Self::Cloudflare => vec![
                build(),
                ("wrangler.toml", include_str!("cloudflare.toml")),
                ("rebuild.js", include_str!("rebuild.js")),
            ],
            Self::None => Vec::new(),
        };
        let script = (!files.is_empty()).then(release::script);
        let files = files.into_iter();
        let files = files.map(|(path, text)| PipelineFile {
            path,
            text: self.filled(text, plan),
            is_kept: path == DEPENDABOT,
        });
        files.chain(script).collect()
    }

    /// A text with what differs between plans.
    fn filled(self, text: &str, plan: Plan) -> String {
        let mut text = text.replace(REQUEST_RULES, RULES);
        if let Keeping::For(time) = self.keeping(plan) {
            text = text.replace(VALID_FOR, &format!("`valid_for = \"{time}\"`"));
        }
        for (place, what) in self.differences(plan) {
            text = text.replace(place, what);
        }
        text
    }

    /// The parts that differ between plans, each with its place.
    fn differences(self, plan: Plan) -> &'static [(&'static str, &'static str)] {
        match (self, plan) {
            (Self::Gitlab, Plan::Free) => &[("RHYTHM", "17 * * * *"), ("COSTS", GITLAB_FREE)],
            (Self::Gitlab, Plan::Paid) => &[("RHYTHM", "*/15 * * * *"), ("COSTS", GITLAB_PAID)],
            (Self::Cloudflare, Plan::Free) => {
                &[("RHYTHM", "17 * * * *"), ("COSTS", CLOUDFLARE_FREE)]
            }
            (Self::Cloudflare, Plan::Paid) => {
                &[("RHYTHM", "*/30 * * * *"), ("COSTS", CLOUDFLARE_PAID)]
            }
            (Self::Github | Self::Netlify | Self::None, _) => &[],
        }
    }
}

const GITLAB_FREE: &str = "a schedule of the free plan comes at most 24 times a day, and if each of 24 x 30 = 720
# runs takes 25 seconds, those are 300 of its 400 minutes. The other 100 are for what you post. Where yours take more than 30, let the
# schedule come every two hours instead, `17 */2 * * *`, and write `valid_for = \"135m\"`.";

const GITLAB_PAID: &str =
    "if each of 4 x 24 x 30 = 2,880 runs takes 25 seconds, those are 1,200 of the 10,000
# minutes of Premium. The rest is for what you post.";

const CLOUDFLARE_FREE: &str =
    "each of 24 x 30 = 720 builds takes less than a minute, and the free plan has 3,000. The other
# 2,280 are for what you post.";

const CLOUDFLARE_PAID: &str = "each of 48 x 30 = 1,440 builds takes less than a minute, and 6,000 are paid for. The other 4,560
# are for what you post.";

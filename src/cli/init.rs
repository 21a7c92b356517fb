//! `allclear init`.

use std::fs;

use allclear::error::Error;
use allclear::source::CONFIG;
use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};

use super::{Global, Outcome, answer};

/// Start a site
///
/// Writes a commented `allclear.toml`, and where asked a pipeline that checks, builds and publishes the page.
/// Nothing that is there is changed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear init status && cd status && allclear build
  allclear init --ci github                      a pipeline, for a site that is there too")]
pub(crate) struct Init {
    /// The folder of the new site; it is made if need be
    #[arg(default_value = ".")]
    dir: Utf8PathBuf,
    /// Also write a pipeline for a host
    #[arg(long, value_name = "HOST", default_value = "none")]
    ci: Ci,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Ci {
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

impl Ci {
    /// The files of the pipeline.
    fn files(self) -> &'static [(&'static str, &'static str)] {
        const BUILD: (&str, &str) = ("build-status.sh", include_str!("init/build-status.sh"));
        match self {
            Self::Github => &[
                (
                    ".github/workflows/status.yml",
                    include_str!("init/github.yml"),
                ),
                (
                    ".github/workflows/record.yml",
                    include_str!("init/github-record.yml"),
                ),
            ],
            Self::Gitlab => &[(".gitlab-ci.yml", include_str!("init/gitlab.yml"))],
            Self::Netlify => &[
                BUILD,
                ("netlify.toml", include_str!("init/netlify.toml")),
                (
                    "netlify/functions/rebuild.mjs",
                    include_str!("init/rebuild.mjs"),
                ),
            ],
            Self::Cloudflare => &[
                BUILD,
                ("wrangler.toml", include_str!("init/cloudflare.toml")),
                ("rebuild.js", include_str!("init/rebuild.js")),
            ],
            Self::None => &[],
        }
    }
}

/// What pipelines ask whether the service answers, until somebody says otherwise.
const HEALTH: &str = "https://example.com/health";

/// The first `allclear.toml` of a site.
const FIRST: &str = r#"#:schema ./public/schemas/site.json
# The status page of a service. Every key is described in allclear's README, and editors that know Taplo
# complete them as soon as the page was built once.

title = "Example Status"
base_url = "https://status.example.com/"   # where the page is published; a sub-path works too
languages = ["en"]                         # the first is the default
time_zone = "UTC"                          # an IANA name such as "Europe/Paris"

# The parts of the service that readers care about, in the order in which they are shown.

[[components]]
id = "web"                                 # used in incident files and evidence
name = "Website"

[[components]]
id = "api"
name = "API"
"#;

impl Init {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Error> {
        let path = match self.dir.as_str() {
            "." => global.in_site(CONFIG),
            _ => global.in_site(self.dir.join(CONFIG)),
        };
        let dir = path
            .parent()
            .map(camino::Utf8Path::to_owned)
            .filter(|dir| !dir.as_str().is_empty());
        let dir = dir.unwrap_or_else(|| Utf8PathBuf::from("."));
        let pipeline: Vec<(Utf8PathBuf, &str)> = (self.ci.files().iter())
            .map(|(file, text)| (path.with_file_name(file), *text))
            // Two hosts share a script.
            .filter(|(file, text)| fs::read_to_string(file).ok().as_deref() != Some(*text))
            .collect();
        let is_new = !path.exists();
        if let Some((taken, _)) = pipeline.iter().find(|(file, _)| file.exists()) {
            return Err(Error::Exists(taken.clone()));
        }
        if !is_new && pipeline.is_empty() {
            return Err(Error::Exists(path));
        }
        fs::create_dir_all(&dir).map_err(Error::io("make", &dir))?;
        let mut told = String::new();
        if is_new {
            super::create_new(&path, FIRST)?;
            told.push_str(&format!(
                "Wrote {path}. Next:\n  \
                 1. Name your components in it.\n  \
                 2. Run `allclear new incident \"What goes wrong\"` when something does.\n  \
                 3. Run `allclear build`, and publish the folder `public`.\n"
            ));
        }
        for (file, text) in &pipeline {
            let folder = file.parent().unwrap_or(&dir);
            fs::create_dir_all(folder).map_err(Error::io("make", folder))?;
            super::create_new(file, text)?;
            told.push_str(&match text.contains("ALLCLEAR") {
                true if text.contains(HEALTH) => format!(
                    "Wrote {file}; put the address of allclear into `ALLCLEAR`, and yours in place of {HEALTH}.\n"
                ),
                true => format!("Wrote {file}; put the address of allclear into `ALLCLEAR`.\n"),
                false => format!("Wrote {file}.\n"),
            });
        }
        if !global.quiet {
            answer(&told);
        }
        Ok(Outcome::Clean)
    }
}

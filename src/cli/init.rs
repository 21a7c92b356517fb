//! `allclear init`.

use std::fs;

use allclear::config::FILE_NAME;
use allclear::error::Error;
use camino::Utf8PathBuf;
use clap::Args;

use super::{Global, Outcome, answer};

/// Start a site
///
/// Writes a commented `allclear.toml`. Nothing that is there is changed.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  allclear init status && cd status && allclear build")]
pub(crate) struct Init {
    /// The folder of the new site; it is made if need be
    #[arg(default_value = ".")]
    dir: Utf8PathBuf,
}

/// The first `allclear.toml` of a site.
const FIRST: &str = r#"# The status page of a service. Every key is described in allclear's README.

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
            "." => global.in_site(FILE_NAME),
            _ => global.in_site(self.dir.join(FILE_NAME)),
        };
        let dir = path
            .parent()
            .map(camino::Utf8Path::to_owned)
            .filter(|dir| !dir.as_str().is_empty());
        let dir = dir.unwrap_or_else(|| Utf8PathBuf::from("."));
        if path.exists() {
            return Err(Error::Exists(path));
        }
        fs::create_dir_all(&dir).map_err(Error::io("make", &dir))?;
        super::create_new(&path, FIRST)?;
        if !global.quiet {
            answer(&format!(
                "Wrote {path}. Next:\n  \
                 1. Name your components in it.\n  \
                 2. Run `allclear new incident \"What goes wrong\"` when something does.\n  \
                 3. Run `allclear build`, and publish the folder `public`.\n"
            ));
        }
        Ok(Outcome::Clean)
    }
}

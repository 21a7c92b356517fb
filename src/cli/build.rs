//! `allclear build`.

use std::time::Instant;

use allclear::error::Error;
use allclear::generate::{Memory, Request, generate};
use allclear::locale::english::{counted, grouped};
use allclear::site::BaseUrl;
use allclear::site::read::Drafts;
use allclear::source::{EVIDENCE, INCIDENTS, THEMES};
use allclear::write::write;
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

use super::check::outcome;
use super::clock::Now;
use super::{Global, Outcome, answer, bad_argument, progress, tell_all};

/// Build the page
///
/// Everything is built in memory first. Where the site has errors, nothing is written and the old
/// output stays as it was.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear build
  allclear build -o /srv/www/status --base-url https://status.example.com/
  allclear build --now 2022-12-29T01:30:00Z      the page as it was at that instant")]
pub(crate) struct Build {
    /// The output folder [default: `public` in the site's folder]
    #[arg(long, short, value_name = "DIR")]
    output: Option<Utf8PathBuf>,
    #[command(flatten)]
    now: Now,
    /// Where the page will be published, instead of `base_url`
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Include incidents marked `draft`
    #[arg(long)]
    drafts: bool,
    /// Treat warnings as errors
    #[arg(long)]
    strict: bool,
}

impl Build {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Error> {
        let began = Instant::now();
        let time = self.now.resolve()?;
        let base_url = match &self.base_url {
            Some(text) => Some(BaseUrl::parse(text).map_err(|error| {
                bad_argument(
                    format!("`{text}` is no address for a site: {error}"),
                    "write `--base-url` as `https://status.example.com/`",
                )
            })?),
            None => None,
        };
        let folder = self.output.unwrap_or_else(|| global.in_site("public"));
        safe(&global.site, &folder)?;
        let request = Request {
            base_url,
            drafts: if self.drafts {
                Drafts::Included
            } else {
                Drafts::LeftOut
            },
            ..Request::new(&global.site, time.instant())
        };
        let mut generated = progress::during("building", global, || {
            generate(&request, &mut Memory::default())
        })?;
        super::warn_of_future(&mut generated, time);
        if self.strict {
            generated.diagnostics.make_strict();
        }
        tell_all(&generated.diagnostics, global);
        if outcome(&generated.diagnostics) == Outcome::Findings {
            if !global.quiet {
                super::tell("nothing was written\n");
            }
            return Ok(Outcome::Findings);
        }
        let pages = generated
            .outputs
            .iter()
            .filter(|output| output.path.extension() == Some("html"))
            .count();
        let written = progress::during("writing", global, || write(&folder, &generated.outputs))?;
        if !global.quiet {
            answer(&format!(
                "{} in {folder}: {} written ({}), {} unchanged, {} deleted, {:.2} s\n",
                counted(pages, "page"),
                counted(written.written, "file"),
                size(written.bytes_written),
                grouped(written.unchanged),
                grouped(written.deleted),
                began.elapsed().as_secs_f64(),
            ));
            answer(&format!(
                "Open {} in a browser, or serve the folder with any web server.\n",
                folder.join("index.html")
            ));
        }
        Ok(Outcome::Clean)
    }
}

/// `312 bytes`, `4.2 KB`, `38.1 MB`.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} KB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// Refuses an output folder that is, holds, or lies in the site's own files.
pub(crate) fn safe(site: &Utf8Path, output: &Utf8Path) -> Result<(), Error> {
    let Ok(site) = site.canonicalize_utf8() else {
        return Ok(());
    };
    let full = resolved(output);
    let reason = if full == site {
        "it is the site's own folder"
    } else if site.starts_with(&full) {
        "the site lies in it"
    } else if [INCIDENTS, EVIDENCE, THEMES]
        .iter()
        .any(|folder| full.starts_with(site.join(folder)))
    {
        "it lies among the site's own files"
    } else {
        return Ok(());
    };
    Err(Error::UnsafeOutput {
        path: output.to_owned(),
        reason,
    })
}

/// The real path of a folder, which need not exist yet.
fn resolved(path: &Utf8Path) -> Utf8PathBuf {
    let absolute = camino::absolute_utf8(path).unwrap_or_else(|_| path.to_owned());
    let existing = absolute
        .ancestors()
        .find_map(|folder| Some((folder.canonicalize_utf8().ok()?, folder)));
    match existing {
        Some((real, folder)) => match absolute.strip_prefix(folder) {
            Ok(rest) if !rest.as_str().is_empty() => real.join(rest),
            _ => real,
        },
        None => absolute,
    }
}

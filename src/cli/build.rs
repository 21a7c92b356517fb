//! `allclear build`.

use std::time::Instant;

use allclear::generate::{Memory, Request, generate};
use allclear::locale::english::{counted, grouped};
use allclear::site::BaseUrl;
use allclear::site::read::Drafts;
use allclear::write::Copies;
use camino::Utf8PathBuf;
use clap::Args;

use super::clock::{Now, warn_of_future};
use super::failure::{Failure, bad_option};
use super::global::Global;
use super::outcome::Outcome;
use super::output_folder::{
    refuse_unsafe, refuse_vanished, warn_of_missing_compression, write_page,
};
use super::print::{print, report, report_all, size};
use super::progress;

/// Build the page
///
/// Everything is built in memory first. Where the site has errors, nothing is written and the old
/// output stays as it was.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear build
  allclear build -o /srv/www/status --base-url https://status.example.com/
  allclear build --now 2022-12-29T01:30:00Z      the page as it was at that instant")]
pub(crate) struct BuildArgs {
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

impl BuildArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        let began = Instant::now();
        let time = self.now.resolve(global)?;
        let base_url = match &self.base_url {
            Some(text) => Some(BaseUrl::parse(text).map_err(|error| {
                bad_option(
                    "--base-url",
                    text,
                    format!("this is no address for a site: {error}"),
                    "write it as `https://status.example.com/`",
                )
            })?),
            None => None,
        };
        let folder = self.output.unwrap_or_else(|| global.in_site("public"));
        refuse_unsafe(&global.site, &folder)?;
        let request = Request {
            base_url,
            drafts: if self.drafts {
                Drafts::Included
            } else {
                Drafts::LeftOut
            },
            as_of: time.as_of(),
            ..Request::new(&global.site, time.instant())
        };
        let mut generated = progress::during("building", global, || {
            generate(&request, &mut Memory::default())
        })?;
        warn_of_future(&mut generated, time);
        if self.strict {
            generated.diagnostics.make_strict();
        }
        report_all(&generated.diagnostics, global);
        if Outcome::of(&generated.diagnostics) == Outcome::Findings {
            if !global.quiet {
                report("nothing was written\n");
            }
            return Ok(Outcome::Findings);
        }
        refuse_vanished(&global.site, &folder)?;
        let pages = generated
            .outputs
            .iter()
            .filter(|output| output.path.extension() == Some("html"))
            .count();
        warn_of_missing_compression(&generated);
        let written = progress::during("writing", global, || {
            write_page(&folder, &mut generated, &mut Copies::default())
        })?;
        if !global.quiet {
            print(&format!(
                "{} in {folder}: {} written ({}), {} unchanged, {} deleted, {:.2} s\n",
                counted(pages, "page"),
                counted(written.written, "file"),
                size(written.bytes_written),
                grouped(written.unchanged),
                grouped(written.deleted),
                began.elapsed().as_secs_f64(),
            ));
            print(
                "Look at it with `allclear serve --open`, or serve the folder with any web server.\n",
            );
        }
        Ok(Outcome::Clean)
    }
}

//! `allclear publish`.

use std::time::Instant;

use allclear::fetch::Client;
use allclear::generate::{Generated, Memory, Request, generate};
use allclear::locale::english::{counted, grouped};
use allclear::output::Output;
use allclear::publish::{
    Again, Failure as Refusal, Hindrance, Place, Preview, Publication, Summary, Tools,
};
use allclear::site::BaseUrl;
use allclear::site::place::PlaceName;
use allclear::source;
use allclear::write::Copies;
use camino::Utf8Path;
use clap::Args;

use super::clock::{Now, warn_of_future};
use super::failure::{Failure, bad_argument, bad_option, report_failure};
use super::global::Global;
use super::guard::GuardArgs;
use super::outcome::Outcome;
use super::output_folder::{resolved, warn_of_missing_compression};
use super::places::{
    cloud_variables, of_place, outputs_for, refuse_unsafe_place, refuse_vanished_posts,
};
use super::print::{print, report, report_all, size};
use super::progress;

/// Build the page and bring it to where readers are
///
/// An older page never replaces a newer one, readers never see half a page, and only what differs is sent. Killed
/// anywhere, the next run finishes. The places are `[publish] to` in allclear.toml, or those that are named here: a bucket
/// of S3 or what speaks like it, of Google or of Azure, or a folder that a web server reads. Of several places the later
/// ones may lag behind the first, and never lead.
///
/// A folder is another one after each publication, of the same name. So it must not be a mount point, and what shares it
/// with others, as a container, has to mount the folder above it. A folder of `--to` is named from where you are, and one
/// in allclear.toml from the site's folder.
///
/// Credentials are those that each cloud's own tools take: the variables AWS_..., GOOGLE_... and AZURE_... and the files
/// of AWS_PROFILE.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear publish                               to the places of allclear.toml
  allclear publish --to s3://status-page
  allclear publish --to /srv/www/status --dry-run
  allclear publish --guard                       before a host deploys `public` by itself

Exit codes: 0 published, 1 the site's files are wrong, 2 a place failed, 3 what is live is newer than this build, or of a
commit that came after its files.")]
pub(crate) struct PublishArgs {
    /// A place to publish to, instead of those of allclear.toml: s3://BUCKET/PREFIX, gs://, az://, or a folder
    #[arg(long, value_name = "PLACE")]
    to: Vec<String>,
    /// Say what would be sent and deleted, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Replace a newer page, that of another site, or what allclear has not published
    #[arg(long)]
    force: bool,
    /// Treat warnings as errors
    #[arg(long)]
    strict: bool,
    /// Where readers find the page, instead of `base_url`
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    #[command(flatten)]
    now: Now,
    #[command(flatten)]
    guard: GuardArgs,
}

impl PublishArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        if let Some(guard) = self.guard.asked() {
            return guard.run(global);
        }
        let named = self.named_places(global)?;
        let Some(page) = self.build(global)? else {
            return Ok(Outcome::Findings);
        };
        let own = page.site.as_ref().map(|site| &site.settings.publish_to);
        let own = own.into_iter().flatten();
        let names: Vec<PlaceName> = match named.is_empty() {
            true => own.map(|name| from(&global.site, name, global)).collect(),
            false => named,
        };
        if names.is_empty() {
            return Err(bad_argument(
                "no place is named to publish to",
                "write `to = \"s3://BUCKET\"` or a folder under `[publish]` in allclear.toml, or name it with `--to`",
            ));
        }
        let client = Client::new();
        warn_of_missing_compression(&page);
        // All of them are opened before anything is changed.
        let places: Vec<(&PlaceName, Place)> = names
            .iter()
            .map(|name| {
                refuse_unsafe_place(&global.site, name)?;
                let tools = Tools {
                    client: &client,
                    variables: &cloud_variables(name)?,
                };
                let place = Place::open(name, &global.site, &tools);
                let place = place.map_err(|error| {
                    bad_argument(
                        format!("`{name}` cannot be reached: {}", error.0),
                        Hindrance::NoCredentials.hint(),
                    )
                })?;
                Ok((name, place))
            })
            .collect::<Result<_, Failure>>()?;
        for (name, place) in &places {
            refuse_vanished_posts(&global.site, name, place)?;
            let outputs = outputs_for(name, &global.site, &page, &mut Copies::default());
            let done = match self.dry_run {
                true => self
                    .preview(place, &outputs, global)
                    .map(|it| shown(name, &it)),
                false => self
                    .publish(place, &outputs, global)
                    .map(|(summary, seconds)| done(name, summary, seconds)),
            };
            match done {
                Ok(text) if global.quiet => drop(text),
                Ok(text) => print(&text),
                Err(refusal) => return Ok(refused(name, &refusal)),
            }
            for kept in place.kept() {
                report(&format!(
                    "{name}: `{}` has files of others that could not move along with the page; look through it, and delete it\n",
                    kept.display()
                ));
            }
        }
        Ok(Outcome::Clean)
    }

    fn named_places(&self, global: &Global) -> Result<Vec<PlaceName>, Failure> {
        let place = |text: &String| {
            let name = PlaceName::parse(text).map_err(|error| {
                let hint =
                    "name a bucket, as `s3://BUCKET/PREFIX`, `gs://` or `az://`, or a folder";
                bad_option("--to", text, error, hint)
            })?;
            Ok(from(Utf8Path::new("."), &name, global))
        };
        self.to.iter().map(place).collect()
    }

    /// The page; `None` where something is wrong with the site's files.
    fn build(&self, global: &Global) -> Result<Option<Generated>, Failure> {
        let time = self.now.resolve(global)?;
        let base_url = self.base_url.as_ref().map(|text| {
            BaseUrl::parse(text).map_err(|error| {
                let message = format!("this is no address for a site: {error}");
                bad_option(
                    "--base-url",
                    text,
                    message,
                    "write it as `https://status.example.com/`",
                )
            })
        });
        let request = Request {
            base_url: base_url.transpose()?,
            as_of: time.as_of(),
            ..Request::new(&global.site, time.instant())
        };
        let mut page = progress::during("building", global, || {
            generate(&request, &mut Memory::default())
        })?;
        warn_of_future(&mut page, time);
        if self.strict {
            page.diagnostics.make_strict();
        }
        report_all(&page.diagnostics, global);
        if Outcome::of(&page.diagnostics) == Outcome::Findings {
            if !global.quiet {
                report("nothing was published\n");
            }
            return Ok(None);
        }
        Ok(Some(page))
    }

    fn again(&self) -> Again {
        match self.force {
            true => Again::Replace,
            false => Again::Keep,
        }
    }

    fn preview(
        &self,
        place: &Place,
        outputs: &[Output],
        global: &Global,
    ) -> Result<Preview, Refusal> {
        place.preview(Publication {
            outputs,
            again: self.again(),
            is_behind: &|commit| source::is_behind(&global.site, commit),
            progress: &|_, _| {},
        })
    }

    fn publish(
        &self,
        place: &Place,
        outputs: &[Output],
        global: &Global,
    ) -> Result<(Summary, f64), Refusal> {
        let began = Instant::now();
        let summary = progress::counted("publishing", global, |progress| {
            place.publish(Publication {
                outputs,
                again: self.again(),
                is_behind: &|commit| source::is_behind(&global.site, commit),
                progress,
            })
        })?;
        Ok((summary, began.elapsed().as_secs_f64()))
    }
}

/// A place that is named from a folder. What is typed is named from where one stands, and what allclear.toml says from the
/// site; where these are two folders, it is said whole.
fn from(folder: &Utf8Path, name: &PlaceName, global: &Global) -> PlaceName {
    match name {
        PlaceName::Folder(path) if global.site != "." => {
            PlaceName::Folder(resolved(&folder.join(path)))
        }
        name => name.clone(),
    }
}

/// What was done in a place.
fn done(name: &PlaceName, summary: Summary, seconds: f64) -> String {
    let undeleted = match summary.undeleted {
        0 => String::new(),
        count => format!(
            "  {} could not be deleted: nothing leads there, and the next publication tries again\n",
            counted(count, "file")
        ),
    };
    format!(
        "{name}: {} sent ({}), {} unchanged, {} deleted, {seconds:.2} s\n{undeleted}",
        counted(summary.sent, "file"),
        size(summary.bytes),
        grouped(summary.unchanged),
        grouped(summary.deleted),
    )
}

/// What would be done in a place.
fn shown(name: &PlaceName, preview: &Preview) -> String {
    let sent = preview.sent.iter().map(|path| format!("  send   {path}\n"));
    let deleted = preview
        .deleted
        .iter()
        .map(|path| format!("  delete {path}\n"));
    let lines: String = sent.chain(deleted).collect();
    format!(
        "{name}: {} would be sent ({}), {} deleted\n{lines}",
        counted(preview.sent.len(), "file"),
        size(preview.bytes),
        grouped(preview.deleted.len()),
    )
}

/// Says why a place did not take the page.
fn refused(name: &PlaceName, refusal: &Refusal) -> Outcome {
    report_failure(&of_place(name, refusal));
    match refusal {
        Refusal::Newer { .. } | Refusal::Behind { .. } => Outcome::Newer,
        _ => Outcome::CouldNotRun,
    }
}

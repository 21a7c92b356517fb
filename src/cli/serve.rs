//! `allclear serve` and `allclear watch`.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant as Clock};

use allclear::diagnostic::report::digest;
use allclear::error::Error;
use allclear::generate::{Generated, Memory, Request, generate};
use allclear::locale::english::counted;
use allclear::serve::Server;
use allclear::serve::watch::{SiteWatcher, Wake, WatchMethod};
use allclear::site::BaseUrl;
use allclear::site::read::Drafts;
use allclear::write::Copies;
use camino::Utf8PathBuf;
use clap::Args;

use super::clock::{BuildTime, Now, warn_of_future};
use super::failure::{Failure, bad_argument};
use super::global::Global;
use super::outcome::Outcome;
use super::output_folder::{
    refuse_unsafe, refuse_vanished, warn_of_missing_compression, write_page,
};
use super::print::{print, report, report_all, report_styled};

/// How often a page is built although no file has changed: a maintenance begins by the clock alone.
const TICK: Duration = Duration::from_secs(30);
/// The port where none is asked for.
const PORT: u16 = 4040;

/// Build the page in memory, serve it on this machine, and reload it when a file changes
///
/// Drafts are shown. Where the site has errors, the last good page stays, with what is wrong above it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear serve --open
  allclear serve --now 2022-12-29T01:30:00Z      as the page was at that instant")]
pub(crate) struct ServeArgs {
    /// The port; without it 4040, or another one where that is taken
    #[arg(long, short, value_name = "PORT")]
    port: Option<u16>,
    /// The address to serve at; other machines reach you at any but a loopback one
    #[arg(long, value_name = "IP", default_value = "127.0.0.1")]
    host: IpAddr,
    /// Open the page in a browser
    #[arg(long)]
    open: bool,
    #[command(flatten)]
    watching: WatchingArgs,
}

/// Build the page into a folder, and again whenever a file changes
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  allclear watch -o /srv/www/status")]
pub(crate) struct WatchArgs {
    /// The output folder [default: `public` in the site's folder]
    #[arg(long, short, value_name = "DIR")]
    output: Option<Utf8PathBuf>,
    #[command(flatten)]
    watching: WatchingArgs,
}

#[derive(Debug, Args)]
struct WatchingArgs {
    /// Poll for changes twice a second instead of using file-system events; network file systems need this
    #[arg(long)]
    poll: bool,
    #[command(flatten)]
    now: Now,
}

impl ServeArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        let server = match self.port {
            Some(port) => Server::start(SocketAddr::new(self.host, port))?,
            None => Server::start(SocketAddr::new(self.host, PORT))
                .or_else(|_| Server::start(SocketAddr::new(self.host, 0)))?,
        };
        let url = format!("http://{}/", server.address());
        let base_url = BaseUrl::parse(&url).ok();
        let mut memory = Memory::default();
        let mut is_announced = false;
        let build = |moment: &BuildMoment| {
            let request = Request {
                base_url: base_url.clone(),
                drafts: Drafts::Included,
                as_of: moment.time.as_of(),
                ..Request::new(&global.site, moment.time.instant())
            };
            let mut generated = generate(&request, &mut memory)?;
            if generated.diagnostics.errors() > 0 {
                server.show_problems(&plain(&generated));
                if is_announced {
                    return Ok(Built::silent(generated));
                }
            }
            let outputs = std::mem::take(&mut generated.outputs);
            let is_new = generated.diagnostics.errors() == 0 && server.show(outputs);
            let built = format!(
                "built in {:.0} ms",
                moment.began.elapsed().as_secs_f64() * 1e3
            );
            if !std::mem::replace(&mut is_announced, true) {
                if !self.host.is_loopback() {
                    report(&format!(
                        "everybody who can reach {} can read the page, drafts included\n",
                        self.host
                    ));
                }
                if self.open {
                    open(&url)?;
                }
                let news = format!("{url} ({built}; Ctrl-C ends)");
                return Ok(Built {
                    generated,
                    news: Some(news),
                });
            }
            Ok(Built {
                generated,
                news: is_new.then_some(built),
            })
        };
        let tell = |problem: &str| server.show_problems(problem);
        self.watching.run(global, build, tell)
    }
}

impl WatchArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        let folder = self.output.unwrap_or_else(|| global.in_site("public"));
        refuse_unsafe(&global.site, &folder)?;
        let (mut memory, mut copies) = (Memory::default(), Copies::default());
        let mut is_first = true;
        let build = |moment: &BuildMoment| {
            let request = Request {
                as_of: moment.time.as_of(),
                ..Request::new(&global.site, moment.time.instant())
            };
            let mut generated = generate(&request, &mut memory)?;
            if generated.diagnostics.errors() > 0 {
                return Ok(Built::silent(generated));
            }
            refuse_vanished(&global.site, &folder)?;
            if std::mem::take(&mut is_first) {
                warn_of_missing_compression(&generated);
            }
            let written = write_page(&folder, &mut generated, &mut copies)?;
            let news = (written.written + written.deleted > 0).then(|| {
                format!(
                    "{folder}: {} written, {} deleted, {:.0} ms",
                    counted(written.written, "file"),
                    written.deleted,
                    moment.began.elapsed().as_secs_f64() * 1e3
                )
            });
            Ok(Built { generated, news })
        };
        self.watching.run(global, build, |_| ())
    }
}

/// The moment of a build.
struct BuildMoment {
    /// The instant that the page is for.
    time: BuildTime,
    /// When the build began.
    began: Clock,
}

/// The result of a build.
struct Built {
    generated: Generated,
    /// The line that is printed about it, where it is news.
    news: Option<String>,
}

impl Built {
    /// A build that is no news.
    fn silent(generated: Generated) -> Self {
        Self {
            generated,
            news: None,
        }
    }
}

impl WatchingArgs {
    /// Builds, and again whenever files change or time goes by, for ever. What keeps the first build from being made
    /// ends it; of later ones `tell` is told, and it goes on: an editor, git or a colleague may be at work.
    fn run(
        &self,
        global: &Global,
        mut build: impl FnMut(&BuildMoment) -> Result<Built, Failure>,
        tell: impl Fn(&str),
    ) -> Result<Outcome, Failure> {
        let method = if self.poll {
            WatchMethod::Polling
        } else {
            WatchMethod::Events
        };
        let home = Home::of(global);
        let mut watcher = SiteWatcher::new(&global.site, method)?;
        let mut reported: Option<String> = None;
        let first = self.now.resolve(global)?;
        loop {
            match self.build_once(global, first, &home, &mut build) {
                Ok((mut built, time)) => {
                    for picture in pictures(&built.generated) {
                        // A folder outside of the site is none of its parts.
                        if global.to_write(&picture).is_ok() {
                            watcher.picture(&picture);
                        }
                    }
                    warn_of_future(&mut built.generated, time);
                    // The same problems again are no news.
                    let problems = plain(&built.generated);
                    if reported.as_ref() != Some(&problems) {
                        report_all(&built.generated.diagnostics, global);
                        if reported.is_some() && problems.is_empty() && !global.quiet {
                            print("nothing is wrong any more\n");
                        }
                        reported = Some(problems);
                    }
                    if let Some(news) = built.news.filter(|_| !global.quiet) {
                        print(&format!("{news}\n"));
                    }
                }
                Err(failure) if reported.is_some() => {
                    let problem = failure.text();
                    let plain = anstream::adapter::strip_str(&problem).to_string();
                    tell(&plain);
                    if reported.as_ref() != Some(&plain) {
                        report_styled(&problem);
                        reported = Some(plain);
                    }
                }
                Err(failure) => return Err(failure),
            }
            let tick = match first {
                BuildTime::Clock(_) => TICK,
                BuildTime::Chosen(_) => Duration::from_secs(24 * 60 * 60),
            };
            while watcher.wait(tick) == Wake::Waited && matches!(first, BuildTime::Chosen(_)) {}
        }
    }

    /// Builds as of now, from the folder in which the program was started.
    fn build_once(
        &self,
        global: &Global,
        first: BuildTime,
        home: &Home,
        build: &mut impl FnMut(&BuildMoment) -> Result<Built, Failure>,
    ) -> Result<(Built, BuildTime), Failure> {
        let began = Clock::now();
        home.go_back()?;
        // An instant that somebody chose stays what it was, though it be said as seen from the present.
        let time = match first {
            BuildTime::Clock(_) => self.now.resolve(global)?,
            BuildTime::Chosen(_) => first,
        };
        let built = build(&BuildMoment { time, began })?;
        Ok((built, time))
    }
}

/// The folder in which the program was started, where the site's path is one from there.
///
/// A folder that is deleted and made again at the same place is another one to the system, which leaves the program in the
/// old one.
struct Home(Option<Utf8PathBuf>);

impl Home {
    fn of(global: &Global) -> Self {
        let here = camino::absolute_utf8(".").ok();
        Self(here.filter(|_| global.site.is_relative()))
    }

    fn go_back(&self) -> Result<(), Error> {
        let Some(folder) = &self.0 else {
            return Ok(());
        };
        std::env::set_current_dir(folder).map_err(Error::io("open", folder))
    }
}

/// The paths of the pictures that a site's settings name.
fn pictures(generated: &Generated) -> Vec<Utf8PathBuf> {
    let site = generated.site.as_ref();
    let logo = site.and_then(|site| site.settings.logo.as_ref());
    let pictures = logo.map(|logo| [Some(&logo.light), logo.dark.as_ref()]);
    let pictures = pictures.into_iter().flatten().flatten();
    pictures.map(|picture| picture.value.clone()).collect()
}

/// The diagnostics, of each kind a few, as a terminal without colours shows them.
fn plain(generated: &Generated) -> String {
    let reports = digest(generated.diagnostics.iter()).into_iter();
    let text: String = reports.map(|report| format!("{report}\n")).collect();
    anstream::adapter::strip_str(&text).to_string()
}

/// Opens an address in the user's browser.
fn open(url: &str) -> Result<(), Failure> {
    let (program, arguments): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/C", "start", ""]),
        _ => ("xdg-open", &[]),
    };
    std::process::Command::new(program)
        .args(arguments)
        .arg(url)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .map(|_| ())
        .map_err(|_| {
            bad_argument(
                format!("`{program}` could not be run to open a browser"),
                format!("open {url} yourself"),
            )
        })
}

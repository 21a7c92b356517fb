//! The command line: arguments, the environment, the clock, the terminal and exit codes.
//!
//! The library knows none of these. One file a command; a command's struct is its help.

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use allclear::diagnostic::report::report;
use allclear::diagnostic::{Diagnostics, nearest_hint};
use allclear::error::Error;
use allclear::generate::Generated;
use allclear::locale::english::counted;
use allclear::site::Site;
use allclear::site::vocabulary::Status;
use allclear::time::Instant;
use camino::Utf8PathBuf;
use clap::{Args, ColorChoice, Parser, Subcommand};

use self::clock::BuildTime;

mod ask;
mod build;
mod check;
mod clock;
mod completions;
mod explain;
mod import;
mod init;
mod new;
mod progress;
mod record;
mod schema;
#[cfg(feature = "serve")]
mod serve;
mod status;
mod theme;
mod update;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// As it should.
    Clean,
    /// With errors in the site's files.
    Findings,
    /// Not at all: the environment or the arguments did not allow it.
    CouldNotRun,
    /// `status` found that something is wrong with the service.
    Trouble,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Clean => 0,
            Outcome::Findings => 1,
            Outcome::CouldNotRun => 2,
            Outcome::Trouble => 3,
        })
    }
}

/// Builds a public status page from files, and lets it say "All systems operational" only while
/// evidence supports it.
#[derive(Debug, Parser)]
#[command(name = "allclear", version, max_term_width = 100, arg_required_else_help = true, after_help = EXAMPLES)]
struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  allclear init                                    start a site in this folder
  allclear new incident \"Log-in fails\"             write an incident file
  allclear update monitoring -m \"A fix is out.\"    post an update to it
  allclear check                                   find everything that is wrong
  allclear build                                   build the page into public/

Exit codes: 0 clean, 1 something is wrong with the site's files, 2 could not run,
3 from `status` when something is wrong with the service.";

/// Options of every command.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// The site's folder
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        default_value = ".",
        env = "ALLCLEAR_SITE"
    )]
    site: Utf8PathBuf,
    /// When to use colours; NO_COLOR is honoured
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,
    /// Print nothing but errors and what was asked for
    #[arg(long, short, global = true)]
    quiet: bool,
}

impl Global {
    /// A path in the site's folder, as a user would write it.
    fn in_site(&self, path: impl AsRef<camino::Utf8Path>) -> Utf8PathBuf {
        match self.site.as_str() {
            "." => path.as_ref().to_owned(),
            _ => self.site.join(path),
        }
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Init),
    New(new::New),
    Update(update::Update),
    Resolve(update::Resolve),
    Check(check::Check),
    Build(build::Build),
    #[cfg(feature = "serve")]
    Serve(serve::Serve),
    #[cfg(feature = "serve")]
    Watch(serve::Watch),
    Record(record::Record),
    Status(status::Status),
    Explain(explain::Explain),
    Import(import::Import),
    Theme(theme::Theme),
    Schema(schema::Schema),
    Completions(completions::Completions),
    Man(completions::Man),
}

/// Runs the program with its arguments.
pub(crate) fn run(arguments: impl IntoIterator<Item = OsString>) -> Outcome {
    let Arguments { global, command } = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let is_help = !error.use_stderr();
            // Nothing is left to be told where even this cannot be printed.
            let _ = error.print();
            return if is_help {
                Outcome::Clean
            } else {
                Outcome::CouldNotRun
            };
        }
    };
    match global.color {
        ColorChoice::Auto => {}
        ColorChoice::Always => anstream::ColorChoice::Always.write_global(),
        ColorChoice::Never => anstream::ColorChoice::Never.write_global(),
    }
    let result = match command {
        Command::Init(init) => init.run(&global),
        Command::New(new) => new.run(&global),
        Command::Check(check) => check.run(&global),
        Command::Build(build) => build.run(&global),
        #[cfg(feature = "serve")]
        Command::Serve(serve) => serve.run(&global),
        #[cfg(feature = "serve")]
        Command::Watch(watch) => watch.run(&global),
        Command::Record(record) => record.run(&global),
        Command::Status(status) => status.run(&global),
        Command::Explain(explain) => explain.run(),
        Command::Import(import) => import.run(&global),
        Command::Theme(theme) => theme.run(&global),
        Command::Schema(schema) => schema.run(),
        Command::Completions(completions) => completions.run(),
        Command::Man(man) => man.run(&global),
        Command::Update(update) => update.run(&global),
        Command::Resolve(resolve) => resolve.run(&global),
    };
    result.unwrap_or_else(|error| {
        let mut text = format!("\u{1b}[1m\u{1b}[91merror\u{1b}[0m\u{1b}[1m: {error}\u{1b}[0m\n");
        if let Some(hint) = error.hint() {
            text.push_str(&format!("  \u{1b}[1mhelp\u{1b}[0m: {hint}\n"));
        }
        tell(&text);
        Outcome::CouldNotRun
    })
}

/// Prints an answer: what the user asked for.
fn answer(text: &str) {
    let mut stream = anstream::stdout().lock();
    // A reader that went away, as `| head`, wants no more.
    let _ = stream
        .write_all(text.as_bytes())
        .and_then(|()| stream.flush());
}

/// Prints what goes beside an answer: diagnostics and errors.
fn tell(text: &str) {
    let mut stream = anstream::stderr().lock();
    let _ = stream.write_all(text.as_bytes());
}

/// Prints diagnostics and how many there are.
fn tell_all(diagnostics: &Diagnostics, global: &Global) {
    let mut text = String::new();
    for diagnostic in diagnostics.iter() {
        if global.quiet && diagnostic.severity == allclear::diagnostic::Severity::Warning {
            continue;
        }
        text.push_str(&report(diagnostic));
        text.push('\n');
    }
    let counts = [
        (diagnostics.errors(), "error"),
        (diagnostics.warnings(), "warning"),
    ];
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| counted(count, what))
        .collect();
    let is_told = diagnostics.errors() > 0 || !global.quiet;
    if is_told && !counts.is_empty() {
        text.push_str(&format!(
            "{}; `allclear explain CODE` says more of each\n",
            counts.join(" and ")
        ));
    }
    tell(&text);
}

/// Adds the warnings that make sense only where a site is looked at as of the present.
fn warn_of_future(generated: &mut Generated, time: BuildTime) {
    if let (BuildTime::Clock(now), Some(site)) = (time, &generated.site) {
        generated
            .diagnostics
            .append(allclear::check::future_updates(site, now));
        generated.diagnostics.weigh(&site.settings.rules);
        generated.diagnostics.sort();
    }
}

/// A time in the site's zone, as its files write it; with its offset where the clocks go back and
/// the time alone would be ambiguous.
fn local(site: &Site, instant: Instant) -> String {
    let local = instant.with_timezone(&site.settings.time_zone);
    let plain = match instant.timestamp() % 60 {
        0 => local.format("%Y-%m-%d %H:%M").to_string(),
        _ => local.format("%Y-%m-%d %H:%M:%S").to_string(),
    };
    match allclear::time::parse(&plain, site.settings.time_zone) {
        Ok(_) => plain,
        Err(_) => format!("{plain} {}", local.format("%:z")),
    }
}

/// Refuses the id of a component that the site does not have.
fn known_component(site: &Site, id: &str) -> Result<(), Error> {
    let ids = || {
        site.components
            .iter()
            .map(|component| component.id.as_str())
    };
    if ids().any(|known| known == id) {
        return Ok(());
    }
    let hint = match id.contains([',', ':', ' ']) {
        true => Some("write `-c ID=STATUS`, once for each component".to_owned()),
        false => nearest_hint(id, ids()),
    };
    Err(bad_argument(
        format!("there is no component `{id}`"),
        hint.unwrap_or_default(),
    ))
}

/// Refuses a word that is no status that can be said.
fn known_status(word: &str) -> Result<(), Error> {
    match Status::parse(word) {
        Some(_) => Ok(()),
        None => Err(bad_argument(
            format!("`{word}` is no component status"),
            nearest_hint(word, Status::SAID.map(Status::as_str)).unwrap_or_default(),
        )),
    }
}

/// Refuses an argument.
fn bad_argument(message: impl Into<String>, hint: impl Into<String>) -> Error {
    Error::Argument {
        message: message.into(),
        hint: hint.into(),
    }
}

/// Writes a file that must not be there yet.
fn create_new(path: &camino::Utf8Path, text: &str) -> Result<(), Error> {
    let mut file = std::fs::File::create_new(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Error::Exists(path.to_owned()),
        _ => Error::io("write", path)(error),
    })?;
    file.write_all(text.as_bytes())
        .map_err(Error::io("write", path))
}

/// Replaces a file in one step, so that it is never half written.
fn replace(path: &camino::Utf8Path, text: &str) -> Result<(), Error> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_str().is_empty())
        .unwrap_or(camino::Utf8Path::new("."));
    let failed = || Error::io("write", path);
    let permissions = std::fs::metadata(path).map_err(failed())?.permissions();
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed())?;
    file.write_all(text.as_bytes()).map_err(failed())?;
    file.as_file()
        .set_permissions(permissions)
        .map_err(failed())?;
    file.persist(path).map_err(|error| failed()(error.error))?;
    Ok(())
}

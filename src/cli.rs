//! The command line: arguments, the environment, the clock, the terminal and exit codes.
//!
//! The library knows none of these. One file a command; a command's struct is its help.

use std::ffi::OsString;

use allclear::characters::line_for_terminal;
use allclear::diagnostic::Fault;
use clap::{CommandFactory as _, Parser, Subcommand};

use self::failure::{Failure, failed, report_failure};
use self::global::Global;
use self::outcome::Outcome;

#[cfg(not(feature = "agent"))]
mod absent;
#[cfg(feature = "agent")]
mod agent;
mod argument;
mod ask;
mod build;
mod check;
mod clock;
#[cfg(feature = "agent")]
mod collect;
mod completions;
mod docs;
mod evidence;
mod explain;
mod failure;
#[cfg(debug_assertions)]
mod fault;
mod global;
#[cfg(feature = "agent")]
mod guard;
#[cfg(feature = "agent")]
mod header;
mod hosting;
mod import;
mod init;
mod new;
mod news;
#[cfg(feature = "agent")]
mod notify;
mod outcome;
mod output_folder;
#[cfg(feature = "agent")]
mod places;
mod print;
#[cfg(feature = "agent")]
mod probe;
mod progress;
#[cfg(feature = "agent")]
mod publish;
#[cfg(feature = "agent")]
mod pull;
mod record;
mod schema;
#[cfg(feature = "serve")]
mod serve;
mod status;
mod theme;
mod typed_time;
mod update;
#[cfg(feature = "agent")]
mod verify;

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
3 from `status` when something is wrong with the service, and from `publish` and `verify` when what is live is newer.";

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::InitArgs),
    New(new::NewArgs),
    Update(update::UpdateArgs),
    Resolve(update::ResolveArgs),
    Check(check::CheckArgs),
    Build(build::BuildArgs),
    #[cfg(feature = "serve")]
    Serve(serve::ServeArgs),
    #[cfg(feature = "serve")]
    Watch(serve::WatchArgs),
    #[cfg(feature = "agent")]
    Agent(agent::AgentArgs),
    #[cfg(not(feature = "agent"))]
    Agent(absent::AbsentArgs),
    #[cfg(feature = "agent")]
    Collect(collect::CollectArgs),
    #[cfg(not(feature = "agent"))]
    Collect(absent::AbsentArgs),
    Record(record::RecordArgs),
    #[cfg(feature = "agent")]
    Probe(probe::ProbeArgs),
    #[cfg(not(feature = "agent"))]
    Probe(absent::AbsentArgs),
    #[cfg(feature = "agent")]
    Pull(pull::PullArgs),
    #[cfg(not(feature = "agent"))]
    Pull(absent::AbsentArgs),
    #[cfg(feature = "agent")]
    Publish(publish::PublishArgs),
    #[cfg(not(feature = "agent"))]
    Publish(absent::AbsentArgs),
    #[cfg(feature = "agent")]
    Verify(verify::VerifyArgs),
    #[cfg(not(feature = "agent"))]
    Verify(absent::AbsentArgs),
    #[cfg(feature = "agent")]
    Notify(notify::NotifyArgs),
    #[cfg(not(feature = "agent"))]
    Notify(absent::AbsentArgs),
    Evidence(evidence::EvidenceArgs),
    Status(status::StatusArgs),
    Explain(explain::ExplainArgs),
    Import(import::ImportArgs),
    Theme(theme::ThemeArgs),
    Hosting(hosting::HostingArgs),
    Schema(schema::SchemaArgs),
    Completions(completions::CompletionsArgs),
    Man(completions::ManArgs),
    Docs(docs::DocsArgs),
}

/// Runs the program with its arguments.
pub(crate) fn run(arguments: impl IntoIterator<Item = OsString>) -> Outcome {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let Arguments { global, command } = match Arguments::try_parse_from(&arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let is_help = !error.use_stderr();
            // Where even this cannot be printed, there is no other way to report it.
            let _ = harmless(error, &arguments).print();
            return match is_help {
                true => Outcome::Clean,
                false => Outcome::CouldNotRun,
            };
        }
    };
    global.choose_colors();
    #[cfg(debug_assertions)]
    if let Err(failure) = fault::prepare() {
        report_failure(&failure);
        return Outcome::CouldNotRun;
    }
    // It prints nothing: what happened is part of a report, with what to do.
    std::panic::set_hook(Box::new(|panic| Fault::note(panic.location())));
    let result = Fault::caught(|| run_command(command, &global));
    result
        .unwrap_or_else(|fault| Err(failed(&fault)))
        .unwrap_or_else(|failure| {
            report_failure(&failure);
            Outcome::CouldNotRun
        })
}

/// Runs a command.
fn run_command(command: Command, global: &Global) -> Result<Outcome, Failure> {
    match command {
        Command::Init(init) => init.run(global),
        Command::New(new) => new.run(global),
        Command::Check(check) => check.run(global),
        Command::Build(build) => build.run(global),
        #[cfg(feature = "serve")]
        Command::Serve(serve) => serve.run(global),
        #[cfg(feature = "serve")]
        Command::Watch(watch) => watch.run(global),
        #[cfg(feature = "agent")]
        Command::Agent(agent) => agent.run(global),
        #[cfg(not(feature = "agent"))]
        Command::Agent(absent) => absent.run("agent"),
        #[cfg(feature = "agent")]
        Command::Collect(collect) => collect.run(global),
        #[cfg(not(feature = "agent"))]
        Command::Collect(absent) => absent.run("collect"),
        Command::Record(record) => record.run(global),
        #[cfg(feature = "agent")]
        Command::Probe(probe) => probe.run(global),
        #[cfg(not(feature = "agent"))]
        Command::Probe(absent) => absent.run("probe"),
        #[cfg(feature = "agent")]
        Command::Pull(pull) => pull.run(global),
        #[cfg(not(feature = "agent"))]
        Command::Pull(absent) => absent.run("pull"),
        #[cfg(feature = "agent")]
        Command::Publish(publish) => publish.run(global),
        #[cfg(not(feature = "agent"))]
        Command::Publish(absent) => absent.run("publish"),
        #[cfg(feature = "agent")]
        Command::Verify(verify) => verify.run(global),
        #[cfg(not(feature = "agent"))]
        Command::Verify(absent) => absent.run("verify"),
        #[cfg(feature = "agent")]
        Command::Notify(notify) => notify.run(global),
        #[cfg(not(feature = "agent"))]
        Command::Notify(absent) => absent.run("notify"),
        Command::Evidence(evidence) => evidence.run(global),
        Command::Status(status) => status.run(global),
        Command::Explain(explain) => explain.run(),
        Command::Import(import) => import.run(global),
        Command::Theme(theme) => theme.run(global),
        Command::Hosting(hosting) => hosting.run(global),
        Command::Schema(schema) => schema.run(),
        Command::Completions(completions) => completions.run(Arguments::command()),
        Command::Man(man) => man.run(Arguments::command(), global),
        Command::Docs(docs) => docs.run(Arguments::command(), global),
        Command::Update(update) => update.run(global),
        Command::Resolve(resolve) => resolve.run(global),
    }
}

/// The same error with nothing of the arguments in it that a terminal would obey: it repeats some of them.
fn harmless(error: clap::Error, arguments: &[OsString]) -> clap::Error {
    let shown = arguments
        .iter()
        .map(|argument| line_for_terminal(&argument.to_string_lossy()));
    let again = Arguments::try_parse_from(shown);
    // Where they can be read now, they were no UTF-8, which an error says without them.
    again.err().unwrap_or(error)
}

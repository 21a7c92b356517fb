//! Commands, as clap knows them.

use std::fmt::Write as _;

use clap::{Arg, ArgAction, Command};

use super::markdown::{block, head, one_line, row, sentence};

/// The page of all commands.
pub(super) fn page(program: Command) -> String {
    let mut program = program.disable_help_subcommand(true);
    program.build();
    let after = help_after(&program);
    let (examples, exit_codes) = after.split_once("\n\nExit codes: ").unwrap_or((&after, ""));
    let mut text = format!(
        "# Commands\n\n{}\n\n`allclear help COMMAND` prints the same in a terminal, `allclear man DIR` writes manual pages, and \
         `allclear completions SHELL` prints a script that completes commands in a shell. What stands in `[ ]` may be left \
         out.\n\n",
        sentence(&about(&program))
    );
    text.push_str(&list(&program));
    let _ = write!(
        text,
        "\n{}\n",
        block("text", &dedented(without_heading(examples)))
    );
    text.push_str("## Options of every command\n\n");
    let everywhere: Vec<&Arg> = (program.get_arguments())
        .filter(|it| it.is_global_set())
        .collect();
    text.push_str(&options(&everywhere));
    let _ = write!(
        text,
        "\n`--help` explains a command (`-h` in short), `--version` prints the version.\n\n## Exit codes\n\n{}",
        exit_table(exit_codes)
    );
    text.push_str(TIMES);
    for command in shown(&program) {
        describe(command, 2, &mut text);
    }
    text
}

/// What no single option can say.
const TIMES: &str = "\n## Times\n\n\
    A time on the command line is in the site's zone: `10:30` (today), `yesterday 22:00`, `tomorrow 2am`, `now`, `-20m`, `20m \
    ago`, `in 2h`, or as in files. A length of time alone counts forwards: from now, for `--ends` from the beginning. Each \
    command that looks at the clock has `--now`, and takes another instant for the present.\n";

/// The commands below another that are not hidden.
fn shown(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|it| !it.is_hide_set())
}

/// A table of the commands below another.
fn list(command: &Command) -> String {
    let mut text = head(["command", "what it does"]);
    for below in shown(command) {
        let name = full_name(below);
        let anchor = name.replace(' ', "-");
        text.push_str(&row([
            &format!("[`{name}`](#{anchor})"),
            &sentence(&short_about(below)),
        ]));
    }
    text
}

/// `allclear new incident`.
fn full_name(command: &Command) -> String {
    command
        .get_bin_name()
        .unwrap_or_else(|| command.get_name())
        .to_owned()
}

fn short_about(command: &Command) -> String {
    command
        .get_about()
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// All that a command's help says at its beginning.
fn about(command: &Command) -> String {
    let long = command.get_long_about().map(ToString::to_string);
    long.unwrap_or_else(|| short_about(command))
}

/// The examples of a command, and its own exit codes.
fn help_after(command: &Command) -> String {
    command
        .get_after_help()
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// Examples without the line that says what they are.
fn without_heading(examples: &str) -> &str {
    let rest = examples
        .strip_prefix("Examples:\n")
        .or_else(|| examples.strip_prefix("Example:\n"));
    rest.unwrap_or(examples)
}

/// Lines without the blanks with which all of them begin.
fn dedented(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| line.strip_prefix("  ").unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}

/// `0 clean, 1 something is wrong, 2 ...` as a table; a part that begins with no number goes on with the one before.
fn exit_table(codes: &str) -> String {
    let mut rows: Vec<(String, String)> = Vec::new();
    for part in one_line(codes).trim_end_matches('.').split(", ") {
        match part.split_once(' ') {
            Some((code, meaning)) if code.parse::<u8>().is_ok() => {
                rows.push((code.to_owned(), meaning.to_owned()));
            }
            _ => {
                if let Some((_, meaning)) = rows.last_mut() {
                    let _ = write!(meaning, ", {part}");
                }
            }
        }
    }
    let mut text = head(["exit code", "meaning"]);
    for (code, meaning) in rows {
        text.push_str(&row([&code, &meaning]));
    }
    text
}

/// A command and those below it, under headings.
fn describe(command: &Command, level: usize, text: &mut String) {
    let name = full_name(command);
    let _ = write!(text, "\n{} {name}\n\n", "#".repeat(level));
    let mut paragraphs = about(command);
    if let Some((first, rest)) = paragraphs.split_once("\n\n") {
        paragraphs = format!("{}\n\n{rest}", sentence(first));
    } else {
        paragraphs = sentence(&paragraphs);
    }
    let _ = write!(text, "{paragraphs}\n\n");
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim();
    text.push_str(&block("text", usage));
    let arguments: Vec<&Arg> = (command.get_positionals())
        .filter(|it| !it.is_hide_set())
        .collect();
    if !arguments.is_empty() {
        let _ = write!(text, "\n{}", table("argument", &arguments));
    }
    let own: Vec<&Arg> = (command.get_opts())
        .chain(command.get_arguments().filter(|it| is_flag(it)))
        .filter(|it| !it.is_global_set() && !it.is_hide_set())
        .collect();
    if !own.is_empty() {
        let _ = write!(text, "\n{}", options(&own));
    }
    if shown(command).next().is_some() {
        let _ = write!(text, "\n{}", list(command));
    }
    let after = help_after(command);
    for part in after
        .replace("\nExit codes", "\n\nExit codes")
        .split("\n\n")
    {
        let _ = match part.split_once(':') {
            Some(("Example" | "Examples", _)) => {
                write!(
                    text,
                    "\n{}",
                    block("text", &dedented(without_heading(part)))
                )
            }
            Some((title, codes)) if title.starts_with("Exit codes") => {
                write!(text, "\n{title}:\n\n{}", exit_table(codes))
            }
            _ if part.trim().is_empty() => Ok(()),
            _ => write!(text, "\n{}\n", sentence(part)),
        };
    }
    for below in shown(command) {
        describe(below, level + 1, text);
    }
}

/// Whether it is an option without a value that is not clap's own.
fn is_flag(arg: &Arg) -> bool {
    let is_own = !matches!(
        arg.get_action(),
        ArgAction::Help | ArgAction::HelpShort | ArgAction::HelpLong | ArgAction::Version
    );
    is_own && !arg.is_positional() && !takes_value(arg)
}

fn takes_value(arg: &Arg) -> bool {
    arg.get_action().takes_values()
}

fn options(options: &[&Arg]) -> String {
    table("option", options)
}

/// A table of arguments or options.
fn table(kind: &str, arguments: &[&Arg]) -> String {
    let mut text = head([kind, "default", "meaning"]);
    for arg in arguments {
        text.push_str(&row([&spelled(arg), &default(arg), &meaning(arg)]));
    }
    text
}

/// How it is written on the command line.
fn spelled(arg: &Arg) -> String {
    let values = value_names(arg);
    if arg.is_positional() {
        return match arg.is_required_set() {
            true => format!("`{values}`"),
            false => format!("`[{values}]`"),
        };
    }
    let long = arg.get_long().map(|long| format!("--{long}"));
    let short = arg.get_short().map(|short| format!("-{short}"));
    let names: Vec<String> = short.into_iter().chain(long).collect();
    let value = match takes_value(arg) {
        true => format!(" {values}"),
        false => String::new(),
    };
    format!("`{}{value}`", names.join(", "))
}

fn value_names(arg: &Arg) -> String {
    let names = arg.get_value_names().unwrap_or_default();
    let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
    let repeated = match arg.get_num_args() {
        Some(range) if range.max_values() > 1 => "...",
        _ => "",
    };
    match names.is_empty() {
        true => arg.get_id().as_str().to_uppercase() + repeated,
        false => names.join(" ") + repeated,
    }
}

/// The default value, or that it must be said.
fn default(arg: &Arg) -> String {
    let values = arg.get_default_values();
    if arg.is_required_set() {
        return "required".to_owned();
    }
    if values.is_empty() || !takes_value(arg) {
        return written_default(arg).unwrap_or_default();
    }
    let values: Vec<String> = values
        .iter()
        .map(|value| format!("`{}`", value.to_string_lossy()))
        .collect();
    values.join(", ")
}

/// The default that the help names in words: `[default: now]`.
fn written_default(arg: &Arg) -> Option<String> {
    let help = arg.get_help()?.to_string();
    let (_, rest) = help.split_once("[default: ")?;
    Some(rest.split_once(']')?.0.to_owned())
}

fn meaning(arg: &Arg) -> String {
    let help = arg.get_long_help().or_else(|| arg.get_help());
    let help = help.map(ToString::to_string).unwrap_or_default();
    let mut help = match help.split_once(" [default: ") {
        Some((before, rest)) => match rest.split_once(']') {
            Some((_, after)) => format!("{before}{after}"),
            None => help,
        },
        None => help,
    };
    // The first line of a doc comment has no full stop.
    if let Some((first, rest)) = help.split_once("\n\n") {
        help = format!("{} {rest}", sentence(first));
    }
    let mut text = sentence(&help);
    let possible: Vec<String> = match takes_value(arg) {
        true => arg
            .get_possible_values()
            .iter()
            .filter(|it| !it.is_hide_set())
            .map(|value| match value.get_help() {
                Some(help) => format!("`{}` ({help})", value.get_name()),
                None => format!("`{}`", value.get_name()),
            })
            .collect(),
        false => Vec::new(),
    };
    if !possible.is_empty() {
        let _ = write!(text, " One of {}.", possible.join(", "));
    }
    if let Some(variable) = arg.get_env() {
        let _ = write!(
            text,
            " The environment variable `{}` says the same.",
            variable.to_string_lossy()
        );
    }
    text
}

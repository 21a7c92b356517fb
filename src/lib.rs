//! allclear turns what a team says (incident files) and what it knows (component states and other
//! evidence) into a static status page, and lets the page say "All systems operational" only while
//! evidence supports it.
//!
//! The whole site is a pure function of its files and one instant `now`: the same files and the same
//! `now` give the same bytes. [`generate::generate`] is that function; everything else is one of its
//! phases, or stands around it.
//!
//! ```text
//! files --source--> text --syntax, markdown--> site::read --> Site (validated) + every diagnostic
//! Site + now --status--> SiteStatus (what follows, each thing once)
//! Site + SiteStatus + theme --output--> outputs (in memory)
//! outputs --write--> disk: only what changed, whole files only
//! ```
//!
//! These are the rooms, in the order of that pipeline. A room uses only rooms that stand before it, and
//! inside of a room no file uses, however far around, a file that uses it. A test reads this table and
//! the code, and compares.
//!
//! | room | what | effects allowed |
//! | --- | --- | --- |
//! | `error` | the environment failed | none |
//! | `system` | what differs from one operating system to another | reads and writes, for those who may |
//! | `characters` | the characters that no output may hold | none |
//! | `diagnostic` | what is wrong with a site, where, and what to do: collected, never just the first | none |
//! | `time` | instants, days, intervals, windows and the rules by which those recur | none |
//! | `markdown` | Markdown as HTML, as plain text, and as an outline of updates | none |
//! | `locale` | languages, messages, and texts by language | none |
//! | `syntax` | TOML and YAML as values with places, and the reader that takes them apart | none |
//! | `source` | the only reader of a site's files, and of foreign documents | reads |
//! | `fetch` | requests and answers of HTTP, and the one client that sends them | sockets |
//! | `site` | what a site is; in `site::read` from files to a site, in `site::edit` from a change to new text | none |
//! | `status` | what follows from a site at an instant | none |
//! | `theme` | templates, assets and options | none |
//! | `output` | what is published: one file a format, and in `output::pages` one file a page | none |
//! | `check` | what readers would stumble over, contradictions, and rewritten history | none |
//! | `write` | the only writer: a plan, then whole files; and single files for a command | writes, and reads what it replaces |
//! | `import` | foreign exports as source text: one file a format | none |
//! | `generate` | the one function that joins them | none of its own |
//! | `probe` | looks at what probes ask about, and keeps what they saw | sockets, the clock as an argument |
//! | `publish` | a build is brought to where readers are | sockets, writes |
//! | `notify` | subscribers are told what is live; the clock is an argument | sockets, by `publish` the ledger |
//! | `agent` | the loop that follows, probes, builds and writes; the clock is an argument | runs git |
//! | `serve` | a server and a watcher | sockets, the file system's events |
//! | `collect` | takes readers' reports, and counts them into evidence; the clock is an argument | sockets |
//! | `cli`, `main` | in the binary, so that the library cannot use them | arguments, environment, clock, terminal, exit |
//!
//! What is absent on purpose: no room below `cli` reads the clock, the environment or the terminal;
//! nothing but `source` reads a site and nothing but `write` writes one, not even `cli` (`clippy.toml` sees
//! to that; `write` reads again, under its lock, the one file that it changes); no template sees the model, only the plain structs of [`output::pages::view`].

pub mod error;

pub mod system;

pub mod characters;

pub mod diagnostic;

pub mod time;

pub mod markdown;

pub mod locale;

pub mod syntax;

pub mod source;

pub mod fetch;

pub mod site;

pub mod status;

pub mod theme;

pub mod output;

pub mod check;

pub mod write;

pub mod import;

pub mod generate;

#[cfg(feature = "agent")]
pub mod probe;

pub mod publish;

pub mod notify;

#[cfg(feature = "agent")]
pub mod agent;

#[cfg(feature = "serve")]
pub mod serve;

#[cfg(feature = "agent")]
pub mod collect;

//! allclear turns what a team says (incident files) and what it knows (component states and other
//! evidence) into a static status page, and lets the page say "All systems operational" only while
//! evidence supports it.
//!
//! The whole site is a pure function of its files and one instant `now`: the same files and the same
//! `now` give the same bytes. [`generate::generate`] is that function; everything else is one of its
//! phases, or stands around it.
//!
//! ```text
//! files --source--> text --front_matter, markdown--> config, components, incidents, evidence
//!                                                        \--> Site (validated) + every diagnostic
//! Site + now --recurrence, status, uptime, history--> SiteStatus
//! Site + SiteStatus + theme --render--> outputs (in memory)
//! outputs --write--> disk: only what changed, whole files only
//! ```
//!
//! What is absent on purpose: no module below `cli` reads the clock, the environment or the terminal;
//! nothing but `source` reads a site; nothing but `write` writes one; no template sees the model,
//! only the plain structs of [`render::view`].
//!
//! A module may use the rows above its own, and in its own row what stands before it; a test reads
//! this table and the code, and compares.
//!
//! | rank | modules | effects allowed |
//! | --- | --- | --- |
//! | 0 | `count`, `diagnostic`, `error`, `schema` | none |
//! | 1 | `tree`, `time`, `locale`, `text`, `route`, `config`, `source`, `front_matter`, `markdown` | `source` reads |
//! | 2 | `component`, `update`, `maintenance`, `evidence`, `incident`, `site` | none |
//! | 3 | `recurrence`, `calendar`, `interval`, `course`, `breach`, `status`, `uptime`, `history`, `delay`, `derived` | none |
//! | 4 | `theme`, `chart`, `output`, `render`, `feed`, `summary`, `check` | none |
//! | 5 | `write` | writes |
//! | 6 | `generate`, `import` | none of their own |
//! | 7 | `watch`, `serve` | the file system's events, sockets |
//! | 8 | `cli`, `main`: in the binary, so that the library cannot use them | arguments, environment, clock, terminal, exit |

pub mod check;
pub mod diagnostic;
pub mod error;
pub mod generate;
pub mod import;
pub mod locale;
pub mod markdown;
pub mod output;
#[cfg(feature = "serve")]
pub mod serve;
pub mod site;
pub mod source;
pub mod status;
pub mod syntax;
pub mod theme;
pub mod time;
pub mod write;

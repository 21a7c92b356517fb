//! `allclear check`.

use allclear::count::counted;
use allclear::diagnostic::Diagnostics;
use allclear::error::Error;
use allclear::generate::{Request, generate};
use clap::Args;

use super::clock::Now;
use super::{Global, Outcome, answer, progress, tell_all};

/// Find everything that is wrong with a site, without building it
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  allclear check\n  allclear check --strict       warnings are errors, as in CI"
)]
pub(crate) struct Check {
    #[command(flatten)]
    now: Now,
    /// Treat warnings as errors
    #[arg(long)]
    strict: bool,
}

impl Check {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Error> {
        let time = self.now.resolve()?;
        let request = Request::new(&global.site, time.instant());
        let mut generated = progress::during("checking", global, || generate(&request))?;
        super::warn_of_future(&mut generated, time);
        generated.diagnostics.refuse_contradictions();
        if self.strict {
            generated.diagnostics.make_strict();
        }
        tell_all(&generated.diagnostics, global);
        let outcome = outcome(&generated.diagnostics);
        if outcome == Outcome::Clean && !global.quiet {
            let site = generated.site.as_ref();
            let components = counted(site.map_or(0, |site| site.components.len()), "component");
            let incidents = counted(site.map_or(0, |site| site.incidents.len()), "incident");
            let verdict = if generated.diagnostics.is_empty() {
                "nothing to mend"
            } else {
                "no errors"
            };
            answer(&format!(
                "{components} and {incidents} checked: {verdict}\n"
            ));
        }
        Ok(outcome)
    }
}

/// How a run with these diagnostics ends.
pub(crate) fn outcome(diagnostics: &Diagnostics) -> Outcome {
    if diagnostics.errors() > 0 {
        Outcome::Findings
    } else {
        Outcome::Clean
    }
}

//! How a page is built.

use std::time::Duration;

use chrono::SubsecRound as _;

use super::new_page::{NewPage, Occasion};
use super::outside::Outside;
use super::plan::Reason;
use super::step::Step;
use super::why_not::why_not;
use super::{Agent, request, tell};
use crate::generate;
use crate::site::vocabulary::Word as _;
use crate::source::EVIDENCE;
use crate::status::SiteStatus;
use crate::time::{Instant, rfc3339};

impl Agent {
    /// Builds the page for the present instant, which is then on its way.
    pub(super) fn build(&mut self, reason: Reason, outside: &mut impl Outside) {
        self.plan.attempt();
        self.outrun_until = None;
        // Files say nothing of parts of seconds.
        let now = outside.now().trunc_subsecs(0);
        let request = request(&self.folder, self.base_url.clone(), now);
        let began = outside.elapsed();
        let generated = generate::generate(&request, &mut self.memory);
        let took = outside.elapsed() - began;
        self.took(Step::Build, took);
        let mut page = match generated {
            Ok(page) => page,
            Err(error) => return self.failed(Step::Build, &error.to_string(), outside),
        };
        let Some(site) = page.site.take().filter(|_| page.diagnostics.errors() == 0) else {
            let why = why_not(&page.diagnostics);
            self.failed(Step::Build, &why, outside);
            return self.warn_of_trouble(now, outside);
        };
        self.worked(Step::Build, outside);
        let status = SiteStatus::new(&site, now);
        let text = built(&status, reason, took);
        tell(Step::Build, text, outside);
        self.plan.built(&site, &status);
        self.adopt(site.clone());
        page.site = Some(site);
        if reason.is_of_people() {
            self.hurry();
        }
        // Whatever waits is told with this page.
        self.untold = None;
        self.offer(NewPage {
            generated: page,
            status,
            occasion: Occasion::Usual,
        });
    }

    /// Brings a page of what people wrote before their files were wrong, where evidence says that something does not work,
    /// or where the page that stands says so. So a slip of the pen hides no outage; but nothing good is said anew while it
    /// is not known what people want to say.
    fn warn_of_trouble(&mut self, now: Instant, outside: &mut impl Outside) {
        let request = request(&self.folder, self.base_url.clone(), now);
        let generated = generate::generate_last_good(&request, &mut self.memory);
        let Some(mut page) = generated.ok().flatten() else {
            return;
        };
        let Some(site) = page.site.take() else { return };
        let status = SiteStatus::new(&site, now);
        let state = status.snapshot.headline.state;
        // What is left out of evidence may be what told of trouble.
        let is_whole = !page
            .diagnostics
            .iter()
            .any(|it| it.location.path().starts_with(EVIDENCE));
        let is_told = state.is_trouble() || is_whole && self.plan.says_trouble();
        if !is_told {
            return;
        }
        let text = format!("{}, by files as they were before", state.as_str());
        tell(Step::Build, text, outside);
        self.plan.built(&site, &status);
        page.site = Some(site);
        self.offer(NewPage {
            generated: page,
            status,
            occasion: Occasion::Trouble,
        });
    }
}

/// What is said of a page that was built.
fn built(status: &SiteStatus, reason: Reason, took: Duration) -> String {
    let headline = &status.snapshot.headline;
    let until = headline.valid_until.map(rfc3339);
    let until = until.map_or_else(String::new, |until| format!(" until {until}"));
    format!(
        "{}{until} ({}, {} ms)",
        headline.state.as_str(),
        reason.words(),
        took.as_millis()
    )
}

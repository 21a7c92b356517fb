//! A page: how it is built, how it reaches its readers, and who is told of it.

use std::time::Duration;

use chrono::SubsecRound as _;

use super::outside::{Outside, Told};
use super::plan::Reason;
use super::step::Step;
use super::{Agent, request, tell};
use crate::diagnostic::{Diagnostics, Severity};
use crate::generate::{self, Generated};
use crate::locale::english::counted;
use crate::site::vocabulary::Word as _;
use crate::source::EVIDENCE;
use crate::status::SiteStatus;
use crate::time::{Instant, rfc3339};

impl Agent {
    /// Builds the page for the present instant, and brings it to its place.
    pub(super) fn build(&mut self, reason: Reason, outside: &mut impl Outside) {
        self.plan.attempt();
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
        page.site = Some(site);
        tell(Step::Build, text, outside);
        if !self.bring(&mut page, &status, outside) {
            return;
        }
        match self.is_telling {
            // It is told of this page, too, once it has ended.
            true => self.has_more_to_tell = true,
            false => self.is_telling = outside.notify(&page, &status),
        }
        if let Some(site) = page.site {
            self.plan.built(&site, &status);
            self.adopt(site);
        }
    }

    /// Notes what came of telling subscribers, which [`Outside::wait`] has brought.
    pub(super) fn told(&mut self, told: Told, outside: &mut impl Outside) {
        let Told {
            text,
            failure,
            next,
            took,
        } = told;
        self.is_telling = false;
        self.untold = match std::mem::take(&mut self.has_more_to_tell) {
            true => Some(outside.now()),
            false => next,
        };
        self.took(Step::Notify, took);
        if let Some(text) = text {
            tell(Step::Notify, text, outside);
        }
        match failure {
            Some(why) => self.failed(Step::Notify, &why, outside),
            None => self.worked(Step::Notify, outside),
        }
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
        page.site = Some(site);
        let text = format!("{}, by files as they were before", state.as_str());
        tell(Step::Build, text, outside);
        if self.bring(&mut page, &status, outside)
            && let Some(site) = page.site
        {
            self.plan.built(&site, &status);
        }
    }

    /// Brings a page to its place; whether it has reached it.
    fn bring(
        &mut self,
        page: &mut Generated,
        status: &SiteStatus,
        outside: &mut impl Outside,
    ) -> bool {
        let mut has_failed = false;
        for step in Step::WITH_PAGE {
            let began = outside.elapsed();
            let brought = outside.bring(*step, page);
            match brought {
                Ok(None) => continue,
                Ok(Some(text)) => {
                    self.worked(*step, outside);
                    tell(*step, text, outside);
                }
                Err(why) => {
                    self.failed(*step, &why, outside);
                    has_failed = true;
                }
            }
            self.took(*step, outside.elapsed() - began);
        }
        if has_failed {
            return false;
        }
        self.report.pages += 1;
        if let Some(site) = &page.site {
            let components = site.components.iter().zip(&status.snapshot.components);
            let statuses = components.map(|(it, now)| (it.id.clone(), now.status));
            self.report.components = statuses.collect();
        }
        self.report.built = Some(status.now());
        self.report.valid_until = status.snapshot.headline.valid_until;
        true
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

/// Why there is no page: the first error, and how many more there are.
fn why_not(diagnostics: &Diagnostics) -> String {
    let mut errors = diagnostics
        .iter()
        .filter(|it| it.severity == Severity::Error);
    let Some(first) = errors.next() else {
        return "the site cannot be read".to_owned();
    };
    let place = first.location.place().map(|place| place.line_column());
    let place = place.map_or_else(String::new, |(line, _)| format!(":{line}"));
    let more = match errors.count() {
        0 => String::new(),
        more => format!(", and {}", counted(more, "more error")),
    };
    format!("{}{place}: {}{more}", first.location.path(), first.message)
}

//! The agent: one process that follows a branch, asks what works, and builds the page as often as its word expires.
//!
//! Each round looks what is due now, takes the steps that are, and says when the next one will be. What is due follows
//! from plain values ([`Schedule`], [`Plan`], [`PageWord`]); everything that is outside, the clock too, is behind
//! [`Outside`].
//!
//! A page is built where it would say something else than the last one: a file has changed, evidence says something new,
//! an instant has come at which something changes by itself; and where half of the time is over for which its word holds,
//! if evidence lets it hold for longer. A page is always built for the present instant, so that none is renewed that
//! evidence does not carry. Where one cannot be built, the last one stays, and withdraws its word by itself;
//! but an outage is shown, by what people had written before. A page that was built goes to its folder and to the places
//! where readers are, each by itself, while the next round begins.

use std::sync::Arc;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use chrono::{SubsecRound as _, TimeDelta};

use self::changes::{Changed, Seen};
use self::places::Places;
use self::plan::{Hindrance, Reason};
use self::said::{Said, word};
use crate::diagnostic::Diagnostics;
use crate::generate::{self, Memory, Request};
use crate::site::config::{AgentSettings, Follow};
use crate::site::probe::ProbeIndex;
use crate::site::read::AsOf;
use crate::site::vocabulary::Word as _;
use crate::site::{BaseUrl, Site};
use crate::time::{Instant, rfc3339};

pub use self::follow::{Followed, follow};
pub use self::hindered::Hindered;
pub use self::new_page::{NewPage, Occasion};
pub use self::outside::{Line, Look, Outside, PublishEnd, Published, Told, Wake};
pub use self::plan::Plan;
pub use self::report::{OPEN_METRICS, PlaceReport, Report, StepReport};
pub use self::schedule::{Schedule, Turn};
pub use self::step::{Standing, Step};
pub use self::why_not::why_not;
pub use self::word::PageWord;

mod bring;
mod changes;
mod follow;
mod hindered;
mod new_page;
mod outside;
mod page;
mod places;
pub mod plan;
mod report;
mod said;
mod schedule;
mod step;
mod why_not;
mod word;

/// How often the files of the site are looked at.
const TICK: TimeDelta = TimeDelta::seconds(5);

/// The least pause between two rounds.
const LEAST_PAUSE: TimeDelta = TimeDelta::milliseconds(20);

/// How often a single round builds a page where somebody else's was newer.
const MOST_OUTRUN: usize = 3;

/// An agent of a site.
#[derive(Debug)]
pub struct Agent {
    folder: Utf8PathBuf,
    base_url: Option<BaseUrl>,
    memory: Memory,
    /// The site as it was last without errors.
    site: Option<Arc<Site>>,
    settings: AgentSettings,
    schedule: Schedule,
    following: Turn,
    /// What the files were like when they were last looked at.
    seen: Option<Seen>,
    /// Whether evidence was kept since: times of files are too coarse to tell.
    has_kept: bool,
    /// The newest page, where it is not in its folder yet.
    unwritten: Option<Arc<NewPage>>,
    /// The instant of the page in the folder.
    written: Option<Instant>,
    places: Places,
    /// Until when somebody else's page is newer than one of one's own.
    outrun_until: Option<Instant>,
    /// The newest page that has reached its readers, where they were not told of it yet.
    to_tell: Option<Arc<NewPage>>,
    /// When what waits may be told to subscribers.
    untold: Option<Instant>,
    /// Whether subscribers are being told.
    is_telling: bool,
    plan: Plan,
    said: Said,
    report: Report,
}

impl Agent {
    /// An agent of the site in a folder, whose page is published at its own address where no other one is given.
    pub fn new(folder: &Utf8Path, base_url: Option<BaseUrl>) -> Self {
        let settings = AgentSettings::default();
        Self {
            folder: folder.to_owned(),
            base_url,
            memory: Memory::default(),
            site: None,
            schedule: Schedule::default(),
            following: Turn::new(settings.every),
            settings,
            seen: None,
            has_kept: false,
            unwritten: None,
            written: None,
            places: Places::default(),
            outrun_until: None,
            to_tell: None,
            untold: None,
            is_telling: false,
            plan: Plan::default(),
            said: Said::default(),
            report: Report::default(),
        }
    }

    /// Works until somebody wants it to end.
    pub fn run(&mut self, outside: &mut impl Outside) {
        loop {
            let mut next = self.round(outside);
            // Whatever has come in by then is looked at in one round.
            loop {
                match outside.wait(next) {
                    Wake::Time => break,
                    Wake::Stop => return self.finish(outside),
                    wake => self.woke(wake, outside),
                }
                next = outside.now();
            }
        }
    }

    /// Takes every step once; how it does then says what failed.
    pub fn once(&mut self, outside: &mut impl Outside) -> &Report {
        self.prepare(outside);
        while self.schedule.is_asking() {
            if !self.wait_a_tick(outside) {
                return &self.report;
            }
        }
        for _ in 0..MOST_OUTRUN {
            self.build(Reason::First, outside);
            self.hand_on(outside);
            while self.is_bringing() || self.outrun_until.is_some_and(|it| it > outside.now()) {
                if !self.wait_a_tick(outside) {
                    self.finish(outside);
                    return &self.report;
                }
                self.hand_on(outside);
            }
            if self.outrun_until.is_none() {
                break;
            }
        }
        self.end_round(outside);
        &self.report
    }

    /// Waits for what comes in; whether the agent is to go on.
    fn wait_a_tick(&mut self, outside: &mut impl Outside) -> bool {
        let tick = outside.now() + TICK;
        let until = self.outrun_until.map_or(tick, |it| it.min(tick));
        match outside.wait(until) {
            Wake::Stop => return false,
            wake => self.woke(wake, outside),
        }
        true
    }

    /// Notes what has come in.
    pub fn woke(&mut self, wake: Wake, outside: &mut impl Outside) {
        match wake {
            Wake::Time | Wake::Stop => {}
            Wake::Looked(look) => self.answered(look, outside),
            Wake::Published(published) => self.published(published, outside),
            Wake::Told(told) => self.told(told, outside),
        }
    }

    /// Waits for the end of what is under way, and begins nothing; no probe is waited for.
    fn finish(&mut self, outside: &mut impl Outside) {
        while self.is_bringing() {
            match outside.wait(outside.now() + TICK) {
                Wake::Stop => return,
                Wake::Looked(_) => {}
                wake => self.woke(wake, outside),
            }
        }
    }

    /// One round; returns when the next one is due.
    pub fn round(&mut self, outside: &mut impl Outside) -> Instant {
        self.prepare(outside);
        self.see(outside);
        let now = outside.now();
        let hindrance = self.hindrance(now);
        let reason = self.plan.reason(now, hindrance);
        let has_come = |at: Option<Instant>| at.is_some_and(|at| at <= now);
        let is_untold = hindrance.next_try.is_none() && has_come(self.next_telling(now));
        let reason = reason
            .or(has_come(self.outrun_until).then_some(Reason::Again))
            .or(is_untold.then_some(Reason::Untold));
        if let Some(reason) = reason {
            self.build(reason, outside);
        }
        self.hand_on(outside);
        self.end_round(outside);
        self.next(outside.now())
    }

    /// How it does.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// When something will be due.
    fn next(&self, now: Instant) -> Instant {
        let times = [
            self.next_following(now),
            self.schedule.next(now),
            self.plan.next(self.hindrance(now)),
            self.next_telling(now),
            self.next_bringing(now),
        ];
        let next = times.into_iter().flatten().min();
        let (first, last) = (now + LEAST_PAUSE, now + TICK);
        next.map_or(last, |next| next.clamp(first, last))
    }

    fn next_following(&self, now: Instant) -> Option<Instant> {
        if self.settings.follow == Follow::Nothing {
            return None;
        }
        let standing = self.report.steps.get(&Step::Follow).map(|it| &it.standing);
        let next_try = standing.and_then(|standing| standing.next_try(now));
        Some(next_try.unwrap_or_else(|| self.following.next(now)))
    }

    /// When something is told that waits, or that could not be told.
    fn next_telling(&self, now: Instant) -> Option<Instant> {
        let standing = self.report.steps.get(&Step::Notify).map(|it| &it.standing);
        let next_try = standing.and_then(|standing| standing.next_try(now));
        let next = self.untold.or(next_try);
        next.filter(|_| !self.is_telling && !self.is_on_its_way())
    }

    fn hindrance(&self, now: Instant) -> Hindrance {
        let build = self.report.steps.get(&Step::Build);
        Hindrance {
            next_try: build.and_then(|it| it.standing.next_try(now)),
            is_asking: self.schedule.is_asking(),
        }
    }

    /// Takes the steps that come before the page.
    fn prepare(&mut self, outside: &mut impl Outside) {
        let now = outside.now();
        self.plan.begin(now);
        if self.seen.is_none() {
            self.seen = Some(Seen::look(&self.folder));
            self.reread(now);
        }
        if self.next_following(now).is_some_and(|next| next <= now) {
            self.follow(outside);
        }
        let Some(site) = &self.site else { return };
        let due = self.schedule.ask(outside.now());
        if !due.is_empty() {
            outside.look(site, due.into_iter().map(ProbeIndex).collect());
        }
    }

    fn end_round(&mut self, outside: &mut impl Outside) {
        self.report.rounds += 1;
        self.report.last_round = Some(outside.now());
        outside.show(&self.report);
    }

    fn follow(&mut self, outside: &mut impl Outside) {
        let (now, began) = (outside.now(), outside.elapsed());
        self.following.done(now);
        let followed = outside.follow(&self.settings.follow);
        self.took(Step::Follow, outside.elapsed() - began);
        match followed {
            Err(why) => self.failed(Step::Follow, &why, outside),
            Ok(None) => self.worked(Step::Follow, outside),
            Ok(Some(Followed { branch, commit })) => {
                self.worked(Step::Follow, outside);
                let short: String = commit.chars().take(10).collect();
                let text = format!("took over {branch} at {short}");
                tell(Step::Follow, text, outside);
                self.plan.want(Reason::Followed);
                self.reread(outside.now());
            }
        }
    }

    /// Keeps what probes saw, which [`Outside::wait`] has brought.
    pub fn answered(&mut self, look: Look, outside: &mut impl Outside) {
        let Look { site, probes, seen } = look;
        let probes: Vec<usize> = probes.into_iter().map(|it| it.0).collect();
        self.schedule.answered(&probes);
        let looked = match seen {
            Ok(looked) => looked,
            Err(why) => return self.failed(Step::Probe, &why, outside),
        };
        let longest = looked.iter().map(|it| it.took).max();
        self.took(Step::Probe, longest.unwrap_or_default());
        for reading in looked.iter().flat_map(|it| &it.readings) {
            *self.report.answers.entry(word(reading)).or_default() += 1;
        }
        self.said.note(&site, &looked);
        if self.said.has_news() || !self.schedule.is_asking() {
            tell(Step::Probe, self.said.line(), outside);
        }
        for looked in &looked {
            if let Some(text) = self.report.hindered.note(&site, looked) {
                tell_of_problem(Step::Probe, text, outside);
            }
        }
        match outside.keep(&site, &looked) {
            Ok(kept) => {
                self.has_kept |= kept.observations > 0;
                self.worked(Step::Probe, outside);
            }
            Err(error) => self.failed(Step::Probe, &error.to_string(), outside),
        }
    }

    /// Looks whether files have changed, and what a page would say of new evidence.
    fn see(&mut self, outside: &mut impl Outside) {
        let seen = Seen::look(&self.folder);
        let changed = self
            .seen
            .as_ref()
            .map_or(Changed::Files, |it| seen.since(it));
        self.seen = Some(seen);
        let has_kept = std::mem::take(&mut self.has_kept);
        match changed {
            Changed::Nothing if !has_kept => {}
            Changed::Files => self.plan.want(Reason::Files),
            Changed::Evidence | Changed::Nothing => {
                let can_be_read = self.reread(outside.now());
                let is_late = self.hindrance(outside.now()).next_try.is_some();
                if !can_be_read || is_late {
                    // The page will say what is wrong, or that nothing is any more.
                    self.plan.want(Reason::Files);
                }
            }
        }
    }

    /// Reads the site again, and what a page of it would say; whether it could be read.
    fn reread(&mut self, now: Instant) -> bool {
        let now = now.trunc_subsecs(0);
        let request = request(&self.folder, None, now);
        let site = generate::reread(&request, &mut self.memory).ok().flatten();
        let Some(site) = site else {
            if self.site.is_none() {
                self.adopt_probes();
            }
            return false;
        };
        self.plan.compare(PageWord::at(&site, now));
        self.adopt(site);
        true
    }

    /// Takes over the probes of a site of which something else cannot be read: what they see is kept all the same.
    fn adopt_probes(&mut self) {
        let mut found = Diagnostics::new();
        let site = generate::read_config(&self.folder, &mut found);
        if let Some(site) = site.ok().flatten().filter(|_| found.errors() == 0) {
            self.adopt(site);
        }
    }

    fn adopt(&mut self, site: Site) {
        self.schedule.adopt(&site.probes);
        self.report.hindered.keep_those_of(&site);
        self.settings = site.settings.agent.clone();
        self.following = self.following.every(self.settings.every);
        self.site = Some(Arc::new(site));
    }

    fn took(&mut self, step: Step, took: Duration) {
        self.report.steps.entry(step).or_default().took += took;
    }

    fn failed(&mut self, step: Step, why: &str, outside: &mut impl Outside) {
        let now = outside.now();
        let report = self.report.steps.entry(step).or_default();
        report.failures += 1;
        if report.standing.failed(now, why) {
            let stays = match step {
                Step::Build => self.report.built.or(self.written),
                Step::Write => self.written,
                Step::Follow | Step::Probe | Step::Publish | Step::Notify => None,
            };
            let what = match stays {
                Some(built) => format!("{why}; the page of {} stays", rfc3339(built)),
                None => why.to_owned(),
            };
            tell_of_problem(step, what, outside);
        }
    }

    fn worked(&mut self, step: Step, outside: &mut impl Outside) {
        let report = self.report.steps.entry(step).or_default();
        if report.standing.worked() {
            tell(step, "it works again".to_owned(), outside);
        }
    }
}

fn tell(step: Step, text: String, outside: &mut impl Outside) {
    outside.tell(&Line {
        at: outside.now(),
        about: step.as_str(),
        text,
        is_problem: false,
    });
}

fn tell_of_problem(step: Step, text: String, outside: &mut impl Outside) {
    outside.tell(&Line {
        at: outside.now(),
        about: step.as_str(),
        text,
        is_problem: true,
    });
}

/// The request for the page of a site as it is now.
fn request(folder: &Utf8Path, base_url: Option<BaseUrl>, now: Instant) -> Request<'_> {
    Request {
        base_url,
        as_of: AsOf::Present(now),
        ..Request::new(folder, now)
    }
}

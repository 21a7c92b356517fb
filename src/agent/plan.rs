//! When the page is to be built, and why.

use chrono::TimeDelta;

use super::word::PageWord;
use crate::site::Site;
use crate::status::SiteStatus;
use crate::time::Instant;

/// How long the first page waits for the first answers of probes.
const FIRST_ANSWERS: TimeDelta = TimeDelta::seconds(15);

/// The longest time between two pages: bars of days, charts and times move on.
const LONGEST: TimeDelta = TimeDelta::minutes(15);

/// The plan for the next page.
#[derive(Debug, Default)]
pub struct Plan {
    /// Why one is to be built, where that does not follow from the last one.
    wanted: Option<Reason>,
    /// The last one, which is on its way to wherever it belongs, or there.
    page: Option<Page>,
    /// What a page would say of the evidence that came since.
    fresh: Option<PageWord>,
    /// When the agent began.
    began: Option<Instant>,
}

/// A page that was built.
#[derive(Debug)]
struct Page {
    built: Instant,
    word: PageWord,
    /// When something changes by itself.
    next_change: Option<Instant>,
    /// When it is too old.
    too_old: Instant,
}

/// Why a page is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// There is none yet.
    First,
    /// Commits were taken over.
    Followed,
    /// Files have changed.
    Files,
    /// Evidence says something new.
    Evidence,
    /// An instant has come at which something changes by itself.
    Time,
    /// Evidence lets it hold for longer, and half of the time for which it holds is over.
    Renewal,
    /// It is old.
    Age,
    /// The last one failed.
    Again,
    /// Something was not told that it says.
    Untold,
}

/// What keeps a page from being built at once.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hindrance {
    /// The last one could not be built, and that is tried again then.
    pub next_try: Option<Instant>,
    /// Probes are asking.
    pub is_asking: bool,
}

impl Reason {
    /// Whether somebody has changed files, and so perhaps put right what was wrong.
    pub fn is_of_people(self) -> bool {
        matches!(self, Self::Followed | Self::Files)
    }

    /// The reason in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::First => "the first one",
            Self::Followed => "new commits",
            Self::Files => "files have changed",
            Self::Evidence => "evidence says something new",
            Self::Time => "its time has come",
            Self::Renewal => "evidence renews it",
            Self::Age => "the last one is old",
            Self::Again => "tried again",
            Self::Untold => "something is to be told",
        }
    }
}

impl Plan {
    /// Notes that the agent is at work.
    pub fn begin(&mut self, now: Instant) {
        self.began.get_or_insert(now);
    }

    /// Has a page built as soon as may be, for this reason unless there is one already.
    pub fn want(&mut self, reason: Reason) {
        self.wanted.get_or_insert(reason);
    }

    /// Notes what a page would say now.
    pub fn compare(&mut self, fresh: PageWord) {
        self.fresh = Some(fresh);
    }

    /// Notes that a page is being built.
    pub fn attempt(&mut self) {
        self.wanted = None;
    }

    /// Notes that the page of a site, by its status, was built.
    pub fn built(&mut self, site: &Site, status: &SiteStatus) {
        let built = status.now();
        let longest = site.settings.build.expected_every;
        self.fresh = None;
        self.page = Some(Page {
            built,
            word: PageWord::of(status),
            next_change: status.next_change(site),
            too_old: built + longest.unwrap_or(LONGEST).min(LONGEST),
        });
    }

    /// Whether the last page tells of trouble.
    pub fn says_trouble(&self) -> bool {
        let page = self.page.as_ref();
        page.is_some_and(|page| page.word.state().is_trouble())
    }

    /// Why a page is to be built now; `None` where the last one says all there is to say.
    pub fn reason(&self, now: Instant, hindrance: Hindrance) -> Option<Reason> {
        if let Some(next_try) = hindrance.next_try {
            let again = (next_try <= now).then_some(Reason::Again);
            return self.wanted.or(again);
        }
        let Some(page) = &self.page else {
            let is_early = self.began.is_some_and(|began| now < began + FIRST_ANSWERS);
            return (!hindrance.is_asking || !is_early).then_some(Reason::First);
        };
        if self.wanted.is_some() {
            return self.wanted;
        }
        let fresh = self.fresh.as_ref();
        let renewal = fresh.and_then(|fresh| page.word.renewal(page.built, fresh));
        let has_come = |at: Option<Instant>| at.is_some_and(|at| at <= now);
        // A clock that was set back has another time.
        if has_come(page.next_change) || now < page.built {
            Some(Reason::Time)
        } else if fresh.is_some_and(|fresh| !page.word.says_the_same(fresh)) {
            Some(Reason::Evidence)
        } else if has_come(renewal) {
            Some(Reason::Renewal)
        } else {
            (page.too_old <= now).then_some(Reason::Age)
        }
    }

    /// When there may be a reason to build a page, if nothing comes in before.
    pub fn next(&self, hindrance: Hindrance) -> Option<Instant> {
        if hindrance.next_try.is_some() {
            return hindrance.next_try;
        }
        let Some(page) = &self.page else {
            return self.began.map(|began| began + FIRST_ANSWERS);
        };
        let fresh = self.fresh.as_ref();
        let renewal = fresh.and_then(|fresh| page.word.renewal(page.built, fresh));
        let times = [page.next_change, Some(page.too_old), renewal];
        times.into_iter().flatten().min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::fixtures::{at, incident, maintenance, notice, saw, site, update};
    use crate::site::vocabulary::{State, Status};

    /// A site of which a probe said since nine that it works.
    fn working(until: &str) -> Site {
        let up = saw(0, Status::Operational, at("09:00"), at(until));
        site(1).observed("probe", &[up])
    }

    fn plan(site: &Site, now: &str) -> Plan {
        let mut plan = Plan::default();
        plan.begin(at(now));
        plan.built(site, &SiteStatus::new(site, at(now)));
        plan
    }

    fn reason(plan: &Plan, now: &str) -> Option<Reason> {
        plan.reason(at(now), Hindrance::default())
    }

    fn next(plan: &Plan) -> Option<Instant> {
        plan.next(Hindrance::default())
    }

    #[test]
    fn a_page_is_renewed_at_half_of_what_is_left() {
        let mut site = working("10:00");
        site.components[0].valid_for = TimeDelta::minutes(10);
        let mut plan = plan(&site, "10:00");
        assert_eq!(next(&plan), Some(at("10:10")));
        assert_eq!(reason(&plan, "10:01"), None);
        let mut newer = working("10:01");
        newer.components[0].valid_for = TimeDelta::minutes(10);
        plan.compare(PageWord::at(&newer, at("10:01")));
        assert_eq!(next(&plan), Some(at("10:05")));
        assert_eq!(reason(&plan, "10:04:59"), None);
        assert_eq!(reason(&plan, "10:05"), Some(Reason::Renewal));
        plan.built(&newer, &SiteStatus::new(&newer, at("10:05")));
        assert_eq!(reason(&plan, "10:05"), None);
        assert_eq!(next(&plan), Some(at("10:11")));
    }

    #[test]
    fn evidence_that_says_something_new_is_shown_at_once() {
        let mut plan = plan(&working("10:00"), "10:00");
        plan.compare(PageWord::at(&working("10:00:30"), at("10:01")));
        assert_eq!(reason(&plan, "10:01"), None);
        let down = saw(0, Status::MajorOutage, at("10:01"), at("10:01"));
        let down = site(1).observed("probe", &[down]);
        plan.compare(PageWord::at(&down, at("10:01")));
        assert_eq!(reason(&plan, "10:01"), Some(Reason::Evidence));
    }

    #[test]
    fn what_changes_by_itself_is_built_at_its_instant() {
        let window = maintenance(at("10:03"), at("10:08"), &[0], &[]);
        let site = working("10:00").with(window);
        let mut plan = plan(&site, "10:00");
        assert_eq!(next(&plan), Some(at("10:03")));
        assert_eq!(reason(&plan, "10:02:59"), None);
        assert_eq!(reason(&plan, "10:03"), Some(Reason::Time));
        // Better news come by themselves, too.
        plan.built(&site, &SiteStatus::new(&site, at("10:03")));
        assert_eq!(next(&plan), Some(at("10:08")));
        // An update that is dated ahead, the start of a notice, the end of an override.
        let ahead = update(State::Resolved, at("10:04"), &[]);
        let first = update(State::Investigating, at("09:59"), &[]);
        let dated = incident(at("09:59"), &[], &[first, ahead]);
        let notice = notice(at("10:06"), Some(at("10:07")));
        let site = working("10:00").with(dated).with(notice);
        for (now, expected) in [("10:00", "10:04"), ("10:04", "10:06"), ("10:06", "10:07")] {
            plan.built(&site, &SiteStatus::new(&site, at(now)));
            assert_eq!(next(&plan), Some(at(expected)), "{now}");
        }
    }

    #[test]
    fn a_page_is_never_older_than_a_quarter_of_an_hour_or_than_was_promised() {
        let mut site = site(1);
        let page = plan(&site, "10:00");
        assert_eq!(next(&page), Some(at("10:15")));
        assert_eq!(reason(&page, "10:14:59"), None);
        assert_eq!(reason(&page, "10:15"), Some(Reason::Age));
        site.settings.build.expected_every = Some(TimeDelta::minutes(4));
        assert_eq!(next(&plan(&site, "10:00")), Some(at("10:04")));
    }

    #[test]
    fn the_first_page_waits_for_the_first_answers_but_not_for_ever() {
        let mut plan = Plan::default();
        plan.begin(at("10:00"));
        let asking = Hindrance {
            is_asking: true,
            ..Hindrance::default()
        };
        assert_eq!(plan.reason(at("10:00:01"), asking), None);
        assert_eq!(plan.reason(at("10:00:15"), asking), Some(Reason::First));
        assert_eq!(reason(&plan, "10:00:01"), Some(Reason::First));
        assert_eq!(plan.next(asking), Some(at("10:00:15")));
    }

    #[test]
    fn what_failed_is_tried_again_when_files_change_or_the_pause_is_over() {
        let mut plan = plan(&working("10:00"), "10:00");
        let failing = Hindrance {
            next_try: Some(at("11:30")),
            ..Hindrance::default()
        };
        // Its word is over, and nobody can build another one.
        assert_eq!(plan.reason(at("11:29"), failing), None);
        assert_eq!(plan.next(failing), Some(at("11:30")));
        assert_eq!(plan.reason(at("11:30"), failing), Some(Reason::Again));
        plan.want(Reason::Files);
        plan.want(Reason::Followed);
        assert_eq!(plan.reason(at("11:29"), failing), Some(Reason::Files));
        plan.attempt();
        assert_eq!(plan.reason(at("11:29"), failing), None);
    }

    #[test]
    fn a_clock_that_was_set_back_asks_for_another_page() {
        let plan = plan(&working("10:00"), "10:00");
        assert_eq!(reason(&plan, "09:50"), Some(Reason::Time));
    }
}

//! How a page reaches its readers, and who is told of it.
//!
//! The folder and each place take the newest page by themselves: one that fails is tried again after a pause of its own, and
//! holds back no other. Only the first place goes ahead; the others are brought what it has, and subscribers are told of
//! that. Without places the folder is what readers see.

use std::sync::Arc;

use chrono::TimeDelta;

use super::new_page::{NewPage, Occasion};
use super::outside::{Outside, PublishEnd, Published, Told};
use super::step::{Standing, Step};
use super::{Agent, tell, tell_of_problem};
use crate::site::place::PlaceName;
use crate::time::{Instant, rfc3339};

impl Agent {
    /// Has a page brought to wherever it belongs.
    pub(super) fn offer(&mut self, page: NewPage) {
        let page = Arc::new(page);
        let names = page.places();
        self.places.adopt(names);
        self.report.places.retain(|name, _| names.contains(name));
        self.places.offer(&page);
        self.unwritten = Some(page);
    }

    /// Has what failed tried again at once, as somebody may have put right what was wrong.
    pub(super) fn hurry(&mut self) {
        for place in self.report.places.values_mut() {
            place.standing.hurry();
        }
        if let Some(write) = self.report.steps.get_mut(&Step::Write) {
            write.standing.hurry();
        }
    }

    /// Begins whatever waits and is due.
    pub(super) fn hand_on(&mut self, outside: &mut impl Outside) {
        self.write(outside);
        self.publish(outside);
        self.notify(outside);
    }

    /// When something that waits is to begin.
    pub(super) fn next_bringing(&self, now: Instant) -> Option<Instant> {
        let written = self.unwritten.as_ref().map(|_| self.next_write(now));
        let published = self.places.idle().map(|it| self.next_publish(it, now));
        let told = self.to_tell.as_ref().filter(|_| !self.is_telling);
        let all = published.chain(written).chain(told.map(|_| now));
        all.chain(self.outrun_until).min()
    }

    /// Whether a page is on its way to those who would be told of it, or one will soon be.
    pub(super) fn is_on_its_way(&self) -> bool {
        let is_under_way = match self.places.is_empty() {
            true => self.unwritten.is_some(),
            false => self.places.is_led(),
        };
        is_under_way || self.to_tell.is_some() || self.outrun_until.is_some()
    }

    /// Whether something is under way that [`Outside::wait`] brings the end of.
    pub(super) fn is_bringing(&self) -> bool {
        self.places.is_busy() || self.is_telling
    }

    fn next_write(&self, now: Instant) -> Instant {
        let write = self.report.steps.get(&Step::Write);
        next_try(write.map(|it| &it.standing), now)
    }

    fn next_publish(&self, place: &PlaceName, now: Instant) -> Instant {
        let place = self.report.places.get(place);
        next_try(place.map(|it| &it.standing), now)
    }

    fn write(&mut self, outside: &mut impl Outside) {
        let now = outside.now();
        if self.next_write(now) > now {
            return;
        }
        let Some(page) = self.unwritten.take() else {
            return;
        };
        let began = outside.elapsed();
        let written = outside.write(&page);
        self.took(Step::Write, outside.elapsed() - began);
        match written {
            Ok(text) => {
                self.worked(Step::Write, outside);
                tell(Step::Write, text, outside);
                self.written = Some(page.status.now());
                if self.places.is_empty() {
                    self.reached(page);
                }
            }
            Err(why) => {
                self.failed(Step::Write, &why, outside);
                self.unwritten = Some(page);
            }
        }
    }

    fn publish(&mut self, outside: &mut impl Outside) {
        let now = outside.now();
        let idle = self.places.idle();
        let due = idle.filter(|place| self.next_publish(place, now) <= now);
        let due: Vec<PlaceName> = due.cloned().collect();
        for name in due {
            if let Some(page) = self.places.begin(&name) {
                outside.publish(&name, &page);
                let report = self.report.places.entry(name).or_default();
                report.under_way_since = Some(now);
            }
        }
    }

    /// Notes how bringing a page to a place ended, which [`Outside::wait`] has brought.
    pub fn published(&mut self, published: Published, outside: &mut impl Outside) {
        let Published {
            place,
            page,
            end,
            took,
        } = published;
        let now = outside.now();
        self.took(Step::Publish, took);
        self.places.ended(&place);
        if !self.places.has(&place) {
            // The site has it no more.
            return;
        }
        let report = self.report.places.entry(place.clone()).or_default();
        report.under_way_since = None;
        match end {
            PublishEnd::Brought(text) => {
                report.built = Some(page.status.now());
                if report.standing.worked() {
                    tell(Step::Publish, format!("{place}: it works again"), outside);
                }
                tell(Step::Publish, format!("{place}: {text}"), outside);
                if self.places.is_first(&place) {
                    self.places.offer_to_others(&page);
                    self.reached(page);
                }
            }
            PublishEnd::Outrun(live) => {
                report.standing.worked();
                let text = format!("{place}: the page of {} is there already", rfc3339(live));
                tell(Step::Publish, text, outside);
                // From then on a page of one's own is newer.
                let next = (live + TimeDelta::seconds(1)).max(now + TimeDelta::seconds(1));
                self.outrun_until = Some(next);
            }
            PublishEnd::Failed(why) => {
                if report.standing.failed(now, &why) {
                    let stays = report.built.map_or_else(String::new, |built| {
                        format!("; the page of {} stays", rfc3339(built))
                    });
                    let text = format!("{place}: {why}{stays}");
                    tell_of_problem(Step::Publish, text, outside);
                }
                self.report.steps.entry(Step::Publish).or_default().failures += 1;
                self.places.again(&place, page);
            }
        }
    }

    /// Notes that a page has reached those who are told of it.
    fn reached(&mut self, page: Arc<NewPage>) {
        self.report.pages += 1;
        let (site, status) = (&page.generated.site, &page.status);
        if let Some(site) = site {
            let components = site.components.iter().zip(&status.snapshot.components);
            let statuses = components.map(|(it, now)| (it.id.clone(), now.status));
            self.report.components = statuses.collect();
        }
        self.report.built = Some(status.now());
        self.report.valid_until = status.snapshot.headline.valid_until;
        if page.occasion == Occasion::Usual {
            self.to_tell = Some(page);
        }
    }

    fn notify(&mut self, outside: &mut impl Outside) {
        if self.is_telling {
            return;
        }
        let Some(page) = self.to_tell.take() else {
            return;
        };
        self.is_telling = outside.notify(&page);
        if !self.is_telling {
            // There is nobody any more who could not be told.
            self.untold = None;
            if let Some(notify) = self.report.steps.get_mut(&Step::Notify) {
                notify.standing.worked();
            }
        }
    }

    /// Notes what came of telling subscribers, which [`Outside::wait`] has brought.
    pub fn told(&mut self, told: Told, outside: &mut impl Outside) {
        let Told {
            text,
            failure,
            next,
            took,
        } = told;
        self.is_telling = false;
        self.untold = next;
        self.took(Step::Notify, took);
        if let Some(text) = text {
            tell(Step::Notify, text, outside);
        }
        match failure {
            Some(why) => self.failed(Step::Notify, &why, outside),
            None => self.worked(Step::Notify, outside),
        }
    }
}

/// When a step may be taken that stands so.
fn next_try(standing: Option<&Standing>, now: Instant) -> Instant {
    standing.and_then(|it| it.next_try(now)).unwrap_or(now)
}

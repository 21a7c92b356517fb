//! The part of a post from which a course is computed.

use crate::site::post::{Kind, Post};
use crate::site::update::Update;
use crate::time::{Instant, Window};

/// The part of a post that speaks of one occurrence: all of it, unless it is a maintenance that repeats.
#[derive(Debug, Clone, Copy)]
pub struct Statement<'a> {
    /// The post.
    pub post: &'a Post,
    /// The window of this time; of a maintenance only, and its first one where it is `None`.
    pub window: Option<Window>,
    /// When it takes place the next time: by then this time is over, whatever was said.
    pub next: Option<Instant>,
    /// The updates that speak of this time, oldest first.
    pub updates: &'a [Update],
    /// The end that the file of an incident says apart from its updates, where that is known yet.
    pub ended: Option<Instant>,
}

impl<'a> Statement<'a> {
    /// The whole of a post, as if it took place once.
    pub fn whole(post: &'a Post) -> Self {
        Self {
            post,
            window: None,
            next: None,
            updates: &post.updates,
            ended: match &post.kind {
                Kind::Incident(incident) => incident.ended,
                Kind::Maintenance(_) | Kind::Notice(_) => None,
            },
        }
    }

    /// The part of it that is known at `now`: what is dated ahead is not published yet.
    pub fn known_at(self, now: Instant) -> Self {
        let published = self.updates.partition_point(|update| update.at <= now);
        Self {
            updates: &self.updates[..published],
            ended: self.ended.filter(|end| *end <= now),
            ..self
        }
    }
}

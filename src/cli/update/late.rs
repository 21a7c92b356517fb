//! What an update says of a maintenance whose window had closed by itself: that it overran.

use allclear::site::Site;
use allclear::site::post::{Kind, Post, PostIndex};
use allclear::status::SiteStatus;
use allclear::status::occurrence::Occurrence;
use allclear::time::{Instant, with_offset};

/// The note that the newest update makes a maintenance last longer, which the page had over at the end of its window.
pub(super) fn overrun(post: &Post, before: &Site, after: &Site, now: Instant) -> Option<String> {
    if !matches!(post.kind, Kind::Maintenance(_)) {
        return None;
    }
    let (had, has) = (SiteStatus::new(before, now), SiteStatus::new(after, now));
    let mut pairs = of(post, before, &had).iter().zip(of(post, after, &has));
    let ended = pairs.find_map(|(had, has)| {
        let announced = had.window?.ends();
        let was_over = had
            .course
            .end
            .filter(|end| *end == announced && *end <= now)?;
        let lasts = has.course.is_open || has.course.end.is_some_and(|end| was_over < end);
        lasts.then_some(announced)
    })?;
    let zone = after.settings.time_zone;
    let (ended, until) = (with_offset(ended, zone), with_offset(now, zone));
    let path = &post.place.file.path;
    Some(format!(
        "note: its window closed at {ended}, and this says that the work went on until {until}\n  \
         help: if it did not, take the update out of `{path}` again, or write the time at which the work ended\n\n"
    ))
}

/// The occurrences of a post in a site.
fn of<'a>(post: &Post, site: &Site, status: &'a SiteStatus) -> &'a [Occurrence] {
    let index = site.posts.iter().position(|it| it.slug == post.slug);
    index.map_or(&[], |index| status.of_post(PostIndex(index)))
}

//! A page on its way to its readers.

use crate::generate::Generated;
use crate::site::place::PlaceName;
use crate::status::SiteStatus;

/// A page that was built, and is to reach its readers.
#[derive(Debug)]
pub struct NewPage {
    /// Its files, and the site.
    pub generated: Generated,
    /// The status that it shows.
    pub status: SiteStatus,
    /// Why it was built.
    pub occasion: Occasion,
}

/// The occasion of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// The site is as it should be, and subscribers are told what is new.
    Usual,
    /// Its files are wrong, and trouble is shown by those that were there before; nobody is told of that.
    Trouble,
}

impl NewPage {
    /// The places where it is published, in order.
    pub fn places(&self) -> &[PlaceName] {
        let site = self.generated.site.as_ref();
        site.map_or(&[], |site| &site.settings.publish_to)
    }
}

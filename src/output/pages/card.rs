//! What other services show of a page where somebody shares its address: words, and a picture of the state at the build.
//!
//! The pictures are files of the theme. They have no words, so that one serves all languages, and none is published that
//! no page names: readers never load them.

use super::view::CardView;
use crate::output::Route;
use crate::site::BaseUrl;
use crate::theme::Theme;

/// The picture of a page that is about no state, and of what is over.
const NEUTRAL: &str = "share.png";

/// All pictures, as assets of the theme.
pub(super) const PICTURES: [&str; 6] = [
    NEUTRAL,
    "share-ok.png",
    "share-maintenance.png",
    "share-problem.png",
    "share-outage.png",
    "share-unknown.png",
];

/// The picture of a state by its icon, as an asset of the theme.
pub(super) fn picture(icon: &str) -> &'static str {
    match icon {
        "check" => "share-ok.png",
        "clock" => "share-maintenance.png",
        "eye" | "minus" | "triangle" => "share-problem.png",
        "cross" => "share-outage.png",
        "question" => "share-unknown.png",
        _ => NEUTRAL,
    }
}

/// The place of pictures: the theme that has them, and the address below which they are published.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gallery<'a> {
    pub(super) theme: &'a Theme,
    pub(super) base_url: &'a BaseUrl,
}

impl Gallery<'_> {
    /// The card of a page, with the picture of an icon; without one it is about no state.
    pub(super) fn card(self, title: &str, text: &str, icon: &str) -> CardView {
        let asset = self.theme.asset(picture(icon));
        CardView {
            title: title.to_owned(),
            text: text.to_owned(),
            picture: asset.map_or_else(String::new, |asset| {
                Route::file_of_site(asset.path.as_str()).on(self.base_url)
            }),
        }
    }
}

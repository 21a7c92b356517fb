//! How the agent brings a page to a place.

use allclear::agent::PublishEnd;
use allclear::fetch::Client;
use allclear::generate::Generated;
use allclear::locale::english::counted;
use allclear::publish::{Again, Failure as Refusal, Place, Publication, Tools};
use allclear::site::place::PlaceName;
use allclear::source;
use allclear::write::Copies;
use camino::Utf8Path;
use chrono::TimeDelta;

use crate::cli::failure::Failure;
use crate::cli::places::{
    cloud_variables, outputs_for, refuse_unsafe_place, refuse_vanished_posts,
};

/// How much newer a page may be that another agent of the same site publishes at the same time.
const AT_ONCE: TimeDelta = TimeDelta::minutes(1);

/// What is kept of a place from one page to the next.
#[derive(Debug, Default)]
pub(super) struct OpenPlace {
    /// The place, where it took the last page.
    place: Option<Place>,
    copies: Copies,
}

impl OpenPlace {
    /// Brings a page of the site in a folder there.
    pub(super) fn publish(
        &mut self,
        name: &PlaceName,
        folder: &Utf8Path,
        page: &Generated,
        client: &Client,
    ) -> PublishEnd {
        match self.bring(name, folder, page, client) {
            Ok(end) => end,
            Err(why) => PublishEnd::Failed(why),
        }
    }

    fn bring(
        &mut self,
        name: &PlaceName,
        folder: &Utf8Path,
        page: &Generated,
        client: &Client,
    ) -> Result<PublishEnd, String> {
        let in_words = |failure: Failure| failure.message();
        let place = match self.place.take() {
            Some(place) => place,
            None => {
                refuse_unsafe_place(folder, name).map_err(in_words)?;
                let tools = Tools {
                    client,
                    variables: &cloud_variables(name).map_err(in_words)?,
                };
                let place = Place::open(name, folder, &tools);
                place.map_err(|error| format!("it cannot be reached: {}", error.0))?
            }
        };
        refuse_vanished_posts(folder, name, &place).map_err(in_words)?;
        let published = place.publish(Publication {
            outputs: &outputs_for(name, folder, page, &mut self.copies),
            again: Again::Keep,
            is_behind: &|commit| source::is_behind(folder, commit),
            progress: &|_, _| {},
        });
        let end = match published {
            Ok(summary) => {
                let sent = counted(summary.sent, "file");
                PublishEnd::Brought(format!("{sent} sent, {} deleted", summary.deleted))
            }
            // Another agent was faster.
            Err(Refusal::Newer { live, build }) if live - build < AT_ONCE => {
                PublishEnd::Outrun(live)
            }
            // It is opened anew the next time: it may have new credentials by then.
            Err(refusal) => return Err(refusal.to_string()),
        };
        self.place = Some(place);
        Ok(end)
    }
}

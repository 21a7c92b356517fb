//! The collector as part of an agent: what the site asks for is taken over with each page.

use std::net::SocketAddr;
use std::sync::Arc;

use allclear::collect::{Collector, Settings};
use allclear::site::{BaseUrl, Site};
use allclear::system::signals;

use crate::cli::clock::present_moment;
use crate::cli::collect::{settings, start};
use crate::cli::failure::{Failure, bad_argument};
use crate::cli::global::Global;

/// A collector that goes on while the agent works.
#[derive(Debug)]
pub(super) struct Reports {
    collector: Arc<Collector>,
    base_url: Option<BaseUrl>,
}

impl Reports {
    /// Takes reports at an address. Where the site cannot be read, none are taken until it can.
    ///
    /// # Errors
    ///
    /// Where the site asks for no reports, or they cannot be taken.
    pub(super) fn start(
        global: &Global,
        address: SocketAddr,
        site: Option<&Site>,
        base_url: Option<&BaseUrl>,
    ) -> Result<Self, Failure> {
        let settings = match site {
            Some(site) => Some(settings(site, base_url)?),
            None => None,
        };
        let collector = start(global, address, settings, Box::new(present_moment))?;
        // A step that hangs must not cost what was counted.
        let stopped = Arc::clone(&collector);
        let listening = signals::on_end(move || {
            let _ = stopped.stop();
        });
        listening
            .map_err(|error| bad_argument(format!("cannot listen to signals: {error}"), ""))?;
        Ok(Self {
            collector,
            base_url: base_url.cloned(),
        })
    }

    /// Takes over what a site asks for.
    pub(super) fn adopt(&self, site: &Site) {
        let settings = Settings::of(site, self.base_url.as_ref());
        self.collector.adopt(settings);
    }
}

impl Drop for Reports {
    fn drop(&mut self) {
        // What went wrong was said.
        let _ = self.collector.stop();
    }
}

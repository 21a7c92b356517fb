//! A site that changes while its reports are taken.

use allclear::agent::why_not;
use allclear::collect::{Collector, Settings};
use allclear::diagnostic::Diagnostics;
use allclear::generate;
use allclear::site::BaseUrl;
use allclear::source::{self, CONFIG};
use camino::Utf8Path;

/// Whether the settings of a site have changed since they were taken over.
#[derive(Debug)]
pub(super) struct Changes<'a> {
    folder: &'a Utf8Path,
    base_url: Option<&'a BaseUrl>,
    /// The text of the settings when it was looked last; `None` where there was none that could be read.
    seen: Option<String>,
    /// The text that was taken over, or found to be wrong.
    taken: Option<String>,
    /// Whether it was found to be wrong.
    is_wrong: bool,
}

impl<'a> Changes<'a> {
    /// The changes of a site in a folder from now on, which is published at another address than its own where one is given.
    pub(super) fn of(folder: &'a Utf8Path, base_url: Option<&'a BaseUrl>) -> Self {
        let text = text(folder);
        Self {
            folder,
            base_url,
            seen: text.clone(),
            taken: text,
            is_wrong: false,
        }
    }

    /// Looks again, and has a collector take over what has changed. What is wrong changes nothing, and is said.
    pub(super) fn look(&mut self, collector: &Collector, say: impl Fn(&str)) {
        let text = text(self.folder);
        // An editor may not have written all of it: it has to be the same twice.
        if text != self.seen {
            self.seen = text;
            return;
        }
        if self.seen == self.taken {
            return;
        }
        self.taken.clone_from(&self.seen);
        match self.read() {
            Ok(settings) => {
                if std::mem::replace(&mut self.is_wrong, false) {
                    say(&format!("{CONFIG} can be read again"));
                }
                match &settings {
                    None => say(&format!(
                        "{CONFIG} has no `[reports]` any more: none are taken"
                    )),
                    Some(settings) => settings.problem().iter().for_each(|it| say(it)),
                }
                collector.adopt(settings);
            }
            Err(why) => {
                self.is_wrong = true;
                say(&format!(
                    "{why}; reports are taken as before, until it can be read"
                ));
            }
        }
    }

    /// What the site asks for now.
    ///
    /// # Errors
    ///
    /// Why it cannot be read, in words.
    fn read(&self) -> Result<Option<Settings>, String> {
        let mut found = Diagnostics::new();
        let site = generate::read_config(self.folder, &mut found);
        let site = site.map_err(|error| error.to_string())?;
        let site = site.filter(|_| found.errors() == 0);
        let site = site.ok_or_else(|| why_not(&found))?;
        Ok(Settings::of(&site, self.base_url))
    }
}

/// The text of the settings of a site.
fn text(folder: &Utf8Path) -> Option<String> {
    source::read_text(folder, Utf8Path::new(CONFIG))
        .ok()
        .flatten()
}

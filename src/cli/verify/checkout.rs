//! What a site would change at a live page.

use std::collections::BTreeSet;

use allclear::generate::Generated;
use allclear::locale::english::counted;
use allclear::publish::verify::Listing;
use serde_json::{Value, json};

/// How many paths are named before the rest is only counted.
const NAMED: usize = 5;

/// What the site in the folder would publish, compared with what is live.
#[derive(Debug)]
pub(super) enum Checkout {
    /// Nothing: its files are wrong in so many places.
    Wrong(usize),
    /// The page of another site is live, at this address.
    OtherSite(String),
    /// What would change.
    Changes(Changes),
}

/// The files by which a build differs from what is live.
#[derive(Debug)]
pub(super) struct Changes {
    changed: BTreeSet<String>,
    new: BTreeSet<String>,
    gone: BTreeSet<String>,
    /// Whether what is live is later, so that it would stay.
    pub(super) is_refused: bool,
}

impl Checkout {
    pub(super) fn of(own: &Generated, live: &Listing) -> Self {
        let manifest = own
            .outputs
            .iter()
            .find(|it| it.path.as_str() == "build.json");
        let build = manifest.and_then(|it| serde_json::from_slice::<Listing>(&it.bytes).ok());
        let Some(build) = build else {
            return Self::Wrong(own.diagnostics.errors());
        };
        if build.base_url != live.base_url {
            return Self::OtherSite(live.base_url.clone());
        }
        let (mut changed, mut new) = (BTreeSet::new(), BTreeSet::new());
        for (path, file) in &build.files {
            match live.files.get(path) {
                Some(known) if known.sha256 == file.sha256 => {}
                Some(_) => drop(changed.insert(path.clone())),
                None => drop(new.insert(path.clone())),
            }
        }
        let gone = live
            .files
            .keys()
            .filter(|path| !build.files.contains_key(*path));
        Self::Changes(Changes {
            changed,
            new,
            gone: gone.cloned().collect(),
            // Both are instants in UTC, to the second.
            is_refused: live.now > build.now,
        })
    }

    pub(super) fn human(&self) -> String {
        match self {
            Self::Wrong(errors) => {
                format!(
                    "This site would publish nothing: `allclear check` finds {errors} errors.\n"
                )
            }
            Self::OtherSite(address) => {
                format!("This site is another one: what is live was built for {address}.\n")
            }
            Self::Changes(changes) => changes.human(),
        }
    }

    pub(super) fn json(&self) -> Value {
        match self {
            Self::Wrong(errors) => json!({ "errors": errors }),
            Self::OtherSite(address) => json!({ "other_site": address }),
            Self::Changes(it) => json!({
                "changed": it.changed,
                "new": it.new,
                "gone": it.gone,
                "refused": it.is_refused,
            }),
        }
    }
}

impl Changes {
    fn human(&self) -> String {
        if self.is_refused {
            return "This site would not be published: what is live is later than the present instant here.\n"
                .to_owned();
        }
        let counts = [
            (&self.changed, "change"),
            (&self.new, "add"),
            (&self.gone, "take away"),
        ];
        let parts = counts.iter().filter(|(paths, _)| !paths.is_empty());
        let parts = parts.map(|(paths, verb)| format!("{verb} {}", few(paths)));
        let parts: Vec<String> = parts.collect();
        match parts.is_empty() {
            true => "Publishing this site now would change nothing.\n".to_owned(),
            false => format!("Publishing this site now would {}.\n", parts.join("; ")),
        }
    }
}

/// How many paths there are, and the first of them.
pub(super) fn few(paths: &BTreeSet<String>) -> String {
    let named: Vec<&str> = paths.iter().take(NAMED).map(String::as_str).collect();
    let rest = match paths.len() > NAMED {
        true => ", …",
        false => "",
    };
    let count = counted(paths.len(), "file");
    format!("{count} ({}{rest})", named.join(", "))
}

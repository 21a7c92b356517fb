//! What is to be done to make a build the live one.

use std::collections::BTreeSet;

use super::live::Live;

/// The work of a publication.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// The paths that the live build does not have, in the order of [`stage`].
    pub(super) create: Vec<String>,
    /// The paths of which the content differs, or is not known.
    pub(super) replace: Vec<String>,
    /// Those of `replace` that may be there, though the live build does not have them.
    pub(super) may_be_there: Vec<String>,
    /// Those of `replace` that need not be written where they are there as they are to be: whoever may still be at work on
    /// them writes the same.
    pub(super) keep: BTreeSet<String>,
    /// The paths that neither this build nor the one before has.
    pub(super) delete: BTreeSet<String>,
    /// The paths of the build before that this one has no more.
    pub(super) former: BTreeSet<String>,
}

impl Plan {
    /// How many files are written.
    pub(super) fn writes(&self) -> usize {
        self.create.len() + self.replace.len()
    }

    /// Whether no file is written or deleted.
    pub(super) fn is_nothing(&self) -> bool {
        self.writes() == 0 && self.delete.is_empty()
    }
}

/// The work that makes `build` the live one where `live` is.
pub(super) fn plan(build: &Live, live: Option<&Live>) -> Plan {
    let mut plan = Plan::default();
    let Some(live) = live else {
        plan.create = build.files.keys().cloned().collect();
        return plan;
    };
    let none = BTreeSet::new();
    let unsettled = live.unsettled.as_ref().unwrap_or(&none);
    let may_be_there = |path: &String| {
        [unsettled, &live.former, &live.announced]
            .iter()
            .any(|paths| paths.contains(path))
    };
    for (path, file) in &build.files {
        match live.files.get(path) {
            Some(known) if known == file && !unsettled.contains(path) => {}
            Some(known) => {
                plan.replace.push(path.clone());
                if known == file && !live.is_contested {
                    plan.keep.insert(path.clone());
                }
            }
            // It may be there all the same.
            None if may_be_there(path) => {
                plan.replace.push(path.clone());
                plan.may_be_there.push(path.clone());
                if !unsettled.contains(path) && !live.former.contains(path) {
                    plan.keep.insert(path.clone());
                }
            }
            None => plan.create.push(path.clone()),
        }
    }
    let is_gone = |path: &&String| !build.files.contains_key(*path);
    plan.former = live.files.keys().filter(is_gone).cloned().collect();
    let older = live.former.iter().chain(unsettled).filter(is_gone);
    let older = older.filter(|path| !plan.former.contains(*path));
    let older: BTreeSet<String> = older.cloned().collect();
    // The build before a claim that was never finished may still be what readers have.
    match live.unsettled {
        Some(_) => plan.former.extend(older),
        None => plan.delete = older,
    }
    // Nothing ever linked to these.
    let announced = live.announced.iter().filter(is_gone);
    let announced = announced.filter(|path| !plan.former.contains(*path));
    plan.delete.extend(announced.cloned());
    plan
}

/// The stage in which a path is written: what others need comes first, and the index last.
pub(super) fn stage(path: &str) -> usize {
    let is_page = path.ends_with("index.html") || path.ends_with("index.md");
    let depth = path.matches('/').count();
    match (is_page, depth) {
        _ if path.split('/').any(|part| part == "assets") => 0,
        (true, 2..) => 1,
        (false, _) => 2,
        // The pages that lead to all others, those of other languages among them.
        (true, 1) => 3,
        (true, _) => 4,
    }
}

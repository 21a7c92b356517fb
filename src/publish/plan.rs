//! What is to be done to make a build the live one.

use std::collections::BTreeSet;

use super::live::{Live, Remains};

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
    /// What remains of the publications before.
    pub(super) remains: Remains,
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
    plan.remains = Remains::new(build, live);
    let none = BTreeSet::new();
    let unsettled = live.unsettled.as_ref().unwrap_or(&none);
    for (path, file) in &build.files {
        let is_unsettled = unsettled.contains(path);
        let is_late = live.late.contains_key(path);
        let is_announced = live.announced.contains(path);
        match live.files.get(path) {
            Some(known) if known == file && !is_unsettled && !is_late => {}
            Some(known) => {
                plan.replace.push(path.clone());
                if known == file && !plan.remains.contested.contains(path) {
                    plan.keep.insert(path.clone());
                }
            }
            // It may be there all the same.
            None if is_unsettled || is_late || is_announced || live.former.contains(path) => {
                plan.replace.push(path.clone());
                plan.may_be_there.push(path.clone());
                if is_announced && !is_unsettled && !live.former.contains(path) {
                    plan.keep.insert(path.clone());
                }
            }
            None => plan.create.push(path.clone()),
        }
    }
    let is_gone = |path: &&String| !build.files.contains_key(*path);
    let former: BTreeSet<String> = live.files.keys().filter(is_gone).cloned().collect();
    let older = live.former.iter().chain(unsettled).filter(is_gone);
    let older = older.filter(|path| !former.contains(*path));
    let older: BTreeSet<String> = older.cloned().collect();
    plan.remains.former = former;
    // The build before a claim that was never finished may still be what readers have.
    match live.unsettled {
        Some(_) => plan.remains.former.extend(older),
        None => plan.delete = older,
    }
    // Nothing ever linked to what was announced, or to what somebody has written too late.
    let unlinked = live
        .announced
        .iter()
        .chain(live.late.keys())
        .filter(is_gone);
    let unlinked = unlinked.filter(|path| !plan.remains.former.contains(*path));
    plan.delete.extend(unlinked.cloned());
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

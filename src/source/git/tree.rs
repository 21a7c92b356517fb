//! The files of a site in the tree of a commit, those too that stand behind symbolic links.

use std::collections::BTreeMap;
use std::ops::Bound;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::program::{contents, failed, git};
use crate::error::Error;
use crate::source::files::{CONFIG, EVIDENCE, FileKind, INCIDENTS, kind_of};

/// The number of links that are followed one after the other, as systems have it.
const MOST_LINKS: usize = 40;

/// A file of a commit that the site reads.
#[derive(Debug)]
pub(super) struct File {
    /// Its path from the site's folder, by which the site knows it.
    pub path: Utf8PathBuf,
    /// The object with its content.
    pub object: String,
}

/// The entry of a tree at a path.
#[derive(Debug)]
enum Entry {
    /// A file, as an object.
    File(String),
    /// A link, as the path that it holds.
    Link(Utf8PathBuf),
    /// A repository of its own.
    Repository,
}

/// The entries of a commit by path from the site's folder.
struct Tree(BTreeMap<Utf8PathBuf, Entry>);

/// The files of a commit that the site in `folder` reads, by path.
pub(super) fn read(folder: &Utf8Path, commit: &str) -> Result<Vec<File>, Error> {
    let mut tree = Tree::list(folder, commit, &[CONFIG, INCIDENTS, EVIDENCE])?;
    if tree.0.values().any(|entry| matches!(entry, Entry::Link(_))) {
        tree = Tree::list(folder, commit, &[])?;
    }
    let mut files = BTreeMap::new();
    for top in [CONFIG, INCIDENTS, EVIDENCE] {
        let top = Utf8Path::new(top);
        tree.collect(top, top, &[], &mut files)?;
    }
    let files = files.into_iter();
    Ok(files.map(|(path, object)| File { path, object }).collect())
}

impl Tree {
    /// The entries at or below paths, or all of them where there is no path.
    fn list(folder: &Utf8Path, commit: &str, paths: &[&str]) -> Result<Self, Error> {
        let listing = ["ls-tree", "-r", "-z", commit, "--"];
        let listed = git(folder, &[&listing, paths].concat())?;
        if !listed.status.success() {
            return Err(failed(&listed));
        }
        let listed = String::from_utf8_lossy(&listed.stdout);
        let mut entries = BTreeMap::new();
        let mut links = Vec::new();
        for line in listed.split('\0') {
            let Some((about, path)) = line.split_once('\t') else {
                continue;
            };
            let mut about = about.split(' ');
            let (mode, _, object) = (about.next(), about.next(), about.next());
            let (Some(mode), Some(object)) = (mode, object) else {
                continue;
            };
            let path = Utf8PathBuf::from(path);
            match mode {
                "120000" => links.push(File {
                    path,
                    object: object.to_owned(),
                }),
                "160000" => drop(entries.insert(path, Entry::Repository)),
                _ => drop(entries.insert(path, Entry::File(object.to_owned()))),
            }
        }
        let targets = contents(folder, links.iter().map(|link| link.object.as_str()))?;
        for (link, target) in links.into_iter().zip(targets) {
            if let Some(target) = target {
                entries.insert(link.path, Entry::Link(target.into()));
            }
        }
        Ok(Self(entries))
    }

    /// Collects the files at or below a path, which the site knows by another one where links lead there: links to the
    /// paths `through`, which lead nowhere new.
    fn collect(
        &self,
        real: &Utf8Path,
        known_as: &Utf8Path,
        through: &[&Utf8Path],
        files: &mut BTreeMap<Utf8PathBuf, String>,
    ) -> Result<(), Error> {
        let from = Bound::Included(real.to_owned());
        let all = self.0.range((from, Bound::Unbounded));
        for (path, entry) in all.take_while(|(path, _)| path.starts_with(real)) {
            let below = path.strip_prefix(real).unwrap_or(path);
            let known_as = match below.as_str() {
                "" => known_as.to_owned(),
                _ => known_as.join(below),
            };
            match entry {
                Entry::File(object) => {
                    let kind = kind_of(&known_as);
                    if matches!(
                        kind,
                        Some(FileKind::Config | FileKind::Incident | FileKind::Evidence)
                    ) {
                        files.insert(known_as, object.clone());
                    }
                }
                Entry::Link(target) => {
                    let folder = path.parent().unwrap_or(Utf8Path::new(""));
                    let target = self.followed(folder, target, MOST_LINKS);
                    let new = target.filter(|target| !through.contains(&target.as_path()));
                    if let Some(target) = new {
                        let through = [through, &[target.as_path()]].concat();
                        self.collect(&target, &known_as, &through, files)?;
                    }
                }
                Entry::Repository => {
                    return Err(Error::Git(format!(
                        "`{path}` is a repository of its own, so that what it held is not known here"
                    )));
                }
            }
        }
        Ok(())
    }

    /// The path that a link in a folder leads to; `None` where that lies outside of the site.
    fn followed(
        &self,
        folder: &Utf8Path,
        target: &Utf8Path,
        links_left: usize,
    ) -> Option<Utf8PathBuf> {
        let mut real = folder.to_owned();
        for part in target.components() {
            match part {
                Utf8Component::CurDir => {}
                Utf8Component::ParentDir => {
                    if !real.pop() {
                        return None;
                    }
                }
                Utf8Component::Normal(name) => {
                    let next = real.join(name);
                    match self.0.get(&next) {
                        Some(Entry::Link(target)) if links_left > 0 => {
                            real = self.followed(&real, target, links_left - 1)?;
                        }
                        _ => real = next,
                    }
                }
                Utf8Component::RootDir | Utf8Component::Prefix(_) => return None,
            }
        }
        Some(real)
    }
}

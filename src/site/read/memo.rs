//! The memos of what files mean, so that they need not be read again.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::counts::SampleFile;
use super::evidence::States;
use super::post::Content;
use crate::diagnostic::{Diagnostic, Diagnostics, Fault, SourceFile};
use crate::site::latency::LatencySample;
use crate::source::Files;

/// The memos of a site's files. The same text means the same for as long as the configuration and the words of the site's
/// languages are the same.
#[derive(Debug, Default)]
pub struct Memos {
    config: String,
    messages: Vec<Arc<SourceFile>>,
    pub(super) posts: Memo<Option<Content>>,
    pub(super) states: Memo<States>,
    pub(super) samples: Memo<SampleFile>,
    pub(super) latency: Memo<Arc<Vec<LatencySample>>>,
}

impl Memos {
    /// Forgets files that are gone, and everything unless the configuration is what it was.
    pub(super) fn forget_unless(&mut self, config: &SourceFile, files: &Files) {
        let texts = |messages: &[Arc<SourceFile>]| -> Vec<(Utf8PathBuf, String)> {
            let texts = messages.iter();
            texts.map(|it| (it.path.clone(), it.text.clone())).collect()
        };
        if self.config != config.text || texts(&self.messages) != texts(&files.messages) {
            *self = Self {
                config: config.text.clone(),
                messages: files.messages.clone(),
                ..Self::default()
            };
        }
        let there = files.incidents.iter().chain(&files.evidence);
        let there = there.map(|file| file.path.as_path()).collect();
        self.posts.forget_unless(&there);
        self.states.forget_unless(&there);
        self.samples.forget_unless(&there);
        self.latency.forget_unless(&there);
    }
}

/// The meaning of each file of one kind.
#[derive(Debug)]
pub(super) struct Memo<T>(HashMap<Utf8PathBuf, Remembered<T>>);

/// The meaning of a file, and what is wrong with it.
#[derive(Debug)]
struct Remembered<T> {
    /// The file itself: another text is another value in memory.
    file: Arc<SourceFile>,
    value: T,
    diagnostics: Diagnostics,
}

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T: Clone + Default> Memo<T> {
    /// The meaning of a file, which `read` is asked for only where the memo does not have it. What is wrong
    /// with the file is reported either way.
    pub(super) fn read(
        &mut self,
        file: &Arc<SourceFile>,
        diagnostics: &mut Diagnostics,
        read: impl FnOnce(&mut Diagnostics) -> T,
    ) -> T {
        let (value, found) = self.recall(file).unwrap_or_else(|| {
            let (value, found) = collected(file, read);
            self.remember(file, &value, &found);
            (value, found)
        });
        diagnostics.append(found);
        value
    }

    /// The meanings of files, in their order; `read` is asked for those that the memo does not have, many at once.
    pub(super) fn read_all(
        &mut self,
        files: &[Arc<SourceFile>],
        diagnostics: &mut Diagnostics,
        read: impl Fn(&Arc<SourceFile>, &mut Diagnostics) -> T + Sync,
    ) -> Vec<T>
    where
        T: Send + Sync,
    {
        let memo = &*self;
        let meanings: Vec<(T, Diagnostics)> = files
            .par_iter()
            .map(|file| {
                let known = memo.recall(file);
                known.unwrap_or_else(|| collected(file, |found| read(file, found)))
            })
            .collect();
        for (file, (value, found)) in files.iter().zip(&meanings) {
            if !self.knows(file) {
                self.remember(file, value, found);
            }
        }
        let values = meanings.into_iter().map(|(value, found)| {
            diagnostics.append(found);
            value
        });
        values.collect()
    }

    fn knows(&self, file: &Arc<SourceFile>) -> bool {
        let remembered = self.0.get(&file.path);
        remembered.is_some_and(|remembered| Arc::ptr_eq(&remembered.file, file))
    }

    fn recall(&self, file: &Arc<SourceFile>) -> Option<(T, Diagnostics)> {
        let remembered = self.0.get(&file.path).filter(|_| self.knows(file))?;
        Some((remembered.value.clone(), remembered.diagnostics.clone()))
    }

    fn remember(&mut self, file: &Arc<SourceFile>, value: &T, diagnostics: &Diagnostics) {
        let remembered = Remembered {
            file: Arc::clone(file),
            value: value.clone(),
            diagnostics: diagnostics.clone(),
        };
        self.0.insert(file.path.clone(), remembered);
    }

    /// Forgets files unless their path is among these.
    fn forget_unless(&mut self, there: &HashSet<&Utf8Path>) {
        self.0.retain(|path, _| there.contains(path.as_path()));
    }
}

/// The meaning of a file with the diagnostics that `read` collects on the way to it; none where that fails altogether.
pub(super) fn collected<T: Default>(
    file: &SourceFile,
    read: impl FnOnce(&mut Diagnostics) -> T,
) -> (T, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let value = Fault::caught(|| read(&mut diagnostics)).unwrap_or_else(|fault| {
        let path = file.path.clone();
        diagnostics.push(Diagnostic::fault(path, "reading this file", &fault));
        T::default()
    });
    (value, diagnostics)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_read_without_a_panic_is_named_and_the_others_are_read() {
        let file = |path: &str, text: &str| {
            Arc::new(SourceFile {
                path: path.into(),
                text: text.to_owned(),
            })
        };
        let files = [file("a.md", "4"), file("b.md", "four"), file("c.md", "5")];
        #[allow(clippy::unwrap_used, reason = "it is to panic")]
        let number = |file: &Arc<SourceFile>, _: &mut Diagnostics| file.text.parse::<u8>().unwrap();
        let (mut memo, mut found) = (Memo::default(), Diagnostics::new());
        let numbers: Vec<u8> = memo.read_all(&files, &mut found, number);
        assert_eq!(numbers, [4, 0, 5]);
        let found: Vec<_> = found.iter().collect();
        assert_eq!(found.len(), 1);
        let place =
            r#"called `Result::unwrap()` on an `Err` value: ParseIntError { kind: InvalidDigit }"#;
        assert_eq!(
            format!("error[{}]: {}", found[0].code.as_str(), found[0].message),
            format!("error[fault]: reading this file failed: {place}")
        );
        assert_eq!(found[0].location.path(), "b.md");
    }
}

//! A sign of life during long work.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::global::Global;

/// How long work may take before it says that it is at it.
const PATIENCE: Duration = Duration::from_millis(500);

/// Does `work`; where that takes longer than half a second and somebody watches, a line says so
/// until it is done.
pub(crate) fn during<T>(what: &'static str, global: &Global, work: impl FnOnce() -> T) -> T {
    counted(what, global, |_| work())
}

/// Does `work` as [`during`] does; the line says, too, how much of it is done.
pub(crate) fn counted<T>(
    what: &'static str,
    global: &Global,
    work: impl FnOnce(&(dyn Fn(usize, usize) + Sync)) -> T,
) -> T {
    if global.quiet || !std::io::IsTerminal::is_terminal(&std::io::stderr()) {
        return work(&|_, _| {});
    }
    let counts = Arc::new((AtomicUsize::new(0), AtomicUsize::new(0)));
    let shown = Arc::clone(&counts);
    let (done, wait) = mpsc::channel::<()>();
    let watcher = thread::spawn(move || {
        if wait.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
            return;
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message(what);
        while wait.recv_timeout(Duration::from_millis(100)) == Err(RecvTimeoutError::Timeout) {
            let (done, all) = (&shown.0, &shown.1);
            let (done, all) = (done.load(Ordering::Relaxed), all.load(Ordering::Relaxed));
            if all > 0 {
                bar.set_message(format!("{what}: {done} of {all}"));
            }
            bar.tick();
        }
        bar.finish_and_clear();
    });
    let result = work(&|done, all| {
        counts.0.fetch_max(done, Ordering::Relaxed);
        counts.1.store(all, Ordering::Relaxed);
    });
    drop(done);
    // It only draws: that it panicked is no reason to lose the result.
    let _ = watcher.join();
    result
}

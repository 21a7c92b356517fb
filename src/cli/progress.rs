//! A sign of life during long work.

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
    if global.quiet || !std::io::IsTerminal::is_terminal(&std::io::stderr()) {
        return work();
    }
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
            bar.tick();
        }
        bar.finish_and_clear();
    });
    let result = work();
    drop(done);
    // It only draws: that it panicked is no reason to lose the result.
    let _ = watcher.join();
    result
}

//! A disk that is full or broken, and a process that dies: whatever happens, each file is an old or a new one, whole, and
//! the next run does what this one has not done.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

mod case;
#[cfg(debug_assertions)]
mod everywhere;
mod full;
mod kills;

/// Runs jobs, as many at once as there are processors; the sum of their answers.
fn side_by_side<T: Sync + Copy>(jobs: &[T], run: impl Fn(T) -> usize + Sync) -> usize {
    let next = AtomicUsize::new(0);
    let sum = AtomicUsize::new(0);
    let threads = thread::available_parallelism().map_or(2, |count| count.get().min(4));
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    sum.fetch_add(run(*job), Ordering::Relaxed);
                }
            });
        }
    });
    sum.into_inner()
}

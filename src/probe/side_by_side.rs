//! Work that waits, on many threads at once.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How many pieces of work wait at once. Those beyond begin as others end.
const AT_ONCE: usize = 256;

/// The results of some work on each of the items, in their order.
pub(super) fn side_by_side<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::with_capacity(items.len()));
    let take_turns = || {
        while let Some((index, item)) = {
            let index = next.fetch_add(1, Ordering::Relaxed);
            items.get(index).map(|item| (index, item))
        } {
            let result = (index, work(item));
            let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
            results.push(result);
        }
    };
    thread::scope(|scope| {
        for number in 1..items.len().min(AT_ONCE) {
            let named = thread::Builder::new().name(format!("probe-{number}"));
            // What the system gives no thread for is done by the others.
            if named.spawn_scoped(scope, take_turns).is_err() {
                break;
            }
        }
        take_turns();
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..1000).collect();
        let doubled = side_by_side(&items, |item| item * 2);
        assert_eq!(
            doubled,
            items.iter().map(|item| item * 2).collect::<Vec<_>>()
        );
        assert!(side_by_side(&[], |(): &()| ()).is_empty());
    }

    #[test]
    fn all_of_it_is_done_at_once() {
        let items = [(); 200];
        let barrier = Barrier::new(items.len());
        // Nobody gets past it before all have come.
        let leaders = side_by_side(&items, |()| barrier.wait().is_leader());
        assert_eq!(leaders.into_iter().filter(|it| *it).count(), 1);
    }
}

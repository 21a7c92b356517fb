//! Faults of this program itself: a panic as a finding, so that a site's files never end a run.
//!
//! Where a panic happened is told only to the hook of the process, which the command line installs: it notes the place
//! here instead of printing it in the middle of everything else.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::sync::{Mutex, PoisonError};

/// The most characters of its own words that a report of a fault has.
const LONGEST: usize = 200;

/// A panic that was caught.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Its words, on one line.
    message: String,
    /// Where in the program it happened, where a hook noted it.
    place: Option<String>,
}

/// Where the last panic happened.
static LAST_PLACE: Mutex<Option<String>> = Mutex::new(None);

/// What to do about a fault.
pub const PLEASE_REPORT: &str =
    "this is a fault of allclear: please report it, with these words and the file";

impl Fault {
    /// Notes where a panic happens, for the fault that is made of it.
    pub fn note(place: Option<&Location<'_>>) {
        let mut last = LAST_PLACE.lock().unwrap_or_else(PoisonError::into_inner);
        *last = place.map(|place| {
            let file = place.file().rsplit(['/', '\\']).next();
            format!("{}:{}", file.unwrap_or_default(), place.line())
        });
    }

    /// The result of some work, or the fault that ended it. What the work changed must not be used after a fault.
    ///
    /// # Errors
    ///
    /// Where the work panics.
    pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Self> {
        catch_unwind(AssertUnwindSafe(work)).map_err(|panic| Self::of(panic.as_ref()))
    }

    fn of(panic: &(dyn Any + Send)) -> Self {
        let words = match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
            (Some(words), _) => words,
            (None, Some(words)) => words.as_str(),
            (None, None) => "it says nothing",
        };
        let words = words.split(|c: char| c.is_control() || c.is_whitespace());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let mut last = LAST_PLACE.lock().unwrap_or_else(PoisonError::into_inner);
        Self {
            message: words.join(" ").chars().take(LONGEST).collect(),
            place: last.take(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.place {
            Some(place) => write!(f, " ({place})"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "these tests are about panics")]

    use super::Fault;

    #[test]
    fn work_that_panics_is_a_fault_with_its_words() {
        assert_eq!(Fault::caught(|| 7), Ok(7));
        let fault = Fault::caught(|| panic!("no\nsuch \u{1b}[31m thing: {}", 5));
        let message = fault.map_err(|fault: Fault| fault.message);
        assert_eq!(message, Err::<(), _>("no such [31m thing: 5".to_owned()));
        let long = Fault::caught(|| panic!("{}", "ä".repeat(10_000)));
        let length = long.map_err(|fault: Fault| fault.message.chars().count());
        assert_eq!(length, Err::<(), _>(200));
        let odd = Fault::caught(|| std::panic::panic_any(7_u8));
        let message = odd.map_err(|fault: Fault| fault.message);
        assert_eq!(message, Err::<(), _>("it says nothing".to_owned()));
    }

    #[test]
    fn a_panic_of_another_thread_is_caught_where_its_work_was_asked_for() {
        use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
        let work = || {
            let numbers = (0..100).into_par_iter();
            numbers.for_each(|number| assert_ne!(number, 50, "fifty"));
        };
        assert!(Fault::caught(work).is_err());
    }

    #[test]
    fn a_fault_says_where_it_happened() {
        let fault = Fault {
            message: "no such thing".to_owned(),
            place: Some("rule.rs:12".to_owned()),
        };
        assert_eq!(fault.to_string(), "no such thing (rule.rs:12)");
    }
}

//! Instants and days, the intervals between them, the windows of maintenances and the rules by which those recur.
//!
//! All instants are in UTC; a zone is named wherever a day or a wall clock matters.

pub mod calendar;
pub mod instant;
pub mod interval;
pub mod recurrence;
pub mod spoken;
pub mod window;

pub use self::instant::{
    Instant, TimeError, on_the_wall, parse, parse_date, parse_duration, parse_zone, rfc3339,
    with_offset, zone_hint,
};
pub use self::interval::Interval;
pub use self::recurrence::{Recurrence, RecurrenceError};
pub use self::spoken::{SpokenTime, SpokenTimeError, parse_spoken};
pub use self::window::Window;

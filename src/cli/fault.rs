//! The failure of the disk that a test asks for, in the environment of a debug build.

use allclear::write::fault::{Fault, fail_at};

use super::failure::{Failure, bad_argument};

/// The variable that asks for it, as `3 no-room`: the third operation that changes the disk finds no room.
const VARIABLE: &str = "ALLCLEAR_FAIL_AT";

/// Has the disk fail as the environment asks.
pub(crate) fn prepare() -> Result<(), Failure> {
    let Some(asked) = std::env::var_os(VARIABLE) else {
        return Ok(());
    };
    let refuse = || {
        bad_argument(
            format!("`{VARIABLE}` does not say where the disk fails"),
            "write a number and one of no-room, half-written, broken, killed, killed-halfway",
        )
    };
    let asked = asked.to_str().ok_or_else(refuse)?;
    let (number, word) = asked.split_once(' ').ok_or_else(refuse)?;
    let fault = match word {
        "no-room" => Fault::NoRoom,
        "half-written" => Fault::HalfWritten,
        "broken" => Fault::Broken,
        "killed" => Fault::Killed,
        "killed-halfway" => Fault::KilledHalfway,
        _ => return Err(refuse()),
    };
    fail_at(number.parse().map_err(|_| refuse())?, fault);
    Ok(())
}

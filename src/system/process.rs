//! Programs that this one runs.

use std::process::{Child, Command};

/// Has a program be started apart from this one: a key that is meant for this program does not reach it, and whom it starts
/// can be ended with it.
pub fn set_apart(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(not(unix))]
    {
        const NEW_PROCESS_GROUP: u32 = 0x0000_0200;
        std::os::windows::process::CommandExt::creation_flags(command, NEW_PROCESS_GROUP);
    }
}

/// Asks a program that was [`set_apart`], and those that it has started, to end; returns whether it was asked.
#[cfg(unix)]
pub fn ask_to_end(child: &Child) -> bool {
    use rustix::process::{Pid, Signal, kill_process_group};
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    group.is_some_and(|group| kill_process_group(group, Signal::TERM).is_ok())
}

/// Asks a program that was [`set_apart`], and those that it has started, to end: nobody can.
#[cfg(not(unix))]
pub fn ask_to_end(_: &Child) -> bool {
    false
}

//! The `allclear` program.

use std::process::ExitCode;

mod cli;

/// A build makes tens of thousands of small texts on every core; this allocator halves what that
/// costs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run(std::env::args_os()).into()
}

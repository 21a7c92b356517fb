//! Where the program can be had that is running: what pipelines and images fetch.

use super::file::PipelineFile;

/// The address of the program's repository; nobody's where `Cargo.toml` has none.
const REPOSITORY: &str = match env!("CARGO_PKG_REPOSITORY").is_empty() {
    true => "https://git.example.com/allclear",
    false => env!("CARGO_PKG_REPOSITORY"),
};

/// Whether somebody has to write the address where [`REPOSITORY`] stands.
pub(super) const IS_UNKNOWN: bool = env!("CARGO_PKG_REPOSITORY").is_empty();

/// The variable that says where releases are.
pub(super) const VARIABLE: &str = "ALLCLEAR_RELEASES";

/// What stands in a file in which [`VARIABLE`] gets its value.
pub(super) const ASKED: &str = "\nALLCLEAR_RELEASES=";

/// The path of [`script`].
pub(super) const SCRIPT: &str = "get-allclear.sh";

/// The line of install.sh from which on the script for pipelines is the same.
const SHARED: &str = "# From here on, ";

/// The script that fetches this version of the program: install.sh of a release, with what a pipeline wants.
pub(super) fn script() -> PipelineFile {
    const INSTALL: &str = include_str!("../../../packaging/install.sh");
    let shared = INSTALL.find(SHARED).map_or(INSTALL, |at| &INSTALL[at..]);
    let own = include_str!("get-allclear.sh")
        .replace("PROGRAM_VERSION", env!("CARGO_PKG_VERSION"))
        .replace(
            "RELEASES_ADDRESS",
            &format!("{REPOSITORY}/releases/download"),
        );
    PipelineFile {
        path: SCRIPT,
        text: format!("{own}\n{shared}"),
        is_kept: true,
    }
}

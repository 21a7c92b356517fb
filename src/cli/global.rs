//! The options of every command.

use allclear::error::Error;
use allclear::source;
use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use clap::{Args, ColorChoice};

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    /// The site's folder
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        default_value = ".",
        env = "ALLCLEAR_SITE",
        hide_env_values = true
    )]
    pub(crate) site: Utf8PathBuf,
    /// When to use colours; NO_COLOR is honoured
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,
    /// Print nothing but errors and what was asked for
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

impl Global {
    /// A path in the site's folder, as a user would write it.
    pub(crate) fn in_site(&self, path: impl AsRef<Utf8Path>) -> Utf8PathBuf {
        match self.site.as_str() {
            "." => path.as_ref().to_owned(),
            _ => self.site.join(path),
        }
    }

    /// The site's folder as it is seen from the folder in which the program runs; empty where that is the same one.
    pub(crate) fn site_from_here(&self) -> Utf8PathBuf {
        let here = std::env::current_dir().ok();
        let below = here.and_then(|here| {
            let inside = self.site.as_std_path().strip_prefix(here).ok()?;
            Utf8PathBuf::from_path_buf(inside.to_owned()).ok()
        });
        let folder = below.unwrap_or_else(|| self.site.clone());
        let parts = folder.components();
        parts
            .filter(|part| *part != Utf8Component::CurDir)
            .collect()
    }

    /// A path in the site's folder at which a command may write.
    ///
    /// # Errors
    ///
    /// Where it leads out of the site, or something else than a file stands there.
    pub(crate) fn to_write(&self, path: impl AsRef<Utf8Path>) -> Result<Utf8PathBuf, Error> {
        source::target(&self.site, path.as_ref())
    }

    /// Has everything that is printed from now on use colours, or not.
    pub(crate) fn choose_colors(&self) {
        match self.color {
            ColorChoice::Auto => {}
            ColorChoice::Always => anstream::ColorChoice::Always.write_global(),
            ColorChoice::Never => anstream::ColorChoice::Never.write_global(),
        }
    }
}

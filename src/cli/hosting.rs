//! `allclear hosting`.

use allclear::diagnostic::Diagnostics;
use allclear::generate::read;
use allclear::site::place::PlaceName;
use allclear::site::read::Drafts;
use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};

use self::hosted::Hosted;
use super::failure::Failure;
use super::global::Global;
use super::outcome::Outcome;
use super::print::{print, report_all};

mod apache;
mod caddy;
mod hosted;
mod nginx;

/// Print the configuration of a web server for this site
///
/// It serves the folder into which `build` writes: each file with its media type, how long it may be kept, the policy that
/// lets a page load nothing foreign, and the page for addresses that are not there. Below a path of a host it is a part for
/// the server that the host has already. Where `publish` brings the page to the folder, a container has to mount the folder
/// above it, since each publication makes a new one of the same name. Print it anew when the address, the languages, the formats or `precompress` change.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  allclear hosting nginx --root /srv/status/public > /etc/nginx/conf.d/status.conf")]
pub(crate) struct HostingArgs {
    /// The web server
    server: WebServer,
    /// The folder that is served [default: the one of `publish`, else `public` in the site's folder]
    #[arg(long, value_name = "DIR")]
    root: Option<Utf8PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum WebServer {
    /// nginx 1.18 or newer
    Nginx,
    /// Caddy 2.6 or newer
    Caddy,
    /// Apache 2.4
    Apache,
}

impl HostingArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        let mut diagnostics = Diagnostics::new();
        let site = read(&global.site, Drafts::LeftOut, &mut diagnostics)?;
        // What `check` warns of is nothing to a web server.
        let Some(site) = site.filter(|_| diagnostics.errors() == 0) else {
            report_all(&diagnostics, global);
            return Ok(Outcome::Findings);
        };
        let published = site
            .settings
            .publish_to
            .iter()
            .find_map(|place| match place {
                PlaceName::Folder(folder) => Some(global.site.join(folder)),
                PlaceName::Bucket { .. } => None,
            });
        let built = || global.in_site("public");
        let root = self.root.or(published).unwrap_or_else(built);
        let hosted = Hosted::new(&site, root)?;
        print(&match self.server {
            WebServer::Nginx => nginx::configuration(&hosted),
            WebServer::Caddy => caddy::configuration(&hosted),
            WebServer::Apache => apache::configuration(&hosted),
        });
        Ok(Outcome::Clean)
    }
}

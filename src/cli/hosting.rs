//! `allclear hosting`.

use allclear::diagnostic::Diagnostics;
use allclear::generate::read;
use allclear::output::serving::{API, EMBED, SHARED_FILES, Serving};
use allclear::output::{feeds, media_type};
use allclear::site::read::Drafts;
use allclear::site::{BaseUrl, Site};
use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};
use percent_encoding::percent_decode_str;

use super::failure::{Failure, bad_argument, bad_option};
use super::global::Global;
use super::outcome::Outcome;
use super::print::{print, report_all};

mod apache;
mod caddy;
mod nginx;

/// Print the configuration of a web server for this site
///
/// It serves the folder into which `build` writes: each file with its media type, how long it may be kept, the policy that
/// lets a page load nothing foreign, and the page for addresses that are not there. Print it anew when the address, the
/// languages, the formats or `precompress` change.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  allclear hosting nginx --root /srv/status/public > /etc/nginx/conf.d/status.conf")]
pub(crate) struct HostingArgs {
    /// The web server
    server: WebServer,
    /// The folder that is served [default: `public` in the site's folder]
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

/// Characters that mean something in one of the configurations, even between quotes.
const UNFIT: &[char] = &['"', '\'', '`', '\\', '$', '%', '{', '}', '<', '>', '#'];

/// A site as a web server sees it.
#[derive(Debug)]
struct Hosted {
    /// The address.
    address: String,
    /// The name of the host.
    host: String,
    /// The port, where the address names one.
    port: Option<u16>,
    /// Whether readers come by `https`.
    is_secure: bool,
    /// The path on the host, with a `/` at both ends.
    path: String,
    /// The folder that is served, without a `/` at its end.
    root: String,
    /// The folders of the languages but for the first one.
    languages: Vec<String>,
    serving: Serving,
    /// Whether compressed copies lie beside the files.
    has_copies: bool,
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
        let root = self.root.unwrap_or_else(|| global.in_site("public"));
        let hosted = Hosted::new(&site, root)?;
        print(&match self.server {
            WebServer::Nginx => nginx::configuration(&hosted),
            WebServer::Caddy => caddy::configuration(&hosted),
            WebServer::Apache => apache::configuration(&hosted),
        });
        Ok(Outcome::Clean)
    }
}

impl Hosted {
    fn new(site: &Site, root: Utf8PathBuf) -> Result<Self, Failure> {
        let root = camino::absolute_utf8(&root).unwrap_or(root);
        let text = root.as_str().trim_end_matches('/').to_owned();
        let is_fit = |text: &str| !text.contains(UNFIT) && !text.contains(char::is_control);
        if !is_fit(&text) {
            return Err(bad_option(
                "--root",
                root.as_str(),
                "a web server's configuration cannot hold such a path",
                "serve a folder with letters, digits, `-` and `_` in its path",
            ));
        }
        let base_url = &site.settings.base_url;
        let path = percent_decode_str(base_url.path()).decode_utf8_lossy();
        if !is_fit(&path) {
            return Err(bad_argument(
                format!("a web server's configuration cannot hold the path `{path}`"),
                "give `base_url` a path of letters, digits, `-` and `_`",
            ));
        }
        let (host, port) = host_and_port(base_url);
        Ok(Self {
            address: base_url.as_str().to_owned(),
            host: host.to_owned(),
            port,
            is_secure: base_url.as_str().starts_with("https:"),
            path: path.into_owned(),
            root: text,
            languages: site.settings.languages[1..]
                .iter()
                .map(|language| language.as_str().to_owned())
                .collect(),
            serving: Serving::with(feeds(site)),
            has_copies: site.settings.build.precompress,
        })
    }

    /// The port at which a server without TLS listens.
    fn plain_port(&self) -> u16 {
        self.port.unwrap_or(80)
    }

    /// The path without the `/` at its end; empty at the root of the host.
    fn path_without_end(&self) -> &str {
        self.path.trim_end_matches('/')
    }

    /// A regular expression for the addresses of what is kept for ever, from `path` on, where `ending` may follow.
    fn kept_for_ever(&self, path: &str, ending: &str) -> String {
        format!(
            r"^{}assets/.+\.[0-9a-f]{{10}}(\.[^/.]+)?{ending}$",
            escaped(path)
        )
    }

    /// A regular expression for the addresses of what programs of other sites read.
    fn shared(&self, path: &str, ending: &str) -> String {
        let names: Vec<String> = self.serving.shared_names().map(escaped).collect();
        let files = SHARED_FILES.map(escaped);
        format!(
            "^{}({API}/.*|(.*/)?({})|({})){ending}$",
            escaped(path),
            names.join("|"),
            files.join("|")
        )
    }

    /// A regular expression for the addresses of what stands in frames of other sites.
    fn framed(&self, path: &str) -> String {
        let languages: Vec<String> = self.languages.iter().map(|it| escaped(it) + "/").collect();
        match languages.is_empty() {
            true => format!("^{}{EMBED}/", escaped(path)),
            false => format!("^{}({})?{EMBED}/", escaped(path), languages.join("|")),
        }
    }

    /// The pages for addresses that are not there: the folder of each language, those of others first, from the site's
    /// root.
    fn not_found(&self) -> impl Iterator<Item = String> {
        let others = self.languages.iter().map(|language| format!("{language}/"));
        others.chain([String::new()])
    }
}

/// The media types with the ends of the names of such files, in the order of the table.
fn types() -> Vec<(&'static str, Vec<&'static str>)> {
    let mut types: Vec<(&str, Vec<&str>)> = Vec::new();
    for (extension, media_type) in media_type::KNOWN {
        match types.iter_mut().find(|(known, _)| known == media_type) {
            Some((_, extensions)) => extensions.push(extension),
            None => types.push((media_type, vec![extension])),
        }
    }
    types
}

/// The media types of what a server compresses by itself where there are no copies.
fn compressible() -> impl Iterator<Item = &'static str> {
    let types = types().into_iter().map(|(media_type, _)| media_type);
    types.filter(|media_type| media_type::is_compressible(media_type))
}

/// The host and the port of an address.
fn host_and_port(base_url: &BaseUrl) -> (&str, Option<u16>) {
    let (_, rest) = base_url.as_str().split_once("://").unwrap_or_default();
    let authority = rest.split('/').next().unwrap_or_default();
    match authority.rsplit_once(':') {
        // The colons of an IPv6 address stand in brackets.
        Some((host, port)) if !port.contains(']') => (host, port.parse().ok()),
        _ => (authority, None),
    }
}

/// A text as a regular expression of itself.
fn escaped(text: impl AsRef<str>) -> String {
    let mut escaped = String::new();
    for c in text.as_ref().chars() {
        if ".+*?()[]^|".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

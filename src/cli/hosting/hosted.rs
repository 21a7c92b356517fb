//! A site as a web server sees it.

use allclear::output::serving::{
    API, EMBED, LATENCY, SHARED_FILES, Serving, policy, referrer_policy,
};
use allclear::output::{feeds, media_type};
use allclear::site::{BaseUrl, Site};
use camino::Utf8PathBuf;
use percent_encoding::percent_decode_str;

use crate::cli::failure::{Failure, bad_argument, bad_option};

/// Characters that mean something in one of the configurations, even between quotes.
const UNFIT: &[char] = &['"', '\'', '`', '\\', '$', '%', '{', '}', '<', '>', '#'];

/// A site as a web server sees it.
#[derive(Debug)]
pub(super) struct Hosted {
    /// The address.
    pub(super) address: String,
    /// The name of the host.
    pub(super) host: String,
    /// The port, where the address names one.
    pub(super) port: Option<u16>,
    /// Whether readers come by `https`.
    pub(super) is_secure: bool,
    /// The path on the host, with a `/` at both ends.
    pub(super) path: String,
    /// The same as it stands in an address.
    pub(super) path_in_address: String,
    /// The folder that is served, without a `/` at its end.
    pub(super) root: String,
    /// The folders of the languages but for the first one.
    pub(super) languages: Vec<String>,
    /// The way in which its files are served.
    pub(super) serving: Serving,
    /// The policy of its pages.
    pub(super) policy: String,
    /// What browsers may tell other sites of the page from which they come.
    pub(super) referrer_policy: &'static str,
    /// Whether compressed copies lie beside the files.
    pub(super) has_copies: bool,
}

impl Hosted {
    /// A site whose files lie in a folder.
    pub(super) fn new(site: &Site, root: Utf8PathBuf) -> Result<Self, Failure> {
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
            path_in_address: base_url.path().to_owned(),
            root: text,
            languages: site.settings.languages[1..]
                .iter()
                .map(|language| language.as_str().to_owned())
                .collect(),
            serving: Serving::with(feeds(site)),
            policy: policy(site.settings.reports.as_ref(), base_url),
            referrer_policy: referrer_policy(site.settings.reports.as_ref()),
            has_copies: site.settings.build.precompress,
        })
    }

    /// A site at an address, without languages and feeds.
    #[cfg(test)]
    pub(super) fn at(host: &str, path: &str) -> Self {
        Self {
            address: format!("https://{host}{path}"),
            host: host.to_owned(),
            port: None,
            is_secure: true,
            path: path.to_owned(),
            path_in_address: path.to_owned(),
            root: "/srv/status".to_owned(),
            languages: Vec::new(),
            serving: Serving::default(),
            policy: String::new(),
            referrer_policy: referrer_policy(None),
            has_copies: false,
        }
    }

    /// The port at which a server without TLS listens.
    pub(super) fn plain_port(&self) -> u16 {
        self.port.unwrap_or(80)
    }

    /// Whether it lies below a path of its host, which is a site itself.
    pub(super) fn is_below(&self) -> bool {
        self.path != "/"
    }

    /// The path without the `/` at its end; empty at the root of the host.
    pub(super) fn path_without_end(&self) -> &str {
        self.path.trim_end_matches('/')
    }

    /// A regular expression for the addresses of what is kept for ever, from `path` on, where `ending` may follow.
    pub(super) fn kept_for_ever(&self, path: &str, ending: &str) -> String {
        format!(
            r"^{}assets/.+\.[0-9a-f]{{10}}(\.[^/.]+)?{ending}$",
            escaped(path)
        )
    }

    /// A regular expression for the addresses of what programs of other sites read.
    pub(super) fn shared(&self, path: &str, ending: &str) -> String {
        let names: Vec<String> = self.serving.shared_names().map(escaped).collect();
        let files = SHARED_FILES.map(escaped);
        format!(
            "^{}({API}/.*|{LATENCY}/.*|(.*/)?({})|({})){ending}$",
            escaped(path),
            names.join("|"),
            files.join("|")
        )
    }

    /// A regular expression for the addresses of what stands in frames of other sites.
    pub(super) fn framed(&self, path: &str) -> String {
        let languages: Vec<String> = self.languages.iter().map(|it| escaped(it) + "/").collect();
        match languages.is_empty() {
            true => format!("^{}{EMBED}/", escaped(path)),
            false => format!("^{}({})?{EMBED}/", escaped(path), languages.join("|")),
        }
    }

    /// The pages for addresses that are not there: the folder of each language, those of others first, from the site's
    /// root.
    pub(super) fn not_found(&self) -> impl Iterator<Item = String> {
        let others = self.languages.iter().map(|language| format!("{language}/"));
        others.chain([String::new()])
    }
}

/// The media types with the ends of the names of such files, in the order of the table.
pub(super) fn types() -> Vec<(&'static str, Vec<&'static str>)> {
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
pub(super) fn compressible() -> impl Iterator<Item = &'static str> {
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
pub(super) fn escaped(text: impl AsRef<str>) -> String {
    let mut escaped = String::new();
    for c in text.as_ref().chars() {
        if ".+*?()[]^|".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

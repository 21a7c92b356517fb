//! `_headers`, which Netlify, Cloudflare and others read: what their servers say beside the files.
//!
//! Where several of its rules are of one file, one host takes the last value of a header and another one joins them all.
//! So no two rules here set the same header of the same file. That is why what is kept briefly is not mentioned, which these
//! hosts ask for again with each request anyway, and why the policy says nothing of frames, in which `embed/` stands.

use camino::Utf8Path;

use super::file::Output;
use super::format::{Format, Publish};
use super::pages::Edition;
use super::serving::{API, CacheRule, LATENCY, SHARED_FILES, Serving, policy, referrer_policy};
use crate::site::vocabulary::FormatName;

/// The row of [`super::OUTPUTS`].
pub(super) const FORMAT: Format = Format {
    name: Some(FormatName::Headers),
    publish: Publish::Files(headers),
    feed: None,
};

/// Its path from the output folder.
const PATH: &str = "_headers";

/// The folder of what is kept for ever.
const ASSETS: &str = "assets";

fn headers(editions: &[Edition<'_>], files: &[Output]) -> Vec<Output> {
    let Some(edition) = editions.first() else {
        return Vec::new();
    };
    // A file of the site's own takes the place of this one.
    if files.iter().any(|file| file.path == PATH) {
        return Vec::new();
    }
    let mut text = String::from("# Made by allclear, for hosts that read such a file.\n");
    let nosniff = "X-Content-Type-Options: nosniff";
    let reports = edition.site.settings.reports.as_ref();
    let policy = policy(reports, edition.base_url);
    let policy = format!("Content-Security-Policy: {policy}");
    let referrer = format!("Referrer-Policy: {}", referrer_policy(reports));
    add(&mut text, "*", &[&policy, nosniff, &referrer]);
    for path in kept_for_ever(files) {
        add(
            &mut text,
            &path,
            &[&format!("Cache-Control: {}", CacheRule::Forever)],
        );
    }
    let serving = Serving::with(edition.feeds.iter().copied());
    let shared = "Access-Control-Allow-Origin: *";
    add(&mut text, &format!("{API}/*"), &[shared]);
    add(&mut text, &format!("{LATENCY}/*"), &[shared]);
    let has_languages = editions.len() > 1;
    let single = SHARED_FILES.iter().map(|path| (*path).to_owned());
    let everywhere = serving
        .shared_names()
        .flat_map(|name| places(name, has_languages));
    for path in single.chain(everywhere) {
        let content_type = serving.content_type(Utf8Path::new(&path));
        add(
            &mut text,
            &path,
            &[shared, &format!("Content-Type: {content_type}")],
        );
    }
    vec![Output::new(PATH, text)]
}

/// Adds a rule for the files at a path.
fn add(text: &mut String, path: &str, headers: &[&str]) {
    text.push_str(&format!("/{path}\n"));
    for header in headers {
        text.push_str(&format!("  {header}\n"));
    }
}

/// The paths of what is kept for ever: a folder where all of it lies alone there, else each file.
fn kept_for_ever(files: &[Output]) -> Vec<String> {
    let is_kept = |file: &&Output| CacheRule::of(&file.path) == CacheRule::Forever;
    let mut assets = files.iter().filter(|file| file.path.starts_with(ASSETS));
    if assets.all(|file| is_kept(&file)) {
        return vec![format!("{ASSETS}/*")];
    }
    let kept = files.iter().filter(is_kept);
    kept.map(|file| file.path.to_string()).collect()
}

/// The places of a file that the site and each component have, in the first language and in others.
fn places(name: &str, has_languages: bool) -> Vec<String> {
    let languages: &[&str] = match has_languages {
        true => &["", ":language/"],
        false => &[""],
    };
    let places = languages.iter().flat_map(|language| {
        ["", "components/:component/"].map(|folder| format!("{language}{folder}{name}"))
    });
    places.collect()
}

//! The list of all pages for search engines (sitemaps.org, protocol 0.9), each with its other languages.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use super::file::Output;
use super::format::{Format, Publish};
use super::pages::Edition;
use super::route::{EMBED, REPORTED, Route};
use super::statics;
use crate::site::BaseUrl;
use crate::site::post::Kind;
use crate::site::vocabulary::FormatName;
use crate::source::STATIC;
use crate::time::{self, Instant};

/// The row of [`super::OUTPUTS`].
pub(super) const FORMAT: Format = Format {
    name: Some(FormatName::Sitemap),
    publish: Publish::Files(publish),
    feed: None,
};

/// Its path, which is also that of one that a site has itself.
const NAME: &str = "sitemap.xml";

/// The root element of a list of pages; `xhtml` is for their other languages.
const PAGES: &str = r#"urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml""#;

/// The root element of a list of such lists.
const PARTS: &str = r#"sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9""#;

/// The most that search engines read of one file.
const LIMITS: Limits = Limits {
    pages: 50_000,
    bytes: 50_000_000,
};

/// The most that one file may hold.
#[derive(Debug, Clone, Copy)]
struct Limits {
    pages: usize,
    /// The bytes of its entries; those around them do not count.
    bytes: usize,
}

/// The entries of one file.
#[derive(Debug, Default)]
struct Part {
    pages: usize,
    entries: String,
}

/// A page by its file in the output.
#[derive(Debug)]
struct Page<'a> {
    file: String,
    /// The folder of its language; `None` for the first language, which has none.
    language: Option<&'a str>,
}

/// A page in one of its languages.
#[derive(Debug)]
struct Version {
    language: String,
    address: String,
}

/// The address of the sitemap; `None` where there is none.
pub(super) fn address(edition: &Edition<'_>) -> Option<String> {
    let build = &edition.site.settings.build;
    let is_ours = build.index && build.formats.contains(&FormatName::Sitemap);
    let is_there = is_ours || statics::has(edition, NAME);
    is_there.then(|| Route::file_of_site(NAME).on(edition.base_url))
}

/// The sitemap, unless search engines shall not keep the pages, or the site has one of its own.
fn publish(editions: &[Edition<'_>], outputs: &[Output]) -> Vec<Output> {
    match editions.first() {
        Some(first) if first.site.settings.build.index && !statics::has(first, NAME) => {
            let parts = split(entries(editions, outputs), LIMITS);
            files(&parts, first.base_url)
        }
        _ => Vec::new(),
    }
}

/// One file, or a list of files where there is more than one may hold.
fn files(parts: &[Part], base_url: &BaseUrl) -> Vec<Output> {
    if let [] | [_] = parts {
        let entries = parts.first().map_or("", |part| &part.entries);
        return vec![Output::new(NAME, document(PAGES, entries))];
    }
    let mut outputs = Vec::with_capacity(parts.len() + 1);
    let mut list = String::new();
    for (number, part) in (1..).zip(parts) {
        let name = format!("sitemap-{number}.xml");
        let address = Route::file_of_site(&name).on(base_url);
        let _ = writeln!(list, "<sitemap><loc>{address}</loc></sitemap>");
        outputs.push(Output::new(name, document(PAGES, &part.entries)));
    }
    outputs.push(Output::new(NAME, document(PARTS, &list)));
    outputs
}

/// A document of a root element with its attributes, and what stands in it.
fn document(root: &str, inside: &str) -> String {
    let name = root.split(' ').next().unwrap_or_default();
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root}>\n{inside}</{name}>\n")
}

/// The entries in as few files as may hold them.
fn split(entries: impl IntoIterator<Item = String>, limits: Limits) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for entry in entries {
        let has_room = |part: &&mut Part| {
            part.pages < limits.pages && part.entries.len() + entry.len() <= limits.bytes
        };
        match parts.last_mut().filter(has_room) {
            Some(part) => {
                part.pages += 1;
                part.entries.push_str(&entry);
            }
            None => parts.push(Part {
                pages: 1,
                entries: entry,
            }),
        }
    }
    parts
}

/// The entries of all pages by their paths in the first language, each beside its other languages.
fn entries(editions: &[Edition<'_>], outputs: &[Output]) -> Vec<String> {
    let pages = pages(editions, outputs);
    let published: HashSet<&str> = pages.iter().map(|page| page.file.as_str()).collect();
    let changes = changes(editions);
    let mut entries = Vec::with_capacity(pages.len());
    for Page { file, .. } in pages.iter().filter(|page| page.language.is_none()) {
        let version = |edition: &Edition<'_>| {
            let file = match edition.prefix() {
                None => file.clone(),
                Some(prefix) => format!("{prefix}/{file}"),
            };
            let route = Route::of_page(&file).filter(|_| published.contains(file.as_str()))?;
            Some(Version {
                language: edition.locale.language().to_string(),
                address: route.on(edition.base_url),
            })
        };
        let versions: Vec<Version> = editions.iter().filter_map(version).collect();
        let rest = rest_of_entry(&versions, changes.get(file).copied());
        let addresses = versions.iter().map(|version| &version.address);
        entries.extend(addresses.map(|it| format!("<url><loc>{it}</loc>{rest}</url>\n")));
    }
    entries
}

/// What the entries of all languages of a page have behind their addresses.
fn rest_of_entry(versions: &[Version], changed: Option<Instant>) -> String {
    let mut rest = changed.map_or_else(String::new, |at| {
        format!("<lastmod>{}</lastmod>", time::rfc3339(at))
    });
    if versions.len() > 1 {
        for Version { language, address } in versions {
            let _ = write!(
                rest,
                r#"<xhtml:link rel="alternate" hreflang="{language}" href="{address}"/>"#
            );
        }
    }
    rest
}

/// All pages that search engines may keep, by their files.
fn pages<'a>(editions: &[Edition<'a>], outputs: &[Output]) -> Vec<Page<'a>> {
    let prefixes: Vec<&str> = editions.iter().filter_map(Edition::prefix).collect();
    let pages = outputs.iter().filter_map(|output| {
        let source = output.source.as_ref();
        let is_copy = source.is_some_and(|source| source.starts_with(STATIC));
        let file = output.path.as_str();
        Route::of_page(file).filter(|_| !is_copy)?;
        let mut folders = file.split('/');
        let mut folder = folders.next();
        let language = prefixes.iter().copied().find(|it| folder == Some(*it));
        if language.is_some() {
            folder = folders.next();
        }
        let is_ours = |name| folder == Some(name) && source.is_none();
        let is_left_out = folder == Some(EMBED) || is_ours(REPORTED);
        (!is_left_out).then(|| Page {
            file: file.to_owned(),
            language,
        })
    });
    let mut pages: Vec<Page<'_>> = pages.collect();
    pages.sort_unstable_by(|a, b| a.file.cmp(&b.file));
    pages
}

/// When the page of each incident was last changed, by its file in the first language. What other pages say changes
/// with time alone.
fn changes(editions: &[Edition<'_>]) -> HashMap<String, Instant> {
    let Some(Edition { site, status, .. }) = editions.first() else {
        return HashMap::new();
    };
    let posts = site.posts.iter().enumerate();
    let changes = posts.filter_map(|(index, post)| {
        if !matches!(post.kind, Kind::Incident(_)) {
            return None;
        }
        let changed = status.posts[index].updated?;
        Some((Route::post(None, &post.slug).file(), changed))
    });
    changes.collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::{BaseUrl, LIMITS, Limits, files, split};

    fn published(entries: &[&str], limits: Limits) -> Vec<(String, String)> {
        let base_url = BaseUrl::parse("https://example.com/status/").unwrap();
        let parts = split(entries.iter().map(|it| format!("{it}\n")), limits);
        let files = files(&parts, &base_url);
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let files = files.iter();
        files
            .map(|file| (file.path.to_string(), text(&file.bytes)))
            .collect()
    }

    #[test]
    fn few_pages_are_in_one_file() {
        let of = |inside: &str| {
            let text = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                 <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
                 xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n{inside}</urlset>\n"
            );
            vec![("sitemap.xml".to_owned(), text)]
        };
        assert_eq!(published(&[], LIMITS), of(""));
        assert_eq!(published(&["a", "b"], LIMITS), of("a\nb\n"));
    }

    #[test]
    fn many_pages_are_in_several_files_and_a_list_of_them() {
        let few = Limits {
            pages: 2,
            bytes: 1000,
        };
        let small = Limits {
            pages: 1000,
            bytes: 4,
        };
        for limits in [few, small] {
            let files = published(&["a", "b", "c"], limits);
            let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
            assert_eq!(paths, ["sitemap-1.xml", "sitemap-2.xml", "sitemap.xml"]);
            assert!(files[0].1.ends_with(">\na\nb\n</urlset>\n"), "{files:?}");
            assert!(files[1].1.ends_with(">\nc\n</urlset>\n"), "{files:?}");
            assert_eq!(
                files[2].1,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                 <sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n\
                 <sitemap><loc>https://example.com/status/sitemap-1.xml</loc></sitemap>\n\
                 <sitemap><loc>https://example.com/status/sitemap-2.xml</loc></sitemap>\n\
                 </sitemapindex>\n"
            );
        }
    }

    #[test]
    fn an_entry_that_is_too_long_stands_alone() {
        let limits = Limits { pages: 2, bytes: 3 };
        assert_eq!(published(&["long", "b", "c"], limits).len(), 4);
    }
}

//! The logo of a site, and the links beside its title.

use std::ops::Range;
use std::sync::Arc;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::own_page::is_reserved;
use crate::diagnostic::{Code, SourceFile, UnknownName, code_list, nearest, nearest_hint};
use crate::locale::{Language, LanguageIndex, LocalizedText};
use crate::site::config::{LinkConfig, LinkedName, Logo, PICTURES};
use crate::site::link::{Link, LinkTarget};
use crate::site::own_page::{OwnPage, OwnPageIndex};
use crate::source::{Attachment, PAGES, STATIC};
use crate::syntax::{Reader, Spanned, TableReader, Value};

/// A logo: one path, or one each for light and dark pages.
pub(super) fn logo(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<Logo> {
    if let Value::Text(_) = node.value {
        let light = picture(reader, node)?;
        return Some(Logo { light, dark: None });
    }
    let mut table = reader.table(node, "the logo")?;
    let light = table.require(reader, "light");
    let light = light.and_then(|node| picture(reader, node));
    let dark = table.take("dark").and_then(|node| picture(reader, node));
    table.finish(reader);
    Some(Logo {
        light: light?,
        dark,
    })
}

/// The path of a picture inside of the site's folder.
fn picture(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<Spanned<Utf8PathBuf>> {
    let path = Utf8PathBuf::from(reader.text(node)?);
    let is_inside = (path.components()).all(|part| matches!(part, Utf8Component::Normal(_)));
    if !is_inside {
        let message = format!("`{path}` is no path inside of the site's folder");
        let hint = "write the path from the folder of `allclear.toml`, as `logo.svg`".to_owned();
        reader.error(Code::OutsideSite, &node.span, message, hint);
        return None;
    }
    let extension = path.extension().map(str::to_ascii_lowercase);
    if !extension.is_some_and(|it| PICTURES.contains(&it.as_str())) {
        let message = format!("`{path}` is no picture that browsers show");
        let hint = format!("its name ends in one of {}", code_list(&PICTURES));
        reader.error(Code::BadPicture, &node.span, message, hint);
        return None;
    }
    Some(node.with(path))
}

/// The beginnings of addresses that lead out of the site.
const AWAY: [&str; 4] = ["https://", "http://", "mailto:", "tel:"];

/// A `[[links]]` table.
pub(super) fn link(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    languages: &[Language],
) -> Option<LinkConfig> {
    let (url, page) = (table.take("url"), table.take_entry("page"));
    let to = match (url, page) {
        (Some(node), None) => {
            let url = reader.localized_text(node, languages);
            url.map(|url| node.with(LinkedName::Url(url)))
        }
        (None, Some((_, node))) => {
            let name = reader.text(node).map(str::to_owned);
            name.map(|name| node.with(LinkedName::Page(name)))
        }
        // A key that is nearly one of them is told as an unknown one.
        (None, None) if is_misspelt(table) => None,
        (None, None) => {
            let hint = "write where it leads: `url = \"https://...\"`, or `page = \"imprint\"` for `pages/imprint.md`";
            let message = "a link needs either `url` or `page`";
            reader.error(Code::MissingKey, &table.span, message, hint.to_owned());
            None
        }
        (Some(_), Some((key, _))) => {
            let message = "a link needs either `url` or `page`";
            reader.error(
                Code::MissingKey,
                &key.span,
                message,
                "keep one of them".to_owned(),
            );
            None
        }
    };
    let name = match to.as_ref().map(|to| &to.value) {
        Some(LinkedName::Url(_)) => Some(table.require(reader, "name")?),
        Some(LinkedName::Page(_)) | None => table.take("name"),
    };
    let name = match name {
        Some(node) => Some(reader.localized_text(node, languages)?),
        None => None,
    };
    Some(LinkConfig { name, to: to? })
}

fn is_misspelt(table: &TableReader<'_>) -> bool {
    let mut keys = table.entries().iter().map(|(key, _)| key.name.as_str());
    keys.any(|key| key != "name" && nearest(key, ["url", "page"]).is_some())
}

/// The pages and files of a site that its links may lead to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Linkable<'a> {
    pub(super) pages: &'a [OwnPage],
    /// The files of all pages, those that could not be read too.
    pub(super) page_files: &'a [Arc<SourceFile>],
    /// The files of `static/`.
    pub(super) files: &'a [Attachment],
    pub(super) languages: &'a [Language],
}

/// The links of a site; one that leads nowhere is reported and left out.
pub(super) fn resolved(
    reader: &mut Reader<'_>,
    links: Vec<LinkConfig>,
    linkable: Linkable<'_>,
) -> Vec<Link> {
    let links = links.into_iter();
    links
        .filter_map(|link| link_to(reader, link, linkable))
        .collect()
}

fn link_to(reader: &mut Reader<'_>, link: LinkConfig, linkable: Linkable<'_>) -> Option<Link> {
    let LinkConfig { name, to } = link;
    match to.value {
        LinkedName::Page(page) => {
            if linkable.is_broken(&page) {
                return None;
            }
            let index = reader.known(&to.span, linkable.page(&page))?;
            let title = || linkable.pages[index.0].title.clone();
            let target = LinkTarget::Page(index, String::new());
            Some(Link {
                name: name.unwrap_or_else(title),
                targets: vec![target; linkable.languages.len()],
            })
        }
        LinkedName::Url(url) => Some(Link {
            name: name?,
            targets: targets(reader, &to.span, &url, linkable)?,
        }),
    }
}

/// Where an address leads in each language. Each is looked at even where another is wrong, and the same fault told once.
fn targets(
    reader: &mut Reader<'_>,
    span: &Range<usize>,
    url: &LocalizedText,
    linkable: Linkable<'_>,
) -> Option<Vec<LinkTarget>> {
    let mut targets = Vec::new();
    let mut wrong: Vec<UnknownName> = Vec::new();
    for at in 0..linkable.languages.len() {
        match linkable.target(url.text(LanguageIndex(at))) {
            Ok(target) => targets.push(target),
            Err(unknown) if wrong.contains(&unknown) => {}
            Err(unknown) => wrong.push(unknown),
        }
    }
    let is_right = wrong.is_empty();
    let of_broken = url
        .all()
        .any(|address| linkable.is_broken(address.trim_end_matches('/')));
    for unknown in wrong.into_iter().filter(|_| !of_broken) {
        reader.known::<()>(span, Err(unknown));
    }
    is_right.then_some(targets)
}

impl Linkable<'_> {
    /// Whether a name is that of a page that could not be read, which is told at its own file.
    fn is_broken(self, name: &str) -> bool {
        let path = Utf8Path::new(PAGES).join(format!("{name}.md"));
        let is_read = self.pages.iter().any(|page| page.slug.as_str() == name);
        !is_read && self.page_files.iter().any(|file| file.path == path)
    }

    /// The page of a name.
    fn page(self, name: &str) -> Result<OwnPageIndex, UnknownName> {
        let found = self
            .pages
            .iter()
            .position(|page| page.slug.as_str() == name);
        found.map(OwnPageIndex).ok_or_else(|| UnknownName {
            code: Code::UnknownPage,
            message: format!("there is no page `{name}`"),
            hint: nearest_hint(bare(name), self.pages.iter().map(|page| page.slug.as_str()))
                .or_else(|| Some(format!("write it as `pages/{name}.md`"))),
        })
    }

    /// The target of an address.
    fn target(self, address: &str) -> Result<LinkTarget, UnknownName> {
        let unknown = |message, hint| UnknownName {
            code: Code::BadUrl,
            message,
            hint: Some(hint),
        };
        let mut hint =
            "write the whole address: `https://...`, `mailto:...` or `tel:...`".to_owned();
        // What is no host's name may be meant as a page.
        if !address.contains(['.', ':']) {
            let name = address.trim_matches('/');
            hint.push_str(&match is_reserved(name) {
                true => format!("; `/{name}/` is allclear's own"),
                false => format!("; or write the page as `pages/{name}.md`"),
            });
        }
        if let Some(start) = AWAY.iter().find(|start| address.starts_with(*start)) {
            let rest = &address[start.len()..];
            return match rest.is_empty() || rest.contains(char::is_whitespace) {
                true => {
                    let message = format!("`{address}` is no address that a link can lead to");
                    Err(unknown(message, hint))
                }
                false => Ok(LinkTarget::Away(address.to_owned())),
            };
        }
        let (path, fragment) = match address.find('#') {
            Some(at) => address.split_at(at),
            None => (address, ""),
        };
        let path = path.trim_start_matches("./").trim_start_matches('/');
        let files = || {
            self.files
                .iter()
                .filter_map(|file| file.path.strip_prefix(STATIC).ok())
        };
        let name = path.trim_end_matches("index.html").trim_end_matches('/');
        if let Some(at) = self
            .pages
            .iter()
            .position(|page| page.slug.as_str() == name)
        {
            return Ok(LinkTarget::Page(OwnPageIndex(at), fragment.to_owned()));
        }
        if let Some(file) = files().find(|file| *file == path) {
            return Ok(LinkTarget::File(file.to_owned(), fragment.to_owned()));
        }
        let pages = self.pages.iter().map(|page| format!("{}/", page.slug));
        let known: Vec<String> = pages.chain(files().map(Utf8Path::to_string)).collect();
        // A path in the site's folder is not that of what is published.
        let published = match path.strip_prefix("static/") {
            Some(file) => file,
            None if path == bare(path) => path,
            None => &format!("{}/", bare(path)),
        };
        match nearest(published, known.iter().map(String::as_str)) {
            Some(near) => {
                let message = format!("`{address}` is no page or file of the site");
                Err(unknown(message, format!("did you mean `{near}`?")))
            }
            None => {
                let message = format!("`{address}` is no address that a link can lead to");
                Err(unknown(message, hint))
            }
        }
    }
}

/// The name of a page without what its file's path has besides.
fn bare(name: &str) -> &str {
    let name = name.strip_prefix("pages/").unwrap_or(name);
    name.strip_suffix(".md").unwrap_or(name)
}
